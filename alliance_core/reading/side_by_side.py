"""Several files read two at a time, each in a limited process of its own, and what is told meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_AT_ONCE = 2
_LOOK_UP_EVERY = 0.1  # seconds; while a file waits, its user hears of it and may give up

T = TypeVar("T")
R = TypeVar("R")


class _GivenUpError(Exception):
    """The user has gone; nobody waits for this file any more."""


def read_each(
    files: Sequence[T], read: Callable[[T, Callable[[], None]], R], tell: Callable[[int, bool], None]
) -> Iterator[R]:
    """What `read` makes of each file, in their order. `read` gets a function to be called while the file waits for its turn.

    `tell` is called here, never in another thread, with a file's number and whether it waits, and may raise to give up.
    """
    if len(files) == 1:
        tell(0, False)
        yield read(files[0], lambda: tell(0, True))
        return
    gone = threading.Event()
    waits = [threading.Event() for _ in files]

    def one(number: int) -> R:
        def waiting() -> None:
            if gone.is_set():
                raise _GivenUpError
            waits[number].set()

        return read(files[number], waiting)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = [pool.submit(one, number) for number in range(len(files))]
        try:
            for number, future in enumerate(found):
                tell(number, False)
                while not _done(future):
                    if waits[number].is_set():
                        waits[number].clear()
                        tell(number, True)
                yield future.result()
        finally:
            gone.set()
            pool.shutdown(cancel_futures=True)


def _done(future: Future[R]) -> bool:
    """Whether it is done, after a moment."""
    try:
        future.exception(_LOOK_UP_EVERY)
    except TimeoutError:
        return False
    return True
