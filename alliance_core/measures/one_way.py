"""How much of a spread lies between groups and how much within: one-way random effects, by analysis of variance.

The same split serves clients within practitioners (measures.pooling), sessions within cases (measures.limits_of_agreement) and ratings
within series (measures.noise). It is made of sums that may come from several parts of the data (measures.sums), each with whole groups.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from alliance_core.measures import TIE
from alliance_core.measures.sums import over, spreads


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
    """The split of `blocks` blocks. `group` numbers each value's group from 0, `block` each value's block; no value missing."""
    return split(block_sums(block, group, value, blocks))


def block_sums(block: np.ndarray, group: np.ndarray, value: np.ndarray, blocks: int) -> pd.DataFrame:
    """What each of `blocks` blocks adds to the split; arguments as for `one_way`. Columns as of `sums_of_groups`."""
    groups = int(group.max(initial=-1)) + 1
    home = np.zeros(groups, np.int64)
    home[group] = block
    return sums_of_groups(home, spreads(group, value, groups), blocks)


def sums_of_groups(block: np.ndarray, groups: pd.DataFrame, blocks: int) -> pd.DataFrame:
    """The same from what is known of each group (`sums.spreads`), `block` numbering each group's block.

    Columns, one row a block: n values, mean of them, squares (Σ n·(mean of the group − mean)²), groups with a value, within (Σ(x − mean of
    its group)²), sizes (Σ n²), own (Σ means of the groups).
    """
    size = groups["n"].to_numpy(float)
    there = size > 0
    own = np.where(there, groups["mean"].to_numpy(), 0.0)

    def total(weights: np.ndarray) -> np.ndarray:
        return np.bincount(block, weights=weights, minlength=blocks)

    n = total(size)
    mean = over(total(size * own), n)
    return pd.DataFrame(
        {
            "n": n,
            "mean": mean,
            "squares": total(np.where(there, size * (own - mean[block]) ** 2, 0.0)),
            "groups": total(there.astype(float)),
            "within": total(groups["squares"].to_numpy()),
            "sizes": total(size**2),
            "own": total(own),
        }
    )


def split(sums: pd.DataFrame) -> OneWay:
    """The split that such sums tell, one value a row.

    n0 = ((Σn)² − Σn²)/((k − 1)·Σn) for k groups of sizes n (Searle, Casella & McCulloch 1992, 3.6; Bland & Altman 2007).
    """
    n, groups = sums["n"].to_numpy(), sums["groups"].to_numpy()
    n0 = over(n - over(sums["sizes"].to_numpy(), n), groups - 1)
    squares, within = sums["squares"].to_numpy(), sums["within"].to_numpy()
    return OneWay(
        n.astype(np.int64), groups.astype(np.int64), sums["mean"].to_numpy(),
        over(squares, groups - 1), over(within, n - groups), n0,
    )  # fmt: skip
