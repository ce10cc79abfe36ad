"""Many supervisors on one server: python benchmarks/users.py (or make users).

One server as `make run` starts it, and VISITORS without browsers (benchmarks/visitor.py), each with ratings of its own under its own mark. All upload
at once; then pages are asked for at the rate at which so many people read: whoever's turn it is goes one step along the walk, whether or not others
still wait. Every byte that comes back is looked at: a mark of somebody else's data ends it. The visitors share the cores with the server.

python benchmarks/users.py --visitors 3 --practitioners 2 --cases 3 --sessions 8 --seconds 10   for a try
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

HOME = Path(__file__).parent.parent
sys.path.insert(0, str(HOME))

from alliance_core import read_workbooks  # noqa: E402
from alliance_core.sample import Design, simulate, write_sample  # noqa: E402
from benchmarks.served import Served  # noqa: E402
from benchmarks.visitor import Answer, Failed, Visitor, mark  # noqa: E402

READS_FOR = 30  # seconds that a supervisor stays on a page on average: its sentences and two or three charts. Talking about a case takes minutes, so this is quick
MOST_SECONDS = 1.5  # of a page change, for 95 of 100
MOST_TIMES = 5  # a visitor's memory, as a multiple of the ratings

Step = Callable[[Visitor], Awaitable[Answer]]


@dataclass(frozen=True)
class Load:
    """How many visitors, each with how many ratings, for how many seconds after all have uploaded; with none, each takes every step once."""

    visitors: int = 50
    design: Design = field(default_factory=lambda: Design(practitioners=20, cases=50, sessions=20))
    seconds: float = 150.0
    reads_for: float = READS_FOR

    @property
    def sessions(self) -> int:
        return self.design.practitioners * self.design.cases * self.design.sessions


@dataclass
class Seen:
    """What was measured: seconds of the uploads, answers by step, bytes of memory."""

    uploads: list[float] = field(default_factory=list)
    uploading: float = 0.0
    answers: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    walking: float = 0.0
    worked: float = 0.0
    files: int = 0
    before: int = 0
    loaded: int = 0
    after: int = 0
    ratings: int = 0

    @property
    def changes(self) -> list[float]:
        return [one.seconds for answers in self.answers.values() for one in answers]


# -- the ratings ------------------------------------------------------------------------------------------


def ratings_of(number: int, design: Design) -> dict[str, bytes]:
    """A visitor's files: ratings that nobody else has, and the teams of the cases; every id and team holds the visitor's mark."""
    own = mark(number)
    made = simulate(design, seed=number)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ratings.csv"
        write_sample(made, path, "long-items")
        head, _, rows = path.read_text().partition("\n")
    marked = [
        f"{own}{practitioner},{own}{client},{rest}"
        for practitioner, client, rest in (row.split(",", 2) for row in rows.splitlines())
    ]
    cases = made.ratings.forms[["practitioner", "client"]].drop_duplicates()
    teams = [
        f"{own}{practitioner},{own}{client},{own}{'North' if at % 2 else 'South'},{'talking' if at % 3 else 'doing'}"
        for at, (practitioner, client) in enumerate(cases.itertuples(index=False, name=None))
    ]
    return {
        f"ratings {own}.csv": "\n".join([head, *marked]).encode(),
        "cases.csv": "\n".join(["Therapist,Client,Team,Approach", *teams]).encode(),
    }


def size_of_ratings(design: Design) -> int:
    """Bytes of one visitor's tidy ratings, with every value that they point to."""
    ratings, _ = read_workbooks(list(ratings_of(1, design).items()))
    return int(ratings.forms.memory_usage(deep=True).sum())


# -- the walk ---------------------------------------------------------------------------------------------


def to(page: str, **query: str) -> Step:
    """To a page by the navigation."""
    return lambda visitor: visitor.go(page, **query)


def another(label: str, at: int) -> Step:
    """Another option of a list on the page: the one at this place, counted round."""

    async def choose(visitor: Visitor) -> Answer:
        options = list(visitor.page.labelled("selectbox", label).options)
        return await visitor.choose(label, options[(visitor.number + at) % len(options)])

    return choose


def tab(label: str) -> Step:
    """Another tab of the page."""
    return lambda visitor: visitor.open_tab(label)


