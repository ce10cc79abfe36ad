"""Rupture–repair episodes, whichever rule found them: what the rule saw at each session, and a line for each fall.

There is no standard for finding ruptures in scores: an episode says "possible strain, look at this session".
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.measures import TIE
from alliance_core.measures.detectors import OUTCOMES, STATES, Walk
from alliance_core.measures.detectors.walk import IS_REPAIRED, OPEN
from alliance_core.measures.series import in_words
from alliance_core.settings import EpisodeSettings

# Of `episodes`, beyond EPISODES: for sentences.
OPENING_COLUMNS = ["sigma", "start_z", "known_session"]
_SERIES = ["practitioner", "client", "rater", "facet"]
_TOLD = (*OUTCOMES, "strengthened", "ended open")


def trace(rows: pd.DataFrame, sigma: np.ndarray, found: Walk) -> pd.DataFrame:
    """What the rule saw at every rated session, one row each, for charts and explanations.

    `rows` of series.rated_series, with any further columns, and: level (pct, frozen inside an episode, missing while undecidable), sigma,
    members (sessions in the level), z, state, episode (session that opened the episode; missing outside).
    """
    session = rows["session"].to_numpy()
    inside, start = found.inside
    opened, outside = np.ones_like(session), np.ones(len(rows), bool)
    opened[inside], outside[inside] = session[start], False
    seen = {
        "sigma": sigma,
        "level": found.level,
        "members": found.members,
        "z": found.z,
        "state": in_words(found.state, STATES),
        "episode": pd.arrays.IntegerArray(opened, outside),
    }
    return pd.DataFrame({**rows, **seen}, index=rows.index, copy=False)


def episodes(
    rows: pd.DataFrame,
    sigma: np.ndarray,
    found: Walk,
    method: str,
    ended: np.ndarray,
    settings: EpisodeSettings,
) -> pd.DataFrame:
    """The episodes of all series: EPISODES columns up to outcome, with case (number), start (row of the opening), end_session, and
    OPENING_COLUMNS: σ, z at the start, and the session from which the opening can be told.

    `ended` says for every case number whether it is closed or has gone quiet; what is open there is "ended open". A repair is "strengthened" when the mean of its first sessions is at least σ/2 above the level.
    """
    value, session = found.value, rows["session"].to_numpy()
    start, low, end, outcome, _, known = found.falls
    told = outcome.copy()
    told[_settled_higher(rows, sigma, found, settings)] = _TOLD.index("strengthened")
    told[ended[rows["case"].to_numpy()[start]] & (outcome == OPEN)] = _TOLD.index("ended open")
    depth = found.level[start] - value[low]
    here = rows[[*_SERIES, "case"]].take(start)
    return pd.DataFrame(
        {
            **{name: here[name].array for name in _SERIES},
            "method": in_words(np.zeros(len(start), np.int8), [method]),
            "start_session": session[start],
            "low_session": session[low],
            "repair_session": pd.arrays.IntegerArray(session[end].astype(np.int64), outcome != IS_REPAIRED),
            "baseline": found.level[start],
            "low": value[low],
            "depth_pct": depth,
            "depth_sigma": depth / sigma[start],
            "outcome": in_words(told, _TOLD),
            "source": in_words(np.zeros(len(start), np.int8), ["score"]),
            "case": here["case"].to_numpy(),
            "start": start,
            "end_session": session[end],
            "sigma": sigma[start],
            "start_z": found.z[start],
            "known_session": session[known],
        }
    )


def last_sessions(trace: pd.DataFrame, found: pd.DataFrame) -> pd.Series[int]:
    """The last session of each episode (EPISODES rows of the trace's rule), Int64, same index.

    It is the last one that the trace counts to the episode: an open one has reached the case's last rated session. A marker
    alone lasts one session.
    """
    inside = trace[trace["episode"].notna()]
    last = inside.groupby([*_SERIES, "episode"], sort=False, observed=True)["session"].max()
    ends = last.rename("end").reset_index().rename(columns={"episode": "start_session"})
    kinds = {**dict.fromkeys(_SERIES, "str"), "start_session": "Int64", "end": "Int64"}
    placed = found.merge(ends.astype(kinds), how="left", on=[*_SERIES, "start_session"])
    placed["end"] = placed["end"].where((placed["source"] == "score").to_numpy())
    within = placed[["start_session", "low_session", "repair_session", "end"]]
    return within.max(axis=1).astype("Int64").set_axis(found.index)


def _settled_higher(
    rows: pd.DataFrame,
    sigma: np.ndarray,
    found: Walk,
    settings: EpisodeSettings,
) -> np.ndarray:
    """Which episodes are repaired with the first sessions from the repair on well above the former level."""
    series = rows["series"].to_numpy()
    (start, _, end, outcome, _, _), count = found.falls, settings.strengthened_sessions
    last = end + count - 1
    there = (outcome == IS_REPAIRED) & (last < len(series))
    there &= series[np.minimum(last, len(series) - 1)] == series[start]
    window = np.minimum(end[:, None] + np.arange(count), len(series) - 1)
    mean = found.value[window].mean(axis=1) if len(start) else np.zeros(0)
    return there & (mean >= found.level[start] + settings.strengthened_sigma * sigma[start] - TIE)
