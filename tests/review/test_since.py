"""What has changed between two readings: counted as a slow, obvious comparison counts it, and said in words."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.review import compared, since_words
from alliance_core.review.since import CASE_COLUMNS, FALL_COLUMNS, of_sessions
from alliance_core.tables import SESSIONS, shaped
from tests.measures.made import marker, repeatable
from tests.review.conftest import analysed, case, said


def changes(before, now):
    return compared(analysed(*before), analysed(*now))


def of_case(before, now, client="C-1"):
    return since_words.of_case(changes(before, now).case("P01", client))


FELL = [80, 80, 80, 80, 40]


def test_the_same_ratings_have_not_changed():
    found = changes([case(FELL)], [case(FELL)])
    assert found.cases.columns.tolist() == CASE_COLUMNS
    assert found.falls.columns.tolist() == FALL_COLUMNS
    assert found.falls.empty
    assert not found.cases["changed"].any()
    assert since_words.overview(found, "May") == "Nothing has changed since May."


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (FELL, ""),
        ([*FELL, 42], "1 new session"),
        ([*FELL, 80], "the fall from session 5 is repaired by now; 1 new session"),
        ([*FELL, 80, 90, 90], "the fall from session 5 is repaired and stronger by now; 3 new sessions"),
        ([*FELL, 40, 40, 40], "the fall from session 5 is not repaired by now; 3 new sessions"),
        ([*FELL, 30], "the fall from session 5 has become deeper; 1 new session"),
        ([80, 80, 80, 80, 45], "the fall from session 5 is smaller now; 1 rating was changed"),
        ([80, 80, 80, 80, 80], "the fall from session 5 is not found any more; 1 rating was changed"),
        ([80, 80, 80, 80, 80, 40], "the fall from session 5 is found from session 6 on now; 1 new session; 1 rating was changed"),
        ([80, 80, 80, 80], "the fall from session 5 is not found any more; 1 session is not there any more"),
    ],
)  # fmt: skip
def test_one_case_in_one_line(now, words):
    told = of_case([case(FELL)], [case(now)])
    assert told == words


def test_a_case_that_comes_onto_the_agenda_and_one_that_leaves_it():
    found = changes([case(FELL), case([80] * 4, client="C-2")], [case([*FELL, 80]), case(FELL, client="C-2")])
    assert said(found.cases, "client", "agenda", "reason_then", "changed") == [
        ["C-1", "gone", "open episode", True],
        ["C-2", "new", None, True],
    ]
    assert since_words.of_case(found.case("P01", "C-2")) == (
        "new on the agenda; a fall from session 5 that was not there before; 1 new session"
    )
    assert since_words.off_the_agenda(found) == [("P01", "C-1", "open episode")]
    assert since_words.overview(found, "May") == (
        "Since May: 1 case new on the agenda; 1 case not on it any more; 1 new fall; 1 open fall repaired by now; 2 new sessions."
    )


def test_cases_that_are_in_one_of_them_only():
    found = changes(
        [case(FELL), case(FELL, client="C-2")], [case(FELL, client="C-2"), case(FELL, client="C-3")]
    )
    assert said(found.cases, "client", "case", "new_sessions", "gone_sessions") == [
        ["C-1", "gone", 0, 0],
        ["C-2", "both", 0, 0],
        ["C-3", "new", 0, 0],
    ]
    assert since_words.of_case(found.case("P01", "C-3")) == "this case is new"
    assert since_words.off_the_agenda(found) == []
    assert since_words.overview(found, "May").endswith(
        "1 case is here for the first time and 1 case of then is not in these files."
    )


def test_ratings_of_other_people_are_not_compared():
    found = changes([case(FELL)], [case(FELL, client="C-9")])
    assert not found.comparable
    assert since_words.overview(found, "May") == (
        "There is nothing to compare with: these files hold no case of May."
    )


def test_a_session_that_was_entered_late_is_one_new_session_though_all_later_ones_have_other_numbers():
    late = [one for one in case([80, 80, 80, 80]) if one["session"] != 2]
    before = [{**one, "session": number} for number, one in enumerate(late, 1)]
    assert of_case([before], [case([80, 80, 80, 80])]) == "1 new session"


def test_without_days_sessions_are_known_by_their_number():
    assert of_case([case([80, 80], days=False)], [case([80, 80, 80], days=False)]) == "1 new session"
    assert of_case([case([80, 80], days=False)], [case([80, 80, 80])]) == "1 new session"


def test_a_form_that_came_in_late():
    beside = case([70, 70], rater="practitioner")
    assert of_case([case([80, 80])], [[*case([80, 80]), *beside]]) == "2 forms that were missing came in"


def test_a_marker_that_was_noted_since():
    noted = marker("P01", "C-1", 2, "withdrawal", 4)
    found = compared(analysed(case([80] * 4)), analysed(case([80] * 4), markers=[noted]))
    assert said(found.falls, "start_session", "change", "outcome_now") == [[2, "new", "recorded marker"]]


def test_one_practitioner_alone():
    found = compared(
        analysed(case(FELL)), analysed(case([*FELL, 80]), case(FELL, client="C-2", practitioner="P02"))
    )
    assert said(found.of("P02").cases, "client", "case") == [["C-2", "new"]]
    assert said(found.of("P01").falls, "change") == [["over"]]


# -- against a slow, obvious comparison -------------------------------------------------------------


def slowly(before, now):
    """The counts of each case: sessions one by one."""
    counts = {}
    for key in {(p, c) for p, c, *_ in before} | {(p, c) for p, c, *_ in now}:
        old, new = ([row[2:] for row in rows if row[:2] == key] for rows in (before, now))
        pairs, left_old, left_new = [], list(old), list(new)
        for same in (
            lambda a, b: a[1] is not None and a[1] == b[1],
            lambda a, b: a[0] == b[0] and (a[1] is None or b[1] is None),
        ):
            for a in list(left_old):
                b = next((b for b in left_new if same(a, b)), None)
                if b is not None:
                    pairs.append((a, b))
                    left_old.remove(a)
                    left_new.remove(b)
        forms = [(a[at], b[at]) for a, b in pairs for at in (2, 3)]
        counts[key] = [
            len(left_new),
            len(left_old),
            sum(a is None and b is not None for a, b in forms),
            sum(a is not None and (b is None or abs(a - b) > 1e-9) for a, b in forms),
        ]
    return counts


@st.composite
def readings(draw):
    """Sessions of two cases: number, day (often the same one twice, or none), both overall ratings."""
    rows = []
    for client in ("C-1", "C-2"):
        for number in sorted(draw(st.sets(st.integers(1, 5)))):
            day = draw(st.sampled_from([None, 1, 2, 3, 4]))
            rows.append(
                ("P01", client, number, day, *(draw(st.sampled_from([None, 50.0, 75.0])) for _ in "ab"))
            )
    return rows


def table(rows):
    columns = ["practitioner", "client", "session", "date", "client_overall", "practitioner_overall"]
    frame = pd.DataFrame(rows, columns=columns)
    days = [pd.NaT if day is None or day != day else pd.Timestamp(2025, 1, int(day)) for day in frame["date"]]
    return shaped(frame.assign(date=pd.to_datetime(pd.Series(days, dtype="datetime64[ns]"))), SESSIONS)


@repeatable(60)
@given(readings(), readings())
def test_counts_are_those_of_a_comparison_session_by_session(before, now):
    found = of_sessions(table(before), table(now))
    told = {(p, c): list(map(int, counts)) for p, c, *counts in found.itertuples(index=False)}
    expected = slowly(before, now)
    assert {key: told.get(key, [0, 0, 0, 0]) for key in expected} == expected
    assert set(told) <= set(expected)


@repeatable(8)
@given(st.lists(st.sampled_from([40.0, 60.0, 80.0]), min_size=3, max_size=9), st.integers(0, 4))
def test_more_sessions_of_one_case_change_no_other(values, more):
    rest = case([80, 80, 80, 80, 40, 80], client="C-9")
    found = changes([case(values), rest], [case([*values, *[80] * more]), rest])
    other = found.case("P01", "C-9")
    assert other.falls.empty
    assert not other.cases["changed"].any()
    assert found.case("P01", "C-1").cases["new_sessions"].tolist() == [more]


def test_the_order_of_rows_plays_no_part():
    rng = np.random.default_rng(3)
    forms = [*case([*FELL, 80]), *case(FELL, client="C-2"), *case([80] * 6, client="C-3")]
    mixed = [forms[at] for at in rng.permutation(len(forms))]
    before = [case(FELL)]
    one, other = changes(before, [forms]), changes(before, [mixed])
    pd.testing.assert_frame_equal(one.cases, other.cases)
    pd.testing.assert_frame_equal(one.falls, other.falls)
