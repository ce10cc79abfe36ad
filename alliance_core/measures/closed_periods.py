"""Through which day a summary may be told, so that no two summaries give away the few clients who came in between.

A summary of March and one of April differ by what happened in April. Where only four clients came in April, the difference is these four. So
time is cut into blocks, and everything is told as of the end of a closed one; what came later is not in it yet. The rules, all of which can be followed
from the first month on without knowing what comes, so that the same data give the same ends whenever a summary is made:

1. Months. A block closes at the end of a month in which it holds enough clients with a session (suppression.enough); else it goes on.
2. Figures that not all sessions have (the gap, for example, takes both forms) close on their own: at an end of 1 at which enough clients gave one
   since they closed last. Until then they are told through the end before.
3. Groups (approaches, teams) close at the end of a quarter that is also an end of 1 and 2, when everything that is told of groups in
   this stretch passes suppression.held_back without any further group being held back. Else they go on, for a year at most: then groups are held
   back until it passes. A group that is held back once is held back from then on.
4. What is told by quarters leaves out the ends of months in between, so it adds nothing to what is told by months.

Why that is enough: each block of months has its own clients-in-that-block, and whatever is published is a sum over blocks of 3, with
totals of the blocks of 1 within them. A combination of published figures that holds no client outside of a set is so in each block of its own,
and there suppression.held_back has made sure that it is none or enough. It does not help against ratings that are entered or changed
after their month was told, against clients who change their team, or against summaries made with different limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

from alliance_core.measures.suppression import NOBODY, WAYS, enough, held_back
from alliance_core.settings import Settings, SuppressionSettings

SESSIONS = "sessions"  # the base of all figures: clients with a session
LONGEST_WAIT = 12  # months that groups may stay open
_QUARTER = 3
Held = Mapping[str, frozenset[str]]


class Stretch(NamedTuple):
    """A stretch of time that is told as one: its first and last day; None, None where sessions have no dates."""

    first: date | None
    last: date | None


@dataclass(frozen=True)
class Closed:
    """What may be told of a service, and through when, by base: sessions, and the figures that not all of them have.

    `state`: told; too few (never enough clients); waiting (enough, but no block has closed yet). `blocks`: the stretches of time that a total is told of
    one by one; all of them together are what is told of the service as a whole. `groups`: the first and last day of what is told of groups; bases of which
    nothing may be told yet are in neither. `held`: the groups that are held back. `dated`: whether sessions have dates at all; `undated`: whether some are left
    out as they have none.
    """

    state: str
    blocks: Mapping[str, tuple[Stretch, ...]] = field(default_factory=dict)
    groups: Mapping[str, Stretch] = field(default_factory=dict)
    held: Mapping[str, Held] = field(default_factory=dict)
    dated: bool = True
    undated: bool = False


def closed_periods(visits: pd.DataFrame, settings: Settings, day: date) -> Closed:
    """What may be told on that day.

    In: one row a session: practitioner, client, approach, team (text, none missing), date (NaT where unknown), and a column of yes or no for each
    figure that not all sessions have. A month is over `service.settle_days` days after its end. Where no session has a date, all are one block.
    """
    return every_closed(visits, settings, day)[-1]


def every_closed(visits: pd.DataFrame, settings: Settings, day: date) -> list[Closed]:
    """What might be told after each month up to that day, the latest at the end: each where it differs from the one before. Never empty."""
    clock = clock_of(visits, settings, day)
    every = [clock.closed(month, settings.service.months) for month in range(clock.months)]
    told = [one for one in every if one.blocks]
    if not told:
        return [clock.nothing()]
    return [one for one, before in zip(told, [None, *told], strict=False) if one != before]


def clock_of(visits: pd.DataFrame, settings: Settings, day: date) -> Clock:
    """The blocks of these visits, in and arguments as for closed_periods."""
    known = visits["date"].notna().to_numpy(bool)
    dated = bool(known.any()) or not len(visits)
    rows = _Visits(visits[known] if dated else visits, dated, undated=dated and not bool(known.all()))
    return Clock(rows, _last_month(settings, day) if dated else rows.first, settings.suppression)


def _last_month(settings: Settings, day: date) -> int:
    """The number of the last month that is over, year · 12 + month − 1."""
    settled = pd.Timestamp(day) - pd.Timedelta(days=settings.service.settle_days - 1)
    return settled.year * 12 + settled.month - 2


class _Visits:
    """Who came when, by base: each client once a month. Clients and months are numbers."""

    def __init__(self, visits: pd.DataFrame, dated: bool, undated: bool) -> None:
        self.dated, self.undated = dated, undated
        self.bases = [
            SESSIONS,
            *(
                name
                for name in visits.columns
                if name not in ("practitioner", "client", "date", SESSIONS, *WAYS)
            ),
        ]
        by = visits.groupby(["practitioner", "client"], sort=True)
        self.clients = by[[*WAYS]].first().reset_index().astype(object)
        who = by.ngroup().to_numpy()
        self.staff = pd.factorize(self.clients["practitioner"])[0]
        when = (visits["date"].dt.year * 12 + visits["date"].dt.month - 1).to_numpy() if dated else 0 * who
        self.first = int(when.min()) if len(when) else 0
        self.at: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        for base in self.bases:
            here = np.ones(len(who), bool) if base == SESSIONS else visits[base].to_numpy(bool)
            both = np.unique(
                (when[here].astype(np.int64) - self.first) * max(len(self.clients), 1) + who[here]
            )
            month, client = np.divmod(both, max(len(self.clients), 1))
            self.at[base] = month, client

    def came(self, base: str, first: int, last: int) -> np.ndarray:
        """The clients who are met in these months (numbers from the first one on, both included), each once."""
        month, client = self.at[base]
        start, end = np.searchsorted(month, [first, last + 1])
        return np.unique(client[start:end])

    def stretch(self, first: int, last: int) -> Stretch:
        """From the first day of a month, numbered from the first one on, to the last day of another."""
        if not self.dated:
            return Stretch(None, None)
        ends = [date(month // 12, month % 12 + 1, 1) for month in (self.first + first, self.first + last + 1)]
        return Stretch(ends[0], ends[1] - timedelta(days=1))


class Clock:
    """The blocks of months of each base (`of`), after which month nothing is open (`clear`), and what is told of groups (`ends`, `held`)."""

    def __init__(self, rows: _Visits, last: int, settings: SuppressionSettings) -> None:
        self.rows, self.settings = rows, settings
        self.months = max(last - rows.first + 1, 0)
        self.of: dict[str, list[tuple[int, int]]] = {}
        self.clear: dict[str, np.ndarray] = {}
        allowed = np.ones(self.months, bool)
        for base in rows.bases:
            self.of[base], self.clear[base] = self._closings(base, allowed)
            allowed = self.clear[SESSIONS]
        self.groups = self._groups()

    def _closings(self, base: str, allowed: np.ndarray) -> tuple[list[tuple[int, int]], np.ndarray]:
        """The blocks as first and last month, and for every month whether nothing is open after it."""
        blocks, clear, start = list[tuple[int, int]](), np.zeros(self.months, bool), 0
        for month in range(self.months):
            came = self.rows.came(base, start, month)
            if allowed[month] and (not len(came) or self.enough(came)):
                if len(came):
                    blocks.append((start, month))
                clear[month], start = True, month + 1
        return blocks, clear

    def enough(self, clients: np.ndarray) -> bool:
        return enough(len(clients), len(np.unique(self.rows.staff[clients])), self.settings)

    def nothing(self) -> Closed:
        """Why nothing may be told."""
        ever = self.enough(np.arange(len(self.rows.clients)))
        return Closed("waiting" if ever else "too few", dated=self.rows.dated, undated=self.rows.undated)

    def closed(self, month: int, months: int) -> Closed:
        """What may be told after a month (numbered from the first one on), in periods of so many months."""
        blocks = {
            base: self._blocks(base, month, months if self.rows.dated else 1) for base in self.rows.bases
        }
        groups = {
            base: (last, held) for base, last, held in self.groups if last <= month
        }  # the latest of each
        return Closed(
            state="told",
            blocks={base: own for base, own in blocks.items() if own},
            groups={base: self.rows.stretch(0, self._met(base, last)) for base, (last, _) in groups.items()},
            held={base: held for base, (_, held) in groups.items()},
            dated=self.rows.dated,
            undated=self.rows.undated,
        )

    def _met(self, base: str, month: int) -> int:
        """The end of the block that came last up to a month: nothing came after it."""
        return max(last for _, last in self.of[base] if last <= month)

    def _blocks(self, base: str, until: int, months: int) -> tuple[Stretch, ...]:
        """What is told one by one: from January on, each period at the end of which nothing is open."""
        found, start, ends = list[Stretch](), 0, [last for _, last in self.of[base]]
        for month in np.flatnonzero(self.clear[base][: until + 1]).tolist():
            if (self.rows.first + month + 1) % months:
                continue
            if any(start <= last <= month for last in ends):
                found.append(self.rows.stretch(start, month))
            start = month + 1
        return tuple(found)

    def _groups(self) -> list[tuple[str, int, Held]]:
        """Walks from quarter to quarter: which base closed its groups, after which month, and what is held back of them from then on.

        The groups of a base close where nothing more is held back, or when they waited for a year.
        """
        since, tried = dict.fromkeys(self.rows.bases, 0), dict.fromkeys(self.rows.bases, -1)
        held: dict[str, Held] = dict.fromkeys(self.rows.bases, NOBODY)
        closed: list[tuple[str, int, Held]] = []
        for month in range(self.months):
            for base in self.rows.bases:
                if not self.clear[base][: month + 1].any():
                    continue
                end = int(np.flatnonzero(self.clear[base][: month + 1])[-1])
                waited = month + 1 - since[base] >= LONGEST_WAIT
                # What was never told is told once, even where too few came since; after that, nothing is held back where nothing is new.
                never = waited and all(base != other for other, *_ in closed)
                asked = end == month and self._quarter_between(tried[base], month)
                new = asked and len(self.rows.came(base, tried[base] + 1, month)) > 0
                tried[base] = month if asked else tried[base]
                if not (new or never) or not len(self.rows.came(base, since[base], end)):
                    continue
                before = {way: held[base][way] | held[SESSIONS][way] for way in WAYS}
                found = self._held(base, since[base], end, before)
                if found == before or waited:
                    held[base], since[base] = found, end + 1
                    closed.append((base, month, found))
        return closed

    def _held(self, base: str, first: int, last: int, already: Held) -> Held:
        """What is held back of the groups of a base after these months."""
        came = self.rows.came(base, first, last)
        blocks = [block for block in self.of[base] if first <= block[1] <= last]
        bits = np.zeros(len(self.rows.clients), np.int64)
        for number, block in enumerate(blocks):
            bits[self.rows.came(base, *block)] |= 1 << number
        return held_back(self.rows.clients.iloc[came], self.settings, already, bits[came])

    def _quarter_between(self, tried: int, month: int) -> bool:
        """Whether a quarter of the year ended after the month that was tried last, this month included."""
        return (
            not self.rows.dated
            or (self.rows.first + month + 1) // _QUARTER > (self.rows.first + tried + 1) // _QUARTER
        )
