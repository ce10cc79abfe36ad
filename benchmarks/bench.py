"""How long it takes, against python-calamine and openpyxl alone, in one run: python benchmarks/bench.py (or make bench).

Times on one machine mean little on another; their ratio, taken in one run, means more. The workbook is
simulated once and kept in the temporary folder. No test depends on any of this.
"""

from __future__ import annotations

import io
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

HOME = Path(__file__).parent.parent
sys.path.insert(0, str(HOME))

import openpyxl  # noqa: E402
import xlsxwriter  # noqa: E402
from python_calamine import CalamineWorkbook  # noqa: E402

from alliance_core import Analysis, __version__, analyse, read_workbooks  # noqa: E402
from alliance_core.measures.detectors import DETECTORS  # noqa: E402
from alliance_core.reading import guard  # noqa: E402
from alliance_core.reading.child import encode, workbooks  # noqa: E402
from alliance_core.reading.child.limits import LIMITS  # noqa: E402
from alliance_core.reading.sheets import read_sheets  # noqa: E402
from alliance_core.sample import Design, simulate, write_sample  # noqa: E402
from benchmarks.pages import main as page_report  # noqa: E402

DESIGN = Design(practitioners=50, cases=54, sessions=20)  # a little over 100,000 forms, with those missed
BRIEF = Design(practitioners=40, cases=30, sessions=20)
MANY_CASES = Design(practitioners=100, cases=50, sessions=20)
REPEATS = 5


def workbook(design: Design = DESIGN, name: str = "ratings.xlsx") -> Path:
    """The simulated workbook, made where it is not there yet."""
    folder = Path(tempfile.gettempdir()) / f"alliance-bench-{__version__}-{xlsxwriter.__version__}"
    path = folder / name
    if not path.exists():
        folder.mkdir(exist_ok=True)
        write_sample(simulate(design, seed=1), folder / "being-made.xlsx", "long-items")
        (folder / "being-made.xlsx").rename(path)
    return path


def timed(what: Callable[[], Any]) -> float:
    """Seconds of one run."""
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


def calamine_alone(path: Path) -> int:
    """Every cell of every sheet, as the library alone gives them; the number of rows."""
    book = CalamineWorkbook.from_path(str(path))
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def openpyxl_alone(path: Path) -> int:
    """Every cell of every sheet, by openpyxl's faster way of reading; the number of rows."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    return sum(1 for sheet in book.worksheets for _ in sheet.iter_rows(values_only=True))


def guard_times(path: Path) -> tuple[float, float, float]:
    """Least seconds of the guard's parts: its look at the archive, starting the limited process, the look inside.

    The last is how much longer the same reading takes with the look beside it than without: a small difference
    of two long times, so the least of each is taken, which other work on the machine disturbs least.
    """
    content = path.read_bytes()
    archive = min(timed(lambda: guard.look(content)) for _ in range(REPEATS))
    start = min(timed(lambda: read_sheets("x.csv", b"a\n1\n", "text")) for _ in range(REPEATS))
    times: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(REPEATS):
        for beside, taken in times.items():
            taken.append(timed(partial(_read_in_process, path, beside)))
    return archive, start, max(0.0, min(times[True]) - min(times[False]))


def _read_in_process(path: Path, beside: bool) -> None:
    """What the limited process does with a workbook, here; with or without the look beside it."""
    kind = "xlsx" if beside else "another kind, which is not looked into"
    out = io.BytesIO()
    for rows, about in workbooks.sheets(str(path), kind, LIMITS._asdict()):
        encode.write(out, rows, about)


def whole(path: Path) -> Analysis:
    """From the file to every table."""
    ratings, _ = read_workbooks([path])
    return analyse(ratings)


def method_times() -> tuple[int, float, float]:
    """Forms of 5,000 cases of 20 sessions, and median seconds to analyse them: by the default rule alone, and by all rules."""
    ratings = simulate(MANY_CASES, seed=1).ratings
    times: dict[str, list[float]] = {"one": [], "all": []}
    for _ in range(REPEATS):
        times["one"].append(timed(lambda: analyse(ratings)))
        times["all"].append(timed(lambda: analyse(ratings, methods=list(DETECTORS))))
    one, every = (statistics.median(taken) for taken in times.values())
    return len(ratings.forms), one, every


def report_cost(ending: str) -> tuple[float, float, int]:
    """Seconds and peak memory (MiB) of the command report for all practitioners of BRIEF, reading included, and bytes of the report."""
    path = workbook(BRIEF, "brief.xlsx")
    out = path.with_name(f"brief.{ending}")
    command = [sys.executable, "-m", "alliance_core", "report", str(path), "--out", str(out)]
    taken = timed(lambda: subprocess.run(command, cwd=HOME, check=True))  # noqa: S603 - our own command
    return taken, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, out.stat().st_size


def print_reports() -> None:
    """What the supervision brief costs, as a whole command."""
    print(f"\nThe command report, {BRIEF.practitioners} practitioners × {BRIEF.cases} clients:")
    for ending in ("pdf", "html"):
        taken, peak, size = report_cost(ending)
        print(
            f"supervision brief, .{ending:<12}{taken:6.2f} s   peak memory {peak:,.0f} MiB, {size / 2**20:.1f} MiB written (at most 30 s, 1,024 MiB)"
        )


def main() -> None:
    print_reports()  # first: peak memory is that of the largest process so far
    path = workbook()
    runs = {
        "alone": lambda: calamine_alone(path),
        "read": lambda: read_workbooks([path]),
        "whole": lambda: whole(path),
    }
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(REPEATS):  # in turns, so that whatever else the machine does falls on all alike
        for name, what in runs.items():
            times[name].append(timed(what))
    alone, reading, both = (statistics.median(times[name]) for name in runs)
    ratings, problems = read_workbooks([path])
    print(f"{len(ratings.forms):,} forms; medians of {REPEATS} runs; {len(problems)} problems")
    print(f"python-calamine alone, read     {alone:6.2f} s")
    print(f"read with checks                {reading:6.2f} s   {reading / alone:.2f} times calamine alone")
    print(
        f"read and analyse                {both:6.2f} s   {both / alone:.2f} times calamine alone (at most 2)"
    )
    slow = timed(lambda: openpyxl_alone(path))
    print(
        f"openpyxl alone, read            {slow:6.2f} s   {reading / slow:.2f} of it is what our reading takes"
    )
    archive, start, inside = guard_times(path)
    guarded = archive + start + inside
    parts = f"{archive:.3f} archive, {start:.3f} limited process, {inside:.3f} look inside"
    print(f"the guard's cost                {guarded:6.2f} s   of that: {parts} (at most 0.30)")
    forms, one, every = method_times()
    print(f"{forms:,} forms, the default rule   {one:6.2f} s")
    print(
        f"{forms:,} forms, all rules          {every:6.2f} s   {every / one:.2f} times the default alone (at most 3)"
    )
    print()
    page_report()


if __name__ == "__main__":
    main()
