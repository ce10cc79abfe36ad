"""Corrections that a user makes in place: which cells are offered, and what was entered as orders to apply."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from alliance_core.reading.marking import EMPTY, REMOVE_ROW, REPLACE, corrected
from alliance_core.reading.sources import Source, collect

MOST_OFFERED = 200
OF_NO_CELL = ("column_missing",)  # it names the row of headers by its first cell, in which nothing is wrong
OFFERED = ["file", "sheet", "cell", "column", "value", "message"]
NEW, INSTEAD = "new value", "instead"
INSTEAD_OPTIONS = (EMPTY, REMOVE_ROW)
__all__ = [
    "INSTEAD",
    "INSTEAD_OPTIONS",
    "NEW",
    "OFFERED",
    "correctable",
    "corrected",
    "entered",
    "named_files",
]


def correctable(problems: pd.DataFrame) -> pd.DataFrame:
    """The cells that errors (PROBLEMS) find wrong, one row each, with two empty columns to fill in: `new value` and `instead`.

    Columns: OFFERED, then those two. Several errors of one cell share its row. At most MOST_OFFERED rows, in order.
    """
    of_cells = problems["cell"].notna() & ~problems["code"].isin(OF_NO_CELL)
    errors = problems[problems["severity"].eq("error") & of_cells]
    once = errors.assign(message=errors["message"].astype(object)).groupby(
        ["file", "sheet", "cell"], sort=False, as_index=False
    )
    cells = once.agg({"column": "first", "value": "first", "message": " ".join}).head(MOST_OFFERED)
    nothing = pd.array([None] * len(cells), dtype="str")
    return cells[OFFERED].assign(**{NEW: nothing, INSTEAD: nothing}).reset_index(drop=True)


def entered(cells: pd.DataFrame) -> pd.DataFrame:
    """The corrections (file, sheet, cell, action, new) among `cells`, as `correctable` gave them and the user filled them in.

    Rows without a new value and without another action are left out; an action goes before a new value.
    """
    new = cells[NEW].fillna("").str.strip()
    action = cells[INSTEAD].where(cells[INSTEAD].isin(INSTEAD_OPTIONS)).fillna("")
    made = cells.assign(action=action.where(action.ne(""), REPLACE), new=new)
    return made.loc[new.ne("") | action.ne(""), ["file", "sheet", "cell", "action", "new"]].reset_index(
        drop=True
    )


def named_files(sources: Sequence[Source]) -> dict[str, bytes]:
    """The files by the name that problems give them."""
    return {given.name: given.content for given in collect(sources)[0]}
