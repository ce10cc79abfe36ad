"""Practice on the page "Learn": ten series without names, one after the other; the visitor marks, then sees the marks of others beside it.

Answers stay in the visitor's session by kind of series and number of the set, so no page change and no other set loses them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import pandas as pd
import streamlit as st

from alliance_core import charts
from alliance_core.learning import practice_sentences as told
from alliance_core.learning.exercises import LEAST_RATED, Exercises, Mark, as_marks, own, simulated
from alliance_core.settings import Settings
from pages.parts.frame import show_chart
from pages.parts.in_use import pair, settings_in_use, termed, termed_markdown
from pages.parts.kept import kept
from pages.parts.loaded import loaded
from pages.parts.plain import plain
from pages.parts.shell import HOW_IT_WORKS

SIMULATED, OWN = "simulated series", "my own ratings, without their ids"
_STATE, _SOURCE, _SET = "practice", "practice on which", "practice set"
_HOW = (
    "Look for a fall of the client's rating that stands out from its own ups and downs. Mark the session at which it begins and the one at which it is back, or that there "
    "is nothing. Then you see what the rule in use marked and, where the series is simulated, what was planted. It is practice: nobody is graded."
)
_NOT = 0  # no session has this number: "nothing here", "not back"


@dataclass
class Progress:
    """How far a set is: the answers by series (None: nothing here), and the series that is on the page; after the last one comes the summary."""

    answers: dict[int, Mark | None] = field(default_factory=dict)
    at: int = 1


@dataclass
class Practice:
    """Everything that the visitor answered so far, by kind of series and number of the set. `ratings`: the source of those that own series were drawn from."""

    sets: dict[tuple[str, int], Progress] = field(default_factory=dict)
    ratings: str = ""


def practise() -> None:
    """The whole of it."""
    source, number, key = _which_set()
    series = _exercises(source, number)
    if not series.numbers:
        st.info(
            plain(
                termed(
                    f"None of your cases has {LEAST_RATED} sessions that the client rated, so there is nothing to look for in them yet."
                )
            )
        )
        return
    progress = _progress(source, number)
    with st.container():  # there in every run: what follows keeps its place, and the keyboard's focus with it
        if not progress.answers:
            st.text(termed(_HOW))
    if progress.at > len(series.numbers):
        _summary(series, progress)
    else:
        _one_series(series, progress, key)


def _which_set() -> tuple[str, int, str]:
    """Kind of series and number of the set, and what both are called in keys of widgets."""
    left, middle, right = st.columns([2.4, 1, 1], vertical_alignment="bottom")
    source = SIMULATED
    if loaded() is not None:
        source = left.radio(
            "Practise on", [SIMULATED, OWN], key=_SOURCE, horizontal=True, persist_state="session"
        )
    number = middle.number_input(
        "Set of ten series",
        min_value=1,
        max_value=9999,
        step=1,
        key=_SET,
        help="The same number gives everybody the same ten simulated series.",
        persist_state="session",
    )
    right.button("New set", key="new set", on_click=_another_set, width="stretch")
    return source, int(number), f"{source} {number}"


def _another_set() -> None:
    st.session_state[_SET] = int(st.session_state.get(_SET, 1)) + 1


def _exercises(source: str, number: int) -> Exercises:
    found = loaded()
    if source == OWN and found is not None:
        return kept("own series", found, number, lambda: own(found.analysis, number))
    return _simulated(number, settings_in_use().model_dump_json(exclude={"terms", "changes"}))


@st.cache_resource(max_entries=64, show_spinner="Making ten series")
def _simulated(number: int, settings: str) -> Exercises:
    """A set of simulated series, judged with these settings (as JSON); nothing of any visitor is in it."""
    return simulated(number, Settings.model_validate_json(settings))


def _progress(source: str, number: int) -> Progress:
    """How far this set is. Answers on own ratings are let go of when other ratings have been brought in."""
    found, kept = loaded(), st.session_state.setdefault(_STATE, Practice())
    ratings = found.source if found is not None else ""
    if kept.ratings != ratings:
        kept.sets = {key: one for key, one in kept.sets.items() if key[0] != OWN}
        kept.ratings = ratings
    return kept.sets.setdefault((source, number), Progress())


def _one_series(series: Exercises, progress: Progress, key: str) -> None:
    """One series: the picture, then the question or the answer, then the way on."""
    number, last = progress.at, len(series.numbers)
    answered = number in progress.answers
    st.subheader(plain(f"Series {number} of {last}"), anchor=False)
    picture, words = st.container(), st.container()
    with words:
        if answered:
            mark, complete = progress.answers[number], True
            st.text(
                "\n".join(
                    told.revealed(series, number, mark, settings_in_use().episodes.nearby_sessions, pair())
                )
            )
        else:
            mark, complete = _question(series, number, key)
    with picture:
        _picture(series, number, mark, marked=complete, answered=answered)
    onward, back, _ = st.columns([1, 1, 3])
    label = "Compare" if not answered else "Next series" if number < last else "To the summary"
    onward.button(
        plain(label),
        key="practice onward",
        type="primary",
        disabled=not complete,
        on_click=_onward,
        args=(progress, mark),
        width="stretch",
    )
    back.button("Back", disabled=number == 1, on_click=_back, args=(progress,), width="stretch")


def _onward(progress: Progress, mark: Mark | None) -> None:
    if progress.at in progress.answers:
        progress.at += 1
    else:
        progress.answers[progress.at] = mark


def _back(progress: Progress) -> None:
    progress.at -= 1


def _question(series: Exercises, number: int, key: str) -> tuple[Mark | None, bool]:
    """The visitor's mark, and whether it is complete."""
    shown = series.series(number)
    rated = [int(session) for session in shown.loc[shown["client_overall"].notna(), "session"]]
    begins = st.radio(
        "A possible rupture begins at session",
        [_NOT, *rated],
        index=None,
        format_func=lambda session: "nothing here" if session == _NOT else str(session),
        horizontal=True,
        key=f"practice {key} {number} begins",
        persist_state="session",
    )
    if begins is None or begins == _NOT:
        return None, begins is not None
    back = st.radio(
        termed_markdown("The client's rating is back at session"),
        [_NOT, *(session for session in rated if session > begins)],
        index=None,
        format_func=lambda session: "not back" if session == _NOT else str(session),
        horizontal=True,
        key=f"practice {key} {number} back",
        persist_state="session",
    )
    return Mark(begins, back or None), back is not None


