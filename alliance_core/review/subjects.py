"""What a decision is about: a session of a case, and the episode that begins there, as they are when it is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

RECORDED_MARKER, NO_EPISODE = "recorded marker", "no episode"  # outcomes that EPISODES has no word for
_DECIMALS = 1  # of a depth that is kept to be compared with a later one, pct points


@dataclass(frozen=True)
class Subject:
    """A session of a case, with what is known of the episode that begins there.

    `session_date` is NaT where the day is not known; `until_session` (last session of the episode) is None, `fall` (pct points)
    NaN and `outcome` NO_EPISODE where there is none. A recorded marker alone has no fall, and the outcome RECORDED_MARKER.
    """

    practitioner: str
    client: str
    session: int
    session_date: pd.Timestamp
    until_session: int | None = None
    fall: float = float("nan")
    outcome: str = NO_EPISODE


def subject_of(sessions: pd.DataFrame, episode: Mapping[str, Any]) -> Subject:
    """The subject of a decision about an episode (a row of `carded`). `sessions`: SESSIONS rows, of its case at least."""
    session = int(episode["start_session"])
    practitioner, client = str(episode["practitioner"]), str(episode["client"])
    by_marker = episode["source"] == "marker"
    return Subject(
        practitioner,
        client,
        session,
        _day(sessions, practitioner, client, session),
        until_session=int(episode["end_session"]),
        fall=float("nan") if by_marker else round(float(episode["depth_pct"]), _DECIMALS),
        outcome=RECORDED_MARKER if by_marker else str(episode["outcome"]),
    )


def subject_of_session(sessions: pd.DataFrame, practitioner: str, client: str, session: int) -> Subject:
    """The subject of a decision about a session in which no episode begins, such as the first one without a form."""
    return Subject(practitioner, client, session, _day(sessions, practitioner, client, session))


def _day(sessions: pd.DataFrame, practitioner: str, client: str, session: int) -> pd.Timestamp:
    here = (
        (sessions["practitioner"] == practitioner)
        & (sessions["client"] == client)
        & (sessions["session"] == session)
    )
    days = sessions.loc[here, "date"]
    return days.iloc[0] if len(days) else pd.NaT  # pyright: ignore[reportReturnType]
