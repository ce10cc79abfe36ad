"""An analysis as it was at the end of a day: of the ratings through that day only, so that what was told then is told again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from alliance_core.analysis import Analysis, analyse
from alliance_core.tables import CASE_NOTES, GOALS, MARKERS, REVIEW, TASKS, UNSETTLED, Ratings, empty

_CASE = ["practitioner", "client"]
_SESSION = [*_CASE, "session"]


def through(sessions: pd.DataFrame, last: date | None) -> pd.DataFrame:
    """The sessions (SESSIONS) through that day, those without a date left out; all of them where there is no day, as none has a date."""
    if last is None:
        return sessions
    return sessions[(sessions["date"] <= pd.Timestamp(last)).to_numpy(bool)]


def as_of(analysis: Analysis, last: date | None) -> Analysis:
    """The analysis of the forms of these sessions; the same one where they are all there is.

    Team and approach of a case are those known now. Markers, tasks, goals and decisions are left out: no figure of a summary stands on them.
    """
    kept = through(analysis.sessions, last)
    if last is None or len(kept) == len(analysis.sessions):
        return analysis
    forms = analysis.ratings.forms
    own = _keys(forms, _SESSION).isin(_keys(kept, _SESSION))
    cases = analysis.ratings.cases
    there = _keys(cases, _CASE).isin(_keys(kept, _CASE))
    return analyse(
        _with(analysis.ratings, forms[own], _before(cases[there], last)), analysis.settings, [analysis.method]
    )


def _keys(frame: pd.DataFrame, columns: list[str]) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame[columns].astype(dict.fromkeys(_CASE, "str")))


def _before(cases: pd.DataFrame, last: date) -> pd.DataFrame:
    """What was known of the cases: those that closed later had not closed."""
    later = pd.Series(cases["closed"] > pd.Timestamp(last)).to_numpy(bool)
    return cases.assign(closed=cases["closed"].mask(later), ended=cases["ended"].mask(later)).reset_index(
        drop=True
    )


def _with(ratings: Ratings, forms: pd.DataFrame, cases: pd.DataFrame) -> Ratings:
    beside = {"markers": MARKERS, "tasks": TASKS, "goals": GOALS, "review": REVIEW, "unsettled": UNSETTLED}
    return replace(
        ratings,
        forms=forms.reset_index(drop=True),
        cases=cases if len(cases) else empty(CASE_NOTES),
        **{name: empty(table) for name, table in beside.items()},
    )
