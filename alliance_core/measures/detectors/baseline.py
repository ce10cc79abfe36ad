"""`baseline`: a fall below the case's own level that is larger than ratings vary by.

After Gumz et al. 2012 and phase-II control charts; thresholds are our choice and are settings. There is no standard for finding
ruptures in scores: an episode says "possible strain, look at this session".
"""

from __future__ import annotations

import numpy as np

from alliance_core.measures import TIE
from alliance_core.measures.detectors.courses import Courses
from alliance_core.measures.detectors.walk import Look, Walk, walk
from alliance_core.settings import EpisodeSettings, Settings


def find(courses: Courses, settings: Settings, threshold: float | None = None) -> Walk:
    """Level b: mean of the m usual sessions before, m ≥ min_baseline. z = (b − x)/(σ·√(1 + 1/m)).

    z ≥ z_open (`threshold` in its place, standard errors) and b − x ≥ min_drop_sigma·σ opens; from z_strain on it is a strain. What is
    usual: sessions that open no episode, a strain too, and those that end one as repaired; an unrepaired fall empties it.
    """
    return walk(courses, _OwnLevel(courses, settings.episodes, threshold), settings.episodes)


class _OwnLevel:
    """The memory of the baseline set of each series: its total and its size."""

    def __init__(self, courses: Courses, settings: EpisodeSettings, threshold: float | None) -> None:
        self.fallen_from = settings.z_strain
        self._courses, self._value, self._sigma = courses, courses.value, courses.sigma
        self._before = courses.total_before()
        self._settings = settings
        self._z_open = settings.z_open if threshold is None else threshold
        self._total = np.zeros(len(courses.first))
        self._size = np.zeros(len(courses.first), np.int64)
        sizes = np.arange(courses.place.max(initial=0) + 1.0)
        self._size_or_none = np.where(sizes >= settings.min_baseline, sizes, np.nan)
        self._error_of_size = np.sqrt(1 + 1 / np.maximum(sizes, 1))

    def calm(self, rows: slice) -> Look:
        return self._seen(self._before[rows], self._courses.place[rows], rows)

    def begin(self, series: np.ndarray, rows: np.ndarray) -> None:
        self._total[series] = self._before[rows]
        self._size[series] = self._courses.place[rows]

    def look(self, series: np.ndarray, rows: np.ndarray) -> Look:
        return self._seen(self._total[series], self._size[series], rows)

    def _seen(self, total: np.ndarray, m: np.ndarray, rows: np.ndarray | slice) -> Look:
        x, sigma = self._value[rows], self._sigma[rows]
        level = total / self._size_or_none[m]
        error = sigma * self._error_of_size[m]
        drop = level - x
        # False where the level is unknown
        large = np.flatnonzero(drop >= self._settings.min_drop_sigma * sigma - TIE)
        z = drop[large] / error[large]
        opens, strain = np.zeros((2, len(m)), bool)
        opens[large] = z >= self._z_open - TIE
        strain[large] = ~opens[large] & (z >= self._settings.z_strain - TIE)
        return Look(level, error, m, opens, strain)

    def join(self, series: np.ndarray, rows: np.ndarray) -> None:
        self._total[series] += self._value[rows]
        self._size[series] += 1

    def start_anew(self, series: np.ndarray) -> None:
        self._total[series], self._size[series] = 0, 0
