"""Planted ruptures: where they start, how deep they go, what follows; all cases at once.

Sessions count from 0 here. A withdrawal falls over two sessions, a confrontation in one. A repair
takes one or two sessions from the lowest one; an unrepaired rupture leaves a lower level for good.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alliance_core.sample.parameters import Parameters

REPAIRED, STRENGTHENED, UNREPAIRED, OPEN = range(4)
OUTCOMES = np.array(["repaired", "strengthened", "unrepaired", "open"], dtype=object)
SETTLED = 4  # sessions that a withdrawal needs, from its start, to run its course within the case
WAIT = 3  # sessions after the lowest one within which a repair counts


class Ruptures(NamedTuple):
    """Planted ruptures, each field cases × stretches; `end` is −1 while open."""

    planted: np.ndarray
    start: np.ndarray
    low: np.ndarray
    end: np.ndarray
    confrontation: np.ndarray
    outcome: np.ndarray
    repair_after: np.ndarray
    depth: np.ndarray
    noticed: np.ndarray


def plant(
    rng: np.random.Generator, p: Parameters, cases: int, sessions: int, allowed: np.ndarray
) -> Ruptures:
    """Draw at most one rupture a stretch of a case; none where `allowed` (one a case) is False.

    Only the last stretch can end open. A rupture that could not run its course is not planted.
    """
    stretches = max(1, sessions // p.rupture_stretch)
    shape = (cases, stretches)
    first = np.arange(stretches) * (sessions // stretches)
    last = np.append(first[1:] - 1, sessions - 1)

    planted = (rng.random(shape) < p.rupture_chance) & allowed[:, None]
    confrontation = rng.random(shape) < p.confrontation_chance
    outcome = np.searchsorted(np.cumsum(p.outcomes)[:-1], rng.random(shape), side="right")
    outcome[:, :-1][outcome[:, :-1] == OPEN] = REPAIRED
    stays_open = outcome == OPEN
    earliest = np.where(
        stays_open, np.maximum(first + p.rupture_lead_in, last - 1), first + p.rupture_lead_in
    )
    latest = np.where(stays_open, last, last - SETTLED)
    planted &= earliest <= latest
    start = earliest + np.floor(rng.random(shape) * (np.maximum(latest - earliest, 0) + 1)).astype(int)
    low = np.minimum(start + ~confrontation, last)
    repair_after = rng.integers(1, 3, shape)
    end = np.where(outcome == UNREPAIRED, low + WAIT, np.where(stays_open, -1, low + repair_after))
    depth = rng.uniform(p.depth_low, p.depth_high, shape)
    noticed = rng.random(shape) < p.noticed_chance
    return Ruptures(planted, start, low, end, confrontation, outcome, repair_after, depth, noticed)


def effects(p: Parameters, ruptures: Ruptures, sessions: int) -> np.ndarray:
    """What the ruptures do to the levels: cases × sessions × raters × facets, in units, negative for a fall."""
    session = np.arange(sessions)
    start, low, outcome, after = (
        field[:, :, None] for field in (ruptures.start, ruptures.low, ruptures.outcome, ruptures.repair_after)
    )
    since_low = session - low
    mends = (outcome == REPAIRED) | (outcome == STRENGTHENED)
    share = np.select(
        [
            (session < start) | ~ruptures.planted[:, :, None],
            since_low < 0,
            since_low == 0,
            mends & (since_low < after),
            mends,
            outcome == UNREPAIRED,
        ],
        [0, p.withdrawal_first, 1, p.recovering, 0, p.unrepaired],
        default=p.open_stays,
    )
    gained = np.where(
        (outcome == STRENGTHENED) & (since_low >= after) & ruptures.planted[:, :, None], p.strengthened, 0
    )
    weights = np.where(ruptures.confrontation[..., None], p.confrontation_facets, p.withdrawal_facets)
    fall = -(share * ruptures.depth[:, :, None])[..., None] * weights[:, :, None, :] + gained[..., None]
    noticed = np.where(ruptures.noticed, p.noticed_share, 0)[:, :, None, None]
    return np.stack([fall.sum(axis=1), (fall * noticed).sum(axis=1)], axis=2)
