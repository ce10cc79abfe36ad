"""Goals and tasks of one case: what is worth a word, the pictures, the tables, the rules."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from alliance_core import charts, figures, work_sentences
from alliance_core.measures.work import Work
from alliance_core.settings import Settings
from alliance_core.work_tables import WORK_READINGS
from pages.parts import measure
from pages.parts.frame import show_chart
from pages.parts.in_use import pair, termed
from pages.parts.loaded import Loaded, WorkRows, records
from pages.parts.plain import plain, unseen_removed
from pages.parts.tables import MOST_ROWS, headers, table

NO_SHEETS = "No sheet of tasks or goals was brought in, so nothing is known of them. The template has both."


def nothing_noted(work: Work) -> bool:
    """Whether neither sheet says anything of any case."""
    return work.case_tasks.empty and work.goal_sessions.empty


def of_case(found: Loaded, practitioner: str, client: str) -> None:
    """The section of the Case page."""
    st.subheader("Goals and tasks", anchor=False)
    rows, settings = found.work(practitioner, client), found.analysis.settings
    if nothing_noted(found.analysis.work):
        st.text(NO_SHEETS)
    elif rows.task_kinds.empty and rows.goal_sessions.empty:
        st.text("The sheets of tasks and goals say nothing of this case.")
    else:
        _sentences(rows)
        tasks = _numbered(rows.case_tasks)
        _pictures(rows, tasks, settings, f"{client} · {practitioner}")
        _tables(rows, tasks)
        readings = {line["reading"]: line for line in records(rows.readings)}
        measure.figures(
            figures.of_case_work(
                readings, records(rows.case_tasks), records(rows.case_goals), settings, pair()
            )
        )


def told(rows: WorkRows) -> list[str]:
    """What is worth a word, one sentence a reading."""
    return [sentence for _, sentence in _raised(rows)]


def _raised(rows: WorkRows) -> list[tuple[str, str]]:
    """Each reading that is raised, with its sentence."""
    raised = rows.readings[(rows.readings["raised"] == "yes").to_numpy(bool)]
    if raised.empty:  # as in most cases, and a page may ask about dozens
        return []
    tasks, goals = records(rows.case_tasks), records(rows.case_goals)
    lines = {line["reading"]: line for line in records(raised)}
    return [
        (name, unseen_removed(work_sentences.reading(lines[name], tasks, goals, pair())))
        for name in WORK_READINGS
        if name in lines
    ]


def _sentences(rows: WorkRows) -> None:
    """What is worth a word, each with a question to ask; then what was noted at all."""
    raised = _raised(rows)
    for name, sentence in raised:
        st.text(sentence)
        st.caption(plain(f"To ask: {work_sentences.question(name)}"))
    if not raised:
        st.text(work_sentences.calm())
    st.text(work_sentences.noted(records(rows.task_kinds), records(rows.case_goals)))


def _numbered(tasks: pd.DataFrame) -> pd.DataFrame:
    """The tasks in the order in which they are shown, with a number and their kind in words: those pointed out first, then the newest."""
    stands_out = (tasks["doubted"] == "yes") | (tasks["tried_without_success"] == "yes")
    ordered = tasks.assign(calm=~stands_out).sort_values(
        ["calm", "last_session"], ascending=[True, False], kind="stable", ignore_index=True
    )
    kind = ordered["kind"].fillna("not stated").map(work_sentences.KIND_WORDS)
    return ordered.assign(number=range(1, len(ordered) + 1), kind=kind)


_AGREEMENT = (
    "A mark is the agreement, or the mean where several goals were rated; the line below it goes to the lowest. "
    "Dashed: at or below it an agreement is pointed out."
)


def _pictures(rows: WorkRows, tasks: pd.DataFrame, settings: Settings, whose: str) -> None:
    """Relevance of each task, and goal agreement over the sessions; each where it is known."""
    rated = int(tasks[[f"{side}_relevance" for side in charts.SIDES]].notna().any(axis=1).sum())
    agreed = rows.goal_sessions["agreement"].notna().any()
    left, right = st.columns(2, gap="large") if rated and agreed else (st.container(), st.container())
    if rated:
        with left:
            st.markdown("**Relevance of each task**")
            show_chart(
                partial(charts.relevance, tasks, settings.tasks.doubt_line, terms=pair()),
                termed(
                    "Relevance of each task to client and practitioner, from 0 to 10; the numbers are those of the table of tasks"
                ),
                "relevance of tasks",
                whose=whose,
                aid=termed("Filled circle: client. Hollow square: practitioner."),
            )
            more = f" Drawn: {charts.MOST_TASKS} of {rated}." if rated > charts.MOST_TASKS else ""
            st.caption(
                plain(
                    termed(
                        f"Filled circle: client. Hollow square: practitioner. Number: that of the table below. Dashed: at or left of it a task is pointed out.{more}"
                    )
                )
            )
    if agreed:
        with right:
            st.markdown("**How far both agree on goals**")
            show_chart(
                partial(charts.goal_agreement, rows.goal_sessions, settings.goals.agreement_line),
                "Goal agreement in each session in which it was noted, from 0 to 10",
                "goal agreement",
                whose=whose,
                aid=_AGREEMENT,
            )
            st.caption(plain(_AGREEMENT))


def _tables(rows: WorkRows, tasks: pd.DataFrame) -> None:
    """Tasks by kind, each task, each goal, agreement by session; people's own words stand in tables only."""
    if len(tasks):
        st.markdown("**Tasks by kind**")
        st.caption("Relevance goes from 0 to 10; in brackets how often it was given.")
        by_kind(rows.task_kinds, work_sentences.relevance, "case")
        st.markdown("**Each task**")
        show(_tasks_in_words(tasks), "Tasks of this case")
    if len(rows.case_goals):
        st.markdown("**Each goal**")
        show(_goals_in_words(rows.case_goals), "Goals of this case")


