"""The supervision workbook is read back to what it was made from, again and again, alone or beside the files it came from."""

import datetime
import io

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core import analyse, read_workbooks
from alliance_core.reading import ReadingChoices
from alliance_core.reading.child.limits import LIMITS
from alliance_core.reports import kept_sheets
from alliance_core.reports import supervision_workbook as of
from alliance_core.reports.supervision_workbook import file_name, supervision_workbook
from alliance_core.reports.tables_out import to_csv
from alliance_core.review import Decisions, Subject
from alliance_core.sample import Design, simulate, write_sample
from alliance_core.tables import REVIEW, SCORES, Ratings, empty
from tests.measures.made import form, ratings, repeatable
from tests.review.conftest import review

DAY = datetime.date(2025, 11, 3)
PLACES = ["file", "sheet", "row", "cell"]
BESIDE = ("markers", "tasks", "goals", "cases", "review")
WORKED_OUT = ["Case", "Overview", "Charts", "episodes", "sessions", "scores"]
HEADER = "Therapist,Client,Session,Date,Rated by,Instrument"


def written(ratings, decisions=None):
    return "supervision.xlsx", supervision_workbook(
        analyse(ratings), ratings.review if decisions is None else decisions, DAY
    )


def content(frame):
    return frame.drop(columns=[name for name in PLACES if name in frame.columns])


def same(one, other):
    """The same ratings, wherever they stand; trailing item columns that no form uses may be left out."""
    both = [frame.dropna(axis="columns", how="all") for frame in (one.forms, other.forms)]
    pd.testing.assert_frame_equal(content(both[0]), content(both[1]))
    for name in BESIDE:
        pd.testing.assert_frame_equal(content(getattr(one, name)), content(getattr(other, name)), obj=name)


def scores(ratings):
    return to_csv(analyse(ratings).scores, SCORES)


def read_again(sources, **choices):
    """Reads, writes, reads what was written; without loss, and the second time the same bytes are written."""
    ratings, _ = read_workbooks(sources, ReadingChoices(**choices))
    made = written(ratings)
    again, problems = read_workbooks(made)
    same(ratings, again)
    assert not problems["severity"].eq("error").any()
    assert written(again) == made
    return ratings, again


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    path = tmp_path_factory.mktemp("team") / "team.xlsx"
    write_sample(simulate(Design(3, 4, 9), seed=5), path)
    return path


def test_a_team_is_read_back_with_the_same_scores(team):
    ratings, again = read_again(team)
    assert scores(ratings) == scores(again)
    assert len(again.markers)
    assert len(again.cases)


def test_next_month_forms_in_both_files_are_used_once_and_new_ones_are_added(team):
    ratings, _ = read_workbooks(team)
    before = Ratings(**{**vars(ratings), "forms": ratings.forms[(ratings.forms["session"] <= 6).to_numpy()]})
    both, problems = read_workbooks([team, written(before)])
    same(ratings, both)
    assert scores(ratings) == scores(both)
    assert set(problems["code"]) <= {"duplicate_merged", "too_few_answers"}
    rows = [getattr(before, name) for name in ("forms", *BESIDE)]
    assert problems["code"].eq("duplicate_merged").sum() == sum(map(len, rows))
    line = both.recognised[both.recognised["file"].eq("supervision.xlsx")]
    assert line.loc[line["layout"].ne("worked out"), "layout"].tolist() == [
        "help", "review", "long items", "markers", "tasks", "goals", "cases", "help"
    ]  # fmt: skip
    assert line.loc[line["layout"].eq("worked out"), "sheet"].tolist() == WORKED_OUT
    assert (line["rows_read"] == line["rows_used"]).all()


