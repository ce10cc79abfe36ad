"""How much of a spread lies between groups and how much within: one-way random effects, by analysis of variance.

The same split serves clients within practitioners (measures.pooling) and sessions within cases (measures.limits_of_agreement).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alliance_core.measures import TIE


class OneWay(NamedTuple):
    """The split of each block, one value a block. Squares are in the square of the values' unit.

    `n` values, `groups` with a value, `mean` of all values, `between_square` and `within_square` (mean squares), `n0` the
    size that unequal groups count as, `between` τ² = max(0, (MSB − MSW)/n0) and `within` σ² = MSW. Missing: MSB and τ² with
    fewer than two groups, MSW and what needs it where no group has two values.
    """

    n: np.ndarray
    groups: np.ndarray
    mean: np.ndarray
    between_square: np.ndarray
    within_square: np.ndarray
    n0: np.ndarray

    @property
    def between(self) -> np.ndarray:
        excess = self.between_square - self.within_square
        return np.where(excess <= TIE, 0.0, excess / self.n0)

    @property
    def within(self) -> np.ndarray:
        return self.within_square


def one_way(block: np.ndarray, group: np.ndarray, value: np.ndarray, blocks: int) -> OneWay:
    """The split of `blocks` blocks. `group` numbers each value's group from 0, `block` each value's block; no value missing.

    n0 = ((Σn)² − Σn²)/((k − 1)·Σn) for k groups of sizes n (Searle, Casella & McCulloch 1992, 3.6; Bland & Altman 2007).
    """
    size = np.bincount(group)
    home = np.zeros(len(size), np.int64)
    home[group] = block
    there = size > 0
    n = np.bincount(block, minlength=blocks)
    k = np.bincount(home[there], minlength=blocks)
    mean = _over(np.bincount(block, weights=value, minlength=blocks), n)
    own = _over(np.bincount(group, weights=value), size)
    between = np.bincount(home[there], weights=(size * (own - mean[home]) ** 2)[there], minlength=blocks)
    within = np.bincount(block, weights=(value - own[group]) ** 2, minlength=blocks)
    sizes = np.bincount(home, weights=size**2, minlength=blocks)
    n0 = _over(n - _over(sizes, n), k - 1)
    return OneWay(n, k, mean, _over(between, k - 1), _over(within, n - k), n0)


def _over(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """above/below where below is positive, else missing."""
    return np.divide(above, below, out=np.full(len(below), np.nan), where=below > 0)
