"""Rated sessions as a rule reads them: bare arrays, so that a rule needs no frame and a benchmark none either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from alliance_core.measures.draws import Random
from alliance_core.measures.noise import pooled_within
from alliance_core.measures.series import numbered, starts

_CELLS = 2**18  # as many as are added up together


class Lines(NamedTuple):
    """Stated lines, one entry a rated session: `line` (pct; missing where there is none), `watched` (pct, what is held against it),
    `under` (whether the line is reached)."""

    line: np.ndarray
    watched: np.ndarray
    under: np.ndarray


@dataclass(frozen=True)
class Courses:
    """The rated sessions of many series, one entry each; the sessions of one series are neighbours, in order.

    `series`: numbers in order from 0. `value`: pct. By entry, in pct points: `sigma` (what one rating varies by), `within` (pooled SD of ratings around
    their series' mean) and `spread` (SD of ratings over everybody); the last two are those of all `value` where left out. `lines`: where any are stated.
    `centre` (pct) and `prior`: the mean of all cases, and the number of sessions that it counts as in a case's own level; none where left out. All of one length.
    `groups` stands for all four where many series share the same numbers: the number of each series' group, and them by group.
    """

    series: np.ndarray
    value: np.ndarray
    sigma: np.ndarray
    within: np.ndarray | None = None
    spread: np.ndarray | None = None
    lines: Lines | None = None
    centre: np.ndarray | None = None
    prior: np.ndarray | None = None
    groups: tuple[np.ndarray, Mapping[str, np.ndarray]] | None = None

    @cached_property
    def first(self) -> np.ndarray:
        """The first entry of each series."""
        return starts(self.series)

    @cached_property
    def place(self) -> np.ndarray:
        """How many sessions of its series lie before each entry."""
        length = np.diff(self.first, append=len(self.series))
        place = np.arange(len(self.series), dtype=np.int32) - np.repeat(self.first.astype(np.int32), length)
        return place.astype(np.int16) if length.max(initial=0) < 2**15 else place

    @cached_property
    def left(self) -> np.ndarray:
        """How many sessions of its series follow each entry."""
        last = np.append(self.first[1:], len(self.series)) - 1
        return last[self.series] - np.arange(len(self.series))

    def before(self, sessions: int) -> np.ndarray:
        """The rating so many sessions before each entry; missing where the series had not begun."""
        result = np.full(len(self.value), np.nan)
        result[sessions:] = self.value[: len(self.value) - sessions]
        result[self.place < sessions] = np.nan
        return result

    def onwards(self, series: np.ndarray, begin: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """These series from an entry of each on, one session at a time: those that reach so far, and the entry of each there."""
        end = np.append(self.first[1:], len(self.series))[series]
        longest_first = np.argsort(begin - end, kind="stable")
        series, begin, left = (part[longest_first] for part in (series, begin, end - begin))
        for later in range(int(left.max(initial=0))):
            alive = np.searchsorted(-left, -later, side="left")
            yield series[:alive], begin[:alive] + later

    def positions(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """For every session position: the series that reach so far, and the entry of each there."""
        return self.onwards(np.arange(len(self.first)), self.first)

    def total_before(self) -> np.ndarray:
        """What the ratings of its series before each entry add up to, added in their order."""
        result = np.empty(len(self.value))
        end = np.append(self.first[1:], len(self.series))
        at_once = max(1, _CELLS // int((end - self.first).max(initial=1)))
        for at in range(0, len(self.first), at_once):
            length = end[at : at + at_once] - self.first[at : at + at_once]
            rows = slice(self.first[at], self.first[at] + length.sum())
            there = np.arange(length.max()) < length[:, None]  # series × sessions
            total = np.zeros((len(length), there.shape[1] + 1))
            total[:, 1:][there] = self.value[rows]
            result[rows] = np.add.accumulate(total, axis=1, out=total)[:, :-1][there]
        return result

    def of(self, kept: np.ndarray) -> Courses:
        """The entries kept (bool, whole series), their series numbered anew."""
        return self._taken(np.flatnonzero(kept), numbered(self.series[kept]))

    def shuffled(self, copies: int, random: Random) -> Courses:
        """So many copies beside each other, each with the sessions of every series in a random order of their own.

        The copies of series s of n are the series s, s + n, s + 2n … Spreads are those of the real order.
        """
        n, rows = len(self.first), len(self.series)
        series = (self.series + n * np.arange(copies)[:, None]).ravel()
        order = np.argsort(series + random.random(len(series)))
        return self._taken(order % rows, series)

    def steady(self, copies: int, random: Random) -> Courses:
        """So many copies, numbered alike, in which nothing happens: each series' mean and normal noise of size σ, kept within 0–100."""
        mean = (np.bincount(self.series, weights=self.value) / np.bincount(self.series))[self.series]
        value = np.clip(mean + self.sigma * random.standard_normal((copies, len(mean))), 0, 100).ravel()
        same = self._taken(
            np.tile(np.arange(len(mean)), copies),
            (self.series + len(self.first) * np.arange(copies)[:, None]).ravel(),
        )
        lines = None if same.lines is None else Lines(same.lines.line, value, value <= same.lines.line)
        return replace(same, value=value, lines=lines)

    def _taken(self, rows: np.ndarray, series: np.ndarray) -> Courses:
        """These entries, with their spreads as they were, as series of other numbers."""
        lines = None if self.lines is None else Lines(*(part[rows] for part in self.lines))
        if self.groups is not None:
            of_series, numbers = self.groups
            groups = of_series[self.series[rows[starts(series)]]], numbers
            return Courses(series, self.value[rows], self.sigma[rows], lines=lines, groups=groups)
        held = {"within": self.within_sd, "spread": self.sd, "centre": self.centre, "prior": self.prior}
        taken = {name: part[rows] for name, part in held.items() if part is not None}
        return Courses(series, self.value[rows], self.sigma[rows], **taken, lines=lines)

    def _by_group(self, name: str) -> np.ndarray | None:
        """One of the four by entry, where groups stand for it."""
        if self.groups is None:
            return None
        of_series, numbers = self.groups
        return numbers[name][of_series][self.series]

    @cached_property
    def within_sd(self) -> np.ndarray:
        """`within`, or that of all ratings taken together; missing where no series has two."""
        known = self._by_group("within") if self.within is None else self.within
        if known is not None:
            return known
        nobody = np.zeros(len(self.series), np.int64)
        return pooled_within(self.series, self.value, nobody)[nobody]

    @cached_property
    def sd(self) -> np.ndarray:
        """`spread`, or that of all ratings taken together; missing for fewer than two."""
        known = self._by_group("spread") if self.spread is None else self.spread
        if known is not None:
            return known
        some = len(self.value) > 1
        return np.full(len(self.value), self.value.std(ddof=1) if some else np.nan)

    @cached_property
    def pooled_level(self) -> tuple[np.ndarray, np.ndarray]:
        """`centre` and `prior`; a mean that counts as no session where they are left out."""
        centre = self._by_group("centre") if self.centre is None else self.centre
        prior = self._by_group("prior") if self.prior is None else self.prior
        if centre is None or prior is None:
            return np.zeros(len(self.value)), np.zeros(len(self.value))
        return centre, prior
