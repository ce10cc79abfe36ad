"""The rules that find falls, one a file, and the list of them (`DETECTORS`). There is no standard among them.

Every rule says when an episode opens and at what level; what followed is told by the same walk for all (`walk`). A rule reads bare
arrays, and its single threshold can be given in place of the setting:

>>> import numpy as np
>>> from alliance_core.settings import Settings
>>> marks = np.array([80.0, 80, 80, 55, 80])
>>> courses = Courses(series=np.zeros(5, int), value=marks, sigma=np.full(5, 10.0))
>>> find = DETECTORS["baseline"].find
>>> find(courses, Settings()).state.tolist(), find(courses, Settings(), threshold=2.0).state.tolist()
([0, 0, 1, 2, 1], [0, 0, 1, 3, 5])

The states are numbers of `STATES`. σ is handed in, so whatever it was made from, a flag at a session uses ratings up to that session only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple, Protocol

from alliance_core.measures.detectors import (
    baseline,
    control_chart,
    last_three,
    reliable_change,
    step,
    sudden_loss,
    threshold,
)
from alliance_core.measures.detectors.courses import Courses
from alliance_core.measures.detectors.walk import OUTCOMES, STATES, Walk
from alliance_core.settings import Settings

__all__ = ["BASELINE", "DETECTORS", "OUTCOMES", "STATES", "Courses", "Detector", "Walk"]


class Find(Protocol):
    """A rule at work: all series at once, with its single threshold in place of the setting where one is given."""

    def __call__(self, courses: Courses, settings: Settings, threshold: float | None = None) -> Walk: ...


class Detector(NamedTuple):
    """One rule: its name in tables and options, what people read of it, and the function.

    `explanation` is two sentences, `weakness` what is known to go wrong with it, `threshold` the key of the setting that is its single number,
    `level` what a fall is measured from, as words for "below …", `level_name` that level's name on charts (empty where it is just another rating),
    and `says_from` the rated session of a case from which it can say anything.
    """

    name: str
    title: str
    explanation: str
    weakness: str
    source: str
    threshold: str
    level: str
    level_name: str
    says_from: Callable[[Settings], int]
    find: Find


BASELINE = Detector(
    name="baseline",
    title="Below the case's own level",
    explanation="The mean of a case's earlier ratings, outside episodes, is its own level. A rating that lies farther below it than ratings "
    "vary by, with the uncertainty of that mean counted in, opens an episode.",
    weakness="The spread of one rating is taken to be the same in all cases, so a case with uneven ratings is flagged more often.",
    source="our choice, after Gumz et al. 2012 and phase-II control charts",
    threshold="episodes.z_open",
    level="its own level",
    level_name="own level",
    says_from=lambda settings: settings.episodes.min_baseline + 1,
    find=baseline.find,
)

LAST_THREE = Detector(
    name="last_three",
    title="The last ratings together below the case's own level",
    explanation="The mean of a case's earlier ratings, with the mean of all cases counted in as a few further sessions, is its own level. Where the last rating, or the "
    "last two or three taken together, lie farther below it than such means vary by, an episode opens.",
    weakness="The spread of one rating is taken to be the same in all cases, a rating that is flagged for what came before it may be a small fall by itself, and ratings that "
    "wander from session to session are flagged more often.",
    source="our choice, after moving-window control charts and partial pooling; chosen on simulated cases",
    threshold="last_three.z_open",
    level="its own level",
    level_name="own level",
    says_from=lambda settings: settings.episodes.min_baseline + 1,
    find=last_three.find,
)

STEP = Detector(
    name="step",
    title="A step down in standard deviations",
    explanation="A rating that lies so many standard deviations below the one before opens an episode. The standard deviation is the "
    "case's own so far or that of all cases, whichever is larger, so that a calm case is not flagged for next to nothing.",
    weakness="Slow falls are never seen, a chance high rating makes the next ordinary one look like a fall, and a fall is held against one "
    "rating with all its error.",
    source="after Stiles et al. 2004 and Strauss et al. 2006, in the form of Gumz et al. 2012; their exact criteria could not be verified",
    threshold="step.k",
    level="the rating before it",
    level_name="",
    says_from=lambda settings: 2,
    find=step.find,
)
RELIABLE_CHANGE = Detector(
    name="reliable_change",
    title="A reliable change since the session before",
    explanation="A rating that lies farther below the one before than two ratings of an unchanged alliance would differ by in 95 of 100 pairs "
    "opens an episode. The error comes from the spread of scores and from the reliability that is set.",
    weakness="With 95 of 100 for each pair, about one in four stable cases of 12 sessions is flagged, and slow falls are never seen.",
    source="after Jacobson & Truax 1991",
    threshold="reliable_change.z",
    level="the rating before it",
    level_name="",
    says_from=lambda settings: 2,
    find=reliable_change.find,
)
CONTROL_CHART = Detector(
    name="control_chart",
    title="Below the limits of the first sessions",
    explanation="The case's first six rated sessions give a mean and, from how much each differs from the next, limits. A later rating below the lower "
    "limit opens an episode, and another one only after a rating that was not below.",
    weakness="Nothing can be said of the first six sessions, limits from five differences are far off by chance, and where the first ratings were all "
    "alike the smallest fall counts.",
    source="after the individuals chart of the NIST/SEMATECH e-Handbook 6.3.2.2, with limits frozen",
    threshold="control_chart.limit",
    level="the level of its first sessions",
    level_name="first sessions",
    says_from=lambda settings: settings.control_chart.first_sessions + 1,
    find=control_chart.find,
)
SUDDEN_LOSS = Detector(
    name="sudden_loss",
    title="A sudden loss that lasts",
    explanation="A reliable fall since the session before opens an episode when the three ratings from there on also lie clearly below the three "
    "before. So it is known only when three rated sessions, the fall's own among them, are there.",
    weakness="It looks ahead, so it comes too late for the next session; a fall that is repaired at once is not found, and near the start or "
    "the end of a case it cannot be decided.",
    source="after Tang & DeRubeis 1999, turned round from sudden gains",
    threshold="sudden_loss.z",
    level="the rating before it",
    level_name="",
    says_from=lambda settings: 3,
    find=sudden_loss.find,
)
THRESHOLD = Detector(
    name="threshold",
    title="At or below a stated line",
    explanation="A rating at or below a line that somebody stated opens an episode, whatever the case's own level is. four-lines has lines of its "
    "own, a total below 36 of 40 or any line below 9 of 10; other instruments have one only where the settings state it.",
    weakness="It finds people who rate low rather than falls, it is silent about a fall from high to less high, and who stays below the line is named once.",
    source="after attention lines in use; the boundary is that of the instrument's file or of the settings",
    threshold="threshold.lines",
    level="the stated line",
    level_name="stated line",
    says_from=lambda settings: 1,
    find=threshold.find,
)

DETECTORS: Mapping[str, Detector] = MappingProxyType(
    {
        one.name: one
        for one in (BASELINE, LAST_THREE, STEP, RELIABLE_CHANGE, CONTROL_CHART, SUDDEN_LOSS, THRESHOLD)
    }
)
