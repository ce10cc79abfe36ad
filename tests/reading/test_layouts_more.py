"""Sheets for each practitioner or case, sessions as columns, four lines, exports of survey tools."""

import pytest

from alliance_core.reading import read_workbooks
from alliance_core.reading.session_columns import session_in
from alliance_core.reading.sheet_names import id_in

ANSWERS = [5, 4, 3, 5, 4, 3, 5, 4, 3, 5, 4, 1]


def forms(ratings, *more):
    columns = ["practitioner", "client", "session", "rater", *more]
    return [tuple(row) for row in ratings.forms[columns].itertuples(index=False)]


# -- a sheet for each practitioner or case -------------------------------------------------------------

SCORES = ["Client", "Session", "Rated by", "Instrument", "Goal", "Task", "Bond"]
ROW = ["C-001", 1, "client", "wai-sr", 4, 3, 5]


def test_a_sheet_for_each_practitioner(workbook):
    ratings, problems = read_workbooks(workbook({"P07": [SCORES, ROW], "Therapist X-9": [SCORES, ROW]}))
    assert forms(ratings) == [("P07", "C-001", 1, "client"), ("X-9", "C-001", 1, "client")]
    assert ratings.recognised["layout"].tolist() == ["sheet per practitioner"] * 2
    assert "the sheet's name is the practitioner, P07" in ratings.recognised.loc[0, "reason"]
    assert len(problems) == 0


def test_a_sheet_for_each_case_in_a_practitioner_s_own_file(workbook):
    name, content = workbook({"C-017": [SCORES[1:], ROW[1:]]})
    ratings, problems = read_workbooks(("P07.xlsx", content))
    assert forms(ratings) == [("P07", "C-017", 1, "client")]
    assert len(problems) == 0
    ratings, problems = read_workbooks((name, content))  # ratings.xlsx says nothing of the practitioner
    assert len(ratings.forms) == 0
    assert problems["code"].tolist() == ["column_missing"]


def test_a_text_file_for_each_practitioner():
    content = "\n".join(",".join(map(str, row)) for row in (SCORES, ROW)).encode()
    ratings, _ = read_workbooks(("P07.csv", content))
    assert forms(ratings) == [("P07", "C-001", 1, "client")]


@pytest.mark.parametrize(
    "name", ["Ratings", "Sheet1", "Q1", "Jan 2025", "Miller", "C-001", "W2", "Therapist ratings"]
)
def test_a_name_that_is_not_plainly_an_id_is_asked_about(read, name):
    ratings, problems = read([SCORES, ROW], name)
    assert len(ratings.forms) == 0
    assert problems["code"].tolist() == ["column_missing"]
    assert "name each sheet by the practitioner's code" in problems.loc[0, "message"]


def test_a_case_s_code_does_not_say_whose_ratings_they_are(read):
    header = ["Therapist", "Session", "Goal", "Task", "Bond"]
    _, problems = read([header, ["P01", 1, 4, 3, 5]], "C-017", instrument="wai-sr")
    assert problems["code"].tolist() == ["rater_needed"]


@pytest.mark.parametrize(
    ("name", "field", "found"),
    [
        ("P07", "practitioner", "P07"),
        ("p 7", "practitioner", "p 7"),
        ("Therapeutin: K-01", "practitioner", "K-01"),
        ("T12", "practitioner", "T12"),
        ("T12", "client", ""),
        ("C-017", "client", "C-017"),
        ("Fall 12", "client", "12"),
        ("2024", "client", ""),
        ("März 24", "client", ""),
        ("WAI12", "client", ""),
    ],
)
def test_ids_in_names(name, field, found):
    assert id_in(name, field) == found


# -- sessions as columns -------------------------------------------------------------------------------


