"""Drawing means together: groups of one kind by one-way random effects, estimates with known errors by DerSimonian & Laird."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from alliance_core.measures import TIE
from alliance_core.measures.one_way import OneWay, one_way


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
    """Shrunken means of `groups` groups, numbered from 0; no value missing.

    μ is weighted by 1/(τ² + σ²/n_j). The interval is normal, of coverage `level`, with the error
    √(τ²(1 − λ_j) + (1 − λ_j)²·SE(μ)²); that τ² and σ² are estimates themselves is not in it (Searle, Casella & McCulloch 1992,
    chapter 7). With τ² = 0 all estimates are μ, with its interval. Without any spread within groups (σ² = 0, within TIE) there
    is no error to go by, and intervals are missing.
    """
    split = one_way(np.zeros(len(group), np.int64), group, value, 1)
    between, within = float(split.between[0]), float(split.within[0])
    size = np.bincount(group, minlength=groups)
    n = np.where(size > 0, size, np.nan)
    own = np.bincount(group, weights=value, minlength=groups) / n
    if np.isnan(between):
        nothing = np.full(groups, np.nan)
        return Pooled(split, np.nan, np.nan, size, own, nothing, nothing, nothing, nothing)
    # With τ² = 0 weights are as the sizes, and σ² drops out of the mean.
    weight = n if between == 0 else n / (between * n + within)
    mean = float(np.nansum(weight * own) / np.nansum(weight))
    squared = within / np.nansum(n) if between == 0 else 1 / np.nansum(weight)
    share = between * weight
    estimate = mean + share * (own - mean)
    z = ndtri((1 + level) / 2) if within > TIE else np.nan
    half = z * np.sqrt(between * (1 - share) + (1 - share) ** 2 * squared)
    error = float(np.sqrt(squared)) if within > TIE else np.nan
    return Pooled(split, mean, error, size, own, share, estimate, estimate - half, estimate + half)


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
    """DerSimonian & Laird's mean of estimates with known standard errors (> 0); none may be missing.

    τ² = max(0, (Q − (k − 1))/(Σw − Σw²/Σw)), w = 1/error²; the mean is then weighted by 1/(error² + τ²).

    >>> schools = random_effects(np.array([28.0, 8, -3, 7, -1, 1, 18, 12]), np.array([15.0, 10, 16, 11, 9, 11, 10, 18]))
    >>> schools.between, round(schools.q, 4)
    (0.0, 4.7071)
    """
    count = len(estimate)
    if count < 2:  # nothing to draw together
        (mean, of_mean), spread = ((estimate[0], error[0]), 0.0) if count else ((np.nan, np.nan), np.nan)
        return RandomEffects(count, float(mean), float(of_mean), spread, spread, spread)
    weight = 1 / error**2
    fixed = np.sum(weight * estimate) / np.sum(weight)
    q = float(np.sum(weight * (estimate - fixed) ** 2))
    excess = max(0.0, q - (count - 1))
    between = excess / float(np.sum(weight) - np.sum(weight**2) / np.sum(weight))
    weight = 1 / (error**2 + between)
    mean = float(np.sum(weight * estimate) / np.sum(weight))
    return RandomEffects(
        count, mean, float(1 / np.sqrt(np.sum(weight))), between, q, excess / max(q, count - 1)
    )
