"""Write workbooks: text as text (never a formula or a link), dates as dates, the same bytes each time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

# A workbook records when it was made; a fixed day keeps the bytes the same.
_MADE = datetime(2025, 1, 1)
ROWS = 2000  # rows below the headers that get drop-downs
_LINE = 15  # points: the height of a line
LONGEST = 32_767  # characters of a text in a cell, as a spreadsheet counts them: those beyond the first plane are two
_NOT_IN_XML = re.compile("[\ufffe\uffff]")
# What a chart's title or name cannot hold: control characters, and those that turn the direction of what follows.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]+")


class _Sheet(Worksheet):
    """A sheet whose formulas name no function that is younger than 2010, so that none is looked for, which takes most of the time."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


class _Workbook(Workbook):
    worksheet_class = _Sheet


def new_workbook(target: str | Path | BytesIO) -> Workbook:
    """An empty workbook that writes strings as strings, whatever they begin with, and leaves no part of it in a temporary folder."""
    workbook = _Workbook(
        target if isinstance(target, BytesIO) else str(target),
        {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "in_memory": True,
        },
    )
    workbook.set_properties({"created": _MADE})
    return workbook


def header_format(workbook: Workbook) -> Format:
    return workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})


def write_sheet(
    workbook: Workbook, name: str, frame: pd.DataFrame, header: Format, dates: Format, top: int = 0
) -> Worksheet:
    """One sheet: headers below `top` rows left free (all kept in view), then the rows; missing values are empty cells."""
    sheet = workbook.add_worksheet(name)
    sheet.freeze_panes(top + 1, 0)
    for position, column in enumerate(frame.columns):
        sheet.write_string(top, position, str(column), header)
        values: pd.Series[Any] = frame[column]
        filled = values.notna().to_numpy()
        rows = (filled.nonzero()[0] + top + 1).tolist()
        kept = values[filled]
        if pd.api.types.is_datetime64_any_dtype(kept.dtype):
            for row, moment in zip(rows, kept.dt.to_pydatetime(), strict=True):
                sheet.write_datetime(row, position, moment, dates)
        elif pd.api.types.is_numeric_dtype(kept.dtype):
            for row, number in zip(rows, kept.tolist(), strict=True):
                sheet.write_number(row, position, number)
        else:
            for row, text in zip(rows, kept.tolist(), strict=True):
                sheet.write_string(row, position, writable(str(text)))
    if len(frame.columns):
        sheet.set_column(0, len(frame.columns) - 1, 12)
    return sheet


def writable(text: str) -> str:
    """Text as a cell can hold it: the two signs that XML does not know are the one for a sign that is not known."""
    return _NOT_IN_XML.sub("\ufffd", text)


def write_wrapped(sheet: Worksheet, row: int, column: int, text: str, width: int, wrapped: Format) -> None:
    """A long text in a column `width` characters wide, in a row that is as high as its lines: not every program finds that out by itself."""
    sheet.write_string(row, column, text, wrapped)
    sheet.set_row(row, _LINE * lines_of(text, width))


def lines_of(text: str, width: float) -> int:
    """About how many lines a text takes in a column `width` characters wide; letters are narrower than the digits that widths are counted in."""
    return sum(max(1, ceil(len(line) / (1.08 * width))) for line in text.split("\n"))


def high_enough(sheet: Worksheet, frame: pd.DataFrame, widths: Sequence[float], top: int) -> None:
    """Rows below the headers in row `top` as high as their longest text in columns of these widths."""
    words = [
        frame[name].fillna("") if pd.api.types.is_string_dtype(frame[name].dtype) else "" for name in frame
    ]
    texts = pd.DataFrame(dict(enumerate(words)), index=frame.index)
    for row, cells in enumerate(texts.to_numpy().tolist(), top + 1):
        sheet.set_row(
            row, _LINE * max(lines_of(text, width) for text, width in zip(cells, widths, strict=True))
        )


def too_long(frame: pd.DataFrame) -> int:
    """How many texts of a frame are longer than a cell can hold: their ends are left away."""
    texts = (frame[name].dropna() for name in frame if pd.api.types.is_string_dtype(frame[name].dtype))
    long = (one[(one.str.len() > LONGEST // 2).to_numpy(bool)] for one in texts)
    return sum(len(text.encode("utf-16-le")) > 2 * LONGEST for one in long for text in one.tolist())


def as_name(text: str) -> str:
    """Text of a user as a chart's title or name, or part of it: without what is not seen, short, and nothing that is taken for a cell's address.

    XlsxWriter takes a title with an exclamation mark before letters and digits for a reference: an invisible joiner behind the mark keeps it text.

    >>> as_name("C-0\\x0017\\n")
    'C-0 17'
    """
    shown = _UNSEEN.sub(" ", text).strip()
    return (shown if len(shown) <= 40 else f"{shown[:39]}…").replace("!", "!\u2060")


def limit(sheet: Worksheet, headers: Sequence[str], name: str, rule: dict[str, Any]) -> None:
    """A rule for the cells below a header, where there is such a header."""
    if name in headers:
        at = headers.index(name)
        sheet.data_validation(1, at, ROWS, at, rule)


def one_of(choices: Sequence[str]) -> dict[str, Any]:
    """The rule that a cell holds one of these words, or nothing."""
    return {
        "validate": "list",
        "source": list(choices),
        "error_title": "Not in the list",
        "error_message": f"Choose one of: {', '.join(choices)}.",
    }


def write_workbook(target: str | Path, sheets: dict[str, pd.DataFrame]) -> None:
    """A workbook with the sheets in the order given. Raises OSError where it cannot be written."""
    try:
        with new_workbook(target) as workbook:
            header = header_format(workbook)
            dates = workbook.add_format({"num_format": "yyyy-mm-dd"})
            for name, frame in sheets.items():
                write_sheet(workbook, name, frame, header, dates)
    except FileCreateError as error:
        why = getattr(error.args[0], "strerror", None) or "the folder is not there, or closed to you"
        raise OSError(f"{Path(target).name} cannot be written ({why})") from None
