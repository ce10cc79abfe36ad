"""Sums of parts of the data, drawn together: what pooled figures are made of, so that many parts give what one would.

A part holds whole cases. What a part adds is a frame of one row a key (an instrument, rater and facet; a practitioner): counts and totals,
and, where n, mean and squares are among the columns, a mean of n values with the sum of squared deviations from it. These are
brought together by squares + Σ n·(mean − that of all)² (Chan, Golub & LeVeque 1983), which loses no digits where a plain sum of squares would.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd


def over(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """above/below where below is positive, else missing."""
    return np.divide(above, below, out=np.full(len(below), np.nan), where=below > 0)


def spreads(group: np.ndarray, value: np.ndarray, groups: int) -> pd.DataFrame:
    """Columns n, mean (missing where there is no value) and squares of each group; groups are numbered from 0, no value is missing.

    >>> spreads(np.array([0, 0, 1]), np.array([1.0, 3, 5]), 2).to_numpy().tolist()
    [[2.0, 2.0, 2.0], [1.0, 5.0, 0.0]]
    """
    n = np.bincount(group, minlength=groups).astype(float)
    mean = over(np.bincount(group, weights=value, minlength=groups), n)
    apart = mean[group]
    np.subtract(value, apart, out=apart)
    apart *= apart
    squares = np.bincount(group, weights=apart, minlength=groups)
    return pd.DataFrame({"n": n, "mean": mean, "squares": squares})


def together(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One row for each key of any part, in order of the keys. Parts are added in the order given, so the same parts give the same bits.

    In: at least one frame, all with the same columns, indexed by their keys.

    >>> part = pd.DataFrame({"n": [2.0], "mean": [2.0], "squares": [2.0]}, index=["a"])
    >>> together([part, part.assign(n=1.0, mean=5.0, squares=0.0)]).to_numpy().tolist()
    [[3.0, 3.0, 8.0]]
    """
    if len(parts) == 1:
        return parts[0]
    every = pd.concat(parts)
    levels = list(range(every.index.nlevels))
    keys = every.groupby(level=levels, sort=True)
    return _by(every, keys.ngroup().to_numpy(), keys.size().index)


def as_one(sums: pd.DataFrame) -> pd.DataFrame:
    """All rows as one; without rows, nothing and a missing mean."""
    return _by(sums, np.zeros(len(sums), np.int64), pd.RangeIndex(1))


def _by(sums: pd.DataFrame, code: np.ndarray, index: Any) -> pd.DataFrame:
    """The rows brought together by number (from 0)."""

    def total(weights: np.ndarray) -> np.ndarray:
        return np.bincount(code, weights=weights, minlength=len(index))

    found = {name: total(sums[name].to_numpy(float)) for name in sums.columns}
    if "mean" in found:
        n = sums["n"].to_numpy(float)
        mean = np.where(n > 0, sums["mean"].to_numpy(float), 0.0)
        found["mean"] = over(total(n * mean), found["n"])
        apart = np.where(n > 0, mean - found["mean"][code], 0.0)
        found["squares"] = found["squares"] + total(n * apart**2)
    return pd.DataFrame(found, index=index, columns=sums.columns)
