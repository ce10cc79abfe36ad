"""Rectangles of codes, block by block: where they stand, and from there to columns as they travel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .encode import Finished, finished, plain


class Block(NamedTuple):
    """Codes of some rows' cells, -1 where there is none; `top` and `left` are the place of the first one."""

    top: int
    left: int
    codes: NDArray[np.int32]


class Edges(NamedTuple):
    """A rectangle: its first row and column and its last ones."""

    top: int
    left: int
    bottom: int
    right: int


def edges(blocks: Iterable[Block], counts: NDArray[np.bool_]) -> Edges | None:
    """The rectangle of the cells that count, by their code; None where none does. The last of `counts` stands for no cell."""
    found: list[Edges] = []
    for top, left, block in blocks:
        here = counts[block]  # where there is no cell, -1 is the last one
        rows, columns = np.flatnonzero(here.any(axis=1)), np.flatnonzero(here.any(axis=0))
        if len(rows):
            found.append(Edges(top + rows[0], left + columns[0], top + rows[-1], left + columns[-1]))
    if not found:
        return None
    tops, lefts, bottoms, rights = zip(*found, strict=True)
    return Edges(int(min(tops)), int(min(lefts)), int(max(bottoms)), int(max(rights)))


def by_column(blocks: Iterable[Block], within: Edges, nothing: int) -> NDArray[np.int32]:
    """The codes of a rectangle, a row of them for each column; `nothing` where there is no cell."""
    top, left, bottom, right = within
    codes = np.full((right - left + 1, bottom - top + 1), nothing, np.int32)
    for row, column, block in blocks:
        some = block[max(0, top - row) : max(0, bottom + 1 - row)]
        some = some[:, max(0, left - column) : max(0, right + 1 - column)]
        down, across = max(row, top) - top, max(column, left) - left
        here = codes[across : across + some.shape[1], down : down + some.shape[0]]
        here[:] = np.where(some < 0, nothing, some).T
    return codes


def columns(codes: NDArray[np.int32], values: list[Any], marks: dict[int, str]) -> list[Finished]:
    """Columns as they travel, from the codes of different cells and their values; a marked cell's value is its mark."""
    index: dict[Any, int] = {}
    keys = [(bool, value) if type(value) is bool else value for value in values]  # True equals 1
    for code, mark in marks.items():
        keys[code] = (str, mark)
    value_of = np.array([index.setdefault(key, len(index)) for key in [*keys, ""]], np.int32)
    distinct = [_distinct(key) for key in index]
    return [numbered(value_of[one], distinct) for one in codes]


def _distinct(key: Any) -> tuple[str, Any]:
    if isinstance(key, tuple):
        return plain(key[1]) if key[0] is bool else (key[1], None)
    return plain(key)


def numbered(codes: NDArray[np.int32], distinct: list[tuple[str, Any]]) -> Finished:
    """One column, its values (as they are `plain`) numbered anew as they come."""
    first = np.full(len(distinct), len(codes))
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    used = np.flatnonzero(first < len(codes))
    used = used[np.argsort(first[used])]
    number = np.zeros(len(distinct), np.int32)
    number[used] = np.arange(len(used))
    kind = "u1" if len(used) <= 1 << 8 else "u2" if len(used) <= 1 << 16 else "i4"
    return finished(
        [distinct[code] for code in used.tolist()], number[codes].astype(f"<{kind}").tobytes(), kind
    )
