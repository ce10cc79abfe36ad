"""Rated sessions as a rule reads them: bare arrays, so that a rule needs no frame and a benchmark none either."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from alliance_core.measures.series import starts


@dataclass(frozen=True)
class Courses:
    """The rated sessions of many series, one entry each; the sessions of one series are neighbours, in order.

    `series`: numbers in order from 0. `value`: pct. `sigma`: what one rating varies by, pct points, by entry. All of one length.
    """

    series: np.ndarray
    value: np.ndarray
    sigma: np.ndarray

    @cached_property
    def first(self) -> np.ndarray:
        """The first entry of each series."""
        return starts(self.series)

    def positions(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """For every session position: the series that reach so far, and the entry of each there."""
        length = np.diff(self.first, append=len(self.series))
        longest_first = np.argsort(-length, kind="stable")
        falling = -length[longest_first]
        for place in range(int(length.max(initial=0))):
            alive = longest_first[: np.searchsorted(falling, -place, side="left")]
            yield alive, self.first[alive] + place
