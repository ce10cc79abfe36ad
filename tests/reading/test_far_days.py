"""A day far from all others, such as a slip in the year, is pointed out with its cell and used as it stands."""

import datetime

from alliance_core.reading import read_workbooks
from alliance_core.settings import Settings

HEADER = ["Therapist", "Client", "Session", "Rated by", "Instrument", "Goal", "Task", "Bond", "Date"]


def form(session, day, rater="client", client="C-001"):
    return ["P01", client, session, rater, "wai-sr", 4, 3, 5, day]


def march(number):
    return datetime.date(2025, 3, number)


WEEKS = [march(4), march(11), march(18), march(25)]
SLIP = datetime.date(2062, 3, 25)


def told(problems):
    return problems[["severity", "cell", "code"]].to_numpy().tolist()


def test_a_slip_in_the_year_is_warned_of_at_its_cell(read):
    rows = [form(n, day) for n, day in enumerate([*WEEKS[:3], SLIP], 1)]
    ratings, problems = read([HEADER, *rows])
    assert told(problems) == [["warning", "I5", "date_far"]]
    assert problems.loc[0, "message"].startswith(
        "The day 2062-03-25 lies 37 years from the nearest other session: check the year."
    )
    assert ratings.forms["date"].max().date() == SLIP


def test_both_forms_of_a_session_may_have_it_and_do_not_support_each_other(read):
    rows = [form(n, day) for n, day in enumerate(WEEKS, 1)]
    _, problems = read([HEADER, *rows, form(5, SLIP), form(5, SLIP, "therapist")])
    assert told(problems) == [["warning", "I6", "date_far"], ["warning", "I7", "date_far"]]


def test_one_of_two_forms_of_a_session_may_have_it(read):
    rows = [form(n, day) for n, day in enumerate(WEEKS, 1)]
    _, problems = read([HEADER, *rows, form(4, SLIP, "therapist")])
    assert told(problems) == [["warning", "I6", "date_far"]]


def test_rows_that_are_left_out_support_nothing(read):
    rows = [form(n, day) for n, day in enumerate(WEEKS, 1)]
    spoilt = form(6, SLIP)
    spoilt[5] = 9
    _, problems = read([HEADER, *rows, form(5, SLIP), spoilt])
    assert told(problems) == [["warning", "I6", "date_far"], ["error", "F7", "out_of_range"]]


def test_sessions_that_are_columns_name_the_cell_of_their_own_date(read):
    headers = ["Therapist", "Client", "Rated by", "Instrument"]
    for n in range(1, 5):
        headers += [f"S{n} date", f"S{n} overall"]
    days = [*WEEKS[:3], SLIP]
    row = ["P01", "C-001", "client", "wai-sr", *(value for day in days for value in (day, 4))]
    ratings, problems = read([headers, row])
    assert ratings.forms["session"].tolist() == [1, 2, 3, 4]
    assert told(problems) == [["warning", "K2", "date_far"]]


def test_what_is_far_is_a_setting(read, workbook):
    rows = [form(n, day) for n, day in enumerate([*WEEKS, march(31) + datetime.timedelta(60)], 1)]
    content = workbook({"Ratings": [HEADER, *rows]})
    assert len(read_workbooks(content)[1]) == 0
    stricter = Settings.model_validate({"readings": {"far_days": 30}})
    _, problems = read_workbooks(content, settings=stricter)
    assert told(problems) == [["warning", "I6", "date_far"]]
    assert "lies 66 days from" in problems.loc[0, "message"]
