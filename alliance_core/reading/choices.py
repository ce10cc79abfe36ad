"""What the user has settled about workbooks: an import profile, the mapping screen, or options of the command line."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from alliance_core.instruments import Rater, instruments
from alliance_core.reading import wordings
from alliance_core.reading.cells import rater_of
from alliance_core.reading.headers import Meaning, parse_meaning
from alliance_core.reading.sheet_names import rater_in
from alliance_core.tables import MAX_ITEMS, RATERS, SCALES

DateOrder = Literal["dmy", "mdy"]
NamedAfter = Literal["practitioner", "client", "rater"]
MOST_HEADER_ROWS = 10
ITEM = "item"  # in [wordings]: the word before an item's number


class ChoicesError(ValueError):
    """An import profile that cannot be used. The message names the file, the key and what is accepted."""


def _said(meaning: str) -> str:
    return (
        f"{meaning} is no meaning of a column; accepted are for example practitioner, client, session, date, "
        "rater, instrument, goal, client bond, item 3, practitioner item 3, session 3 goal, ignore"
    )


class _Stated(BaseModel):
    """What can be said of all sheets together, or of one of them."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    instrument: str | dict[Rater, str] | None = None
    range: tuple[float, float] | None = None
    date_order: DateOrder | None = None
    columns: dict[str, str] = Field(default_factory=dict)

    @field_validator("instrument")
    @classmethod
    def _known(cls, value: Any) -> Any:
        unknown = [
            one
            for one in (value.values() if isinstance(value, dict) else [value])
            if one and one not in instruments()
        ]
        if unknown:
            raise ValueError(f"{unknown[0]} is not known; accepted are {', '.join(instruments())}")
        return value

    @field_validator("columns")
    @classmethod
    def _meanings(cls, value: dict[str, str]) -> dict[str, str]:
        for meaning in value.values():
            if parse_meaning(meaning) is None:
                raise ValueError(_said(meaning))
        return value

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.range is not None and not self.range[0] < self.range[1]:
            raise ValueError("range: the lowest mark comes first, and the highest is above it")
        return self

    def instrument_for(self, rater: str) -> str | None:
        """The id chosen for one rater's forms, if any."""
        if isinstance(self.instrument, dict):
            return {str(who): chosen for who, chosen in self.instrument.items()}.get(rater)
        return self.instrument


class SheetChoices(_Stated):
    """A confirmed mapping of one kind of sheet.

    It holds for sheets that have a row with exactly these `headers` (their order, case, spaces and punctuation play no
    part), and the name `sheet` where one is given; without headers, for sheets of that name. `header_row` counts as the
    spreadsheet does and is where the headers are looked for first; `header_rows` says how many rows, from there on, are
    headers: 3 where question texts and ids stand below. `columns` go from a header to its meaning; headers that it
    leaves out are recognised as usual. `rater`: whose ratings all rows are. `named_after`: what the sheet's name is
    (practitioner, client or rater); `file_named_after`: the same of the file's. `practitioner`, `client`: the code of the
    only one that all rows are about. `ignore`: the sheet is left out.
    """

    headers: tuple[str, ...] = ()
    sheet: str = ""
    header_row: int | None = Field(None, ge=1)
    header_rows: int | None = Field(None, ge=1, le=MOST_HEADER_ROWS)
    rater: Rater | None = None
    named_after: NamedAfter | None = None
    file_named_after: NamedAfter | None = None
    practitioner: str | None = Field(None, min_length=1)
    client: str | None = Field(None, min_length=1)
    ignore: bool = False

    @model_validator(mode="after")
    def _placed(self) -> Self:
        if not (self.headers or self.sheet):
            raise ValueError("headers: say which headers the sheet has, or its name (sheet)")
        if self.named_after and self.named_after == self.file_named_after:
            raise ValueError("file_named_after: the sheet and its file are not both named after the same")
        return self


