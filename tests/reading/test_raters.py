"""Ratings by somebody for whom the instrument is not made are used, and pointed out."""

import pytest

KEYS = ["Therapist", "Client", "Session"]


def items(n, mark=4):
    return [f"Item {i}" for i in range(1, n + 1)], [mark] * n


def long(instrument, n, *raters):
    headers, marks = items(n)
    rows = [["P01", "C-001", session, rater, instrument, *marks] for session, rater in enumerate(raters, 1)]
    return [[*KEYS, "Rated by", "Instrument", *headers], *rows]


@pytest.mark.parametrize(
    ("instrument", "length", "rater", "made_for"),
    [
        ("sai", 6, "practitioner", "client"),
        ("four-lines", 4, "practitioner", "client"),
        ("wai-srt", 10, "client", "practitioner"),
        ("sai", 6, "observer", "client"),
        ("wai-sr", 12, "observer", "client or practitioner"),
    ],
)
def test_each_sheet_says_it_once_for_a_rater_and_an_instrument(read, instrument, length, rater, made_for):
    own = made_for.split()[0]
    ratings, problems = read(long(instrument, length, own, rater, rater))
    assert problems[["severity", "cell", "column", "code"]].to_numpy().tolist() == [
        ["warning", "D3", "Rated by", "rater_of_instrument"]
    ]
    assert problems.loc[0, "message"].startswith(
        f"2 forms are the {rater}'s, and {instrument} is made for the {made_for}. They are used as they stand"
    )
    assert len(ratings.forms) == 3


@pytest.mark.parametrize(
    ("instrument", "length", "raters"),
    [
        ("wai-sr", 12, ("client", "practitioner")),
        ("wai-36", 36, ("client", "practitioner")),
        ("sai", 6, ("client",)),
        ("wai-srt", 10, ("practitioner",)),
    ],
)
def test_raters_of_the_instrument_are_no_problem(read, instrument, length, raters):
    _, problems = read(long(instrument, length, *raters))
    assert "rater_of_instrument" not in set(problems["code"])


def test_scores_given_directly_are_made_for_nobody(read):
    rows = [[*KEYS, "Rated by", "Goal", "Task", "Bond"], ["P01", "C-001", 1, "observer", 4, 4, 4]]
    _, problems = read(rows, range=(1, 5))
    assert len(problems) == 0


def test_a_side_without_a_rater_column_is_named_at_its_first_column(read):
    headers = [*(f"C{i}" for i in range(1, 7)), *(f"T{i}" for i in range(1, 7))]
    rows = [[*KEYS, *headers], *(["P01", "C-001", n, *[4] * 6, *[3] * 6] for n in (1, 2))]
    ratings, problems = read(rows, instrument="sai")
    assert problems[["cell", "code"]].to_numpy().tolist() == [["J2", "rater_of_instrument"]]
    assert len(ratings.forms) == 4


def test_rows_without_an_answer_or_with_an_error_do_not_count(read):
    rows = long("sai", 6, "practitioner", "practitioner", "client")
    rows[1][5:] = [None] * 6
    rows[2][5] = 9
    _, problems = read(rows)
    assert problems["code"].tolist() == ["out_of_range"]
