"""Where the time goes from a file to the first page, and how time and memory grow with the rows: python benchmarks/profiled.py (or make bench).

Each step is run in a process of its own: once from a file on, once through the first page of the app, once from tidy ratings on, and once by all rules. The parts of the
computation are timed from outside, around their functions. The table is kept in benchmarks/results/profile.csv. Times on one machine mean little
on another; ratios taken in one run mean more. No test depends on any of this.
"""

from __future__ import annotations

import functools
import json
import math
import re
import resource
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

HOME = Path(__file__).parent.parent
if str(HOME) not in sys.path:
    sys.path.insert(0, str(HOME))

import pandas as pd  # noqa: E402
import pyarrow.parquet  # noqa: E402

from alliance_core import analyse, read_workbooks, stages  # noqa: E402
from alliance_core.measures import agenda as agendas  # noqa: E402
from alliance_core.measures import (  # noqa: E402
    agreement,
    all_episodes,
    case_agreement,
    caseloads,
    chance,
    noise,
    paired,
    readings,
    scores,
    series,
    summaries,
)
from alliance_core.measures.detectors import BASELINE, DETECTORS  # noqa: E402
from alliance_core.reading import workbooks  # noqa: E402
from alliance_core.review.by_case import ByCase  # noqa: E402
from alliance_core.sample import simulate  # noqa: E402
from alliance_core.tables import FACETS, MAX_ITEMS, Ratings  # noqa: E402
from benchmarks import reading  # noqa: E402
from benchmarks.reading import timed  # noqa: E402

RESULTS = Path(__file__).parent / "results" / "profile.csv"
REPEATS = 9
MOST_TIMES = 15  # analyse, as a multiple of one groupby over the same rows
MOST_SLOPE = 1.1
MOST_MEMORY = 4  # times the tidy ratings, at peak
MOST_MIB = 2048
FORGET = Path(
    "/proc/self/clear_refs"
)  # on Linux: a 5 makes the process forget how much memory it held at most


SIZES = ("1,000", "100,000", "1,000,000")  # forms, a little more or less (reading.DESIGNS)
FILES = (
    ("1,000", "xlsx"),
    *((size, ending) for size in SIZES[1:] for ending in ("xlsx", "csv", "parquet")),
)


class Stage(NamedTuple):
    """A part of the way, and the functions that it is made of: the module where each is looked up, and its name there."""

    name: str
    functions: tuple[tuple[Any, str], ...]


STAGES = (
    Stage("read: cells", ((workbooks, "_sheets"),)),
    Stage("recognise", ((workbooks, "read_together"),)),
    Stage("tidy", ((workbooks, "_together"),)),
    Stage("key order", ((series, "in_key_order"), (series, "case_numbers"))),
    Stage("score", ((scores, "score"), (scores, "answered"))),
    Stage("series", ((series, "rated_series"), (noise, "groups_of"))),
    Stage("sessions", ((agreement, "side_by_side"), (agreement, "with_states"))),
    Stage("σ", ((noise, "sums"), (noise, "noise_of"), (stages, "_courses"))),
    Stage("episodes", ((all_episodes, "all_episodes"),)),
    Stage("agreement", ((paired, "paired"), (case_agreement, "case_agreement"))),
    Stage("readings", (
        (readings, "case_states"), (readings, "missing_since"), (readings, "flat_at_ceiling"),
        (agreement, "widening"), (agendas, "agenda"), (agendas, "flags"),
    )),
    Stage("summaries", (
        (summaries, "cases"), (summaries, "counts"), (summaries, "practitioners"), (caseloads, "sums"), (caseloads, "figures"),
    )),
)  # fmt: skip

Times = dict[str, float]  # seconds by stage


