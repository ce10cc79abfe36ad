"""The cells of a large text file whose quotation marks, if any, stand around whole cells: each different one once.

Anything else, such as a delimiter within quotation marks, is left to the csv module (NotPlainError).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from .blocks import Block, Edges, by_column, columns
from .encode import Whole
from .look import NotPlainError
from .side_by_side import Part, cut_side_by_side
from .slices import PADDING, Slices

_BLOCK = 1 << 19  # bytes cut at once: few enough to stay in the processor's cache
_MOST_DIFFERENT = 1 << 21  # different cells
_LINE_END, _RETURN = 10, 13


def cut(content: bytes, delimiter: str, limits: dict[str, Any]) -> Whole:
    """The cells of UTF-8 text, a row a line, rows filled up to the longest. NotPlainError too where a limit is met."""
    returns = content.count(b"\r")
    if returns and returns != content.count(b"\r\n"):
        raise NotPlainError
    counted = _Counted(limits)
    cutting = partial(_part, delimiter=ord(delimiter), returns=bool(returns), area=limits["area"])
    found = cut_side_by_side(_blocks(content), cutting, counted.add, _MOST_DIFFERENT)
    tops = np.cumsum([0, *(len(block.codes) for block in found.blocks)]).tolist()
    placed = [block._replace(top=top) for block, top in zip(found.blocks, tops, strict=False)]
    values = [_unquoted(text) for text in found.texts]
    codes = by_column(placed, Edges(0, 0, counted.height - 1, counted.width - 1), len(values))
    return Whole(columns(codes, values, {}), counted.height, (0, 0))


class _Counted:
    """What the blocks so far come to. NotPlainError where it is too much."""

    def __init__(self, limits: dict[str, Any]) -> None:
        self._limits = limits
        self.height = self.width = self._cells = 0

    def add(self, part: Part) -> None:
        height, width = part.block.codes.shape
        self.height, self.width = self.height + height, max(self.width, width)
        self._cells += part.about
        counts = {"cells": self._cells, "columns": self.width, "area": self.width * self.height}
        if any(count > self._limits[limit] for limit, count in counts.items()):
            raise NotPlainError


def _blocks(content: bytes) -> Iterator[bytes]:
    """Whole lines, the last one ended too."""
    at = 0
    while at < len(content):
        end = content.rfind(b"\n", at, at + _BLOCK) + 1 or content.find(b"\n", at) + 1
        yield content[at:end] if end else content[at:] + b"\n"
        at = end or len(content)


def _part(text: bytes, slices: Slices, delimiter: int, returns: bool, area: int) -> Part:
    """The codes of the cells of some lines, -1 where a line is shorter than others; and how many cells they have."""
    padded = text + PADDING
    letters = np.frombuffer(padded, np.uint8)
    ends = np.flatnonzero((letters == delimiter) | (letters == _LINE_END))
    start = np.append(0, ends[:-1] + 1)
    length = ends - start
    last = letters[ends] == _LINE_END
    if returns:
        length -= last & (length > 0) & (letters[ends - 1] == _RETURN)
    codes = slices.codes(padded, start, length)
    widths = np.diff(np.flatnonzero(last), prepend=-1)
    width = int(widths.max())
    if (widths == width).all():
        return Part(Block(0, 0, codes.reshape(-1, width)), len(codes))
    if len(widths) * width > area:
        raise NotPlainError
    block = np.full((len(widths), width), -1, np.int32)
    block[np.arange(width) < widths[:, None]] = codes
    return Part(Block(0, 0, block), len(codes))


def _unquoted(text: bytes) -> str:
    """A cell without its quotation marks; NotPlainError where they stand elsewhere than around it."""
    if b'"' in text:
        if len(text) < 2 or not text.startswith(b'"') or not text.endswith(b'"') or b'"' in text[1:-1]:
            raise NotPlainError
        text = text[1:-1]
    return text.decode("utf-8")
