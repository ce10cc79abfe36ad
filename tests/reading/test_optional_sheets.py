"""Tasks, goals and reviews: read beside the ratings, checked cell by cell."""

import datetime

import pandas as pd
import pytest

from alliance_core.reading import read_workbooks
from alliance_core.tables import GOALS, REVIEW, TASKS

RATINGS = [
    ["Therapist", "Client", "Session", "Rated by", "Instrument", "Goal", "Task", "Bond"],
    ["P01", "C-001", 3, "client", "wai-sr", 4, 3, 5],
]
KEYS = ["Therapist", "Client", "Session"]
CASE = ["P01", "C-001", 3]
TASK = [
    "Task",
    "Kind",
    "Set by",
    "Client relevance",
    "Therapist relevance",
    "Tried before",
    "Worked before",
    "Done",
]


@pytest.fixture
def beside(workbook):
    """An optional sheet beside one of ratings, read."""

    def reader(rows, name="more"):
        return read_workbooks(workbook({"Ratings": RATINGS, name: rows}))

    return reader


def lines(frame):
    return frame.astype(object).where(frame.notna(), None).to_numpy().tolist()


def test_tasks(beside):
    ratings, problems = beside(
        [
            [*KEYS, *TASK],
            [*CASE, "Keep a diary", "Homework", "both", 8, 7.5, "yes", "No", "partially"],
            [*CASE, "Breathing", None, "Therapist", 0, None, None, "n/a", None],
        ]
    )
    assert lines(ratings.tasks) == [
        [*CASE, "Breathing", None, "practitioner", 0, None, None, None, None],
        [*CASE, "Keep a diary", "home", "both", 8, 7.5, "yes", "no", "partly"],
    ]
    assert ratings.tasks.columns.tolist() == TASKS.names
    assert ratings.recognised["layout"].tolist() == ["long scores", "tasks"]
    assert len(problems) == 0


def test_cells_of_tasks_that_cannot_be_are_named(beside):
    ratings, problems = beside(
        [
            [*KEYS, *TASK],
            [*CASE, "A", "elsewhere", "client", 8, 7, "yes", "no", "yes"],
            [*CASE, "B", "home", "client", 11, 7, "yes", "no", "yes"],
            [*CASE, None, "home", "client", 8, 7, "yes", "no", "yes"],
            [*CASE, "D", "home", "client", 8, 7, "yes", "no", "perhaps"],
        ]
    )
    assert len(ratings.tasks) == 0
    assert problems[["cell", "code"]].to_numpy().tolist() == [
        ["E2", "kind_unreadable"],
        ["G3", "out_of_range"],
        ["D4", "task_missing"],
        ["K5", "done_unreadable"],
    ]
    assert (
        problems.loc[0, "message"]
        == "Kind is elsewhere; accepted are session, home, environmental, or an empty cell."
    )
    assert problems.loc[1, "message"] == "Client relevance is 11; it goes from 0 to 10, or stays empty."
    assert ratings.recognised.loc[1, ["rows_read", "rows_used", "rows_left_out"]].tolist() == [4, 0, 4]


def test_goals(beside):
    header = [*KEYS, "Client goal", "Therapist goal", "Agreement"]
    ratings, problems = beside([header, [*CASE, "Sleep through", "Less rumination", 4]])
    assert lines(ratings.goals) == [[*CASE, "Sleep through", "Less rumination", 4]]
    assert ratings.goals.columns.tolist() == GOALS.names
    assert len(problems) == 0


def test_goal_scores_are_no_goals_in_words(read):
    header = [*KEYS, "Instrument", "Client goal", "Client task", "Client bond", "Therapist goal", "Agreement"]
    ratings, _ = read([header, [*CASE, "wai-sr", 4, 3, 5, 3, 7]])
    assert ratings.recognised["layout"].tolist() == ["paired"]
    header = [*KEYS, "Instrument", "Client goal", "Therapist goal", "Agreement"]
    ratings, _ = read([header, [*CASE, "wai-sr", 4, 3, 7]])
    assert ratings.recognised["layout"].tolist() == ["paired"]