def by_kind(kinds: pd.DataFrame, relevance: Callable[[dict[str, Any], str], str], whose: str) -> None:
    """Two tables, one row a kind, counts in words: how relevant, and what became of them. `relevance(row, side)` in words."""
    order = list(work_sentences.KIND_WORDS)
    lines = sorted(records(kinds), key=lambda row: order.index(row["kind"]))
    set_and_rated = [
        {
            "kind": work_sentences.KIND_WORDS[row["kind"]],
            "tasks": row["tasks"],
            "times set": row["times_set"],
            **{f"{pair().of(side)} relevance": relevance(row, side) for side in charts.SIDES},
        }
        for row in lines
    ]
    asked = {
        "set by": "set_by",
        "tried before": "tried_before",
        "worked before": "worked_before",
        "done": "done",
    }
    became = [
        {
            "kind": work_sentences.KIND_WORDS[row["kind"]],
            **{title: work_sentences.answers(row, what, pair()) for title, what in asked.items()},
        }
        for row in lines
    ]
    show(pd.DataFrame(set_and_rated), f"Tasks of this {whose} by kind: how many and how relevant")
    show(pd.DataFrame(became), f"Tasks of this {whose} by kind: who set them, and what became of them")


def _tasks_in_words(tasks: pd.DataFrame) -> pd.DataFrame:
    columns = {
        "number": "no.",
        "task": "task",
        "kind": "kind",
        "set_by": "set by",
        "times_set": "times set",
        "last_session": "last set at session",
        "client_relevance": "client relevance",
        "practitioner_relevance": "practitioner relevance",
        "tried_before": "tried before",
        "worked_before": "worked before",
        "done": "done",
    }
    in_words = tasks.assign(set_by=tasks["set_by"].map(pair().of, na_action="ignore"))
    return in_words[list(columns)].rename(columns=headers(columns))


def _goals_in_words(goals: pd.DataFrame) -> pd.DataFrame:
    columns = {
        "client_goal": "in the client's words",
        "practitioner_goal": "in the practitioner's words",
        "last_session": "last noted at session",
        "agreement": "agreement, 0–10",
        "agreement_session": "given at session",
    }
    return goals[list(columns)].rename(columns=headers(columns))


def show(frame: pd.DataFrame, alternative: str) -> None:
    """A table of our own words and people's, as it is."""
    table(frame, alternative, height="content" if len(frame) <= MOST_ROWS else 600)
