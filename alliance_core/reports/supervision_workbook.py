"""The supervision workbook: ratings, decisions and all other sheets in a layout that is read back without loss.

What reading makes of it is what it was made from: the same forms, so the same scores, and the same rows of every other sheet.
Rows that reading left out are not among them.
"""

from __future__ import annotations

from datetime import date
from io import BytesIO

import numpy as np
import pandas as pd
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from alliance_core.instruments import instruments
from alliance_core.measures.scores import total_in_response_units
from alliance_core.reading.child.limits import LIMITS
from alliance_core.reading.one_sheet import READ_TITLE
from alliance_core.reports import headings
from alliance_core.reports.sheets_out import header_format, limit, new_workbook, one_of, write_sheet
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

MOST_ROWS = 1_048_575  # of a sheet, below its headers
HELP_SHEET = "How to read this"
RATINGS = "Ratings"  # with the instrument's id, the name of a sheet of ratings

_BESIDE: dict[str, tuple[Table, dict[str, str]]] = {
    "markers": (MARKERS, headings.MARKERS),
    "tasks": (TASKS, headings.TASKS),
    "goals": (GOALS, headings.GOALS),
    "cases": (CASE_NOTES, headings.CASES),
}
_WIDTHS = {"Action": 40, "Note": 40, "Task": 30, "Client goal": 40, "Therapist goal": 40, "Marker": 30}


def supervision_workbook(ratings: Ratings, review: pd.DataFrame, day: date) -> bytes:
    """The workbook's bytes. `review`: all decisions (REVIEW), those that contradict each other too; `day`: when it is written.

    The same content and day give the same bytes. Where there are more ratings than a workbook may hold to be read
    (`reading.child.limits`), it is written without them, and says so.
    """
    sheets = _sheets_of_ratings(ratings.forms) if holds_ratings(ratings) else {}
    target = BytesIO()
    with new_workbook(target) as workbook:
        header = header_format(workbook)
        dates = workbook.add_format({"num_format": "yyyy-mm-dd"})
        _help(workbook, day, list(sheets), ratings)

        def sheet(name: str, frame: pd.DataFrame, headers: dict[str, str]) -> Worksheet:
            made = write_sheet(workbook, name, frame[[*headers]].rename(columns=headers), header, dates)
            for at, title in enumerate(headers.values()):
                made.set_column(at, at, _WIDTHS.get(title, 12))
            return made

        _offer(sheet("review", shaped(review, REVIEW), headings.REVIEW), workbook)
        for name, (frame, headers) in sheets.items():
            sheet(name, frame, headers)
        for name, (table, headers) in _BESIDE.items():
            frame = shaped(getattr(ratings, name), table)
            made = sheet(name, frame, headers)
            if name == "cases":
                _say_closed(made, frame, [*headers])
    return target.getvalue()


def only_decisions(review: pd.DataFrame) -> bytes:
    """A workbook with these decisions (REVIEW) and nothing else."""
    target = BytesIO()
    with new_workbook(target) as workbook:
        dates = workbook.add_format({"num_format": "yyyy-mm-dd"})
        rows = shaped(review, REVIEW)[[*headings.REVIEW]].rename(columns=headings.REVIEW)
        write_sheet(workbook, "review", rows, header_format(workbook), dates)
    return target.getvalue()


def differing(recognised: pd.DataFrame, problems: pd.DataFrame) -> list[str]:
    """Names of supervision workbooks (files with our help sheet) of which rows beside decisions differ from those of other files.

    None of these rows is used while they differ. `recognised` and `problems` are the tables of a reading.
    """
    ours = supervision_workbooks(recognised)
    reviews = recognised.loc[recognised["layout"].eq("review"), ["file", "sheet"]]
    apart = problems[problems["code"].eq("duplicate_differs") & problems["file"].isin(ours)]
    beside = ~pd.MultiIndex.from_frame(apart[["file", "sheet"]]).isin(pd.MultiIndex.from_frame(reviews))
    return sorted(set(apart.loc[beside, "file"]))


