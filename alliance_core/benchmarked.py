"""What the benchmark of the rules found (benchmarks/results), for pages and reports: how often each is wrong, and what it finds.

The files are written by `make detectors` and lie beside this package; where they are missing, nothing is claimed.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from alliance_core.measures.detectors import DETECTORS
from alliance_core.notation import digits
from alliance_core.settings import Settings

RESULTS = Path(__file__).parents[1] / "benchmarks" / "results"
JUDGED_ON = "held out"  # the grid that no rule was chosen on


class Said(NamedTuple):
    """What the benchmark says of a rule at a threshold, on simulated cases. `false_alarms` per 100 rated sessions of cases in which nothing
    happened; `stable_flagged` and `found` are proportions of these cases, and of the ruptures that could be found."""

    false_alarms: float
    stable_flagged: float
    found: float


@cache
def _read(name: str) -> pd.DataFrame | None:
    path = RESULTS / f"{name}.csv"
    return pd.read_csv(path) if path.exists() else None


def comparison() -> pd.DataFrame | None:
    """Every rule at its own threshold and at equal false alarms, on the grid that it was not chosen on.

    Columns: rule, at ("own", or false alarms per 100 sessions), threshold, false_alarms (per 100 sessions), stable_flagged, found,
    outcome_right (proportions), delay (rated sessions). Missing where a rule cannot reach a rate. None where the benchmark was not run.
    """
    found = _read("detectors")
    return (
        None
        if found is None
        else found[found["grid"] == JUDGED_ON].drop(columns="grid").reset_index(drop=True)
    )


def ladder() -> pd.DataFrame | None:
    """Every rule at thresholds from many flags to few, on the same grid; columns as `comparison`, without at."""
    found = _read("ladders")
    return (
        None
        if found is None
        else found[found["grid"] == JUDGED_ON].drop(columns="grid").reset_index(drop=True)
    )


def stable() -> pd.DataFrame | None:
    """Share of perfectly stable cases of 12 sessions with any flag: grid, kind of noise, rule, threshold, flagged (proportion)."""
    return _read("stable")


def said_of(rule: str, threshold: float) -> Said | None:
    """A rule at any threshold, between those that were tried (linear); None for a rule or a threshold that was not.

    >>> said_of("no such rule", 2.0) is None
    True
    """
    tried = ladder()
    if tried is None:
        return None
    rungs = tried[tried["rule"] == rule].sort_values("threshold")
    if rungs.empty or not rungs["threshold"].iloc[0] <= threshold <= rungs["threshold"].iloc[-1]:
        return None
    return Said(*(float(np.interp(threshold, rungs["threshold"], rungs[name])) for name in Said._fields))


def said_with(method: str, settings: Settings) -> Said | None:
    """A rule as these settings have it; None where they differ from what the benchmark was run with in more than the rule's own number."""
    group, _, key = DETECTORS[method].threshold.partition(".")
    own, shipped = getattr(settings, group), getattr(Settings(), group)
    highest_of_three = method == "step" and own.from_highest_of == 3
    if highest_of_three:
        shipped = shipped.model_copy(update={"from_highest_of": 3})
    same = own.model_copy(update={key: getattr(shipped, key)}) == shipped and all(
        getattr(settings, name) == getattr(Settings(), name)
        for name in ("noise", "episodes")
        if name != group
    )
    value = getattr(own, key)
    if not same or not isinstance(value, float):
        return None
    return said_of("step, from the highest of three" if highest_of_three else method, value)


def in_words(said: Said | None, before: str = "") -> str:
    """What the benchmark says, as a sentence; `before`: what is put at its end."""
    if said is None:
        return "The benchmark was not run with such settings, so nothing is said of how often they are wrong."
    return (
        f"On simulated cases it makes {digits(said.false_alarms, '.1f')} false alarms in 100 sessions, flags {digits(said.stable_flagged, '.0%')} of the cases in which nothing happened, and "
        f"finds {digits(said.found, '.0%')} of the ruptures{before}."
    )
