"""What reading a sheet needs to know: which column holds what, for whom, and where the rows begin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from alliance_core.reading.headers import Meaning
from alliance_core.reading.sheets import Sheet
from alliance_core.tables import SCALES


@dataclass(frozen=True)
class Side:
    """One rater's columns. `rater` is empty where a column of the sheet says whose rating a row is.

    `session`: the number of the session that the columns hold, where sessions are columns; else 0.
    """

    rater: str
    fields: dict[str, int]
    session: int = 0

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
    """How one sheet is read. `kind`: forms or the name of an optional sheet. `shared` are the columns that both sides use.

    `fixed`: what the sheet's name says of all its rows. `told`: in words, what a column was taken for, where the
    header alone does not say it. `twice`: (column, earlier column, words) that stand for the same; None: as found.
    `form`: the instrument whose own headers these are.
    """

    layout: str
    kind: str
    reason: str
    shared: dict[str, int]
    sides: tuple[Side, ...] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[int, str] = field(default_factory=dict)
    twice: tuple[tuple[int, int, str], ...] | None = None
    form: str = ""

    @property
    def scale(self) -> str:
        """The score of a sheet that holds one only, and no items; "" where it holds several, or none."""
        scales = {scale for side in self.sides for scale in side.scales}
        return scales.pop() if len(scales) == 1 and not any(side.items for side in self.sides) else ""

    @property
    def numbered(self) -> bool:
        """Whether sessions have numbers."""
        return "session" in self.shared or any(side.session for side in self.sides)


@dataclass(frozen=True)
class Found:
    """A sheet's header row: its place (from 0 within the sheet's cells), the headers and what they mean.

    `below`: how many rows below it are headers too (question texts and ids of a survey tool). What the user said:
    `said`, the columns whose meaning it was, and `names`, the practitioner or client that the sheet is named after
    and the rater whose ratings it holds. `about`: the score that the sheet's name says, and perhaps whose.
    """

    sheet: Sheet
    row: int
    headers: tuple[str, ...]
    meanings: tuple[Meaning | None, ...]
    twice: tuple[int, ...] = ()
    fields: dict[Meaning, int] = field(default_factory=dict)
    below: int = 0
    said: frozenset[int] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)
    about: Meaning | None = None

    def columns(self, rater: str, wanted: Callable[[Meaning], bool]) -> dict[str, int]:
        plain = {m: c for m, c in self.fields.items() if m.rater == rater and not m.session}
        return {m.field: c for m, c in plain.items() if wanted(m)}

    def shared(self) -> dict[str, int]:
        return self.columns("", lambda m: not is_rating(m) and m.field != "ignore")

    def has(self, *fields: str) -> bool:
        """Whether all these fields have a column, or are what the sheet is named after."""
        return all(Meaning(name) in self.fields or name in self.names for name in fields)


def is_rating(meaning: Meaning) -> bool:
    """An item or a score."""
    return bool(meaning.item) or meaning.field in SCALES


def found_headers(
    sheet: Sheet, row: int, headers: list[str], meanings: list[Meaning | None], below: int = 0
) -> Found:
    """Headers with their columns by meaning; the first of two that mean the same, the others in `twice`."""
    fields: dict[Meaning, int] = {}
    twice: list[int] = []
    for column, meaning in enumerate(meanings):
        if meaning is None or meaning.field == "ignore":
            continue
        if meaning in fields:
            twice.append(column)
        else:
            fields[meaning] = column
    return Found(sheet, row, tuple(headers), tuple(meanings), tuple(twice), fields, below)


def standing_twice(found: Found, plan: Plan | None = None) -> tuple[tuple[int, int, str], ...]:
    """(column, earlier column, words) that stand for the same: as the plan says, else as found."""
    if plan and plan.twice is not None:
        return plan.twice
    meant = [(at, found.meanings[at]) for at in found.twice]
    return tuple((at, found.fields[meaning], str(meaning)) for at, meaning in meant if meaning)
