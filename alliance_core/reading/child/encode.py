"""Cells as plain data: each column as its distinct values and one code a cell.

A message is eight bytes of length (little endian) and JSON of that length. A sheet is a message followed
by its columns' codes, whose sizes the message names. Distinct values travel as [kinds, values]: kinds is one
letter a value: e empty, t text, n number, b boolean, d date (ISO), h time of day or duration,
x error cell, f formula without a stored result.
"""

from __future__ import annotations

import datetime
import itertools
import json
import math
from array import array
from collections.abc import Iterable
from typing import Any, BinaryIO, NamedTuple

ERROR_WORDS = frozenset(
    ("#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#NV", "#WERT!")
)
_ROWS_AT_ONCE = 1_024  # few enough to stay in the processor's cache


def message(out: BinaryIO, content: dict[str, Any]) -> None:
    """One JSON message with its length before it."""
    body = json.dumps(content).encode("ascii")
    out.write(len(body).to_bytes(8, "little") + body)


def plain(value: Any) -> tuple[str, Any]:
    """The kind of a value, and the value as it travels."""
    if isinstance(value, str):
        stripped = value.strip()
        if stripped in ERROR_WORDS:
            return "x", stripped
        return ("t", value) if stripped else ("e", None)
    if isinstance(value, bool):
        return "b", value
    if isinstance(value, int | float):
        # infinite: written by hand or by accident, and nothing to compute with
        return ("n", float(value)) if math.isfinite(value) else ("x", str(value))
    if isinstance(value, datetime.date):  # a datetime is a date too
        return "d", value.isoformat()[:10]
    return ("e", None) if value is None else ("h", str(value))


class Finished(NamedTuple):
    """A column as it travels: its distinct values, its codes, and the codes' type (u1, u2 or i4)."""

    values: list[Any]
    codes: bytes
    type: str


class Whole(NamedTuple):
    """A sheet of finished columns; `start` is the row and column of its first cell."""

    columns: list[Finished]
    height: int
    start: tuple[int, int]


def finished(distinct: list[tuple[str, Any]], codes: bytes, kind: str) -> Finished:
    """A column of which the distinct values are given as they are `plain`."""
    return Finished(["".join(kind for kind, _ in distinct), [value for _, value in distinct]], codes, kind)


class _Codes(dict[Any, int]):
    """From a value to its code: values are numbered as they come."""

    def __missing__(self, value: Any) -> int:
        code = self[value] = len(self)
        return code


class _Column:
    """The codes of one column, one byte each as long as there are few distinct values."""

    def __init__(self) -> None:
        self.index = _Codes()
        self.codes: bytearray | array[int] = bytearray()

    def add(self, cells: tuple[Any, ...]) -> None:
        """The next cells of the column."""
        if bool in map(type, cells):  # True equals 1, so it would share 1's code
            cells = tuple((bool, cell) if type(cell) is bool else cell for cell in cells)
        if isinstance(self.codes, bytearray):
            try:
                self.codes += bytearray(map(self.index.__getitem__, cells))
                return
            except ValueError:  # a code above 255
                self._widen()
        self.codes.extend(map(self.index.__getitem__, cells))

    def _widen(self) -> None:
        self.codes = array("i", list(self.codes))

    def finished(self, marks: dict[int, str]) -> Finished:
        """The column as it travels; a marked cell's code is that of the mark."""
        # only booleans are wrapped
        distinct = [plain(value[1] if isinstance(value, tuple) else value) for value in self.index]
        if marks:
            if len(distinct) + 2 > 255 and isinstance(self.codes, bytearray):
                self._widen()
            for row, mark in marks.items():
                self.codes[row] = len(distinct) + (mark == "f")
            distinct += [("x", None), ("f", None)]
        return finished(distinct, bytes(self.codes), "i4" if isinstance(self.codes, array) else "u1")


def write(out: BinaryIO, rows: Iterable[list[Any]] | Whole, about: dict[str, Any]) -> None:
    """One sheet: `about` holds name, start (row, column from 0) and marks {(row, column): x or f} for its cells."""
    if isinstance(rows, Whole):
        _write_whole(out, rows.columns, rows.height, about)
        return
    following = iter(rows)
    columns: list[_Column] = []
    height = 0
    while some := list(itertools.islice(following, _ROWS_AT_ONCE)):
        columns = columns or [_Column() for _ in some[0]]
        height += len(some)
        for column, cells in zip(columns, zip(*some, strict=True), strict=True):
            column.add(cells)
    marks: dict[int, dict[int, str]] = {}
    top, left = about["start"]
    for (row, column), mark in about.pop("marks", {}).items():
        if 0 <= row - top < height:
            marks.setdefault(column - left, {})[row - top] = mark
    _write_whole(out, [column.finished(marks.get(i, {})) for i, column in enumerate(columns)], height, about)


def _write_whole(out: BinaryIO, columns: list[Finished], height: int, about: dict[str, Any]) -> None:
    layout = [{"values": one.values, "size": len(one.codes), "type": one.type} for one in columns]
    message(out, {**about, "height": height, "columns": layout})
    for one in columns:
        out.write(one.codes)
