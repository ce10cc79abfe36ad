"""Drawing means together: groups of one kind by one-way random effects, estimates with known errors by DerSimonian & Laird."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtri

from alliance_core.measures import TIE
from alliance_core.measures.one_way import OneWay, split, sums_of_groups
from alliance_core.measures.sums import spreads


class Pooled(NamedTuple):
    """One-way random effects of one set of groups.

    `split`: the analysis of variance (one block). `mean` μ with `mean_error`, its standard error. By group: `size` n_j, `own`
    mean, `reliability` λ_j = τ²/(τ² + σ²/n_j), `estimate` μ + λ_j·(own − μ) with the ends of its interval. Missing: a
    group without values; all estimates while τ² and σ² cannot be told (one group, or no group with two values).
    """

    split: OneWay
    mean: float
    mean_error: float
    size: np.ndarray
    own: np.ndarray
    reliability: np.ndarray
    estimate: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @property
    def between(self) -> float:
        return float(self.split.between[0])

    @property
    def within(self) -> float:
        return float(self.split.within[0])

    @property
    def no_difference(self) -> bool:
        """τ² = 0: the groups differ no more than chance makes them differ. Then λ = 0, and every estimate is μ."""
        return self.between == 0


def pool(group: np.ndarray, value: np.ndarray, groups: int, level: float) -> Pooled:
    """`pool_of` the values of `groups` groups, numbered from 0; no value missing."""
    return pool_of(spreads(group, value, groups), level)


def pool_of(groups: pd.DataFrame, level: float) -> Pooled:
    """Shrunken means of groups, from the columns of `sums.spreads`.

    μ is weighted by 1/(τ² + σ²/n_j). The interval is normal, of coverage `level`, with the error
    √(τ²(1 − λ_j) + (1 − λ_j)²·SE(μ)²); that τ² and σ² are estimates themselves is not in it (Searle, Casella & McCulloch 1992,
    chapter 7). With τ² = 0 all estimates are μ, with its interval. Without any spread within groups (σ² = 0, within TIE) there
    is no error to go by, and intervals are missing.
    """
    parts = split(sums_of_groups(np.zeros(len(groups), np.int64), groups, 1))
    between, within = float(parts.between[0]), float(parts.within[0])
    size, own = groups["n"].to_numpy().astype(np.int64), groups["mean"].to_numpy()
    n = np.where(size > 0, size, np.nan)
    if np.isnan(between):
        nothing = np.full(len(groups), np.nan)
        return Pooled(parts, np.nan, np.nan, size, own, nothing, nothing, nothing, nothing)
    # With τ² = 0 weights are as the sizes, and σ² drops out of the mean.
    weight = n if between == 0 else n / (between * n + within)
    mean = float(np.nansum(weight * own) / np.nansum(weight))
    squared = within / np.nansum(n) if between == 0 else 1 / np.nansum(weight)
    share = between * weight
    estimate = mean + share * (own - mean)
    z = ndtri((1 + level) / 2) if within > TIE else np.nan
    half = z * np.sqrt(between * (1 - share) + (1 - share) ** 2 * squared)
    error = float(np.sqrt(squared)) if within > TIE else np.nan
    return Pooled(parts, mean, error, size, own, share, estimate, estimate - half, estimate + half)


class RandomEffects(NamedTuple):
    """Estimates with known errors, drawn together (DerSimonian & Laird 1986).

    `estimates` there are, `mean` with its `error`, `between` τ², Cochran's `q` on one less degrees of freedom, and
    `inconsistency` I² = max(0, (Q − df)/Q), the share of the spread that is more than chance (Higgins & Thompson 2002). One
    estimate stands for itself; all are missing without estimates.
    """

    estimates: int
    mean: float
    error: float
    between: float
    q: float
    inconsistency: float


def random_effects(estimate: np.ndarray, error: np.ndarray) -> RandomEffects:
    """`random_effects_of` estimates with known standard errors (> 0); none may be missing.

    >>> schools = random_effects(np.array([28.0, 8, -3, 7, -1, 1, 18, 12]), np.array([15.0, 10, 16, 11, 9, 11, 10, 18]))
    >>> schools.between, round(schools.q, 4)
    (0.0, 4.7071)
    """
    each = pd.DataFrame({"n": 1.0, "mean": estimate, "squares": 0.0}, index=range(len(estimate)))
    return random_effects_of(each, error)


def random_effects_of(estimates: pd.DataFrame, error: np.ndarray) -> RandomEffects:
    """DerSimonian & Laird's mean of estimates with known standard errors.

    In: one row for all estimates of one error, with columns as of `sums.spreads`, n at least 1; `error` of each row (> 0).
    τ² = max(0, (Q − (k − 1))/(Σw − Σw²/Σw)), w = 1/error²; the mean is then weighted by 1/(error² + τ²).
    """
    n, own = estimates["n"].to_numpy(), estimates["mean"].to_numpy()
    count = int(n.sum())
    if count < 2:  # nothing to draw together
        (mean, of_mean), spread = ((own[0], error[0]), 0.0) if count else ((np.nan, np.nan), np.nan)
        return RandomEffects(count, float(mean), float(of_mean), spread, spread, spread)
    weight = 1 / error**2
    total = float(np.sum(n * weight))
    fixed = np.sum(n * weight * own) / total
    q = float(np.sum(weight * (estimates["squares"].to_numpy() + n * (own - fixed) ** 2)))
    excess = max(0.0, q - (count - 1))
    between = excess / (total - float(np.sum(n * weight**2)) / total)
    weight = 1 / (error**2 + between)
    mean = float(np.sum(n * weight * own) / np.sum(n * weight))
    return RandomEffects(
        count, mean, float(1 / np.sqrt(np.sum(n * weight))), between, q, excess / max(q, count - 1)
    )
