"""`sudden_loss`: a reliable fall after which the ratings stay low for a while.

After Tang & DeRubeis 1999, whose sudden gains in symptoms are turned round to a falling alliance. Their third criterion has no
√(1/n + 1/n): it holds the step against the ups and downs around it, not against the error of a mean. It looks ahead: a loss is known
only when the third rated session from the fall on is there.
"""

from __future__ import annotations

import numpy as np
from scipy.special import stdtrit

from alliance_core.measures import TIE
from alliance_core.measures.detectors.courses import Courses
from alliance_core.measures.detectors.reliable_change import error_of_change
from alliance_core.measures.detectors.signals import Signals, share_of
from alliance_core.measures.detectors.walk import Walk, walk
from alliance_core.settings import Settings


def find(courses: Courses, settings: Settings, threshold: float | None = None) -> Walk:
    """A step x_{t−1} − x_t ≥ z·√2·SD·√(1 − r) (≥), z = `threshold` where given, with two further things to hold.

    The mean of up to `sessions` ratings before minus that of as many from t on lies above t_(n₁+n₂−2)·√(((n₁−1)s₁² + (n₂−1)s₂²)/(n₁+n₂−2))
    (strictly), and the step is at least `share` of x_{t−1} (0: not asked, since a share has no meaning on a scale with an arbitrary zero).
    Level: x_{t−1}. A step with fewer than two ratings before, or from t on, is not decidable: the level is missing. `known` is the entry of the last
    rating that was looked at; until there are `sessions` of them a later rating may change the answer.
    """
    own, level = settings.sudden_loss, courses.before(1)
    limit = own.z if threshold is None else threshold
    error = error_of_change(courses.sd, settings.reliable_change.reliability)
    fall = level - courses.value
    stepped = (fall >= limit * error - TIE) & (
        fall >= own.share * level - TIE
    )  # False where nothing is before
    at = np.flatnonzero(stepped)
    decidable, lower = _stays_lower(courses, at, own.sessions, own.confidence)
    opens = np.zeros(len(level), bool)
    opens[at] = lower
    level[at[~decidable]] = np.nan
    members = np.minimum(courses.place, own.sessions)
    rule = Signals(level, error, members, opens, share_of(limit, settings.episodes))
    found = walk(courses, rule, settings.episodes)
    further = np.minimum(courses.left[found.falls.start], own.sessions - 1)
    found.falls = found.falls._replace(known=found.falls.known + further)
    return found


def _stays_lower(
    courses: Courses, at: np.ndarray, sessions: int, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Of the steps at these entries: which can be decided, and which of those separate what lay before from what came after."""
    before, from_then = courses.place[at], courses.left[at] + 1
    n1, mean1, squares1 = _around(courses.value, at - 1, -1, before, sessions)
    n2, mean2, squares2 = _around(courses.value, at, 1, from_then, sessions)
    decidable = (n1 >= 2) & (n2 >= 2)
    freedom = np.where(decidable, n1 + n2 - 2, 1)
    pooled = np.sqrt((squares1 + squares2) / freedom)
    return decidable, decidable & (mean1 - mean2 > stdtrit(freedom, (1 + confidence) / 2) * pooled + TIE)


def _around(
    value: np.ndarray, start: np.ndarray, way: int, there: np.ndarray, most: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Number, mean and sum of squares around it of up to `most` ratings from `start` on, going back (−1) or ahead (1)."""
    steps = np.arange(most)
    counts = steps < there[:, None]
    x = (
        value[np.clip(start[:, None] + way * steps, 0, len(value) - 1)]
        if len(start)
        else np.zeros(counts.shape)
    )
    n = counts.sum(axis=1)
    mean = np.where(counts, x, 0).sum(axis=1) / n
    return n, mean, (np.where(counts, x - mean[:, None], 0) ** 2).sum(axis=1)