ALL_KINDS = {
    "long.csv": [
        f"{HEADER},Goal,Task,Bond,Total",
        "P1,C-1,1,2025-01-06,Client,wai-sr,3.3333333333333335,4,5,",
        "P1,C-1,1,2025-01-06,Observer,wai-sr,3.25,4,5,",
        "P1,C-1,2,,Client,facets,,,,",
        "P1,C-2,1,2024-01-06,Client,wai-sr,,,,4.5",
    ],
    "sums.csv": [f"{HEADER},Total,Items answered", "P1,C-3,1,,Client,wai-sr,44,12", "P1,C-3,2,,Client,wai-sr,40,11"],
    "facets.csv": [f"{HEADER},Goal,Task,Bond", "P2,007,1,,Client,facets,40,55.5,70", "P2,007,1,,Therapist,facets,0,100,10"],
    "four.csv": [
        "Therapist,Client,Session,Relationship,Goals and topics,Approach or method,Overall",
        "P3,=1+1,1,9.5,8,7,10",
        "P3,=1+1,2,,8,7,",
    ],
    "items.csv": [
        f"{HEADER},{','.join(f'Item {n}' for n in range(1, 13))},Bond",
        "P4,C-5,1,,Client,wai-s,7,6,5,4,3,2,1,,7,7,7,7,6",
        "P4,C-5,1,,Therapist,wai-s,7,6,5,4,3,2,1,,,,,,",
        "P4,C-5,2,,Client,wai-s,,,,,,,,,,,,,",
    ],
    "beside.csv": ["Therapist,Client,Session,Task,Kind,Set by,Client relevance,Done", "P1,C-1,1,=Diary,home,both,8.5,partly"],
    "goals.csv": ["Therapist,Client,Session,Client goal,Therapist goal,Agreement", "P1,C-1,1,sleep,@rest,4"],
    "cases.csv": ["Therapist,Client,Team,Closed", "P1,C-1,North,yes", "P2,007,,2025-03-04"],
    "review.csv": ["Therapist,Client,Session,Decision,Note", "P1,C-1,1,watch,\"two\nlines\"", "P1,C-9,4,,"],
}  # fmt: skip


def test_every_kind_of_form_and_sheet_is_read_back():
    sources = [(name, "\n".join(lines).encode()) for name, lines in ALL_KINDS.items()]
    ratings, again = read_again(sources, range=(0, 100))
    assert scores(ratings) == scores(again)
    assert len(ratings.forms) == 13
    assert set(ratings.forms["instrument"]) == {"wai-sr", "facets", "four-lines", "wai-s"}
    names = openpyxl.load_workbook(io.BytesIO(written(ratings)[1])).sheetnames
    assert names == [
        "How to read this",
        "review",
        *WORKED_OUT,
        *("Ratings facets", "Ratings four-lines", "Ratings wai-s", "Ratings wai-sr"),
        *("Ratings wai-sr sums", "markers", "tasks", "goals", "cases"),
        "Columns",
    ]
    both, problems = read_workbooks([*sources, written(ratings)], ReadingChoices(range=(0, 100)))
    same(ratings, both)
    assert not problems["code"].eq("duplicate_differs").any()


MARKS = st.one_of(st.none(), st.sampled_from([1, 2.5, 3.3333333333333335, 4.1, 5]))
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["C-1", "007", "=x"]),
        st.integers(1, 4),
        st.sampled_from(["Client", "Therapist", "Observer"]),
        st.sampled_from(["wai-sr", "facets", "total", "sai", "wai-36"]),
        MARKS, MARKS, MARKS, MARKS,
        st.sampled_from([None, 3, 12]),
    ),
    min_size=1, max_size=8, unique_by=lambda row: row[:3],
)  # fmt: skip


@repeatable(10)
@given(ROWS)
def test_whatever_scores_were_given_are_read_back(rows):
    header = "Therapist,Client,Session,Rated by,Instrument,Goal,Task,Bond,Overall,Items answered"
    lines = [
        header,
        *("P1," + ",".join("" if value is None else str(value) for value in row) for row in rows),
    ]
    ratings, again = read_again(("a.csv", "\n".join(lines).encode()), range=(1, 5))
    assert scores(ratings) == scores(again)


def test_decisions_travel_in_the_workbook(team):
    ratings, _ = read_workbooks(team)
    subject = Subject("P01", "C-001", 4, pd.Timestamp(2025, 2, 3), 6, 40.3, "repaired")
    what = {
        "decision": "not a rupture",
        "action": "=Ask",
        "owner": "P01",
        "due": DAY,
        "note": "a\nb",
        "done": "no",
    }
    store = Decisions().decided(subject, pd.Timestamp(DAY), what)
    again, problems = read_workbooks(written(ratings, store.everything))
    pd.testing.assert_frame_equal(content(again.review), content(store.review))
    assert set(problems["sheet"]) <= {"Ratings wai-sr"}
    assert Decisions().decided(subject, pd.Timestamp(DAY), what).read(again).unsaved == 0


