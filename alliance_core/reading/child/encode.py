"""Cells as plain data: each column as its distinct values and one code a cell.

A message is eight bytes of length (little endian) and JSON of that length. A sheet is a message followed
by its columns' codes, whose sizes the message names. Distinct values travel as [kinds, values]: kinds is one
letter a value: e empty, t text, n number, b boolean, d date (ISO), h time of day or duration,
x error cell, f formula without a stored result.
"""

from __future__ import annotations

import datetime
import json
from array import array
from typing import Any, BinaryIO

ERROR_WORDS = frozenset(
    ("#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#NV", "#WERT!")
)


def message(out: BinaryIO, content: dict[str, Any]) -> None:
    """One JSON message with its length before it."""
    body = json.dumps(content).encode("ascii")
    out.write(len(body).to_bytes(8, "little") + body)


def _plain(value: Any) -> tuple[str, Any]:
    if isinstance(value, str):
        stripped = value.strip()
        if stripped in ERROR_WORDS:
            return "x", stripped
        return ("t", value) if stripped else ("e", None)
    if isinstance(value, bool):
        return "b", value
    if isinstance(value, int | float):
        return "n", float(value)
    if isinstance(value, datetime.date):  # a datetime is a date too
        return "d", value.isoformat()[:10]
    return ("e", None) if value is None else ("h", str(value))


def _column(cells: tuple[Any, ...], marks: dict[int, str]) -> tuple[list[Any], bytes, str]:
    kinds = set(map(type, cells))
    if bool in kinds:  # True equals 1, so it would share 1's code
        cells = tuple((bool, cell) if type(cell) is bool else cell for cell in cells)
    index = {value: code for code, value in enumerate(dict.fromkeys(cells))}
    distinct = [
        _plain(value[1]) if isinstance(value, tuple) else _plain(value)  # only booleans are wrapped
        for value in index
    ]
    wide = len(index) + 2 > 255
    codes = array("i", [index[cell] for cell in cells]) if wide else bytearray(map(index.__getitem__, cells))
    if marks:
        for row, mark in marks.items():
            codes[row] = len(distinct) + (mark == "f")
        distinct += [("x", None), ("f", None)]
    return (
        ["".join(kind for kind, _ in distinct), [value for _, value in distinct]],
        bytes(codes) if isinstance(codes, bytearray) else codes.tobytes(),
        "i4" if wide else "u1",
    )


def write(out: BinaryIO, rows: list[list[Any]], about: dict[str, Any]) -> None:
    """One sheet: `about` holds name, start (row, column from 0) and marks {(row, column): x or f} for its cells."""
    marks: dict[int, dict[int, str]] = {}
    top, left = about["start"]
    height = len(rows)
    for (row, column), mark in about.pop("marks", {}).items():
        if 0 <= row - top < height:
            marks.setdefault(column - left, {})[row - top] = mark
    columns = [_column(cells, marks.get(i, {})) for i, cells in enumerate(zip(*rows, strict=True))]
    layout = [{"values": values, "size": len(blob), "type": kind} for values, blob, kind in columns]
    message(out, {**about, "height": height, "columns": layout})
    for _, blob, _ in columns:
        out.write(blob)