def test_a_matrix_of_one_score(read):
    rows = [
        ["Therapist", "Client", "Rated by", "S1", "S2", "Session 3"],
        ["P01", "C-001", "client", 4, None, 3.5],
        ["P01", "C-001", "therapist", 2, 3, "n/a"],
    ]
    ratings, problems = read(rows, range=(1, 5))
    assert forms(ratings, "overall", "instrument") == [
        ("P01", "C-001", 1, "client", 4, "total"),
        ("P01", "C-001", 1, "practitioner", 2, "total"),
        ("P01", "C-001", 2, "practitioner", 3, "total"),
        ("P01", "C-001", 3, "client", 3.5, "total"),
    ]
    assert ratings.recognised.loc[0, ["layout", "rows_read", "rows_used"]].tolist() == [
        "session matrix",
        2,
        2,
    ]
    assert "S2: overall of session 2" in ratings.recognised.loc[0, "columns"]
    assert len(problems) == 0


def test_means_and_sums_of_a_matrix_are_no_further_session(read):
    header = ["Therapist", "Client", "Rated by", "Instrument", "S1", "S2", "Mean", "Total"]
    ratings, problems = read([header, ["P01", "C-001", "client", "wai-sr", 4, 2, 3, 6]])
    assert ratings.forms[["session", "overall"]].to_numpy().tolist() == [[1, 4], [2, 2]]
    assert problems["code"].tolist() == ["columns_not_used"]
    assert problems.loc[0, "message"] == "2 columns were not used: Mean, Total."


def test_a_matrix_asks_once_for_the_range_and_names_cells(read):
    rows = [["Therapist", "Client", "Rated by", "S1", "S2"], ["P01", "C-001", "client", 4, 9]]
    ratings, problems = read(rows)
    assert problems["code"].tolist() == ["range_needed"]
    assert len(ratings.forms) == 0
    _, problems = read(rows, range=(1, 5))
    assert problems[["cell", "code"]].to_numpy().tolist() == [["E2", "out_of_range"]]


def test_the_sheet_s_name_says_which_score_and_whose(read):
    rows = [["Therapist", "Client", "S1", "S2"], ["P01", "C-001", 4, 3]]
    ratings, problems = read(rows, "Client bond", range=(1, 5))
    assert forms(ratings, "bond") == [("P01", "C-001", 1, "client", 4), ("P01", "C-001", 2, "client", 3)]
    assert len(problems) == 0


@pytest.mark.parametrize(
    "headers",
    [
        [
            [None] * 4 + ["S1", None, "S2", None],
            ["Therapist", "Client", "Rated by", "Instrument", *["Goal", "Bond"] * 2],
        ],
        [
            [None] * 4 + ["Goal", None, "Bond", None],
            ["Therapist", "Client", "Rated by", "Instrument", *["S1", "S2"] * 2],
        ],
        [["Therapist", "Client", "Rated by", "Instrument", "S1 goal", "S1 bond", "S2 goal", "S2 bond"]],
        [["Therapist", "Client", "Rated by", "Instrument", "goal_s1", "bond_s1", "goal_s2", "bond_s2"]],
    ],
)
def test_facets_and_sessions_in_one_or_two_rows_of_headers(read, headers):
    by_facet = headers[-1][-4:] == ["S1", "S2"] * 2
    row = ["P01", "C-001", "client", "wai-sr", *([1, 3, 2, 4] if by_facet else [1, 2, 3, 4])]
    ratings, problems = read([*headers, row])
    assert forms(ratings, "goal", "bond") == [
        ("P01", "C-001", 1, "client", 1, 2),
        ("P01", "C-001", 2, "client", 3, 4),
    ]
    assert len(problems) == 0


def test_both_raters_beside_each_other_in_a_matrix(read):
    header = ["Therapist", "Client", "S1 client", "S1 therapist", "S2 client", "S2 therapist"]
    ratings, _ = read([header, ["P01", "C-001", 4, 3, 2, 1]], range=(1, 5))
    assert forms(ratings, "overall") == [
        ("P01", "C-001", 1, "client", 4),
        ("P01", "C-001", 1, "practitioner", 3),
        ("P01", "C-001", 2, "client", 2),
        ("P01", "C-001", 2, "practitioner", 1),
    ]


