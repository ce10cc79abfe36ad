"""What all figures share: their form, and numbers as words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from alliance_core.notation import digits
from alliance_core.settings import Settings

Row = Mapping[str, Any]


class Figure(NamedTuple):
    """One figure. `measure` is its id in measures.explained; `value` and `interval` in words, empty where there is none.

    `numbers`: what went into it, a sentence each. `why_not`: why it is not shown; then `value` is empty.
    """

    measure: str
    value: str
    interval: str = ""
    numbers: tuple[str, ...] = ()
    why_not: str = ""


def known(value: Any) -> bool:
    return value is not None and not pd.isna(value)


def decimal(value: float) -> str:
    """Two decimals with a proper minus.

    >>> decimal(0.618), decimal(-0.1), decimal(-0.001)
    ('0.62', '−0.10', '0.00')
    """
    return digits(round(float(value), 2) + 0.0, ".2f").replace("-", "−")


def percent(share: float) -> str:
    """A share (0–1) in whole percent: "74 %"."""
    return f"{round(100 * float(share))} %"


def pct(value: float) -> str:
    """A rating in whole percent of the maximum: "74 %"."""
    return f"{round(float(value))} %"


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 pair", "1,200 pairs"."""
    return f"{digits(number, ',')} {one if number == 1 else many or one + 's'}"


def interval(low: Any, high: Any, settings: Settings, word: Callable[[float], str] = decimal) -> str:
    """ "95 % interval 0.01 to 0.90"; empty where it is not known."""
    if not known(low):
        return ""
    return f"{percent(settings.agreement.interval_level)} interval {word(low)} to {word(high)}"


def too_few(number: int, least: int, one: str, many: str = "") -> str:
    """ "4 pairs; from 6 on."; empty where there are enough."""
    return f"{counted(number, one, many)}; from {least} on." if number < least else ""


def alike_pairs(alike: int, pairs: int) -> str:
    """ "16 pairs on versions of one instrument", "9 of 16 pairs on versions of one instrument"."""
    of = counted(pairs, "pair") if alike == pairs else f"{alike} of {counted(pairs, 'pair')}"
    return f"{of} on versions of one instrument"


def told(*lines: str) -> tuple[str, ...]:
    """The lines that are there."""
    return tuple(line for line in lines if line)
