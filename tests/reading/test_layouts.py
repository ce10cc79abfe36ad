"""Which layout is recognised, where the rows begin, and whose ratings they are."""

import datetime

import pytest

from alliance_core.reading import read_workbooks

ITEMS = [f"Item {i}" for i in range(1, 13)]
ANSWERS = [5, 4, 3, 5, 4, 3, 5, 4, 3, 5, 4, 3]


def forms(ratings):
    columns = ["practitioner", "client", "session", "rater", "goal", "task", "bond"]
    return [tuple(row) for row in ratings.forms[columns].itertuples(index=False)]


def test_long_scores(read, scores_header):
    ratings, problems = read([scores_header, ["P01", "C-001", 1, "client", "wai-sr", 4, 3.5, 5]])
    assert forms(ratings) == [("P01", "C-001", 1, "client", 4, 3.5, 5)]
    assert ratings.forms.loc[0, ["instrument", "range_min", "range_max", "row"]].tolist() == [
        "wai-sr",
        1,
        5,
        2,
    ]
    assert ratings.recognised["layout"].tolist() == ["long scores"]
    assert len(problems) == 0


def test_long_items(read):
    rows = [["Therapist", "Client", "Session", "Rated by", *ITEMS]]
    rows += [["P01", f"C-{n}", 1, "Therapist", *ANSWERS] for n in range(6)]
    ratings, problems = read(rows)
    assert ratings.forms["rater"].unique().tolist() == ["practitioner"]
    assert ratings.forms.loc[0, ["item_1", "item_2", "item_12"]].tolist() == [5, 4, 3]
    assert ratings.forms["instrument"].unique().tolist() == ["wai-sr"]
    assert "item_13" not in ratings.forms
    assert len(problems) == 0
    assert "12 items, answers from 3 to 5: read as wai-sr" in ratings.recognised.loc[0, "reason"]


def test_paired_has_two_forms_a_row(read):
    header = ["Therapist", "Client", "Session", "Instrument"]
    header += [
        "Client goal",
        "Client task",
        "Client bond",
        "Therapist goal",
        "Therapist task",
        "Therapist bond",
    ]
    ratings, _ = read(
        [
            header,
            ["P01", "C-001", 1, "WAI-SR", 4, 3, 5, 3, 2, 4],
            ["P01", "C-001", 2, "WAI-SR", 4, 3, 5, None, None, None],
        ]
    )
    assert forms(ratings)[:2] == [
        ("P01", "C-001", 1, "client", 4, 3, 5),
        ("P01", "C-001", 1, "practitioner", 3, 2, 4),
    ]
    assert (
        ratings.forms.loc[3, ["goal", "task", "bond"]].isna().all()
    )  # a missed form stays: the session took place
    assert ratings.recognised.loc[0, ["layout", "rows_read", "rows_used", "forms", "sessions"]].tolist() == [
        "paired",
        2,
        2,
        4,
        2,
    ]


def test_paired_items(read):
    header = ["Therapist", "Client", "Session", *(f"{who}{i}" for who in "CT" for i in range(1, 13))]
    ratings, _ = read([header, *(["P01", "C-001", n, *ANSWERS, *reversed(ANSWERS)] for n in range(1, 7))])
    assert ratings.recognised.loc[0, "layout"] == "paired items"
    assert ratings.forms["rater"].tolist() == ["client", "practitioner"] * 6
    assert ratings.forms["item_1"].tolist() == [5, 3] * 6


def test_two_sheets_take_the_rater_from_their_names(workbook):
    header = ["Therapist", "Client", "Session", "Instrument", "Goal", "Task", "Bond"]
    rows = [header, ["P01", "C-001", 1, "wai-sr", 4, 3, 5]]
    ratings, problems = read_workbooks(workbook({"Client ratings": rows, "Therapist ratings": rows}))
    assert ratings.forms["rater"].tolist() == ["client", "practitioner"]
    assert ratings.recognised["layout"].tolist() == ["two sheets"] * 2
    assert len(problems) == 0


def test_raters_may_be_split_over_text_files():
    text = "Therapist,Client,Session,Instrument,Goal,Task,Bond\nP01,C-001,1,wai-sr,4,3,5\n"
    ratings, problems = read_workbooks(
        [("client.csv", text.encode()), ("therapist.csv", (text + "\n").encode())]
    )
    assert ratings.forms["rater"].tolist() == ["client", "practitioner"]
    assert len(problems) == 0


