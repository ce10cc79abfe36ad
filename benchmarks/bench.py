"""How long it takes and how much memory, in one run: python benchmarks/bench.py (or make bench). Each part has a file of its own.

Times on one machine mean little on another; their ratio, taken in one run, means more. Files are
simulated once and kept in the temporary folder. No test depends on any of this.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).parent.parent
sys.path.insert(0, str(HOME))


from alliance_core import analyse  # noqa: E402
from alliance_core.measures.detectors import DETECTORS  # noqa: E402
from alliance_core.sample import Design, simulate, write_sample  # noqa: E402
from benchmarks import reading, users  # noqa: E402
from benchmarks.obvious import main as obvious_report  # noqa: E402
from benchmarks.pages import main as page_report  # noqa: E402
from benchmarks.profiled import main as profile_report  # noqa: E402

BRIEF = Design(practitioners=40, cases=30, sessions=20)
MANY_CASES = Design(practitioners=100, cases=50, sessions=20)
REPEATS = 5


def method_times() -> tuple[int, float, float]:
    """Forms of 5,000 cases of 20 sessions, and median seconds to analyse them: by the default rule alone, and by all rules."""
    ratings = simulate(MANY_CASES, seed=1).ratings
    times: dict[str, list[float]] = {"one": [], "all": []}
    for _ in range(REPEATS):
        times["one"].append(reading.timed(lambda: analyse(ratings)))
        times["all"].append(reading.timed(lambda: analyse(ratings, methods=list(DETECTORS))))
    one, every = (statistics.median(taken) for taken in times.values())
    return len(ratings.forms), one, every


def report_cost(ending: str) -> tuple[float, float, int]:
    """Seconds and peak memory (MiB) of the command report for all practitioners of BRIEF, reading included, and bytes of the report."""
    path = reading.kept("brief.xlsx", lambda path: write_sample(simulate(BRIEF, seed=1), path, "long-items"))
    out = path.with_name(f"brief.{ending}")
    command = [sys.executable, "-m", "alliance_core", "report", str(path), "--out", str(out)]
    taken = reading.timed(lambda: subprocess.run(command, cwd=HOME, check=True))  # noqa: S603 - our own command
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
    print()
    reading.main()
    forms, one, every = method_times()
    print(f"{forms:,} forms, the default rule   {one:6.2f} s")
    print(
        f"{forms:,} forms, all rules          {every:6.2f} s   {every / one:.2f} times the default alone (at most 3)"
    )
    print()
    profile_report()
    obvious_report()
    print()
    page_report()
    print()
    users.main()
    # in a process of its own: workers begin with what the main program was, and Streamlit's test runner has put the app there
    engines = Path(__file__).with_name("engines.py")
    sys.stdout.flush()
    subprocess.run([sys.executable, str(engines)], cwd=HOME, check=True)  # noqa: S603 - our own program


if __name__ == "__main__":
    main()
