"""Decisions of several people, or of several workbooks, put together: the same ones once, contradictions side by side."""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.reading.assembling import completed, contradicting
from alliance_core.tables import PLACE, REVIEW, UNSETTLED, WHAT_IT_WAS_ABOUT, shaped

CONTENT = [name for name in REVIEW.names if name not in PLACE]
_SAID = [name for name in CONTENT if name not in (*REVIEW.keys, *WHAT_IT_WAS_ABOUT)]


def merged(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """REVIEW, one row a case, session and day, in key order; and UNSETTLED, the rows that contradict each other.

    `rows` (REVIEW) may hold any number of a key. An empty cell contradicts nobody, so rows that agree wherever both say
    something become one that says all of it, at the place of the first of them in order of content and place; what the
    decision was about is not compared. Rows of a key with two different values in a column are all unsettled. The order of
    `rows` plays no part, and merging what was merged with itself changes nothing.
    """
    placed = shaped(rows, REVIEW).sort_values([*PLACE], na_position="last")
    ordered = placed.sort_values(
        [*REVIEW.keys, *_SAID, *WHAT_IT_WAS_ABOUT], kind="stable", na_position="first"
    )
    group = ordered.groupby(REVIEW.keys, sort=False, dropna=False).ngroup().to_numpy()
    differs = contradicting(ordered[_SAID], group)
    apart = ordered.loc[differs].drop_duplicates()
    number = apart.groupby(REVIEW.keys, sort=False, dropna=False).ngroup().to_numpy() + 1
    first = ~pd.Series(group[~differs]).duplicated().to_numpy()
    review = completed(ordered.loc[~differs], [*_SAID, *WHAT_IT_WAS_ABOUT], group[~differs]).loc[first]
    return shaped(review, REVIEW), shaped(apart.assign(conflict=number), UNSETTLED)


def same_decisions(rows: pd.DataFrame, others: pd.DataFrame) -> np.ndarray:
    """Per row of `rows` (REVIEW): whether a row of `others` says the same about the same, wherever the two stand."""
    known = shaped(others, REVIEW)[CONTENT].drop_duplicates().assign(_known=True)
    return shaped(rows, REVIEW)[CONTENT].merge(known, how="left", on=CONTENT)["_known"].notna().to_numpy()
