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
from streamlit.testing.v1 import AppTest  # noqa: E402

from alliance_core import Analysis, __version__, analyse, read_workbooks  # noqa: E402
from alliance_core.sample import Design, simulate, write_sample  # noqa: E402
from pages.parts.shell import BRING_IN, PAGES  # noqa: E402

DESIGN = Design(practitioners=50, cases=54, sessions=20)  # a little over 100,000 forms, with those missed
REPEATS = 3


def workbook() -> Path:
    """The simulated workbook, made where it is not there yet."""
    folder = Path(tempfile.gettempdir()) / f"alliance-bench-{__version__}-{xlsxwriter.__version__}"
    path = folder / "ratings.xlsx"
    if not path.exists():
        folder.mkdir(exist_ok=True)
        write_sample(simulate(DESIGN, seed=1), folder / "being-made.xlsx", "long-items")
        (folder / "being-made.xlsx").rename(path)
    return path


def median_time(what: Callable[[], Any]) -> tuple[float, Any]:
    """Median seconds of a few runs, and the last result."""
    times: list[float] = []
    result: Any = None
    for _ in range(REPEATS):
        start = time.perf_counter()
        result = what()
        times.append(time.perf_counter() - start)
    return statistics.median(times), result


def calamine_alone(path: Path) -> int:
    """Every cell of every sheet, as the library alone gives them; the number of rows."""
    book = CalamineWorkbook.from_path(str(path))
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def whole_analysis(path: Path) -> Analysis:
    ratings, _ = read_workbooks([path])
    return analyse(ratings)


def page_times(path: Path) -> tuple[float, dict[str, float]]:
    """Seconds to bring the workbook in on the first page, and median seconds of a rerun of each page with it loaded."""
    app = AppTest.from_file(str(HOME / "app.py"), default_timeout=120).run()
    app.switch_page(BRING_IN.file).run()
    app.file_uploader[0].set_value((path.name, path.read_bytes(), "application/octet-stream"))
    start = time.perf_counter()
    app.run()
    bringing = time.perf_counter() - start
    if "loaded" not in app.session_state:
        raise SystemExit("The first page brought nothing in.")
    times: dict[str, float] = {}
    for page in PAGES:
        app.switch_page(page.file)
        seconds, _ = median_time(app.run)
        if app.exception:
            raise SystemExit(f"{page.title}: {app.exception[0].value}")
        times[page.title] = seconds
    return bringing, times


def main() -> None:
    path = workbook()
    alone, _ = median_time(lambda: calamine_alone(path))
    reading, (ratings, problems) = median_time(lambda: read_workbooks([path]))
    whole, _ = median_time(lambda: whole_analysis(path))
    print(f"{len(ratings.forms):,} forms; medians of {REPEATS} runs; {len(problems)} problems")
    print(f"python-calamine alone, read     {alone:6.2f} s")
    print(f"read with checks                {reading:6.2f} s   {reading / alone:.2f} times calamine alone")
    print(
        f"read and analyse                {whole:6.2f} s   {whole / alone:.2f} times calamine alone (at most 2)"
    )

    bringing, pages = page_times(path)
    print(f"the same through the first page {bringing:6.2f} s")
    for title, seconds in pages.items():
        print(f"page with them loaded           {seconds:6.2f} s   {title} (script time, at most 1)")


if __name__ == "__main__":
    main()
