"""Sessions without a number are numbered by date, and no correction elsewhere gives them another number."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_core.reading import read_workbooks

HEADER = ["Therapist", "Client", "Date", "Rated by", "Instrument", "Goal", "Task", "Bond"]
KEYS = ["practitioner", "client", "date", "rater"]


def day(number):
    return datetime.date(2025, 3, 1) + datetime.timedelta(number)


def form(number, rater="client", client="C-001"):
    return ["P01", client, day(number), rater, "wai-sr", 4, 3, 5]


def text(rows, header=HEADER):
    return "\n".join(",".join("" if v is None else str(v) for v in row) for row in [header, *rows]).encode()


def numbers(rows):
    ratings, _ = read_workbooks(("a.csv", text(rows)))
    seen = ratings.forms[[*KEYS, "session"]]
    return {tuple(line[:4]): line[4] for line in seen.itertuples(index=False)}


SPOILT = {
    "a mark out of range": (5, 9),
    "a mark that is no number": (6, "good"),
    "an unknown rater": (3, "somebody"),
    "an unknown instrument": (4, "abc-9"),
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_row_that_is_left_out_keeps_its_place_among_the_days(what):
    at, value = SPOILT[what]
    rows = [form(0), form(7), form(14)]
    rows[1][at] = value
    left = numbers(rows)
    assert sorted(left.values()) == [1, 3]
    assert left.items() <= numbers([form(0), form(7), form(14)]).items()


def test_differing_duplicates_keep_their_place_too():
    rows = [form(0), form(7), [*form(7)[:7], 2], form(14)]
    assert sorted(numbers(rows).values()) == [1, 3]


def test_markers_mean_the_same_session_after_a_correction(workbook):
    """What the sheet of markers calls session 3 is the third day, whether or not the second can be used."""
    markers = [["Therapist", "Client", "Session", "Kind"], ["P01", "C-001", 3, "withdrawal"]]
    for bond in (9, 5):
        rows = [HEADER, form(0), [*form(7)[:7], bond], form(14)]
        ratings, _ = read_workbooks(workbook({"Ratings": rows, "markers": markers}))
        assert ratings.forms.set_index("session").loc[3, "date"].date() == day(14)


def test_a_form_finds_the_number_of_its_day_on_a_row_that_is_left_out(workbook):
    numbered = [[*HEADER[:2], "Session", *HEADER[2:]], ["P01", "C-001", 4, *[*form(7)[2:7], 9]]]
    dated = [HEADER, form(7, "therapist")]
    ratings, problems = read_workbooks(workbook({"A": numbered, "B": dated}))
    assert ratings.forms[["session", "rater"]].to_numpy().tolist() == [[4, "practitioner"]]
    assert problems["code"].tolist() == ["out_of_range"]


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_whatever_is_spoilt_the_other_numbers_stay(data):
    places = st.tuples(
        st.integers(0, 6), st.sampled_from(["client", "therapist"]), st.sampled_from(["C-1", "C-2"])
    )
    rows = [form(*place) for place in data.draw(st.lists(places, min_size=2, max_size=14, unique=True))]
    whole = numbers(rows)
    for at in data.draw(st.sets(st.integers(0, len(rows) - 1), max_size=len(rows) - 1)):
        column, value = data.draw(st.sampled_from(list(SPOILT.values())))
        rows[at][column] = value
    assert numbers(rows).items() <= whole.items()


def test_it_is_said_in_words_which_numbers_are_ours(workbook):
    numbered = [[*HEADER[:2], "Session", *HEADER[3:]], ["P01", "C-002", 4, *form(0)[3:]]]
    ratings, problems = read_workbooks(workbook({"A": numbered, "B": [HEADER, form(0)]}))
    assert ratings.recognised["numbered"].tolist() == ["as in the sheet", "by date"]
    assert len(problems) == 0
