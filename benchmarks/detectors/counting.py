"""Flags against the truth: false alarms, what is found, how late, and whether what followed is told rightly."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alliance_core.measures.detectors import OUTCOMES, STATES, Courses, Walk
from benchmarks.detectors.simulated import Caseload

WINDOW = 3  # rated sessions after the lowest within which a repair counts, as in the settings


class Counted(NamedTuple):
    """`false_alarms`: per 100 rated sessions of cases without a rupture. `stable_flagged`: share of these cases with any flag. `found`: share of the planted ruptures during
    which an episode opens. `delay`: median rated sessions from a rupture's start to that. `outcome_right`: of those found whose outcome can
    be known, the share told rightly as repaired or not."""

    false_alarms: float
    stable_flagged: float
    found: float
    delay: float
    outcome_right: float


def count(cases: Caseload, walked: Courses, case: np.ndarray, session: np.ndarray, walk: Walk) -> Counted:
    """What one rule's walk comes to over the whole caseload."""
    rupture, repaired = STATES.index("rupture"), OUTCOMES.index("repaired")
    opens = walk.state == rupture
    stable = ~cases.planted[case]
    alarmed = np.zeros(len(cases.planted), bool)
    alarmed[case[opens]] = True
    there = np.zeros(len(cases.planted), bool)
    there[case] = True
    lower = (session >= cases.start[case]) & (session <= cases.end[case]) & ~stable
    findable = np.zeros(len(cases.planted), bool)
    findable[case[lower]] = True
    at = np.flatnonzero(opens & lower)
    at = at[np.unique(case[at], return_index=True)[1]]  # the first opening within each rupture
    told_repaired = walk.outcome[at] == repaired
    truth, known = _truth(cases, case, session)
    sure = known[case[at]]
    first_lower = np.full(len(cases.planted), -1)
    rows = np.flatnonzero(lower)[::-1]
    first_lower[case[rows]] = rows
    return Counted(
        false_alarms=100 * float(np.sum(opens & stable) / max(np.sum(stable), 1)),
        stable_flagged=float(alarmed[there & ~cases.planted].mean()),
        found=len(at) / max(int(findable.sum()), 1),
        delay=float(np.median(at - first_lower[case[at]])) if len(at) else np.nan,
        outcome_right=float((told_repaired == truth[case[at]])[sure].mean()) if sure.any() else np.nan,
    )


def _truth(cases: Caseload, case: np.ndarray, session: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """By case: was the rupture over within the window after its lowest rated session, and do enough ratings follow to know?"""
    n = len(cases.planted)
    stays = np.bincount(case[(session > cases.low[case]) & (session <= cases.end[case])], minlength=n)
    after = np.bincount(case[session > cases.end[case]], minlength=n)
    over = (stays < WINDOW) & (after > 0)
    return over, cases.planted & (over | (stays >= WINDOW))
