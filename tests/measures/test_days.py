"""A slip in the year does not decide which day is the newest, and so which cases are quiet."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.analysis import analyse
from alliance_core.measures.days import away
from alliance_core.settings import ReadingSettings
from tests.measures.made import TEN, overall, ratings, records

RULE = ReadingSettings()
START = datetime(2025, 3, 4)


def days(*numbers):
    """Days counted from the start; None is unknown."""
    return np.array(
        ["NaT" if n is None else START + timedelta(days=n) for n in numbers], dtype="datetime64[us]"
    )


def far(*numbers, rule=RULE):
    return [None if np.isnan(one) else one for one in away(days(*numbers), rule).tolist()]


WEEKS = [7 * week for week in range(10)]


@pytest.mark.parametrize("slip", [13_521, -3_650, 300])
def test_a_single_day_in_another_year_is_far(slip):
    nearest = slip - 63 if slip > 0 else -slip
    assert far(*WEEKS, slip) == [*[None] * 10, nearest]


def test_half_a_year_is_not_far_and_one_day_more_is():
    assert far(*WEEKS, 63 + 180) == [None] * 11
    assert far(*WEEKS, 63 + 181) == [*[None] * 10, 181]


def test_several_slips_are_far_and_told_the_nearest_day_of_all():
    assert far(*WEEKS, 5000, 9000, None) == [*[None] * 10, 4000, 4000, None]


def test_a_far_day_between_two_stretches_is_told_the_nearer_one():
    later = [1000 + week for week in WEEKS]
    assert far(*WEEKS, *later, 400) == [*[None] * 20, 400 - 63]


def test_two_sessions_together_are_no_slip_until_they_are_few_of_very_many():
    assert far(*WEEKS, 5000, 5007) == [None] * 12
    many = [n % 700 for n in range(198)]
    assert far(*many, 5000, 5007)[-2:] == [5000 - 197, 5007 - 7 - 197]
    assert far(*many[:-1], 5000, 5007)[-2:] == [None, None]


def test_a_share_is_reached_whatever_its_last_bit():
    """.29·100 is 28.999999999999996 to a computer."""
    days = [*range(71), *(5000 + n for n in range(29))]
    assert far(*days, rule=ReadingSettings(far_share=0.29))[71:] == [4930] * 29
    assert far(*days, rule=ReadingSettings(far_share=0.28)) == [None] * 100


def test_where_days_are_few_or_scattered_none_is_far():
    assert far(0, 5000) == [None, None]
    assert far(0, 400, 800, 1200) == [None] * 4
    assert far(None, 0) == [None, None]
    assert far() == []


@given(st.lists(st.none() | st.integers(0, 40), max_size=12), st.integers(0, 3))
def test_the_order_of_days_plays_no_part_and_less_than_half_is_far(numbers, shift):
    rule = ReadingSettings(far_days=5)
    found = far(*numbers, rule=rule)
    turned = [*numbers[shift:], *numbers[:shift]]
    assert far(*turned, rule=rule) == [*found[shift:], *found[:shift]]
    known = sum(one is not None for one in numbers)
    assert 2 * sum(one is not None for one in found) < max(known, 1)


def case(client, *starts):
    """A case with a session on each of these days."""
    forms = overall(client, [80] * len(starts))
    return [one | {"date": START + timedelta(days=day)} for one, day in zip(forms, starts, strict=True)]


def states(*cases):
    found = analyse(ratings([one for forms in cases for one in forms]), TEN).cases
    return {row["client"]: row["state"] for row in records(found)}


def test_one_slip_makes_no_other_case_quiet():
    forms = [case("C-1", *WEEKS), case("C-2", *WEEKS[:5], 13_521), case("C-3", 0, 7)]
    assert states(*forms) == {"C-1": "active", "C-2": "active", "C-3": "active"}
    assert states(*forms, case("C-4", -30, -23)) == {
        "C-1": "active",
        "C-2": "active",
        "C-3": "active",
        "C-4": "quiet",
    }


def test_a_case_that_has_only_the_slip_is_undated():
    assert states(case("C-1", *WEEKS), case("C-2", 13_521)) == {"C-1": "active", "C-2": None}


def test_a_day_far_before_all_others_is_believed():
    assert states(case("C-1", *WEEKS), case("C-2", -5000)) == {"C-1": "active", "C-2": "quiet"}
