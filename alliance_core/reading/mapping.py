"""A confirmed mapping at work: the sheets it holds for, their header row, and what each column means there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from alliance_core.reading.cells import one_line, tidy
from alliance_core.reading.choices import ReadingChoices, SheetChoices, comparable, fingerprint
from alliance_core.reading.finding import LOOK_AT_ROWS
from alliance_core.reading.headers import WHO, Meaning, meaning_of, parse_meaning
from alliance_core.reading.plans import Found, Plan, found_headers
from alliance_core.reading.sheet_names import id_in, rater_in
from alliance_core.reading.sheets import Cells, Sheet, address, show
from alliance_core.reading.survey import further_rows

_AGAIN = re.compile(r"(.*) \((\d+)\)")
_DIGITS = re.compile(r"\d{1,6}")


class Mapped(NamedTuple):
    """A mapping, and the row (from 0 within the sheet's cells) that holds its headers."""

    own: SheetChoices
    row: int


def labels(sheet: Sheet, row: int) -> tuple[str, ...]:
    """A name of its own for each column: its header; "Goal (2)" for a second Goal, "column D" without a header."""
    found: dict[str, None] = {}
    times: Counter[str] = Counter()
    for at, cells in enumerate(sheet.columns):
        header = one_line(_text(cells, row)) or f"column {letters(sheet, at)}"
        times[header] += 1
        label = header if times[header] == 1 else f"{header} ({times[header]})"
        while label in found:  # somebody's own header may be Goal (2)
            times[header] += 1
            label = f"{header} ({times[header]})"
        found[label] = None
    return tuple(found)


def letters(sheet: Sheet, at: int) -> str:
    """The letters of a column that is counted from 0 within the sheet's cells."""
    return address(0, sheet.left + at)[:-1]


def numbered(names: Sequence[str]) -> dict[int, tuple[str, int]]:
    """What labels have in common but for a number, and that number; of a label that stands more than once, its place.

    >>> numbered(["Client", "Uge 1", "Uge 2", "Goal", "Goal (2)"])
    {1: ('uge #', 1), 2: ('uge #', 2), 3: ('goal', 1), 4: ('goal', 2)}
    """
    found: dict[int, tuple[str, int]] = {}
    for at, name in enumerate(names):
        again = _AGAIN.fullmatch(name)
        digits = _DIGITS.findall(name)
        if again and again.group(1) in names:
            found[at] = (again.group(1).casefold(), int(again.group(2)))
        elif f"{name} (2)" in names:
            found[at] = (name.casefold(), 1)
        elif digits:
            found[at] = (_DIGITS.sub("#", name).casefold(), int(digits[-1]))
    return found


def as_read(found: Found, plan: Plan) -> dict[int, Meaning]:
    """What reading takes each column for, but for a rater whom only the sheet's name tells."""
    name = found.sheet.label
    by_name = (rater_in(name), getattr(meaning_of(name), "rater", ""))
    told = {at: Meaning(name) for name, at in plan.shared.items()}
    for side in plan.sides:
        for field, at in side.fields.items():
            own = found.meanings[at]
            whose = own.rater if own and not side.session else side.rater
            told[at] = Meaning(field, "" if whose in by_name else whose, side.session)
    return told


def headed(sheet: Sheet, row: int) -> list[str]:
    """The labels of the columns that have a header: what a mapping is found again by."""
    columns = zip(sheet.columns, labels(sheet, row), strict=True)
    return [label for cells, label in columns if tidy(_text(cells, row))]


def _text(cells: Cells, row: int) -> str:
    code = int(cells.codes[row])
    return show(cells.kinds[code], cells.values[code])


def mapping_for(sheet: Sheet, choices: ReadingChoices) -> Mapped | None:
    """The first mapping that holds for this sheet, those for its name before others; None where none does."""
    seen: dict[int, frozenset[tuple[str, ...]]] = {}
    for own in sorted(choices.sheets, key=lambda one: not one.sheet):
        if own.sheet not in ("", sheet.label):
            continue
        wanted, _ = fingerprint(own)
        for row in _rows(sheet, own):
            if row not in seen:
                seen[row] = frozenset(map(comparable, headed(sheet, row)))
            if seen[row] == wanted or not own.headers:
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
    said = [exact.get(name) or own.get(comparable(name)) for name in names]
    meanings = [
        meaning or stated.get(comparable(name)) or meaning_of(name)
        for name, meaning in zip(names, said, strict=True)
    ]
    rows = mapped.own.header_rows
    below = further_rows(sheet, mapped.row) if rows is None else rows - 1
    found = found_headers(sheet, mapped.row, list(names), meanings, below)
    settled = frozenset(at for at, meaning in enumerate(said) if meaning)
    return replace(found, said=settled, names=_names(sheet, mapped.own, choices))


def _names(sheet: Sheet, own: SheetChoices, choices: ReadingChoices) -> dict[str, str]:
    """What the user said of all rows: the practitioner or client that the sheet or its file is named after, the rater."""
    places = ((own.file_named_after, Path(sheet.file).stem), (own.named_after, sheet.label))
    found = {str(name): id_in(text, name) or tidy(text) for name, text in places if name in WHO}
    found |= {name: tidy(code) for name in WHO if (code := getattr(own, name)) and tidy(code)}
    raters = [own.rater, *(choices.rater_of(text) for name, text in places if name == "rater")]
    rater = next((one for one in raters if one), "")
    return {**found, "rater": rater} if rater else found
