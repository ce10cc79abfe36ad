"""The cells of a large .xlsx sheet whose text is as spreadsheet programs write it: each one once, and where it stands.

A sheet's text is cut into cells by comparing whole blocks of bytes at once. What a cell says is not interpreted here:
calamine reads each different one, in a small workbook made of them, so that values are the same either way. A sheet
that is written in any other manner is left to calamine as it is (NotPlainError).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .blocks import Block, Edges, edges
from .look import NotPlainError
from .side_by_side import Part, cut_side_by_side
from .slices import MASKS, PADDING, Numbers, Slices, words_at

_BLOCK = 1 << 19  # bytes of text cut at once: few enough to stay in the processor's cache
_HEAD = 1 << 16  # bytes in which the rows begin
_MOST_DIFFERENT = 400_000  # different cells; where nearly all differ, telling them apart saves nothing
_ROW = int.from_bytes(b'<row r="', "little")
_CELL = int.from_bytes(b'<c r="\0\0', "little")
_MORE_THAN_COLUMNS = 20_000  # three letters of an address count further than a sheet is wide
_SIX = np.uint64((1 << 48) - 1)
_BYTE, _QUOTE = np.uint64(255), np.uint64(ord('"'))
_END = b"</sheetData>"
_CLOSED = re.compile(rb"\s*(?:</row>\s*)?$")
_OTHER_CELL = re.compile(rb"<\w+:c[\s>/]")
# What stands behind a row's number or a cell's address: other attributes, and where no cell follows in a row, its end.
_ATTRIBUTES = rb"""(?:\s+(?!r=)[\w:.]+=(?:"[^"<>]*"|'[^'<>]*'))*\s*"""
_ROW_TAG = re.compile(_ATTRIBUTES + rb">\s*")
_EMPTY_ROW = re.compile(_ATTRIBUTES + rb"(?:/>|>\s*</row>)\s*")
_TEXT = _ATTRIBUTES + rb"(?:/>|>[^<]*</%b>)\s*"
_WHOLE_CELL = re.compile(
    _ATTRIBUTES
    + rb"(?:/>|>\s*(?:<f%b)?(?:<v%b)?(?:<is>(?:[^<]|<(?!/is>))*</is>\s*)?</c>)" % (_TEXT % b"f", _TEXT % b"v")
)
_ROW_ENDS = int.from_bytes(b"</row>\0\0", "little")
LAST = (
    b"the last one"  # calamine is silent where it gives up on a sheet; then it does not come as far as this
)
_MORE_CELLS = re.compile(rb"</?(?:row|c|sheetData)[\s>/]")
_HIDDEN_ROW = re.compile(rb"<row\s[^>]*hidden=[\"'](?:1|true)[\"']")


class Cut(NamedTuple):
    """The cells of one sheet. `head` is the text before its rows; `texts` are the different cells, from behind their
    address on, and their codes stand in `blocks`."""

    head: bytes
    texts: list[bytes]
    blocks: list[Block]
    cells: int
    hidden_rows: int


class _About(NamedTuple):
    """Of a block: its first and last row, how many cells it has, and how many hidden rows."""

    first: int
    last: int
    cells: int
    hidden: int


def cut(pieces: Iterable[bytes], cells: int, area: int) -> Cut:
    """The sheet whose text comes in pieces, with at most so many `cells`, which span at most so much `area`."""
    following = iter(pieces)
    head, rest = _head(following)
    counted = _Counted(cells, area)
    texts = _blocks(rest, following)
    found = cut_side_by_side(texts, partial(_part, area=area), counted.add, _MOST_DIFFERENT)
    return Cut(head, found.texts, found.blocks, counted.cells, counted.hidden)


class _Counted:
    """What the blocks so far come to. NotPlainError where it is too much, or where rows are not in their order."""

    def __init__(self, cells: int, area: int) -> None:
        self._most, self._area = cells, area
        self._last = -1
        self.cells = self.hidden = 0

    def add(self, part: Part) -> None:
        self.cells += part.about.cells
        self.hidden += part.about.hidden
        self._area -= part.block.codes.size
        if part.about.first <= self._last or self.cells > self._most or self._area < 0:
            raise NotPlainError
        self._last = part.about.last


def _part(text: bytes, slices: Slices, area: int) -> Part:
    """The cells of a block, which begins with the opening tag of a row and holds whole rows."""
    padded = text + PADDING
    words = words_at(padded)
    letters = np.frombuffer(padded, np.uint8)
    marks = _marks(letters, len(text))
    first = words[marks]
    is_row = first == _ROW
    is_cell = first & _SIX == _CELL
    known = is_row | is_cell
    if not known.all():
        _no_others(text, marks[~known])
        marks, is_row, is_cell = marks[known], is_row[known], is_cell[known]
    if not len(marks) or not is_row[0] or (_stands(text, letters, b":c") and _OTHER_CELL.search(text)):
        raise NotPlainError
    hidden = len(_HIDDEN_ROW.findall(text)) if _stands(text, letters, b"hidden=") else 0
    number, digits = _row_numbers(words, marks[is_row] + 8)
    ends = np.append(marks[1:], len(text))
    last = np.append(is_row[1:], True)  # of its row
    _check_tags(padded, marks[is_row] + 9 + digits.width, ends[is_row], last[is_row])
    at = np.flatnonzero(is_cell)
    row_of = np.cumsum(is_row)[at] - 1
    ends, last = ends[at], last[at]
    if ((words[ends - 6] & _SIX == _ROW_ENDS) != last).any():
        raise NotPlainError
    column, behind = _addresses(words, marks[at] + 6, digits.words[row_of], digits.width[row_of])
    row = number[row_of]
    if (np.diff(number) <= 0).any() or (np.diff(row * _MORE_THAN_COLUMNS + column) <= 0).any():
        raise NotPlainError
    codes = slices.codes(padded, behind, ends - behind)
    return Part(_placed(row, column, codes, area), _About(int(number[0]), int(number[-1]), len(at), hidden))


def _check_tags(padded: bytes, start: Numbers, ends: Numbers, empty: NDArray[np.bool_]) -> None:
    """What stands from each row's number on to its first cell, or to the next row, is the rest of a tag and nothing else."""
    tags = Slices(_MOST_DIFFERENT)
    codes = tags.codes(padded, start, ends - start)
    texts = tags.texts()
    for way, which in ((_ROW_TAG, ~empty), (_EMPTY_ROW, empty)):
        for code in np.unique(codes[which]).tolist():
            if not way.fullmatch(texts[code]):
                raise NotPlainError


def _placed(row: Numbers, column: Numbers, codes: NDArray[np.int32], area: int) -> Block:
    """Codes as a rectangle."""
    if not len(codes):
        return Block(0, 0, np.zeros((0, 0), np.int32))
    top, left = int(row[0]), int(column.min())
    height, width = int(row[-1]) - top + 1, int(column.max()) - left + 1
    if height * width > area:
        raise NotPlainError
    if height * width == len(codes):
        return Block(top, left, codes.reshape(height, width))
    block = np.full((height, width), -1, np.int32)
    block[row - top, column - left] = codes
    return Block(top, left, block)


def _head(pieces: Iterator[bytes]) -> tuple[bytes, bytes]:
    """The text before the first row, and what has been read from there on."""
    text = b""
    for piece in pieces:
        text += piece
        begins = text.find(b"<sheetData>", 0, _HEAD)
        if begins >= 0:
            return text[:begins], text[begins + len(b"<sheetData>") :]
        if len(text) > _HEAD:
            break
    raise NotPlainError


def _blocks(rest: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Blocks of whole rows, up to the end of the sheet's data."""
    for piece in pieces:
        rest += piece
        if len(rest) < _BLOCK:
            continue
        last = rest.rfind(b"<row ")
        if last > 0:
            yield rest[:last]
            rest = rest[last:]
        elif _END in rest:
            rest += b"".join(pieces)  # what comes behind is looked at, too
    end = rest.find(_END)
    if end < 0 or _MORE_CELLS.search(rest, end + len(_END)):
        raise NotPlainError
    if rest[:end].strip():
        yield rest[:end]


def _marks(letters: NDArray[np.uint8], size: int) -> Numbers:
    """Where "<c", "<r", "<!" and "<?" stand."""
    after = letters[1 : size + 1]
    found = (after == ord("c")) | (after == ord("r")) | (after == ord("!")) | (after == ord("?"))
    found &= letters[:size] == ord("<")
    return np.flatnonzero(found)


def _stands(text: bytes, letters: NDArray[np.uint8], words: bytes) -> bool:
    """Whether words stand in the text; their first two letters are looked for in all of it at once."""
    first, second = words[:2]
    return bool(((letters[:-1] == first) & (letters[1:] == second)).any()) and words in text


def _no_others(text: bytes, places: Numbers) -> None:
    """Nothing but a font or a colour inside a cell; a row or a cell without its address first cannot be placed."""
    for at in places.tolist():
        if not re.match(rb"<(?:r>|rPr|rFont|color|charset|rPh|condense)", text[at : at + 9]):
            raise NotPlainError


class _Digits(NamedTuple):
    """Row numbers as they are written: as a word, and how many digits it has."""

    words: NDArray[np.uint64]
    width: Numbers


def _row_numbers(words: NDArray[np.uint64], places: Numbers) -> tuple[Numbers, _Digits]:
    """The row (from 0) whose number is written from each place on, up to a quotation mark."""
    found = words[places]
    letters = found.view(np.uint8).reshape(-1, 8)
    is_digit = (letters >= ord("0")) & (letters <= ord("9"))
    width = is_digit.argmin(axis=1)
    if (width == 0).any() or (letters[np.arange(len(width)), width] != ord('"')).any():
        raise NotPlainError
    number = np.zeros(len(width), np.int64)
    for at in range(int(width.max())):
        number = np.where(at < width, number * 10 + letters[:, at] - ord("0"), number)
    return number - 1, _Digits(found & MASKS[width], width)


def _addresses(
    words: NDArray[np.uint64], start: Numbers, row_words: NDArray[np.uint64], row_width: Numbers
) -> tuple[Numbers, Numbers]:
    """The column (from 0) of each address, which has to name its row, and the place behind its quotation mark."""
    found = words[start]
    column = (found & _BYTE).astype(np.int64) - ord("A")
    if (column < 0).any() or (column > 25).any():
        raise NotPlainError
    behind = start + 1
    longer = np.ones(len(start), bool)
    for at in (8, 16):
        letter = ((found >> np.uint64(at)) & _BYTE).astype(np.int64) - ord("A")
        longer &= (letter >= 0) & (letter <= 25)
        if not longer.any():
            break
        column = np.where(longer, (column + 1) * 26 + letter, column)
        behind += longer
    written = words[behind] & MASKS[row_width + 1]
    if (written != row_words | _QUOTE << (row_width * 8).astype(np.uint64)).any():
        raise NotPlainError
    return column, behind + row_width + 1


def one_each(sheet: Cut) -> bytes:
    """The text of a sheet that holds each different cell once, in column A, in their order, and one more (LAST)."""
    rows = [b'<row r="%d"><c r="A%d"%s</row>' % (n, n, _whole(text)) for n, text in enumerate(sheet.texts, 1)]
    end = b'<row r="%d"><c r="A%d" t="str"><v>%b</v></c></row>' % (len(rows) + 1, len(rows) + 1, LAST)
    return b"".join([sheet.head, b"<sheetData>", *rows, end, b"</sheetData></worksheet>"])


def _whole(text: bytes) -> bytes:
    """A cell from behind its address on, without what follows it; NotPlainError where it is not one whole cell."""
    text = _CLOSED.sub(b"", text)
    if not _WHOLE_CELL.fullmatch(text):
        raise NotPlainError
    return text


class Filled(NamedTuple):
    """The filled rectangle of a sheet: its first row and column, and the cells' codes, a row of them for each column."""

    top: int
    left: int
    codes: NDArray[np.int32]


def filled(sheet: Cut, values: list[Any], marks: dict[int, str]) -> Edges | None:
    """Where the cells with a value stand, errors among them; None where no cell has any.

    `values` has each different cell as calamine reads it.
    """
    counts = np.zeros(len(values) + 1, bool)  # the last one is no cell
    counts[:-1] = [
        value != "" or (marks.get(code) == "x" and b"</v>" in sheet.texts[code])
        for code, value in enumerate(values)
    ]
    doubtful = counts.copy()  # an empty text may or may not count for calamine
    doubtful[:-1] |= np.array([b"<" in text.removesuffix(b"</row>")[:-4] for text in sheet.texts], bool)
    found = edges(sheet.blocks, counts)
    if found != edges(sheet.blocks, doubtful):
        raise NotPlainError
    return found
