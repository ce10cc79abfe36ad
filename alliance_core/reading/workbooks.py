"""Workbooks in, tidy ratings and named problems out: the reading room's whole walk on one screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import pandas as pd

from alliance_core.reading import assembling, guard, recognised, strangers, wordings
from alliance_core.reading.asking import merged
from alliance_core.reading.assembling import Part
from alliance_core.reading.child.limits import LIMITS, Limits
from alliance_core.reading.choices import ReadingChoices
from alliance_core.reading.far_days import point_out_far_days
from alliance_core.reading.left_out import left_out
from alliance_core.reading.one_sheet import Reading
from alliance_core.reading.problems import ERROR, NOTE, Problems
from alliance_core.reading.score_sheets import each_sheets, joined_scores
from alliance_core.reading.sheets import Refusal, Sheet, read_sheets
from alliance_core.reading.side_by_side import read_each
from alliance_core.reading.sources import ENDINGS, Given, Source, collect
from alliance_core.reading.together import read_together
from alliance_core.settings import ReadingSettings, Settings
from alliance_core.tables import (
    CASE_NOTES,
    FORMS,
    GOALS,
    MARKERS,
    MAX_ITEMS,
    REVIEW,
    TASKS,
    UNSETTLED,
    WHAT_IT_WAS_ABOUT,
    InputFile,
    Ratings,
    Table,
    shaped,
)

Progress = Callable[[float, str], None]


def _silent(fraction: float, words: str) -> None:
    """No progress is shown."""


def read_workbooks(
    sources: Source | Iterable[Source],
    choices: ReadingChoices | None = None,
    progress: Progress = _silent,
    limits: Limits = LIMITS,
    settings: Settings | None = None,
) -> tuple[Ratings, pd.DataFrame]:
    """Ratings and problems (PROBLEMS) from one or several workbooks, whatever the order of their rows or of the files.

    `sources`: a path, a folder (its workbooks, not those of folders in it), a binary file with a name (an upload), a pair (name, bytes), or several of these. `choices` settle
    what the workbooks do not say. `progress` is told a fraction from 0 to 1 and what is being done. `limits` are what one
    file may hold and cost. `settings` say which days are far from all others, and pointed out.
    Nothing in a file makes this raise: what cannot be read is a problem with one sentence, and rows with errors are
    left out and named. A form without any answer stays, with all answers missing: the session took place.
    """
    choices = ReadingChoices() if choices is None else choices
    problems = Problems()
    files, twice, aside = collect(sources)
    for name, first in twice:
        problems.add_file(
            NOTE, name, "file_twice", f"This file holds the same bytes as {first} and was read once."
        )
    _say_aside(aside, problems)
    sheets: list[Sheet] = []
    for found, said in read_each(
        files, partial(_sheets, limits=limits), partial(_tell, progress, len(files))
    ):
        sheets += found
        problems.extend(said)
    progress(0.8, "Understanding the columns")
    readings = read_together(sheets, choices, problems)
    _name_unknown_headers(choices, readings, problems)
    progress(0.95, "Putting the ratings together")
    apart = (settings or Settings()).readings
    ratings = replace(_together(readings, files, apart, problems), questions=merged(problems.questions))
    progress(1.0, "Done")
    return ratings, problems.frame()


def _tell(progress: Progress, files: int, number: int, waits: bool) -> None:
    """How far reading has come."""
    which = f"file {number + 1} of {files}"
    progress(
        0.8 * number / files,
        f"Waiting to read {which}: files of others are being read" if waits else f"Reading {which}",
    )


def aside_problems(aside: list[tuple[str, str]]) -> pd.DataFrame:
    """The same as PROBLEMS."""
    problems = Problems()
    _say_aside(aside, problems)
    return problems.frame()


def _say_aside(aside: list[tuple[str, str]], problems: Problems) -> None:
    """What lies in a folder that was handed in and was not read."""
    accepted = f"Read are {', '.join(ENDINGS[:-1])} and {ENDINGS[-1]} files."
    for folder, name in aside:
        if name:
            message = f"{name} in the folder {folder} was left aside. {accepted}"
            problems.add_file(NOTE, name, "file_left_aside", message)
        else:
            message = f"The folder {folder} holds no workbook. {accepted}"
            problems.add_file(ERROR, folder, "folder_empty", message)


def _name_unknown_headers(choices: ReadingChoices, readings: list[Reading], problems: Problems) -> None:
    """Headers that a profile names and no sheet has: perhaps mistyped."""
    seen = {wordings.key(header) for one in readings if one.found for header in one.found.headers}
    for header in choices.columns:
        if wordings.key(header) not in seen:
            message = f"The profile names a column {header}, and no sheet that was recognised has it."
            problems.add_file(NOTE, "", "profile_header_not_found", message)


def _sheets(file: Given, waiting: Callable[[], None], limits: Limits) -> tuple[list[Sheet], Problems]:
    """The sheets of one file, and what is said of it."""
    said = Problems()
    if file.failure:
        message = f"{file.name} cannot be opened: {file.failure}."
        said.add_file(ERROR, file.name, "file_not_opened", message)
        return [], said
    verdict = guard.look(file.content, limits)
    found = (
        read_sheets(file.name, file.content, verdict.kind, limits, waiting)
        if verdict.kind
        else Refusal(verdict.code, verdict.message)
    )
    if isinstance(found, Refusal):
        said.add_file(ERROR, file.name, found.code, f"{file.name} {found.message}")
        return [], said
    if other := guard.misnamed(file.name, verdict.kind):
        said.add_file(NOTE, file.name, "file_name_misleads", other)
    return found, said


def _parts(readings: list[Reading], kind: str) -> dict[int, Part]:
    """What was read of one kind, by the reading's number."""
    return {i: one.part for i, one in enumerate(readings) if one.part and one.plan and one.plan.kind == kind}


