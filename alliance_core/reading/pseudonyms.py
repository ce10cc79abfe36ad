"""Personal data replaced by pseudonyms: the same value gives the same pseudonym in all files, and nothing leads back."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from alliance_core.reading import guard
from alliance_core.reading.cells import identifiers, is_blank_word, is_total_word, tidy
from alliance_core.reading.child.limits import UPLOAD
from alliance_core.reading.choices import ReadingChoices
from alliance_core.reading.layouts import Found
from alliance_core.reading.mentions import Mentions
from alliance_core.reading.neutral_names import file_name, sheet_name
from alliance_core.reading.one_sheet import Reading, understood
from alliance_core.reading.personal import IDENTIFYING, personal_columns, personal_ids
from alliance_core.reading.problems import Problems
from alliance_core.reading.sheets import Cells, Refusal, Sheet, read_sheets, show
from alliance_core.reading.sources import Given, Source, collect
from alliance_core.reading.values_copy import values_copy

_SHORTEST = 8  # hexadecimal digits; more where two values would share them
_STAFF = ("practitioner", "noted_by", "owner")
_PREFIX = {**dict.fromkeys(_STAFF, "P"), "client": "C"}


# Fields that hold text of any kind.
_FREE_TEXT = frozenset(
    {"note", "marker", "task", "action", "client_goal", "practitioner_goal", "team", "approach"}
)


class Pseudonymised(NamedTuple):
    """The new files (name, bytes), how many different values were replaced, and sheets or files that were left out.

    `choices` are those given, with the new names of sheets where a mapping goes by the name. `too_large`: files that hold more than may be
    written anew (`UPLOAD`); where there is one, nothing is replaced in the others either.
    """

    files: list[tuple[str, bytes]]
    replaced: int
    left_out: tuple[str, ...]
    choices: ReadingChoices
    too_large: tuple[str, ...] = ()


class _Place(NamedTuple):
    """A sheet's columns to replace, with the field of each ("" for none), and the fields whose id its name is."""

    reading: Reading
    found: Found
    columns: dict[int, str]
    fixed: tuple[str, ...]


def pseudonymised(
    sources: Sequence[Source], key: bytes, choices: ReadingChoices | None = None
) -> Pseudonymised:
    """Workbooks with the values of the recognised sheets only, personal columns replaced by pseudonyms such as C-3F09A2B1.

    Replaced are the columns that `personal_columns` names; where one of them holds ids of practitioners or clients, so
    are the columns of the same ids in all other sheets and files, and names of sheets and files that are such ids.
    What is replaced is also replaced where other text mentions it (`Mentions`): in notes, titles above the headers,
    headers that no field uses, names of sheets. Files get neutral names. A pseudonym is the HMAC-SHA256 of the tidied value
    under `key`, so its order says nothing of the value's; without the key, which is the caller's to forget, nobody
    can make it again. Formats, formulas, comments and sheets that were not recognised are left out, because they
    may hold names. The same files and key give the same bytes.
    """
    choices = ReadingChoices() if choices is None else choices
    read, left_out, too_large = _recognised(sources, choices)
    if too_large:
        return Pseudonymised([], 0, tuple(left_out), choices, tuple(too_large))
    places = _places([one for readings in read.values() for one in readings])
    names = _pseudonyms(places.values(), key)
    ids = {
        (field, value): f"{_PREFIX[field]}-{names[value]}"
        for value in names
        for field in ("practitioner", "client")
    }
    mentions = Mentions(_spoken(places.values(), names))
    files: list[tuple[str, bytes]] = []
    renamed: dict[str, str] = {}
    for number, (name, readings) in enumerate(read.items(), 1):
        sheets: list[Sheet] = []
        for one in readings:
            renamed[one.sheet.label] = sheet_name(one, ids, mentions, choices)
            sheets.append(
                _replaced(places[id(one)], names, mentions, renamed[one.sheet.label], bool(choices.sheets))
            )
        files.append((file_name(name, number, readings, ids), values_copy(sheets)))
    mappings = tuple(
        own.model_copy(update={"sheet": renamed.get(own.sheet, own.sheet)}) for own in choices.sheets
    )
    return Pseudonymised(files, len(names), tuple(left_out), choices.model_copy(update={"sheets": mappings}))


def _recognised(
    sources: Sequence[Source], choices: ReadingChoices
) -> tuple[dict[str, list[Reading]], list[str], list[str]]:
    """By file, the sheets that were recognised; in words, the sheets and files that were not; and the files that are too large."""
    read: dict[str, list[Reading]] = {}
    left_out: list[str] = []
    too_large: list[str] = []
    for given in collect(sources)[0]:
        sheets = _sheets(given)
        if isinstance(sheets, Refusal):
            (too_large if sheets.code == "too_large" else left_out).append(given.name)
            continue
        readings = [understood(sheet, choices, Problems()) for sheet in sheets]
        left_out += [
            f"{one.sheet.label} of {given.name}" for one in readings if not one.plan and not one.help
        ]
        kept = [one for one in readings if one.plan]
        if kept:
            read[given.name] = kept
    return read, left_out, too_large


def _sheets(given: Given) -> list[Sheet] | Refusal:
    """The file's sheets; a Refusal with the code too_large where it holds more than may be written anew."""
    kind = guard.look(given.content, UPLOAD).kind
    if kind:
        return read_sheets(given.name, given.content, kind, UPLOAD)
    at_all = guard.look(given.content)
    return Refusal("too_large" if at_all.kind else at_all.code, at_all.message)


