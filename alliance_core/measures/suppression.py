"""Which groups may be published, so that nobody can work out the figures of a few: the one place where that is settled.

A group that is too small is held back: it is counted together with others, before anything is computed. So whatever is published is
a figure of groups that are all large enough, and so is every difference between them. When a summary may be told at all, so that the
same holds of the difference between two of them, is settled by measures.closed_periods, which asks here.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from alliance_core.measures.differences import blocks_told_apart, given_away, parts
from alliance_core.settings import SuppressionSettings

WAYS = ("approach", "team")
NOBODY: Mapping[str, frozenset[str]] = dict.fromkeys(WAYS, frozenset())


def enough(clients: int, practitioners: int, settings: SuppressionSettings) -> bool:
    """Whether a group of so many clients (≥) of so many practitioners (≥) may be published."""
    return clients >= settings.min_clients and practitioners >= settings.min_practitioners


def held_back(
    clients: pd.DataFrame,
    settings: SuppressionSettings,
    already: Mapping[str, frozenset[str]] = NOBODY,
    blocks: np.ndarray | None = None,
) -> dict[str, frozenset[str]]:
    """The groups of either kind that are held back and counted as one.

    In: one row for each client that counts in a figure: practitioner, approach, team (text, none missing). Held back are groups that are too
    small; then, smallest first and by name where equal, further ones until those held back are two or more and together large enough
    (so that the total minus what is shown reveals none); and groups without which approaches and teams together would give away too
    few clients (measures.differences). Where that takes all groups of a kind, none of it is published.

    `already`: groups that are held back whatever their size. `blocks`: where the total is published of several stretches of time on their own, in which of
    them each client counts, as bits (1, 2, 4 …); then groups are held back until a stretch minus groups gives nobody away either.
    """
    practitioner = pd.factorize(clients["practitioner"])[0]
    kinds = {way: _Kind(clients[way].to_numpy(object), practitioner, already[way], settings) for way in WAYS}
    while len(clients):
        first, second = (kind.published for kind in kinds.values())
        part = next(given_away(parts(first, second, practitioner), settings), None)
        apart = blocks is None or not blocks_told_apart(first, second, practitioner, blocks, settings)
        if part is None and apart:
            break
        at = [] if part is None else [(kinds[way], group) for way, group in zip(WAYS, part[:2], strict=True)]
        open_ends = [(kind.size[group], kind, group) for kind, group in at if not kind.held[group]]
        if not open_ends:  # both are held back already: one of those that they are counted with has to grow
            open_ends = [
                (kind.size[group], kind, group)
                for kind in kinds.values()
                for group in np.flatnonzero(~kind.held)
            ]
        if not open_ends:
            break
        _, kind, group = min(open_ends, key=lambda one: one[0])
        kind.hold(int(group))
    return {way: frozenset(kind.names[kind.held].tolist()) for way, kind in kinds.items()}


class _Kind:
    """The groups of one kind, numbered in order of their names, and which of them are held back."""

    def __init__(
        self,
        group: np.ndarray,
        practitioner: np.ndarray,
        already: frozenset[str],
        settings: SuppressionSettings,
    ) -> None:
        self.settings = settings
        every = np.concatenate([group, np.array(sorted(already), dtype=object)])
        self.names, code = np.unique(every, return_inverse=True)
        self.code = code[: len(group)]
        self.practitioner = practitioner
        self.size = np.bincount(self.code, minlength=len(self.names))
        people = int(practitioner.max(initial=0)) + 1
        staff = np.bincount(np.unique(self.code * people + practitioner) // people, minlength=len(self.names))
        small = [not enough(n, people, settings) for n, people in zip(self.size, staff, strict=True)]
        self.held = np.array(small, bool) | np.isin(self.names, [*already])
        self._fill()

    @property
    def published(self) -> np.ndarray:
        """The group that each client is counted in; those held back are one, under the number of the first of them."""
        return np.where(self.held[self.code], np.argmax(self.held), self.code)

    def hold(self, group: int) -> None:
        self.held[group] = True
        self._fill()

    def _fill(self) -> None:
        """Holds back the smallest of the others until those held back may be published as one."""
        while self.held.any() and not self.held.all() and not self._large_enough():
            others = np.flatnonzero(~self.held)
            self.held[others[np.argmin(self.size[others])]] = True

    def _large_enough(self) -> bool:
        inside = self.held[self.code]
        people = len(np.unique(self.practitioner[inside]))
        return int(self.held.sum()) > 1 and enough(int(inside.sum()), people, self.settings)
