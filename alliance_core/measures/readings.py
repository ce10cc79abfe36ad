"""Readings that are neither a fall nor a gap: flat at ceiling, missing since, closed or quiet cases."""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.measures import TIE
from alliance_core.measures.series import case_numbers, cases_among, cases_of, numbered, starts
from alliance_core.settings import EpisodeSettings, ReadingSettings
from alliance_core.tables import SCALES

_CASE = ["practitioner", "client"]
TOP = 100.0  # pct of the maximum possible: nothing higher can be marked


def _since(case: np.ndarray, session: np.ndarray, here: np.ndarray, least: int) -> pd.DataFrame:
    """Per case, of sessions in key order, where at least so many follow the last one where `here` holds: that session (missing where none), and how many follow it."""
    first = starts(numbered(case))
    place = np.arange(len(case))
    last = np.maximum.reduceat(np.where(here, place, -1), first) if len(first) else first
    count = np.append(first[1:], len(case))[: len(first)] - 1 - np.maximum(last, first - 1)
    told = np.flatnonzero(count >= least)
    last = last[told]
    since = pd.arrays.IntegerArray(session[last], last < 0)
    return pd.DataFrame({"case": case[first[told]], "session": since, "count": count[told]})


def flat_at_ceiling(sessions: pd.DataFrame, settings: ReadingSettings) -> pd.DataFrame:
    """Cases whose latest rated sessions are all at the very top mark, four or more in a row (client overall).

    Out: case (number), session (last one rated lower; missing where none), count (rated sessions in the run). Uninformative,
    and possibly reluctance to criticise.
    """
    value = sessions["client_overall"].to_numpy(float)
    rated = np.flatnonzero(~np.isnan(value))
    case, session = case_numbers(sessions)[rated], sessions["session"].to_numpy(np.int64)[rated]
    return _since(case, session, value[rated] < TOP - TIE, settings.ceiling_sessions)


def both_rate(sessions: pd.DataFrame) -> bool:
    """Whether any practitioner rated anything. In: SESSIONS columns."""
    return bool(sessions[_scales_of("practitioner")].notna().to_numpy().any())


def missing_since(sessions: pd.DataFrame, both: bool, settings: ReadingSettings) -> pd.DataFrame:
    """Cases whose latest sessions, two or more, one side did not rate: from the start, or since a last form.

    Where no practitioner rates anywhere in the data (`both` False), practitioners' forms are not missed: that team does not use them.
    Out: case (number), rater, session (last one rated by that side; missing where none), count (sessions since).
    """
    case, session = case_numbers(sessions), sessions["session"].to_numpy(np.int64)
    found = []
    for rater in ("client", "practitioner") if both else ("client",):
        rated = np.logical_or.reduce([~np.isnan(sessions[name].to_numpy()) for name in _scales_of(rater)])
        found.append(_since(case, session, rated, settings.missing_sessions).assign(rater=rater))
    return pd.concat(found, ignore_index=True)


def _scales_of(rater: str) -> list[str]:
    return [f"{rater}_{scale}" for scale in SCALES]


def case_states(
    sessions: pd.DataFrame,
    unrated: pd.DataFrame,
    notes: pd.DataFrame,
    newest: pd.Timestamp,
    settings: EpisodeSettings,
) -> pd.DataFrame:
    """Per case, those of `unrated` (practitioner, client) after the others: state (active, closed, quiet; empty where undated) and last_date.

    Closed: the sheet `cases` gives a closing day, or says so without one. Quiet: the last session is more than `ended_after_days` (>) before the
    `newest` day in the data that is not far (`days.newest`); what lies after that one counts as unknown. In: SESSIONS and CASE_NOTES columns. Out:
    practitioner, client, state, last_date.
    """
    table = cases_of(sessions).astype(dict.fromkeys(_CASE, "str"))
    table = table.assign(last_date=_last_days(sessions, newest))
    if len(unrated):
        table = pd.concat([table, unrated], ignore_index=True)
    closed = np.zeros(len(table) + 1, bool)  # one more, for those that are not there
    ended = notes[(notes["closed"].notna() | (notes["ended"] == "yes")).to_numpy(bool)]
    closed[cases_among(ended, table)] = True
    away = (newest - table["last_date"]).dt.days
    table["state"] = np.select(
        [closed[:-1], away.isna().to_numpy(), (away > settings.ended_after_days).to_numpy()],
        ["closed", "", "quiet"],
        default="active",
    ).astype(str)
    return table[[*_CASE, "state", "last_date"]]


def _last_days(sessions: pd.DataFrame, newest: pd.Timestamp) -> np.ndarray:
    """The last day of each case up to the newest one; NaT where it has none."""
    day = sessions["date"].to_numpy()
    first = starts(case_numbers(sessions))
    if not len(first):
        return day
    known = (sessions["date"] <= newest).to_numpy()  # False where either is missing
    last = np.maximum.reduceat(np.where(known, day.view(np.int64), np.iinfo(np.int64).min), first)
    return last.view(day.dtype)  # the least number is NaT
