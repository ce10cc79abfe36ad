"""One sheet: headers → plan → rows, or a sentence that says what was not recognised."""

from __future__ import annotations

from dataclasses import dataclass, field

from alliance_core.reading import wordings
from alliance_core.reading.asking import about_columns, about_sheet
from alliance_core.reading.assembling import Part
from alliance_core.reading.body import Body
from alliance_core.reading.both_raters import Judged
from alliance_core.reading.cells import tidy
from alliance_core.reading.choices import ReadingChoices
from alliance_core.reading.finding import find_headers
from alliance_core.reading.headers import suggestion
from alliance_core.reading.layouts import LAYOUTS, Found, Plan, body_rows, plan_for
from alliance_core.reading.mapping import found_as_mapped, mapping_for
from alliance_core.reading.marking import PROBLEMS_TITLE
from alliance_core.reading.optional_sheets import (
    read_cases,
    read_goals,
    read_markers,
    read_review,
    read_tasks,
)
from alliance_core.reading.personal import point_out_personal
from alliance_core.reading.plans import standing_twice
from alliance_core.reading.problems import ERROR, NOTE, Problems, counted
from alliance_core.reading.ratings_sheet import read_forms
from alliance_core.reading.sheets import Sheet
from alliance_core.reading.survey import tool_s_own
from alliance_core.reading.whose import with_rater, with_rater_column

# The first words of the help sheets in our own template and supervision workbook: they are no data, and need no note.
HELP_TITLE = "How to fill in this workbook"
READ_TITLE = "How to read this workbook"
RECORD_TITLE = "Record of a meeting"
SUMMARY_TITLE = "Alliance: summary of the service"
# The first words of sheets that the supervision workbook works out from its ratings: those count, and these are left aside.
WORKED_OUT_TITLE = "Worked out from the ratings"
WORKED_OUT = "worked out"  # what such a sheet is called among the layouts
_OUR_OWN = (
    HELP_TITLE,
    READ_TITLE,
    RECORD_TITLE,
    SUMMARY_TITLE,
    PROBLEMS_TITLE,
)  # how sheets begin that we write for people only
_WELL_KNOWN = ("session matrix", "paired", "long items", "long scores")  # layouts that a hint names
_CODES = {"practitioner": "P07", "client": "C-017"}
_NEEDED = {
    "forms": (("practitioner",), ("client",), ("session", "date")),
    "markers": (("practitioner",), ("client",), ("session",), ("kind",)),
    "cases": (("practitioner",), ("client",)),
    **dict.fromkeys(("tasks", "goals", "review"), (("practitioner",), ("client",), ("session",))),
}
_OPTIONAL = {
    "markers": read_markers,
    "cases": read_cases,
    "tasks": read_tasks,
    "goals": read_goals,
    "review": read_review,
}


@dataclass
class Reading:
    """What became of one sheet. `body` is missing where nothing in it can be used, `part` until its rows are read.

    `choices` are those that hold for this sheet.
    """

    sheet: Sheet
    plan: Plan | None = None
    found: Found | None = None
    choices: ReadingChoices = field(default_factory=ReadingChoices)
    body: Body | None = None
    part: Part | None = None
    rows_read: int = 0
    instruments: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    help: bool = False
    worked_out: bool = False
    ignored: bool = False


def understood(sheet: Sheet, choices: ReadingChoices, problems: Problems) -> Reading:
    """What the sheet's headers say; its rows are not read yet. Problems are added to the list."""
    if _begins_with(sheet, WORKED_OUT_TITLE):
        return _worked_out(sheet)
    if _begins_with(sheet, *_OUR_OWN):
        return Reading(sheet, reasons=["help, or a list of problems, that we wrote ourselves"], help=True)
    _say_what_is_hidden(sheet, problems)
    mapped = mapping_for(sheet, choices)
    if mapped and mapped.own.ignore:
        return _ignored(sheet, problems)
    stated = choices.stated_meanings()
    found = found_as_mapped(sheet, mapped, choices) if mapped else find_headers(sheet, stated)
    plan = plan_for(found, stated) if found else None
    if found and plan:
        plan = with_rater_column(with_rater(plan, found, choices), found, choices)
    choices = choices.for_sheet(mapped.own) if mapped else choices
    if found is None or plan is None:
        _not_recognised(sheet, found, problems)
        about_sheet(sheet, choices, problems)
        return Reading(sheet, reasons=["no headers of ratings, markers or cases were found"])
    point_out_personal(found, plan, problems)
    reading = Reading(sheet, plan, found, choices, rows_read=len(body_rows(found)))
    if _cannot_be_used(found, plan, reading.rows_read, problems):
        about_columns(found, plan, choices, problems)
        return reading
    reading.body = Body(found, plan.shared, problems)
    reading.rows_read = len(reading.body.rows)
    _unused(found, plan, problems)
    return reading


def read_rows(reading: Reading, judged: Judged) -> None:
    """Fill in the part of a sheet that was understood. `judged`: what each rater's answers were taken for."""
    body, plan = reading.body, reading.plan
    if body is None or plan is None:
        return
    if plan.kind == "forms":
        made = read_forms(body, plan, reading.choices, judged)
        frame, reading.instruments = made.forms, made.instruments
        reading.reasons += made.reasons
    else:
        frame = _OPTIONAL[plan.kind](body, plan.shared, reading.choices)
    bad = set(body.rows[body.bad].tolist())
    reading.part = Part(reading.sheet, body.found.headers, plan.shared, frame, bad, plan.scale)


