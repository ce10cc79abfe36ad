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

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, Protocol

from alliance_core.measures.detectors import baseline
from alliance_core.measures.detectors.courses import Courses
from alliance_core.measures.detectors.walk import OUTCOMES, STATES, Walk
from alliance_core.settings import Settings

__all__ = ["BASELINE", "DETECTORS", "OUTCOMES", "STATES", "Courses", "Detector", "Walk"]


class Find(Protocol):
    """A rule at work: all series at once, with its single threshold in place of the setting where one is given."""

    def __call__(self, courses: Courses, settings: Settings, threshold: float | None = None) -> Walk: ...


class Detector(NamedTuple):
    """One rule: its name in tables and options, what people read of it, and the function.

    `explanation` is two sentences, `weakness` what is known to go wrong with it, `threshold` the key of the setting that is its single number.
    """

    name: str
    title: str
    explanation: str
    weakness: str
    source: str
    threshold: str
    find: Find


BASELINE = Detector(
    name="baseline",
    title="Below the case's own level",
    explanation="The mean of a case's earlier ratings, outside episodes, is its own level. A rating that lies farther below it than ratings "
    "vary by, with the uncertainty of that mean counted in, opens an episode.",
    weakness="The spread of one rating is taken to be the same in all cases, so a case with uneven ratings is flagged more often.",
    source="our choice, after Gumz et al. 2012 and phase-II control charts",
    threshold="episodes.z_open",
    find=baseline.find,
)

DETECTORS: Mapping[str, Detector] = MappingProxyType({one.name: one for one in (BASELINE,)})
