"""Blocks of a text cut by two threads, each with slices of its own; numpy lets both work at the same time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from .blocks import Block
from .look import NotPlainError
from .slices import Slices, TooManyError

_WAITING = 6  # blocks that are being cut, or wait for it: so much is in memory


class Part(NamedTuple):
    """What a block of text gave; `about` is for whoever puts the parts together."""

    block: Block
    about: Any


class Joined(NamedTuple):
    """The blocks in their order, and the different slices that their codes stand for."""

    blocks: list[Block]
    texts: list[bytes]


def cut_side_by_side(
    texts: Iterable[bytes], cut: Callable[[bytes, Slices], Part], done: Callable[[Part], None], most: int
) -> Joined:
    """Cut each text into the codes of its cells; `done` is told of each part, in order, and may raise to stop.

    NotPlainError where there are more than `most` different slices.
    """
    own = (Slices(most), Slices(most))
    found: list[Block] = []
    waiting: deque[Future[Part]] = deque()

    def finish() -> None:
        part = waiting.popleft().result()
        done(part)
        found.append(part.block)

    with ThreadPoolExecutor(1) as first, ThreadPoolExecutor(1) as second:
        try:
            for number, text in enumerate(texts):
                waiting.append((first, second)[number % 2].submit(cut, text, own[number % 2]))
                if len(waiting) > _WAITING:
                    finish()
            while waiting:
                finish()
        except TooManyError as error:
            raise NotPlainError from error
    return _joined(found, own)


def _joined(found: list[Block], own: tuple[Slices, Slices]) -> Joined:
    """The blocks with one numbering: every second one's codes stand for slices that the other thread has numbered anew."""
    index = {text: code for code, text in enumerate(own[0].texts())}
    number = [index.setdefault(text, len(index)) for text in own[1].texts()]
    anew = np.array([*number, -1], np.int32)  # -1, which is no cell, stays
    blocks = [block._replace(codes=anew[block.codes]) if at % 2 else block for at, block in enumerate(found)]
    return Joined(blocks, list(index))
