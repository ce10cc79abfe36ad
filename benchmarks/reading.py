"""What reading costs: python benchmarks/reading.py (or make bench, which prints these lines too).

A workbook of a little over 100,000 forms in 20 columns, and one that holds markers, cases, tasks and goals besides, are read bare by python-calamine and by fastexcel, every cell of every sheet, and as
we read them, all checks and the limited process included; then a million forms from each kind of file that holds so many. The
files are simulated once and kept in the temporary folder. Times on one machine mean little on another; their ratio, taken in
one run, means more. No test depends on any of this.
"""

from __future__ import annotations

import logging
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
if str(HOME) not in sys.path:
    sys.path.insert(0, str(HOME))

import fastexcel  # noqa: E402
import openpyxl  # noqa: E402
import pandas as pd  # noqa: E402
import xlsxwriter  # noqa: E402
from python_calamine import CalamineWorkbook  # noqa: E402

from alliance_core import Analysis, __version__, analyse, read_workbooks  # noqa: E402
from alliance_core.reading import guard, sheets  # noqa: E402
from alliance_core.reports import headings  # noqa: E402
from alliance_core.reports.sheets_out import write_workbook  # noqa: E402
from alliance_core.sample import Design, Simulation, simulate  # noqa: E402
from alliance_core.sample.layouts import arranged  # noqa: E402

logging.getLogger("fastexcel").setLevel(logging.ERROR)  # columns of numbers and texts are no news
DESIGNS = {  # by about how many forms there are, with those missed
    "1,000": Design(practitioners=3, cases=9, sessions=20),
    "100,000": Design(practitioners=50, cases=54, sessions=20),
    "1,000,000": Design(practitioners=500, cases=54, sessions=20),
}
A_SHEET = 500_000  # forms
REPEATS = 5
# what a process of its own does with the file that it is told, and what it says: seconds to read and to analyse, MiB of
# the forms, before reading, at most by then, and at most in the end
_MEASURED = """
import pathlib, re, resource, sys, time
from alliance_core import analyse, read_workbooks
def most():
    status = pathlib.Path("/proc/self/status")
    if status.exists():  # since this program began; the other counts what its parent was when it started this one, too
        return int(re.search(r"VmHWM:\\s*(\\d+)", status.read_text()).group(1)) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before, start = most(), time.perf_counter()
ratings, _ = read_workbooks([sys.argv[1]])
read, so_far = time.perf_counter() - start, most()
start = time.perf_counter()
analyse(ratings)
size = ratings.forms.memory_usage(index=False, deep=True).sum() / 2**20
print(len(ratings.forms), read, time.perf_counter() - start, size, before, so_far, most())
"""


def kept(name: str, make: Callable[[Path], None]) -> Path:
    """A simulated file, made where it is not there yet."""
    folder = Path(tempfile.gettempdir()) / f"alliance-bench-{__version__}-{xlsxwriter.__version__}"
    path = folder / name
    if not path.exists():
        folder.mkdir(exist_ok=True)
        made = folder / f"being-made-{name}"
        make(made)
        made.rename(path)
    return path


def ratings_of(made: Simulation) -> pd.DataFrame:
    """The forms as an export of 20 columns has them: whose they are, the items, the instrument and its range."""
    every = arranged(made, "long-items")["Ratings"]
    return every.assign(**{"Instrument": "wai-sr", "Lowest mark": 1, "Highest mark": 5})


def export(forms: str, ending: str) -> Path:
    """About so many forms (one of DESIGNS) in 20 columns; a workbook has a million of them in two sheets."""

    def make(path: Path) -> None:
        every = ratings_of(simulate(DESIGNS[forms], seed=1)).head(1_000_000)
        if ending == "parquet":
            every.to_parquet(path, index=False)
        elif ending == "csv":
            every.to_csv(path, index=False, date_format="%Y-%m-%d", float_format="%.15g")
        elif len(every) < A_SHEET:
            write_workbook(path, {"Ratings": every})
        else:
            _several_sheets(every, path)

    return kept(f"forms-{forms}.{ending}", make)


def _several_sheets(every: pd.DataFrame, path: Path) -> None:
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(str(path), options) as book:
        for first in range(0, len(every), A_SHEET):
            part = every.iloc[first : first + A_SHEET]
            sheet = book.add_worksheet(f"Ratings {first // A_SHEET + 1}")
            sheet.write_row(0, 0, list(part.columns))
            for number, row in enumerate(part.astype(object).itertuples(index=False), 1):
                sheet.write_row(number, 0, [None if pd.isna(value) else value for value in row])


