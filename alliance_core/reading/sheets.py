"""The parent's side of the limited process: bytes in, sheets out, each column as distinct values and codes."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alliance_core.reading import limited
from alliance_core.reading.child.limits import LIMITS, Limits
from alliance_core.reading.refusals import Refusal, address, refusal

__all__ = ["Cells", "Refusal", "Sheet", "address", "read_sheets", "show"]


@dataclass(frozen=True)
class Cells:
    """One column of a sheet. `codes` has one number a row, pointing into `kinds` and `values`.

    `kinds` is one letter a distinct value: e empty, t text, n number, b boolean, d date (ISO text),
    h time or duration, x error cell, f formula without a stored result.
    """

    codes: NDArray[Any]
    kinds: str
    values: list[Any]

    @property
    def empty(self) -> NDArray[np.bool_]:
        """Per distinct value: nothing in it."""
        return np.array([kind == "e" for kind in self.kinds], dtype=bool)

    def part(self, first: int) -> Cells:
        """The column from a row on, with the values that occur there."""
        used, codes = np.unique(self.codes[first:], return_inverse=True)
        return Cells(codes, "".join(self.kinds[code] for code in used), [self.values[code] for code in used])

    def shown(self) -> list[str]:
        """Per distinct value: as the user would see it."""
        return [show(kind, value) for kind, value in zip(self.kinds, self.values, strict=True)]


def show(kind: str, value: Any) -> str:
    """One cell's value as text; whole numbers without a decimal point, long text cut."""
    if kind == "n":
        return f"{value:.15g}"
    if kind in "ef":
        return ""
    if kind == "x":
        return str(value or "error")
    if kind == "b":
        return "TRUE" if value else "FALSE"
    text = str(value)
    return text if len(text) <= 80 else text[:79] + "…"


@dataclass(frozen=True)
class Sheet:
    """One sheet. `top` and `left` are the place of its first cell, counted from 0."""

    file: str
    name: str
    position: int
    top: int
    left: int
    height: int
    columns: tuple[Cells, ...]
    hidden: bool = False
    hidden_rows: int = 0
    hidden_columns: int = 0
    from_1904: bool = False
    encoding: str = ""

    @property
    def label(self) -> str:
        return self.name or Path(self.file).stem


class _Torn(Exception):
    """The child's output ends too early."""


def _messages(output: bytes) -> list[tuple[dict[str, Any], tuple[Cells, ...]]]:
    found: list[tuple[dict[str, Any], tuple[Cells, ...]]] = []
    at = 0
    while at < len(output):
        size = int.from_bytes(output[at : at + 8], "little")
        about = json.loads(output[at + 8 : at + 8 + size])
        at += 8 + size
        columns: list[Cells] = []
        for column in about.pop("columns", ()):
            codes = np.frombuffer(output, dtype=column["type"], count=about["height"], offset=at)
            columns.append(Cells(codes, column["values"][0], column["values"][1]))
            at += column["size"]
        found.append((about, tuple(columns)))
    if not found or "end" not in found[-1][0]:
        raise _Torn
    return found


def _not_told() -> None:
    """Nobody is told that the file waits."""


def read_sheets(
    file: str,
    content: bytes,
    kind: str,
    limits: Limits = LIMITS,
    waiting: Callable[[], None] = _not_told,
) -> list[Sheet] | Refusal:
    """All sheets of one file that hold anything, read in a limited process of their own.

    `kind` is what the guard found: xlsx, xlsb, xls, ods, parquet or text. `waiting` is called now and then while others'
    files are read first. Never raises for any content.
    """
    handle, path = tempfile.mkstemp(
        suffix="." + ("csv" if kind == "text" else kind)
    )  # only the owner may read it
    try:
        with os.fdopen(handle, "wb") as copy:
            copy.write(content)
        output = limited.run(kind, path, limited.size_of(content), limits, waiting)
    finally:
        Path(path).unlink(missing_ok=True)
    if isinstance(output, Refusal):
        return output
    try:
        messages = _messages(output)
    except (_Torn, ValueError):
        return refusal({"refused": "torn"})
    if "refused" in messages[-1][0]:
        return refusal(messages[-1][0], limits)
    sheets = [_sheet(file, i, about, columns) for i, (about, columns) in enumerate(messages[:-1])]
    return sheets or refusal({"refused": "empty"})


def _sheet(file: str, position: int, about: dict[str, Any], columns: tuple[Cells, ...]) -> Sheet:
    top, left = about["start"]
    return Sheet(
        file=file,
        name=about["name"],
        position=position,
        top=top,
        left=left,
        height=about["height"],
        columns=columns,
        hidden=about.get("hidden", False),
        hidden_rows=about.get("hidden_rows", 0),
        hidden_columns=about.get("hidden_columns", 0),
        from_1904=about.get("from_1904", False),
        encoding=about.get("encoding", ""),
    )
