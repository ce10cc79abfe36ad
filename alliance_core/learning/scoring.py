"""Marks in a set of series against what was planted there, or against another's marks: counts, never a grade."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import pandas as pd


class Score(NamedTuple):
    """What marks come to in the `series` that were looked at, with so many ruptures `planted`.

    `found`: ruptures with a mark that belongs to them. `false_alarms`: series with a mark that belongs to none. `followed`: of those found, the
    ones of which it was told rightly what followed: back, and where, or not back.
    """

    series: int
    planted: int
    found: int
    false_alarms: int
    followed: int

    @property
    def missed(self) -> int:
        return self.planted - self.found


class Beside(NamedTuple):
    """Two people's marks in the same `series`: those in which both marked something, of these the ones where they mean the same place, one alone, neither."""

    series: int
    both: int
    same_place: int
    first_only: int
    second_only: int
    neither: int


def score(marks: pd.DataFrame, truth: pd.DataFrame, looked_at: Collection[int], near: int) -> Score:
    """Marks (series, start, back) against planted ruptures (series, start, back, last), in the series that were looked at.

    A mark belongs to a rupture when it starts from `near` sessions before its start (≥) to its last lower session (≤). Of several, the first
    tells what followed: rightly when it says where the rating was back to within `near` sessions (≤), or that it was not. Missing: not back.
    """
    marks, truth = _of(marks, looked_at), _of(truth, looked_at)
    pairs = marks.reset_index(names="mark").merge(
        truth.reset_index(names="rupture"), on="series", suffixes=("", "_true")
    )
    belongs = (pairs["start"] >= pairs["start_true"] - near) & (pairs["start"] <= pairs["last"])
    pairs = pairs[belongs.to_numpy(bool)]
    astray = marks.drop(index=pairs["mark"].unique())
    first = pairs.sort_values(["rupture", "start"], kind="stable").drop_duplicates("rupture")
    away = (first["back"] - first["back_true"]).abs()  # missing where either is
    alike = (away <= near).fillna(False) | (first["back"].isna() & first["back_true"].isna())
    return Score(
        series=len(set(looked_at)),
        planted=len(truth),
        found=len(first),
        false_alarms=astray["series"].nunique(),
        followed=int(alike.sum()),
    )


def beside(first: pd.DataFrame, second: pd.DataFrame, looked_at: Collection[int], near: int) -> Beside:
    """Marks of two (series, start) in the series that were looked at. The same place: starts at most `near` sessions apart (≤)."""
    first, second = _of(first, looked_at), _of(second, looked_at)
    one, other = set(first["series"].tolist()), set(second["series"].tolist())
    pairs = first.merge(second, on="series", suffixes=("", "_other"))
    close = (pairs["start"] - pairs["start_other"]).abs() <= near
    return Beside(
        series=len(set(looked_at)),
        both=len(one & other),
        same_place=pairs.loc[close.to_numpy(bool), "series"].nunique(),
        first_only=len(one - other),
        second_only=len(other - one),
        neither=len(set(looked_at) - one - other),
    )


def _of(frame: pd.DataFrame, looked_at: Collection[int]) -> pd.DataFrame:
    kept = np.isin(frame["series"].to_numpy(np.int64), list(looked_at))
    return frame[kept].reset_index(drop=True)
