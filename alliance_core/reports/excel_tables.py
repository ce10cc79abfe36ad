"""Sheets as tables of a spreadsheet: a name, bands, filters, headers that stay in view and say what they mean, ids left alone.

What opens alike in Excel, LibreOffice and Google Sheets only: no structured references, no dynamic arrays, no macros, no icon sets or data
bars, no sparklines, slicers or totals rows, and no drop-down that names its words at more than 255 characters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from alliance_core.charts.roles import ROLES
from alliance_core.reports.sheets_out import write_sheet
from alliance_core.tables import Table
from alliance_core.terms import Terms

STYLE = "Table Style Light 1"  # grey bands: colours are left to what has a meaning
DAY = "yyyy-mm-dd"
NUMBERS = {"points": "0", "signed": "+0;-0;0", "score": "0.00", "whole": "0", "date": DAY, "ratio": "0.00"}
_ON_WHITE = 0.14  # as strong as an episode's band on a chart
_HEADER_HIGH = 46  # points: three lines of a header beside its filter
_COMMENT = {"author": "", "x_scale": 2.2, "y_scale": 1.1, "font_size": 9}


# What a meaning says of the program, as it is said in a workbook.
_FOR_PEOPLE = {
    "id of the instrument, as in alliance_core/instruments": "short name of the form, such as wai-sr",
    "as in EPISODES": "as on the sheet episodes",
    "pct points": "points",
    " pct": " % of the maximum",
}


class Styles(NamedTuple):
    """The formats that all sheets of one workbook share."""

    header: Format
    title: Format
    wrapped: Format
    dates: Format
    quiet: Format
    text: Format
    faint: Format
    numbers: dict[str, Format]
    left: dict[str, Format]
    fallen: Format
    back: Format
    strain: Format
    late: Format


def styles(workbook: Workbook) -> Styles:
    """The formats, added to the workbook."""
    ink, episode, muted = (ROLES[name].light for name in ("ink", "episode", "muted"))
    top = {"valign": "top"}
    made = workbook.add_format
    return Styles(
        header=made({"bold": True, "text_wrap": True, "bottom": 1, "bg_color": ROLES["grid"].light, **top}),
        title=made({"bold": True, "font_color": ink, **top}),
        wrapped=made({"text_wrap": True, **top}),
        dates=made({"num_format": DAY, **top}),
        quiet=made({"font_color": muted}),
        text=made({"indent": 1}),
        faint=made({"font_color": muted, "num_format": "0"}),
        numbers={name: made({"num_format": form}) for name, form in NUMBERS.items()},
        left={
            name: made({"num_format": form, "align": "left"})
            for name, form in {**NUMBERS, "": "General"}.items()
        },
        fallen=made({"bold": True, "font_color": episode, "bg_color": _paled(episode)}),
        back=made({"font_color": episode}),
        strain=made({"bold": True, "font_color": ROLES["strain"].light}),
        late=made({"bold": True, "underline": 1, "font_color": episode}),
    )


def write_table(
    workbook: Workbook,
    name: str,
    frame: pd.DataFrame,
    style: Styles,
    meanings: Mapping[str, str],
    *,
    top: int = 0,
    keys: int = 0,
) -> Worksheet:
    """A sheet that is one table, its headers in row `top` (from 0) and its first `keys` columns kept in view.

    The frame's columns are the headers; `meanings` says in a comment beside a header what it means. Without rows the table has the one
    empty row that a table needs.
    """
    sheet = write_sheet(workbook, name, frame, style.header, style.dates, top)
    headers = [str(one) for one in frame.columns]
    end = top + max(len(frame), 1)
    sheet.add_table(
        top,
        0,
        end,
        len(headers) - 1,
        {
            "name": table_name(name),
            "style": STYLE,
            "columns": [{"header": header, "header_format": style.header} for header in headers],
        },
    )
    for at, header in enumerate(headers):
        if header in meanings:
            sheet.write_comment(top, at, meanings[header], _COMMENT)
    sheet.set_row(top, _HEADER_HIGH)
    sheet.freeze_panes(top + 1, keys)
    sheet.repeat_rows(top)
    for_paper(sheet)
    # ids such as 007 are text on purpose, and a column of scores has the formula of each row's own instrument
    whole = xl_range(top + 1, 0, end, len(headers) - 1)
    sheet.ignore_errors({"number_stored_as_text": whole, "formula_differs": whole, "formula_range": whole})
    return sheet


def for_paper(sheet: Worksheet) -> None:
    """Where somebody prints it: on its side, as wide as the paper."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def table_name(sheet: str) -> str:
    """A name for the table of a sheet: such as no cell has, and as different as the sheets' names are.

    >>> table_name("Ratings wai-sr (2)"), table_name("scores")
    ('Table_Ratings_wai_sr_2', 'Table_scores')
    """
    return f"Table_{re.sub(r'[^A-Za-z0-9]+', '_', sheet).strip('_')}"


def meanings_of(table: Table, headers: Mapping[str, str], terms: Terms) -> dict[str, str]:
    """By header, what the table's columns mean, in the terms in use."""
    meaning = {column.name: column.meaning for column in table.columns}
    found = {header: terms.termed(meaning[name]) for name, header in headers.items() if name in meaning}
    for ours, theirs in _FOR_PEOPLE.items():
        found = {header: told.replace(ours, theirs) for header, told in found.items()}
    return found


def mark_words(sheet: Worksheet, rows: tuple[int, int], at: int, words: Mapping[str, Format]) -> None:
    """Cells of a column that hold such a word look so; the word stays there to be read."""
    for word, look in words.items():
        sheet.conditional_format(
            rows[0], at, rows[1], at, {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": look}
        )


def column_of(headers: Sequence[str], name: str) -> str:
    """The letters of a header's column.

    >>> column_of(["Client", "Session"], "Session")
    'B'
    """
    return xl_col_to_name(list(headers).index(name))


def _paled(colour: str) -> str:
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * _ON_WHITE):02X}" for part in parts)
