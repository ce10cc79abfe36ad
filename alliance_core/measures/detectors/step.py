"""`step`: a fall from one session to the next by so many standard deviations.

After Stiles et al. 2004 (2 SD) and Strauss et al. 2006 (1 SD), in the form of Gumz et al. 2012: the papers' exact criteria could not
be verified.
"""

from __future__ import annotations

import numpy as np

from alliance_core.measures import TIE
from alliance_core.measures.detectors.courses import Courses
from alliance_core.measures.detectors.signals import Signals, share_of
from alliance_core.measures.detectors.walk import Walk, walk
from alliance_core.settings import Settings


def find(courses: Courses, settings: Settings, threshold: float | None = None) -> Walk:
    """b − x ≥ max(k·s_i, k·s_p, min_drop_sigma·σ) opens, k = `threshold` where given. Ties count (≥).

    Level b: the rating before, or the highest of the last `from_highest_of` rated sessions. s_i: SD (divisor n − 1) of the case's ratings
    before this one, once there are `own_sd_from`; s_p: `within`. z = (b − x)/max(s_i, s_p, min_drop_sigma·σ/k), so that k is its limit.
    """
    own = settings.step
    k = own.k if threshold is None else threshold
    level = np.fmax.reduce([courses.before(sessions) for sessions in range(1, own.from_highest_of + 1)])
    spread = np.fmax(spread_so_far(courses, own.own_sd_from), courses.within_sd)
    error = np.fmax(spread, settings.episodes.min_drop_sigma * courses.sigma / k)
    opens = level - courses.value >= k * error - TIE
    members = np.minimum(courses.place, own.from_highest_of)
    return walk(
        courses, Signals(level, error, members, opens, share_of(k, settings.episodes)), settings.episodes
    )


def spread_so_far(courses: Courses, least: int) -> np.ndarray:
    """SD (divisor n − 1) of the ratings before each entry; missing while there are fewer than `least` of them."""
    result = np.full(len(courses.value), np.nan)
    mean, squares = np.zeros(len(courses.first)), np.zeros(len(courses.first))
    for place, (series, rows) in enumerate(courses.positions()):
        if place >= least:
            result[rows] = np.sqrt(squares[series] / (place - 1))
        away = courses.value[rows] - mean[series]
        mean[series] += away / (place + 1)
        squares[series] += away * (courses.value[rows] - mean[series])
    return result
