"""Two pieces of work at the same time, on two cores: numpy, scipy and pyarrow let go of the interpreter while they work on long arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

First = TypeVar("First")
Second = TypeVar("Second")

_alone: ContextVar[bool] = ContextVar("alone", default=False)


@contextmanager
def one_thread() -> Iterator[None]:
    """No second core for what is done in this block: where all cores have work already, threads only wait for each other."""
    before = _alone.set(True)
    try:
        yield
    finally:
        _alone.reset(before)


def both(first: Callable[[], First], second: Callable[[], Second]) -> tuple[First, Second]:
    """What two functions give that do not need each other and change nothing. The second is the one that needs more memory: what is freed beside comes back later.

    >>> both(lambda: 1, lambda: 2)
    (1, 2)
    """
    if _alone.get():
        return first(), second()
    with ThreadPoolExecutor(max_workers=1) as beside:
        later = beside.submit(first)
        try:
            here = second()
        except BaseException:
            later.result()
            raise
        return later.result(), here