def _used_forms(parts: dict[int, Part], problems: Problems) -> pd.DataFrame:
    """All forms from all sheets, settled and in key order; `_sheet` is the reading's number."""
    if not parts:
        return pd.DataFrame({"_sheet": []})
    rows = assembling.number_sessions(parts, assembling.joined(parts), problems)
    rows = assembling.without_rows_left_out(parts, rows)
    assembling.point_out_similar_ids(parts, rows, problems)
    rows = joined_scores(parts, rows, problems)
    rows = assembling.settle_duplicates(parts, rows, FORMS.keys, "This form", problems)
    return assembling.without_rows_left_out(parts, rows)


def _used_notes(
    parts: dict[int, Part], keys: list[str], what: str, problems: Problems
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All rows of one optional sheet, settled and in key order, and those that contradict each other."""
    if not parts:
        nothing = pd.DataFrame({"_sheet": []})
        return nothing, nothing
    return assembling.settle_notes(parts, assembling.joined(parts), keys, what, problems, WHAT_IT_WAS_ABOUT)


def _table(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    return shaped(rows.drop(columns=[name for name in rows.columns if name not in table.names]), table)


# each optional sheet's table, what makes two of its rows the same, and what a row is called
OPTIONAL = {
    "markers": (MARKERS, MARKERS.names, "This marker"),
    "cases": (CASE_NOTES, CASE_NOTES.keys, "This case"),
    "tasks": (TASKS, TASKS.keys, "This task"),
    "goals": (GOALS, GOALS.keys, "This goal"),
    "review": (REVIEW, REVIEW.keys, "This review"),
}


def _together(
    readings: list[Reading], files: list[Given], settings: ReadingSettings, problems: Problems
) -> Ratings:
    of_forms = _parts(readings, "forms")
    forms = _used_forms(of_forms, problems)
    point_out_far_days(of_forms, forms, settings, problems)
    rated = strangers.Rated(forms)
    others: dict[str, pd.DataFrame] = {}
    for kind, (table, keys, what) in OPTIONAL.items():
        parts = _parts(readings, kind)
        rows, contradicting = _used_notes(parts, keys, what, problems)
        strangers.point_out_strangers(parts, rows, rated, problems)
        if kind == "review":
            rows, contradicting = (assembling.with_cells(parts, found) for found in (rows, contradicting))
            others["unsettled"] = _table(contradicting, UNSETTLED)
        others[kind] = _table(rows, table)
    items = [name for name in forms.columns if name.startswith("item_")]
    most = max((int(name[5:]) for name in items), default=0)
    beyond = {f"item_{number}" for number in range(most + 1, MAX_ITEMS + 1)}
    used = FORMS._replace(columns=tuple(column for column in FORMS.columns if column.name not in beyond))
    return Ratings(
        forms=_table(forms, used),
        markers=others["markers"],
        cases=others["cases"],
        tasks=others["tasks"],
        goals=others["goals"],
        review=others["review"],
        unsettled=others["unsettled"],
        recognised=recognised.recognised(readings, each_sheets(of_forms, forms)),
        left_out=left_out(readings, problems),
        inputs=tuple(InputFile(file.name, file.sha256) for file in files if file.sha256),
    )
