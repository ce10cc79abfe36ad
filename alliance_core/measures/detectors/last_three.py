"""`last_three`: the last one, two or three ratings together lie below the case's own level.

Two changes to `baseline`. A fall that lasts shows more clearly in the mean of two or three ratings than in one, because chance
ups and downs even out (the idea of cumulative and moving-window control charts). And a level from two or three sessions is uncertain,
so the mean of all cases is counted in as a few further sessions (partial pooling): the fewer, the more cases differ from each other.
Chosen on simulated cases among several changes that were tried; benchmarks/detectors holds what it finds against the other rules.
"""

from __future__ import annotations

import numpy as np

from alliance_core.measures import TIE
from alliance_core.measures.detectors.courses import Courses
from alliance_core.measures.detectors.walk import Look, Walk, walk
from alliance_core.settings import EpisodeSettings, LastThreeSettings, Settings


def find(courses: Courses, settings: Settings, threshold: float | None = None) -> Walk:
    """Level b = (sum of the m usual sessions before + κ·μ)/(m + κ), m ≥ min_baseline, κ and μ as in `Courses` (`prior`, `centre`).

    For k = 1 … `sessions`, with x̄ the mean of this rating and the k − 1 usual ones before it, which then are not in b:
    z_k = (b − x̄)/(σ·√(1/k + 1/(m + κ))). The largest of them ≥ z_open (`threshold` in its place) and b − x ≥ min_drop_sigma·σ opens, b being the level
    of that k; from `z_strain` on it is a strain. Ties count (≥); of equal z the smaller k is taken. Usual sessions are those of `baseline`. The z of the walk is that of this rating alone.
    """
    return walk(courses, _LastFew(courses, settings, threshold), settings.episodes)


class _LastFew:
    """The memory of the usual sessions of each series: their total and number, and the latest of them, newest first."""

    def __init__(self, courses: Courses, settings: Settings, threshold: float | None) -> None:
        own: LastThreeSettings = settings.last_three
        self.fallen_from = settings.episodes.z_strain
        self._episodes: EpisodeSettings = settings.episodes
        self._courses, self._sessions = courses, own.sessions
        self._z_open = own.z_open if threshold is None else threshold
        self._z_strain = min(own.z_strain, self._z_open)
        self._centre, self._prior = courses.pooled_level
        self._total = np.zeros(len(courses.first))
        self._total_before = courses.total_before()
        self._size = np.zeros(len(courses.first), np.int64)
        self._latest = np.full((len(courses.first), own.sessions - 1), np.nan)
        before = [courses.before(ago) for ago in range(1, own.sessions)]
        self._before = np.array(before).reshape(own.sessions - 1, len(courses.value))

    def calm(self, rows: slice) -> Look:
        total, size = self._total_before[rows], self._courses.place[rows]
        return self._seen(total, size, self._before[:, rows].T, rows)

    def begin(self, series: np.ndarray, rows: np.ndarray) -> None:
        self._total[series] = self._total_before[rows]
        self._size[series] = self._courses.place[rows]
        self._latest[series] = self._before[:, rows].T

    def look(self, series: np.ndarray, rows: np.ndarray) -> Look:
        return self._seen(self._total[series], self._size[series], self._latest[series], rows)

    def _seen(
        self, total: np.ndarray, size: np.ndarray, latest: np.ndarray, rows: np.ndarray | slice
    ) -> Look:
        x, sigma = self._courses.value[rows], self._courses.sigma[rows]
        centre, prior = self._centre[rows], self._prior[rows]
        members, recent = size, x
        level, error = self._level(total, size, centre, prior, sigma)
        strongest, fallen_from = (level - x) / error, level
        for k in range(2, self._sessions + 1):
            earlier = latest[:, k - 2]
            total, size, recent = total - earlier, size - 1, recent + earlier
            before, single = self._level(total, size, centre, prior, sigma)
            z = (before - recent / k) / np.sqrt(single**2 - sigma**2 * (1 - 1 / k))
            stronger = z > np.where(np.isnan(strongest), -np.inf, strongest) + TIE
            strongest = np.where(stronger, z, strongest)
            fallen_from = np.where(stronger, before, fallen_from)
        large = fallen_from - x >= self._episodes.min_drop_sigma * sigma - TIE
        opens = large & (strongest >= self._z_open - TIE)
        strain = large & ~opens & (strongest >= self._z_strain - TIE)
        shown = np.where(opens | strain, fallen_from, level)
        return Look(shown, error, members, opens, strain)

    def _level(
        self, total: np.ndarray, size: np.ndarray, centre: np.ndarray, prior: np.ndarray, sigma: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """b, and the error of one rating held against it; b is missing while there are too few sessions."""
        weight = np.maximum(size + prior, 1)  # below 1 only where b is missing
        enough = size >= self._episodes.min_baseline
        return np.where(enough, (total + prior * centre) / weight, np.nan), sigma * np.sqrt(1 + 1 / weight)

    def join(self, series: np.ndarray, rows: np.ndarray) -> None:
        value = self._courses.value[rows]
        self._total[series] += value
        self._size[series] += 1
        self._latest[series] = np.column_stack([value, self._latest[series, :-1]])[:, : self._sessions - 1]

    def start_anew(self, series: np.ndarray) -> None:
        self._total[series], self._size[series] = 0, 0
        self._latest[series] = np.nan
