"""What groups of two kinds that are both published give away together, by subtraction.

Totals of approaches and of teams are over the same clients. Where every client of a team works by one of two approaches, these two
minus the team leave the other clients of both, and they may be few. A set of clients can be worked out exactly when it is a sum of
published groups minus a sum of others. The smallest of such sets are the cuts of a graph: a node for each group, an edge for the clients
that an approach and a team share; approaches on one side of the cut, with whole teams, minus these teams. So sets that are too small
are found by maximum flow, whatever the number of groups.

Where the total is published of several stretches of time and groups only of all of these together, a stretch minus groups leaves clients, too.
Such a set is a sum α(approach) + β(team) + γ(stretch) that is 0 or 1 for every client in every stretch. Where γ is the same for all
stretches, it is one of the sets above. Where it is not, take the stretches with the largest γ: clients of an approach and a team that are also met in the other
stretches lie in the set there, as there is no third value between 0 and 1. So a set is large enough wherever these are, however the stretches are parted in two.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from alliance_core.settings import SuppressionSettings


class Part(NamedTuple):
    """The clients that the first kind's group `first` and the second kind's group `second` share: how many, and whose."""

    first: int
    second: int
    clients: int
    practitioners: frozenset[int]


def parts(first: np.ndarray, second: np.ndarray, practitioner: np.ndarray) -> list[Part]:
    """Every pair of groups that shares clients, in order. In: each client's groups and practitioner, as numbers from 0."""
    others, people = int(second.max(initial=0)) + 1, int(practitioner.max(initial=0)) + 1
    cell, code, size = np.unique(
        first.astype(np.int64) * others + second, return_inverse=True, return_counts=True
    )
    of, whose = np.divmod(np.unique(code * people + practitioner), people)
    staff = np.split(whose, np.flatnonzero(np.diff(of)) + 1)
    return [
        Part(one, other, count, frozenset(who.tolist()))
        for one, other, count, who in zip(
            (cell // others).tolist(), (cell % others).tolist(), size.tolist(), staff, strict=True
        )
    ]


def given_away(known: list[Part], settings: SuppressionSettings) -> Iterator[Part]:
    """Those parts that lie in a set of clients that can be worked out and holds too few clients, or clients of too few practitioners. `known` is not empty."""
    groups = max(part.first for part in known) + 1
    few_clients = _smallest_cut(known, groups, settings.min_clients)
    ways = _Ways(known, groups)
    for part in known:
        few = part.clients < settings.min_clients and few_clients(part)
        if few or ways.cut(part, part.practitioners, settings.min_practitioners):
            yield part


def _smallest_cut(known: list[Part], groups: int, least: int) -> Callable[[Part], bool]:
    """Whether the smallest cut through a part holds fewer than `least` clients. No edge may lead back over a cut."""
    start = np.array([part.first for part in known], np.int32)
    end = np.array([groups + part.second for part in known], np.int32)
    room = np.array([min(part.clients, least) for part in known], np.int32)
    endless = np.full(len(known), least * len(known), np.int32)
    nodes = int(end.max()) + 1
    edges = np.concatenate([start, end]), np.concatenate([end, start])
    graph = csr_array((np.concatenate([room, endless]), edges), shape=(nodes, nodes))
    return lambda part: int(maximum_flow(graph, part.first, groups + part.second).flow_value) < least


class _Ways:
    """The edges of the graph by the node that they leave."""

    def __init__(self, known: list[Part], groups: int) -> None:
        self.groups = groups
        self.onward: dict[int, list[tuple[int, frozenset[int]]]] = {}
        self.back: dict[int, list[int]] = {}
        for part in known:
            self.onward.setdefault(part.first, []).append((groups + part.second, part.practitioners))
            self.back.setdefault(groups + part.second, []).append(part.first)

    def cut(self, part: Part, whose: frozenset[int], least: int) -> bool:
        """Whether a cut through `part` takes clients of fewer than `least` practitioners, `whose` among them.

        Where a way from one end to the other is left by cutting only `whose` clients, one of its other edges must be cut as well.
        """
        if len(whose) >= least:
            return False
        met = self._way(part.first, self.groups + part.second, whose)
        return met is None or any(self.cut(part, whose | more, least) for more in met)

    def _way(self, start: int, end: int, whose: frozenset[int]) -> list[frozenset[int]] | None:
        """The practitioners of each onward edge of a shortest way that avoids edges of nobody but `whose`; None where there is no way."""
        ways: dict[int, list[frozenset[int]]] = {start: []}
        to_leave = deque([start])
        while to_leave and end not in ways:
            node = to_leave.popleft()
            onward = [(other, [more]) for other, more in self.onward.get(node, ()) if not more <= whose]
            for other, more in [*onward, *((other, []) for other in self.back.get(node, ()))]:
                if other not in ways:
                    ways[other] = ways[node] + more
                    to_leave.append(other)
        return ways.get(end)


_MOST_BLOCKS = 16  # stretches of time that are parted in every way; of more, it is taken that they might
_AT_ONCE = 1_000_000  # entries looked at together: more take memory and save no time


def blocks_told_apart(
    first: np.ndarray,
    second: np.ndarray,
    practitioner: np.ndarray,
    blocks: np.ndarray,
    settings: SuppressionSettings,
) -> bool:
    """Whether stretches of time minus groups might give away too few clients.

    In: each client's groups and practitioner, as numbers from 0, and the stretches that the client counts in, as bits. It errs on the safe side.
    """
    many = int(np.bitwise_or.reduce(blocks)).bit_length()
    if many < 2:
        return False
    if many > _MOST_BLOCKS:
        return True
    cell = first.astype(np.int64) * (int(second.max()) + 1) + second
    kept, code = np.unique(cell, return_inverse=True)
    met = np.zeros(len(kept), np.int64)
    np.bitwise_or.at(met, code, blocks)
    # Clients who are alike in all that matters are one row, with their number.
    rows, size = np.unique(np.stack([practitioner, code, blocks]), axis=1, return_counts=True)
    whose, of, here = rows
    each = np.flatnonzero(np.diff(whose, prepend=-1))  # where the rows of each practitioner begin
    choices = np.arange(1, 2**many - 1)  # every choice of stretches but none and all
    for some in np.array_split(choices[:, None], 1 + len(choices) * len(whose) // _AT_ONCE):
        inside = ((here & some) > 0) & ((met[of] & some) > 0) & ((met[of] & ~some) > 0)
        people = np.add.reduceat(inside, each, axis=1, dtype=np.int32) > 0
        few = (inside @ size < settings.min_clients) | (people.sum(axis=1) < settings.min_practitioners)
        if few.any():
            return True
    return False
