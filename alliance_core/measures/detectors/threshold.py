"""`threshold`: at or below a line that somebody stated, whatever the case's own level is.

For instruments with lines of their own (their TOML files have them, with source: below 36 of 40 or any of the four lines below 9), and for
others where the settings state one (at or below it).
"""

from __future__ import annotations

import numpy as np

from alliance_core.measures import TIE
from alliance_core.measures.detectors.courses import Courses, Lines
from alliance_core.measures.detectors.signals import Signals, newly
from alliance_core.measures.detectors.walk import Walk, walk
from alliance_core.settings import Settings


def find(courses: Courses, settings: Settings, threshold: float | None = None) -> Walk:
    """A session under its line opens; with `threshold` (pct) that is the line of every entry, at or below.

    Level: the line. z = (line − watched)/σ. What is watched, and followed, is the rating; where the instrument has a line for every item, the lowest
    of them counts if it is farther below. Who stays under the line signals once, and again after a session that was not. No line, nothing to say.
    """
    lines = courses.lines or _no_lines(courses)
    if threshold is not None:
        line = np.full(len(courses.value), float(threshold))
        lines = Lines(line, courses.value, courses.value <= line + TIE)
    fallen_from = 2 * TIE  # a facet on its line is not below it
    rule = Signals(lines.line, courses.sigma, 0, newly(lines.under, courses), fallen_from)
    return walk(courses, rule, settings.episodes, lines.watched)


def _no_lines(courses: Courses) -> Lines:
    n = len(courses.value)
    return Lines(np.full(n, np.nan), courses.value, np.zeros(n, bool))
