"""Which cases to talk about, and why, in the order in which a reader needs them. Cases, never people, are ordered."""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.measures import readings
from alliance_core.measures.series import cases_among, key_ranks, numbered, starts
from alliance_core.settings import Settings
from alliance_core.work_tables import WORK_READINGS

REASONS = (
    "open episode",
    "blind spot",
    "unrepaired",
    "missing ratings",
    "widening gap",
    "falling slowly",
    "flat at ceiling",
    *WORK_READINGS,
)
# Readings of tasks and goals that are talked about while they are recent; the others are flags only.
_TODAY = ("doubted tasks", "tried without success", "goal agreement")
AGENDA_COLUMNS = [
    "practitioner", "client", "order", "reason", "session", "rater", "size", "error", "count", "start_session", "listed"
]  # fmt: skip
_CASE = ["practitioner", "client"]


def agenda(
    sessions: pd.DataFrame,
    states: pd.DataFrame,
    episodes: pd.DataFrame,
    missing: pd.DataFrame,
    widening: pd.DataFrame,
    slow_falls: pd.DataFrame,
    work_readings: pd.DataFrame,
    settings: Settings,
) -> pd.DataFrame:
    """One row per case and reason, most needed first within a case. `episodes` with case, their place in `states`; `missing` of readings.missing_since, `widening` of agreement.widening,
    `slow_falls` of slow_falls.falling_slowly.

    Columns: practitioner, client, order (place of the reason in REASONS), reason, session (since when), rater (whose forms
    are missing), size and error (pct points), count (sessions), start_session (key of the episode meant), listed (False
    for closed cases, for quiet ones unless a fall was left unrepaired there, and for readings of tasks and goals that are old or weak:
    those are flags, not today's talk), and case. `work_readings`: READINGS columns; what they are about stands there.
    """
    last = _last_sessions(sessions, len(states))
    parts = [
        *_episode_reasons(last, episodes, settings),
        missing.assign(reason="missing ratings"),
        widening.assign(reason="widening gap"),
        slow_falls.assign(reason="falling slowly"),
        readings.flat_at_ceiling(sessions, settings.readings).assign(reason="flat at ceiling"),
        _work_reasons(last, work_readings, states, settings),
    ]
    columns = [*AGENDA_COLUMNS[2:], "case"]
    found = pd.concat([part.reindex(columns=columns) for part in parts if len(part)] or [
        pd.DataFrame(columns=columns)
    ], ignore_index=True)  # fmt: skip
    found["order"] = found["reason"].map({reason: place for place, reason in enumerate(REASONS)}).astype(int)
    case = found["case"].to_numpy(np.int64)
    rater = pd.factorize(found["rater"].astype("str"), sort=True, use_na_sentinel=False)[0]
    order = np.lexsort((rater, found["order"].to_numpy(), key_ranks(states)[case]))
    found, case = found.take(order).reset_index(drop=True), case[order]
    state = states["state"].take(case).reset_index(drop=True)
    quiet_but_hurt = (state == "quiet") & (found["reason"] == "unrepaired")
    goes_on = ~state.isin(["closed", "quiet"]) | quiet_but_hurt
    found["listed"] = (goes_on & found["listed"].ne(False)).to_numpy(bool)
    kinds = {
        "session": "Int64",
        "count": "Int64",
        "start_session": "Int64",
        "size": "float64",
        "error": "float64",
    }
    found = found.astype({**kinds, "reason": "str", "rater": "str", "case": "int64"})
    ids = states[_CASE].take(case).reset_index(drop=True)
    return pd.concat([ids, found], axis=1)[[*AGENDA_COLUMNS, "case"]]


def _last_sessions(sessions: pd.DataFrame, cases: int) -> np.ndarray:
    """By number of the case: its last session; 0 where it has none. In: SESSIONS columns in key order, with the number of their case."""
    result = np.zeros(cases, np.int64)
    end = np.flatnonzero(np.diff(sessions["case"].to_numpy(), append=-1))
    result[sessions["case"].to_numpy()[end]] = sessions["session"].to_numpy(np.int64)[end]
    return result


def _episode_reasons(last: np.ndarray, episodes: pd.DataFrame, settings: Settings) -> list[pd.DataFrame]:
    """What the case's latest episode of the client's overall gives reason for. `episodes` in key order, with their sigma and case; `last` session by case."""
    kept = episodes[((episodes["facet"] == "overall") & (episodes["rater"] == "client")).to_numpy()]
    kept = kept[(kept["source"] == "score").to_numpy()]
    over = kept[np.diff(kept["case"].to_numpy(), append=-1) != 0]  # the latest of each case
    ended = over["repair_session"].fillna(over["low_session"] + settings.episodes.window).to_numpy(np.int64)
    recent = last[over["case"].to_numpy()] - ended < settings.readings.recent_sessions
    lines = over[["case"]].assign(
        session=over["start_session"], start_session=over["start_session"], size=over["depth_pct"],
        error=over["sigma"],
    )  # fmt: skip
    outcome, hurt = over["outcome"], over["outcome"].isin(["unrepaired", "ended open"]).to_numpy()
    is_open = (outcome == "open").to_numpy()
    unseen = (over["seen_by"] == "client only").to_numpy()
    left_open = (outcome == "ended open").to_numpy()
    return [
        lines[is_open].assign(reason="open episode"),
        lines[unseen & (recent | is_open)].assign(reason="blind spot"),
        lines[hurt & (recent | left_open)].assign(reason="unrepaired"),
    ]


def _work_reasons(
    last: np.ndarray, readings: pd.DataFrame, states: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """What tasks and goals give reason for; listed while the session meant is recent among those rated, unless the reading is a weak one."""
    raised = readings[(readings["raised"] == "yes").to_numpy(bool)]
    case = cases_among(raised, states)
    ago = last[case] - raised["session"].fillna(0).to_numpy(np.int64)
    recent = (last[case] > 0) & raised["session"].notna().to_numpy()
    recent &= ago < settings.readings.recent_sessions
    lines = raised[["session", "count"]].assign(case=case, reason=raised["reading"])
    return lines.assign(listed=recent & raised["reading"].isin(_TODAY).to_numpy(bool))


def flags(found: pd.DataFrame) -> pd.Series:
    """The reasons of each case, listed or not, in order, separated by ; (indexed by the number of the case). In: what `agenda` gives."""
    words = (
        found["reason"].where(found["reason"] != "missing ratings", _missing_words(found)).to_numpy(object)
    )
    case = found["case"].to_numpy()
    first = starts(numbered(case))
    left, told = np.diff(first, append=len(case)), words[first]
    for further in range(1, int(left.max(initial=0))):
        more = left > further
        told[more] += ";" + words[first[more] + further]
    return pd.Series(told, index=case[first], dtype="str")


def _missing_words(found: pd.DataFrame) -> np.ndarray:
    since = found["session"].astype("str").where(found["session"].notna(), "the start")
    return (found["rater"].astype("str") + " missing since " + since).to_numpy()
