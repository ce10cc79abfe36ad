"""Dates of one column: ISO, serial numbers, words, and d/m/y against m/d/y settled for the column as a whole."""

from __future__ import annotations

import datetime
import re
import unicodedata
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliance_core.reading import wordings
from alliance_core.reading.cells import BAD, BLANK, GOOD, Read, is_blank_word
from alliance_core.reading.sheets import Cells

AMBIGUOUS = 5  # a state beside those of `cells`: both orders fit, and nothing in the column settles it
_FIRST_YEAR, _LAST_YEAR = 1950, 2100
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_PARTS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:[ ,].*)?")
_SERIAL = re.compile(r"[2-7][0-9]{4}(?:\.0*)?")  # 1954 to 2119
_EPOCHS = {False: datetime.date(1899, 12, 30), True: datetime.date(1904, 1, 1)}


class Dates(NamedTuple):
    """Per distinct value: days (datetime64[us], NaT where unknown) and states; the order that was used, and why."""

    read: Read
    order: str
    settled: bool


def _day(year: int, month: int, day: int) -> datetime.date | None:
    if year < 100:
        year += 2000 if year < 69 else 1900  # as spreadsheets and POSIX do
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _named(tokens: tuple[str, ...]) -> datetime.date | None:
    """A date with its month in words: 3 Nov 2025, November 3rd 2025."""
    months = [wordings.months()[word] for word in tokens if word in wordings.months()]
    figures = [int(word) for word in tokens if word.isdecimal() and len(word) <= 4]
    if len(months) != 1 or len(figures) < 2:
        return None
    year_first = figures[0] > 31
    year, day = (figures[0], figures[1]) if year_first else (figures[1], figures[0])
    return _day(year, months[0], day)


def _certain(kind: str, value: Any, from_1904: bool) -> datetime.date | None:
    if kind == "d":
        found = datetime.date.fromisoformat(value)
        return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None
    if kind == "n":
        if not 1 <= value < 200_000:
            return None
        found = _EPOCHS[from_1904] + datetime.timedelta(days=int(value))
        return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None
    if kind != "t":
        return None
    text = unicodedata.normalize("NFKC", value).strip()
    iso = _ISO.fullmatch(text)
    if iso:
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    if _SERIAL.fullmatch(text):  # a spreadsheet's day number that a text file carries on
        return _certain("n", float(text), from_1904)
    return _named(wordings.words(text))


def _by_parts(kind: str, value: Any) -> tuple[datetime.date | None, datetime.date | None, bool] | None:
    """Day-first and month-first reading of a date in figures, and whether it is written with points."""
    found = _PARTS.fullmatch(unicodedata.normalize("NFKC", value).strip()) if kind == "t" else None
    if not found:
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    return _day(year, second, first), _day(year, first, second), found[2] == "."


def _order(
    pairs: list[tuple[datetime.date | None, datetime.date | None, bool]], stated: str | None
) -> tuple[str, bool]:
    if stated:
        return stated, True
    day_first = any(dmy and not mdy for dmy, mdy, _ in pairs)
    month_first = any(mdy and not dmy for dmy, mdy, _ in pairs)
    if day_first != month_first:
        return ("dmy" if day_first else "mdy"), True
    if not day_first and pairs and all(points for *_, points in pairs):
        return "dmy", True  # points between day, month and year are written day first
    return "dmy", False


def dates(cells: Cells, stated: str | None, from_1904: bool) -> Dates:
    """Days of one column. `stated` ("dmy", "mdy") settles what the column itself leaves open."""
    n = len(cells.kinds)
    days: list[datetime.date | None] = [None] * n
    states = np.full(n, BAD, np.uint8)
    open_ones: dict[int, tuple[datetime.date | None, datetime.date | None, bool]] = {}
    for i, (kind, value) in enumerate(zip(cells.kinds, cells.values, strict=True)):
        if kind == "e" or (kind == "t" and is_blank_word(value)):
            states[i] = BLANK
            continue
        parts = _by_parts(kind, value)
        if parts:
            open_ones[i] = parts
            continue
        days[i] = _certain(kind, value, from_1904)
        states[i] = GOOD if days[i] else BAD
    order, settled = _order(list(open_ones.values()), stated)
    for i, (dmy, mdy, _) in open_ones.items():
        same = dmy == mdy
        only = dmy if mdy is None else mdy if dmy is None else None
        if settled or same:
            days[i] = dmy if order == "dmy" else mdy
        else:
            days[i] = only
        states[i] = GOOD if days[i] else (AMBIGUOUS if dmy and mdy else BAD)
    values: NDArray[Any] = np.array(
        [np.datetime64("NaT", "us") if d is None else np.datetime64(d, "us") for d in days], "datetime64[us]"
    )
    return Dates(Read(values, states), order, settled)
