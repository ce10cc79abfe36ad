"""How long it takes, against python-calamine alone, in one run: python benchmarks/bench.py (or make bench).

Times on one machine mean little on another; their ratio, taken in one run, means more. The workbook is
simulated once and kept in the temporary folder. No test depends on any of this.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HOME = Path(__file__).parent.parent
sys.path.insert(0, str(HOME))

import xlsxwriter  # noqa: E402
from python_calamine import CalamineWorkbook  # noqa: E402
from streamlit.runtime.pages_manager import PagesManager  # noqa: E402
from streamlit.testing.v1 import AppTest  # noqa: E402

from alliance_core import Analysis, __version__, analyse, read_workbooks  # noqa: E402
from alliance_core.sample import Design, simulate, write_sample  # noqa: E402
from pages.parts.shell import BRING_IN, PAGES  # noqa: E402

DESIGN = Design(practitioners=50, cases=54, sessions=20)  # a little over 100,000 forms, with those missed
REPEATS = 5


def workbook() -> Path:
    """The simulated workbook, made where it is not there yet."""
    folder = Path(tempfile.gettempdir()) / f"alliance-bench-{__version__}-{xlsxwriter.__version__}"
    path = folder / "ratings.xlsx"
    if not path.exists():
        folder.mkdir(exist_ok=True)
        write_sample(simulate(DESIGN, seed=1), folder / "being-made.xlsx", "long-items")
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


def whole(path: Path) -> Analysis:
    """From the file to every table."""
    ratings, _ = read_workbooks([path])
    return analyse(ratings)


def _visit_first() -> None:
    """As on a server that somebody has visited; the test runner would meet every page bare, and run it twice."""
    made = PagesManager.__init__

    def visited(self: PagesManager, *arguments: Any, **options: Any) -> None:
        made(self, *arguments, **options)
        PagesManager.uses_pages_directory = False

    PagesManager.__init__ = visited


def page_times(path: Path) -> tuple[float, dict[str, float]]:
    """Seconds to bring the workbook in on the first page, and median seconds of a rerun of each page with it loaded."""
    _visit_first()
    app = AppTest.from_file(str(HOME / "app.py"), default_timeout=120).run()
    app.switch_page(BRING_IN.file).run()
    app.file_uploader[0].set_value((path.name, path.read_bytes(), "application/octet-stream"))
    bringing = timed(app.run)
    if "loaded" not in app.session_state:
        raise SystemExit("The first page brought nothing in.")
    times: dict[str, float] = {}
    for page in PAGES:
        app.switch_page(page.file)
        times[page.title] = statistics.median(timed(app.run) for _ in range(REPEATS))
        if app.exception:
            raise SystemExit(f"{page.title}: {app.exception[0].value}")
    return bringing, times


def main() -> None:
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
    bringing, pages = page_times(path)
    print(f"the same through the first page {bringing:6.2f} s")
    for title, seconds in pages.items():
        print(f"page with them loaded           {seconds:6.2f} s   {title} (script time, at most 1)")


if __name__ == "__main__":
    main()
