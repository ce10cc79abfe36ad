"""Intervals of counts: of a share (Wilson), and of a number of events in so many sessions (Garwood). For all groups at once."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaincinv, ndtri


def wilson(successes: np.ndarray, trials: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Wilson's interval of a proportion (Wilson 1927), as proportions; 0 to 1 where there is no trial."""
    z = float(ndtri((1 + level) / 2))
    n = np.where(trials > 0, trials, np.nan)
    share = successes / n
    centre = share + z * z / (2 * n)
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n**2))
    scale = 1 + z * z / n
    low, high = (
        np.maximum((centre - half) / scale, 0),
        np.minimum((centre + half) / scale, 1),
    )  # but for rounding
    return np.where(trials > 0, low, 0.0), np.where(trials > 0, high, 1.0)


def poisson(events: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Exact interval of the expected number of independent events, of which so many were counted (Garwood 1936).

    Lower end χ²(α/2; 2·events)/2, upper end χ²(1 − α/2; 2·events + 2)/2; the lower end of none is 0.

    >>> low, high = poisson(np.array([0, 10]), 0.95)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 4.795], [3.689, 18.39])
    """
    tail = (1 - level) / 2
    low = np.where(events > 0, gammaincinv(events, tail), 0.0)
    return low, gammaincinv(np.asarray(events) + 1.0, 1 - tail)