def _picture(series: Exercises, number: int, mark: Mark | None, *, marked: bool, answered: bool) -> None:
    """Both ratings; above them the visitor's mark as soon as there is one, and the others' once it is given."""
    mine = as_marks({number: mark}) if marked or mark is not None else None
    rows: dict[str, pd.DataFrame | None] = {"you": mine}
    if answered and series.speaks:
        rows["rule"] = series.rule[series.rule["series"] == number]
    if answered and series.truth is not None:
        rows["simulated"] = series.truth[series.truth["series"] == number]
    show_chart(
        partial(charts.practice, series.series(number), rows, terms=pair()),
        termed(f"Overall ratings of client and practitioner in series {number}"),
        f"series {number}",
        source="series to practise on",
    )


def _summary(series: Exercises, progress: Progress) -> None:
    """What the answers come to, in counts with intervals; every series once more; the way to a new set."""
    settings = settings_in_use()
    near = settings.episodes.nearby_sessions
    first, *rest = told.summary(series, progress.answers, near)
    st.subheader(plain(first), anchor=False)
    counts = told.counts(series, progress.answers, near)
    if len(counts):
        st.dataframe(counts, hide_index=True, alt="Found, missed and false alarms, yours and the rule's")
        st.caption(
            "In brackets: 95 % interval of the share that would be found in very many such series (Wilson 1927)."
        )
    for line in rest:
        st.text(line)
    with st.expander("Every series once more"):
        st.dataframe(
            told.overview(series, progress.answers),
            hide_index=True,
            height="content",
            alt="Your mark, the rule's and the simulated rupture in each series",
        )
    if series.truth is not None:
        st.text(told.on_many_series(series.method, settings))
        st.text(
            "A mark belongs to a rupture when it begins during it, or at most "
            f"{near} session before. The rule judges each session from those up to it; you saw all of them."
        )
    again, back, link = st.columns([1, 1, 3], vertical_alignment="center")
    again.button("New set", key="another set", type="primary", on_click=_another_set, width="stretch")
    back.button("Back", on_click=_back, args=(progress,), width="stretch")
    link.page_link(
        HOW_IT_WORKS.file,
        label="How the rules work, and how often each is wrong",
        query_params={"part": "rules"},
    )
