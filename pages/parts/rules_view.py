"""How often each rule is wrong, and what it finds: the benchmark in words, as a picture, in numbers."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from alliance_core import benchmarked, charts
from alliance_core.notation import digits, rewritten
from pages.parts.frame import show_chart
from pages.parts.plain import plain
from pages.parts.tables import table

AT_ONE = "1"  # false alarm per 100 sessions: where the rules are compared in words


_AID = "Each line is one rule at all its thresholds. Higher is better: more ruptures found for the same number of false alarms."


def benchmark(method: str) -> None:
    """The rules on simulated cases whose ruptures are known; `method` is the one in use."""
    compared, ladder, stable = benchmarked.comparison(), benchmarked.ladder(), benchmarked.stable()
    if compared is None or ladder is None or stable is None:
        st.text(
            "The results of the benchmark are not here, so nothing is said of how often the rules are wrong."
        )
        return
    st.subheader("How often each rule is wrong, and what it finds", anchor=False)
    st.text(_in_words(method, compared, stable))
    show_chart(
        partial(charts.rules_compared, ladder, method),
        f"Share of simulated ruptures that each rule finds, against its false alarms per 100 sessions; {method} is drawn strongly",
        "rules compared",
        aid=_AID,
        source="simulated cases; benchmarks/results of this program",
    )
    st.caption(plain(_AID))
    with st.expander("The numbers"):
        _table(compared)
        st.text(
            "Ruptures are simulated: their sizes, lengths and the noise around them are our assumptions, on a grid that no rule was chosen on. "
            "Real ones may be easier or harder to find. Anyone can run this again with make detectors."
        )


def _in_words(method: str, compared: pd.DataFrame, stable: pd.DataFrame) -> str:
    own = compared[(compared["rule"] == method) & (compared["at"] == "own")]
    if own.empty:
        return f"The rule {method} has no threshold of its own, so it is compared at equal false alarms only."
    line, flagged = own.iloc[0], stable.loc[stable["rule"] == method, "flagged"]
    return (
        f"As it is set when it comes, the rule {method} makes {digits(line['false_alarms'], '.1f')} false alarms in 100 sessions of simulated cases in which nothing happened, and finds "
        f"{digits(line['found'], '.0%')} of simulated ruptures. Of cases of 12 sessions in which nothing happened it flags {digits(flagged.min(), '.0%')} to {digits(flagged.max(), '.0%')}, depending on how "
        "uneven their ratings are."
    )


def _table(compared: pd.DataFrame) -> None:
    shares = ["stable_flagged", "found", "outcome_right"]
    told = compared.copy()
    told[shares] = 100 * told[shares]
    names = {
        "rule": "rule",
        "at": "compared at",
        "threshold": "threshold",
        "false_alarms": "false alarms per 100 sessions",
        "stable_flagged": "stable cases flagged, %",
        "found": "ruptures found, %",
        "delay": "delay, rated sessions (median)",
        "outcome_right": "outcome told rightly, %",
    }
    told = told.assign(at=told["at"].replace({"own": "its own threshold"}).map(rewritten)).rename(
        columns=names
    )
    numbers = {name: ".1f" for name in list(names.values())[3:] if "delay" not in name}
    table(
        told[list(names.values())],
        "Every rule at its own threshold and at equal false alarms",
        {**numbers, "threshold": ".2f"},
    )
    st.caption(plain("An empty line: no threshold of that rule gives so many false alarms."))