def test_a_session_that_stands_twice_is_asked_about(read):
    _, problems = read(
        [["Therapist", "Client", "Rated by", "S1", "S2", "Session 2"], ["P01", "C-001", "client", 4, 3, 2]]
    )
    assert problems["code"].tolist() == ["column_twice"]
    assert "overall of session 2: S2 and Session 2" in problems.loc[0, "message"]


@pytest.mark.parametrize("text", ["Item 3", "WAI-S 3", "WAI_SR_3", "S", "S0", "Sum 3", "Score"])
def test_headers_that_name_no_session(text):
    assert session_in(text) is None


@pytest.mark.parametrize(
    "names",
    [("P07 client", "P07 therapist"), ("P07_C", "P07_T"), ("P07 client ratings", "P07 - therapist form")],
)
def test_a_sheet_for_each_practitioner_and_rater(workbook, names):
    header = ["Client", "Session", "Instrument", "Goal"]
    sheets = {name: [header, ["C-001", 1, "wai-sr", mark]] for mark, name in enumerate(names, 2)}
    ratings, problems = read_workbooks(workbook(sheets))
    assert forms(ratings, "goal") == [
        ("P07", "C-001", 1, "client", 2),
        ("P07", "C-001", 1, "practitioner", 3),
    ]
    assert len(problems) == 0


def test_a_case_s_sheet_may_say_whose_ratings_it_holds(workbook):
    header = ["Therapist", "Session", "Instrument", "Goal"]
    sheets = {f"C-017 {who}": [header, ["P01", 1, "wai-sr", 4]] for who in ("client", "therapist")}
    ratings, problems = read_workbooks(workbook(sheets))
    assert forms(ratings) == [("P01", "C-017", 1, "client"), ("P01", "C-017", 1, "practitioner")]
    assert len(problems) == 0


# -- four lines ----------------------------------------------------------------------------------------

LINES = ["Relationship", "Goals and topics", "Approach or method", "Overall"]


def test_four_lines_are_the_client_s(read):
    rows = [["Therapist", "Client", "Session", *LINES], ["P01", "C-001", 1, 9.5, 0, "8,2", 10]]
    ratings, problems = read(rows)
    assert forms(ratings, "instrument", "item_1", "item_2", "item_3", "item_4") == [
        ("P01", "C-001", 1, "client", "four-lines", 9.5, 0, 8.2, 10)
    ]
    assert ratings.recognised.loc[0, "layout"] == "four lines"
    assert "Overall: item 4" in ratings.recognised.loc[0, "columns"]
    assert len(problems) == 0


def test_the_four_lines_sum_is_checked_and_no_fifth_line(read):
    header = ["Therapist", "Client", "Session", "Total", *LINES]
    rows = [["P01", "C-001", 1, 27.7, 9.5, 0, 8.2, 10], ["P01", "C-001", 2, 20, 9.5, 0, 8.2, 10]]
    ratings, problems = read([header, *rows])
    assert ratings.forms[["item_1", "item_4"]].to_numpy().tolist() == [[9.5, 10]] * 2
    assert problems[["cell", "code"]].to_numpy().tolist() == [["D3", "score_mismatch"]]
    _, problems = read([[*header, "Sum"], [*rows[0], 27.7]])
    assert problems["code"].tolist() == ["column_twice"]
    _, problems = read([[*header[:3], "Overall", *LINES], rows[0]])
    assert problems["code"].tolist() == ["column_twice"]


def test_three_of_the_lines_are_not_taken_for_four(read):
    ratings, problems = read([["Therapist", "Client", "Session", *LINES[:3]], ["P01", "C-001", 1, 9, 8, 8]])
    assert len(ratings.forms) == 0
    assert problems["code"].tolist() == ["sheet_not_recognised"]


