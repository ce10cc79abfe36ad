"""A slow fall: the client's overall goes down bit by bit, and no single session stands out. Our choice.

The line of least squares through the case's latest usual ratings (outside episodes, since the last unrepaired one, at most
`falling_sessions` of them) is held against the error that σ alone gives its slope. In stable cases chance gives such a slope in one or two of
100 at any one look, and in three to five of 100 at some time over their first 12 sessions (simulated: normal noise, unequal spread, long tails, ceiling).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.measures import TIE
from alliance_core.measures.detectors import Walk
from alliance_core.measures.series import numbered, starts
from alliance_core.settings import ReadingSettings


def falling_slowly(
    rows: pd.DataFrame, sigma: np.ndarray, found: Walk, settings: ReadingSettings
) -> pd.DataFrame:
    """Cases whose latest usual ratings by the client slope downwards by at least `falling_z` standard errors (≥).

    With n ratings in order, 0 … n − 1: slope = Σ(i − (n−1)/2)·x / S, S = n(n² − 1)/12, its standard error σ/√S. At least `falling_from` ratings; not while
    an episode is open. Only the instrument rated last counts. In: rows of series.rated_series, their σ, what the rule saw. Out: practitioner, client, case (number), session (first of
    the ratings used), count (ratings used), size (fall of the line from its first to its last rating, pct points) and error (the least size that counts).
    """
    mine = np.flatnonzero(((rows["rater"] == "client") & (rows["facet"] == "overall")).to_numpy())
    series, case = rows["series"].to_numpy()[mine], rows["case"].to_numpy()[mine]
    usual = found.joined[mine] & (mine >= found.first[series]) & (found.opened[series] < 0)
    usual &= _rated_last(series, case, rows["session"].to_numpy()[mine])
    kept = mine[usual]
    at = starts(numbered(case[usual]))
    size = np.diff(at, append=len(kept))
    number = np.repeat(np.arange(len(at)), size)
    from_end = np.repeat(at + size, size) - np.arange(len(kept))
    latest = from_end <= settings.falling_sessions
    kept, number = kept[latest], number[latest]
    n = np.bincount(number, minlength=len(at))
    first = starts(number)
    place = np.arange(len(kept)) - first[number] - (n[number] - 1) / 2
    enough = n >= settings.falling_from
    spread = np.where(enough, n * (n.astype(float) ** 2 - 1) / 12, 1)
    value = rows["value"].to_numpy()[kept]
    fall = -np.bincount(number, weights=place * value, minlength=len(at)) / spread * (n - 1)
    error = settings.falling_z * sigma[kept[first]] / np.sqrt(spread) * (n - 1)
    here = enough & (fall >= error - TIE)
    told = rows[["practitioner", "client", "case", "session"]].take(kept[first[here]])
    return told.reset_index(drop=True).assign(count=n[here], size=fall[here], error=error[here])


def _rated_last(series: np.ndarray, case: np.ndarray, session: np.ndarray) -> np.ndarray:
    """Whether each rating belongs to the series of its case that has the latest session. Cases are in order, and so are the sessions of a series."""
    first = starts(series)
    end = np.append(first[1:], len(series))[: len(first)] - 1  # of each series
    of_case = starts(case[end])
    latest = np.maximum.reduceat(session[end], of_case) if len(of_case) else of_case
    is_last = session[end] == np.repeat(latest, np.diff(of_case, append=len(end)))
    return np.repeat(is_last, np.diff(first, append=len(series)))