WALK: dict[str, Step] = {
    "Agenda": to("agenda"),
    "Agenda, of a practitioner": another("Agenda for", 3),
    "Practitioner": to("practitioner"),
    "Practitioner, another": another("Practitioner", 5),
    "Case": to("case"),
    "Case, another": another("Client", 1),
    "Case, of another practitioner": another("Practitioner", 7),
    "Decisions": to("decisions"),
    "Meeting": to("meeting"),
    "Case again": to("case"),
    "Approaches and teams": to("across"),
    "What if": to("what_if"),
    "Learn": to("learn"),
    "Learn, in pictures": tab("In pictures"),
    "How it works": to("how_it_works"),
    "Settings": to("settings"),
    "Bring in ratings": to("bring_in"),
}
# The way of a supervisor: whom to talk about, one case after the other with two practitioners, what was decided; then what is looked at now and then.
_CASES = ("Case", "Case, another", "Case, another", "Case, another")
ROUND = (
    *("Agenda", "Agenda, of a practitioner", "Practitioner", *_CASES, "Decisions"),
    *(
        "Practitioner",
        "Practitioner, another",
        *_CASES,
        "Case, of another practitioner",
        "Case, another",
        "Decisions",
    ),
    *("Meeting", "Case again", "Approaches and teams", "What if", "Learn", "Learn, in pictures"),
    *("How it works", "Settings", "Bring in ratings"),
)
UNMARKED = {
    "Approaches and teams",
    "Learn",
    "How it works",
    "Settings",
}  # pages that may show nothing of any case


async def take(visitor: Visitor, name: str, seen: Seen) -> None:
    """One step, and the files that the page then refers to."""
    seen.answers[name].append(await WALK[name](visitor))
    seen.files += await visitor.fetch_files()


async def every_step(visitors: list[Visitor], seen: Seen) -> None:
    """Each step by all visitors at the same time, one step after the other."""
    for name in WALK:
        async with asyncio.TaskGroup() as group:
            for visitor in visitors:
                group.create_task(take(visitor, name, seen))


async def when_due(visitor: Visitor, steps: asyncio.Queue[str], seen: Seen) -> None:
    """The steps of one visitor, each as soon as its time has come and the one before is done."""
    while (name := await steps.get()) != "":
        await take(visitor, name, seen)


async def walks(visitors: list[Visitor], load: Load, seen: Seen) -> None:
    """Steps at chance moments, so many a second as these visitors would take; each visitor begins elsewhere on the round."""
    moments = random.Random(1)  # noqa: S311 - moments, not secrets
    queues: list[asyncio.Queue[str]] = [asyncio.Queue() for _ in visitors]
    starts = [at for at, name in enumerate(ROUND) if "," not in name]  # a widget needs the page that it is on
    at = [starts[visitor.number % len(starts)] for visitor in visitors]
    rate, start, due, turn = len(visitors) / load.reads_for, time.perf_counter(), 0.0, 0
    async with asyncio.TaskGroup() as group:
        for visitor, queue in zip(visitors, queues, strict=True):
            group.create_task(when_due(visitor, queue, seen))
        while due < load.seconds:
            await asyncio.sleep(max(0.0, start + due - time.perf_counter()))
            whose = turn % len(visitors)
            queues[whose].put_nowait(ROUND[at[whose] % len(ROUND)])
            at[whose], turn, due = at[whose] + 1, turn + 1, due + moments.expovariate(rate)
        for queue in queues:
            queue.put_nowait("")


# -- the whole ----------------------------------------------------------------------------------------------


async def warmed_up(address: str) -> None:
    """One visitor who sees every page and leaves: what all visitors share is there before anything is measured."""
    async with Visitor(address, 0) as visitor:
        await visitor.go("bring_in")
        await visitor.upload(ratings_of(0, Design(practitioners=2, cases=3, sessions=8)))
        for step in WALK.values():
            await step(visitor)


async def upload(visitor: Visitor, files: dict[str, bytes], seen: Seen) -> None:
    """Brings its ratings in."""
    await visitor.go("bring_in")
    answer = await visitor.upload(files)
    if not visitor.page.all("page_link"):
        raise Failed("nothing was brought in")
    seen.uploads.append(answer.seconds)


