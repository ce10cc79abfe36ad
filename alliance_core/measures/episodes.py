"""Rupture–repair episodes by the default detector, `baseline`.

A fall below the case's own level that is larger than ratings vary by, and what followed it. After
Gumz et al. 2012 and phase-II control charts; thresholds are our choice and are settings. There is no
standard for finding ruptures in scores: an episode says "possible strain, look at this session".
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.measures import TIE
from alliance_core.measures.series import starts
from alliance_core.settings import EpisodeSettings

METHOD = "baseline"
_STATES = ("too few", "rated", "strain", "rupture", "in episode", "repaired")
_TOO_FEW, _RATED, _STRAIN, _RUPTURE, _INSIDE, _REPAIRED = range(len(_STATES))
_OUTCOMES = ("open", "repaired", "unrepaired")
_OPEN, _IS_REPAIRED, _UNREPAIRED = range(len(_OUTCOMES))


class Walk:
    """The detector's memory while it walks all series together, and what it found at each row.

    `level` b, `members` m = |B|, `z` (also inside an episode, against the level at its opening),
    `state`, `episode` (row of the opening, −1 outside), and for opening rows `low`, `end`, `outcome` and
    `base` (first row whose session may belong to B).
    """

    def __init__(self, rows: int, series: int) -> None:
        self.level = np.full(rows, np.nan)
        self.members = np.zeros(rows, np.int64)
        self.z = np.full(rows, np.nan)
        self.state = np.zeros(rows, np.int8)
        self.joined = np.zeros(rows, bool)
        self.episode = np.full(rows, -1)
        self.low = np.full(rows, -1)
        self.end = np.full(rows, -1)
        self.base = np.full(rows, -1)
        self.outcome = np.zeros(rows, np.int8)
        self.total = np.zeros(series)
        self.size = np.zeros(series, np.int64)
        self.opened = np.full(series, -1)
        self.since_low = np.zeros(series, np.int64)
        self.first = np.full(series, -1)


def walk(series: np.ndarray, value: np.ndarray, sigma: np.ndarray, settings: EpisodeSettings) -> Walk:
    """Walks all series at once, one session position at a time.

    `series` numbers in order from 0, `value` (pct) and `sigma` (pct points) by row. Ties count as reaching a
    limit (≥), save that a new lowest must be strictly lower.
    """
    first = starts(series)
    length = np.diff(first, append=len(series))
    longest_first = np.argsort(-length, kind="stable")
    found = Walk(len(series), len(first))
    found.first[:] = first
    falling = -length[longest_first]
    for place in range(int(length.max(initial=0))):
        alive = longest_first[: np.searchsorted(falling, -place, side="left")]
        rows = first[alive] + place
        inside = found.opened[alive] >= 0
        # Read every row's own baseline before anything changes: a flag uses data up to its session only.
        _note_level(found, alive, rows, value[rows], sigma[rows], settings)
        _step_outside(found, alive[~inside], rows[~inside], value, sigma, settings)
        _step_inside(found, alive[inside], rows[inside], value, settings)
    return found


def _note_level(
    found: Walk,
    alive: np.ndarray,
    rows: np.ndarray,
    x: np.ndarray,
    sigma: np.ndarray,
    settings: EpisodeSettings,
) -> None:
    m = found.size[alive]
    known = m >= settings.min_baseline
    level = np.where(known, found.total[alive] / np.maximum(m, 1), np.nan)
    found.members[rows] = m
    found.level[rows] = level
    found.z[rows] = (level - x) / (sigma * np.sqrt(1 + 1 / np.maximum(m, 1)))


def _step_outside(
    found: Walk,
    alive: np.ndarray,
    rows: np.ndarray,
    value: np.ndarray,
    sigma: np.ndarray,
    settings: EpisodeSettings,
) -> None:
    z, drop = found.z[rows], found.level[rows] - value[rows]
    large = drop >= settings.min_drop_sigma * sigma[rows] - TIE  # False where the level is unknown
    opens = large & (z >= settings.z_open - TIE)
    strain = large & ~opens & (z >= settings.z_strain - TIE)
    found.state[rows] = np.select([opens, strain, np.isnan(z)], [_RUPTURE, _STRAIN, _TOO_FEW], default=_RATED)
    _join(found, alive[~opens], rows[~opens], value)
    start = rows[opens]
    found.opened[alive[opens]] = start
    found.since_low[alive[opens]] = 0
    found.episode[start] = found.low[start] = found.end[start] = start
    found.base[start] = found.first[alive[opens]]


def _step_inside(
    found: Walk, alive: np.ndarray, rows: np.ndarray, value: np.ndarray, settings: EpisodeSettings
) -> None:
    start = found.opened[alive]
    x, level, low = value[rows], found.level[rows], value[found.low[start]]
    found.episode[rows], found.end[start] = start, rows
    lower = x < low - TIE
    found.low[start[lower]] = rows[lower]
    found.since_low[alive] = np.where(lower, 0, found.since_low[alive] + 1)
    back = ~lower & (x >= level - (1 - settings.return_share) * (level - low) - TIE)
    given_up = ~lower & ~back & (found.since_low[alive] >= settings.window)
    found.state[rows] = np.where(back, _REPAIRED, _INSIDE)
    found.outcome[start[back]] = _IS_REPAIRED
    found.outcome[start[given_up]] = _UNREPAIRED
    _join(found, alive[back], rows[back], value)
    found.total[alive[given_up]], found.size[alive[given_up]] = 0, 0
    found.first[alive[given_up]] = rows[given_up] + 1
    found.opened[alive[back | given_up]] = -1


def _join(found: Walk, alive: np.ndarray, rows: np.ndarray, value: np.ndarray) -> None:
    found.total[alive] += value[rows]
    found.size[alive] += 1
    found.joined[rows] = True


def trace(rows: pd.DataFrame, sigma: np.ndarray, found: Walk) -> pd.DataFrame:
    """What the detector saw at every rated session, one row each, for charts and explanations.

    `rows` of series.rated_series with: level (pct, frozen inside an episode, missing while undecidable), sigma,
    members (sessions in the level), z, state, episode (session that opened the episode; missing outside).
    """
    session = rows["session"].to_numpy(np.int64)
    opened = pd.array(np.where(found.episode >= 0, session[found.episode], 0), dtype="Int64")
    opened[found.episode < 0] = pd.NA
    return rows.assign(
        sigma=sigma,
        level=found.level,
        members=found.members,
        z=found.z,
        state=pd.Categorical.from_codes(found.state, categories=pd.Index(_STATES)),
        episode=opened,
    )


def episodes(
    rows: pd.DataFrame, sigma: np.ndarray, found: Walk, ended: np.ndarray, settings: EpisodeSettings
) -> pd.DataFrame:
    """The episodes of all series: EPISODES columns up to outcome, with case (number), start (row of the opening) and end_session.

    `ended` says for every case number whether it is closed or has gone quiet; what is open there is "ended open". A repair is "strengthened" when the mean of its first sessions is at least σ/2 above the level.
    """
    value, session = rows["value"].to_numpy(float), rows["session"].to_numpy(np.int64)
    start = np.flatnonzero(found.state == _RUPTURE)
    low, end, outcome = found.low[start], found.end[start], found.outcome[start]
    words = np.array(_OUTCOMES, dtype=object)[outcome]
    words[_settled_higher(rows, value, sigma, found, start, settings)] = "strengthened"
    words[ended[rows["case"].to_numpy()[start]] & (outcome == _OPEN)] = "ended open"
    repair = pd.array(session[end], dtype="Int64")
    repair[outcome != _IS_REPAIRED] = pd.NA
    depth = found.level[start] - value[low]
    here = rows.take(start)
    keys = {name: here[name].astype("str").array for name in ("practitioner", "client", "rater", "facet")}
    return pd.DataFrame(
        {
            **keys,
            "method": METHOD,
            "start_session": session[start],
            "low_session": session[low],
            "repair_session": repair,
            "baseline": found.level[start],
            "low": value[low],
            "depth_pct": depth,
            "depth_sigma": depth / sigma[start],
            "outcome": words.astype(str),
            "source": "score",
            "case": here["case"].to_numpy(),
            "start": start,
            "end_session": session[end],
        }
    )


def _settled_higher(
    rows: pd.DataFrame,
    value: np.ndarray,
    sigma: np.ndarray,
    found: Walk,
    start: np.ndarray,
    settings: EpisodeSettings,
) -> np.ndarray:
    """Which episodes are repaired with the first sessions from the repair on well above the former level."""
    series = rows["series"].to_numpy()
    end, count = found.end[start], settings.strengthened_sessions
    last = end + count - 1
    there = (found.outcome[start] == _IS_REPAIRED) & (last < len(series))
    there &= series[np.minimum(last, len(series) - 1)] == series[start]
    window = np.minimum(end[:, None] + np.arange(count), len(series) - 1)
    mean = value[window].mean(axis=1) if len(start) else np.zeros(0)
    return there & (mean >= found.level[start] + settings.strengthened_sigma * sigma[start] - TIE)
