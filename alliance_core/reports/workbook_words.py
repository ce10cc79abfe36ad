"""What the supervision workbook says of itself: how to read it, and what each column of each sheet means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from alliance_core.reading.one_sheet import READ_TITLE
from alliance_core.reports.excel_tables import Styles, for_paper
from alliance_core.reports.sheets_out import write_wrapped
from alliance_core.terms import Terms

HELP_SHEET = "How to read this"
COLUMNS_SHEET = "Columns"


def write_help(sheet: Worksheet, day: date, sentences: Sequence[str], style: Styles) -> None:
    """Onto the first sheet, one sentence a row."""
    sheet.set_column(0, 0, 100, style.wrapped)
    sheet.write_string(0, 0, f"{READ_TITLE}, written on {day.day} {day:%b %Y}", style.title)
    for row, sentence in enumerate(sentences, 1):
        write_wrapped(sheet, row, 0, sentence, 100, style.wrapped)
    for_paper(sheet)


def write_columns(workbook: Workbook, meanings: Mapping[str, Mapping[str, str]], style: Styles) -> None:
    """By sheet and header, what every column means: what the comments beside the headers say, in one list."""
    sheet = workbook.add_worksheet(COLUMNS_SHEET)
    sheet.write_string(0, 0, f"{READ_TITLE}: what each column means", style.title)
    rows = [(name, header, told) for name, own in meanings.items() for header, told in own.items()]
    headers = ("Sheet", "Column", "Meaning")
    sheet.add_table(
        1,
        0,
        1 + max(len(rows), 1),
        2,
        {
            "name": "Table_Columns",
            "style": None,
            "columns": [{"header": header, "header_format": style.header} for header in headers],
        },
    )
    for row, cells in enumerate(rows, 2):
        for column, text in enumerate(cells[:2]):
            sheet.write_string(row, column, text, style.wrapped)
        write_wrapped(sheet, row, 2, cells[2], 90, style.wrapped)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 30)
    sheet.set_column(2, 2, 90)
    sheet.freeze_panes(2, 0)
    sheet.repeat_rows(1)
    for_paper(sheet)


def sentences(
    ratings: Sequence[str],
    rated: bool,
    worked_out: Sequence[str],
    charts: int,
    cases: int,
    cut: int,
    terms: Terms,
) -> list[str]:
    """How to read it. `ratings`: names of the sheets of ratings; `rated`: whether there are any; `worked_out`: names of the sheets worked out
    from them; `charts` of how many `cases` there are; `cut`: texts of which a cell could not hold all.
    """
    return [
        "Bring this workbook in again next time, alone or together with a new export: what was decided is then beside the ratings, matched to the falls as they are by then.",
        "Forms that stand in both files are used once. Forms that differ are named with both cells, and you say which ones count.",
        "Sheet review: one row is what was decided about one session on one day. Decisions of other days about the same session are rows of their own. You may write here too: Decision is confirmed, not a rupture or watch; Done is yes, partly or no. A day under Due that is past, with an action that is not done, is underlined.",
        "The last columns of the sheet review say what a decision was about when it was made. They let us find it again and point out what has changed: please leave them as they are.",
        *_of_ratings(ratings, rated),
        "Sheets markers, tasks, goals and cases: what was read of them, or empty ones to fill in.",
        *(terms.termed(one) for one in _of_worked_out(worked_out, rated, charts, cases)),
        "Every table can be sorted and filtered. What a column means stands in a comment beside its header, and all of it on the sheet Columns.",
        *(
            [f"{cut} texts were longer than a cell may be (32,767 characters); their ends are not in here."]
            if cut
            else []
        ),
        "Whatever stands here is confidential: keep this file where your notes are.",
    ]


def _of_ratings(names: Sequence[str], rated: bool) -> list[str]:
    if rated and not names:
        return [
            "The ratings are too many to be read back from one workbook, so they are not in here: bring your own files along with this one."
        ]
    return [
        f"Sheet {name}: one row is one form, as it was read, with every correction made by then. Rows that were left out because of errors are not among them: keep your own files. A rating that you change here counts when the workbook is read."
        for name in names
    ]


def _of_worked_out(names: Sequence[str], rated: bool, charts: int, cases: int) -> list[str]:
    if not rated:
        return []
    told: list[str] = []
    if names:
        told.append(
            f"Sheets {', '.join(names)}: worked out from the ratings when this was written, for you to look at. They are never read back, and a rating that you change shows in them once the workbook was brought in and written again."
        )
    if "Case" in names:
        told.append(
            "Sheet Case: choose a case in the yellow cell, and its facts, its chart and its sessions are shown. The client is the solid line with circles, the practitioner the dashed line with squares. A session without a form is a gap in the line."
        )
    if 0 < charts < cases:
        any_case = " The sheet Case draws any of them." if "Case" in names else ""
        told.append(
            f"Sheet Charts: {charts} of {cases:,} cases, those with something to talk about where there are too many.{any_case}"
        )
    if lacking := [name for name in ("scores", "sessions", "episodes", "Overview") if name not in names]:
        told.append(
            f"With so many ratings there is no room for the sheets {', '.join(lacking)}: a workbook may only be so large to be read back."
        )
    return told
