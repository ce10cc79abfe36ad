"""A confirmed mapping at work: the sheets it holds for, their header row, and what each column means there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from alliance_core.reading.cells import tidy
from alliance_core.reading.choices import ReadingChoices, SheetChoices, comparable, fingerprint
from alliance_core.reading.headers import meaning_of, parse_meaning
from alliance_core.reading.layouts import LOOK_AT_ROWS
from alliance_core.reading.plans import Found, Plan, found_headers
from alliance_core.reading.sheets import Cells, Sheet, address, show


class Mapped(NamedTuple):
    """A mapping, and the row (from 0 within the sheet's cells) that holds its headers."""

    own: SheetChoices
    row: int


def labels(sheet: Sheet, row: int) -> tuple[str, ...]:
    """A name of its own for each column: its header; "Goal (2)" for a second Goal, "column D" without a header."""
    found: list[str] = []
    for at, cells in enumerate(sheet.columns):
        code = int(cells.codes[row])
        header = tidy(show(cells.kinds[code], cells.values[code])) or f"column {letters(sheet, at)}"
        same = sum(1 for one in found if one == header or one.startswith(f"{header} ("))
        found.append(header if header not in found else f"{header} ({same + 1})")
    return tuple(found)


def letters(sheet: Sheet, at: int) -> str:
    """The letters of a column that is counted from 0 within the sheet's cells."""
    return address(0, sheet.left + at)[:-1]


def headed(sheet: Sheet, row: int) -> list[str]:
    """The labels of the columns that have a header: what a mapping is found again by."""
    columns = zip(sheet.columns, labels(sheet, row), strict=True)
    return [label for cells, label in columns if tidy(_text(cells, row))]


def _text(cells: Cells, row: int) -> str:
    code = int(cells.codes[row])
    return show(cells.kinds[code], cells.values[code])


def mapping_for(sheet: Sheet, choices: ReadingChoices) -> Mapped | None:
    """The first mapping that holds for this sheet; None where none does."""
    if not choices.sheets:
        return None
    seen = {
        row: frozenset(map(comparable, headed(sheet, row))) for row in range(min(sheet.height, LOOK_AT_ROWS))
    }
    for own in choices.sheets:
        if not own.headers and own.sheet != sheet.label:
            continue
        wanted, _ = fingerprint(own)
        for row in _rows(sheet, own):
            headers = seen.get(row)
            if headers is None:
                headers = frozenset(map(comparable, headed(sheet, row)))
            if headers == wanted or not own.headers:
                return Mapped(own, row)
        if own.ignore and not own.headers:
            return Mapped(own, 0)
    return None


def _rows(sheet: Sheet, own: SheetChoices) -> Iterator[int]:
    """Where a mapping's headers may stand: the row it names, then the first rows of the sheet."""
    stated = (own.header_row or 0) - 1 - sheet.top
    if own.header_row and 0 <= stated < sheet.height:
        yield stated
    if own.headers:
        yield from range(min(sheet.height, LOOK_AT_ROWS))


def found_as_mapped(sheet: Sheet, mapped: Mapped, choices: ReadingChoices) -> Found:
    """The sheet's header row with the mapping's meanings; a header that it leaves out is recognised as usual."""
    exact = {header: parse_meaning(meaning) for header, meaning in mapped.own.columns.items()}
    own = {comparable(header): meaning for header, meaning in exact.items()}
    stated = choices.stated_meanings()
    names = labels(sheet, mapped.row)
    meanings = tuple(
        exact.get(name) or own.get(comparable(name)) or stated.get(comparable(name)) or meaning_of(name)
        for name in names
    )
    return found_headers(sheet, mapped.row, list(names), list(meanings))


def with_rater(plan: Plan, rater: str | None) -> Plan:
    """The plan, all of whose ratings are the rater's where no column says whose they are."""
    if not rater or "rater" in plan.shared:
        return plan
    sides = tuple(replace(side, rater=side.rater or rater) for side in plan.sides)
    return replace(plan, sides=sides)
