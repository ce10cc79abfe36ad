"""What one file may hold and cost: every limit in one place, with its unit and its reason."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """The most that one file may hold, and take while it is read; `WHY` has the unit and reason of each."""

    file: int = 200 << 20
    members: int = 3_000
    unpacked: int = 200 << 20
    member: int = 150 << 20
    ratio: int = 200
    ratio_from: int = 4 << 20
    sheets: int = 200
    cells: int = 3_000_000
    columns: int = 1_024
    area: int = 5_000_000
    memory: int = 1 << 30
    cpu: int = 20
    cpu_small: int = 6
    large_from: int = 16 << 20
    wall: float = 28.0
    at_once: int = 2


WHY = {
    "file": ("bytes", "more than any export of ratings; it has to fit into memory several times"),
    "members": ("parts", "an archive of many thousand parts is slow to list"),
    "unpacked": ("bytes", "all parts together: what unpacks to more is a bomb"),
    "member": ("bytes", "one part: half a million forms of twelve items unpack to less"),
    "ratio": (
        "times",
        "unpacked to packed; real sheets of ratings reach about 20, and 100 where all is alike",
    ),
    "ratio_from": ("bytes", "smaller parts may compress as they like"),
    "sheets": ("sheets", "a sheet for each of 200 practitioners or cases"),
    "cells": ("cells", "written in all sheets, formatted empty ones included: each takes time and memory"),
    "columns": ("columns", "from the first to the last with a value; one stray cell far right spans 16,384"),
    "area": (
        "cells",
        "the filled rectangle from the first to the last value: readers keep all of it in memory",
    ),
    "memory": (
        "bytes",
        "address space of the process that reads; real workbooks of 100,000 forms take a third",
    ),
    "cpu": ("seconds", "computing time; 100,000 forms take two"),
    "cpu_small": ("seconds", "computing time of a file that is not large: it takes far under one"),
    "large_from": (
        "bytes",
        "unpacked; from here on a file is large, and only one large file is read at once",
    ),
    "wall": ("seconds", "by the clock, so that a stopped process too is given up within half a minute"),
    "at_once": (
        "files",
        "read at the same time by all users; more of them would take more memory than a small server has",
    ),
}
LIMITS = Limits()


def apply(memory: int = LIMITS.memory, cpu: int = LIMITS.cpu) -> None:
    """Limit this process. Where the system has no such limits (Windows), the wall clock remains."""
    try:
        import resource
    except ImportError:
        return
    for which, value, more in (
        (resource.RLIMIT_AS, memory, 0),
        (
            resource.RLIMIT_CPU,
            cpu,
            1,
        ),  # the soft limit's signal says which limit it was, the hard one's does not
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        _, hard = resource.getrlimit(which)
        high = value + more if hard == resource.RLIM_INFINITY else min(value + more, hard)
        resource.setrlimit(which, (min(value, high), high))
