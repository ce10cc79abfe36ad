"""Limits of agreement: within which most single gaps lie. A description of the gaps, not a test of them."""

from __future__ import annotations

import numpy as np

from alliance_core.measures.correlation import Interval
from alliance_core.measures.one_way import OneWay


def limits(mean: np.ndarray, variance: np.ndarray, width: float) -> Interval:
    """mean ± width·√variance, pct points; `width` 1.96 takes in 95 % of normal gaps (Bland & Altman 1986)."""
    half = width * np.sqrt(variance)
    return mean - half, mean + half


def repeated_pairs(gaps: OneWay, width: float) -> Interval:
    """Limits for several pairs a case whose true value varies (Bland & Altman 2007, section 3).

    `gaps`: the gaps by case. The variance of a single gap is s_b² + MSW, s_b² = max(0, (MSB − MSW)/m0). With one pair
    a case there is no MSW, and s_b² + MSW is MSB. Missing with fewer than two cases: how far cases differ is then unknown.
    """
    single = np.where(gaps.n > gaps.groups, gaps.between + gaps.within, gaps.between_square)
    return limits(gaps.mean, single, width)
