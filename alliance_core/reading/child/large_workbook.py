"""Sheets of an .xlsx with large ones: their cells are cut apart here, and calamine reads each different cell once."""

from __future__ import annotations

import io
import sys
import zipfile
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import python_calamine

from . import look
from .encode import Whole
from .look import NotPlainError, RefusedError

if TYPE_CHECKING:
    from .plain_sheet import Cut  # numpy is loaded only where there is a large sheet

LARGE = 2 << 20  # bytes of a sheet's text from which on it is worth the start of numpy
_PIECE = 1 << 20  # bytes unpacked at once, by a thread of its own
_AHEAD = 16  # pieces unpacked before they are asked for
_NEAR = 2e-4  # seconds after which one thread lets the other go on


def has_large(path: str) -> bool:
    """Whether any sheet of an .xlsx is so large that cutting it apart saves time."""
    with zipfile.ZipFile(path) as book:
        names, _ = look.parts(book, sys.maxsize)
        return any(book.getinfo(name).file_size >= LARGE for name in names if name)


class Book:
    """A workbook with the cells of its large sheets cut apart. NotPlainError where only calamine can read one of them."""

    def __init__(self, path: str, limits: dict[str, Any]) -> None:
        sys.setswitchinterval(_NEAR)
        self._limits = limits
        self.sheets: list[dict[str, Any]] = []  # what is hidden in each, as look.Found has it
        self.cuts: dict[int, Cut] = {}
        with zipfile.ZipFile(path) as book, ThreadPoolExecutor(1) as beside:
            look.no_entities(book)
            names, self.from_1904 = look.parts(book, limits["sheets"])
            texts = self._texts(book, names, beside)
            self.calamine = python_calamine.CalamineWorkbook.from_filelike(_with(book, texts))

    def _texts(self, book: zipfile.ZipFile, names: list[str], beside: ThreadPoolExecutor) -> dict[str, bytes]:
        """The text of each sheet; of a large one, that of a sheet with each different cell once."""
        texts: dict[str, bytes] = {"": b""}
        left = self._limits["cells"]
        for number, name in enumerate(names):
            cut = (
                self._cut(book, name, left, beside)
                if name and book.getinfo(name).file_size >= LARGE // 8
                else None
            )
            if cut:
                self.cuts[number], texts[name] = cut
                left -= cut[0].cells
            elif name:
                texts[name] = book.read(name)
                left -= look.cells_in(texts[name])
            if left < 0:
                raise RefusedError("cells", most=self._limits["cells"])
            about = look.hidden_by_calamine(texts[name])
            if cut:
                about["hidden_rows"] += cut[0].hidden_rows
            self.sheets.append(about)
        return texts

    def _cut(
        self, book: zipfile.ZipFile, name: str, cells: int, beside: ThreadPoolExecutor
    ) -> tuple[Cut, bytes] | None:
        """A sheet cut apart, and the text of one with each different cell once; None where it is small and not plain."""
        pieces = _pieces(book, name, beside)  # unpacking begins while numpy is loaded
        from . import plain_sheet

        try:
            cut = plain_sheet.cut(pieces, cells, self._limits["area"])
            return cut, plain_sheet.one_each(cut)
        except NotPlainError:
            if book.getinfo(name).file_size >= LARGE:
                raise
        return None

    def finished(self, number: int, sheet: Any) -> Whole | None:
        """A sheet that was cut apart, of which calamine has read each different cell; None where it holds nothing."""
        from . import blocks, plain_sheet

        cut = self.cuts[number]
        values = [row[0] for row in sheet.iter_rows()]
        if len(values) != len(cut.texts) + 1 or values.pop() != plain_sheet.LAST.decode():
            raise NotPlainError
        marks = {row: mark for (row, _), mark in self.sheets[number]["marks"].items()}
        where = plain_sheet.filled(cut, values, marks)
        if where is None:
            return None
        codes = blocks.by_column(cut.blocks, where, len(values))
        return Whole(blocks.columns(codes, values, marks), codes.shape[1], (where.top, where.left))


def _pieces(book: zipfile.ZipFile, part: str, beside: ThreadPoolExecutor) -> Iterator[bytes]:
    """The text of a part, unpacked by a thread of its own some pieces ahead."""
    stream = book.open(part)
    waiting = deque(beside.submit(stream.read, _PIECE) for _ in range(_AHEAD))

    def following() -> Iterator[bytes]:
        with stream:
            while piece := waiting.popleft().result():
                waiting.append(beside.submit(stream.read, _PIECE))
                yield piece

    return following()


def _with(book: zipfile.ZipFile, texts: dict[str, bytes]) -> io.BytesIO:
    """The workbook's own parts that calamine reads, with other texts for its sheets."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as copy:
        for member in book.infolist():
            name = member.filename
            if name in texts:
                copy.writestr(name, texts[name])
            elif name.count("/") < 2 or name.startswith("xl/_rels/"):
                copy.writestr(name, book.read(name))
    made.seek(0)
    return made
