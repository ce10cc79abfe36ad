"""The sheets of the supervision workbook that are read back: decisions, ratings as they were read, and what stood beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from alliance_core.instruments import instruments
from alliance_core.measures.scores import total_in_response_units
from alliance_core.reading.child.limits import UPLOAD
from alliance_core.reports import headings
from alliance_core.reports.excel_tables import Styles, column_of, meanings_of, write_table
from alliance_core.reports.sheets_out import ROWS, limit, one_of
from alliance_core.review import DECISIONS, DONE
from alliance_core.tables import (
    CASE_NOTES,
    FORMS,
    GOALS,
    MARKERS,
    REVIEW,
    SCALES,
    TASKS,
    WHAT_IT_WAS_ABOUT,
    Ratings,
    Table,
    shaped,
)
from alliance_core.terms import Terms

MOST_ROWS = 1_048_575  # of a sheet, below its headers
RATINGS = "Ratings"  # with the instrument's id, the name of a sheet of ratings

BESIDE: dict[str, tuple[Table, dict[str, str]]] = {
    "markers": (MARKERS, headings.MARKERS),
    "tasks": (TASKS, headings.TASKS),
    "goals": (GOALS, headings.GOALS),
    "cases": (CASE_NOTES, headings.CASES),
}
_WIDTHS = {"Action": 40, "Note": 40, "Task": 30, "Client goal": 40, "Therapist goal": 40, "Marker": 30}

Kept = dict[str, tuple[pd.DataFrame, Table, dict[str, str]]]


def kept_sheets(ratings: Ratings, review: pd.DataFrame) -> Kept:
    """By their names and in order, the sheets that are read back: rows, table and headers of each.

    Where there are more ratings than a workbook may hold to be read (`reading.child.limits`), they are not among them.
    """
    found: Kept = {"review": (shaped(review, REVIEW), REVIEW, headings.REVIEW)}
    if holds_ratings(ratings):
        found |= _sheets_of_ratings(ratings.forms)
    for name, (table, headers) in BESIDE.items():
        found[name] = (shaped(getattr(ratings, name), table), table, headers)
    return found


def holds_ratings(ratings: Ratings) -> bool:
    """Whether the ratings are few enough to be read back."""
    return ratings.forms.notna().to_numpy().sum() <= UPLOAD.cells


def write_kept(workbook: Workbook, name: str, sheets: Kept, style: Styles, terms: Terms) -> Worksheet:
    """One of these sheets."""
    rows, table, headers = sheets[name]
    meanings = meanings_of(table, headers, terms)
    made = write_table(workbook, name, rows[[*headers]].rename(columns=headers), style, meanings)
    kinds = {column.name: column.kind for column in table.columns}
    for at, (column, title) in enumerate(headers.items()):
        look = style.wrapped if title in _WIDTHS else style.text if kinds[column] == "text" else None
        made.set_column(at, at, _WIDTHS.get(title, 12), look)
    if name == "review":
        _offer(made, style)
    if name == "cases":
        _say_closed(made, rows, [*headers])
    return made


def _offer(sheet: Worksheet, style: Styles) -> None:
    """Drop-downs for what only has a few words, paler columns that are the export's own, and actions that are past their day."""
    headers = tuple(headings.REVIEW.values())
    limit(sheet, headers, "Decision", one_of(DECISIONS))
    limit(sheet, headers, "Done", one_of(DONE))
    for name in WHAT_IT_WAS_ABOUT:
        at = headers.index(headings.REVIEW[name])
        sheet.set_column(at, at, 16, style.quiet)
    action, due, done = (column_of(headers, name) for name in ("Action", "Due", "Done"))
    # the day is told by the spreadsheet, each time the workbook is opened
    late = f'AND(${action}2<>"",ISNUMBER(${due}2),${due}2<TODAY(),${done}2<>"yes")'
    at = headers.index("Due")
    sheet.conditional_format(
        1, at, ROWS, at, {"type": "formula", "criteria": f"={late}", "format": style.late}
    )


def _say_closed(sheet: Worksheet, cases: pd.DataFrame, columns: list[str]) -> None:
    """Yes where a case ended on a day that is not known."""
    for row in np.flatnonzero(cases["ended"].eq("yes") & cases["closed"].isna()).tolist():
        sheet.write_string(row + 1, columns.index("closed"), "yes")


def _sheets_of_ratings(forms: pd.DataFrame) -> Kept:
    """Sheets by name with their rows and headers: one for each instrument and scale of its totals, in order.

    The scale of a column of totals is told from the whole column, so totals on different scales need sheets of their own.
    """
    every = shaped(forms, FORMS)
    written = every.assign(rater=every["rater"].map(headings.RATERS))
    found: Kept = {}
    for name, rows in written.groupby(_sheet_names(every).to_numpy(), sort=True):
        headers = _headers(rows)
        for number, start in enumerate(range(0, len(rows), MOST_ROWS), 1):
            part = rows.iloc[start : start + MOST_ROWS]
            found[str(name) if number == 1 else f"{name} ({number})"] = (part, FORMS, headers)
    return found


def _headers(rows: pd.DataFrame) -> dict[str, str]:
    """The columns of one instrument's sheet: all items or none, and the scores that any form has; some where nobody answered."""
    instrument = instruments()[str(rows["instrument"].iloc[0])]
    items = {f"item_{n}": f"Item {n}" for n in range(1, instrument.items + 1)}
    scores = {scale: scale.capitalize() for scale in SCALES} | {"answered": "Items answered"}
    filled = {name for name in (*items, *scores) if rows[name].notna().any()}
    used = items if filled & items.keys() or not filled else {}
    used |= {name: title for name, title in scores.items() if name in filled}
    used = used or {scale: scores[scale] for scale in instrument.given}
    return {**headings.FORM_KEYS, **({} if instrument.range else headings.RANGE), **used}


def _sheet_names(forms: pd.DataFrame) -> pd.Series[str]:
    """The sheet that each form belongs on."""
    names = pd.Series("", index=forms.index, dtype="str")
    for name, rows in forms.groupby("instrument", sort=True):
        there = rows["overall"].notna().to_numpy()
        mean = total_in_response_units(rows, instruments()[str(name)])
        scale = np.select(
            [there & np.isnan(mean), there & (mean != rows["overall"])], [" totals", " sums"], ""
        )
        names.loc[rows.index] = pd.array([f"{RATINGS} {name}{word}" for word in scale.tolist()], dtype="str")
    return names