class ReadingChoices(_Stated):
    """What a workbook does not say itself. Everything may be left out.

    `instrument`: an id for all ratings, or one per rater; a workbook's own Instrument column goes before it.
    `range`: lowest and highest mark of scores whose instrument has no range of its own (facets, total).
    `date_order`: how to read 3/4/2025. `columns`: from a header, as it stands in the workbook, to its meaning
    ("practitioner", "session", "bond", "client bond", "item 3", "practitioner item 3", "ignore").
    `wordings`: further headers for a meaning, in any language; `item` stands for the word before an item's number.
    `raters`: further words for whose rating it is, as cells or a sheet's name say it.
    `sheets`: confirmed mappings, each for the sheets with its headers; they go before everything else.
    """

    wordings: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    raters: dict[Rater, tuple[str, ...]] = Field(default_factory=dict)
    sheets: tuple[SheetChoices, ...] = ()

    @field_validator("wordings")
    @classmethod
    def _for_meanings(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for meaning in value:
            if parse_meaning(_numbered(meaning, 1)) is None:
                raise ValueError(_said(meaning))
        return value

    def rater_of(self, text: str) -> str | None:
        """Whose rating a word of a cell or a sheet's name stands for; the user's own words go first."""
        key = wordings.key(text)
        own = (str(rater) for rater, words in self.raters.items() if key in map(wordings.key, words))
        return next(own, None) or rater_of(text)

    def rater_named(self, name: str) -> str | None:
        """Whose ratings a sheet or file of this name holds; None where the name does not say it."""
        return rater_in(name, self.rater_of)

    def stated_meanings(self) -> dict[tuple[str, ...], Meaning]:
        """The user's own meanings by comparable header: `wordings`, then `columns`, which go before them."""
        found: dict[str, str] = {}
        for meaning, words in self.wordings.items():
            for wording in words:
                found |= self._spelled_out(meaning, wording)
        found |= self.columns
        parsed = {wordings.key(header): parse_meaning(meaning) for header, meaning in found.items()}
        return {header: meaning for header, meaning in parsed.items() if meaning is not None}

    def _spelled_out(self, meaning: str, wording: str) -> dict[str, str]:
        """All headers that one wording stands for: items by their numbers, scores also with the rater's word."""
        if _numbered(meaning, 1) != meaning:
            return {f"{wording} {n}": _numbered(meaning, n) for n in range(1, MAX_ITEMS + 1)}
        if meaning not in SCALES:
            return {wording: meaning}
        known = {rater: wordings.listed("raters", rater) for rater in RATERS}
        own = {str(rater): words for rater, words in self.raters.items()}
        sided = {
            f"{word} {wording}": f"{rater} {meaning}"
            for rater in RATERS
            for word in (*known[rater], *own.get(rater, ()))
        }
        return {wording: meaning} | sided

    def for_sheet(self, own: SheetChoices) -> ReadingChoices:
        """These choices with what one sheet's mapping says in their place."""
        said = {
            name: value
            for name in ("instrument", "range", "date_order")
            if (value := getattr(own, name)) is not None
        }
        return self.model_copy(update=said)

    def with_sheet(self, own: SheetChoices, on: str = "") -> ReadingChoices:
        """These choices and a mapping; one for the same headers is replaced, and one for the sheet `on` alone too."""
        given = {fingerprint(own), (fingerprint(own)[0], on or own.sheet)}
        others = (one for one in self.sheets if fingerprint(one) not in given)
        return self.model_copy(update={"sheets": (*others, own)})


def comparable(header: str) -> tuple[str, ...]:
    """A header as it is compared: its words in a fixed order, or itself where it has none."""
    return wordings.key(header) or (header.strip(),)


def fingerprint(own: SheetChoices) -> tuple[frozenset[tuple[str, ...]], str]:
    """What a mapping is found again by: the set of headers and the sheet's name, where it has them."""
    return frozenset(map(comparable, own.headers)), own.sheet


def _numbered(meaning: str, number: int) -> str:
    """The meaning of one item for a meaning that ends in the word item."""
    return f"{meaning} {number}" if meaning.split()[-1:] == [ITEM] else meaning
