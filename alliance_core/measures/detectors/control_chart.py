"""`control_chart`: below the lower limit of an individuals chart whose limits are those of the case's first sessions.

Limits: mean ± 3 standard deviations, these being the mean moving range divided by 1.128, which is mean ± 2.66·mean moving range (NIST/SEMATECH
e-Handbook 6.3.2.2). The retrospective form, whose limits know the whole series, is for drawing only: it uses what came later,
and an isolated dip cannot signal in fewer than 8 sessions.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alliance_core.measures import TIE
from alliance_core.measures.detectors.courses import Courses
from alliance_core.measures.detectors.signals import Signals, newly, share_of
from alliance_core.measures.detectors.walk import Walk, walk
from alliance_core.settings import Settings

D2 = 1.128  # mean range of two values from a normal distribution, in standard deviations (d₂ for n = 2)


class Chart(NamedTuple):
    """Mean and limits of an individuals chart, in the unit of its values."""

    mean: float
    low: float
    high: float


def find(courses: Courses, settings: Settings, threshold: float | None = None) -> Walk:
    """x below mean − limit·(mean moving range)/1.128 opens, limit = `threshold` where given (standard deviations). A tie is not below.

    Mean and moving range of the series' first `first_sessions` rated sessions; nothing can be said of those. Level: that mean. Who stays
    below signals once, and again after a session that was not below. First ratings that are all alike make the smallest fall a signal.
    """
    own = settings.control_chart
    limit = own.limit if threshold is None else threshold
    mean, error = _frozen(courses, own.first_sessions)
    level = np.where(courses.place >= own.first_sessions, mean[courses.series], np.nan)
    error = np.maximum(error, TIE)[courses.series]  # never zero: it divides
    below = courses.value < level - limit * error - TIE
    members = np.minimum(courses.place, own.first_sessions)
    rule = Signals(level, error, members, newly(below, courses), share_of(limit, settings.episodes))
    return walk(courses, rule, settings.episodes)


def _frozen(courses: Courses, sessions: int) -> tuple[np.ndarray, np.ndarray]:
    """By series: mean and moving-range standard deviation of its first so many sessions, or of as many as it has."""
    early = courses.place < sessions
    size = np.bincount(courses.series[early])
    mean = np.bincount(courses.series[early], weights=courses.value[early]) / size
    moved = early & (courses.place > 0)
    change = np.abs(courses.value - courses.before(1))[moved]
    total = np.bincount(courses.series[moved], weights=change, minlength=len(size))
    return mean, total / np.maximum(size - 1, 1) / D2


def retrospective(value: np.ndarray, limit: float = 3.0) -> Chart | None:
    """The chart of a whole series, to be drawn only: its limits know what came later. None for fewer than two values.

    >>> nist = np.array([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    >>> [round(float(line), 4) for line in retrospective(nist)]
    [50.81, 45.8159, 55.8041]
    """
    if not len(value) > 1:
        return None
    mean, spread = float(value.mean()), float(np.abs(np.diff(value)).mean()) / D2
    return Chart(mean, mean - limit * spread, mean + limit * spread)
