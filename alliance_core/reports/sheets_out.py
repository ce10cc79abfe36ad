"""Write workbooks: text as text (never a formula or a link), dates as dates, the same bytes each time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

# A workbook records when it was made; a fixed day keeps the bytes the same.
_MADE = datetime(2025, 1, 1)
ROWS = 2000  # rows below the headers that get drop-downs


def new_workbook(target: str | Path | BytesIO) -> Workbook:
    """An empty workbook that writes strings as strings, whatever they begin with."""
    workbook = xlsxwriter.Workbook(
        target if isinstance(target, BytesIO) else str(target),
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
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
                sheet.write_string(row, position, str(text))
    if len(frame.columns):
        sheet.set_column(0, len(frame.columns) - 1, 12)
    return sheet


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
