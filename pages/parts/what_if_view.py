"""The parts of the page What if."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from alliance_core import benchmarked, charts, what_if
from alliance_core.measures.detectors import DETECTORS
from alliance_core.notation import digits, rewritten
from alliance_core.settings import SettingLine, describe
from alliance_core.settings_file import adopted, to_toml
from alliance_core.terms import capital
from alliance_core.what_if import WhatIf
from pages.parts.bringing import token
from pages.parts.downloads import file_name
from pages.parts.frame import count, show_chart
from pages.parts.in_use import pair, settings_in_use, termed, termed_markdown
from pages.parts.kept import kept
from pages.parts.loaded import Loaded
from pages.parts.measure import about
from pages.parts.plain import plain
from pages.parts.ruling import rule_in_full, use_settings
from pages.parts.tables import table
from pages.parts.today import today

STEPS = 15  # thresholds that the line is drawn through


def pick(found: Loaded) -> tuple[str, float] | None:
    """The rule and the number that are looked at; None for a rule whose lines are not one number."""
    settings = found.analysis.settings
    left, right = st.columns([1, 2])
    names = list(DETECTORS)
    method = left.selectbox(
        "Rule", names, index=names.index(found.analysis.method), key="what if rule", persist_state="session"
    )
    own = what_if.threshold_of(settings, method)
    if own is None:
        right.info(
            "This rule has a line for each instrument instead of one number. Lines are stated in the settings file, under threshold.lines."
        )
        return None
    low, high = _range(method, own)
    line = _line(found, method)
    threshold = right.slider(
        termed_markdown(f"{capital(line.meaning)} ({line.unit})"),
        low, high, own, 0.05, key=f"what if {method}", persist_state="session",
    )  # fmt: skip
    st.text(termed(rewritten(DETECTORS[method].explanation)))
    return method, float(threshold)


def _line(found: Loaded, method: str) -> SettingLine:
    return next(one for one in describe(found.analysis.settings) if one.key == DETECTORS[method].threshold)


def _range(method: str, own: float) -> tuple[float, float]:
    """From many flags to few: what the benchmark tried, and the number in use at any rate."""
    tried = benchmarked.ladder()
    rungs = (
        pd.Series([0.5 * own, 2 * own]) if tried is None else tried.loc[tried["rule"] == method, "threshold"]
    )
    return round(min(rungs.min(), own), 2), round(max(rungs.max(), own), 2)


def tell(found: Loaded, method: str, threshold: float) -> WhatIf:
    """What changes: the sentence, the line of thresholds, the caseloads."""
    told = _worked_out(found, method, threshold)
    st.subheader(plain(what_if.what_changes(told)), anchor=False)
    for sentence in what_if.how_sure(told):
        st.text(sentence)
    low, high = _range(method, what_if.threshold_of(found.analysis.settings, method) or threshold)
    show_chart(
        partial(
            charts.along_thresholds, _along(found, method, low, high),
            told.now.threshold if method == told.now.method else None, threshold, _line(found, method).unit,
        ),
        f"Falls that the rule {method} finds at thresholds from {digits(low)} to {digits(high)}; {told.then.falls} at {digits(threshold)}",
        "falls by threshold",
    )  # fmt: skip
    with st.expander("The rule in full, and what chance means"):
        rule_in_full(method, what_if.with_threshold(found.analysis.settings, method, threshold))
        about("by_chance")
    with st.expander(termed_markdown("Falls in each practitioner's caseload")):
        st.text(
            "In order of the name. A caseload with more falls is not a worse one: it may have more sessions, or more forms."
        )
        by_name = told.practitioners.rename(
            columns={"practitioner": pair().practitioner, "now": "falls now", "then": "falls then"}
        )
        table(by_name, termed("Falls by practitioner, now and with the number looked at"))
    return told


def _worked_out(found: Loaded, method: str, threshold: float) -> WhatIf:
    """Worked out once for each number looked at, and kept while it is."""

    def make() -> WhatIf:
        with st.spinner("Working out what changes"):
            return what_if.what_if(found.analysis, method, threshold, found.chance)

    return kept("what if", found, (method, threshold), make)


def _along(found: Loaded, method: str, low: float, high: float) -> pd.DataFrame:
    """The line of thresholds; it is the same whichever of them is looked at."""
    rungs = [low + (high - low) * step / (STEPS - 1) for step in range(STEPS)]
    return kept(
        "falls by threshold",
        found,
        (method, low, high),
        lambda: what_if.along(found.analysis, method, rungs),
    )


def adopt(told: WhatIf) -> None:
    """Making it the setting that all pages stand on, with the reason."""
    if told.same:
        st.caption("This is what is in use.")
        return
    with st.form("adopt", border=True):
        reason = st.text_input("Why is this to be the setting? It is noted with today's date.", max_chars=500)
        sent = st.form_submit_button("Adopt this setting")
    if sent and not reason.strip():
        st.error("Write a reason, in a few words: whoever looks at these numbers later will want to know it.")
    elif sent:
        values = {
            "detection.method": told.then.method,
            DETECTORS[told.then.method].threshold: told.then.threshold,
        }
        use_settings(adopted(settings_in_use(), values, reason.strip(), today()))
        st.rerun()


def record() -> None:
    """What was changed before, when and why, and the settings as a file to keep."""
    settings = settings_in_use()
    if settings.changes:
        st.subheader("What was changed, and why", anchor=False)
        changes = pd.DataFrame([one.model_dump() for one in settings.changes])
        told = changes.assign(
            date=pd.to_datetime(changes["date"]),
            before=changes["before"].map(rewritten),
            after=changes["after"].map(rewritten),
        )
        table(told, "Changes of settings with their dates and reasons")
        st.download_button(
            "Download these settings",
            to_toml(settings),
            file_name=file_name("settings", "toml", token()),
            on_click="ignore",
        )
        st.caption(
            plain(
                f"{count(len(settings.changes), 'change')}. Kept only while this page is open: download them, and bring them in again next time."
            )
        )
