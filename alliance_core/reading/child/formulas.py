"""Which formulas depend on cells that were changed, and what simple ones of them come to now.

A total or a mean beside corrected answers would else be left without a result until a spreadsheet program has opened and saved
the workbook. Sums, means and plain arithmetic are worked out; every other formula is left to that program.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable
from typing import Any

from openpyxl.utils import get_column_letter, range_boundaries

Area = tuple[str, int, int, int, int]  # sheet, left, top, right, bottom; from 1

_REFERENCE = re.compile(
    r"(?:('(?:[^']|'')+'|[\w.]+)!)?\$?([A-Z]{1,3})\$?([0-9]+)(?::\$?([A-Z]{1,3})\$?([0-9]+))?(?![\w(!])"
)
_PLAIN_FORMULA = re.compile(r"[A-Z]{1,3}:[A-Z]{1,3}|\[|INDIRECT|OFFSET|\{", re.IGNORECASE)
_WORKED_OUT = re.compile(r"[A-Za-z0-9_.,()+*/ -]*")  # what is left once areas have names of their own
_OUR_NAME = re.compile(r"a\d+_")  # what areas are called meanwhile
_DEEPEST = 50  # formulas that lead to one another
_LARGEST = 10_000  # cells of an area


def out_of_date(book: Any, changed: dict[str, set[tuple[int, int]]]) -> dict[str, set[str]]:
    """Formulas whose stored result may no longer hold: those that lead, over any steps, to a changed cell."""
    formulas: list[tuple[str, int, int, list[Area] | None]] = []
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    formulas.append((sheet.title, cell.row, cell.column, _read_by(cell, sheet.title)))
    dirty = {title: set(cells) for title, cells in changed.items()}
    stale: dict[str, set[str]] = {}
    again = True
    while again and any(dirty.values()):
        again, waiting = False, []
        for title, row, column, ranges in formulas:
            if ranges is None or any(_touches(dirty.get(one[0], set()), one) for one in ranges):
                dirty.setdefault(title, set()).add((row, column))
                stale.setdefault(title, set()).add(f"{get_column_letter(column)}{row}")
                again = True
            else:
                waiting.append((title, row, column, ranges))
        formulas = waiting
    return stale


def _read_by(cell: Any, title: str) -> list[Area] | None:
    """The areas that a formula names; None where that cannot be told from its text."""
    text = getattr(cell.value, "text", cell.value)
    if not isinstance(text, str) or _PLAIN_FORMULA.search(text):
        return None
    bare = re.sub(r'"[^"]*"', "", text)
    areas = [_area(found.groups(), title) for found in _REFERENCE.finditer(bare)]
    rest = _REFERENCE.sub("", bare)
    named = re.findall(r"[A-Za-z_][\w.]*(?![\w.]*\()", rest)
    return None if any(word.upper() not in ("TRUE", "FALSE") for word in named) else areas


def _area(groups: tuple[str | Any, ...], title: str) -> Area:
    """What the parts of a reference name."""
    sheet, left, top, right, bottom = groups
    edges = range_boundaries(f"{left}{top}:{right or left}{bottom or top}")
    west, north, east, south = (edge or 0 for edge in edges)
    return (sheet or "").strip("'").replace("''", "'") or title, west, north, east, south


def _touches(cells: set[tuple[int, int]], area: Area) -> bool:
    _, left, top, right, bottom = area
    return any(top <= row <= bottom and left <= column <= right for row, column in cells)


class _CannotTellError(Exception):
    """A formula that is not worked out here."""


def recalculated(
    book: Any, stale: dict[str, set[str]], known: dict[str, dict[str, float]]
) -> dict[str, dict[str, float]]:
    """By sheet and address, the results of those stale formulas that are sums, means and plain arithmetic.

    `known` are the stored numbers of formulas that are not stale.
    """
    sheets = _Sheets(book, stale, known)
    places = [
        (title, address) for title, addresses in stale.items() for address in sorted(addresses, key=_place)
    ]
    values = ((title, address, sheets.result(title, address, 0)) for title, address in places)
    found: dict[str, dict[str, float]] = {}
    for title, address, value in values:
        if value is not None:
            found.setdefault(title, {})[address] = value
    return found


def _place(address: str) -> tuple[int, str]:
    """Rows in order: what adds up from above is worked out from above."""
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]), letters


class _Sheets:
    """The cells of a workbook as numbers, stale formulas worked out on the way, each once."""

    def __init__(self, book: Any, stale: dict[str, set[str]], known: dict[str, dict[str, float]]) -> None:
        self._book, self._stale, self._known = book, stale, known
        self._results: dict[tuple[str, str], float | None] = {}

    def result(self, title: str, address: str, depth: int) -> float | None:
        """What a formula comes to; None where it is not worked out here."""
        if (title, address) not in self._results:
            try:
                self._results[title, address] = self._worked_out(title, address, depth)
            except (_CannotTellError, ArithmeticError, ValueError, SyntaxError, RecursionError):
                self._results[title, address] = None
        return self._results[title, address]

    def _worked_out(self, title: str, address: str, depth: int) -> float:
        text = self._book[title][address].value
        if not isinstance(text, str) or depth > _DEEPEST or _OUR_NAME.search(text):
            raise _CannotTellError
        areas: list[Area] = []

        def named(match: re.Match[str]) -> str:
            areas.append(_area(match.groups(), title))
            return f"a{len(areas) - 1}_"

        bare = _REFERENCE.sub(named, text.removeprefix("="))
        if not _WORKED_OUT.fullmatch(bare) or "**" in bare or "//" in bare:
            raise _CannotTellError
        value = self._value(ast.parse(bare.strip(), mode="eval").body, areas, depth)
        if not math.isfinite(value):
            raise _CannotTellError
        return value

    def _value(self, node: ast.expr, areas: list[Area], depth: int) -> float:
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return float(node.value)
        if isinstance(node, ast.Name):
            area = _of(node, areas)
            if area[1:3] != area[3:]:  # several cells where one number is wanted
                raise _CannotTellError
            return next(iter(self._numbers(area, depth, alone=True)), 0.0)  # an empty cell counts as nothing
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            value = self._value(node.operand, areas, depth)
            return -value if isinstance(node.op, ast.USub) else value
        if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
            left, right = (self._value(one, areas, depth) for one in (node.left, node.right))
            return _ARITHMETIC[type(node.op)](left, right)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
            return self._called(node.func.id.upper(), node.args, areas, depth)
        raise _CannotTellError

    def _called(self, name: str, arguments: list[ast.expr], areas: list[Area], depth: int) -> float:
        if name == "ROUND" and len(arguments) == 2:
            value, digits = (self._value(one, areas, depth) for one in arguments)
            return math.copysign(math.floor(abs(value) * 10**digits + 0.5) / 10**digits, value)
        if name not in _OF_MANY:
            raise _CannotTellError
        numbers: list[float] = []
        for one in arguments:
            whole = isinstance(one, ast.Name)
            numbers += self._numbers(_of(one, areas), depth) if whole else [self._value(one, areas, depth)]
        return _OF_MANY[name](numbers)

    def _numbers(self, area: Area, depth: int, alone: bool = False) -> list[float]:
        """The numbers in an area. Empty cells do not count, nor does text, unless it stands `alone`: as in a spreadsheet."""
        title, left, top, right, bottom = area
        if title not in self._book.sheetnames or (right - left + 1) * (bottom - top + 1) > _LARGEST:
            raise _CannotTellError
        found: list[float] = []
        for line in self._book[title].iter_rows(top, bottom, left, right):
            for cell in line:
                if cell.data_type == "f":
                    found.append(self._of_formula(title, cell.coordinate, depth))
                elif cell.data_type in "ebd" or (cell.data_type == "s" and alone):
                    raise _CannotTellError
                elif cell.data_type == "n" and cell.value is not None:
                    found.append(float(cell.value))
        return found

    def _of_formula(self, title: str, address: str, depth: int) -> float:
        stale = address in self._stale.get(title, ())
        value = self.result(title, address, depth + 1) if stale else self._known.get(title, {}).get(address)
        if value is None:
            raise _CannotTellError
        return value


def _of(node: ast.Name, areas: list[Area]) -> Area:
    number = re.fullmatch(r"a(\d+)_", node.id)
    if number is None or int(number[1]) >= len(areas):
        raise _CannotTellError
    return areas[int(number[1])]


def _mean(numbers: list[float]) -> float:
    return math.fsum(numbers) / len(numbers)  # of none it is an error, as in a spreadsheet


_ARITHMETIC: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}
_OF_MANY: dict[str, Callable[[list[float]], float]] = {
    "SUM": math.fsum,
    "AVERAGE": _mean,
    "MIN": lambda numbers: min(numbers, default=0.0),
    "MAX": lambda numbers: max(numbers, default=0.0),
    "COUNT": lambda numbers: float(len(numbers)),
}
