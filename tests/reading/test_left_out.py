"""The kinds of errors add up to the rows left out: each row is counted once, whatever is wrong with it."""

from alliance_core.reading import read_workbooks

HEADER = ["Practitioner", "Client", "Session", "Rated by", "Instrument", "Goal", "Task", "Bond"]


def form(session, goal=4, task=3, bond=5, rater="client", instrument="wai-sr"):
    return ["P01", "C-001", session, rater, instrument, goal, task, bond]


def counted(ratings):
    return dict(zip(ratings.left_out["code"], ratings.left_out["rows"], strict=True))


def test_an_error_that_stands_for_a_whole_sheet_counts_all_its_rows(workbook):
    unclear = [HEADER[:3] + HEADER[5:], *(["P01", "C-002", n, 4, 4, 4] for n in range(24))]
    ratings, problems = read_workbooks(workbook({"Ratings": [HEADER, form(1)], "Data": unclear}))
    assert problems["code"].tolist() == ["rater_needed"]
    assert counted(ratings) == {"rater_needed": 24}


def test_a_row_with_several_errors_counts_with_the_first(read):
    ratings, _ = read([HEADER, form(1, goal=9, task="good", bond=8), form(None, bond=7), form(3)])
    assert counted(ratings) == {"out_of_range": 1, "session_missing": 1}


def test_rows_that_are_named_and_refused_with_their_sheet_count_once(read):
    rows = [form(n, 9, 9, 9) for n in range(1, 6)]
    rows[0][3] = "somebody"
    ratings, problems = read([HEADER, *rows])
    assert set(problems["code"]) == {"rater_unreadable", "range_conflict"}
    assert counted(ratings) == {"rater_unreadable": 1, "range_conflict": 4}


def test_sheets_add_up(workbook):
    sheets = {
        "A": [HEADER, form(1, bond=9), form(2)],
        "B": [HEADER, form(3, bond=9), form(4, rater=None)],
        "C": [[*HEADER, "Bond "], [*form(5), 5]],
    }
    ratings, _ = read_workbooks(workbook(sheets))
    assert counted(ratings) == {"column_twice": 1, "out_of_range": 2, "rater_missing": 1}
    assert ratings.recognised["rows_left_out"].tolist() == [1, 2, 1]


def test_without_errors_nothing_is_left_out(read):
    assert counted(read([HEADER, form(1)])[0]) == {}
    assert counted(read_workbooks(("a.xlsx", b"no workbook"))[0]) == {}