# -- exports of survey tools ---------------------------------------------------------------------------

NAMES = [
    "StartDate",
    "ResponseId",
    "RecordedDate",
    "Q1",
    "Q2",
    "Q3",
    "Q4",
    *(f"Q5_{i}" for i in range(1, 13)),
]
TEXTS = [
    "Start Date",
    "Response ID",
    "Recorded Date",
    "Therapist code",
    "Client code",
    "Which session was this?",
]
TEXTS += [
    "Are you the client or the therapist?",
    *(f"How well does this fit? - Line {i}" for i in range(1, 13)),
]
IDS = [f'{{"ImportId":"QID{i}"}}' for i in range(len(NAMES))]


def answered(n):
    stamp = f"2025-01-0{n} 10:15:00"
    return [stamp, f"R_{n}", stamp, "P01", "C-001", str(n), "Client", *map(str, ANSWERS)]


@pytest.mark.parametrize("headers", [[NAMES, TEXTS, IDS], [NAMES, TEXTS]])
def test_survey_tool(read, headers):
    ratings, problems = read([*headers, *map(answered, range(1, 7))], "Export")
    assert forms(ratings, "item_1", "item_12")[0] == ("P01", "C-001", 1, "client", 5, 1)
    assert ratings.forms["date"].dt.day.tolist() == [1, 2, 3, 4, 5, 6]  # the day on which it was recorded
    assert ratings.recognised.loc[0, ["layout", "header_row", "rows_read"]].tolist() == [
        "survey export",
        1,
        6,
    ]
    assert ratings.recognised.loc[0, "instrument"] == "wai-sr"
    assert problems["code"].tolist() == ["columns_not_used"]  # what the tool itself added


def test_a_column_of_words_for_both_raters_says_whose_ratings_they_are(read):
    header = ["Therapist", "Client", "Session", "Instrument", "Bond", "zurv", "blix"]
    rows = [["P01", "C-001", n, "wai-sr", 4, who, n] for n in (1, 2) for who in ("Client", "Th")]
    ratings, problems = read([header, *rows])
    assert ratings.forms["rater"].tolist() == ["client", "practitioner"] * 2
    assert "column F holds only Client and Th: whose rating it is" in ratings.recognised.loc[0, "reason"]
    assert "zurv: rater" in ratings.recognised.loc[0, "columns"]
    assert problems["code"].tolist() == ["columns_not_used"]


@pytest.mark.parametrize("words", [("Client", "Client"), ("Client", "mak"), ("Client", None)])
def test_a_column_that_names_one_rater_or_something_else_does_not_say_it(read, words):
    header = ["Therapist", "Client", "Session", "Instrument", "Bond", "zurv"]
    rows = [["P01", "C-001", n, "wai-sr", 4, who] for n, who in enumerate(words, 1)]
    _, problems = read([header, *rows])
    assert problems["code"].tolist() == ["rater_needed"]


def test_two_columns_of_such_words_are_asked_about(read):
    header = ["Therapist", "Client", "Session", "Instrument", "Bond", "zurv", "plok"]
    rows = [["P01", "C-001", n, "wai-sr", 4, who, who] for n in (1, 2) for who in ("Client", "Th")]
    _, problems = read([header, *rows])
    assert problems["code"].tolist() == ["rater_needed"]


def test_headers_that_repeat_themselves_as_code_and_question(read):
    names = ["therapist. Therapist code", "client. Client code", "session. Session number", "rater. Rated by"]
    header = ["id. Response ID", *names, *(f"WAI[SQ{n:03}]. Item {n}" for n in range(1, 13))]
    rows = [[n, "P01", "C-001", n, "client", *ANSWERS] for n in range(1, 7)]
    ratings, problems = read([header, *rows])
    assert forms(ratings, "item_1", "item_12")[0] == ("P01", "C-001", 1, "client", 5, 1)
    assert problems["code"].tolist() == ["columns_not_used"]


