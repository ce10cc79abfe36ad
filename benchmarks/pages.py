"""How long each page takes to answer with many ratings loaded, and how much it sends: python benchmarks/pages.py (or make pages).

Script time, as Streamlit's own test runner has it: everything from the visitor's click to the last part of the page handed over, without
the browser. Every page is visited for VISITS different practitioners and cases, so that nothing can have been worked out for it before;
then the last one once more. No test depends on any of this.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

HOME = Path(__file__).parent.parent
sys.path.insert(0, str(HOME))

from streamlit.runtime.pages_manager import PagesManager  # noqa: E402
from streamlit.testing.v1 import AppTest  # noqa: E402

from alliance_core.sample import Design, simulate, write_sample  # noqa: E402
from pages.parts.shell import BRING_IN, PAGES, PageEntry  # noqa: E402

VISITS = 9
PATIENCE = 300


class Size(NamedTuple):
    """A service, and what a page may take with it, in seconds of script time at the median.

    `layout`: as items, what a file may hold at most is fewer than 5,000 cases of 20 sessions.
    """

    design: Design
    layout: str
    limit: float


class Taken(NamedTuple):
    """Seconds of script time of one page: the first visit, the median over visits to different people, and the same view once more; bytes that went to the
    browser for that, and those of the largest chart, table or text among them.
    """

    first: float
    median: float
    again: float
    sent: int
    largest: int


SIZES = (Size(Design(30, 40, 15), "long-items", 0.5), Size(Design(100, 50, 20), "long-scores", 1.0))


def as_visited_before() -> None:
    """As on a server that somebody has visited; the test runner would meet every page bare, and run it twice."""
    made = PagesManager.__init__

    def visited(self: PagesManager, *arguments: Any, **options: Any) -> None:
        made(self, *arguments, **options)
        PagesManager.uses_pages_directory = False

    PagesManager.__init__ = visited


def simulated(design: Design, layout: str) -> bytes:
    """A workbook of a simulated service."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ratings.xlsx"
        write_sample(simulate(design, seed=1), path, layout)
        return path.read_bytes()


def brought_in(name: str, content: bytes) -> tuple[AppTest, float]:
    """The app with a file loaded through the first page, and the seconds that took."""
    app = AppTest.from_file(str(HOME / "app.py"), default_timeout=PATIENCE).run()
    app.switch_page(BRING_IN.file).run()
    app.file_uploader[0].set_value((name, content, "application/octet-stream"))
    start = time.perf_counter()
    app.run()
    if "loaded" not in app.session_state:
        raise SystemExit("The first page brought nothing in.")
    return app, time.perf_counter() - start


def visit(app: AppTest, page: PageEntry, practitioner: str, client: str) -> float:
    """Seconds of one visit to a page that asks for these people, where it asks for any."""
    app.switch_page(page.file)
    app.query_params.clear()
    for name, value in (("practitioner", practitioner), ("client", client), ("for", practitioner)):
        app.query_params[name] = value
    start = time.perf_counter()
    app.run()
    taken = time.perf_counter() - start
    if app.exception:
        raise SystemExit(f"{page.title}: {app.exception[0].value}")
    return taken


def sent(app: AppTest) -> list[int]:
    """Bytes of every chart, table, text and widget that the page came to."""
    waiting: list[Any] = [app._tree]
    sizes = []
    while waiting:
        node = waiting.pop()
        waiting += getattr(node, "children", {}).values()
        sizes.append(node.proto.ByteSize() if getattr(node, "proto", None) is not None else 0)
    return sizes


def page_times(app: AppTest) -> dict[str, Taken]:
    """Script time of every page, by its name."""
    clients = app.session_state["loaded"].clients
    whose = list(clients)
    times: dict[str, Taken] = {}
    for page in PAGES:
        taken = []
        for number in range(VISITS):
            practitioner = whose[number * len(whose) // VISITS]
            taken.append(visit(app, page, practitioner, clients[practitioner][number]))
        times[page.title] = Taken(
            taken[0],
            statistics.median(taken),
            visit(app, page, practitioner, clients[practitioner][number]),
            sum(sent(app)),
            max(sent(app)),
        )
    return times


def main() -> None:
    as_visited_before()
    for size in SIZES:
        design = size.design
        app, bringing = brought_in("ratings.xlsx", simulated(design, size.layout))
        cases, sessions = design.practitioners * design.cases, design.sessions
        print(
            f"{cases:,} cases of {design.practitioners} practitioners, {sessions} sessions each: {cases * sessions:,} sessions; {VISITS} visits; at most {size.limit} s"
        )
        print(f"{'brought in':28}{bringing:6.2f} s")
        for title, taken in page_times(app).items():
            over = "   TOO LONG" if taken.median > size.limit else ""
            print(
                f"{title:28}{taken.median:6.2f} s   first {taken.first:.2f}, the same once more {taken.again:.2f}; sent {taken.sent / 1024:.0f} kiB, at most {taken.largest / 1024:.0f} in one piece{over}"
            )
        print()


if __name__ == "__main__":
    main()
