"""What one file may hold and cost: every limit in one place, with its unit and its reason."""

from __future__ import annotations

from typing import Any, NamedTuple


class Limits(NamedTuple):
    """The most that one file may hold, and take while it is read; `WHY` has the unit and reason of each."""

    file: int = 200 << 20
    members: int = 3_000
    unpacked: int = 800 << 20
    member: int = 700 << 20
    whole: int = 200 << 20
    ratio: int = 200
    ratio_from: int = 4 << 20
    sheets: int = 200
    cells: int = 25_000_000
    whole_cells: int = 3_000_000
    columns: int = 1_024
    area: int = 30_000_000
    whole_area: int = 5_000_000
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
    "member": ("bytes", "one part: a sheet with as many rows as one may have unpacks to less"),
    "whole": (
        "bytes",
        "all parts together, where calamine has to read the file as a whole: .xlsb, .ods, and an .xlsx in an unusual manner",
    ),
    "ratio": (
        "times",
        "unpacked to packed; real sheets of ratings reach about 20, and 100 where all is alike",
    ),
    "ratio_from": ("bytes", "smaller parts may compress as they like"),
    "sheets": ("sheets", "a sheet for each of 200 practitioners or cases"),
    "cells": (
        "cells",
        "written in all sheets, formatted empty ones included: a million forms of 20 columns, and some beside them",
    ),
    "whole_cells": (
        "cells",
        "the same where calamine reads the file as a whole, which takes 100 bytes a cell",
    ),
    "columns": ("columns", "from the first to the last with a value; one stray cell far right spans 16,384"),
    "area": (
        "cells",
        "the filled rectangle from the first to the last value: readers keep all of it in memory",
    ),
    "whole_area": ("cells", "the same where calamine reads the file as a whole"),
    "memory": (
        "bytes",
        "address space of the process that reads; real workbooks of 100,000 forms take a third",
    ),
    "cpu": ("seconds", "computing time; a million forms take about four"),
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
MOST_LETTERS = 32_767  # of a text in Parquet: as many as a spreadsheet's cell holds
# What is brought in on the page where memory is short: the ratings of everybody who is there are in the server's memory at the same time.
UPLOAD = LIMITS._replace(
    unpacked=LIMITS.whole, member=150 << 20, cells=LIMITS.whole_cells, area=LIMITS.whole_area
)
TO_SPARE = (
    4 << 30
)  # bytes that have to be free before a larger file is read there: a million forms take 1.5 GB until they are pages


def as_a_whole(limits: dict[str, Any]) -> dict[str, Any]:
    """The limits that hold where calamine reads the file as a whole."""
    cells, area = (min(limits[name], limits[f"whole_{name}"]) for name in ("cells", "area"))
    return {**limits, "cells": cells, "area": area}


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
