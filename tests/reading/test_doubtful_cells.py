"""Every doubtful cell is named by its address, in plain words, and rows read = rows used + rows left out."""

import datetime
import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliance_core.reading import read_workbooks

HEADER = ["Practitioner", "Client", "Session", "Rated by", "Instrument", "Goal", "Task", "Bond"]
GOOD = ["P01", "C-001", 1, "client", "wai-sr", 4, 3, 5]


def changed(at, value, **more):
    row = list(GOOD)
    row[at] = value
    for place, other in more.items():
        row[int(place[1:])] = other
    return row


def test_the_sentence_of_the_contract(read):
    ratings, problems = read([HEADER, changed(7, 9)])
    line = problems.loc[0]
    assert line["message"] == "Client bond is 9; wai-sr goes from 1 to 5."
    assert line[["severity", "file", "sheet", "cell", "row", "column", "value", "code"]].tolist() == [
        "error",
        "ratings.xlsx",
        "Ratings",
        "H2",
        2,
        "Bond",
        "9",
        "out_of_range",
    ]
    assert len(ratings.forms) == 0


@pytest.mark.parametrize(
    ("at", "value", "cell", "code"),
    [
        (0, None, "A2", "practitioner_missing"),
        (1, " - ", "B2", "client_missing"),
        (1, 1234567890123456789, "B2", "client_unreadable"),
        (2, None, "C2", "session_missing"),
        (2, 1.5, "C2", "session_unreadable"),
        (2, 0, "C2", "session_unreadable"),
        (3, None, "D2", "rater_missing"),
        (3, "both", "D2", "rater_unreadable"),
        (5, "good", "F2", "not_a_number"),
        (5, 0, "F2", "out_of_range"),
        (5, 5.01, "F2", "out_of_range"),
        (6, datetime.date(2025, 5, 1), "G2", "not_a_number"),
        (6, True, "G2", "not_a_number"),
    ],
)
def test_a_cell_that_leaves_its_row_out(read, at, value, cell, code):
    ratings, problems = read([HEADER, changed(at, value), changed(2, 2)])
    assert list(zip(problems["severity"], problems["cell"], problems["code"], strict=True)) == [
        ("error", cell, code)
    ]
    assert ratings.recognised.loc[0, ["rows_read", "rows_used", "rows_left_out"]].tolist() == [2, 1, 1]
    assert ratings.forms["session"].tolist() == [2]


@pytest.mark.parametrize("value", [None, "n/a", "-", "DNA", "  ", "keine Angabe"])
def test_blank_words_are_no_problem_and_no_zero(read, value):
    ratings, problems = read([HEADER, changed(5, value)])
    assert len(problems) == 0
    assert ratings.forms["goal"].isna().all()


@pytest.mark.parametrize(("value", "score"), [("3,5", 3.5), ("３", 3), (" 4 ", 4), (1, 1), (5.0, 5)])
def test_numbers_as_text(read, value, score):
    ratings, problems = read([HEADER, changed(5, value)])
    assert len(problems) == 0
    assert ratings.forms["goal"].tolist() == [score]


def test_zero_is_a_score_where_the_range_has_zero(read):
    rows = [["Practitioner", "Client", "Session", "Rated by", *(f"Item {i}" for i in range(1, 7))]]
    ratings, problems = read([*rows, *(["P01", "C-001", n, "client", 0, 0, 0, 0, 0, 5] for n in range(1, 4))])
    assert ratings.forms["instrument"].unique().tolist() == ["sai"]
    assert ratings.forms["item_1"].tolist() == [0, 0, 0]
    assert len(problems) == 0


def test_error_cells_and_unsaved_formulas_are_unanswered_with_a_warning():
    book = openpyxl.Workbook()
    for row in (HEADER, changed(5, "#DIV/0!"), changed(5, "=1+1", _2=2), changed(5, "=A1", _2=3)):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    ratings, problems = read_workbooks(("ratings.xlsx", buffer.getvalue()))
    assert list(zip(problems["severity"], problems["cell"], problems["code"], strict=True)) == [
        ("warning", "F2", "error_cell"),
        ("warning", "F3", "formula_without_result"),
        ("warning", "F4", "formula_without_result"),
    ]
    assert ratings.forms["goal"].isna().all()
    assert ratings.recognised.loc[0, "rows_used"] == 3


def test_a_formula_with_a_saved_result_is_its_result(read):
    ratings, problems = read([HEADER, changed(5, ("=2+2", 4))])
    assert ratings.forms["goal"].tolist() == [4]
    assert len(problems) == 0


def test_a_row_without_answers_stays_and_a_blank_row_is_no_row(read):
    ratings, problems = read(
        [HEADER, ["P01", "C-001", 1, "client", None, None, None, None], [], [" "], changed(2, 2)]
    )
    assert ratings.forms["session"].tolist() == [1, 2]
    assert ratings.forms.loc[0, ["goal", "task", "bond"]].isna().all()
    assert ratings.recognised.loc[0, "rows_read"] == 2
    assert len(problems) == 0


def test_totals_and_footnotes_are_named_and_not_counted(read):
    rows = [
        HEADER,
        GOOD,
        changed(2, 2),
        ["Average", None, None, None, None, 4, 3, 5],
        ["Mittelwert", None, None, None, None, 4, 3, 5],
        ["exported by the system"],
    ]
    ratings, problems = read(rows)
    assert list(zip(problems["severity"], problems["cell"], problems["code"], strict=True)) == [
        ("note", "A4", "total_row"),
        ("note", "A5", "total_row"),
        ("note", "A6", "remark_row"),
    ]
    assert ratings.recognised.loc[0, ["rows_read", "rows_used"]].tolist() == [2, 2]