def all_sheets() -> Path:
    """The workbook of 100,000 forms, and with them markers, cases, tasks and goals."""

    def make(path: Path) -> None:
        made = simulate(DESIGNS["100,000"], seed=1)
        beside = {
            "markers": made.markers.rename(columns=headings.MARKERS),
            "cases": made.cases.drop(columns="ended").rename(columns=headings.CASES),
            "tasks": made.tasks.rename(columns=headings.TASKS),
            "goals": made.goals.rename(columns=headings.GOALS),
        }
        write_workbook(path, {"Ratings": ratings_of(made), **beside})

    return kept("all-sheets.xlsx", make)


def timed(what: Callable[[], Any]) -> float:
    """Seconds of one run."""
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


def calamine_alone(path: Path) -> int:
    """Every cell of every sheet, as the library alone gives them; the number of rows."""
    book = CalamineWorkbook.from_path(str(path))
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def fastexcel_alone(path: Path) -> int:
    """The same by fastexcel, in the faster of its two ways; the number of rows."""
    book = fastexcel.read_excel(str(path))
    return sum(book.load_sheet_eager(name).num_rows for name in book.sheet_names)


def openpyxl_alone(path: Path) -> int:
    """The same by openpyxl's faster way of reading; the number of rows."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    return sum(1 for sheet in book.worksheets for _ in sheet.iter_rows(values_only=True))


def whole(path: Path) -> Analysis:
    """From the file to every table."""
    ratings, _ = read_workbooks([path])
    return analyse(ratings)


def guard_times(path: Path) -> tuple[float, float]:
    """Least seconds of the guard's parts: its look at the archive, and starting the limited process.

    What calamine hides is found while the cells are cut apart, and costs nothing that could be told from it.
    """
    content = path.read_bytes()
    archive = min(timed(lambda: guard.look(content)) for _ in range(REPEATS))
    start = min(timed(lambda: sheets.read_sheets("x.csv", b"a\n1\n", "text")) for _ in range(REPEATS))
    return archive, start


def print_workbook(path: Path, what_it_holds: str, limit: str) -> None:
    """Bare reading, our reading and the whole of it, of one workbook, in turns: what else the machine does falls on all alike."""
    runs: dict[str, Callable[[], Any]] = {
        "python-calamine": partial(calamine_alone, path),
        "fastexcel": partial(fastexcel_alone, path),
        "read": partial(read_workbooks, [path]),
        "whole": partial(whole, path),
    }
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(REPEATS):
        for name, what in runs.items():
            times[name].append(timed(what))
    median = {name: statistics.median(taken) for name, taken in times.items()}
    bare = min(median["python-calamine"], median["fastexcel"])
    ratings, problems = read_workbooks([path])
    print(
        f"{len(ratings.forms):,} forms, 20 columns{what_it_holds}; medians of {REPEATS} runs; {len(problems)} problems"
    )
    for name in ("python-calamine", "fastexcel"):
        print(f"{name + ' alone, read':<32}{median[name]:6.2f} s")
    for name, words, most in (("read", "read with checks", ""), ("whole", "read and analyse", limit)):
        print(
            f"{words:<32}{median[name]:6.2f} s   {median[name] / bare:.2f} times the faster of the two{most}"
        )


def print_beside(path: Path) -> None:
    """What openpyxl takes for the same workbook, and what the guard does."""
    ours, slow = timed(lambda: read_workbooks([path])), timed(lambda: openpyxl_alone(path))
    print(f"{'openpyxl alone, read':<32}{slow:6.2f} s   {ours / slow:.2f} of it is what our reading takes")
    archive, start = guard_times(path)
    parts = f"{archive:.3f} archive, {start:.3f} limited process"
    print(f"{'the cost of the guard':<32}{archive + start:6.2f} s   of that: {parts} (at most 0.30)")


def print_million() -> None:
    """A million forms from each kind of file, in a process of its own."""
    print("\nA million forms, 20 columns, each in a process of its own:")
    for ending in ("parquet", "csv", "xlsx"):
        command = [sys.executable, "-c", _MEASURED, str(export("1,000,000", ending))]
        told = subprocess.run(command, cwd=HOME, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own program
        forms, read, analysed, size, before, so_far, most = map(float, told.split())
        print(
            f".{ending:<8} read {read:6.2f} s, analysed {analysed:6.2f} s; peak memory {so_far:,.0f} MiB when read, {most:,.0f} MiB in the end"
            f" (at most 2,048), {(most - before) / size:.1f} times the {forms:,.0f} tidy forms of {size:,.0f} MiB (at most 4)"
        )


def main() -> None:
    forms = export("100,000", "xlsx")
    print_workbook(forms, "", " (at most 1.5)")
    print_beside(forms)
    print()
    print_workbook(all_sheets(), ", and markers, cases, tasks and goals on sheets of their own", "")
    print_million()


if __name__ == "__main__":
    main()
