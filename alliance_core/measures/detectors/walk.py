"""What follows a fall, the same for every rule: the walk over all series at once, one session position at a time.

A rule says when an episode opens and at what level (`Rule`). From there on only the ratings speak: how low they go, whether
they come back to that level, or do not within so many sessions.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from alliance_core.measures import TIE
from alliance_core.measures.detectors.courses import Courses
from alliance_core.settings import EpisodeSettings

STATES = ("too few", "rated", "strain", "rupture", "in episode", "repaired")
TOO_FEW, RATED, STRAIN, RUPTURE, INSIDE, REPAIRED = range(len(STATES))
OUTCOMES = ("open", "repaired", "unrepaired")
OPEN, IS_REPAIRED, UNREPAIRED = range(len(OUTCOMES))


class Look(NamedTuple):
    """What a rule sees at some sessions outside episodes, one entry each.

    `level` b (pct; missing where nothing can be said), `error` (pct points that make a z of 1), `members` (sessions in
    the level), `opens` and `strain` (bool).
    """

    level: np.ndarray
    error: np.ndarray
    members: np.ndarray
    opens: np.ndarray
    strain: np.ndarray


class Rule(Protocol):
    """When an episode opens, and at what level. `series` and `rows` are the walk's numbers of series and of entries.

    `fallen_from`: the z from which a facet counts as fallen beside an episode (measures.beside.facets_fallen).
    """

    fallen_from: float

    def look(self, series: np.ndarray, rows: np.ndarray) -> Look:
        """What is seen at these sessions, which are outside episodes."""
        ...

    def join(self, series: np.ndarray, rows: np.ndarray) -> None:
        """These sessions are usual ones: they opened no episode, or ended one as repaired."""
        ...

    def start_anew(self, series: np.ndarray) -> None:
        """The falls of these series were not repaired: what was usual before no longer is."""
        ...


class Walk:
    """What a rule found at each entry, and what followed.

    At every entry `value` (what was watched, pct), `level`, `error`, `members` (frozen inside an episode), `z` = (level − rating)/error, `state`, `joined` (a usual session: outside episodes, or the
    one that ended it as repaired) and `episode` (entry of the opening, −1 outside). At openings also `low`, `end` (entries), `outcome`, `base` (first
    entry whose session may count as usual: after the last unrepaired fall) and `known` (entry from which the opening can be told).
    """

    def __init__(self, value: np.ndarray, series: int, fallen_from: float) -> None:
        rows = len(value)
        self.fallen_from = fallen_from
        self.value = value
        self.level = np.full(rows, np.nan)
        self.error = np.full(rows, np.nan)
        self.members = np.zeros(rows, np.int64)
        self.z = np.full(rows, np.nan)
        self.state = np.zeros(rows, np.int8)
        self.joined = np.zeros(rows, bool)
        self.episode = np.full(rows, -1)
        self.low = np.full(rows, -1)
        self.end = np.full(rows, -1)
        self.base = np.full(rows, -1)
        self.known = np.full(rows, -1)
        self.outcome = np.zeros(rows, np.int8)
        # The memory of the walk itself, by series: the entry that opened the episode it is in, and so on.
        self.opened = np.full(series, -1)
        self.since_low = np.zeros(series, np.int64)
        self.first = np.full(series, -1)


def walk(courses: Courses, rule: Rule, settings: EpisodeSettings, watched: np.ndarray | None = None) -> Walk:
    """Walks all series at once, one session position at a time. What is followed is the rating, or `watched` (pct, by entry). Ties count as reaching a limit (≥), save that a new
    lowest must be strictly lower.

    Inside an episode a new lowest restarts the count of sessions since the low. Otherwise the count goes up by one, and a rating of at
    least level − (1 − return_share)·(level − low) ends the episode as repaired; else it ends as unrepaired when the count reaches `window`.
    """
    value = courses.value if watched is None else watched
    found = Walk(value, len(courses.first), rule.fallen_from)
    found.first[:] = courses.first
    for series, rows in courses.positions():
        inside = found.opened[series] >= 0
        _step_outside(found, rule, series[~inside], rows[~inside])
        _step_inside(found, rule, series[inside], rows[inside], settings)
    found.z = (found.level - value) / found.error
    return found


def _step_outside(found: Walk, rule: Rule, series: np.ndarray, rows: np.ndarray) -> None:
    level, error, members, opens, strain = rule.look(series, rows)
    found.level[rows], found.error[rows], found.members[rows] = level, error, members
    found.state[rows] = np.select([opens, strain, np.isnan(level)], [RUPTURE, STRAIN, TOO_FEW], default=RATED)
    _join(found, rule, series[~opens], rows[~opens])
    start = rows[opens]
    found.opened[series[opens]] = start
    found.since_low[series[opens]] = 0
    found.episode[start] = found.low[start] = found.end[start] = found.known[start] = start
    found.base[start] = found.first[series[opens]]


def _step_inside(
    found: Walk,
    rule: Rule,
    series: np.ndarray,
    rows: np.ndarray,
    settings: EpisodeSettings,
) -> None:
    start = found.opened[series]
    for frozen in (found.level, found.error, found.members):
        frozen[rows] = frozen[start]
    x, level, low = found.value[rows], found.level[rows], found.value[found.low[start]]
    found.episode[rows], found.end[start] = start, rows
    lower = x < low - TIE
    found.low[start[lower]] = rows[lower]
    found.since_low[series] = np.where(lower, 0, found.since_low[series] + 1)
    back = ~lower & (x >= level - (1 - settings.return_share) * (level - low) - TIE)
    given_up = ~lower & ~back & (found.since_low[series] >= settings.window)
    found.state[rows] = np.where(back, REPAIRED, INSIDE)
    found.outcome[start[back]] = IS_REPAIRED
    found.outcome[start[given_up]] = UNREPAIRED
    _join(found, rule, series[back], rows[back])
    rule.start_anew(series[given_up])
    found.first[series[given_up]] = rows[given_up] + 1
    found.opened[series[back | given_up]] = -1


def _join(found: Walk, rule: Rule, series: np.ndarray, rows: np.ndarray) -> None:
    found.joined[rows] = True
    rule.join(series, rows)
