"""Goals and tasks of a caseload: in how many cases something is worth a word, by kind of task, case by case."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from alliance_core import charts, figures, work_sentences
from alliance_core.settings import Settings
from alliance_core.work_tables import ANY, WORK_READINGS
from pages.parts import measure
from pages.parts.frame import show_chart
from pages.parts.in_use import pair, termed
from pages.parts.loaded import Loaded, records
from pages.parts.plain import plain
from pages.parts.shell import CASE
from pages.parts.work_view import NO_SHEETS, by_kind, nothing_noted, show, told

_EVERYBODY = ""
PER_PAGE = 20


def of_caseload(found: Loaded, practitioner: str) -> None:
    """The section of the Practitioner page."""
    st.subheader("Goals and tasks", anchor=False)
    work, settings = found.analysis.work, found.analysis.settings
    judged = _of(work.caseload_readings, practitioner)
    kinds, goals = _of(work.caseload_kinds, practitioner), _of(work.caseload_goals, practitioner)
    if nothing_noted(work):
        st.text(NO_SHEETS)
        return
    if kinds.empty and goals.empty:
        st.text("The sheets of tasks and goals say nothing of this caseload.")
        return
    _sentences(judged, goals, settings)
    if len(judged):
        _picture(judged)
    if len(kinds):
        st.markdown("**Tasks by kind**")
        st.caption(plain(f"Relevance goes from 0 to 10; in brackets: {work_sentences.interval(settings)}."))
        by_kind(
            kinds,
            lambda row, side: work_sentences.client_mean(row, f"{side}_relevance", settings, pair()),
            "caseload",
        )
    with st.expander("Goals and tasks, case by case"):
        _case_by_case(found, practitioner)
    _beside_all(found, judged)
    measure.figures(figures.of_caseload_work(_named(judged), settings, pair()))


def _of(frame: pd.DataFrame, practitioner: str) -> pd.DataFrame:
    return frame[(frame["practitioner"] == practitioner).to_numpy()].reset_index(drop=True)


def _sentences(judged: pd.DataFrame, goals: pd.DataFrame, settings: Settings) -> None:
    """The answer to "so what", then goals and how far both agree on them."""
    st.text(work_sentences.caseload(_named(judged).get(ANY)))
    if len(goals):
        st.text(work_sentences.caseload_goals(records(goals)[0], settings, pair()))


def _named(judged: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {row["reading"]: row for row in records(judged)}


_AID = (
    "A mark is the share of cases out of those that could be judged; the pale bar is its interval. With few cases it is wide. "
    "It describes these cases; it says nothing of how well anybody works."
)


def _picture(judged: pd.DataFrame) -> None:
    rows = _named(judged)
    drawn = [
        rows[name] | {"name": termed(work_sentences.TITLES[name])} for name in WORK_READINGS if name in rows
    ]
    show_chart(
        partial(charts.shares, pd.DataFrame(drawn)),
        "Cases in which something about goals or tasks is pointed out, out of those that could be judged, with the interval of their share",
        "goals and tasks",
        aid=_AID,
    )
    st.caption(plain(_AID))


def _case_by_case(found: Loaded, practitioner: str) -> None:
    """Each case in which something is raised: the way to it, and the sentences."""
    readings = _of(found.analysis.work.readings, practitioner)
    raised = readings[(readings["raised"] == "yes").to_numpy(bool)]
    clients = list(dict.fromkeys(raised["client"].tolist()))
    if not clients:
        st.text(work_sentences.calm())
        return
    pages = -(-len(clients) // PER_PAGE)
    key = f"goals and tasks page {practitioner}"
    page = min(st.session_state.get(key, 1), pages)
    for client in clients[(page - 1) * PER_PAGE : page * PER_PAGE]:
        who, why = st.columns([1, 6])
        with who:
            st.page_link(
                CASE.file,
                label=plain(f"{client} →"),
                query_params={"practitioner": practitioner, "client": client},
            )
        with why:
            for sentence in told(found.work(practitioner, client)):
                st.text(sentence)
    if pages > 1:
        st.pagination(pages, key=key, persist_state="session")


def _beside_all(found: Loaded, judged: pd.DataFrame) -> None:
    """The same over all caseloads together, where there are several: what is usual, in counts, for nobody in particular."""
    if len(found.clients) < 2 or judged.empty:
        return
    own, brackets = _named(judged), work_sentences.interval(found.analysis.settings)
    every = _named(_of(found.analysis.work.caseload_readings, _EVERYBODY))
    with st.expander("All caseloads together"):
        st.text(
            f"What is usual here, over everybody's cases. In brackets: {brackets}. With few cases a caseload may lie far from it by chance alone."
        )
        show(
            pd.DataFrame(
                [
                    {
                        "": termed(work_sentences.TITLES[name]),
                        "this caseload": work_sentences.share(own[name]),
                        "all caseloads together": work_sentences.share(every[name]),
                    }
                    for name in (*WORK_READINGS, ANY)
                    if name in own
                ]
            ),
            "Cases with something to point out in this caseload and in all caseloads together",
        )
