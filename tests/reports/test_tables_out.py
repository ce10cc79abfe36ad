"""CSV that no spreadsheet runs, and a record of the run."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from alliance_core.analysis import analyse
from alliance_core.reports.tables_out import harmless, run_record, to_csv, write_record, write_tables
from alliance_core.sample import Design, simulate
from alliance_core.tables import CASE_NOTES, PROBLEMS, Column, Table, empty

SMALL = Table(
    "small",
    "one",
    (
        Column("name", "text", "a text", True),
        Column("count", "whole", "a count"),
        Column("value", "number", "a number"),
        Column("day", "date", "a day"),
    ),
)


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\nx",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "  =1",
        "\u00a0=1",
        "  \tx",
        "\u3000＝1",
    ],
)
def test_text_that_a_spreadsheet_would_run_is_quoted(text):
    assert harmless(pd.Series([text, "C-1"], dtype="str")).tolist() == ["'" + text, "C-1"]


@pytest.mark.parametrize("text", ["C-017", "a=b", "1-2", "'=1", "", " P01"])
def test_other_text_stays_as_it_is(text):
    assert harmless(pd.Series([text], dtype="str")).tolist() == [text]


def test_missing_text_stays_missing_and_the_argument_untouched():
    given = pd.Series(["=1", None], dtype="str")
    assert harmless(given).isna().tolist() == [False, True]
    assert given[0] == "=1"


def test_numbers_stay_numbers_dates_are_iso_and_unknown_is_empty():
    frame = pd.DataFrame(
        {
            "name": ["=a", "b,c", None],
            "count": pd.array([3, None, -1], dtype="Int64"),
            "value": [-1.5, 0.1 + 0.2, None],
            "day": pd.to_datetime(["2025-03-04", None, "1999-12-31"]),
        }
    )
    assert to_csv(frame, SMALL) == (
        'name,count,value,day\n\'=a,3,-1.5,2025-03-04\n"b,c",,0.3,\n,-1,,1999-12-31\n'
    )


def test_columns_are_the_table_s_even_where_the_frame_has_others_or_fewer():
    assert to_csv(pd.DataFrame({"other": [1], "name": ["x"]}), SMALL) == "name,count,value,day\nx,,,\n"
    assert to_csv(empty(CASE_NOTES), CASE_NOTES) == "practitioner,client,team,approach,started,closed,ended\n"


def test_files_and_record_of_a_run(tmp_path):
    analysis = analyse(simulate(Design(), seed=1).ratings)
    problems = pd.DataFrame({"severity": ["error", "note", "note"]})
    folder = tmp_path / "new" / "out"
    write_tables(analysis, problems, folder)
    assert sorted(path.name for path in folder.iterdir()) == [
        "cases.csv",
        "episodes.csv",
        "practitioners.csv",
        "problems.csv",
        "scores.csv",
        "sessions.csv",
    ]
    for path in folder.iterdir():
        content = path.read_bytes()
        assert b"\r" not in content
        assert content.endswith(b"\n")
    when = datetime(2025, 7, 1, 12, 30, tzinfo=UTC)
    record = run_record(analysis, problems, {"instrument": None}, "9.9", when)
    assert record["version"] == "9.9"
    assert record["time"] == "2025-07-01T12:30:00+00:00"
    assert record["settings"]["episodes"]["z_open"] == 2.3
    assert record["problems"] == {"error": 1, "note": 2}
    assert {(line["instrument"], line["rater"]) for line in record["sigma"]} == {
        ("wai-sr", "client"),
        ("wai-sr", "practitioner"),
    }
    assert all(line["sigma"] > 1 and line["source"] for line in record["sigma"])
    assert record["sessions_numbered_by_date"] == []
    write_record(record, folder)
    assert (folder / "run.json").read_text(encoding="utf-8").startswith('{\n  "version": "9.9"')


def test_problems_keep_their_order(tmp_path):
    problems = pd.DataFrame({"severity": ["note", "error"], "message": ["b", "a"]})
    assert to_csv(problems, PROBLEMS).splitlines()[1:] == ["note,,,,,,,,b", "error,,,,,,,,a"]
