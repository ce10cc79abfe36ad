"""What follows a fall, the same for every rule: the walk over all series at once, one session position at a time.

A rule says when an episode opens and at what level (`Rule`). From there on only the ratings speak: how low they go, whether
they come back to that level, or do not within so many sessions.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np

from alliance_core.measures import TIE
from alliance_core.measures.detectors.courses import Courses
from alliance_core.settings import EpisodeSettings

STATES = ("too few", "rated", "strain", "rupture", "in episode", "repaired")
TOO_FEW, RATED, STRAIN, RUPTURE, INSIDE, REPAIRED = range(len(STATES))
OUTCOMES = ("open", "repaired", "unrepaired")
OPEN, IS_REPAIRED, UNREPAIRED = range(len(OUTCOMES))
_AT_ONCE = 2**16  # entries looked at together: so many stay in the processor's own memory


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

    def calm(self, rows: slice) -> Look:
        """What is seen at these entries where no episode has opened before in their series."""
        ...

    def begin(self, series: np.ndarray, rows: np.ndarray) -> None:
        """These series have come as far as these entries (which are still to be looked at) without an episode."""
        ...

    def look(self, series: np.ndarray, rows: np.ndarray) -> Look:
        """What is seen at these sessions, which are outside episodes."""
        ...

    def join(self, series: np.ndarray, rows: np.ndarray) -> None:
        """These sessions are usual ones: they opened no episode, or ended one as repaired."""
        ...

    def start_anew(self, series: np.ndarray) -> None:
        """The falls of these series were not repaired: what was usual before no longer is."""
        ...


class Falls(NamedTuple):
    """What followed each opening, one entry a fall, in order of their start. All but `outcome` (numbers of OUTCOMES) are entries of the walk.

    `low` the lowest, `end` the last that belongs to it, `base` the first whose session may count as usual (after the last unrepaired fall), and
    `known` the one from which the opening can be told.
    """

    start: np.ndarray
    low: np.ndarray
    end: np.ndarray
    outcome: np.ndarray
    base: np.ndarray
    known: np.ndarray


class Walk:
    """What a rule found at each entry, and what followed.

    At every entry `value` (what was watched, pct), `level`, `members` (frozen inside an episode), `z` = (level − rating)/error, `state`, `joined` (a usual session: outside episodes, or the
    one that ended it as repaired) and `episode` (entry of the opening, −1 outside). `falls`: what is known of each opening.
    """

    falls: Falls

    def __init__(self, value: np.ndarray, series: int, fallen_from: float) -> None:
        rows = len(value)
        self.fallen_from = fallen_from
        self.value = value
        self.level = np.empty(rows)
        self.members = np.zeros(rows, np.int32)
        self.z = np.empty(rows)
        self.state = np.empty(rows, np.int8)
        self.joined = np.ones(rows, bool)
        # The memory of the walk itself, by series: the entry that opened the episode it is in, its lowest and latest, and so on.
        self.opened = np.full(series, -1)
        self.lowest = np.full(series, -1)
        self.latest = np.full(series, -1)
        self.error = np.full(series, np.nan)
        self.since_low = np.zeros(series, np.int64)
        self.first = np.full(series, -1)
        # Of each session position: the entries inside episodes with their openings, and the falls that ended there.
        self._inside: list[tuple[np.ndarray, np.ndarray]] = []
        self._ended: list[Falls] = []

    @cached_property
    def inside(self) -> tuple[np.ndarray, np.ndarray]:
        """The entries that belong to episodes, and the entry that opened the episode of each."""
        steps = [(self.falls.start, self.falls.start), *self._inside]
        rows, start = (np.concatenate(part) for part in zip(*steps, strict=True))
        return rows, start

    @property
    def episode(self) -> np.ndarray:
        """By entry: the entry that opened the episode it belongs to; −1 outside."""
        result = np.full(len(self.value), -1)
        rows, start = self.inside
        result[rows] = start
        return result

    @property
    def low(self) -> np.ndarray:
        """By entry: `low` of Falls at the openings, −1 at all others. So too the others."""
        return self._at_openings(self.falls.low)

    @property
    def end(self) -> np.ndarray:
        return self._at_openings(self.falls.end)

    @property
    def outcome(self) -> np.ndarray:
        return self._at_openings(self.falls.outcome)

    @property
    def base(self) -> np.ndarray:
        return self._at_openings(self.falls.base)

    @property
    def known(self) -> np.ndarray:
        return self._at_openings(self.falls.known)

    def _at_openings(self, of_falls: np.ndarray) -> np.ndarray:
        result = np.full(len(self.value), -1)
        result[self.falls.start] = of_falls
        return result

    def _end(self, series: np.ndarray, outcome: int) -> None:
        """The falls that these series are in are over, or as far as the ratings go."""
        start = self.opened[series]
        ended = self.lowest[series], self.latest[series], np.full(len(series), outcome), self.first[series]
        self._ended.append(Falls(start, *ended, start))

    def _finished(self) -> None:
        self._end(np.flatnonzero(self.opened >= 0), OPEN)
        every = [np.concatenate(part) for part in zip(*self._ended, strict=True)]
        order = np.argsort(every[0])
        self.falls = Falls(*(part[order] for part in every))


def walk(courses: Courses, rule: Rule, settings: EpisodeSettings, watched: np.ndarray | None = None) -> Walk:
    """Walks all series at once. What is followed is the rating, or `watched` (pct, by entry). Ties count as reaching a limit (≥), save that a new
    lowest must be strictly lower.

    Inside an episode a new lowest restarts the count of sessions since the low. Otherwise the count goes up by one, and a rating of at
    least level − (1 − return_share)·(level − low) ends the episode as repaired; else it ends as unrepaired when the count reaches `window`.

    Most series never fall, and until its first fall a series is as the rule sees it in calm: that is told of all entries together. Only from
    there on the walk goes one session at a time.
    """
    value = courses.value if watched is None else watched
    found = Walk(value, len(courses.first), rule.fallen_from)
    found.first[:] = courses.first
    found.members = np.empty(len(value), courses.place.dtype)
    for at in range(0, len(value), _AT_ONCE):
        rows = slice(at, at + _AT_ONCE)
        _told(found, rule.calm(rows), rows)
    opening = np.flatnonzero(found.state == RUPTURE)
    falling = courses.series[opening]
    first = np.flatnonzero(np.diff(falling, prepend=-1))
    falling, begin = falling[first], opening[first]
    rule.begin(falling, begin)
    for series, rows in courses.onwards(falling, begin):
        inside = found.opened[series] >= 0
        _step_outside(found, rule, series[~inside], rows[~inside])
        _step_inside(found, rule, series[inside], rows[inside], settings)
    found._finished()
    return found


def _told(found: Walk, seen: Look, rows: np.ndarray | slice) -> None:
    """Notes what was seen outside episodes."""
    level, error, members, opens, strain = seen
    found.level[rows], found.members[rows] = level, members
    found.z[rows] = (level - found.value[rows]) / error
    state = np.where(np.isnan(level), np.int8(TOO_FEW), np.int8(RATED))
    state[strain] = STRAIN
    state[opens] = RUPTURE
    found.state[rows] = state


def _step_outside(found: Walk, rule: Rule, series: np.ndarray, rows: np.ndarray) -> None:
    seen = rule.look(series, rows)
    opens = seen.opens
    _told(found, seen, rows)
    _join(found, rule, series[~opens], rows[~opens])
    start, falling = rows[opens], series[opens]
    found.joined[start] = False
    found.opened[falling] = found.lowest[falling] = found.latest[falling] = start
    found.error[falling], found.since_low[falling] = seen.error[opens], 0


def _step_inside(
    found: Walk,
    rule: Rule,
    series: np.ndarray,
    rows: np.ndarray,
    settings: EpisodeSettings,
) -> None:
    start = found.opened[series]
    x, level, low = found.value[rows], found.level[start], found.value[found.lowest[series]]
    found.level[rows], found.members[rows] = level, found.members[start]
    found.z[rows] = (level - x) / found.error[series]
    found.latest[series] = rows
    found._inside.append((rows, start))
    lower = x < low - TIE
    found.lowest[series[lower]] = rows[lower]
    found.since_low[series] = np.where(lower, 0, found.since_low[series] + 1)
    back = ~lower & (x >= level - (1 - settings.return_share) * (level - low) - TIE)
    given_up = ~lower & ~back & (found.since_low[series] >= settings.window)
    found.state[rows] = np.where(back, REPAIRED, INSIDE)
    found.joined[rows] = False
    repaired, unrepaired = series[back], series[given_up]
    found._end(repaired, IS_REPAIRED)
    found._end(unrepaired, UNREPAIRED)
    _join(found, rule, repaired, rows[back])
    rule.start_anew(unrepaired)
    found.first[unrepaired] = rows[given_up] + 1
    found.opened[repaired] = found.opened[unrepaired] = -1


def _join(found: Walk, rule: Rule, series: np.ndarray, rows: np.ndarray) -> None:
    found.joined[rows] = True
    rule.join(series, rows)