def test_one_side_with_items_and_the_other_with_scores_are_both_read(read):
    header = [
        "Therapist",
        "Client",
        "Session",
        *(f"C{i}" for i in range(1, 13)),
        "Therapist goal",
        "Therapist task",
        "Therapist bond",
    ]
    rows = [header, *(["P01", "C-001", n, *ANSWERS, 2, 3, 4] for n in range(1, 7))]
    ratings, problems = read(rows, instrument={"practitioner": "wai-sr"})
    assert ratings.forms["rater"].tolist() == ["client", "practitioner"] * 6
    assert ratings.forms["goal"].tolist()[1::2] == [2] * 6
    assert len(problems) == 0


def test_titles_blank_rows_and_columns_before_the_header(read, scores_header):
    rows = [
        [None, "Alliance ratings, spring"],
        [],
        [None, None, *scores_header],
        [],
        [None, None, "P01", "C-001", 1, "client", "wai-sr", 4, 3, 9],
    ]
    ratings, problems = read(rows)
    assert ratings.recognised.loc[0, "header_row"] == 3
    assert problems["cell"].tolist() == ["J5"]


def test_cells_keep_their_true_address_when_the_sheet_starts_far_from_a1(workbook, scores_header):
    rows = [[]] * 9 + [
        [None] * 30 + scores_header,
        [None] * 30 + ["P01", "C-001", 1, "client", "wai-sr", 4, 3, 9],
    ]
    _, problems = read_workbooks(workbook({"Ratings": rows}))
    assert problems["cell"].tolist() == ["AL11"]


def test_goal_task_bond_under_merged_raters(read):
    rows = [
        [None, None, None, None, "Client", None, None, "Therapist", None, None],
        ["Therapist", "Client", "Session", "Instrument", "Goal", "Task", "Bond", "Goal", "Task", "Bond"],
        ["P01", "C-001", 1, "wai-sr", 4, 3, 5, 3, 2, 4],
    ]
    ratings, problems = read(rows)
    assert forms(ratings) == [
        ("P01", "C-001", 1, "client", 4, 3, 5),
        ("P01", "C-001", 1, "practitioner", 3, 2, 4),
    ]
    assert len(problems) == 0


def test_items_headed_by_bare_numbers(read):
    rows = [["Therapist", "Client", "Session", "Rated by", *range(1, 13)]]
    rows += [["P01", f"C-{n}", 1, "client", *ANSWERS] for n in range(6)]
    ratings, _ = read(rows)
    assert ratings.recognised.loc[0, "layout"] == "long items"
    assert ratings.forms["item_12"].tolist() == [3] * 6


def test_other_languages(read):
    rows = [
        ["Behandlerin", "Klient", "Sitzung", "Ausgefüllt von", "Fragebogen", "Ziel", "Aufgabe", "Bindung"]
    ]
    ratings, problems = read(
        [*rows, ["P01", "C-001", "Sitzung 2", "Klientin", "WAI-SR", "4,5", "3", "k. A."]]
    )
    assert forms(ratings)[0][:6] == ("P01", "C-001", 2, "client", 4.5, 3)
    assert len(problems) == 0


def test_a_profile_settles_unknown_headers(read):
    rows = [["Who treats", "Whom", "Nth", "X", "Y", "Z", "Goal"], ["P01", "C-001", 1, 4, 3, 5, 7]]
    columns = {"who treats": "practitioner", "Whom": "client", "Nth": "session", "Goal": "ignore"}
    columns |= {"X": "client goal", "Y": "client task", "Z": "client bond"}
    ratings, problems = read(rows, columns=columns, instrument="wai-sr")
    assert forms(ratings) == [("P01", "C-001", 1, "client", 4, 3, 5)]
    assert len(problems) == 0


