"""Days that lie far from all others: more likely a slip in the year than a session."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliance_core.measures import TIE
from alliance_core.settings import ReadingSettings

_DAY = np.timedelta64(1, "D")


def away(
    days: NDArray[Any], settings: ReadingSettings, sessions: NDArray[Any] | None = None
) -> NDArray[np.float64]:
    """How many days each far day lies from the nearest day that is not in its own group; NaN where it is not far.

    In: one day for each session (datetime64, NaT where unknown), in any order; or days that so many `sessions` each are on. Days form groups wherever more than
    `far_days` (>) lie between neighbours. A group is far when it holds a single session, or at most the share
    `far_share` (≤) of them, and more than half of the sessions lie in groups that are not. Our choice: what is left
    after a long break, or begins after one, is a group of its own, and soon holds more sessions than a slip does.

    >>> days = np.array(["2025-03-04", "2025-03-11", "2062-03-18", "NaT"], "datetime64[D]")
    >>> away(days, ReadingSettings()).tolist()
    [nan, nan, 13521.0, nan]
    """
    result = np.full(len(days), np.nan)
    known = np.flatnonzero(~np.isnat(days))
    order = known[np.argsort(days[known], kind="stable")]
    gap = np.diff(days[order]) / _DAY
    group = np.append(0, np.cumsum(gap > settings.far_days))[: len(order)]
    size = np.bincount(group, weights=None if sessions is None else sessions[order])
    small = size <= max(1, settings.far_share * size.sum() + TIE)
    if not small.any() or not 2 * size[~small].sum() > size.sum():
        return result
    between = np.concatenate([[np.inf], gap[gap > settings.far_days], [np.inf]])
    nearest = np.minimum(between[:-1], between[1:])
    result[order] = np.where(small, nearest, np.nan)[group]
    return result


def counted(sessions: pd.DataFrame) -> pd.DataFrame:
    """How many sessions (n) are on each day, in order of the days; sessions without a day are left out. In: SESSIONS columns."""
    return sessions["date"].value_counts().sort_index().rename("n").to_frame()


def newest(days: pd.DataFrame, settings: ReadingSettings) -> pd.Timestamp:
    """The newest day that is not far, of the days that are `counted`; NaT where there is none."""
    far = ~np.isnan(away(days.index.to_numpy(), settings, days["n"].to_numpy(float)))
    return days.index[~far].max()
