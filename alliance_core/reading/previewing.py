"""Looking before reading: the sheets of some files, and the first rows as a mapping would have them read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from alliance_core.reading import guard
from alliance_core.reading.child.limits import LIMITS, Limits
from alliance_core.reading.choices import ReadingChoices, SheetChoices
from alliance_core.reading.guessing import head
from alliance_core.reading.mapping import headed, mapping_for
from alliance_core.reading.one_sheet import read_rows, understood
from alliance_core.reading.problems import Problems
from alliance_core.reading.sheets import Refusal, Sheet, read_sheets
from alliance_core.reading.sources import Source, collect
from alliance_core.reading.together import settled


class Preview(NamedTuple):
    """How a mapping reads a sheet's first rows (the first 2,000 at most).

    `rows`: forms (or markers, or cases) in the order of the sheet, columns without any value left out, `row` first.
    `problems`: PROBLEMS of these rows. `read` rows = `used` + `left_out`.
    """

    rows: pd.DataFrame
    problems: pd.DataFrame
    read: int
    used: int
    left_out: int


def open_sheets(sources: Source | Iterable[Source], limits: Limits = LIMITS) -> list[Sheet]:
    """The sheets of files, read safely, but not understood yet. Files that cannot be read give none."""
    found: list[Sheet] = []
    for file in collect(sources)[0]:
        verdict = guard.look(file.content, limits)
        sheets = read_sheets(file.name, file.content, verdict.kind, limits) if verdict.kind else []
        found += [] if isinstance(sheets, Refusal) else sheets
    return found


def row_texts(sheet: Sheet, row: int) -> list[str]:
    """The cells of one row (from 0 within the sheet's cells) as a spreadsheet shows them."""
    return [cells.shown()[int(cells.codes[row])] for cells in sheet.columns]


def preview(
    sheet: Sheet, own: SheetChoices, choices: ReadingChoices, beside: Iterable[Sheet] = (), rows: int = 8
) -> Preview:
    """The first rows of a sheet as the mapping `own` would have them read, with what `choices` say besides.

    `beside`: the other sheets that are read with it: their answers tell of its instrument too, their dates of its dates.
    """
    problems = Problems()
    said = choices.with_sheet(own, sheet.label)
    reading = understood(head(sheet), said, problems)
    others = [understood(head(one), said, Problems()) for one in beside]
    judged = settled([reading, *others], problems)
    read_rows(reading, [one for one in judged if one[0].number == 0])
    told = problems.frame()
    told = told[told["file"].eq(sheet.file) & told["sheet"].eq(sheet.label)].reset_index(drop=True)
    if reading.part is None:
        return Preview(pd.DataFrame(), told, reading.rows_read, 0, reading.rows_read)
    frame = reading.part.frame
    kept = frame.loc[~frame["_line"].isin(reading.part.bad)].sort_values(["_line", "_column"], kind="stable")
    shown = kept.head(rows).drop(columns=[name for name in frame.columns if name.startswith("_")])
    shown = shown.dropna(axis="columns", how="all").drop(columns=["file", "sheet"], errors="ignore")
    order = ["row", *(name for name in shown.columns if name != "row")] if len(shown) else []
    bad = len(reading.part.bad)
    return Preview(shown[order].reset_index(drop=True), told, reading.rows_read, reading.rows_read - bad, bad)


def confirmed(
    sheet: Sheet, row: int, columns: Mapping[str, str], only_here: bool = False, **said: Any
) -> SheetChoices:
    """What a user has confirmed about one sheet, as a mapping that is found again by its headers.

    `row` counts from 0 within the sheet's cells; `columns` go from the columns' labels to meanings; `only_here`: it
    holds for sheets of this name only; `said`: further fields of SheetChoices.
    Raises ValueError where they do not fit together, such as a lowest mark that is not below the highest.
    """
    headers = headed(sheet, row)
    own = {
        "headers": tuple(headers),
        "sheet": sheet.label if only_here or not headers else "",
        "header_row": sheet.top + row + 1,
        "columns": dict(columns),
        **said,
    }
    return SheetChoices.model_validate(own)


def sisters(sheet: Sheet, row: int, sheets: Iterable[Sheet]) -> list[Sheet]:
    """The other sheets with the same headers, for which a mapping of this sheet holds too."""
    wanted = confirmed(sheet, row, {})
    holds = ReadingChoices(sheets=(wanted,))
    return [one for one in sheets if one is not sheet and wanted.headers and mapping_for(one, holds)]


def left_out(sheet: Sheet, row: int) -> SheetChoices:
    """The mapping that leaves out sheets with these headers."""
    return confirmed(sheet, row, {}).model_copy(update={"ignore": True})


def settled_raters(choices: ReadingChoices, words: Mapping[str, str]) -> ReadingChoices:
    """These choices and, for each word, whose rating it stands for."""
    keep = {
        str(rater): tuple(one for one in said if one not in words) for rater, said in choices.raters.items()
    }
    for word, rater in words.items():
        keep[rater] = (*keep.get(rater, ()), word)
    return ReadingChoices.model_validate({**choices.model_dump(), "raters": keep})


def carried_on(profile: ReadingChoices, choices: ReadingChoices) -> ReadingChoices:
    """The profile with what of these choices holds for further workbooks too: mappings, wordings, words for raters."""
    return profile.model_copy(
        update={name: getattr(choices, name) for name in ("sheets", "wordings", "raters")}
    )