def test_a_header_that_only_the_profile_has_is_pointed_out(read, scores_header):
    _, problems = read(
        [scores_header, ["P01", "C-001", 1, "client", "wai-sr", 4, 3, 5]], columns={"Zeile": "ignore"}
    )
    assert problems["code"].tolist() == ["profile_header_not_found"]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (["Client", "Session", "Rated by", "Goal", "Task", "Bond"], "column_missing"),
        (["Therapist", "Client", "Rated by", "Goal", "Task", "Bond"], "column_missing"),
        (["Therapist", "Client", "Session", "Goal", "Task", "Bond"], "rater_needed"),
        (["Therapist", "Client", "Session", "Rated by", "Goal", "Goal", "Task"], "column_twice"),
    ],
)
def test_a_sheet_of_ratings_that_lacks_something_is_an_error_naming_all_its_rows(read, header, code):
    ratings, problems = read([header, [1] * len(header), [1] * len(header)])
    assert problems["code"].tolist() == [code]
    assert problems["severity"].tolist() == ["error"]
    assert "None of its 2 rows is used" in problems.loc[0, "message"]
    assert ratings.recognised.loc[0, ["rows_read", "rows_used", "rows_left_out"]].tolist() == [2, 0, 2]
    assert len(ratings.forms) == 0


def test_a_near_miss_is_asked_about(read):
    header = ["Terapist", "Client", "Session", "Rated by", "Goal", "Task", "Bond"]
    _, problems = read([header, ["P01", "C-001", 1, "client", 3, 3, 3]])
    assert "did you mean therapist?" in problems.loc[0, "message"]


@pytest.mark.parametrize(
    "rows",
    [
        [["Date", "Total"], [datetime.date(2025, 1, 1), 12]],
        [["Shopping", "list"], ["eggs", 12]],
        [["Team", "Notes"], ["north", "x"]],
    ],
)
def test_an_unrelated_sheet_is_a_note_that_says_what_would_be_recognised(read, rows):
    ratings, problems = read(rows, "Other")
    assert problems["code"].tolist() == ["sheet_not_recognised"]
    assert problems["severity"].tolist() == ["note"]
    assert "Rated by" in problems.loc[0, "message"]
    assert ratings.recognised.loc[0, "layout"] == "not recognised"


def test_hidden_sheets_and_rows_are_read_and_said(workbook, scores_header):
    rows = [
        scores_header,
        ["P01", "C-001", 1, "client", "wai-sr", 4, 3, 5],
        ["P01", "C-001", 2, "client", "wai-sr", 4, 3, 5],
    ]
    ratings, problems = read_workbooks(
        workbook({"Empty": [], "Ratings": rows}, hidden=["Ratings"], hidden_rows=[2])
    )
    assert len(ratings.forms) == 2
    assert sorted(problems["code"]) == ["hidden_rows", "hidden_sheet"]
    assert set(problems["severity"]) == {"note"}


def test_unused_columns_are_named(read, scores_header):
    _, problems = read(
        [[*scores_header, "Room", "Bondd"], ["P01", "C-001", 1, "client", "wai-sr", 4, 3, 5, "x", 3]]
    )
    assert problems["code"].tolist() == ["columns_not_used"]
    assert "Room, Bondd" in problems.loc[0, "message"]
    assert "Bondd (did you mean bond?)" in problems.loc[0, "message"]


def test_a_side_that_was_never_filled_in_takes_nothing_from_the_other(read):
    header = ["Therapist", "Client", "Session", *(f"{who}{i}" for who in "CT" for i in range(1, 13))]
    ratings, problems = read([header, *(["P01", "C-001", n, *ANSWERS] for n in range(1, 7))])
    assert len(problems) == 0
    assert ratings.forms["rater"].tolist() == ["client", "practitioner"] * 6
    assert ratings.forms.loc[ratings.forms["rater"] == "practitioner", "item_1"].isna().all()
    assert ratings.recognised.loc[0, "instrument"] == "wai-sr"


def test_an_empty_template_is_no_problem(read, scores_header):
    ratings, problems = read([scores_header])
    assert len(ratings.forms) == 0
    assert ratings.recognised.loc[0, ["layout", "rows_read"]].tolist() == ["long scores", 0]
    assert len(problems) == 0


def test_a_sheet_that_is_not_recognised_is_listed_with_the_reason(workbook, scores_header):
    ratings, _ = read_workbooks(workbook({"Help": [["Fill in one row a form."]], "Ratings": [scores_header]}))
    assert ratings.recognised["layout"].tolist() == ["not recognised", "long scores"]
    assert ratings.recognised.loc[0, "reason"] == "no headers of ratings, markers or cases were found"


