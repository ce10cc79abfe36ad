"""Sheets of a workbook, with what calamine hides: error cells, formulas without a result, hidden sheets and rows.

calamine gives an empty cell for an error and for a formula whose result was never stored; both would
silently count as unanswered. For .xlsx they are looked up in the sheet's own text, only where the text holds
such marks at all, beside calamine's parsing (which leaves the other core free).
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import python_calamine

MAX_CELLS = 5_000_000  # in the filled rectangles of all sheets together
_HEAD = 4_000  # bytes in which a writer's habits show
_NEAR = 400  # bytes in which a cell's opening tag ends
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*?r:id=[\"']([^\"']+)[\"']")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_NO_RESULT = re.compile(
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ADDRESS = re.compile(rb"\sr=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*hidden=[\"'](?:1|true)[\"']")


def _attribute(tag: bytes, name: bytes) -> bytes:
    found = re.search(rb"\s" + name + rb"=[\"']([^\"']*)[\"']", tag)
    return found.group(1) if found else b""


def _position(text: bytes, at: int) -> tuple[tuple[int, int], bytes] | None:
    """The (row, column) of the cell whose text holds the place `at`, and the cell's opening tag."""
    near = max(0, at - _NEAR)  # never back through the whole sheet, once for each cell
    start = max(text.rfind(b"<c ", near, at), text.rfind(b":c ", near, at))
    tag = text[start : text.find(b">", start) + 1] if start >= 0 else b""
    found = _ADDRESS.search(tag)
    if not found:
        return None
    column = 0
    for letter in found.group(1):
        column = column * 26 + letter - 64
    return (int(found.group(2)) - 1, column - 1), tag


def _hidden_by_calamine(text: bytes) -> dict[str, Any]:
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
    rows = len(_HIDDEN_ROW.findall(text)) if b"hidden=" in text else 0
    return {"marks": marks, "hidden_rows": rows}


def _parts(book: zipfile.ZipFile) -> tuple[list[str], bool]:
    """The sheets' part names in order, and whether days are counted from 1904."""
    names = {name.lower(): name for name in book.namelist()}
    overview = names.get("xl/workbook.xml")
    relations = names.get("xl/_rels/workbook.xml.rels")
    if overview is None or relations is None:
        return [], False
    text = book.read(overview)
    targets = {
        _attribute(tag, b"Id"): _attribute(tag, b"Target").decode("utf-8", "replace")
        for tag in _RELATION.findall(book.read(relations))
    }
    parts: list[str] = []
    for identifier in _SHEET.findall(text):
        target = targets.get(identifier, "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        parts.append(names.get(path.lower(), ""))
    return parts, re.search(rb"date1904=[\"'](?:1|true)[\"']", text) is not None


def _scan(path: str) -> tuple[list[dict[str, Any]], bool]:
    try:
        with zipfile.ZipFile(path) as book:
            parts, from_1904 = _parts(book)
            return [_hidden_by_calamine(book.read(part)) if part else {} for part in parts], from_1904
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, KeyError, NotImplementedError):
        return [], False  # calamine's verdict on the file decides


def sheets(path: str, kind: str) -> Iterator[tuple[list[list[Any]], dict[str, Any]]]:
    """(rows, about) of each worksheet, or one ([], {"refused": why})."""
    with ThreadPoolExecutor(1) as beside:
        scan = beside.submit(_scan, path) if kind == "xlsx" else None
        try:
            book = python_calamine.CalamineWorkbook.from_path(path)
            cells = 0
            for number, meta in enumerate(book.sheets_metadata):
                if not str(meta.typ).endswith("WorkSheet"):
                    continue
                sheet = book.get_sheet_by_index(number)
                if sheet.start is None or sheet.end is None:
                    continue
                height, width = sheet.end[0] - sheet.start[0] + 1, sheet.end[1] - sheet.start[1] + 1
                cells += height * width
                if cells > MAX_CELLS:
                    yield [], {"refused": "too many cells", "sheet": meta.name, "end": list(sheet.end)}
                    return
                rows = sheet.to_python(skip_empty_area=True)
                found, from_1904 = scan.result() if scan else ([], False)
                yield (
                    rows,
                    {
                        "name": meta.name,
                        "start": list(sheet.start),
                        "hidden": not str(meta.visible).endswith(".Visible"),
                        "from_1904": from_1904,
                        **(found[number] if number < len(found) else {}),
                    },
                )
        except python_calamine.PasswordError:
            yield [], {"refused": "password"}
        except (python_calamine.CalamineError, ValueError, OSError):
            yield [], {"refused": "damaged"}
