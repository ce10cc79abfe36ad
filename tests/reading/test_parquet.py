"""Parquet is read as any other sheet is; what no spreadsheet has, and what is hostile, is refused with a sentence."""

import datetime
import io
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from alliance_core.reading import guard, read_workbooks
from alliance_core.reading.child.limits import LIMITS, UPLOAD
from alliance_core.reading.sheets import read_sheets

KEYS = {"Therapist": ["P01", "P01"], "Client": ["001", "002"], "Session": [1, 1], "Rated by": ["client"] * 2}
FORMS = {**KEYS, "Instrument": ["wai-sr"] * 2, "Goal": [4.0, None], "Task": [3, 3], "Bond": [5.0, 9.0]}


def parquet(columns, name="ratings.parquet", **options):
    """(name, bytes) of a Parquet file with these columns."""
    out = io.BytesIO()
    pq.write_table(columns if isinstance(columns, pa.Table) else pa.table(columns), out, **options)
    return name, out.getvalue()


def cells_of(column, **options):
    """Kind and value of each cell below the header."""
    (sheet,) = read_sheets("x", parquet({"A": column}, **options)[1], "parquet")
    (cells,) = sheet.columns
    return [(cells.kinds[code], cells.values[code]) for code in cells.codes.tolist()][1:]


def refused(content, limits=LIMITS):
    ratings, problems = read_workbooks(content, limits=limits)
    assert len(ratings.forms) == 0
    assert len(problems) == 1
    return problems.loc[0, "code"], problems.loc[0, "message"]


def test_ratings_and_addresses_are_those_of_a_sheet_with_its_headers_in_the_first_row():
    ratings, problems = read_workbooks(parquet(FORMS))
    assert ratings.forms[["practitioner", "client", "row"]].values.tolist() == [["P01", "001", 2]]
    assert problems[["cell", "code"]].values.tolist() == [["H3", "out_of_range"]]


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        (["007", None, " "], [("t", "007"), ("e", None), ("e", None)]),
        ([1, None, 10**16 + 1], [("n", 1.0), ("e", None), ("t", str(10**16 + 1))]),
        ([1.5, float("nan"), float("inf")], [("n", 1.5), ("e", None), ("x", "inf")]),
        ([True, False, None], [("b", True), ("b", False), ("e", None)]),
        ([Decimal("3.5"), None], [("n", 3.5), ("e", None)]),
        ([datetime.date(2025, 3, 1), None], [("d", "2025-03-01"), ("e", None)]),
        ([datetime.datetime(2025, 3, 1, 23, 30), None], [("d", "2025-03-01"), ("e", None)]),
        ([datetime.time(9, 30)], [("t", "09:30:00.000000")]),
        (pa.nulls(2), [("e", None), ("e", None)]),
        (pa.array(["a", "b", "a"]).dictionary_encode(), [("t", "a"), ("t", "b"), ("t", "a")]),
        (pa.array([3_000_000], pa.date32()), [("x", "day 3000000")]),
    ],
)
def test_every_kind_of_column_comes_out_as_in_a_spreadsheet(column, cells):
    assert cells_of(column) == cells


def test_a_moment_is_on_the_day_of_its_own_time_zone():
    late = pa.array([datetime.datetime(2025, 3, 1, 23, 30)], pa.timestamp("us", "Europe/Copenhagen"))
    assert cells_of(late) == [("d", "2025-03-02")]


def test_several_groups_of_rows_are_one_sheet():
    values = [f"C{n % 40}" for n in range(1_000)]
    assert cells_of(values, row_group_size=90) == [("t", value) for value in values]
    assert cells_of(values, use_dictionary=False, compression="zstd") == [("t", value) for value in values]


def test_two_columns_of_one_name_are_two():
    both = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["X", "X"])
    (sheet,) = read_sheets("x", parquet(both)[1], "parquet")
    assert [cells.values for cells in sheet.columns] == [["X", "a"], ["X", "b"]]


def test_the_bytes_count_and_not_the_name():
    _, content = parquet(FORMS)
    ratings, problems = read_workbooks(("ratings.csv", content))
    assert len(ratings.forms) == 1
    assert problems["code"].tolist()[0] == "file_name_misleads"


@pytest.mark.parametrize("column", [[[1, 2]], [{"a": 1}], [b"x"], pa.array([datetime.timedelta(1)])], ids=str)
def test_what_no_spreadsheet_has_is_refused_by_its_column(column):
    code, message = refused(parquet({"Answers": column}))
    assert code == "not_a_workbook"
    assert "has a column, Answers, of lists, structures or bytes" in message


GOOD = parquet(FORMS)[1]


@pytest.mark.parametrize(
    "content",
    [
        GOOD[:-30],
        GOOD[: len(GOOD) // 2],
        b"PAR1",
        b"PAR1" + b"\0" * 50,
        b"PAR1" + b"\xff" * 400 + b"PAR1",
        GOOD[:40] + b"\xee" * 60 + GOOD[100:],
        b"PAR1" + (2**31 - 1).to_bytes(4, "little") + b"PAR1",
    ],
)
def test_a_damaged_file_gets_a_sentence(content):
    code, message = refused(("ratings.parquet", content))
    assert code in ("damaged", "too_large_or_damaged")
    assert message.startswith("ratings.parquet is ")


def test_an_encrypted_file_says_so():
    assert guard.look(b"PARE" + GOOD).code == "password"
    assert "is encrypted" in refused(("x.parquet", b"PARE" + GOOD))[1]


def test_limits_hold_before_anything_is_unpacked():
    many = parquet({f"Item {n}": [1.0] * 100 for n in range(20)})
    assert "more than 1,000 cells" in refused(many, LIMITS._replace(cells=1_000))[1]
    assert "more than 10 columns" in refused(many, LIMITS._replace(columns=10))[1]
    assert "unpacks to more than 0 MB" in refused(many, LIMITS._replace(unpacked=100))[1]


def test_a_small_file_of_immense_columns_costs_little():
    """A billion rows in a few thousand bytes, as run lengths allow; and one long text that stands in every row."""
    rows = parquet(pa.table({"A": pa.array([1.0]).take(pa.array([0] * 3_000_000)), "B": pa.nulls(3_000_000)}))
    assert "more than 3,000,000 cells" in refused(rows, UPLOAD)[1]
    text = "x" * 40_000
    long = parquet(pa.table({"A": pa.array([text] * 20_000).dictionary_encode()}))
    assert len(long[1]) < 100_000
    assert "a text of more than 32,767 letters in the column A" in refused(long)[1]


def test_many_long_texts_are_refused_together():
    texts = parquet({"A": [f"{n:05}" * 2_000 for n in range(40)]})
    assert "unpacks to more than" in refused(texts, LIMITS._replace(file=100_000))[1]


def test_what_is_brought_in_where_memory_is_short_may_be_smaller_and_that_is_said():
    rows = "a,b\n" + "1,2\n" * 20
    few = UPLOAD._replace(cells=30)
    assert (
        "Larger files are read here when this machine has 4 GB of memory to spare, and from the command line at any time."
        in refused(("x.csv", rows.encode()), few)[1]
    )
    assert "command line" not in refused(("x.csv", rows.encode() * 2), LIMITS._replace(columns=1))[1]
