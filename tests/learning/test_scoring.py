"""Marks against the truth: by hand at every boundary, and against a slow version that loops over plain lists."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.learning.exercises import Mark, as_marks
from alliance_core.learning.scoring import Beside, Score, beside, score
from tests.measures.made import repeatable


def marks(*rows):
    return pd.DataFrame(rows, columns=["series", "start", "back"]).astype("Int64")


def truth(*rows):
    return pd.DataFrame(rows, columns=["series", "start", "back", "last"]).astype("Int64")


REPAIRED, NOT = (1, 6, 9, 8), (1, 6, None, 9)


@pytest.mark.parametrize(
    ("start", "near", "found"),
    [(5, 1, True), (4, 1, False), (6, 0, True), (5, 0, False), (8, 1, True), (9, 1, False)],
)
def test_a_mark_belongs_from_just_before_the_start_to_the_last_lower_session(start, near, found):
    got = score(marks((1, start, None)), truth(REPAIRED), [1], near)
    assert (got.found, got.missed, got.false_alarms) == ((1, 0, 0) if found else (0, 1, 1))


@pytest.mark.parametrize(
    ("planted", "back", "right"),
    [
        (REPAIRED, 9, 1),
        (REPAIRED, 10, 1),
        (REPAIRED, 8, 1),
        (REPAIRED, 11, 0),
        (REPAIRED, 7, 0),
        (REPAIRED, None, 0),
        (NOT, None, 1),
        (NOT, 9, 0),
    ],
)
def test_what_followed_is_right_near_the_session_or_where_both_say_not_back(planted, back, right):
    assert score(marks((1, 6, back)), truth(planted), [1], 1) == Score(1, 1, 1, 0, right)


def test_a_mark_where_nothing_was_planted_and_a_series_left_alone():
    assert score(marks((1, 4, 5)), truth(), [1, 2], 1) == Score(2, 0, 0, 1, 0)
    assert score(marks(), truth(), [1], 1) == Score(1, 0, 0, 0, 0)
    assert score(marks(), truth(REPAIRED), [1], 1) == Score(1, 1, 0, 0, 0)


def test_several_marks_in_a_series_are_one_false_alarm_and_the_first_tells_what_followed():
    many = marks((1, 2, None), (1, 7, None), (1, 5, 9), (1, 12, None))
    assert score(many, truth(REPAIRED), [1], 1) == Score(1, 1, 1, 1, 1)


def test_only_series_that_were_looked_at_count():
    assert score(marks((2, 6, 9)), truth(REPAIRED, (2, 6, 9, 8)), [2], 1) == Score(1, 1, 1, 0, 1)


def test_beside_by_hand():
    mine, rule = marks((1, 5, None), (2, 5, None), (3, 4, None)), marks((1, 6, None), (2, 7, 8), (4, 3, None))
    assert beside(mine, rule, [1, 2, 3, 4, 5], 1) == Beside(5, 2, 1, 1, 1, 1)
    assert beside(mine, rule, [1, 2, 3, 4, 5], 2) == Beside(5, 2, 2, 1, 1, 1)
    assert beside(marks(), marks(), [1], 1) == Beside(1, 0, 0, 0, 0, 1)


def test_answers_become_marks():
    assert as_marks({3: Mark(4, 6), 1: None, 2: Mark(5)}).to_dict("list") == {
        "series": [3, 2],
        "start": [4, 5],
        "back": [6, None],
    }
    assert as_marks({}).empty


def slow_score(mine, planted, looked_at, near):
    """The same, one series and one rupture at a time."""
    found = followed = count = astray = 0
    for series in looked_at:
        own = sorted(mark for mark in mine if mark[0] == series)
        belonging = set()
        for _, start, back, last in (one for one in planted if one[0] == series):
            count += 1
            inside = [mark for mark in own if start - near <= mark[1] <= last]
            belonging |= set(inside)
            if inside:
                found += 1
                said = inside[0][2]
                if said == back == 0 or (said and back and abs(said - back) <= near):
                    followed += 1
        astray += any(mark not in belonging for mark in own)
    return Score(len(looked_at), count, found, astray, followed)


def slow_beside(first, second, looked_at, near):
    both = same = one = other = neither = 0
    for series in looked_at:
        mine = [mark[1] for mark in first if mark[0] == series]
        rule = [mark[1] for mark in second if mark[0] == series]
        both += bool(mine and rule)
        same += any(abs(a - b) <= near for a in mine for b in rule)
        one += bool(mine and not rule)
        other += bool(rule and not mine)
        neither += not mine and not rule
    return Beside(len(looked_at), both, same, one, other, neither)


def known(rows):
    """0 is "not back": no session has that number."""
    return [
        tuple(None if column == 2 and cell == 0 else cell for column, cell in enumerate(row)) for row in rows
    ]


# In a series no two ruptures and no two marks begin at the same session.
begun = {"max_size": 8, "unique_by": lambda row: row[:2]}
some_marks = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 9), st.integers(0, 9)), **begun)
some_truth = st.lists(
    st.tuples(st.integers(1, 4), st.integers(1, 9), st.integers(0, 9), st.integers(1, 9)), **begun
)
looked = st.lists(st.integers(1, 4), unique=True)


@repeatable(200)
@given(some_marks, some_truth, looked, st.integers(0, 3))
def test_fast_equals_slow(mine, planted, looked_at, near):
    fast = score(marks(*known(mine)), truth(*known(planted)), looked_at, near)
    assert fast == slow_score(mine, planted, looked_at, near)


@repeatable(100)
@given(some_marks, some_marks, looked, st.integers(0, 3))
def test_beside_fast_equals_slow(first, second, looked_at, near):
    fast = beside(marks(*known(first)), marks(*known(second)), looked_at, near)
    assert fast == slow_beside(first, second, looked_at, near)
