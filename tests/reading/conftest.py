"""Workbooks made in memory, and what reading makes of them."""

import datetime
import io

import pytest
import xlsxwriter

from alliance_core.reading import ReadingChoices, read_workbooks


def made_workbook(sheets, name="ratings.xlsx", hidden=(), hidden_rows=()):
    """(name, bytes) of an .xlsx; a value that begins with "=" is a formula whose result is not stored as number."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            if title in hidden:
                sheet.hide()
            for r in hidden_rows:
                sheet.set_row(r, None, None, {"hidden": True})
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if isinstance(value, datetime.date):
                        sheet.write_datetime(r, c, datetime.datetime(value.year, value.month, value.day), day)
                    elif isinstance(value, tuple):  # (formula, stored result)
                        sheet.write_formula(r, c, value[0], None, value[1])
                    elif value is not None:
                        sheet.write(r, c, value)
    return name, buffer.getvalue()


@pytest.fixture
def workbook():
    return made_workbook


@pytest.fixture
def read():
    """Rows of one sheet, read: (ratings, problems)."""

    def reader(rows, sheet="Ratings", **choices):
        return read_workbooks(made_workbook({sheet: rows}), ReadingChoices(**choices))

    return reader


@pytest.fixture
def scores_header():
    return ["Practitioner", "Client", "Session", "Rated by", "Instrument", "Goal", "Task", "Bond"]
