"""Intraclass correlation from two-way mean squares, with F-based intervals (McGraw & Wong 1996).

ICC(A,1): agreement in absolute marks. ICC(C,1): consistency, a constant gap does not count. Negative values
are reported as they are: the raters agree less than by chance. Shrout & Fleiss 1979 call them ICC(2,1) and ICC(3,1).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import fdtri

from alliance_core.measures.correlation import entire


class MeanSquares(NamedTuple):
    """Two-way mean squares, one value a group: n rows (sessions), k columns (raters), and between rows, between columns, error."""

    n: np.ndarray
    k: int
    rows: np.ndarray
    columns: np.ndarray
    error: np.ndarray


class Intraclass(NamedTuple):
    """Both coefficients with the ends of their intervals, one value a group; missing where they cannot be computed."""

    a1: np.ndarray
    a1_low: np.ndarray
    a1_high: np.ndarray
    c1: np.ndarray
    c1_low: np.ndarray
    c1_high: np.ndarray


def mean_squares(ratings: np.ndarray, group: np.ndarray, groups: int) -> MeanSquares:
    """Mean squares of every group. `ratings`: rows × raters, at least two raters, none missing; `group` numbers the rows from 0.

    Missing for groups of fewer than two rows.
    """
    k = ratings.shape[1]

    def total(value: np.ndarray) -> np.ndarray:
        return np.bincount(group, weights=value, minlength=groups)

    n = np.bincount(group, minlength=groups)
    enough = np.where(n > 1, n, np.nan)  # from here on all that is less is missing
    columns = [np.ascontiguousarray(one) for one in ratings.T]
    column_mean = np.stack([total(one) / enough for one in columns], axis=1)
    grand, row_mean = column_mean.mean(axis=1), sum(columns) / k
    left = np.zeros(len(group))
    for one, mean in zip(columns, column_mean.T, strict=True):
        left += (one - row_mean - mean[group] + grand[group]) ** 2
    return MeanSquares(
        n,
        k,
        k * total((row_mean - grand[group]) ** 2) / (enough - 1),
        enough * ((column_mean - grand[:, None]) ** 2).sum(axis=1) / (k - 1),
        total(left) / ((enough - 1) * (k - 1)),
    )


def intraclass(of: MeanSquares, level: float, here: np.ndarray) -> Intraclass:
    """Both coefficients with intervals of coverage `level` (McGraw & Wong 1996, tables 4 and 7), where `here` holds.

    Intervals are missing where a coefficient is 1 (within TIE): without any disagreement there is no error to go by.
    """
    groups, at = len(here), np.flatnonzero(here)
    of = MeanSquares(of.n[at], of.k, of.rows[at], of.columns[at], of.error[at])
    here = here[at]
    n, k, p = of.n, of.k, (1 + level) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = of.rows - of.error
        a1 = _where(here, difference / (of.rows + (k - 1) * of.error + k / n * (of.columns - of.error)))
        c1 = _where(here, difference / (of.rows + (k - 1) * of.error))
        low, high = _agreement_interval(of, a1, p)
        sizes, size = np.unique(n, return_inverse=True)
        lower, upper = (end[size] for end in _quantiles(sizes - 1, (sizes - 1) * (k - 1), p))
        ratio = of.rows / of.error
        c_low = (ratio / lower - 1) / (ratio / lower + k - 1)
        c_high = (ratio * upper - 1) / (ratio * upper + k - 1)
    a1_low, a1_high = (_where(~entire(a1), end) for end in (low, high))
    c1_low, c1_high = (_where(here & ~entire(c1), end) for end in (c_low, c_high))
    found = np.full((6, groups), np.nan)
    found[:, at] = a1, a1_low, a1_high, c1, c1_low, c1_high
    return Intraclass(*found)


def _where(here: np.ndarray, value: np.ndarray) -> np.ndarray:
    """The value where it is wanted and can be computed, else missing."""
    return np.where(here & np.isfinite(value), value, np.nan)


def _quantiles(rows: np.ndarray, error: np.ndarray, p: float) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles of F(rows, error) and of F(error, rows)."""
    return fdtri(rows, error, p), fdtri(error, rows, p)


def _agreement_interval(of: MeanSquares, a1: np.ndarray, p: float) -> tuple[np.ndarray, np.ndarray]:
    """Interval of ICC(A,1), with Satterthwaite's degrees of freedom for columns and error together.

    These are held at k − 1 or more, the least they can be while both weights are positive; of a negative coefficient one is
    not, and the interval might leave its own coefficient outside.
    """
    n, k = of.n, of.k
    a = k * a1 / (n * (1 - a1))
    b = 1 + k * a1 * (n - 1) / (n * (1 - a1))
    columns, error = a * of.columns, b * of.error
    freedom = (columns + error) ** 2 / (columns**2 / (k - 1) + error**2 / ((n - 1) * (k - 1)))
    lower, upper = _quantiles(n - 1, np.maximum(freedom, k - 1), p)
    beside = k * of.columns + (k * n - k - n) * of.error
    low = n * (of.rows / lower - of.error) / (beside + n * of.rows / lower)
    high = n * (of.rows * upper - of.error) / (beside + n * of.rows * upper)
    return low, high