WHO = {"client": "I am the client", "therapist": "I am the therapist"}


def test_numbered_statements_are_items_and_the_tool_s_last_day_is_the_form_s(read):
    own = ["Respondent ID", "Collector ID", "IP Address", "Start Date", "End Date"]
    asked = ["Therapist code", "Client code", "Session number", "Who fills this in?"]
    header = [*own, *asked, *(f"{n}. Some words, and {n + 3} more" for n in range(1, 13))]
    rows = [
        [n, 1, "10.0.0.1", "2026-02-01", "2026-02-02", "P01", "C-001", n, who, *ANSWERS]
        for n in range(1, 7)
        for who in WHO.values()
    ]
    ratings, problems = read([header, *rows])
    assert forms(ratings, "item_1", "item_12")[0] == ("P01", "C-001", 1, "client", 5, 1)
    assert ratings.forms["date"].dt.day.unique().tolist() == [2]
    assert problems["code"].tolist() == ["columns_not_used"]
    assert "did you mean" not in problems.loc[0, "message"]
    without = [row[:5] + row[6:] for row in [header, *rows]]
    ratings, _ = read(without)
    assert (
        ratings.questions[0].words == "Which column holds the practitioner? Or are all rows one's, and whose?"
    )


def test_days_of_treatment_are_no_days_of_a_form(read):
    header = ["Therapist", "Client", "Session", "Rated by", "Instrument", "Bond", "End date"]
    ratings, _ = read([header, ["P01", "C-001", 1, "client", "wai-sr", 4, "2026-02-02"]])
    assert ratings.forms["date"].isna().all()


def test_fewer_numbered_statements_than_any_form_has_are_no_items(read):
    header = ["Therapist", "Client", "Session", "Rated by", *(f"{n}. Some words" for n in range(1, 9))]
    ratings, _ = read([header, ["P01", "C-001", 1, "client", *ANSWERS[:8]]])
    assert ratings.recognised.loc[0, "layout"] == "not recognised"


def test_a_number_of_the_tool_s_is_no_rater(read):
    header = ["Respondent ID", "Therapist", "Client", "Session", "Rated by", "Instrument", "Bond"]
    ratings, _ = read([header, [77, "P01", "C-001", 1, "client", "wai-sr", 4]])
    assert forms(ratings, "bond") == [("P01", "C-001", 1, "client", 4)]


def test_cells_of_a_survey_export_keep_their_place(read):
    rows = [answered(n) for n in range(1, 7)]
    rows[1][8] = "9"
    _, problems = read([NAMES, TEXTS, IDS, *rows], "Export")
    errors = problems.loc[problems["severity"] == "error"]
    assert errors[["cell", "column"]].to_numpy().tolist() == [["I5", "Q5_2"]]


def test_two_blocks_of_items_are_asked_about(read):
    names = [*NAMES, *(f"Q6_{i}" for i in range(1, 13))]
    texts = [*TEXTS, *(f"And this? - Line {i}" for i in range(1, 13))]
    ids = [f'{{"ImportId":"QID{i}"}}' for i in range(len(names))]
    ratings, problems = read([names, texts, ids, *([*answered(n), *ANSWERS] for n in range(1, 7))], "Export")
    assert len(ratings.forms) == 0
    assert "column_twice" in problems["code"].tolist()
    assert "Q5_1 and Q6_1" in problems.loc[problems["code"] == "column_twice", "message"].iloc[0]


def test_answers_below_one_row_of_headers_are_no_question_texts(read):
    header = ["Therapist", "Client", "Session", "Rated by", *(f"Q{i}" for i in range(1, 13))]
    words = ["Always", "Very often", "Sometimes", "Seldom", "Fairly often"]
    rows = [["P01", f"C-{n}", 1, "client", *(words[(n + i) % 5] for i in range(12))] for n in range(6)]
    ratings, _ = read([header, *rows])
    assert len(ratings.forms) == 6
