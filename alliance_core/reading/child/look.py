"""Look into an .xlsx beside calamine: what may not be in it, how much is in it, and what calamine hides.

calamine gives an empty cell for an error and for a formula whose result was never stored; both would
silently count as unanswered. Each pass over a sheet's text is one search or count of bytes, so that a
normal file costs little; cells are looked at one by one only where such marks are found, or where calamine
itself has failed (`exact`).
"""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

_HEAD = 4_000  # bytes in which a writer's habits show, and in which a part's first element begins
_NEAR = 400  # bytes in which a cell's opening tag ends
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*?[\w]+:id=[\"']([^\"']+)[\"']")
_SHEETS = re.compile(rb"<(?:\w+:)?sheet\s")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_NO_RESULT = re.compile(
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ADDRESS = re.compile(rb"\sr=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*hidden=[\"'](?:1|true)[\"']")
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*hidden=[\"'](?:1|true)[\"'][^>]*>")
_WITH_VALUE = re.compile(
    rb"<(?:\w+:)?c\s[^>]*?r=[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^>]*(?<!/)>"
    rb"(?:<(?:\w+:)?f[^>]*/>|<(?:\w+:)?f[^>]*>[^<]*</(?:\w+:)?f>)?<(?:\w+:)?(?:v>[^<]|is>)"
)
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)


class RefusedError(Exception):
    """The file is not read; `about` says why, for the sentence that the user gets."""

    def __init__(self, why: str, **more: Any) -> None:
        super().__init__(why)
        self.about = {"refused": why, **more}


class NotPlainError(Exception):
    """A sheet is written in a manner that only calamine reads."""


class Found(NamedTuple):
    """By sheet, in the workbook's order: marks, hidden_rows, hidden_columns; and whether days count from 1904."""

    sheets: list[dict[str, Any]]
    from_1904: bool


NOTHING = Found([], False)


def column_number(letters: bytes) -> int:
    """A column's number from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _attribute(tag: bytes, name: bytes) -> bytes:
    found = re.search(rb"\s" + name + rb"=[\"']([^\"']*)[\"']", tag)
    return found.group(1) if found else b""


def _position(text: bytes, at: int) -> tuple[tuple[int, int], bytes] | None:
    """The (row, column) of the cell whose text holds the place `at`, and the cell's opening tag."""
    near = max(0, at - _NEAR)  # never back through the whole sheet, once for each cell
    start = max(text.rfind(b"<c ", near, at), text.rfind(b":c ", near, at))
    tag = text[start : text.find(b">", start) + 1] if start >= 0 else b""
    found = _ADDRESS.search(tag)
    return ((int(found.group(2)) - 1, column_number(found.group(1))), tag) if found else None


def hidden_by_calamine(text: bytes) -> dict[str, Any]:
    """Of one sheet: marks {(row, column): x or f}, the number of hidden rows, and hidden columns as ranges."""
    marks: dict[tuple[int, int], str] = {}
    start = text[:_HEAD]
    # each pass over a large sheet takes time: those that only unusual writers need are made only for them
    for needle in (b't="e"', b"t='e'") if b"='" in start else (b't="e"',):
        at = text.find(needle)
        while at >= 0:
            if found := _position(text, at + len(needle)):
                marks[found[0]] = "x"
            at = text.find(needle, at + 1)
    if b"<f" in text or (b":worksheet" in start and b":f" in text):
        for match in _NO_RESULT.finditer(text):
            found = _position(text, match.start())
            # a formula may well give an empty text: t="str" with no value is an answer, not a gap
            if found and found[0] not in marks and b't="str"' not in found[1]:
                marks[found[0]] = "f"
    hidden = b"hidden=" in text
    columns = _HIDDEN_COLUMN.findall(text[: text.find(b"sheetData")]) if hidden else []
    ends = [(_attribute(tag, b"min"), _attribute(tag, b"max")) for tag in columns]
    return {
        "marks": marks,
        "hidden_rows": len(_HIDDEN_ROW.findall(text)) if hidden else 0,
        "hidden_columns": [[int(a) - 1, int(b) - 1] for a, b in ends if a.isdigit() and b.isdigit()],
    }


def first_element(text: bytes) -> bytes:
    """An XML part from its first element or DOCTYPE on: without byte-order mark, comments and instructions."""
    if b"\0" in text[:4]:  # UTF-16
        text = text.replace(b"\0", b"").lstrip(b"\xff\xfe")
    prolog = _PROLOG.match(text)
    return text[prolog.end() :] if prolog else text