def _places(readings: Iterable[Reading]) -> dict[int, _Place]:
    """By the reading's identity: what of it is replaced."""
    found = {id(one): (one, one.found, one.plan) for one in readings if one.found and one.plan}
    own = {number: personal_columns(where) for number, (_, where, _) in found.items()}
    fields = {_field(where, at) for number, (_, where, _) in found.items() for at in own[number]} - {""}
    fields |= {field for _, _, plan in found.values() for field in personal_ids(plan)}
    if fields & {*_STAFF}:
        fields |= {*_STAFF}
    return {
        number: _Place(
            one,
            where,
            {
                at: _field(where, at)
                for at in range(len(where.headers))
                if at in own[number] or (_field(where, at) in fields)
            },
            tuple(field for field in plan.fixed if field in fields),
        )
        for number, (one, where, plan) in found.items()
    }


def _field(found: Found, at: int) -> str:
    meaning = found.meanings[at]
    return meaning.field if meaning and meaning.field in IDENTIFYING else ""


def _texts(cells: Cells) -> list[str]:
    """Per distinct value: the tidied text that stands for it; empty where nothing is replaced."""
    ids = identifiers(cells).values.tolist()
    result: list[str] = []
    for kind, value, known in zip(cells.kinds, cells.values, ids, strict=True):
        text = known if isinstance(known, str) else tidy(show(kind, value)) if kind in "tnd" else ""
        result.append("" if is_blank_word(text) or is_total_word(text) else text)
    return result


def _values(places: Iterable[_Place]) -> Iterator[tuple[str, str]]:
    """Field and text of every value that is replaced."""
    for reading, found, columns, fixed in places:
        for at, field in columns.items():
            cells = reading.sheet.columns[at]
            texts = _texts(cells)
            yield from (
                (field, texts[code])
                for code in np.unique(cells.codes[found.row + 1 :]).tolist()
                if texts[code]
            )
        yield from ((field, reading.plan.fixed[field]) for field in fixed if reading.plan)


def _pseudonyms(places: Iterable[_Place], key: bytes) -> dict[str, str]:
    """From a value to its pseudonym without prefix, all of one length and none twice."""
    wanted = {text for _, text in _values(places)}
    digests = {
        text: hmac.new(key, text.encode(), hashlib.sha256).hexdigest().upper() for text in sorted(wanted)
    }
    length = _SHORTEST
    while len({digest[:length] for digest in digests.values()}) < len(digests):
        length += 1
    return {text: digest[:length] for text, digest in digests.items()}


def _prefix(field: str) -> str:
    return _PREFIX.get(field, "X")


def _spoken(places: Iterable[_Place], names: Mapping[str, str]) -> dict[str, str]:
    """From a value to its whole pseudonym; that of the client's or the practitioner's column where it stands in several."""
    by_prefix = sorted({(_prefix(field), text) for field, text in _values(places)}, reverse=True)  # X, P, C
    return {text: f"{prefix}-{names[text]}" for prefix, text in by_prefix}


def _replaced(place: _Place, names: Mapping[str, str], mentions: Mentions, name: str, mapped: bool) -> Sheet:
    """The sheet under its new name: columns replaced below the headers, and mentions in titles and free text.

    `mapped`: headers stay, because mappings are found again by them.
    """
    sheet, found = place.reading.sheet, place.found
    free = _free_text(place)
    columns: list[Cells] = []
    for at, cells in enumerate(sheet.columns):
        mentioned = [
            mentions.replaced(value) if kind == "t" else value
            for kind, value in zip(cells.kinds, cells.values, strict=True)
        ]
        new = _spliced(cells, slice(0, found.row), cells.kinds, mentioned)
        if at in place.columns:
            kinds, values = _with_pseudonyms(cells, names, _prefix(place.columns[at]))
            new = _spliced(new, slice(found.row + 1, None), kinds, values)
        elif at in free:
            new = _spliced(new, slice(found.row + mapped, None), cells.kinds, mentioned)
        columns.append(new)
    return replace(sheet, name=name, columns=tuple(columns))


def _spliced(cells: Cells, rows: slice, kinds: str, values: list[Any]) -> Cells:
    """The column, with these kinds and values in the place of its first ones in some rows that still have them."""
    codes = cells.codes.astype(np.int32)
    codes[rows] += len(cells.values)  # other rows may hold the same value, and keep it
    return Cells(codes, cells.kinds + kinds, [*cells.values, *values])


def _with_pseudonyms(cells: Cells, names: Mapping[str, str], prefix: str) -> tuple[str, list[Any]]:
    """Kinds and values with pseudonyms in the place of what is replaced."""
    texts = _texts(cells)
    kinds = "".join("t" if text in names else kind for text, kind in zip(texts, cells.kinds, strict=True))
    pairs = zip(texts, cells.values, strict=True)
    return kinds, [f"{prefix}-{names[text]}" if text in names else value for text, value in pairs]


def _free_text(place: _Place) -> frozenset[int]:
    """Columns in which people may be mentioned: those of free text, and those that no field uses."""
    plan = place.reading.plan
    if plan is None:
        return frozenset()
    used = {at: field for field, at in plan.shared.items()}
    used |= {at: "" for side in plan.sides for at in side.fields.values()}
    return frozenset(
        at
        for at in range(len(place.found.headers))
        if at not in place.columns and (at not in used or used[at] in _FREE_TEXT)
    )
