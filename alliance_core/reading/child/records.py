"""What calamine hides in the two binary formats, .xls (MS-XLS) and .xlsb (MS-XLSB): both are sequences of records."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .compound import workbook_stream
from .look import Found, RefusedError, no_entities

# .xls: BIFF record numbers
_FORMULA, _BOOL_OR_ERROR, _ROW, _COLUMNS = 0x0006, 0x0205, 0x0208, 0x007D
_BEGIN, _END, _SHEET, _DATES, _PASSWORD = 0x0809, 0x000A, 0x0085, 0x0022, 0x002F
_ERROR, _NOTHING = 2, 3  # kinds of a formula's stored result that is no number
# .xlsb
_B_ROW, _B_LAST_CELL, _B_ERROR, _B_FORMULA_ERROR, _B_COLUMNS, _B_SHEET, _B_BOOK = 0, 11, 3, 11, 60, 156, 153
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")


def _xls_records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record of one part of the stream; charts inside it are left out."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BEGIN) - (kind == _END)
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + size]
        if depth <= 0:
            return
        at += 4 + size


def _xls_sheet(stream: bytes, at: int) -> tuple[dict[str, Any], list[tuple[int, int]], int]:
    """What is hidden in a sheet, its formulas whose result is nothing at all, and the number of its formulas."""
    marks: dict[tuple[int, int], str] = {}
    nothing: list[tuple[int, int]] = []
    columns: list[list[int]] = []
    rows = formulas = 0
    for kind, record in _xls_records(stream, at):
        if kind == _FORMULA and len(record) >= 14:
            formulas += 1
            row, column = struct.unpack_from("<HH", record)
            if record[12:14] == b"\xff\xff":
                if record[6] == _ERROR:
                    marks[row, column] = "x"
                elif record[6] == _NOTHING:
                    nothing.append((row, column))
        elif kind == _BOOL_OR_ERROR and len(record) >= 8 and record[7]:
            row, column = struct.unpack_from("<HH", record)
            marks[row, column] = "x"
        elif kind == _ROW and len(record) >= 16:
            rows += bool(record[12] & 0x20)
        elif kind == _COLUMNS and len(record) >= 10 and record[8] & 1:
            columns.append(list(struct.unpack_from("<HH", record)))
    return {"marks": marks, "hidden_rows": rows, "hidden_columns": columns}, nothing, formulas


def xls(path: str, limits: dict[str, Any], exact: bool = False) -> Found:
    """As `look.xlsx`. A formula's result may be stored as empty text; where all of them are, none was ever computed."""
    stream = workbook_stream(Path(path).read_bytes())
    places: list[int] = []
    from_1904 = False
    for kind, record in _xls_records(stream, 0):
        if kind == _SHEET and len(record) >= 4:
            places.append(struct.unpack_from("<I", record)[0])
        elif kind == _PASSWORD:
            raise RefusedError("password")  # of three kinds of protection, calamine knows two
        from_1904 = from_1904 or (kind == _DATES and record[:1] == b"\x01")
    if len(places) > limits["sheets"]:
        raise RefusedError("sheets")
    sheets = [_xls_sheet(stream, at) for at in places]
    if sum(formulas for _, _, formulas in sheets) == sum(len(nothing) for _, nothing, _ in sheets):
        for about, nothing, _ in sheets:
            about["marks"].update(dict.fromkeys(nothing, "f"))
    return Found([about for about, _, _ in sheets], from_1904)


def _xlsb_records(text: bytes) -> Iterator[tuple[int, int]]:
    """Kind of each record, and where its content begins."""
    at, end = 0, len(text)
    while at + 1 < end:
        kind = text[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | (text[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        while at < end and shift < 28:
            byte = text[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        yield kind, at
        at += size


def _xlsb_sheet(text: bytes) -> tuple[dict[str, Any], int]:
    marks: dict[tuple[int, int], str] = {}
    columns: list[list[int]] = []
    rows = cells = row = 0
    for kind, at in _xlsb_records(text):
        if kind == _B_ROW:
            row = int.from_bytes(text[at : at + 4], "little")
            rows += bool(text[at + 11] & 0x10)
        elif kind <= _B_LAST_CELL:
            cells += 1
            if kind in (_B_ERROR, _B_FORMULA_ERROR):
                marks[row, int.from_bytes(text[at : at + 4], "little")] = "x"
        elif kind == _B_COLUMNS and text[at + 16] & 1:
            columns.append(list(struct.unpack_from("<II", text, at)))
    return {"marks": marks, "hidden_rows": rows, "hidden_columns": columns}, cells


def xlsb(path: str, limits: dict[str, Any], exact: bool = False) -> Found:
    """As `look.xlsx`; a formula of this format always has a result."""
    with zipfile.ZipFile(path) as book:
        no_entities(book)
        names = {name.lower(): name for name in book.namelist()}
        overview = book.read(names["xl/workbook.bin"])
        links = book.read(names["xl/_rels/workbook.bin.rels"])
        targets: dict[str, str] = {}
        for tag in _RELATION.findall(links):
            found = dict(re.findall(r"(\w+)=[\"']([^\"']*)[\"']", tag.decode("utf-8", "replace")))
            targets[found.get("Id", "")] = found.get("Target", "")
        from_1904 = False
        parts: list[str] = []
        for kind, at in _xlsb_records(overview):
            if kind == _B_BOOK:
                from_1904 = bool(overview[at] & 1)
            elif kind == _B_SHEET:
                length = int.from_bytes(overview[at + 8 : at + 12], "little")
                identifier = overview[at + 12 : at + 12 + 2 * length].decode("utf-16-le", "replace")
                target = targets.get(identifier, "")
                full = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                parts.append(names.get(full.lower(), ""))
        if len(parts) > limits["sheets"]:
            raise RefusedError("sheets")
        real = [part for part in parts if part]
        if len(set(real)) < len(real):
            raise RefusedError("same part")
        sheets: list[dict[str, Any]] = []
        total = 0
        for part in parts:
            about, cells = _xlsb_sheet(book.read(part) if part else b"")
            total += cells
            if total > limits["cells"]:
                raise RefusedError("cells", most=limits["cells"])
            sheets.append(about)
        return Found(sheets, from_1904)
