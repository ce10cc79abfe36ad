"""Optional sheets in key order, and neighbouring rows there that belong together: what each run of them last tells, its sums and extremes, all at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from alliance_core.measures.series import category, numbered, starts
from alliance_core.tables import Table

_CASE = ["practitioner", "client"]


def in_key_order(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The rows in order of the table's columns, with `case` (number from 0); practitioner and client as ordered categories (fast to compare)."""
    if not _rising([_code(rows[column.name]) for column in table.columns if column.key]):
        rows = rows.sort_values(table.names, kind="stable")
    rows = rows.reset_index(drop=True)
    rows = rows.assign(**{name: category(rows[name]) for name in _CASE if rows[name].dtype != "category"})
    return rows.assign(case=numbered(*(rows[name].cat.codes.to_numpy() for name in _CASE)))


def _code(column: pd.Series) -> np.ndarray:
    """Numbers in the order of the values, missing ones last."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        return np.nan_to_num(in_whole(column), nan=np.inf)
    code = column.cat.codes.to_numpy() if column.dtype == "category" else pd.factorize(column, sort=True)[0]
    return np.where(code < 0, len(column), code)


def _rising(keys: list[np.ndarray]) -> bool:
    """Whether each row lies after the one before, by the first of the keys that differs."""
    later, same = (np.full(max(len(keys[0]) - 1, 0), start) for start in (False, True))
    for key in keys:
        later |= same & (key[1:] > key[:-1])
        same &= key[1:] == key[:-1]
    return bool(later.all())


class Runs(NamedTuple):
    """Where each run begins, and the last row of each."""

    first: np.ndarray
    last: np.ndarray

    @property
    def size(self) -> np.ndarray:
        return self.last - self.first + 1

    def last_where(self, here: np.ndarray) -> np.ndarray:
        """The last row of each run that is marked; −1 where none is.

        >>> runs(np.array([0, 0, 0, 1])).last_where(np.array([True, True, False, False])).tolist()
        [1, -1]
        """
        latest = np.maximum.accumulate(np.where(here, np.arange(len(here)), -1))
        found = latest[self.last] if len(self.last) else np.zeros(0, np.int64)
        return np.where(found >= self.first, found, -1)

    def total(self, value: np.ndarray) -> np.ndarray:
        """The sum of each run; marks are counted."""
        if value.dtype == bool:
            value = value.astype(np.int64)
        return np.add.reduceat(value, self.first) if len(self.first) else value[:0]

    def lowest(self, value: np.ndarray) -> np.ndarray:
        """Of the values that there are; missing where there is none."""
        return np.fmin.reduceat(value, self.first) if len(self.first) else value[:0]

    def highest(self, value: np.ndarray) -> np.ndarray:
        """Of the values that there are; missing where there is none."""
        return np.fmax.reduceat(value, self.first) if len(self.first) else value[:0]


def runs(number: np.ndarray) -> Runs:
    """The runs of rows with the same number."""
    first = starts(number)
    return Runs(first, np.append(first[1:], len(number)).astype(np.int64)[: len(first)] - 1)


def at(column: pd.Series, rows: np.ndarray) -> pd.Series:
    """The column's values in these rows; missing where there is none (−1)."""
    if (rows >= 0).all():
        return column.take(rows).reset_index(drop=True)
    return pd.Series(pd.api.extensions.take(column.array, rows, allow_fill=True))


def in_whole(column: pd.Series) -> np.ndarray:
    """Whole numbers, such as sessions, as floats: missing ones are NaN."""
    return column.to_numpy(float, na_value=np.nan)


def marked_by_case(rows: pd.DataFrame, here: np.ndarray) -> pd.DataFrame:
    """For each case of rows in order of their `case`: how many are marked (count), of how many (of), the `last_session` of the latest marked one (session), and
    whether any is (raised: yes or no), beside practitioner and client.
    """
    case = runs(rows["case"].to_numpy())
    count = case.total(here)
    return pd.DataFrame(
        {
            **{name: at(rows[name], case.first) for name in _CASE},
            "count": count,
            "of": case.size,
            "session": case.highest(np.where(here, in_whole(rows["last_session"]), np.nan)),
            "raised": np.where(count > 0, "yes", "no"),
        }
    )
