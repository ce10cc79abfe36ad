"""One file read by the limited process: waiting for its turn, starting it, and saying what stopped it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from alliance_core.reading.child.limits import LIMITS, Limits
from alliance_core.reading.refusals import SAVE_AGAIN, Refusal

_CHILD = Path(__file__).parent / "child"
_LOOK_UP_EVERY = 0.5  # seconds; while a file waits, its user hears of it and may give up
_NO_MEMORY = 3  # the child's exit status where Python itself ran out of memory


class Queue:
    """Who may read now: few files at once, and of them always one place that large files cannot take.

    A file that is not large is given little computing time, so that place is soon free again: whatever two
    others have brought in, an ordinary file waits for seconds, not for the half minute that a large one may take.
    """

    def __init__(self, at_once: int = LIMITS.at_once) -> None:
        self._places = threading.BoundedSemaphore(at_once)
        self._large = threading.BoundedSemaphore(max(1, at_once - 1))

    @contextmanager
    def place(self, large: bool, waiting: Callable[[], None]) -> Iterator[None]:
        """Wait for a place and hold it; `waiting` is called again and again meanwhile, and may raise to give up."""
        with ExitStack() as held:
            for places in (self._large, self._places) if large else (self._places,):
                if not places.acquire(blocking=False):
                    waiting()
                    while not places.acquire(timeout=_LOOK_UP_EVERY):
                        waiting()
                held.callback(places.release)
            yield


def _no_words() -> None:
    """Nobody is told."""


QUEUE = Queue()


def size_of(content: bytes) -> int:
    """Bytes once unpacked; of what is no archive, or a damaged one, its own."""
    if content.startswith(b"PK"):
        try:
            with zipfile.ZipFile(BytesIO(content)) as archive:
                return sum(member.file_size for member in archive.infolist())
        except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, OSError):
            pass
    return len(content)


def _environment() -> dict[str, str]:
    # nothing of the server's own settings or secrets reaches the process that parses
    kept = {k: os.environ[k] for k in ("SYSTEMROOT", "PATH", "LD_LIBRARY_PATH") if k in os.environ}
    return kept | _SPARING


# numpy and pyarrow set aside address space for each processor, and the process has little of it
_SPARING = {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2", "ARROW_DEFAULT_MEMORY_POOL": "system"}


class _Ended(NamedTuple):
    """The exit status, negative for a signal and None where the time by the clock was over; and the output."""

    status: int | None
    output: bytes


def _started(kind: str, path: str, limits: dict[str, Any], task: str, seconds: float) -> _Ended:
    with subprocess.Popen(  # noqa: S603  # our own program, a kind of ours, a random path
        [sys.executable, "-I", "-B", str(_CHILD), kind, path, json.dumps(limits), task],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    ) as child:
        try:
            output, _ = child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            return _Ended(None, b"")
        except BaseException:
            child.kill()
            raise
    return _Ended(child.returncode, output)


def run(
    kind: str,
    path: str,
    size: int,
    limits: Limits = LIMITS,
    waiting: Callable[[], None] = _no_words,
    queue: Queue = QUEUE,
) -> bytes | Refusal:
    """The limited process's output for one file, or what stopped it. `size` is in bytes, unpacked."""
    large = size >= limits.large_from
    allowed = limits._replace(cpu=limits.cpu if large else min(limits.cpu, limits.cpu_small))._asdict()
    with queue.place(large, waiting):
        end = time.monotonic() + limits.wall
        read = _started(kind, path, allowed, "read", limits.wall)
        if read.status == 0:
            return read.output
        left = end - time.monotonic()
        if read.status is not None and left > 0:  # it failed: a second process says which limit it met
            looked = _started(kind, path, allowed, "look", left)
            if looked.status == 0 and b'"refused"' in looked.output:
                return looked.output
    return _stopped(read.status, limits.wall, allowed)


def _stopped(status: int | None, wall: float, allowed: dict[str, Any]) -> Refusal:
    memory = f"{allowed['memory'] / (1 << 30):.3g} GB"
    if status is None:
        why = f"is too large or damaged to read safely: it takes more than {wall:g} seconds, which is the limit."
    elif status == -getattr(signal, "SIGXCPU", signal.SIGTERM):
        why = f"is too large or damaged to read safely: it takes more than {allowed['cpu']} seconds of computing, which is the limit."
    elif status in (_NO_MEMORY, -signal.SIGABRT):
        why = f"is too large or damaged to read safely: it takes more than {memory} of memory, which is the limit."
    else:
        why = "is damaged in a way that stops reading."
    return Refusal("too_large_or_damaged", f"{why} {SAVE_AGAIN}")
