"""The rules that are compared, each with the ladder of thresholds that it is tried at."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alliance_core.measures.detectors import DETECTORS, Courses, Walk
from alliance_core.settings import Settings

RUNGS = 14  # thresholds tried of every rule; what lies between two of them is interpolated


class Rule(NamedTuple):
    """A rule under test: a detector with settings, and thresholds from many flags to few. `own`: those that it comes with."""

    name: str
    detector: str
    settings: Settings
    ladder: np.ndarray
    own: tuple[float, ...]

    def find(self, courses: Courses, threshold: float) -> Walk:
        return DETECTORS[self.detector].find(courses, self.settings, threshold)


def _rule(
    detector: str,
    between: tuple[float, float],
    *,
    name: str = "",
    changed: dict[str, dict[str, float]] | None = None,
    own: tuple[float, ...] = (),
) -> Rule:
    settings = Settings.model_validate(changed or {})
    group, _, key = DETECTORS[detector].threshold.partition(".")
    set_to = getattr(getattr(settings, group), key)
    own = own or ((set_to,) if isinstance(set_to, float) else ())
    return Rule(name or detector, detector, settings, np.linspace(*between, RUNGS), own)


_LAST_THREE = (1.2, 3.8)
RULES = (
    _rule("last_three", _LAST_THREE),
    _rule("baseline", (1.2, 3.6)),
    _rule("step", (1.0, 4.6), own=(2.0, 1.0)),
    _rule(
        "step",
        (1.0, 5.0),
        name="step, from the highest of three",
        changed={"step": {"from_highest_of": 3}},
        own=(2.0, 1.0),
    ),
    _rule("reliable_change", (1.0, 4.6)),
    _rule("control_chart", (0.7, 6.3)),
    _rule("sudden_loss", (0.1, 3.7)),
    _rule("threshold", (78.0, 30.0)),
)
# Further forms of last_three, on the grid of choice only: what each of its two changes to `baseline` brings.
VARIANTS = (
    _rule("last_three", _LAST_THREE, name="last_three, one rating", changed={"last_three": {"sessions": 1}}),
    _rule("last_three", _LAST_THREE, name="last_three, two ratings", changed={"last_three": {"sessions": 2}}),
    _rule(
        "last_three", _LAST_THREE, name="last_three, four ratings", changed={"last_three": {"sessions": 4}}
    ),
    _rule(
        "last_three",
        _LAST_THREE,
        name="last_three, without the mean of all cases",
        changed={"noise": {"pooled_at_most": 0.0}},
    ),
)
