"""Personal data replaced by pseudonyms: the same value gives the same pseudonym in all files, and nothing leads back."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from alliance_core.reading import guard
from alliance_core.reading.cells import identifiers, is_blank_word, is_total_word, tidy
from alliance_core.reading.choices import ReadingChoices
from alliance_core.reading.layouts import Found
from alliance_core.reading.one_sheet import Reading, understood
from alliance_core.reading.personal import IDENTIFYING, personal_columns
from alliance_core.reading.problems import Problems
from alliance_core.reading.sheets import Cells, Refusal, Sheet, read_sheets, show
from alliance_core.reading.sources import Source, collect
from alliance_core.reading.values_copy import values_copy

_SHORTEST = 8  # hexadecimal digits; more where two values would share them
_STAFF = ("practitioner", "noted_by", "owner")
_PREFIX = {**dict.fromkeys(_STAFF, "P"), "client": "C"}


class Pseudonymised(NamedTuple):
    """The new files (name, bytes), how many different values were replaced, and sheets or files that were left out."""

    files: list[tuple[str, bytes]]
    replaced: int
    left_out: tuple[str, ...]


def pseudonymised(
    sources: Sequence[Source], key: bytes, choices: ReadingChoices | None = None
) -> Pseudonymised:
    """Workbooks with the values of the recognised sheets only, personal columns replaced by pseudonyms such as C-3F09A2B1.

    Replaced are the columns that `personal_columns` names; where one of them holds ids of practitioners or clients, so
    are the columns of the same ids in all other sheets and files. A pseudonym is the HMAC-SHA256 of the tidied value
    under `key`, so its order says nothing of the value's; without the key, which is the caller's to forget, nobody
    can make it again. Formats, formulas, comments and sheets that were not recognised are left out, because they
    may hold names; titles above the headers stay. The same files and key give the same bytes.
    """
    choices = ReadingChoices() if choices is None else choices
    read: dict[str, list[Reading]] = {}
    left_out: list[str] = []
    for given in collect(sources)[0]:
        kind = guard.look(given.content).kind
        sheets = read_sheets(given.name, given.content, kind) if kind else []
        if isinstance(sheets, Refusal) or not sheets:
            left_out.append(given.name)
            continue
        readings = [understood(sheet, choices, Problems()) for sheet in sheets]
        left_out += [
            f"{one.sheet.label} of {given.name}" for one in readings if not one.plan and not one.help
        ]
        kept = [one for one in readings if one.plan]
        if kept:
            read[given.name] = kept
    places = _places([one for readings in read.values() for one in readings])
    names = _pseudonyms(places, key)
    files = [
        (f"{Path(name).stem}.xlsx", values_copy([_replaced(one, places[id(one)], names) for one in readings]))
        for name, readings in read.items()
    ]
    return Pseudonymised(files, len(names), tuple(left_out))


def _places(readings: Iterable[Reading]) -> dict[int, tuple[Reading, dict[int, str]]]:
    """By the reading's identity: the columns to replace, with their field ("" for none)."""
    found = {id(one): (one, one.found) for one in readings if one.found}
    own = {number: personal_columns(where) for number, (_, where) in found.items()}
    fields = {
        _field(where, at) for number, (_, where) in found.items() for at in own[number] if _field(where, at)
    }
    if fields & {*_STAFF}:
        fields |= {*_STAFF}
    return {
        number: (
            one,
            {
                at: _field(where, at)
                for at in range(len(where.headers))
                if at in own[number] or (_field(where, at) in fields)
            },
        )
        for number, (one, where) in found.items()
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


def _pseudonyms(places: dict[int, tuple[Reading, dict[int, str]]], key: bytes) -> dict[str, str]:
    """From a value to its pseudonym without prefix, all of one length and none twice."""
    wanted: set[str] = set()
    for reading, columns in places.values():
        for at in columns:
            cells = reading.sheet.columns[at]
            texts = _texts(cells)
            first = reading.found.row + 1 if reading.found else 0
            wanted |= {texts[code] for code in np.unique(cells.codes[first:]).tolist()} - {""}
    digests = {
        text: hmac.new(key, text.encode(), hashlib.sha256).hexdigest().upper() for text in sorted(wanted)
    }
    length = _SHORTEST
    while len({digest[:length] for digest in digests.values()}) < len(digests):
        length += 1
    return {text: digest[:length] for text, digest in digests.items()}


def _replaced(reading: Reading, place: tuple[Reading, dict[int, str]], names: dict[str, str]) -> Sheet:
    """The sheet with the values below its headers replaced."""
    columns = list(reading.sheet.columns)
    first = reading.found.row + 1 if reading.found else 0
    for at, field in place[1].items():
        cells = columns[at]
        prefix = _PREFIX.get(field, "X")
        texts = _texts(cells)
        codes = cells.codes.astype(np.int32)
        codes[first:] += len(texts)  # the header may share its value with a row
        columns[at] = Cells(
            codes,
            cells.kinds
            + "".join("t" if text in names else kind for text, kind in zip(texts, cells.kinds, strict=True)),
            [
                *cells.values,
                *(
                    f"{prefix}-{names[text]}" if text in names else value
                    for text, value in zip(texts, cells.values, strict=True)
                ),
            ],
        )
    return replace(reading.sheet, columns=tuple(columns))
