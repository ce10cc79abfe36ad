"""A rule that can say of each session by itself, before the walk, whether a fall begins there, and at what level."""

from __future__ import annotations

import numpy as np

from alliance_core.measures.detectors.courses import Courses
from alliance_core.measures.detectors.walk import Look
from alliance_core.settings import EpisodeSettings


class Signals:
    """What a rule says of every entry, handed to the walk. It notes no strains.

    A session is usual when it opens no episode or ends one as repaired; after an unrepaired fall usual sessions begin
    anew. Only `seen_by` asks for them, since these rules have no set of their own.
    """

    def __init__(
        self,
        level: np.ndarray,
        error: np.ndarray,
        members: np.ndarray | int,
        opens: np.ndarray,
        fallen_from: float,
    ) -> None:
        self.fallen_from = fallen_from
        self._look = Look(
            level, error, np.broadcast_to(members, level.shape), opens, np.zeros(len(level), bool)
        )

    def calm(self, rows: slice) -> Look:
        return Look(*(part[rows] for part in self._look))

    def begin(self, series: np.ndarray, rows: np.ndarray) -> None:
        """Nothing is remembered."""

    def look(self, series: np.ndarray, rows: np.ndarray) -> Look:
        return Look(*(part[rows] for part in self._look))

    def join(self, series: np.ndarray, rows: np.ndarray) -> None:
        """Nothing is remembered."""

    def start_anew(self, series: np.ndarray) -> None:
        """Nothing is remembered."""


def share_of(threshold: float, settings: EpisodeSettings) -> float:
    """The z from which a facet counts as fallen: the same share of the rule's threshold as a strain is of `baseline`'s."""
    return threshold * settings.z_strain / settings.z_open


def newly(here: np.ndarray, courses: Courses) -> np.ndarray:
    """Where something holds that did not hold at the session before: who stays below a line crosses it once."""
    return here & ~(np.roll(here, 1) & (courses.place > 0))
