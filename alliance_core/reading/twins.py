"""Forms that stand more than once, and sessions without a number: the rules and their sentences, for sheets read together and for files read apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SAME = 9  # decimals: a spreadsheet keeps 15 digits, so a number that went through one may differ in its last bits
NOT_ANSWERS = ("date", "instrument", "range_min", "range_max", "answered")
SESSION_UNKNOWN = (
    "This form has a date but no session number, and no numbered session of the case is on that day; "
    "add the session's number."
)


def differs_from(what: str, place: Any) -> Any:
    """The sentence on a row that another one contradicts, which stands at `place`: text, or a column of them."""
    return (
        f"{what} stands more than once with different values: here and in "
        + place
        + ". Neither is used until one of them is removed."
    )


def merged_with(what: str, place: Any) -> Any:
    """The sentence on a row that was merged with the one at `place`: text, or a column of them."""
    return f"{what} stands here again and was merged with " + place + "."


def comparable(content: pd.DataFrame) -> pd.DataFrame:
    """The same with numbers rounded to SAME decimals."""
    decimals = dict.fromkeys(content.select_dtypes("float64").columns, SAME)
    return content.round(decimals) if decimals else content


def fates(
    content: pd.DataFrame, group: NDArray[np.integer[Any]]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Per row of forms that stand more than once, in groups: whether another one of its group contradicts it, and whether it is the one that stays.

    A form without answers contradicts nobody, and gives way to one that has some. In: the columns that are compared, rows in order.
    """
    rows, own = content.reset_index(drop=True), pd.Series(group)
    answers = [name for name in rows.columns if name not in NOT_ANSWERS]
    blank = rows[answers].isna().all(axis=1).to_numpy() if answers else np.zeros(len(rows), bool)
    blank = blank & (~pd.Series(blank)).groupby(own).transform("any").to_numpy()
    compared = comparable(rows).assign(_group=own)
    distinct = (~compared.loc[~blank].duplicated()).groupby(own.loc[~blank]).sum()
    differs = own.map(distinct > 1).to_numpy(bool) & ~blank
    first = (~own.loc[~blank].duplicated()).reindex(own.index, fill_value=False).to_numpy()
    return differs, first & ~differs


def by_date(forms: pd.DataFrame, case: NDArray[np.integer[Any]]) -> pd.Series:
    """The session of each form: its own number; else, from 1, by date within the case, or where other forms of the case have numbers, that of the session on its day.

    Missing where neither tells. In: FORMS columns session and date, and the number of each form's case.
    """
    unnumbered = forms["session"].isna().to_numpy()
    mixed = np.isin(case, np.unique(case[~unnumbered]))
    groups = pd.Series(case, index=forms.index)
    by_day = forms.groupby([groups, "date"], sort=False)["session"].transform("min")
    rank = forms["date"].groupby(groups).rank(method="dense").astype(forms["session"].dtype)
    return forms["session"].where(~unnumbered, rank.where(~mixed, by_day))
