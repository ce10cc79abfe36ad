"""What an analysis in parts costs: python benchmarks/engines.py (make bench calls it). Smaller, for trying: python benchmarks/engines.py --sessions 1000000

Simulated ratings are made part by part, whole columns at a time, and kept in the temporary folder; so no process ever holds all of them. Workers have one thread each. No test depends on any of this.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

HOME = Path(__file__).parent.parent
sys.path.insert(0, str(HOME))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

from alliance_core import __version__, analyse  # noqa: E402
from alliance_core.engines import cluster, running, tidy, work, writing  # noqa: E402
from alliance_core.engines.workers import Workers  # noqa: E402
from alliance_core.measures import chance  # noqa: E402
from alliance_core.reading import ReadingChoices  # noqa: E402
from alliance_core.settings import Settings  # noqa: E402
from alliance_core.tables import Ratings  # noqa: E402

SESSIONS = 10_000_000
A_PART = 100_000  # sessions of a file: two forms each
LONGEST = 20  # sessions of a case, from 4 on
CASES_EACH = 60  # of a practitioner
AGREED = 150_000  # sessions on which the engines are compared number by number
SIZES = (100_000, 1_000_000, 10_000_000)  # forms
FASTER = 1.6


def part_of(number: int, sessions: int) -> pd.DataFrame:
    """Tidy forms of so many sessions of whole cases, both raters of each but for one in twenty: levels that differ, ratings that wander, one case in three with a fall."""
    rng = np.random.default_rng([7, number])
    length = rng.integers(4, LONGEST + 1, size=sessions // 8 + 1)
    length = length[: int(np.searchsorted(np.cumsum(length), sessions)) + 1]
    length[-1] -= length.sum() - sessions
    case = np.repeat(np.arange(len(length)), length)
    session = np.arange(sessions) - np.repeat(np.cumsum(length) - length, length) + 1
    level = rng.normal(3.9, 0.5, len(length))
    fallen = (rng.random(len(length)) < 1 / 3) * rng.normal(0.9, 0.2, len(length))
    since = session - np.minimum(rng.integers(3, LONGEST, len(length)), length)[case]
    true = level[case] - np.where((since >= 0) & (since < 3), fallen[case], 0.0)
    day = np.datetime64("2021-01-04", "D") + rng.integers(0, 1400, len(length))[case] + 7 * session
    who = (number * 100_000 + case) // CASES_EACH
    columns: dict[str, Any] = {
        "practitioner": np.char.add("P", np.char.zfill(who.astype(str), 6)),
        "client": np.char.add("C-", np.char.zfill(case.astype(str), 6)),
        "session": session,
        "date": day.astype("datetime64[us]"),
    }
    sides = []
    for rater, above in (("client", 0.0), ("practitioner", -0.2)):
        facets = {
            facet: np.clip(np.round(4 * (true + above + rng.normal(0, 0.35, sessions))) / 4, 1, 5)
            for facet in ("goal", "task", "bond")
        }
        there = rng.random(sessions) >= 0.05
        sides.append(pd.DataFrame({**columns, "rater": rater, **facets})[there])
    both = pd.concat(sides, ignore_index=True)
    return both.assign(instrument="facets", range_min=1.0, range_max=5.0)


def dataset(sessions: int) -> Path:
    """The simulated dataset, made where it is not there yet: files of up to A_PART sessions, of a small one fewer."""
    folder = Path(tempfile.gettempdir()) / f"alliance-bench-{__version__}" / f"sessions-{sessions}"
    each = min(A_PART, max(A_PART // 10, sessions // 16))
    if not folder.exists():
        making = folder.with_name(f"being-made-{os.getpid()}")
        making.mkdir(mode=0o700, parents=True)
        for number, start in enumerate(range(0, sessions, each)):
            part = part_of(number, min(each, sessions - start))
            rows = pa.Table.from_pandas(part, preserve_index=False)
            pq.write_table(rows, making / f"part-{number:05}.parquet")
        making.rename(folder)
    return folder


def forms_of(folder: Path) -> pd.DataFrame:
    """All of a dataset's forms."""
    files = tidy.tidy_files(folder) or []
    return pd.concat([tidy.read_tidy(file, tidy.Stated())[0] for file in files], ignore_index=True)