def no_entities(book: zipfile.ZipFile) -> None:
    """RefusedError where a part declares a document type."""
    for member in book.infolist():
        if member.filename.lower().endswith((".xml", ".rels")):
            with book.open(member) as part:
                head = part.read(_HEAD)
                if first_element(head)[:4] in (b"<!--", b"<?xm", b""):  # a comment that does not end so soon
                    head += part.read()
            if first_element(head)[:9].upper() == b"<!DOCTYPE":
                raise RefusedError("entities")


def parts(book: zipfile.ZipFile, most: int) -> tuple[list[str], bool]:
    """The sheets' part names in order, and whether days are counted from 1904."""
    names = {name.lower(): name for name in book.namelist()}
    overview = names.get("xl/workbook.xml")
    relations = names.get("xl/_rels/workbook.xml.rels")
    if overview is None or relations is None:
        return [], False
    text = book.read(overview)
    if len(_SHEETS.findall(text)) > most:
        raise RefusedError("sheets")
    targets = {
        _attribute(tag, b"Id"): _attribute(tag, b"Target").decode("utf-8", "replace")
        for tag in _RELATION.findall(book.read(relations))
    }
    found: list[str] = []
    for identifier in _SHEET.findall(text):
        target = targets.get(identifier, "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found.append(names.get(path.lower(), ""))
    real = [part for part in found if part]
    if len(set(real)) < len(real):
        raise RefusedError("same part")
    return found, re.search(rb"date1904=[\"'](?:1|true)[\"']", text) is not None


def far_cell(cells: Iterable[tuple[int, int]], columns: int, area: int) -> tuple[int, int, str] | None:
    """The cell that stands too far from the others, and the limit it meets ("columns" or "area"); None where none does.

    `cells`: places (row, column) of cells with a value. It is in the last row or the last column, whichever holds fewer.
    """
    in_row: dict[int, int] = {}
    in_column: dict[int, int] = {}
    by_row: defaultdict[int, int] = defaultdict(int)
    by_column: defaultdict[int, int] = defaultdict(int)
    for row, column in cells:
        in_row[row] = column
        in_column[column] = row
        by_row[row] += 1
        by_column[column] += 1
    if not in_row:
        return None
    rows, across = sorted(in_row), sorted(in_column)
    height, width = rows[-1] - rows[0] + 1, across[-1] - across[0] + 1
    last_row, last_column = (rows[-1], in_row[rows[-1]]), (in_column[across[-1]], across[-1])
    if width > columns:
        return *last_column, "columns"
    if height * width <= area:
        return None
    lonely = by_row[rows[-1]] <= by_column[across[-1]]
    return *(last_row if lonely else last_column), "area"


def _with_value(text: bytes) -> Iterator[tuple[int, int]]:
    known: dict[bytes, int] = {}
    for match in _WITH_VALUE.finditer(text):
        letters, row = match.groups()
        column = known.get(letters)
        if column is None:
            column = known[letters] = column_number(letters)
        yield int(row) - 1, column


def cells_in(text: bytes) -> int:
    """How many cells a sheet's text holds, formatted empty ones too."""
    start = text[:_HEAD]
    if b":worksheet" in start:
        return text.count(b":c")
    return text.count(b"<c " if b"<c " in start else b"<c")  # the longer the search, the faster


def xlsx(path: str, limits: dict[str, Any], exact: bool = False) -> Found:
    """What is in the sheets besides their values; RefusedError where a limit is met, a zipfile error where it is damaged.

    `exact` also takes the cells with a value one by one and names the one that stands too far away.
    """
    with zipfile.ZipFile(path) as book:
        no_entities(book)
        names, from_1904 = parts(book, limits["sheets"])
        found: list[dict[str, Any]] = []
        cells = 0
        for number, part in enumerate(names):
            text = book.read(part) if part else b""
            cells += cells_in(text)
            if exact and (far := far_cell(_with_value(text), limits["columns"], limits["area"])):
                raise RefusedError(far[2], number=number, cell=far[:2], most=limits[far[2]])
            if cells > limits["cells"]:
                raise RefusedError("cells", most=limits["cells"])
            found.append(hidden_by_calamine(text))
        return Found(found, from_1904)
