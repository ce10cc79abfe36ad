"""Every format gives the same ratings, true cells, and says what is hidden."""

import datetime
import zipfile
from io import BytesIO

import pytest

from alliance_core.reading import read_workbooks
from tests.reading.written import WORKBOOKS, as_text

HEADER = ["Thérapeute", "Client", "Session", "Date", "Rated by", "Instrument", "Goal", "Task", "Bond"]
ROWS = [
    ["007", "C-001", 1, datetime.date(2025, 1, 8), "client", "wai-sr", 4, 3.25, 5],
    ["007", "C-001", 2, datetime.date(2025, 1, 15), "client", "wai-sr", 4, None, 1],
    ["P-É", "C-002", 1, datetime.date(2025, 1, 15), "therapist", "wai-sr", 2.5, 2, 9],
]
TABLE = [["Spring"], [], HEADER, *ROWS]


def is_right(source):
    ratings, problems = read_workbooks(source)
    columns = ["practitioner", "client", "session", "date", "rater", "goal", "task", "bond"]
    forms = ratings.forms[columns].astype(object).where(ratings.forms[columns].notna(), None)
    assert forms.to_numpy().tolist() == [
        ["007", "C-001", 1, datetime.datetime(2025, 1, 8), "client", 4, 3.25, 5],
        ["007", "C-001", 2, datetime.datetime(2025, 1, 15), "client", 4, None, 1],
    ]
    errors = problems.loc[problems["severity"] == "error"]
    assert errors["cell"].tolist() == ["I6"]
    assert "bond is 9; wai-sr goes from 1 to 5" in errors["message"].iloc[0]
    return problems


@pytest.mark.parametrize("ending", WORKBOOKS)
def test_workbooks_of_every_format(ending):
    problems = is_right((f"ratings.{ending}", WORKBOOKS[ending]({"Ratings": TABLE})))
    assert problems["code"].tolist() == ["out_of_range"]


@pytest.mark.parametrize("ending", WORKBOOKS)
def test_a_hidden_sheet_is_read_and_said(ending):
    sheets = {"Cover": [["Nothing here"]], "Ratings": TABLE}
    problems = is_right((f"ratings.{ending}", WORKBOOKS[ending](sheets, hidden=["Ratings"])))
    assert problems.loc[problems["sheet"] == "Ratings", "code"].tolist() == ["hidden_sheet", "out_of_range"]


@pytest.mark.parametrize("ending", WORKBOOKS)
def test_the_bytes_decide_and_not_the_ending(ending):
    is_right(("ratings.csv", WORKBOOKS[ending]({"Ratings": TABLE})))


TEXTS = {
    "csv": {},
    "byte-order mark": {"encoding": "utf-8-sig"},
    "semicolons and decimal commas": {"delimiter": ";", "comma": True},
    "tabs": {"delimiter": "\t"},
    "tabs and decimal commas": {"delimiter": "\t", "comma": True, "encoding": "utf-16"},
    "UTF-16 without a mark": {"delimiter": ";", "encoding": "utf-16-le"},
    "UTF-16, large end first": {"encoding": "utf-16-be"},
    "commas and quoted decimal commas": {"comma": True},
}


@pytest.mark.parametrize("how", TEXTS)
def test_text_files(how):
    ending = "tsv" if TEXTS[how].get("delimiter") == "\t" else "csv"
    problems = is_right((f"ratings.{ending}", as_text(TABLE, **TEXTS[how])))
    assert problems["code"].tolist() == ["out_of_range"]


@pytest.mark.parametrize("end", [b"\n", b"\r"])
def test_line_ends_of_any_machine(end):
    content = as_text(TABLE).replace(b"\r\n", b"\n").replace(b"\n", end)
    assert is_right(("ratings.csv", content))["code"].tolist() == ["out_of_range"]


def test_windows_1252_is_read_and_said():
    problems = is_right(("ratings.csv", as_text(TABLE, ";", encoding="cp1252")))
    assert problems["code"].tolist() == ["encoding", "out_of_range"]


@pytest.mark.parametrize("delimiter", [";", "|", ","])
def test_a_stated_delimiter_goes_before_any_guess(delimiter):
    content = as_text(TABLE[1:], delimiter, encoding="utf-8-sig", first=f"sep={delimiter}")
    assert is_right(("ratings.csv", content))["code"].tolist() == ["out_of_range"]


def test_a_zip_that_is_no_workbook_says_what_is_accepted():
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("notes.txt", "nothing")
    _, problems = read_workbooks(("notes.xlsx", buffer.getvalue()))
    assert (
        "Accepted are .xlsx, .xlsm, .xlsb, .xls, .ods, .csv, .tsv and .parquet files"
        in problems.loc[0, "message"]
    )
