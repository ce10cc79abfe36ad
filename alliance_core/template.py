"""An empty workbook to fill in: right headers for an instrument, drop-downs, help in plain words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.worksheet import Worksheet

from alliance_core.instruments import Instrument, instruments
from alliance_core.reading.one_sheet import HELP_TITLE
from alliance_core.reports import headings
from alliance_core.reports.excel_tables import for_paper, meanings_of, styles, write_table
from alliance_core.reports.sheets_out import limit, new_workbook, one_of, write_wrapped
from alliance_core.tables import CASE_NOTES, FORMS, GOALS, MARKERS, SCALES, TASKS, Ratings, shaped
from alliance_core.terms import TERMS, Terms

_LONGEST_LIST = 255  # characters that a spreadsheet allows in a list of its own
_NOT_IN_A_LIST = re.compile(
    '[,"\x00-\x1f\ufffe\uffff]'
)  # what separates its words, ends it, or cannot be written

_RATERS = headings.RATERS
_KEYS = tuple(headings.FORM_KEYS.values())
_MARKERS = tuple(headings.MARKERS.values())
_CASES = tuple(headings.CASES.values())
_TASKS = tuple(headings.TASKS.values())
_GOALS = tuple(headings.GOALS.values())


class TemplateError(ValueError):
    """A template that cannot be written as asked. The message says what would be accepted."""


def write_template(
    target: str | Path,
    instrument_id: str = "wai-sr",
    rows: pd.DataFrame | None = None,
    cases: pd.DataFrame | None = None,
    terms: Terms = TERMS,
) -> None:
    """Write the workbook for one instrument, empty or with `rows` already filled in. Same content, same bytes.

    `rows`: columns in the order of `headers_for`, whatever their names. `cases`: practitioners and clients (CASE_NOTES,
    as `known_cases` gives them), written into the sheet cases and offered in the drop-downs; others may be typed. `terms`: the words of
    the help; headers and drop-downs keep theirs, which are those that are read.
    Raises TemplateError for an unknown instrument or an ending other than .xlsx, OSError where the
    file cannot be written.
    """
    path = Path(target)
    known = instruments()
    if instrument_id not in known:
        raise TemplateError(f"Instrument {instrument_id} is not known; accepted are {', '.join(known)}.")
    if path.suffix.lower() != ".xlsx":
        raise TemplateError(f"{path.name}: a template is written as .xlsx; give a name ending so.")
    instrument = known[instrument_id]
    try:
        with new_workbook(path) as workbook:
            style = styles(workbook)

            def sheet(name: str, headers: tuple[str, ...], filled: pd.DataFrame | None = None) -> Worksheet:
                frame = pd.DataFrame() if filled is None else filled
                named = frame.set_axis(headers, axis=1) if len(frame) else pd.DataFrame(columns=list(headers))
                made = write_table(workbook, name, named, style, _meanings(name, instrument, terms))
                limit(made, headers, "Session", _whole(1, 999, "a session number, counted from 1"))
                return made

            headers = headers_for(instrument)
            ratings = sheet("Ratings", headers, rows)
            _limit_ratings(ratings, headers, instrument)
            ratings.set_column(headers.index("Date"), headers.index("Date"), 12, style.dates)
            markers = sheet("markers", _MARKERS)
            limit(markers, _MARKERS, "Kind", one_of(["withdrawal", "confrontation"]))
            for name in ("Significance", "Resolution"):
                limit(markers, _MARKERS, name, _whole(1, 5, "a whole number from 1 to 5"))
            own = shaped({} if cases is None else cases, CASE_NOTES)
            about_cases = sheet("cases", _CASES, own.drop(columns="ended"))
            for row in np.flatnonzero(own["ended"].eq("yes") & own["closed"].isna()).tolist():
                about_cases.write_string(row + 1, _CASES.index("Closed"), "yes")
            _offer(ratings, headers, own)
            _offer(markers, _MARKERS, own)
            tasks, goals = sheet("tasks", _TASKS), sheet("goals", _GOALS)
            _limit_work(tasks, goals)
            _offer(tasks, _TASKS, own)
            _offer(goals, _GOALS, own)
            about_cases.set_column(_CASES.index("Started"), _CASES.index("Closed"), 12, style.dates)
            help_sheet = workbook.add_worksheet("Help")
            help_sheet.set_column(0, 0, 100)
            for row, sentence in enumerate(_help(instrument, terms)):
                look = style.wrapped if row else style.title
                write_wrapped(help_sheet, row, 0, sentence, 100, look)
            for_paper(help_sheet)
    except FileCreateError as error:
        why = getattr(error.args[0], "strerror", None) or "the folder is not there, or closed to you"
        raise OSError(f"{path.name} cannot be written ({why})") from None


def _meanings(sheet: str, instrument: Instrument, terms: Terms) -> dict[str, str]:
    """By header, what the columns of a sheet mean."""
    scores = {scale: scale.capitalize() for scale in SCALES}
    items = {f"item_{number}": f"Item {number}" for number in range(1, instrument.items + 1)}
    about = {
        "Ratings": (FORMS, {**headings.FORM_KEYS, **(items or scores)}),
        "markers": (MARKERS, headings.MARKERS),
        "cases": (CASE_NOTES, headings.CASES),
        "tasks": (TASKS, headings.TASKS),
        "goals": (GOALS, headings.GOALS),
    }
    return meanings_of(*about[sheet], terms)


def known_cases(ratings: Ratings) -> pd.DataFrame:
    """CASE_NOTES, one row for each practitioner and client with ratings, in order of their ids."""
    keys = CASE_NOTES.keys
    rated = ratings.forms[keys].drop_duplicates().sort_values(keys, kind="stable")
    return shaped(rated.merge(ratings.cases, how="left", on=keys), CASE_NOTES)


def _offer(sheet: Worksheet, headers: tuple[str, ...], cases: pd.DataFrame) -> None:
    """Drop-downs with the practitioners and clients that are known; anything else can be typed all the same."""
    if not len(cases):
        return
    practitioners = cases["practitioner"].dropna().unique().tolist()
    said = ",".join(practitioners)
    plain = not _NOT_IN_A_LIST.search("".join(practitioners))
    if plain and len(said.encode("utf-16-le")) <= 2 * _LONGEST_LIST:
        limit(sheet, headers, "Therapist", {"validate": "list", "source": practitioners, "show_error": False})
    clients = {"validate": "list", "source": f"=cases!$B$2:$B${len(cases) + 1}", "show_error": False}
    limit(sheet, headers, "Client", clients)


def headers_for(instrument: Instrument) -> tuple[str, ...]:
    """The headers of the sheet of ratings: who, when, whose rating, then items or the scores given.

    >>> headers_for(instruments()["facets"])
    ('Therapist', 'Client', 'Session', 'Date', 'Rated by', 'Instrument', 'Goal', 'Task', 'Bond')
    """
    if instrument.items:
        return (*_KEYS, *(f"Item {number}" for number in range(1, instrument.items + 1)))
    return (*_KEYS, *(scale.capitalize() for scale in instrument.given))


def _limit_ratings(sheet: Worksheet, headers: tuple[str, ...], instrument: Instrument) -> None:
    limit(sheet, headers, "Rated by", one_of([_RATERS[rater] for rater in instrument.raters]))
    limit(sheet, headers, "Instrument", one_of([instrument.id]))
    if instrument.range is None:
        return
    lowest, highest = instrument.range
    answers = {
        "validate": "decimal",
        "criteria": "between",
        "minimum": lowest,
        "maximum": highest,
        "error_title": "Not on the scale",
        "error_message": f"{instrument.name} goes from {lowest:g} to {highest:g}. Leave the cell empty where no answer was given.",
    }
    for name in headers[len(_KEYS) :]:
        limit(sheet, headers, name, answers)


def _limit_work(tasks: Worksheet, goals: Worksheet) -> None:
    """Drop-downs of the sheets tasks and goals, and the scale from 0 to 10."""
    limit(tasks, _TASKS, "Kind", one_of(["session", "home", "environmental"]))
    limit(tasks, _TASKS, "Set by", one_of(["client", "therapist", "both", "other"]))
    for name in ("Tried before", "Worked before"):
        limit(tasks, _TASKS, name, one_of(["yes", "no"]))
    limit(tasks, _TASKS, "Done", one_of(["yes", "partly", "no"]))
    ten = {
        "validate": "decimal",
        "criteria": "between",
        "minimum": 0,
        "maximum": 10,
        "error_title": "Not on the scale",
        "error_message": "It goes from 0 (not at all) to 10. Leave the cell empty where nobody was asked.",
    }
    for name in ("Client relevance", "Therapist relevance"):
        limit(tasks, _TASKS, name, ten)
    limit(goals, _GOALS, "Agreement", ten)


def _whole(lowest: int, highest: int, words: str) -> dict[str, Any]:
    return {
        "validate": "integer",
        "criteria": "between",
        "minimum": lowest,
        "maximum": highest,
        "error_title": "Not a number that fits",
        "error_message": f"Please give {words}.",
    }


def _help(instrument: Instrument, terms: Terms) -> list[str]:
    scale = (
        f"Answers go from {instrument.range[0]:g} to {instrument.range[1]:g}, as they stand on the form: nothing is reversed or added up by hand."
        if instrument.range
        else "Scores may have any range: you are asked for its lowest and highest mark when the file is read."
    )
    who = (
        []
        if terms == TERMS
        else [
            f"In headers and lists, Client is the {terms.client} and Therapist is the {terms.practitioner}. Leave these words as they are."
        ]
    )
    therapist = "therapist" if terms == TERMS else terms.practitioner
    return [
        f"{HELP_TITLE} ({instrument.name})",
        *who,
        "Sheet Ratings: one row is one form, that is, one person's answers about one session.",
        "Therapist and Client: your own short codes, never names. The same code always means the same person.",
        terms.termed(
            f"Session: 1 for the first session of a client with this {therapist}, then 2, 3 and so on."
        ),
        "Date: the day of the session. Leave it empty where you do not know it.",
        f"Rated by: {' or '.join(_RATERS[rater] for rater in instrument.raters)}. Choose it from the list.",
        f"Instrument: {instrument.id} in every row.",
        scale,
        "Leave a cell empty where no answer was given. A form that nobody filled in is no row at all.",
        "Sheet markers (optional): signs of a rupture that somebody noticed in a session, one row each. Kind is withdrawal or confrontation; significance and resolution go from 1 to 5.",
        "Sheet cases (optional): team, approach, first and last day of a case. Leave Closed empty while the work goes on; write yes where it ended and the day is not known.",
        "Sheet tasks (optional): what the two agreed to do, one row for each time it is set. Kind: in the session, at home, or environmental (in the surroundings). Relevance goes from 0 (not at all) to 10, as each side sees it.",
        "Sheet goals (optional): what the two work towards, as each of them puts it, one row for each goal and time it is looked at. Agreement goes from 0 (not at all) to 10.",
        f"Source: {instrument.citation} {instrument.rights}",
        *([f"Please note: {instrument.caution}"] if instrument.caution else []),
    ]