def test_contradicting_decisions_are_both_written_and_contradict_each_other_again():
    both = review({"session": 5, "decision": "watch"}, {"session": 5, "decision": "confirmed"})
    again, _ = read_workbooks(written(Ratings(forms=empty_forms()), both))
    assert (len(again.review), sorted(again.unsettled["decision"])) == (0, ["confirmed", "watch"])


def empty_forms():
    ratings, _ = read_workbooks(("a.csv", f"{HEADER},Goal\n".encode()))
    return ratings.forms


def test_text_is_never_a_formula_and_every_sheet_has_its_headers_and_lists(team):
    ratings, _ = read_workbooks(team)
    decisions = review({"session": 1, "client": "=1+1", "note": "=cmd|' /C calc'!A0"})
    book = openpyxl.load_workbook(io.BytesIO(written(ratings, decisions)[1]))
    for sheet in book:
        if sheet.title not in WORKED_OUT:
            assert all(cell.data_type != "f" for row in sheet for cell in row)
    assert [cell.value for cell in book["review"][1]][:9] == [
        "Therapist", "Client", "Session", "Decision", "Action", "Owner", "Due", "Done", "Note"
    ]  # fmt: skip
    rules = {rule.formula1 for rule in book["review"].data_validations.dataValidation}
    assert rules == {'"confirmed,not a rupture,watch"', '"yes,partly,no"'}
    assert book["How to read this"]["A1"].value == "How to read this workbook, written on 3 Nov 2025"
    assert book.sheetnames[8] == "Ratings wai-sr"


def test_the_same_content_and_day_give_the_same_bytes_and_another_day_is_said(team):
    ratings, _ = read_workbooks(team)
    assert written(ratings) == written(ratings)
    assert (
        supervision_workbook(analyse(ratings), empty(REVIEW), datetime.date(2025, 11, 4))
        != written(ratings)[1]
    )


def test_more_ratings_than_can_be_read_back_stay_out_and_that_is_said(team, monkeypatch):
    ratings, _ = read_workbooks(team)
    for module in (of, kept_sheets):
        monkeypatch.setattr(module, "UPLOAD", LIMITS.__class__(cells=1000))
    book = openpyxl.load_workbook(io.BytesIO(written(ratings)[1]))
    assert not [name for name in book.sheetnames if name.startswith("Ratings")]
    assert any("too many to be read back" in row[0].value for row in book["How to read this"])


def test_totals_whose_scale_nobody_can_tell_spoil_no_others():
    wai = {"instrument": "wai-sr", "low": 1, "high": 5}
    forms = [
        form("P1", "C-1", n, "client", given={"overall": mark}, **wai)
        for n, mark in enumerate([4, 40, 30], 1)
    ]
    made = ratings(forms)
    made = Ratings(forms=made.forms.assign(sheet=["mixed", "mixed", "sums"]))
    book = openpyxl.load_workbook(io.BytesIO(written(made)[1]))
    assert book.sheetnames[8:10] == ["Ratings wai-sr sums", "Ratings wai-sr totals"]
    assert [row[-1].value for row in book["Ratings wai-sr totals"].iter_rows(min_row=2)] == [4, 40]


def test_a_sheet_holds_as_many_rows_as_it_can(team, monkeypatch):
    ratings, _ = read_workbooks(team)
    monkeypatch.setattr(kept_sheets, "MOST_ROWS", 100)
    names = openpyxl.load_workbook(io.BytesIO(written(ratings)[1])).sheetnames
    assert names[8:10] == ["Ratings wai-sr", "Ratings wai-sr (2)"]
    again, _ = read_workbooks(written(ratings))
    same(ratings, again)


def test_the_file_is_named_after_what_it_holds_and_the_day():
    assert file_name(DAY, "0a1b") == "supervision-2025-11-03-0a1b.xlsx"
