"""The load test of many visitors: a small one of the app itself, and that it notices when anything of one visitor reaches another."""

import asyncio
import io
import tomllib
import zipfile
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from alliance_core.sample import Design
from benchmarks.served import HOME, Served
from benchmarks.users import ROUND, UNMARKED, WALK, Load, loaded_with, percentile, ratings_of, report
from benchmarks.visitor import ForeignMark, Visitor, mark, marks_in

SMALL = Load(visitors=3, design=Design(practitioners=6, cases=3, sessions=8), seconds=0)


@pytest.fixture(scope="module")
def seen():
    with Served() as server:
        return asyncio.run(loaded_with(server, SMALL))


def test_nobody_is_sent_what_is_another_s_on_any_page(seen):
    """A foreign mark would have ended it; that the own one is there shows that marks are looked for where they would be."""
    assert list(seen.answers) == list(WALK)
    assert {
        name for name, answers in seen.answers.items() if not all(one.marked for one in answers)
    } <= UNMARKED
    assert all(len(answers) == SMALL.visitors for answers in seen.answers.values())
    assert seen.files > 0


def test_what_was_measured_is_told_in_lines(seen):
    lines = report(seen, SMALL)
    told = "\n".join(lines)
    assert "3 visitors on one server, 144 sessions each" in told
    assert f"median of {3 * len(WALK)}" in told
    assert "no foreign mark" in told
    assert [line for line in lines if line.startswith("Case, another")]
    assert 0 < seen.ratings < seen.before <= seen.after


async def two_visitors(address, where):
    for number in (1, 2):
        one = Visitor(address, number)
        one.page.query = f"in={where}"
        async with one:
            await one.upload({"ratings.csv": f"{one.own}P01,3".encode()})
            await one.fetch_files()


@pytest.fixture(scope="module")
def leaky():
    with Served(Path(__file__).parent / "leaky_app.py") as server:
        yield server


@pytest.mark.parametrize("where", ["a table", "a chart", "a file"])
def test_what_reaches_another_visitor_is_noticed(leaky, where):
    with pytest.raises(ForeignMark, match=f"{mark(2)} was sent {mark(1)}|{mark(1)} was sent {mark(2)}"):
        asyncio.run(two_visitors(leaky.address, where))


def test_marks_are_found_in_text_tables_and_workbooks():
    table = pa.Table.from_pandas(pd.DataFrame({"client": [f"{mark(7)}C-1", f"{mark(8)}C-2"]}))
    sent = io.BytesIO()
    with pa.ipc.new_stream(sent, table.schema) as stream:
        stream.write_table(table)
    assert marks_in(sent.getvalue()) == {mark(7), mark(8)}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<t>{mark(9)}P01</t>" * 50)
    assert mark(9).encode() not in packed.getvalue()
    assert marks_in(packed.getvalue()) == {mark(9)}
    assert marks_in(b"Mark12x Marks") == set()


def test_every_id_and_team_of_a_visitor_holds_the_mark_and_no_two_have_the_same_ratings():
    mine, other = (ratings_of(number, SMALL.design) for number in (1, 2))
    for name, content in mine.items():
        rows = [row.split(",") for row in content.decode().splitlines()[1:]]
        marked = (0, 1, 2) if name == "cases.csv" else (0, 1)
        assert all(row[at].startswith(mark(1)) for row in rows for at in marked)
    first, second = (
        files[f"ratings {mark(n)}.csv"].decode().replace(mark(n), "") for n, files in ((1, mine), (2, other))
    )
    assert first != second


@pytest.mark.parametrize(
    ("count", "share", "expected"), [(1, 95, 1), (20, 95, 19), (100, 95, 95), (101, 95, 96), (3, 50, 2)]
)
def test_the_percentile_is_the_value_that_so_many_of_a_hundred_do_not_exceed(count, share, expected):
    assert percentile([float(one) for one in range(1, count + 1)], share) == expected


async def kept_after_one_left(address, let):
    async with Visitor(address, 1):
        pass
    async with Visitor(address, 2) as other:
        other.page.query = f"let={let}"
        for _ in range(2):  # what is asked for in a run is done by the time of the next
            await other.run_again()
        return other.page.all("text")[0].body


@pytest.mark.parametrize(("let", "then"), [("stay", "1 kept"), ("go", "0 kept")])
def test_who_left_is_let_go_of_with_the_next_page_that_anybody_asks_for(let, then):
    app = Path(__file__).parent / "departed_app.py"
    with Served(app, "--server.disconnectedSessionTTL", "0") as server:
        assert asyncio.run(kept_after_one_left(server.address, let)) == then


def test_the_round_has_every_step_and_each_widget_follows_the_page_that_it_is_on():
    assert set(ROUND) == set(WALK)
    for before, name in pairwise(ROUND):
        page, _, widget = name.partition(",")
        assert not widget or before.partition(",")[0].removesuffix(" again") == page


def test_no_page_pays_for_other_visitors_memory_or_for_files_that_nobody_edits():
    """With fifty visitors either takes longer than the pages themselves."""
    settled = tomllib.loads((HOME / ".streamlit/config.toml").read_text())
    assert settled["runner"]["postScriptGC"] is False
    assert settled["server"]["fileWatcherType"] == "none"
