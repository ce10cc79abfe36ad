"""What another threshold would change: how many falls, in which caseloads, how many by chance, and what the benchmark says of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from alliance_core import benchmarked
from alliance_core.analysis import Analysis
from alliance_core.benchmarked import Said
from alliance_core.measures.chance import Chance, Expected, by_chance
from alliance_core.measures.detectors import DETECTORS, STATES, Courses
from alliance_core.notation import digits
from alliance_core.settings import Settings
from alliance_core.settings_file import changed

_RUPTURE = STATES.index("rupture")


class Falls(NamedTuple):
    """What one rule finds in the loaded ratings at one threshold: falls of the clients' overall.

    `cases` with at least one; `expected` by chance (None where no client rated an overall); `said` by the benchmark (None where it was not run on that).
    """

    method: str
    threshold: float
    falls: int
    cases: int
    expected: Expected | None
    said: Said | None


class WhatIf(NamedTuple):
    """`now` and `then`; of the falls, how many begin at a session only now (`gone`) or only then (`fresh`).

    `practitioners`: practitioner (in order of the id), cases, now, then (falls).
    """

    now: Falls
    then: Falls
    gone: int
    fresh: int
    practitioners: pd.DataFrame

    @property
    def same(self) -> bool:
        """Whether nothing else is looked at than what is in use."""
        return (self.now.method, self.now.threshold) == (self.then.method, self.then.threshold)


def threshold_of(settings: Settings, method: str) -> float | None:
    """The single number of a rule; None for a rule that has a line for each instrument instead."""
    group, _, key = DETECTORS[method].threshold.partition(".")
    value = getattr(getattr(settings, group), key)
    return float(value) if isinstance(value, float | int) else None


def with_threshold(settings: Settings, method: str, threshold: float) -> Settings:
    """The settings with another rule and its number. Raises SettingsError where that number cannot be."""
    return changed(changed(settings, "detection.method", method), DETECTORS[method].threshold, threshold)


def what_if(analysis: Analysis, method: str, threshold: float, known: Chance | None = None) -> WhatIf:
    """The rule in use at its threshold, and another one, or the same, at `threshold`, on the same ratings.

    `known`: what chance gives for the rule in use, where that is known already. Only falls of the clients' overall count.
    """
    now, mine = analysis.settings, analysis.courses
    then = with_threshold(now, method, threshold)
    before = known or by_chance(analysis.of_clients, analysis.courses, analysis.method, now)
    same = (method, then) == (analysis.method, now)
    after = before if same else by_chance(analysis.of_clients, analysis.courses, method, then)
    opened, opens = _openings(mine, analysis.method, now), _openings(mine, method, then)
    table = before.cases.assign(now=before.found, then=after.found)
    by = table.groupby("practitioner", sort=True)
    return WhatIf(
        now=_falls(before, analysis.method, now),
        then=_falls(after, method, then),
        gone=len(np.setdiff1d(opened, opens)),
        fresh=len(np.setdiff1d(opens, opened)),
        practitioners=by.agg(
            cases=("client", "size"), now=("now", "sum"), then=("then", "sum")
        ).reset_index(),
    )


def along(analysis: Analysis, method: str, thresholds: Sequence[float]) -> pd.DataFrame:
    """How many falls a rule finds at each threshold: threshold, falls."""
    falls = [
        len(_openings(analysis.courses, method, with_threshold(analysis.settings, method, threshold)))
        for threshold in thresholds
    ]
    return pd.DataFrame({"threshold": thresholds, "falls": falls})


def _openings(courses: Courses, method: str, settings: Settings) -> np.ndarray:
    """The entries at which falls begin."""
    return np.flatnonzero(DETECTORS[method].find(courses, settings).state == _RUPTURE)


def _falls(chance: Chance, method: str, settings: Settings) -> Falls:
    threshold = threshold_of(settings, method)
    said = benchmarked.said_with(method, settings)
    return Falls(
        method,
        float("nan") if threshold is None else threshold,
        int(chance.found.sum()),
        int((chance.found > 0).sum()),
        chance.of(),
        said,
    )


def what_changes(told: WhatIf) -> str:
    """What changes, in one sentence."""
    now, then = told.now, told.then
    if told.same:
        return f"The setting in use: the rule {now.method} finds {_falls_in_words(now)}."
    other = f"the rule {then.method} at {digits(then.threshold)}"
    was = f"the rule {now.method}" if now.method != then.method else digits(now.threshold)
    return f"With {other} instead of {was}: {_falls_in_words(then)}, instead of {_falls_in_words(now)}."


def how_sure(told: WhatIf) -> list[str]:
    """What is new and what is gone, what chance gives, what the benchmark says: a sentence each."""
    now, then = told.now, told.then
    lines = []
    if not told.same:
        lines.append(
            f"At {_number(told.fresh, 'session', 'sessions')} a fall would be flagged that is not flagged now; {_number(told.gone, 'fall', 'falls')} that "
            f"{'is' if told.gone == 1 else 'are'} flagged now would no longer be."
        )
    if then.expected is not None and now.expected is not None:
        random, steady = then.expected.expected, then.expected.steady
        lines.append(
            f"The same rule finds {digits(random, '.1f')} falls when the sessions of each case are put in a random order{_now(told, digits(now.expected.expected, '.1f'))}, and "
            f"{digits(steady, '.1f')} in steady cases with nothing but the noise of single ratings{_now(told, digits(now.expected.steady, '.1f'))}."
        )
    own = now.said
    before = (
        ""
        if own is None
        else _now(
            told,
            f"{digits(own.false_alarms, '.1f')}, {digits(own.stable_flagged, '.0%')} and {digits(own.found, '.0%')}",
        )
    )
    lines.append(benchmarked.in_words(then.said, before))
    return lines


def _now(told: WhatIf, what: str) -> str:
    return "" if told.same else f" (now: {what})"


def _number(count: int, one: str, many: str) -> str:
    return f"{digits(count, ',')} {one if count == 1 else many}"


def _falls_in_words(falls: Falls) -> str:
    return f"{_number(falls.falls, 'fall', 'falls')} in {_number(falls.cases, 'case', 'cases')}"