def test_a_client_may_be_called_like_a_total(read):
    ratings, problems = read([HEADER, changed(1, "SD"), changed(1, "Max")])
    assert ratings.forms["client"].tolist() == ["Max", "SD"]
    assert len(problems) == 0


def test_ids_that_are_nearly_the_same_are_pointed_out_and_kept_apart(read):
    rows = [
        HEADER,
        changed(1, "C-001"),
        changed(1, "c-001"),
        changed(1, "C -001"),
        changed(1, "C-001 ", _2=2),
        changed(1, "C-002"),
    ]
    ratings, problems = read(rows)
    assert sorted(ratings.forms["client"].unique()) == ["C -001", "C-001", "C-002", "c-001"]
    assert problems["code"].tolist() == ["similar_ids"] * 3
    assert problems["severity"].unique().tolist() == ["warning"]
    assert problems["cell"].tolist() == ["B2", "B3", "B4"]
    assert "C -001 / C-001 / c-001" in problems.loc[0, "message"]


def test_leading_zeros_stay(read):
    ratings, problems = read([HEADER, changed(1, "007"), changed(1, 7)])
    assert ratings.forms["client"].tolist() == ["007", "7"]
    assert problems["code"].unique().tolist() == ["similar_ids"]


def test_too_few_answers_for_a_score(read):
    rows = [
        ["Practitioner", "Client", "Session", "Rated by", "Instrument", *(f"Item {i}" for i in range(1, 13))]
    ]
    rows.append(["P01", "C-001", 1, "client", "wai-sr", *[4] * 12])
    rows.append(["P01", "C-001", 2, "client", "wai-sr", None, None, *[4] * 10])  # task has 2 of 4
    rows.append(
        ["P01", "C-001", 3, "client", "wai-sr", *[4] * 9, None, None, None]
    )  # goal 3 of 4, task 2 of 4
    rows.append(["P01", "C-001", 4, "client", "wai-sr", None, None, None, *[None] * 9])
    _, problems = read(rows)
    assert problems["code"].tolist() == ["too_few_answers"] * 2
    assert problems["row"].tolist() == [3, 4]
    assert problems.loc[0, "message"] == "The client answered 10 of 12 items, too few for a score of: task."
    assert (
        problems.loc[1, "message"]
        == "The client answered 9 of 12 items, too few for a score of: task, overall."
    )


def test_dates_whose_order_is_open_are_left_unknown(read):
    header = [*HEADER, "Date"]
    ratings, problems = read([header, [*GOOD, "03/04/2025"], [*changed(2, 2), "05/06/2025"]])
    assert problems["code"].tolist() == ["date_order_needed"]
    assert problems["severity"].tolist() == ["warning"]
    assert ratings.forms["date"].isna().all()
    ratings, problems = read(
        [header, [*GOOD, "03/04/2025"], [*changed(2, 2), "05/06/2025"]], date_order="mdy"
    )
    assert [str(day)[:10] for day in ratings.forms["date"]] == ["2025-03-04", "2025-05-06"]
    assert len(problems) == 0


def test_an_unreadable_date_is_a_warning_where_sessions_have_numbers(read):
    ratings, problems = read([[*HEADER, "Date"], [*GOOD, "soon"]])
    assert list(zip(problems["severity"], problems["cell"], problems["code"], strict=True)) == [
        ("warning", "I2", "date_unreadable")
    ]
    assert len(ratings.forms) == 1


VALUES = st.sampled_from(
    [
        None,
        0,
        1,
        3,
        4.5,
        5,
        6,
        99,
        -1,
        "",
        " ",
        "3,5",
        "n/a",
        "x",
        "Total",
        "P01",
        "C-001",
        "client",
        "therapist",
        "wai-sr",
        True,
        datetime.date(2025, 1, 2),
    ]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.integers(1, 4),
            st.sampled_from(["client", "therapist"]),
            st.lists(st.tuples(st.integers(0, 7), VALUES), max_size=3),
        ),
        max_size=12,
    )
)
def test_nothing_is_lost_in_silence(rows):
    text = [",".join(HEADER)]
    for session, rater, changes in rows:
        row = changed(2, session, _3=rater)
        for at, value in changes:
            row[at] = value
        text.append(",".join("" if v is None else f'"{v}"' for v in row))
    ratings, problems = read_workbooks(("ratings.csv", "\n".join(text).encode()))
    seen = ratings.recognised.iloc[0]
    assert seen["rows_read"] == seen["rows_used"] + seen["rows_left_out"]
    assert ratings.left_out["rows"].sum() == seen["rows_left_out"]
    assert set(ratings.left_out["code"]) <= set(problems.loc[problems["severity"] == "error", "code"])
    named = set(problems.loc[(problems["severity"] == "error"), "row"])
    refused = problems["code"].isin(["range_conflict", "instrument_needed", "range_needed"]).any()
    assert refused or len(named) == seen["rows_left_out"]
    merged = int((problems["code"] == "duplicate_merged").sum())
    assert len(ratings.forms) + merged == seen["rows_used"]
    assert not ratings.forms.duplicated(["practitioner", "client", "session", "rater"]).any()
    if not refused:
        apart = problems["code"].isin(["total_row", "remark_row"]).sum()
        blank = sum(not any(cell.strip('" ') for cell in line.split(",")) for line in text[1:])
        assert seen["rows_read"] + apart + blank == len(rows)