def test_headers_merged_down_beside_groups_merged_across(read):
    """As a spreadsheet keeps them: the text of merged cells stands in the first of them."""
    upper = ["Therapist", "Client", "Session", "Instrument", "Client", None, None, "Therapist", None, None]
    lower = [None] * 4 + ["Goal", "Task", "Bond"] * 2
    rows = [["P01", "C-001", n, "wai-sr", 4, 3, 5, 2, 1, 4] for n in (1, 2)]
    for title in ([], [["Ratings of spring"], []]):
        ratings, problems = read([*title, upper, lower, *rows])
        assert len(problems) == 0
        assert forms(ratings)[:2] == [
            ("P01", "C-001", 1, "client", 4, 3, 5),
            ("P01", "C-001", 1, "practitioner", 2, 1, 4),
        ]
        assert ratings.recognised.loc[0, "header_row"] == 2 + len(title)


def test_bare_numbers_below_the_sides_are_each_side_s_items(read):
    upper = [*[None] * 4, "Client WAI-SR", *[None] * 11, "Therapist WAI-SR", *[None] * 11]
    lower = ["Therapist", "Client", "Session", "Instrument", *(str(n) for n in range(1, 13)), *range(1, 13)]
    rows = [["P01", "C-001", n, "wai-sr", *[5] * 12, *[2] * 12] for n in (1, 2)]
    ratings, problems = read([upper, lower, *rows])
    assert len(problems) == 0
    assert ratings.forms[["rater", "item_1", "item_12"]].to_numpy().tolist()[:2] == [
        ["client", 5, 5],
        ["practitioner", 2, 2],
    ]


def test_of_two_columns_for_the_session_the_one_that_holds_days_is_the_date(read, scores_header):
    header = [name if name != "Bond" else "Appointment" for name in scores_header]
    for days, month in ((["2026-02-01", "2026-02-08"], 2), (["25.1.2026", "1.2.2026"], 1)):
        rows = [["P01", "C-001", n, "client", "wai-sr", 4, 3, day] for n, day in enumerate(days, 1)]
        ratings, problems = read([header, *rows])
        assert len(problems) == 0
        assert ratings.forms["date"].dt.month.tolist()[0] == month
        assert ratings.forms["session"].tolist() == [1, 2]
    rows = [["P01", "C-001", n, "client", "wai-sr", 4, 3, n + 7] for n in (1, 2)]
    _, problems = read([header, *rows])
    assert problems["code"].tolist() == ["column_twice"]


def test_a_second_column_that_holds_the_same_says_nothing_more(read):
    upper = [None, None, "Client", None, "Therapist", None]
    lower = ["Therapist", "Client", "Session", "Bond", "Session", "Bond"]
    rows = [["P01", "C-001", n, 4, n, 2] for n in (1, 2)]
    _, problems = read([upper, lower, *rows])
    assert "column_twice" not in set(problems["code"])
    assert problems["code"].tolist() == ["range_needed"] * 2
    _, problems = read([upper, lower, rows[0], ["P01", "C-001", 2, 4, 3, 2]])
    assert problems["code"].tolist() == ["column_twice"]


def test_sessions_above_headers_that_are_merged_down(read):
    upper = ["Therapist", "Client", "Rated by", "Instrument", "Session 1", None, "Session 2", None]
    lower = [None] * 4 + ["Goal", "Bond"] * 2
    ratings, problems = read([upper, lower, ["P01", "C-001", "client", "wai-sr", 1, 2, 3, 4]])
    assert len(problems) == 0
    assert ratings.forms[["session", "goal", "bond"]].to_numpy().tolist() == [[1, 1, 2], [2, 3, 4]]


def test_headers_that_stand_again_further_down_are_no_ratings(read, scores_header):
    rows = [["P01", "C-001", n, "client", "wai-sr", 4, 3, 5] for n in (1, 2)]
    ratings, problems = read([scores_header, rows[0], scores_header, rows[1]])
    assert problems[["severity", "code", "row"]].to_numpy().tolist() == [["note", "headers_again", 3]]
    assert ratings.forms["session"].tolist() == [1, 2]
    assert ratings.questions == ()
    assert ratings.recognised.loc[0, "rows_read"] == 2
