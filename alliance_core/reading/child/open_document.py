"""What calamine hides in an .ods: error cells, formulas without a result, hidden rows and columns."""

from __future__ import annotations

import re
import zipfile
from typing import Any

from .look import Found, RefusedError, first_element

_TAG = re.compile(
    rb"<table:(table-cell|covered-table-cell|table-row|table-column|table)((?:\s[^>]*?)?)(/?)>|</table:(table-row|table)>"
)
_MOST = 1_024  # copies of one marked cell that are marked
_UNUSUAL = (b'calcext:value-type="error"', b"table:formula=", b'table:visibility="')


def _repeated(attributes: bytes, what: bytes) -> int:
    found = re.search(rb"table:number-" + what + rb'-repeated="([0-9]{1,8})"', attributes)
    return max(1, int(found.group(1))) if found else 1


def _mark(attributes: bytes) -> str:
    if b'calcext:value-type="error"' in attributes:
        return "x"
    return "f" if b"table:formula=" in attributes and b"office:value-type=" not in attributes else ""


def _hidden(attributes: bytes) -> bool:
    return b'table:visibility="collapse"' in attributes or b'table:visibility="filter"' in attributes


class _Walk:
    """Through all tables, cell by cell; rows and columns may stand for many alike."""

    def __init__(self) -> None:
        self.sheets: list[dict[str, Any]] = []
        self.row = self.column = self.across = 0
        self.rows_alike = 1
        self.row_hidden = self.filled = False

    def begin(self, kind: bytes, attributes: bytes) -> None:
        if kind == b"table":
            self.sheets.append({"marks": {}, "hidden_rows": 0, "hidden_columns": []})
            self.row = self.across = 0
        elif not self.sheets:
            return
        elif kind == b"table-row":
            self.column, self.filled = 0, False
            self.rows_alike, self.row_hidden = _repeated(attributes, b"rows"), _hidden(attributes)
        elif kind == b"table-column":
            alike = _repeated(attributes, b"columns")
            if _hidden(attributes):
                self.sheets[-1]["hidden_columns"].append([self.across, self.across + alike - 1])
            self.across += alike
        else:
            self._cell(attributes)

    def _cell(self, attributes: bytes) -> None:
        alike = _repeated(attributes, b"columns")
        mark = _mark(attributes)
        self.filled = self.filled or bool(mark) or b"office:value-type=" in attributes
        if mark:
            for row in range(self.row, self.row + min(self.rows_alike, _MOST)):
                for column in range(self.column, self.column + min(alike, _MOST)):
                    self.sheets[-1]["marks"][row, column] = mark
        self.column += alike

    def end_of_row(self) -> None:
        if self.sheets and self.row_hidden and self.filled:
            self.sheets[-1]["hidden_rows"] += self.rows_alike
        self.row += self.rows_alike
        self.row_hidden, self.rows_alike = False, 1


def ods(path: str, limits: dict[str, Any], exact: bool = False) -> Found:
    """As `look.xlsx`."""
    with zipfile.ZipFile(path) as book:
        text = book.read("content.xml")
    if first_element(text)[:9].upper() == b"<!DOCTYPE":
        raise RefusedError("entities")
    if text.count(b"<table:table-cell") > limits["cells"]:
        raise RefusedError("cells", most=limits["cells"])
    if not any(mark in text for mark in _UNUSUAL):
        return Found([], False)
    walk = _Walk()
    for match in _TAG.finditer(text):
        kind, attributes, closed, ended = match.groups()
        if kind:
            walk.begin(kind, attributes)
        if ended == b"table-row" or (kind == b"table-row" and closed):
            walk.end_of_row()
    return Found(walk.sheets, False)