@contextmanager
def watched() -> Iterator[Times]:
    """The seconds of each stage, and of each rule, for as long as this lasts."""
    taken: Times = defaultdict(float)
    before: list[tuple[Any, str, Any]] = []

    def around(stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def timed_(*given: Any, **named: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*given, **named)
            finally:
                taken[stage] += time.perf_counter() - start

        return timed_

    for stage in STAGES:
        for module, name in stage.functions:
            before.append((module, name, getattr(module, name)))
            setattr(module, name, around(stage.name, getattr(module, name)))
    before += [(stages, "BASELINE", BASELINE), (stages, "DETECTORS", DETECTORS)]
    rules = {name: rule._replace(find=around(f"rule {name}", rule.find)) for name, rule in DETECTORS.items()}
    stages.DETECTORS, stages.BASELINE = rules, rules[BASELINE.name]  # type: ignore[misc]
    try:
        yield taken
    finally:
        for module, name, function in before:
            setattr(module, name, function)


def most_memory() -> float:
    """MiB that this process has held at most so far."""
    status = Path("/proc/self/status")
    if (
        status.exists()
    ):  # since this program began; the other counts what its parent was when it started this one, too
        return int(re.search(r"VmHWM:\s*(\d+)", status.read_text())[1]) / 1024  # type: ignore[index]
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# -- files ------------------------------------------------------------------------------------------


def tidy(size: str) -> Path:
    """So many forms as reading hands them on (FORMS)."""

    def make(path: Path) -> None:
        forms = simulate(reading.DESIGNS[size], seed=1).ratings.forms
        unused = [
            f"item_{number}" for number in range(1, MAX_ITEMS + 1) if forms[f"item_{number}"].isna().all()
        ]
        rows = pd.array(range(2, len(forms) + 2), dtype="Int64")
        forms.drop(columns=unused).assign(file="forms.csv", sheet="", row=rows).to_parquet(path)

    return reading.kept(f"tidy-{size}.parquet", make)


# -- what one process does, and says as JSON ----------------------------------------------------------


def from_file(path: str) -> dict[str, Any]:
    """Everything once: read, analyse, what the first page asks for."""
    with watched() as taken:
        ratings, _ = read_workbooks([path])
    analysis = analyse(ratings)
    page = timed(lambda: _first_page(ByCase(analysis)))
    return {"times": taken, "page": page, "peak": most_memory()}


def _first_page(found: ByCase) -> None:
    """What the agenda asks for, but for drawing it: today's lines, and the first case of them."""
    lines = found.lines
    if len(lines):
        rows = found.case(*lines.loc[0, ["practitioner", "client"]])
        _ = rows.sessions, rows.trace, rows.bands, rows.cards


def on_the_page(path: str) -> dict[str, Any]:
    """The file brought in on the first page of the app, and the agenda after it: seconds of script time, kiB that go to the browser, MiB of the server."""
    # the app sets up memory for a server of many visitors, which nothing else here is measured with
    from benchmarks import pages
    from pages.parts.shell import AGENDA

    pages.as_visited_before()
    try:
        app, bringing = pages.brought_in(Path(path).name, Path(path).read_bytes())
    except SystemExit:  # too large for the memory that is free: UPLOAD
        return dict.fromkeys(("brought in", "agenda", "sent", "peak"), math.nan)
    practitioner, clients = next(iter(app.session_state["loaded"].clients.items()))
    agenda = pages.visit(app, AGENDA, practitioner, clients[0])
    return {
        "brought in": bringing,
        "agenda": agenda,
        "sent": sum(pages.sent(app)) / 1024,
        "peak": most_memory(),
    }


def from_tidy(path: str) -> dict[str, Any]:
    """`analyse` in turns with one groupby over the same rows with their facets, which forms of items do not have before; median seconds of both and of the stages."""
    forms = pd.read_parquet(path)
    ratings, runs = Ratings(forms), []
    scored = analyse(ratings).scores
    rated = forms.assign(**{facet: scored[facet].to_numpy() for facet in FACETS})
    grouped: dict[str, list[float]] = {"key order": [], "order of date": []}
    orders = {
        "key order": rated,
        "order of date": rated.sort_values("date", kind="stable", ignore_index=True),
    }
    for _ in range(REPEATS):
        for name, frame in orders.items():
            grouped[name].append(timed(lambda frame=frame: _grouped(frame)))
        with watched() as taken:
            whole = timed(lambda: analyse(ratings))
        runs.append({**taken, "whole": whole})
    medians = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    return {
        "forms": len(forms),
        "times": medians,
        "grouped": {name: statistics.median(of) for name, of in grouped.items()},
    }


def _grouped(forms: pd.DataFrame) -> pd.DataFrame:
    return forms.groupby(["practitioner", "client"])[list(FACETS)].mean()


def memory(path: str) -> dict[str, Any]:
    """MiB of the ratings, of Python with all it has imported before there are any, and at peak while they become an analysis."""
    bare = most_memory()
    forms = pd.read_parquet(path)
    pyarrow.default_memory_pool().release_unused()
    if FORGET.exists():  # what reading took at most is reading's own
        FORGET.write_text("5")
    analysis = analyse(Ratings(forms))
    size = forms.memory_usage(index=False, deep=True).sum() / 2**20
    return {"ratings": size, "bare": bare, "peak": most_memory(), "episodes": len(analysis.episodes)}


def by_all_rules(path: str) -> dict[str, Any]:
    """Seconds of each rule, and of the chance baseline of the first."""
    ratings = Ratings(pd.read_parquet(path))
    with watched() as taken:
        analysis = analyse(ratings, methods=list(DETECTORS))
    rows = getattr(analysis, "of_clients", analysis.trace)
    by_chance = timed(lambda: chance.by_chance(rows, analysis.courses, analysis.method, analysis.settings))
    return {"times": {**taken, "chance baseline": by_chance}}


CHILDREN: dict[str, Callable[[str], dict[str, Any]]] = {
    "from_file": from_file, "on_the_page": on_the_page, "from_tidy": from_tidy, "memory": memory, "by_all_rules": by_all_rules
}  # fmt: skip


def in_child(name: str, path: Path) -> dict[str, Any]:
    """What one of CHILDREN says in a process of its own."""
    command = [sys.executable, str(Path(__file__)), name, str(path)]
    done = subprocess.run(command, cwd=HOME, check=True, capture_output=True, text=True)  # noqa: S603 - our own command
    return json.loads(done.stdout)


# -- the table --------------------------------------------------------------------------------------


def from_tidy_on(size: str) -> dict[str, Any]:
    """What so many forms cost once they are read, whatever file they come from."""
    return {name: in_child(name, tidy(size)) for name in ("from_tidy", "memory", "by_all_rules")}


def profiled(size: str, ending: str, after: dict[str, Any]) -> dict[str, float]:
    """A column of the table: seconds by stage, MiB of memory. `after`: `from_tidy_on`."""
    path = reading.export(size, ending)
    read, page = in_child("from_file", path), in_child("on_the_page", path)
    made, held, rules = after["from_tidy"], after["memory"], after["by_all_rules"]["times"]
    own = [stage.name for stage in STAGES]
    times = {name: read["times"].get(name) or made["times"].get(name, 0.0) for name in own}
    return {
        "forms": made["forms"],
        **times,
        **{f"rule {name}": rules[f"rule {name}"] for name in DETECTORS},
        "chance baseline": rules["chance baseline"],
        "analyse, all of it": made["times"]["whole"],
        "first page, undrawn": read["page"],
        "on the page, all until it is in": page["brought in"],
        "agenda, drawn": page["agenda"],
        "one groupby, key order": made["grouped"]["key order"],
        "one groupby, order of date": made["grouped"]["order of date"],
        "kiB sent for the agenda": page["sent"],
        "MiB of the ratings": held["ratings"],
        "MiB of Python alone": held["bare"],
        "MiB at peak, analyse": held["peak"],
        "MiB at peak, from the file": read["peak"],
        "MiB at peak, on the page": page["peak"],
    }


def main() -> None:
    after = {size: from_tidy_on(size) for size in SIZES}
    table = pd.DataFrame(
        {
            f"{size} forms, .{ending}": pd.Series(profiled(size, ending, after[size]), dtype=float)
            for size, ending in FILES
        }
    )
    in_seconds = ~table.index.str.startswith(("MiB", "kiB", "forms"))
    for ending in ("xlsx", "csv", "parquet"):
        few, many = (table[f"{size} forms, .{ending}"] for size in SIZES[1:])
        slope = (many / many["forms"]) / (few / few["forms"]).where(few > 0)
        table[f"slope, .{ending}"] = slope.where(in_seconds)
    table.round(4).to_csv(RESULTS, index_label="seconds")
    print("Where the time goes, in seconds; slope: time a form with a million of them over that with 100,000")
    print(table.map(lambda value: "" if pd.isna(value) else f"{value:,.3f}").to_string())
    print()
    whole, many = "analyse, all of it", table["1,000,000 forms, .parquet"]
    times = {name: many[whole] / many[f"one groupby, {name}"] for name in ("key order", "order of date")}
    print(
        f"{many['forms']:,.0f} forms, every measure by the default rule {many[whole]:6.2f} s   {times['key order']:.1f} times one groupby over the same rows "
        f"(at most {MOST_TIMES}); {times['order of date']:.1f} times where they lie in order of date"
    )
    slope = table["slope, .parquet"][whole]
    print(f"time a form, a million over 100,000 of them {slope:6.2f}     (at most {MOST_SLOPE})")
    peak, bare = many["MiB at peak, analyse"], many["MiB of Python alone"]
    times_ratings = (peak - bare) / many["MiB of the ratings"]
    print(
        f"memory at peak, the ratings among it {peak:,.0f} MiB (at most {MOST_MIB:,}); without the {bare:.0f} MiB of Python alone "
        f"{times_ratings:.2f} times the ratings (at most {MOST_MEMORY})"
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(CHILDREN[sys.argv[1]](sys.argv[2])))
    else:
        main()
