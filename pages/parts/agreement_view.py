"""How far the two sides agree in a case, and what may be said of a caseload's mean: each figure opens to what it is."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from alliance_core import charts, figures
from pages.parts import measure
from pages.parts.frame import count, show_chart
from pages.parts.in_use import pair, termed, termed_markdown
from pages.parts.loaded import Loaded, Rows, records
from pages.parts.plain import plain

_OF_MEAN = ("pooled_mean", "reliability", "funnel")


def of_case(found: Loaded, rows: Rows, practitioner: str) -> None:
    """The figures on agreement of one case."""
    (agreed,) = records(rows.agreement)
    measure.figures(
        figures.of_case(agreed, found.summary(practitioner), found.service, found.analysis.settings, pair())
    )


def of_caseload(found: Loaded, practitioner: str, summary: dict[str, Any]) -> None:
    """The figures on gap and recognition of one caseload."""
    measure.figures([one for one in _figures(found, practitioner, summary) if one.measure not in _OF_MEAN])


def _figures(found: Loaded, practitioner: str, summary: dict[str, Any]) -> list[figures.Figure]:
    return figures.of_caseload(
        summary, found.load(practitioner), found.service, found.analysis.settings, pair()
    )


def mean_and_funnel(found: Loaded, practitioner: str, summary: dict[str, Any]) -> None:
    """The mean of the clients' ratings, or why it is not named; where it lies among others, who are not named."""
    settings, load, service = found.analysis.settings, found.load(practitioner), found.service
    st.subheader(termed_markdown("Mean of the clients' ratings"), anchor=False)
    for sentence in figures.standing(load, service, settings, pair()):
        st.text(sentence)
    drawn = figures.funnel_note(load, service, settings, pair())
    if drawn.shown:
        show_chart(
            partial(
                charts.funnel, found.analysis.caseloads, found.analysis.service, settings.practitioners,
                practitioner if drawn.named else None, terms=pair(),
            ),
            termed(f"Means of {count(int(service['practitioners']), 'practitioner')} over their number of clients, with the limits that chance allows; ")
            + ("one of them is picked out" if drawn.named else "none is picked out"),
            "means within chance",
            aid=drawn.words,
        )  # fmt: skip
    st.caption(plain(drawn.words))
    measure.figures([one for one in _figures(found, practitioner, summary) if one.measure in _OF_MEAN])
