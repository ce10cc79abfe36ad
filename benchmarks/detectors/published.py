"""Rules as they are found in publications, with no floor of measurement error: what they flag where nothing happened."""

from __future__ import annotations

import numpy as np

NEVER_ZERO = 1e-9  # a flat case has no fall to divide


def spoke(scores: np.ndarray) -> dict[str, np.ndarray]:
    """By rule, at which sessions from the second on it speaks. `scores`: cases × sessions, pct; where one is missing, no rule speaks."""
    fall = scores[:, :-1] - scores[:, 1:]
    own = np.fmax(np.nanstd(scores, axis=1, ddof=1, keepdims=True), NEVER_ZERO)
    change = np.sqrt(np.nanmean(fall**2))  # a difference of two ratings varies by this much
    pairs = np.maximum((~np.isnan(fall)).sum(axis=1, keepdims=True), 1)
    moving_range = np.fmax(np.nansum(np.abs(fall), axis=1, keepdims=True) / pairs, NEVER_ZERO)
    centre = np.nanmean(scores, axis=1, keepdims=True)
    return {
        "fall of one own SD since the session before": fall >= own,
        "fall of two own SDs since the session before": fall >= 2 * own,
        "reliable change since the session before, its error known": fall >= 1.96 * change,
        "individuals chart over all sessions, looking back": (centre - scores)[:, 1:] > 2.66 * moving_range,
    }