def test_review(beside):
    header = [*KEYS, "Decision", "Action", "Owner", "Due", "Note"]
    ratings, problems = beside(
        [
            header,
            [*CASE, "Not a rupture", "Ask", "P01", datetime.date(2025, 3, 14), "=2+2"],
            ["P01", "C-001", 4, None, None, None, None, None],
        ],
        "review",
    )
    unknown = [None] * 6  # when, whether done, and what it was about: columns of our own
    place = ["ratings.xlsx", "review"]
    assert lines(ratings.review) == [
        [
            *CASE,
            "not a rupture",
            "Ask",
            "P01",
            datetime.datetime(2025, 3, 14),
            "=2+2",
            *unknown,
            *place,
            "D2",
        ],
        ["P01", "C-001", 4, None, None, None, None, None, *unknown, *place, "D3"],
    ]
    assert ratings.review.columns.tolist() == REVIEW.names
    assert len(problems) == 0


def test_two_decisions_about_one_session_are_both_left_out(beside):
    header = [*KEYS, "Decision"]
    ratings, problems = beside([header, [*CASE, "watch"], [*CASE, "confirmed"]])
    assert len(ratings.review) == 0
    assert problems["code"].tolist() == ["duplicate_differs"] * 2
    assert problems.loc[0, "message"].startswith("This review stands more than once")


REVIEWED = [*KEYS, "Decision", "Action", "Decided on", "Done"]
DAY, LATER = datetime.date(2025, 3, 4), datetime.date(2025, 4, 1)


def test_what_a_decision_was_about_is_read_back(beside):
    header = [
        *REVIEWED,
        "Session date",
        "Until session, when decided",
        "Fall in points, when decided",
        "Outcome, when decided",
    ]
    ratings, problems = beside([header, [*CASE, "watch", "Ask", DAY, "partly", DAY, 5, 18.5, "open"]])
    kept = ["decided_on", "done", "session_date", "until_session", "fall_then", "outcome_then"]
    moment = datetime.datetime(2025, 3, 4)
    assert lines(ratings.review[kept]) == [[moment, "partly", moment, 5, 18.5, "open"]]
    assert len(problems) == 0


def test_a_damaged_column_of_our_own_costs_no_decision(beside):
    header = [*KEYS, "Decision", "Until session, when decided", "Fall in points, when decided"]
    ratings, problems = beside([header, [*CASE, "watch", "later", "deep"]])
    assert ratings.review["decision"].tolist() == ["watch"]
    assert ratings.review[["until_session", "fall_then"]].isna().all(axis=None)
    assert problems[["severity", "cell", "code"]].to_numpy().tolist() == [
        ["warning", "E2", "known_then_unreadable"],
        ["warning", "F2", "known_then_unreadable"],
    ]


def test_decisions_of_different_days_are_a_history_and_an_unknown_day_is_the_earliest(beside):
    rows = [[*CASE, "confirmed", None, LATER], [*CASE, "watch", None, DAY], [*CASE, "not a rupture"]]
    ratings, problems = beside([REVIEWED, *rows])
    assert ratings.review["decision"].tolist() == ["not a rupture", "watch", "confirmed"]
    assert len(problems) == len(ratings.unsettled) == 0


def test_decisions_that_contradict_each_other_are_kept_apart_with_their_cells(workbook):
    sheets = [
        {"Ratings": RATINGS, "review": [REVIEWED, [*CASE, said, "Ask", DAY]]}
        for said in ("watch", "confirmed")
    ]
    files = [workbook(sheet, name) for sheet, name in zip(sheets, ("a.xlsx", "b.xlsx"), strict=True)]
    ratings, problems = read_workbooks(files)
    assert len(ratings.review) == 0
    assert ratings.unsettled[
        ["conflict", "decision", "action", "file", "sheet", "cell"]
    ].to_numpy().tolist() == [
        [1, "watch", "Ask", "a.xlsx", "review", "D2"],
        [1, "confirmed", "Ask", "b.xlsx", "review", "D2"],
    ]
    assert problems.loc[problems["severity"].eq("error"), "code"].tolist() == ["duplicate_differs"] * 2
    again, _ = read_workbooks(files[::-1])
    pd.testing.assert_frame_equal(again.unsettled, ratings.unsettled)


