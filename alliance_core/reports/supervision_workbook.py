"""The supervision workbook: ratings, decisions and all other sheets in a layout that is read back without loss, and what is worked out from them to look at.

What reading makes of it is what it was made from: the same forms, so the same scores, and the same rows of every other sheet.
Rows that reading left out are not among them. The sheets that are worked out (Case, Overview, Charts, episodes, sessions, scores) are known again by their
titles and left aside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import count

import pandas as pd
from xlsxwriter.workbook import Workbook

from alliance_core.analysis import Analysis
from alliance_core.reading.child.limits import UPLOAD
from alliance_core.reports import case_charts, case_chooser, headings
from alliance_core.reports.excel_tables import meanings_of, styles
from alliance_core.reports.kept_sheets import BESIDE, RATINGS, Kept, kept_sheets, write_kept
from alliance_core.reports.living_sheets import overview_formulas, write_as_of, write_worked_out
from alliance_core.reports.sheets_out import header_format, new_workbook, too_long, write_sheet
from alliance_core.reports.workbook_words import HELP_SHEET, sentences, write_columns, write_help
from alliance_core.reports.worked_out import (
    FOLLOWED,
    WorkedOut,
    episodes_sheet,
    overview_sheet,
    scores_sheet,
    sessions_sheet,
)
from alliance_core.tables import REVIEW, shaped
from alliance_core.terms import Terms, terms_of

Progress = Callable[[float, str], None]

_DRAWN = (case_chooser.SHEET, case_charts.SHEET)
# Cells of headers, explanations, the sheet Case and what charts draw: more than there ever are.
_BESIDE_TABLES = 20_000 + 4 * case_charts.MOST_CHARTS * case_charts.SHOWN


def _silent(fraction: float, words: str) -> None:
    """No progress is shown."""


def supervision_workbook(
    analysis: Analysis, review: pd.DataFrame, day: date, progress: Progress = _silent
) -> bytes:
    """The workbook's bytes. `review`: all decisions (REVIEW), those that contradict each other too; `day`: when it is written.

    The same content and day give the same bytes. Where there are more ratings than a workbook may hold to be read
    (`reading.child.limits`), it is written without them, and says so; sheets that are worked out are only written as far as there is room
    beside what is read back. Column names of these and all explanations are in the terms of the analysis' settings. `progress` is told a fraction from 0 to 1
    and what is being done.
    """
    kept = kept_sheets(analysis.ratings, review)
    worked_out = _worked_out(analysis, kept["review"][0], day)
    target = BytesIO()
    with new_workbook(target) as workbook:
        _write(workbook, analysis, kept, worked_out, day, progress)
        progress(0.7, "Putting the workbook together")
    progress(1.0, "Done")
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


def _worked_out(analysis: Analysis, review: pd.DataFrame, day: date) -> dict[str, WorkedOut]:
    """By name, what is worked out, the most useful first; nothing where nobody rated."""
    if analysis.sessions.empty:
        return {}
    terms = terms_of(analysis.settings)
    followed = len(analysis.scores) <= FOLLOWED
    sessions = sessions_sheet(analysis, followed, terms)
    overview = overview_sheet(analysis, review, pd.Timestamp(day), terms)
    found = [
        overview_formulas(overview, sessions, len(review)) if followed else overview,
        episodes_sheet(analysis, terms),
        sessions,
        scores_sheet(analysis, followed, terms),
    ]
    return {made.name: made.rounded for made in found}


def _room_for(worked_out: dict[str, WorkedOut], kept: Kept) -> dict[str, WorkedOut]:
    """Those for which there is room: with them the workbook may still be read. Where the sessions are not among them, no formula names them."""
    room = UPLOAD.cells - sum(
        int(rows[[*headers]].notna().to_numpy().sum()) for rows, _, headers in kept.values()
    )
    room -= _BESIDE_TABLES
    found: dict[str, WorkedOut] = {}
    for name, one in worked_out.items():
        if one.cells <= room:
            found[name] = one
            room -= one.cells
    if "sessions" not in found:
        return {name: replace(one, formulas=()) if name == "Overview" else one for name, one in found.items()}
    return found


def _write(
    workbook: Workbook,
    analysis: Analysis,
    kept: Kept,
    worked_out: dict[str, WorkedOut],
    day: date,
    progress: Progress,
) -> None:
    """All sheets in order."""
    style, terms = styles(workbook), terms_of(analysis.settings)
    help_first = workbook.add_worksheet(HELP_SHEET)
    made = _room_for(worked_out, kept)
    names = iter(["review", *made, *(name for name in kept if name != "review")])
    done, all_of_them = count(), len(made) + len(kept)

    def tell() -> str:
        name = next(names)
        progress(0.7 * next(done) / all_of_them, f"Writing the sheet {name}")
        return name

    write_kept(workbook, tell(), kept, style, terms)
    if {"Overview", "sessions"} <= made.keys():
        case_chooser.write_case(workbook, made["Overview"], made["sessions"], style, terms)
    if "Overview" in made:
        overview = write_worked_out(workbook, made[tell()], style, terms)
        write_as_of(overview, pd.Timestamp(day), style)
    charts = 0
    if worked_out and made:
        charts = case_charts.write_charts(
            workbook, worked_out["sessions"].frame, analysis.cases, style, terms
        )
    for _ in made.keys() - {"Overview"}:
        write_worked_out(workbook, made[tell()], style, terms)
    for _ in range(len(kept) - 1):
        write_kept(workbook, tell(), kept, style, terms)
    every = [str(sheet.get_name()) for sheet in workbook.worksheets()]
    living = [name for name in every if name in (*worked_out, *_DRAWN)]
    write_help(help_first, day, _told(analysis, kept, living, charts, terms), style)
    write_columns(workbook, _meanings(kept, made, terms), style)


def _told(analysis: Analysis, kept: Kept, living: list[str], charts: int, terms: Terms) -> list[str]:
    ratings = [name for name in kept if name.startswith(RATINGS)]
    cut = sum(too_long(rows[[*headers]]) for rows, _, headers in kept.values())
    return sentences(
        ratings, not analysis.ratings.forms.empty, living, charts, len(analysis.cases), cut, terms
    )


def _meanings(kept: Kept, made: dict[str, WorkedOut], terms: Terms) -> dict[str, dict[str, str]]:
    """By sheet and header; one sheet of ratings stands for all of its instrument."""
    found = {name: meanings_of(one.table, one.headers, terms) for name, one in made.items()}
    order = ["review", *(name for name in kept if name.startswith(RATINGS)), *BESIDE]
    return found | {name: meanings_of(*kept[name][1:], terms) for name in order}
