"""Readings that are neither a fall nor a gap: flat at ceiling, missing since, closed or quiet cases."""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.measures import TIE
from alliance_core.measures.series import case_numbers, starts
from alliance_core.settings import EpisodeSettings, ReadingSettings
from alliance_core.tables import SCALES

_CASE = ["practitioner", "client"]
TOP = 100.0  # pct of the maximum possible: nothing higher can be marked


def _since(sessions: pd.DataFrame, here: np.ndarray) -> pd.DataFrame:
    """Per case, of sessions in key order: the last session where `here` holds (missing where none), and how many follow it."""
    first = starts(case_numbers(sessions))
    if not len(first):
        return pd.DataFrame({**{name: [] for name in _CASE}, "session": [], "count": []})
    place = np.arange(len(sessions))
    last = np.maximum.reduceat(np.where(here, place, -1), first)
    end = np.append(first[1:], len(sessions)) - 1
    session = pd.array(sessions["session"].to_numpy(np.int64)[last], dtype="Int64")
    session[last < 0] = pd.NA
    cases = sessions[_CASE].take(first).reset_index(drop=True)
    return cases.assign(session=session, count=end - np.maximum(last, first - 1))


def flat_at_ceiling(sessions: pd.DataFrame, settings: ReadingSettings) -> pd.DataFrame:
    """Cases whose latest rated sessions are all at the very top mark, four or more in a row (client overall).

    Out: practitioner, client, session (last one rated lower; missing where none), count (rated sessions in the run). Uninformative,
    and possibly reluctance to criticise.
    """
    rated = sessions[sessions["client_overall"].notna().to_numpy()]
    run = _since(rated, (rated["client_overall"] < TOP - TIE).to_numpy())
    return run[(run["count"] >= settings.ceiling_sessions).to_numpy()]


def both_rate(sessions: pd.DataFrame) -> bool:
    """Whether any practitioner rated anything. In: SESSIONS columns."""
    return bool(sessions[_scales_of("practitioner")].notna().to_numpy().any())


def missing_since(sessions: pd.DataFrame, both: bool, settings: ReadingSettings) -> pd.DataFrame:
    """Cases whose latest sessions, two or more, one side did not rate: from the start, or since a last form.

    Where no practitioner rates anywhere in the data (`both` False), practitioners' forms are not missed: that team does not use them.
    Out: practitioner, client, rater, session (last one rated by that side; missing where none), count (sessions since).
    """
    found = []
    for rater in ("client", "practitioner") if both else ("client",):
        since = _since(sessions, sessions[_scales_of(rater)].notna().any(axis=1).to_numpy())
        found.append(since[(since["count"] >= settings.missing_sessions).to_numpy(bool)].assign(rater=rater))
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
    day = sessions["date"].where(sessions["date"] <= newest)
    keys = [sessions[name] for name in _CASE]
    table = day.groupby(keys, sort=True).max().rename("last_date").reset_index()
    table = pd.concat([table.astype(dict.fromkeys(_CASE, "str")), unrated], ignore_index=True)
    closed = (
        table.merge(
            notes[(notes["closed"].notna() | (notes["ended"] == "yes")).to_numpy(bool)][_CASE],
            how="left",
            indicator=True,
        )["_merge"]
        == "both"
    )
    away = (newest - table["last_date"]).dt.days
    table["state"] = np.select(
        [closed.to_numpy(), away.isna().to_numpy(), (away > settings.ended_after_days).to_numpy()],
        ["closed", "", "quiet"],
        default="active",
    ).astype(str)
    return table[[*_CASE, "state", "last_date"]]