@pytest.mark.parametrize(
    ("name", "header", "first", "second", "merged"),
    [
        ("review", REVIEWED, [*CASE, "watch", None, DAY, None], [*CASE, None, "Ask", DAY, "yes"], ["watch", "Ask", "yes"]),
        ("cases", ["Therapist", "Client", "Team", "Closed"], ["P01", "C-001", "North", None], ["P01", "C-001", None, DAY], ["North"]),
        ("tasks", [*KEYS, "Task", "Kind", "Done"], [*CASE, "Diary", "home", None], [*CASE, "Diary", None, "yes"], ["home", "yes"]),
    ],
)  # fmt: skip
def test_an_empty_cell_contradicts_nobody(beside, name, header, first, second, merged):
    for rows in ([first, second], [second, first], [first, second, first]):
        ratings, problems = beside([header, *rows], name)
        frame = getattr(ratings, name)
        assert len(frame) == 1
        assert set(merged) <= set(frame.iloc[0])
        assert set(problems["code"]) == {"duplicate_merged"}
        assert len(problems) == len(rows) - 1
    if name == "cases":
        assert (ratings.cases["closed"].tolist(), ratings.cases["ended"].tolist()) == (
            [pd.Timestamp(DAY)],
            ["yes"],
        )


def test_a_third_row_may_decide_that_two_contradict_each_other(beside):
    rows = [[*CASE, "watch", None, DAY], [*CASE, None, "Ask", DAY], [*CASE, "confirmed", None, DAY]]
    ratings, problems = beside([REVIEWED, *rows])
    assert len(ratings.review) == 0
    assert len(ratings.unsettled) == len(problems) == 3


def test_decisions_that_agree_are_one_whatever_the_data_were_then(beside):
    header = [*REVIEWED, "Fall in points, when decided"]
    ratings, problems = beside([header, *([*CASE, "watch", "Ask", DAY, None, depth] for depth in (18, 27))])
    assert ratings.review[["decision", "fall_then"]].to_numpy().tolist() == [["watch", 18]]
    assert problems["code"].tolist() == ["duplicate_merged"]


def test_tasks_of_a_case_without_ratings_are_pointed_out(beside):
    ratings, problems = beside([[*KEYS, "Task", "Done"], ["P01", "C-009", 1, "A", "yes"]])
    assert len(ratings.tasks) == 1
    assert problems["code"].tolist() == ["case_without_ratings"]


ROWS = {
    "markers": (["Kind"], ["withdrawal"], "D"),
    "tasks": (["Task", "Done"], ["Diary", "yes"], "D"),
    "goals": (["Client goal", "Agreement"], ["Sleep", 4], "C"),
    "review": (["Decision", "Note"], [None, "look again"], "D"),
}


@pytest.mark.parametrize("what", ROWS)
def test_a_session_that_no_form_is_about_is_pointed_out_and_used(beside, what):
    headers, values, _ = ROWS[what]
    ratings, problems = beside([[*KEYS, *headers], ["P01", "C-001", 7, *values], [*CASE, *values]], what)
    assert len(getattr(ratings, what)) == 2
    assert problems[["severity", "sheet", "cell", "code"]].to_numpy().tolist() == [
        ["note", what, "C2", "session_without_ratings"]
    ]
    assert problems.loc[0, "message"].startswith("No form of session 7 of this case was read")


@pytest.mark.parametrize("what", ROWS)
def test_a_case_that_no_form_is_about_is_pointed_out_once(beside, what):
    headers, values, letter = ROWS[what]
    ratings, problems = beside([[*KEYS, *headers], ["P01", "C-002", 7, *values]], what)
    assert len(getattr(ratings, what)) == 1
    assert problems[["severity", "cell", "code"]].to_numpy().tolist() == [
        ["warning", f"{letter}2", "case_without_ratings"]
    ]
    assert "listed with 0 sessions" in problems.loc[0, "message"]


def test_without_such_sheets_the_tables_are_empty(read):
    ratings, _ = read(RATINGS)
    for frame, table in ((ratings.tasks, TASKS), (ratings.goals, GOALS), (ratings.review, REVIEW)):
        assert frame.columns.tolist() == table.names
        assert len(frame) == 0
        assert isinstance(frame, pd.DataFrame)


def test_a_case_marked_closed_is_closed_whether_or_not_its_day_can_be_read(workbook):
    header = ["Practitioner", "Client", "Closed"]
    said = ["yes", "03/04/2025", "no", None, "n/a", datetime.date(2025, 4, 30), 0]
    rows = [header, *(["P01", f"C-{at}", value] for at, value in enumerate(said))]
    ratings, _ = read_workbooks(workbook({"cases": rows}))
    ended = dict(zip(ratings.cases["client"], ratings.cases["ended"] == "yes", strict=True))
    assert ended == {
        f"C-{at}": closed for at, closed in enumerate([True, True, False, False, False, True, False])
    }
