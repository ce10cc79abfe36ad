"""Sheets of a workbook by calamine, with what it hides; a look into the file runs beside it, on the other core.

A workbook with large sheets is cut apart first (`large_workbook`), so that calamine reads each different cell once.
"""

from __future__ import annotations

import itertools
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import python_calamine

from . import large_workbook, look, open_document, records
from .encode import Whole
from .limits import as_a_whole
from .look import NOTHING, Found, NotPlainError, RefusedError

Content = Iterable[list[Any]] | Whole

_DAMAGED = (
    struct.error,
    IndexError,
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    KeyError,
    NotImplementedError,
)
_LOOKS = {"xlsx": look.xlsx, "xlsb": records.xlsb, "xls": records.xls, "ods": open_document.ods}


def looked(path: str, kind: str, limits: dict[str, Any], exact: bool = False) -> Found:
    """What the look into the file found; nothing where it is too damaged to look into. RefusedError where a limit is met."""
    if kind not in _LOOKS:
        return NOTHING
    try:
        return _LOOKS[kind](path, limits, exact)
    except _DAMAGED:
        return NOTHING  # calamine's verdict on the file decides


def _rows(sheet: Any) -> Iterator[list[Any]]:
    return itertools.islice(sheet.iter_rows(), sheet.start[0], None)  # it begins with the empty rows on top


def _places(sheet: Any) -> Iterator[tuple[int, int]]:
    for row, cells in enumerate(_rows(sheet), sheet.start[0]):
        for column, cell in enumerate(cells, sheet.start[1]):
            if cell != "":
                yield row, column


def _not_too_far(sheet: Any, number: int, total: int, limits: dict[str, Any]) -> int:
    """The cells of the filled rectangles so far, with this sheet's; RefusedError where they are too many."""
    height, width = sheet.end[0] - sheet.start[0] + 1, sheet.end[1] - sheet.start[1] + 1
    total += height * width
    if width > limits["columns"] or total > limits["area"]:
        far = look.far_cell(_places(sheet), limits["columns"], limits["area"])
        if far:
            raise RefusedError(far[2], number=number, cell=far[:2], most=limits[far[2]])
        raise RefusedError("area together", most=limits["area"])
    return total


def _hidden_columns(ranges: Iterable[list[int]], left: int, right: int) -> int:
    """How many of the columns that hold something are hidden; whole empty ranges often are."""
    return sum(max(0, min(last, right) - max(first, left) + 1) for first, last in ranges)


def _worksheets(book: Any) -> Iterator[tuple[int, Any, Any]]:
    """Number, metadata and cells of each worksheet that holds anything."""
    for number, meta in enumerate(book.sheets_metadata):
        if str(meta.typ).endswith("WorkSheet"):
            sheet = book.get_sheet_by_index(number)
            if sheet.start is not None and sheet.end is not None:
                yield number, meta, sheet


def sheets(path: str, kind: str, limits: dict[str, Any]) -> Iterator[tuple[Content, dict[str, Any]]]:
    """(rows or columns, about) of each worksheet, or at last one ([], {"refused": why})."""
    large = _large(path, limits) if kind == "xlsx" else None
    yield from _as_it_is(path, kind, as_a_whole(limits)) if large is None else large


def _large(path: str, limits: dict[str, Any]) -> list[tuple[Content, dict[str, Any]]] | None:
    """The sheets of a workbook with large ones; None where it has none, or where calamine has to read it as it is."""
    try:
        return list(_cut_apart(path, limits)) if large_workbook.has_large(path) else None
    except RefusedError as refused:
        return [([], refused.about)]
    except (*_DAMAGED, NotPlainError, python_calamine.CalamineError):
        return None


def _cut_apart(path: str, limits: dict[str, Any]) -> Iterator[tuple[Content, dict[str, Any]]]:
    book = large_workbook.Book(path, limits)
    found = Found(book.sheets, book.from_1904)
    total = 0
    seen: set[int] = set()
    for number, meta, sheet in _worksheets(book.calamine):
        seen.add(number)
        if number not in book.cuts:
            total = _not_too_far(sheet, number, total, limits)
            yield _rows(sheet), _about(sheet.start, sheet.end[1], meta, found, number)
        elif (cut := book.finished(number, sheet)) is not None:
            total += cut.height * len(cut.columns)
            if len(cut.columns) > limits["columns"] or total > limits["area"]:
                raise NotPlainError  # the other way names the cell that stands too far away
            right = cut.start[1] + len(cut.columns) - 1
            about = _about(cut.start, right, meta, found, number)
            about.pop("marks", None)  # they are among the values
            yield cut, about
    if not seen.issuperset(book.cuts):
        raise NotPlainError


def _as_it_is(path: str, kind: str, limits: dict[str, Any]) -> Iterator[tuple[Content, dict[str, Any]]]:
    with ThreadPoolExecutor(1) as beside:
        looking = beside.submit(looked, path, kind, limits)
        try:
            _not_too_large(path, kind, limits)
            book = python_calamine.CalamineWorkbook.from_path(path)
            if len(book.sheet_names) > limits["sheets"]:
                raise RefusedError("sheets")
            total = 0
            for number, meta, sheet in _worksheets(book):
                total = _not_too_far(sheet, number, total, limits)
                yield _rows(sheet), _about(sheet.start, sheet.end[1], meta, looking.result(), number)
            looking.result()
        except RefusedError as refused:
            yield [], refused.about
        except python_calamine.PasswordError:
            yield [], {"refused": "password"}
        except (python_calamine.CalamineError, zipfile.BadZipFile, ValueError, OSError):
            yield [], _why_damaged(looking.result)


def _not_too_large(path: str, kind: str, limits: dict[str, Any]) -> None:
    """RefusedError where the parts of an archive are together more than is read as a whole."""
    if kind == "xls":
        return
    with zipfile.ZipFile(path) as book:
        if sum(member.file_size for member in book.infolist()) > limits["whole"]:
            raise RefusedError("whole")


def _about(start: tuple[int, int], right: int, meta: Any, found: Found, number: int) -> dict[str, Any]:
    """What is known of a sheet beside its cells, which end in the column `right`."""
    about = found.sheets[number] if number < len(found.sheets) else {}
    return {
        "name": meta.name,
        "start": list(start),
        "hidden": not str(meta.visible).endswith(".Visible"),
        "from_1904": found.from_1904,
        **about,
        "hidden_columns": _hidden_columns(about.get("hidden_columns", []), start[1], right),
    }


def _why_damaged(result: Callable[[], Found]) -> dict[str, Any]:
    """Calamine has failed: the look's reason, where it has one."""
    try:
        result()
    except RefusedError as refused:
        return refused.about
    return {"refused": "damaged"}


def only_look(path: str, kind: str, limits: dict[str, Any]) -> dict[str, Any]:
    """Which limit the file meets, as {"refused": why}; empty where none is found. For files on which reading failed."""
    try:
        looked(path, kind, as_a_whole(limits), exact=True)
    except RefusedError as refused:
        return refused.about
    return {}
