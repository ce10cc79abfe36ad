"""Writes what is worked out from the ratings: one table a sheet, with formulas beside their results and colours for what is in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from alliance_core.reading.one_sheet import WORKED_OUT_TITLE
from alliance_core.reports import headings
from alliance_core.reports.excel_tables import Styles, mark_words, meanings_of, write_table
from alliance_core.reports.sheets_out import ROWS
from alliance_core.reports.worked_out import KEY, TOP, Formula, WorkedOut, form_of, letters
from alliance_core.terms import Terms

_NOT_READ = "What is changed here is not read: change the ratings, and bring the workbook in again."
_WIDTHS = {
    **{"case": 7, "session": 9, "label": 24, "flags": 50, "approach": 18, "team": 18, "facets_fallen": 16},
    **{"state": 14, "outcome": 14, "latest_rated": 14},
}
AS_OF = (1, 8)  # row and column, from 0, of the day that actions are compared with, on the sheet Overview


def write_title(sheet: Worksheet, what: str, style: Styles) -> None:
    """The first two rows of such a sheet. By the first words reading knows that it is ours."""
    sheet.write_string(0, 0, f"{WORKED_OUT_TITLE}: {what}", style.title)
    sheet.write_string(1, 0, _NOT_READ, style.quiet)


def write_worked_out(workbook: Workbook, made: WorkedOut, style: Styles, terms: Terms) -> Worksheet:
    """One table below its title, with its formulas."""
    frame = made.frame.rename(columns=made.headers)
    meanings = meanings_of(made.table, made.headers, terms)
    sheet = write_table(workbook, made.name, frame, style, meanings, top=TOP, keys=made.keys)
    write_title(sheet, f"{made.name}, one row is {terms.termed(made.table.row)}", style)
    for at, (name, header) in enumerate(made.headers.items()):
        form = form_of(name, header)
        words = any(column.kind == "text" for column in made.table.columns if column.name == name)
        look = (
            style.numbers[form]
            if form
            else style.quiet
            if name in ("key", "case")
            else style.text
            if words
            else None
        )
        sheet.set_column(at, at, _WIDTHS.get(name, 12), look)
    for formula in made.formulas:
        write_formulas(sheet, made, formula)
    _colours(sheet, made, style)
    return sheet


def write_formulas(sheet: Worksheet, made: WorkedOut, formula: Formula) -> None:
    """The formulas of one column, each with the value that it comes to; a missing one is empty text."""
    at = list(made.frame.columns).index(formula.column)
    filled = made.frame[formula.column]
    values: list[Any] = filled.astype(object).where(filled.notna(), "").tolist()
    for row, text in zip(formula.rows, formula.texts, strict=True):
        sheet.write_formula(row + TOP + 1, at, text, None, values[row])


def overview_formulas(overview: WorkedOut, sessions: WorkedOut, decisions: int) -> WorkedOut:
    """The overview with its sums as formulas over the sheets sessions and review, which has so many `decisions`.

    Ids are only compared by EXACT: what else looks for text takes * and ? and > in it for signs of its own.
    """
    own, of = letters(list(overview.frame.columns)), letters(list(sessions.frame.columns))
    last = max(len(sessions.frame), 1) + TOP + 1
    area = {name: f"sessions!${at}${TOP + 2}:${at}${last}" for name, at in of.items()}
    ours = letters(list(headings.REVIEW))
    below = min(max(decisions + 500, 1000), max(ROWS, decisions + 1))  # rows that are written below count too
    review = {name: f"review!${at}$2:${at}${below}" for name, at in ours.items()}
    as_of = "$I$2"
    waiting = (
        f"EXACT({review['practitioner']},{own['practitioner']}{{row}})*EXACT({review['client']},{own['client']}{{row}})"
        f'*({review["action"]}<>"")*({review["done"]}<>"yes")'
    )
    texts = {
        "sessions": f"=COUNTIF({area['case']},{own['case']}{{row}})",
        "client_overall": f"=INDEX({area['client_overall']},MATCH({own['case']}{{row}}*{KEY}+{own['latest_rated']}{{row}},{area['key']},0))",
        "mean_gap": f"=AVERAGEIF({area['case']},{own['case']}{{row}},{area['gap_overall']})",
        "actions_not_done": f"=SUMPRODUCT({waiting})",
        "actions_past_their_day": f"=SUMPRODUCT({waiting}*ISNUMBER({review['due']})*({review['due']}<{as_of}))",
    }
    formulas: list[Formula] = []
    for name, text in texts.items():
        rows = np.flatnonzero(overview.frame[name].notna().to_numpy()).tolist()
        filled = [text.replace("{row}", str(row + TOP + 2)) for row in rows]
        formulas.append(Formula(name, rows, filled))
    return replace(overview, formulas=tuple(formulas))


def write_as_of(sheet: Worksheet, day: pd.Timestamp, style: Styles) -> None:
    """The day that the overview compares actions with; another one may be written there."""
    sheet.write_string(AS_OF[0], AS_OF[1] - 1, "As of", style.title)
    sheet.write_datetime(*AS_OF, day.to_pydatetime(), style.dates)


def state_colours(style: Styles) -> dict:
    """How the states of a session look, beside their words."""
    return {
        "strain": style.strain,
        "rupture": style.fallen,
        "in episode": style.fallen,
        "repaired": style.back,
        "one side only": style.quiet,
        "too few": style.quiet,
    }


def _colours(sheet: Worksheet, made: WorkedOut, style: Styles) -> None:
    """The words that have a meaning, in the colours that they have on charts."""
    rows = (TOP + 1, TOP + max(len(made.frame), 1))
    outcomes = {
        **dict.fromkeys(["open", "ended open", "unrepaired"], style.fallen),
        **dict.fromkeys(["repaired", "strengthened"], style.back),
    }
    words = {
        ("sessions", "state"): state_colours(style),
        ("episodes", "outcome"): outcomes,
        ("Overview", "open_episode"): {"yes": style.fallen},
    }
    for at, name in enumerate(made.frame.columns):
        mark_words(sheet, rows, at, words.get((made.name, str(name)), {}))
        if name == "actions_past_their_day":
            late = {"type": "cell", "criteria": ">", "value": 0, "format": style.late}
            sheet.conditional_format(rows[0], at, rows[1], at, late)