def _ignored(sheet: Sheet, problems: Problems) -> Reading:
    problems.add_sheet(
        NOTE, sheet, "sheet_ignored", "This sheet was left out, as you said (in a profile, or on the page)."
    )
    return Reading(sheet, reasons=["left out, as you said"], ignored=True)


def _worked_out(sheet: Sheet) -> Reading:
    why = "we worked it out from the ratings of its workbook and left it aside; what counts is the ratings themselves"
    return Reading(sheet, reasons=[why], help=True, worked_out=True)


def _begins_with(sheet: Sheet, *titles: str) -> bool:
    if not sheet.columns:
        return False
    first = sheet.columns[0]
    return str(first.values[int(first.codes[0])]).startswith(titles)


def _say_what_is_hidden(sheet: Sheet, problems: Problems) -> None:
    if sheet.hidden:
        problems.add_sheet(
            NOTE, sheet, "hidden_sheet", "This sheet is hidden in the workbook; it was read all the same."
        )
    if sheet.hidden_rows:
        problems.add_sheet(
            NOTE,
            sheet,
            "hidden_rows",
            f"{counted(sheet.hidden_rows, 'row', 'is')} hidden or filtered out in the workbook, and read all the same.",
        )
    if sheet.hidden_columns:
        problems.add_sheet(
            NOTE,
            sheet,
            "hidden_columns",
            f"{counted(sheet.hidden_columns, 'column', 'is')} hidden in the workbook, and read all the same.",
        )
    if sheet.encoding == "cp1252":
        problems.add_sheet(
            NOTE,
            sheet,
            "encoding",
            "The text is not UTF-8; it was read as Windows-1252. Check accented letters in names.",
        )


def _not_recognised(sheet: Sheet, found: Found | None, problems: Problems) -> None:
    looks = "; ".join(layout.looks_like for layout in LAYOUTS if layout.name in _WELL_KNOWN)
    seen = (
        "No row of headers was found"
        if found is None
        else "The headers found do not make up a sheet of ratings"
    )
    close = ""
    if found is not None:
        close = _suggestions(_unknown(found))
    problems.add_sheet(
        NOTE,
        sheet,
        "sheet_not_recognised",
        f"This sheet was not read. {seen}.{close} Recognised are sheets with headers such as: {looks}.",
    )


def _unknown(found: Found) -> list[str]:
    """The headers that mean nothing known."""
    return [h for h, meaning in zip(found.headers, found.meanings, strict=True) if h and meaning is None]


def _suggestions(headers: list[str]) -> str:
    close = [(header, suggestion(header)) for header in headers[:40] if not tool_s_own(header)]
    named = [f"{header} (did you mean {meant}?)" for header, meant in close if meant]
    return f" Not understood: {', '.join(named)}." if named else ""


def _cannot_be_used(found: Found, plan: Plan, rows: int, problems: Problems) -> bool:
    """Whether the sheet as a whole is unclear; one error then names all its rows."""
    left_out = (
        ""
        if not rows
        else " Its one row is not used."
        if rows == 1
        else f" None of its {rows:,} rows is used."
    )
    if twice := standing_twice(found, plan):
        at, first, meaning = twice[0]
        problems.add_sheet(
            ERROR,
            found.sheet,
            "column_twice",
            f"Two columns stand for {meaning}: {found.headers[first]} and {found.headers[at]}.{left_out} Rename one, "
            "or say in a profile which one to leave (meaning: ignore).",
            (found.row, at),
            found.headers[at],
        )
        return True
    for options in _NEEDED[plan.kind]:
        known = {*plan.shared, *plan.fixed, *(["session"] if plan.numbered else [])}
        if not known.intersection(options):
            _column_missing(found, options, left_out, problems)
            return True
    if plan.kind == "forms" and "rater" not in plan.shared and any(not side.rater for side in plan.sides):
        problems.add_sheet(
            ERROR,
            found.sheet,
            "rater_needed",
            f"Nothing says whose ratings these are.{left_out} Add a column such as Rated by (client, therapist), or name the sheet "
            "or file after the rater, such as Client ratings.",
        )
        return True
    return False


def _column_missing(found: Found, options: tuple[str, ...], left_out: str, problems: Problems) -> None:
    wordings_ = ", ".join(wording for name in options for wording in wordings.listed("headers", name)[:3])
    close = _suggestions(_unknown(found))
    by_name = (
        f"; or name each sheet by the {options[0]}'s code, such as {_CODES[options[0]]}"
        if options[0] in _CODES
        else ""
    )
    problems.add_sheet(
        ERROR,
        found.sheet,
        "column_missing",
        f"No column for the {' or '.join(options)} was found.{left_out}{close} Headers that would be understood: {wordings_}; or map "
        f"your own header in a profile{by_name}.",
        (found.row, 0),
    )


def _unused(found: Found, plan: Plan, problems: Problems) -> None:
    """Say which headed columns were not used, and which known wording they come close to."""
    used = {*plan.shared.values(), *(at for side in plan.sides for at in side.fields.values())}
    left = [
        header
        for at, (header, meaning) in enumerate(zip(found.headers, found.meanings, strict=True))
        if tidy(header) and at not in used and (meaning is None or meaning.field != "ignore")
    ]
    unknown = [header for header in left if header in _unknown(found)]
    if left:
        problems.add_sheet(
            NOTE,
            found.sheet,
            "columns_not_used",
            f"{counted(len(left), 'column', 'was')} not used: {', '.join(left[:12])}{' …' if len(left) > 12 else ''}.{_suggestions(unknown)}",
            (found.row, 0),
        )