def supervision_workbooks(recognised: pd.DataFrame) -> list[str]:
    """Names of the files that are supervision workbooks, those with our help sheet, in order. `recognised` is the table of a reading."""
    helped = recognised["sheet"].eq(HELP_SHEET) & recognised["layout"].eq("help")
    return sorted(set(recognised.loc[helped, "file"]))


def file_name(day: date, token: str) -> str:
    """The name of the download: what it holds and of which day; the token tells it apart from those of others."""
    return f"supervision-{day:%Y-%m-%d}-{token}.xlsx"


def holds_ratings(ratings: Ratings) -> bool:
    """Whether the ratings are few enough to be read back."""
    return ratings.forms.notna().to_numpy().sum() <= LIMITS.cells


def _offer(sheet: Worksheet, workbook: Workbook) -> None:
    """Drop-downs for what only has a few words, and paler columns that are the export's own."""
    headers = tuple(headings.REVIEW.values())
    limit(sheet, headers, "Decision", one_of(DECISIONS))
    limit(sheet, headers, "Done", one_of(DONE))
    pale = workbook.add_format({"font_color": "#6B6256"})
    for name in WHAT_IT_WAS_ABOUT:
        at = headers.index(headings.REVIEW[name])
        sheet.set_column(at, at, 16, pale)


def _say_closed(sheet: Worksheet, cases: pd.DataFrame, columns: list[str]) -> None:
    """Yes where a case ended on a day that is not known."""
    for row in np.flatnonzero(cases["ended"].eq("yes") & cases["closed"].isna()).tolist():
        sheet.write_string(row + 1, columns.index("closed"), "yes")


def _sheets_of_ratings(forms: pd.DataFrame) -> dict[str, tuple[pd.DataFrame, dict[str, str]]]:
    """Sheets by name with their rows and headers: one for each instrument and scale of its totals, in order.

    The scale of a column of totals is told from the whole column, so totals on different scales need sheets of their own.
    """
    every = shaped(forms, FORMS)
    written = every.assign(rater=every["rater"].map(headings.RATERS))
    found: dict[str, tuple[pd.DataFrame, dict[str, str]]] = {}
    for name, rows in written.groupby(_sheet_names(every).to_numpy(), sort=True):
        headers = _headers(rows)
        for number, start in enumerate(range(0, len(rows), MOST_ROWS), 1):
            part = rows.iloc[start : start + MOST_ROWS]
            found[str(name) if number == 1 else f"{name} ({number})"] = (part, headers)
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


def _help(workbook: Workbook, day: date, sheets: list[str], ratings: Ratings) -> None:
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet = workbook.add_worksheet(HELP_SHEET)
    sheet.set_column(0, 0, 100, wrapped)
    title = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, f"{READ_TITLE}, written on {day.day} {day:%b %Y}", title)
    for row, sentence in enumerate(_sentences(sheets, not ratings.forms.empty), 1):
        sheet.write_string(row, 0, sentence)


def _sentences(sheets: list[str], rated: bool) -> list[str]:
    ratings = [
        f"Sheet {name}: one row is one form, as it was read, with every correction made by then. Rows that were left out because of errors are not among them: keep your own files."
        for name in sheets
    ]
    if rated and not sheets:
        ratings = [
            "The ratings are too many to be read back from one workbook, so they are not in here: bring your own files along with this one."
        ]
    return [
        "Bring this workbook in again next time, alone or together with a new export: what was decided is then beside the ratings, matched to the falls as they are by then.",
        "Forms that stand in both files are used once. Forms that differ are named with both cells, and you say which ones count.",
        "Sheet review: one row is what was decided about one session on one day. Decisions of other days about the same session are rows of their own. You may write here too: Decision is confirmed, not a rupture or watch; Done is yes, partly or no.",
        "The last columns of the sheet review say what a decision was about when it was made. They let us find it again and point out what has changed: please leave them as they are.",
        *ratings,
        "Sheets markers, tasks, goals and cases: what was read of them, or empty ones to fill in.",
        "Whatever stands here is confidential: keep this file where your notes are.",
    ]
