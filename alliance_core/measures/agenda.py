"""Which cases to talk about, and why, in the order in which a reader needs them. Cases, never people, are ordered."""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.measures import readings
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
    """One row per case and reason, most needed first within a case. `missing` of readings.missing_since, `widening` of agreement.widening, `slow_falls` of
    slow_falls.falling_slowly.

    Columns: practitioner, client, order (place of the reason in REASONS), reason, session (since when), rater (whose forms
    are missing), size and error (pct points), count (sessions), start_session (key of the episode meant), listed (False
    for closed cases, for quiet ones unless a fall was left unrepaired there, and for readings of tasks and goals that are old or weak:
    those are flags, not today's talk). `work_readings`: READINGS columns; what they are about stands there.
    """
    parts = [
        *_episode_reasons(sessions, episodes, settings),
        missing.assign(reason="missing ratings"),
        widening.assign(reason="widening gap"),
        slow_falls.assign(reason="falling slowly"),
        readings.flat_at_ceiling(sessions, settings.readings).assign(reason="flat at ceiling"),
        _work_reasons(sessions, work_readings, settings),
    ]
    found = pd.concat([part.reindex(columns=AGENDA_COLUMNS) for part in parts if len(part)] or [
        pd.DataFrame(columns=AGENDA_COLUMNS)
    ], ignore_index=True)  # fmt: skip
    found["order"] = found["reason"].map({reason: place for place, reason in enumerate(REASONS)}).astype(int)
    state = found[_CASE].merge(states, on=_CASE, how="left")["state"]
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
    found = found.astype({**kinds, "reason": "str", "rater": "str", "practitioner": "str", "client": "str"})
    return found.sort_values([*_CASE, "order", "rater"], ignore_index=True)


def _episode_reasons(
    sessions: pd.DataFrame, episodes: pd.DataFrame, settings: Settings
) -> list[pd.DataFrame]:
    """What the case's latest episode of the client's overall gives reason for. `episodes` with their sigma."""
    kept = episodes[((episodes["facet"] == "overall") & (episodes["rater"] == "client")).to_numpy()]
    kept = kept[(kept["source"] == "score").to_numpy()]
    latest = kept.sort_values([*_CASE, "start_session"]).drop_duplicates(_CASE, keep="last")
    last = sessions.groupby(_CASE, sort=True)["session"].max().rename("last").reset_index()
    over = latest.merge(last, on=_CASE, how="left")
    ended = over["repair_session"].fillna(over["low_session"] + settings.episodes.window)
    recent = (over["last"] - ended < settings.readings.recent_sessions).fillna(False).to_numpy(bool)
    lines = over[_CASE].assign(
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


def _work_reasons(sessions: pd.DataFrame, readings: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """What tasks and goals give reason for; listed while the session meant is recent among those rated, unless the reading is a weak one."""
    raised = readings[(readings["raised"] == "yes").to_numpy(bool)]
    last = sessions.groupby(_CASE, sort=True)["session"].max().rename("last").reset_index()
    over = raised.merge(last.astype(dict.fromkeys(_CASE, "str")), on=_CASE, how="left")
    ago = (over["last"] - over["session"]).astype("Float64")
    recent = (ago < settings.readings.recent_sessions).fillna(False).to_numpy(bool)
    lines = over[[*_CASE, "session", "count"]].assign(reason=over["reading"])
    return lines.assign(listed=recent & over["reading"].isin(_TODAY).to_numpy(bool))


def flags(found: pd.DataFrame) -> pd.Series:
    """The reasons of each case, listed or not, in order, separated by ; (indexed by practitioner and client)."""
    words = found["reason"].where(found["reason"] != "missing ratings", _missing_words(found))
    return words.groupby([found["practitioner"], found["client"]], sort=True).agg(";".join)


def _missing_words(found: pd.DataFrame) -> np.ndarray:
    since = found["session"].astype("str").where(found["session"].notna(), "the start")
    return (found["rater"].astype("str") + " missing since " + since).to_numpy()
