"""From headers to a plan: which column holds what, for whom, and where the rows begin.

LAYOUTS is the list of known layouts, tried in order; another layout is another line there: a name, what it
looks like in words, and one function that gives a plan, or None where the sheet is not of that kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from alliance_core.reading import wordings
from alliance_core.reading.cells import rater_of, tidy
from alliance_core.reading.headers import Meaning, meaning_of
from alliance_core.reading.sheets import Sheet, show
from alliance_core.tables import RATERS, SCALES

LOOK_AT_ROWS = 40  # the header row is looked for in these
MIN_HEADERS = 2  # fewer recognised headers do not make a header row
MIN_RATINGS = 3  # columns of ratings that make a sheet one of ratings when only one of its keys is understood
MIN_BARE_ITEMS = 4  # headers 1, 2, 3, 4 … count as items from here on


@dataclass(frozen=True)
class Side:
    """One rater's columns. `rater` is empty where a column of the sheet says whose rating a row is."""

    rater: str
    fields: dict[str, int]

    @property
    def items(self) -> dict[int, int]:
        """From an item's number to its column."""
        found = {int(name[5:]): column for name, column in self.fields.items() if name.startswith("item_")}
        return dict(sorted(found.items()))

    @property
    def scales(self) -> dict[str, int]:
        """From goal, task, bond, overall to their columns."""
        return {scale: self.fields[scale] for scale in SCALES if scale in self.fields}


@dataclass(frozen=True)
class Plan:
    """How one sheet is read. `kind`: forms, markers or cases. `shared` are the columns that both sides use."""

    layout: str
    kind: str
    reason: str
    shared: dict[str, int]
    sides: tuple[Side, ...] = ()


@dataclass(frozen=True)
class Found:
    """A sheet's header row: its place (from 0 within the sheet's cells), the headers and what they mean."""

    sheet: Sheet
    row: int
    headers: tuple[str, ...]
    meanings: tuple[Meaning | None, ...]
    twice: tuple[int, ...] = ()
    fields: dict[Meaning, int] = field(default_factory=dict)

    def columns(self, rater: str, wanted: Callable[[Meaning], bool]) -> dict[str, int]:
        return {m.field: c for m, c in self.fields.items() if m.rater == rater and wanted(m)}

    def shared(self) -> dict[str, int]:
        return self.columns("", lambda m: not _is_rating(m) and m.field != "ignore")


def _is_rating(meaning: Meaning) -> bool:
    return bool(meaning.item) or meaning.field in SCALES


def _row_texts(sheet: Sheet, row: int) -> list[str]:
    found: list[str] = []
    for cells in sheet.columns:
        code = int(cells.codes[row])
        found.append(tidy(show(cells.kinds[code], cells.values[code])))
    return found


def _meanings(headers: list[str], stated: Mapping[tuple[str, ...], Meaning]) -> list[Meaning | None]:
    found = [(stated.get(wordings.key(h)) or meaning_of(h)) if h else None for h in headers]
    if any(m and _is_rating(m) for m in found):
        return found
    run: list[int] = []
    for column, header in enumerate(headers):  # items headed 1, 2, 3 … and nothing else
        if found[column] is None and header == str(len(run) + 1) and (not run or run[-1] == column - 1):
            run.append(column)
    if len(run) >= MIN_BARE_ITEMS:
        for number, column in enumerate(run, 1):
            found[column] = Meaning(f"item_{number}")
    return found


def _under_groups(sheet: Sheet, row: int, meanings: list[Meaning | None]) -> list[Meaning | None]:
    """Goal, Task, Bond twice below a row that says Client … Therapist …: the upper row says whose they are."""
    ratings = [m for m in meanings if m and _is_rating(m)]
    if row == 0 or len(set(ratings)) == len(ratings):
        return meanings
    result = list(meanings)
    rater = ""
    for column, above in enumerate(_row_texts(sheet, row - 1)):
        rater = (rater_of(above) or "") if above else rater  # merged cells hold their text in the first one
        meaning = meanings[column]
        if meaning and rater and not meaning.rater and (_is_rating(meaning) or meaning.field == "answered"):
            result[column] = Meaning(meaning.field, rater)
    return result


def find_headers(sheet: Sheet, stated: Mapping[tuple[str, ...], Meaning]) -> Found | None:
    """The row with the most recognised headers among the first rows, the upper one of equals.

    `stated` are the user's own meanings, by the header's comparable key. None where no row has enough.
    """
    best: tuple[int, int, list[str], list[Meaning | None]] | None = None
    for row in range(min(sheet.height, LOOK_AT_ROWS)):
        headers = _row_texts(sheet, row)
        meanings = _under_groups(sheet, row, _meanings(headers, stated))
        count = len({m for m in meanings if m})
        if count >= MIN_HEADERS and (best is None or count > best[0]):
            best = (count, row, headers, meanings)
    if best is None:
        return None
    _, row, headers, meanings = best
    fields: dict[Meaning, int] = {}
    twice: list[int] = []
    for column, meaning in enumerate(meanings):
        if meaning is None or meaning.field == "ignore":
            continue
        if meaning in fields:
            twice.append(column)
        else:
            fields[meaning] = column
    return Found(sheet, row, tuple(headers), tuple(meanings), tuple(twice), fields)


