"""From counts to the tables and the chart in benchmarks/results."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from alliance_core.measures.detectors import Courses
from benchmarks.detectors import published
from benchmarks.detectors.counting import count
from benchmarks.detectors.grids import CHOICE, GRIDS, HELD_OUT, Grid
from benchmarks.detectors.rules import RULES, VARIANTS, Rule
from benchmarks.detectors.simulated import Caseload, caseload, courses

FOLDER = Path(__file__).parents[1] / "results"
EQUAL_RATES = (0.5, 1.0, 2.0, 5.0)  # false alarms per 100 sessions at which rules are compared
SHARE_WITH_RUPTURE = 0.5
STABLE_SESSIONS = 12
EACH = {CHOICE.name: 100, HELD_OUT.name: 150}  # cases of every cell
STABLE_EACH = 10_000
SEED = 2006

Prepared = tuple[Courses, np.ndarray, np.ndarray]


def ladders() -> pd.DataFrame:
    """Every rule at every threshold of its ladder on every grid.

    Columns: grid, rule, threshold, then those of `Counted`.
    """
    lines = []
    for grid, rule, cases in _tried():
        prepared = courses(cases, rule.settings)
        lines += [_line(grid, rule, cases, prepared, float(rung)) for rung in rule.ladder]
    return pd.DataFrame(lines)


def at_equal_rates(tried: pd.DataFrame) -> pd.DataFrame:
    """Every rule at its own threshold, and at those that give the same false alarms as all others.

    `tried` of `ladders`; columns as there, with `at`: "own", or the false alarms per 100 sessions aimed at. A rule that cannot reach a rate with any threshold of
    its ladder has an empty line there.
    """
    lines = []
    for grid, rule, cases in _tried():
        prepared = courses(cases, rule.settings)
        rungs = tried[tried["grid"].eq(grid.name) & tried["rule"].eq(rule.name)].sort_values("false_alarms")
        lines += [{"at": "own"} | _line(grid, rule, cases, prepared, own) for own in rule.own]
        for rate in EQUAL_RATES:
            if rungs["false_alarms"].iloc[0] <= rate <= rungs["false_alarms"].iloc[-1]:
                threshold = float(np.interp(rate, rungs["false_alarms"], rungs["threshold"]))
                lines.append({"at": f"{rate:g}"} | _line(grid, rule, cases, prepared, threshold))
            else:
                lines.append({"at": f"{rate:g}", "grid": grid.name, "rule": rule.name})
    return pd.DataFrame(lines)


def _tried() -> Iterator[tuple[Grid, Rule, Caseload]]:
    for grid in GRIDS.values():
        cases = caseload(grid, grid.cells(), EACH[grid.name], SHARE_WITH_RUPTURE, SEED)
        for rule in (*RULES, *(VARIANTS if grid is CHOICE else ())):
            yield grid, rule, cases


def _line(grid: Grid, rule: Rule, cases: Caseload, prepared: Prepared, threshold: float) -> dict[str, Any]:
    walked, case, session = prepared
    found = count(cases, walked, case, session, rule.find(walked, threshold))
    about = {"grid": grid.name, "rule": rule.name, "threshold": threshold}
    return about | found._asdict()


def stable() -> pd.DataFrame:
    """Share of perfectly stable cases of 12 sessions with any flag, every rule at its own threshold.

    One row a grid, kind of noise (columns of `Cell`), rule and threshold: flagged, a proportion. Nothing happened in these cases: every flag is false.
    """
    lines = []
    for grid in GRIDS.values():
        cells = [
            one for one in grid.cells() if one.sessions == STABLE_SESSIONS and one.missing == grid.missing[0]
        ]
        for number, cell in enumerate(cells):
            cases = caseload(grid, [cell], STABLE_EACH, 0, SEED + 1 + number)
            about = {"grid": grid.name} | cell._asdict()
            for rule in RULES:
                prepared = courses(cases, rule.settings)
                for own in rule.own:
                    flagged = _line(grid, rule, cases, prepared, own)["stable_flagged"]
                    lines.append(about | {"rule": rule.name, "threshold": own, "flagged": flagged})
            for name, spoke in published.spoke(cases.scores).items():
                lines.append(about | {"rule": name, "flagged": float(spoke.any(axis=1).mean())})
    return pd.DataFrame(lines)
