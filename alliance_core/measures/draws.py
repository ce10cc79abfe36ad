"""Random numbers that belong to a case: the same ones whatever else is loaded and whatever it is called, so that another case changes nothing about this one.

Cases with the very same ratings are the exception: they are told apart by their order, or they would all draw alike.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pandas as pd
from scipy.special import ndtri

from alliance_core.measures.series import starts

# The odd constants and the mixing are those of SplitMix64 (Steele, Lea and Flood 2014): neighbouring counts give unrelated numbers.
_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


class Random(Protocol):
    """What shuffles and noise need of a source of random numbers; numpy's Generator is one."""

    def random(self, size: int) -> np.ndarray:
        """So many numbers from 0 up to, not including, 1."""
        ...

    def standard_normal(self, size: tuple[int, int]) -> np.ndarray:
        """Normal numbers of mean 0 and SD 1, in this shape."""
        ...


class CaseDraws:
    """One number for each copy and each entry, made from the seed, all ratings of the case (`value`, pct, none missing), the entry's place in it and the copy's number.

    `value`: pct of each entry; `case`: the number of its case, from 0, those of one case beside each other. Cases with the very same ratings
    draw other numbers by their order; where more cases come before than are here, `alike_before` names what they are `alike` by (rising), and `count_before`
    how many they are. Each call goes on with the next copies.
    """

    def __init__(
        self,
        value: np.ndarray,
        case: np.ndarray,
        seed: int,
        alike_before: np.ndarray | None = None,
        count_before: np.ndarray | None = None,
    ) -> None:
        whole = pd.Series(alike(value, case))
        order = whole.groupby(whole).cumcount().to_numpy(np.uint64)
        if alike_before is not None and count_before is not None and len(alike_before):
            at = np.searchsorted(alike_before, whole).clip(max=len(alike_before) - 1)
            order += np.where(alike_before[at] == whole, count_before[at], 0).astype(np.uint64)
        of_case = _mixed(whole.to_numpy(np.uint64) + _mixed(order + _mixed(np.array([seed], np.uint64))))
        self._entry = _mixed(of_case[case] + _steps(case))
        self._copies = 0

    def random(self, size: int) -> np.ndarray:
        """For copies × entries, copy by copy."""
        return (self._next(size // max(len(self._entry), 1)) >> np.uint64(11)).ravel() * 2.0**-53

    def standard_normal(self, size: tuple[int, int]) -> np.ndarray:
        """copies × entries."""
        return ndtri(((self._next(size[0]) >> np.uint64(11)).astype(float) + 0.5) * 2.0**-53)

    def _next(self, copies: int) -> np.ndarray:
        number = np.arange(self._copies, self._copies + copies, dtype=np.uint64)
        self._copies += copies
        return _mixed(self._entry + _mixed(number * _STEP)[:, None])


def alike(value: np.ndarray, case: np.ndarray) -> np.ndarray:
    """One number for each case, made from all of its ratings in order: cases with the very same ones have the same. In: as for CaseDraws."""
    # The same ratings from another layout may differ in the last bit.
    rated = _mixed(np.round(value * 1e6).astype(np.int64).astype(np.uint64) + _steps(case))
    return np.add.reduceat(rated, starts(case)) if len(case) else rated


def _steps(case: np.ndarray) -> np.ndarray:
    return (np.arange(len(case)) - starts(case)[case]).astype(np.uint64) * _STEP


def _mixed(values: np.ndarray) -> np.ndarray:
    """Each 64-bit number as another one, so that near ones are far apart."""
    values = values + _STEP
    values = (values ^ (values >> np.uint64(30))) * _FIRST
    values = (values ^ (values >> np.uint64(27))) * _SECOND
    return values ^ (values >> np.uint64(31))
