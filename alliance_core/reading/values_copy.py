"""The cells of sheets as a new .xlsx: for files that cannot be edited in place, values at their own addresses."""

from __future__ import annotations

import datetime
import io
import math
import re
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from alliance_core.reading.sheets import Sheet, show

_MADE = datetime.datetime(
    2025, 1, 1
)  # a workbook records when it was made; a fixed day keeps the bytes the same
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_FIRST_DAY = "1900-03-01"  # before it, spreadsheets disagree on what a number of days means


def names_for(sheets: Sequence[Sheet]) -> list[str]:
    """A name that a workbook accepts for each sheet: at most 31 characters, none twice."""
    found: list[str] = []
    for sheet in sheets:
        name = (_NOT_IN_NAMES.sub(" ", sheet.label).strip().strip("'") or "Sheet")[:31]
        taken = {one.casefold() for one in found}
        tried, number = name, 2
        while tried.casefold() in taken or tried.casefold() == "history":
            tried, number = f"{name[:27]} {number}", number + 1
        found.append(tried)
    return found


def values_copy(sheets: Sequence[Sheet]) -> bytes:
    """An .xlsx with the cells' values where they stood. Text is written as text, never as formula or link.

    Formats, formulas and comments are not in it. The same sheets give the same bytes.
    """
    made = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(made, options) as book:
        book.set_properties({"created": _MADE})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        visible = next((i for i, sheet in enumerate(sheets) if not sheet.hidden), 0)
        for number, (sheet, name) in enumerate(zip(sheets, names_for(sheets), strict=True)):
            page = book.add_worksheet(name)
            if number == visible:
                page.activate()
                page.set_first_sheet()
            elif sheet.hidden:
                page.hide()
            _write(page, sheet, day)
    return made.getvalue()


def _write(page: Worksheet, sheet: Sheet, day: Any) -> None:
    for at, column in enumerate(sheet.columns, sheet.left):
        pairs = list(zip(column.kinds, column.values, strict=True))
        for row, code in enumerate(column.codes.tolist(), sheet.top):
            kind, value = pairs[code]
            if kind in "ef":
                continue
            if kind == "n" and math.isfinite(value):
                page.write_number(row, at, value)
            elif kind == "b":
                page.write_boolean(row, at, value)
            elif kind == "d" and value >= _FIRST_DAY:
                page.write_datetime(row, at, datetime.datetime.fromisoformat(value), day)
            else:
                text = str(value) if kind in "tdhx" else show(kind, value)
                page.write_string(row, at, _CONTROL.sub("", text)[:32_000])
