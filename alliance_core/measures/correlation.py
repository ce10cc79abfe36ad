"""Moving together: correlation with Fisher's interval, Lin's concordance, the slope of truth and bias.

All take `paired.Moments` and give one value a group. None is computed where a side is flat: a side that never moved
neither agrees nor disagrees. Values are reported as they are, negative ones too.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri, stdtrit

from alliance_core.measures import TIE
from alliance_core.measures.paired import Moments

Interval = tuple[np.ndarray, np.ndarray]


def _quotient(above: np.ndarray, below: np.ndarray, known: np.ndarray) -> np.ndarray:
    """above/below where known, else missing."""
    return np.divide(above, below, out=np.full(len(known), np.nan), where=known)


def entire(coefficient: np.ndarray) -> np.ndarray:
    """Where a coefficient is 1 (within TIE, ≥): there is no scatter, so there is no error to go by."""
    return coefficient >= 1 - TIE


def pearson(of: Moments) -> np.ndarray:
    """Pearson's correlation of both sides over a group's sessions; missing where a side is flat."""
    r = _quotient(of.products, np.sqrt(of.client_squares * of.practitioner_squares), ~of.flat)
    return np.clip(r, -1, 1)


def fisher_interval(r: np.ndarray, n: np.ndarray, level: float) -> Interval:
    """Fisher's interval of a correlation: tanh(atanh r ± z/√(n − 3)) (Fisher 1921).

    Missing below n = 4, and where all pairs lie on one line (|r| = 1, within TIE): no scatter, no error to go by.
    """
    known = (n > 3) & ~entire(np.abs(r))
    middle = np.arctanh(np.where(known, r, np.nan))
    half = ndtri((1 + level) / 2) / np.sqrt(np.where(known, n - 3, np.nan))
    return np.tanh(middle - half), np.tanh(middle + half)


def concordance(of: Moments) -> np.ndarray:
    """Lin's concordance with divisor n: 2·s_cp/(s_c² + s_p² + (mean gap)²) (Lin 1989); missing where a side is flat."""
    apart = of.practitioner_mean - of.client_mean
    return _quotient(2 * of.products, of.client_squares + of.practitioner_squares + of.n * apart**2, ~of.flat)


def truth_slope(of: Moments) -> np.ndarray:
    """Temporal congruence: b1 of the truth-and-bias model (West & Kenny 2011), no unit; missing where a side is flat.

    Slope of the practitioner's rating on the client's over a case's sessions, both centred on the case's client mean; the
    centring moves only the intercept, which is the mean gap. 1: the practitioner's rating moves as far as the client's.
    """
    return _quotient(of.products, of.client_squares, ~of.flat)


def slope_interval(of: Moments, level: float) -> Interval:
    """t-interval of that slope, with n − 2 degrees of freedom; missing where all pairs lie on one line, as two always do."""
    slope = truth_slope(of)
    known = ~of.flat & ~entire(np.abs(pearson(of)))
    freedom = np.where(known, of.n - 2, np.nan)
    left = np.maximum(of.practitioner_squares - slope * of.products, 0)
    error = np.sqrt(_quotient(left, of.client_squares * (of.n - 2), known))
    half = stdtrit(freedom, (1 + level) / 2) * error
    return slope - half, slope + half
