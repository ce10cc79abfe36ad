"""Simulated caseloads with known ruptures, as the rules read them (`Courses`)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alliance_core.measures import noise
from alliance_core.measures.detectors import Courses
from alliance_core.settings import Settings
from benchmarks.detectors.grids import CEILING, SIGMA, Cell, Grid

FIRST_START = 3  # sessions before a rupture can begin: without any, nobody can tell a fall
STEP = 100 / 48  # pct points; the mean of twelve answers from 1 to 5 moves in such steps
LEVEL_SD = 8.0  # pct points between cases; less near the ceiling
CEILING_LEVEL_SD = 3.0
GROWTH_SESSIONS = 6  # in which about two thirds of a growth that levels off happen


class Caseload(NamedTuple):
    """Cases of many cells, one under the other, with `sessions` columns as the longest of them has.

    `scores` (pct; missing where not rated, or beyond the case), by case: `cell`, `planted`, `start`, `low` (session at full depth first) and `end` (last one that
    is lower), from 0.
    """

    cells: list[Cell]
    scores: np.ndarray
    cell: np.ndarray
    planted: np.ndarray
    start: np.ndarray
    low: np.ndarray
    end: np.ndarray


def caseload(grid: Grid, cells: list[Cell], each: int, share: float, seed: int) -> Caseload:
    """`each` cases of every cell, a `share` of them with one rupture planted. Same seed, same cases."""
    rng = np.random.Generator(np.random.PCG64(seed))
    parts = [_cases(rng, grid, cell, each, share) for cell in cells]
    longest = max(cell.sessions for cell in cells)
    scores = [
        np.pad(part[0], ((0, 0), (0, longest - part[0].shape[1])), constant_values=np.nan) for part in parts
    ]
    planted, start, low, end = (np.concatenate([part[i] for part in parts]) for i in range(1, 5))
    return Caseload(
        cells, np.concatenate(scores), np.repeat(np.arange(len(cells)), each), planted, start, low, end
    )


def _cases(
    rng: np.random.Generator, grid: Grid, cell: Cell, n: int, share: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    session = np.arange(cell.sessions)
    level = cell.level + rng.normal(0, CEILING_LEVEL_SD if cell.level >= CEILING else LEVEL_SD, (n, 1))
    shape = 1 - np.exp(-session / GROWTH_SESSIONS) if grid.levels_off else session / max(cell.sessions - 1, 1)
    growth = cell.growth * np.exp(rng.normal(0, 0.3, (n, 1))) * shape
    spread = SIGMA * np.exp(rng.normal(0, cell.unequal, (n, 1)))
    planted = rng.random(n) < share
    start = rng.integers(min(FIRST_START, cell.sessions - 1), cell.sessions, n)
    depth, length, ramp = (rng.choice(levels, n) for levels in (grid.depth, grid.length, grid.ramp))
    low = start + ramp - 1
    end = np.minimum(low + length, cell.sessions) - 1
    share_of_depth = np.clip((session - start[:, None] + 1) / ramp[:, None], 0, 1) * (session <= end[:, None])
    fall = SIGMA * depth[:, None] * share_of_depth * planted[:, None]
    scores = level + growth + spread * _noise(rng, cell, n) - fall
    scores = np.clip(np.round(np.clip(scores, 0, 100) / STEP) * STEP, 0, 100)
    scores[rng.random(scores.shape) < cell.missing] = np.nan
    return scores, planted, start, low, end


def _noise(rng: np.random.Generator, cell: Cell, n: int) -> np.ndarray:
    """Noise with spread 1, cases × sessions."""
    size = (n, cell.sessions)
    fresh = {
        "normal": lambda: rng.normal(size=size),
        "t": lambda: rng.standard_t(4, size) / np.sqrt(2),
        "laplace": lambda: rng.laplace(0, 1 / np.sqrt(2), size),
    }[cell.tails]()
    carried = fresh.copy()
    for session in range(1, cell.sessions):
        carried[:, session] = (
            cell.carried * carried[:, session - 1] + np.sqrt(1 - cell.carried**2) * fresh[:, session]
        )
    return carried


def courses(cases: Caseload, settings: Settings) -> tuple[Courses, np.ndarray, np.ndarray]:
    """The rated sessions of all cases, with case and session of each entry. Every cell is a team of its own: σ and all that is
    pooled are taken from its own ratings, ruptures included, as they would be from a team's workbook."""
    case, session = np.nonzero(~np.isnan(cases.scores))
    value, cell = cases.scores[case, session], cases.cell[case]
    series = np.unique(case, return_inverse=True)[1]
    step = np.diff(value, prepend=np.nan)
    inside = np.diff(series, prepend=-1) == 0
    number = np.maximum(np.bincount(cell[inside], minlength=len(cases.cells)), 1)
    squares = np.bincount(cell[inside], weights=step[inside] ** 2, minlength=len(cases.cells))
    sigma = np.maximum(np.sqrt(squares / number / 2), max(settings.noise.floor, STEP))
    centre, prior = noise.pooled_levels(series, value, cell, sigma, settings.noise)
    within = noise.pooled_within(series, value, cell)
    mean = np.bincount(cell, weights=value) / np.bincount(cell)
    spread = np.sqrt(np.bincount(cell, weights=(value - mean[cell]) ** 2) / (np.bincount(cell) - 1))
    pooled = {"sigma": sigma, "within": within, "spread": spread, "centre": centre, "prior": prior}
    return Courses(series, value, **{name: of[cell] for name, of in pooled.items()}), case, session