async def loaded_with(server: Served, load: Load) -> Seen:
    """The whole of it on a server that nobody else visits."""
    seen = Seen(ratings=size_of_ratings(load.design))
    await warmed_up(server.address)
    files = [ratings_of(number + 1, load.design) for number in range(load.visitors)]
    async with AsyncExitStack() as tabs:
        visitors = [
            await tabs.enter_async_context(Visitor(server.address, number + 1))
            for number in range(load.visitors)
        ]
        seen.before, start = server.memory(), time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for visitor, own in zip(visitors, files, strict=True):
                group.create_task(upload(visitor, own, seen))
        seen.uploading, seen.loaded = time.perf_counter() - start, server.memory()
        start, worked = time.perf_counter(), server.processor()
        await (walks(visitors, load, seen) if load.seconds else every_step(visitors, seen))
        seen.walking, seen.worked = time.perf_counter() - start, server.processor() - worked
        seen.after = server.memory()
    return seen


def report(seen: Seen, load: Load) -> list[str]:
    """What came of it, in lines."""
    mib, changes = 2**20, sorted(seen.changes)
    each = (seen.after - seen.before) / load.visitors
    lines = [
        f"{load.visitors} visitors on one server, {load.sessions:,} sessions each; a step every {load.reads_for:g} s a visitor, {len(changes) / seen.walking:.1f} a second in all for {seen.walking:.0f} s",
        f"all uploads at once             {seen.uploading:6.1f} s   one: median {statistics.median(seen.uploads):.1f} s, longest {max(seen.uploads):.1f} s",
        f"a page change                   {statistics.median(changes):6.2f} s   median of {len(changes)}; {seen.worked / len(changes):.2f} s of a core of the server each",
        f"95 of 100 take at most          {percentile(changes, 95):6.2f} s   (at most {MOST_SECONDS})   slowest {changes[-1]:.2f} s",
        f"memory a visitor                {each / mib:6.1f} MiB after the walk, {(seen.loaded - seen.before) / load.visitors / mib:.1f} MiB after the uploads; tidy ratings {seen.ratings / mib:.1f} MiB: {each / seen.ratings:.1f} times (at most {MOST_TIMES})",
        f"the server                      {seen.before / mib:6.0f} MiB with nobody's ratings, {seen.after / mib:.0f} MiB with all",
        f"no foreign mark in {sum(one.messages for all_ in seen.answers.values() for one in all_):,} messages, {sum(one.size for all_ in seen.answers.values() for one in all_) / mib:.0f} MiB, and {seen.files / mib:.1f} MiB of files",
        f"{'step':32}{'median':>7}{'longest':>9}{'sent':>9}",
    ]
    for name in WALK:
        if seen.answers[name]:
            times = [one.seconds for one in seen.answers[name]]
            size = statistics.median(one.size for one in seen.answers[name])
            lines.append(
                f"{name:32}{statistics.median(times):5.2f} s{max(times):7.2f} s{size / 1024:6.0f} kiB"
            )
    return lines


def percentile(ordered: list[float], share: int) -> float:
    """The value that so many of a hundred do not exceed."""
    return ordered[-(-len(ordered) * share // 100) - 1]


def measured(load: Load) -> Seen:
    """Starts a server, loads it, stops it."""
    with Served() as server:
        return asyncio.run(loaded_with(server, load))


def main(arguments: list[str] | None = None) -> None:
    whole = Load()
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--visitors", type=int, default=whole.visitors)
    asked.add_argument("--practitioners", type=int, default=whole.design.practitioners)
    asked.add_argument("--cases", type=int, default=whole.design.cases)
    asked.add_argument("--sessions", type=int, default=whole.design.sessions)
    asked.add_argument("--seconds", type=float, default=whole.seconds, help="of walking")
    asked.add_argument("--reads-for", type=float, default=whole.reads_for, help="seconds on a page")
    told = asked.parse_args([] if arguments is None else arguments)
    load = Load(
        told.visitors, Design(told.practitioners, told.cases, told.sessions), told.seconds, told.reads_for
    )
    print("\n".join(report(measured(load), load)))


if __name__ == "__main__":
    main(sys.argv[1:])
