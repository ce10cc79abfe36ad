"""`reliable_change`: a fall from one session to the next that is larger than measurement error explains.

Jacobson & Truax 1991. What counts as error hangs on the reliability that is put in: alpha describes the items of one
sitting and makes the error far too small between sessions, so the default is the dependability of a single session's score.
"""

from __future__ import annotations

import numpy as np

from alliance_core.measures import TIE
from alliance_core.measures.detectors.courses import Courses
from alliance_core.measures.detectors.signals import Signals, share_of
from alliance_core.measures.detectors.walk import Walk, walk
from alliance_core.settings import Settings


def find(courses: Courses, settings: Settings, threshold: float | None = None) -> Walk:
    """x_{t−1} − x_t ≥ z·√2·SD·√(1 − r) opens, z = `threshold` where given. Level: the rating before. Ties count (≥)."""
    own, level = settings.reliable_change, courses.before(1)
    limit = own.z if threshold is None else threshold
    error = error_of_change(courses.sd, own.reliability)
    opens = level - courses.value >= limit * error - TIE
    members = np.minimum(courses.place, 1)
    return walk(
        courses, Signals(level, error, members, opens, share_of(limit, settings.episodes)), settings.episodes
    )


def standard_error(sd: np.ndarray | float, reliability: float) -> np.ndarray | float:
    """Standard error of measurement of one score: SD·√(1 − r).

    >>> round(float(standard_error(10.5, 0.961)), 6)
    2.073584
    """
    return sd * np.sqrt(1 - reliability)


def error_of_change(sd: np.ndarray | float, reliability: float) -> np.ndarray:
    """Standard error of the difference of two scores: √2·SD·√(1 − r). A fall of 1.96 of them is the reliable change.

    >>> round(float(error_of_change(10.5, 0.961)), 5)
    2.93249
    """
    return np.asarray(np.sqrt(2) * standard_error(sd, reliability))