def _needs(found: Found, *fields: str) -> bool:
    return all(Meaning(name) in found.fields for name in fields)


def _enough(found: Found) -> bool:
    """Whether a sheet with rating-like headers can be one of ratings: a list with a Date and a Total is none."""
    keys = sum(_needs(found, name) for name in ("practitioner", "client", "session", "rater"))
    ratings = sum(_is_rating(m) for m in found.fields)
    return keys >= 2 or (keys == 1 and ratings >= MIN_RATINGS)


def _ratings(found: Found, items: bool) -> dict[str, dict[str, int]]:
    """Rating columns by rater ("" where the header names none), where there are columns of that kind."""
    result: dict[str, dict[str, int]] = {}
    for rater in ("", *RATERS):
        columns = found.columns(
            rater,
            lambda m: _is_rating(m) or m.field == "answered" or (bool(m.rater) and m.field == "instrument"),
        )
        if any((name.startswith("item_") if items else name in SCALES) for name in columns):
            result[rater] = columns
    return result


def _paired(found: Found, items: bool) -> Plan | None:
    if not any(_ratings(found, items).keys() & set(RATERS)) or not _enough(found):
        return None
    every = _ratings(found, items=False) | _ratings(
        found, items=True
    )  # one side may have items, the other scores
    sided = {rater: every[rater] for rater in RATERS if rater in every}
    whose = " and ".join(sided)
    what = "items" if items else "scores"
    return Plan(
        "paired items" if items else "paired",
        "forms",
        f"one row is one session, with {what} of {whose} in columns of their own",
        found.shared(),
        tuple(Side(rater, columns) for rater, columns in sided.items()),
    )


def _long(found: Found, items: bool) -> Plan | None:
    columns = _ratings(found, items).get("")
    if not columns or not _enough(found):
        return None
    what = "items" if items else "scores"
    shared = found.shared()
    if "rater" in shared:
        reason = f"one row is one form with {what}; a column says whose rating it is"
        return Plan(f"long {what}", "forms", reason, shared, (Side("", columns),))
    rater = rater_of(found.sheet.label)
    if rater:
        reason = f"one row is one form with {what}; the sheet's name says that the ratings are the {rater}'s"
        return Plan("two sheets", "forms", reason, shared, (Side(rater, columns),))
    return Plan(f"long {what}", "forms", f"one row is one form with {what}", shared, (Side("", columns),))


def _markers(found: Found) -> Plan | None:
    rated = any(_is_rating(m) for m in found.fields)
    if rated or not _needs(found, "client") or not (_needs(found, "kind") or _needs(found, "marker")):
        return None
    return Plan("markers", "markers", "one row is one recorded marker", found.shared())


def _cases(found: Found) -> Plan | None:
    rated = any(_is_rating(m) for m in found.fields)
    known = any(_needs(found, name) for name in ("team", "approach", "started", "closed"))
    if rated or not known or not _needs(found, "client") or _needs(found, "session"):
        return None
    return Plan("cases", "cases", "one row is one case", found.shared())


class Layout(NamedTuple):
    """A layout that is recognised: its name, what it looks like, and the function that plans it."""

    name: str
    looks_like: str
    plan: Callable[[Found], Plan | None]


LAYOUTS = (
    Layout("paired items", "Client, Session, C1 … C12, T1 … T12", lambda found: _paired(found, items=True)),
    Layout(
        "paired",
        "Client, Session, Client goal, Client task, Therapist goal …",
        lambda found: _paired(found, items=False),
    ),
    Layout(
        "long items",
        "Therapist, Client, Session, Rated by, Item 1 … Item 12",
        lambda found: _long(found, items=True),
    ),
    Layout(
        "long scores",
        "Therapist, Client, Session, Rated by, Goal, Task, Bond",
        lambda found: _long(found, items=False),
    ),
    Layout("markers", "Therapist, Client, Session, Kind, Marker", _markers),
    Layout("cases", "Therapist, Client, Team, Approach, Started, Closed", _cases),
)


def plan_for(found: Found) -> Plan | None:
    """The first layout that the headers fit."""
    return next((plan for layout in LAYOUTS if (plan := layout.plan(found))), None)


def body_rows(found: Found) -> np.ndarray:
    """Rows below the header with anything in them, counted from 0 within the sheet's cells."""
    filled = np.zeros(found.sheet.height, bool)
    for cells in found.sheet.columns:
        filled |= ~cells.empty[cells.codes]
    filled[: found.row + 1] = False
    return np.flatnonzero(filled)