def in_one(folder: Path) -> tuple[int, float, float]:
    """Forms, seconds and peak memory (MiB) of pandas in one process: read, analyse, write the tables that an engine writes."""
    command = [sys.executable, __file__, "--pandas", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode:
        return 0, np.nan, np.nan
    forms, seconds, peak = done.stdout.split()
    return int(forms), float(seconds), float(peak)


def _pandas(folder: Path) -> None:
    """In a process of its own, with no more memory than the machine has free."""
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (free, free))
    start = time.perf_counter()
    forms = forms_of(folder)
    found = analyse(Ratings(forms=forms))
    with tempfile.TemporaryDirectory() as out:
        for table in work.WRITTEN:
            work.write_part(getattr(found, table.name), table, Path(out), 0)
    taken = time.perf_counter() - start
    print(len(forms), taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


class DiesOnce:
    """Workers of whom one is killed in the middle of the second step, while it has a part in hand."""

    def __init__(self, workers: Workers, flag: Path) -> None:
        self._workers, self._flag = workers, str(flag)

    def each(self, function: Callable[..., Any], items: Sequence[tuple[Any, ...]], *same: Any) -> list[Any]:
        if function is not work.measure:
            return self._workers.each(function, items, *same)
        marked = [
            (number == len(items) // 2, self._flag, function, *item) for number, item in enumerate(items)
        ]
        return self._workers.each(dies_once, marked, *same)


def dies_once(here: bool, flag: str, function: Callable[..., Any], *arguments: Any) -> Any:
    """The function; but the first process that comes here is killed."""
    if here and not Path(flag).exists():
        Path(flag).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return function(*arguments)


class Timed(NamedTuple):
    """A run of the engine: seconds with and without starting and ending the workers, and what came of it."""

    seconds: float
    working: float
    found: running.Run


def by_dask(folder: Path, out: Path, workers: int, *, killed: bool = False) -> Timed:
    start = time.perf_counter()
    with cluster.dask_workers(count=workers) as those:
        begun = time.perf_counter()
        used = DiesOnce(those, out.with_name(f"{out.name}-killed")) if killed else those
        found = running.run([folder], out, ReadingChoices(), Settings(), [Settings().detection.method], used)
        ended = time.perf_counter()
    return Timed(time.perf_counter() - start, ended - begun, found)


def differences(found: running.Run, out: Path, forms: pd.DataFrame) -> dict[str, float]:
    """By table, the largest difference of a number between the engines; infinite where keys, words or what is missing differ."""
    alone = analyse(Ratings(forms=forms))
    told = chance.by_chance(alone.of_clients, alone.courses, alone.method, alone.settings).of()
    assert told is not None  # noqa: S101 - clients rated
    pairs = {table.name: (getattr(alone, table.name), writing.whole(out, table)) for table in work.WRITTEN}
    pairs |= {
        name: (getattr(alone, name), getattr(found, name))
        for name in ("practitioners", "caseloads", "service", "noise")
    }
    pairs["chance"] = (pd.DataFrame([told._asdict()]), found.chance)
    return {name: _difference(*both) for name, both in pairs.items()}


def _difference(one: pd.DataFrame, other: pd.DataFrame) -> float:
    if one.shape != other.shape or list(one.columns) != list(other.columns):
        return np.inf
    largest = 0.0
    for name in one:
        if pd.api.types.is_numeric_dtype(one[name].dtype):
            mine, theirs = (frame[name].astype("float64").to_numpy() for frame in (one, other))
            if (np.isnan(mine) != np.isnan(theirs)).any():
                return np.inf
            largest = max(largest, float(np.nanmax(np.abs(mine - theirs), initial=0.0)))
        elif (
            not one[name]
            .reset_index(drop=True)
            .astype(object)
            .fillna("")
            .equals(other[name].astype(object).fillna(""))
        ):
            return np.inf
    return largest


def same_run(one: running.Run, other: running.Run) -> bool:
    """Whether two runs of the engine wrote as much and found the very same."""
    frames = ("practitioners", "caseloads", "service", "noise", "chance")
    return one.rows == other.rows and one.forms == other.forms and all(
        getattr(one, name).equals(getattr(other, name)) for name in frames
    )  # fmt: skip


def print_agreement(home: Path) -> None:
    folder = dataset(AGREED)
    found = by_dask(folder, home / "agreed", 2, killed=True).found
    forms = forms_of(folder)
    apart = differences(found, home / "agreed", forms)
    largest = max(apart.values())
    print(
        f"{len(forms):,} forms, {found.parts} parts, one worker killed: largest difference from pandas over {len(apart)} tables {largest:.1e} (at most 1e-9)"
    )


def print_speed(home: Path, sessions: int) -> None:
    start = time.perf_counter()
    folder = dataset(sessions)
    made = time.perf_counter() - start
    size = sum(path.stat().st_size for path in folder.iterdir()) / 2**20
    print(
        f"{sessions:,} simulated sessions: {size:,.0f} MiB on disk, made in {made:.0f} s (0: they were there)"
    )
    runs = {
        "1 worker": by_dask(folder, home / "one", 1),
        "2 workers": by_dask(folder, home / "two", 2),
        "2 workers, one killed": by_dask(folder, home / "killed", 2, killed=True),
    }
    one, two, killed = runs.values()
    for name, run in runs.items():
        print(f"{name:<24}{run.working:8.1f} s   {run.found.forms / run.working:10,.0f} forms a second")
    print(f"2 workers are {one.working / two.working:.2f} times as fast as 1 (at least {FASTER})")
    lost = "nothing lost, nothing doubled" if same_run(one.found, killed.found) else "NOT THE SAME"
    same = "the same to the last bit" if same_run(one.found, two.found) else "NOT THE SAME"
    print(f"1 and 2 workers: {same}; with one killed: {lost}")


def print_worth(home: Path, most: int) -> None:
    """From which size on an engine pays: pandas in one process, and two workers with all that it takes to start and end them."""
    print("forms          pandas               2 workers of dask")
    for size in (one for one in SIZES if one <= most):
        folder = dataset(round(size / 1.9))  # two forms a session, but for one in twenty
        forms, alone, peak = in_one(folder)
        both = by_dask(folder, home / f"worth-{size}", 2)
        told = f"{alone:8.1f} s {peak:8,.0f} MiB" if forms else "does not fit into memory"
        faster = f"{alone / both.seconds:5.2f} times as fast" if forms else ""
        print(f"{both.found.forms:<12,}{told:<26}{both.seconds:8.1f} s   {faster}".rstrip())


def main(sessions: int = SESSIONS) -> None:
    print("\nAnalysed in parts, by workers of one thread:")
    with tempfile.TemporaryDirectory() as home:
        print_agreement(Path(home))
        print_speed(Path(home), sessions)
        print_worth(Path(home), 2 * sessions)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sessions", type=int, default=SESSIONS, help=f"default: {SESSIONS:,}")
    asked.add_argument("--pandas", type=Path, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.pandas:
        _pandas(given.pandas)
    else:
        from benchmarks.engines import main as run_main  # workers find its functions under this name

        run_main(given.sessions)
