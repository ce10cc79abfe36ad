"""The service as one: every figure by hand and against the slow version, and nothing of a few clients in it."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.analysis import analyse
from alliance_core.measures.service_summary import service_summary
from alliance_core.settings import Settings, SuppressionSettings
from alliance_core.tables import SERVICE_SUMMARY
from tests.measures.made import TEN, overall, ratings, repeatable

FALL, BACK, FLAT = [80, 80, 80, 80, 40, 40], [80, 80, 80, 80, 40, 80], [70, 72, 70, 72, 70, 72]


def service(*courses, staff=3, settings=TEN):
    """A client for each course, with practitioners in turn; a practitioner's form of 75 in the first two sessions of every other client."""
    forms = []
    for number, values in enumerate(courses):
        practitioner, client = f"P{number % staff}", f"C-{number:03}"
        for one in overall(client, values, practitioner=practitioner):
            forms.append(one | {"date": pd.Timestamp(2025, 1, 20) + pd.Timedelta(weeks=2 * one["session"])})
        if number % 2:
            forms += overall(client, [75, 75], practitioner=practitioner, rater="practitioner")
    return analyse(ratings(forms), settings)


def summary(analysis, chance=None):
    return service_summary(
        analysis.cases, analysis.sessions, analysis.own_episodes, analysis.settings, chance
    )


def line(found, figure):
    (row,) = found[found["figure"] == figure].to_dict("records")
    return row


def told(found, figure, *columns):
    return [None if pd.isna(value) else value for value in (line(found, figure)[name] for name in columns)]


def test_a_service_by_hand():
    found = summary(service(*[FALL] * 3, *[BACK] * 2, *[FLAT] * 7))
    assert told(found, "period", "months") == ["2025-02 to 2025-04"]
    assert told(found, "practitioners", "count") == [3]
    assert told(found, "cases", "count") == [12]
    assert told(found, "rated_clients", "count", "of") == [12, 12]
    assert told(found, "sessions", "count") == [72]
    assert told(found, "client_forms", "count", "of", "value", "low") == [72, 72, 100.0, None]
    assert told(found, "practitioner_forms", "count", "of") == [12, 72]
    assert told(found, "clients_with_fall", "count", "of") == [5, 12]
    # Wilson's interval of 5 of 12: (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n) with z = 1.959964
    assert told(found, "clients_with_fall", "value", "low", "high") == pytest.approx(
        [41.6667, 19.3261, 68.0489], abs=1e-3
    )
    assert told(found, "falls", "count", "of") == [5, None]
    assert told(found, "came_back", "count", "of") == [2, 2]
    assert [told(found, figure, "count", "of") for figure in ("repaired", "strengthened", "unrepaired", "open")] == [
        [2, 5], [0, 5], [0, 5], [3, 5]
    ]  # fmt: skip
    assert told(found, "recognised", "count", "of", "value") == [0, 0, None]


def test_what_followed_is_a_share_of_the_falls_that_ended_and_who_noticed_of_those_both_could():
    analysis = service(*[FALL] * 5, *[FLAT] * 7)
    falls = analysis.own_episodes.assign(
        outcome=["repaired", "strengthened", "unrepaired", "open", "ended open"],
        seen_by=["both", "client only", "client only", "unknown", "both"],
    )
    found = service_summary(analysis.cases, analysis.sessions, falls, analysis.settings)
    assert told(found, "came_back", "count", "of") == [2, 3]
    assert told(found, "open", "count", "of") == [2, 5]
    assert told(found, "recognised", "count", "of", "value") == [2, 4, 50]


def test_only_falls_of_the_clients_overall_found_in_ratings_count():
    analysis = service(*[FALL] * 5, *[FLAT] * 7)
    for other in ({"rater": "practitioner"}, {"facet": "goal"}, {"source": "marker"}):
        falls = analysis.own_episodes.assign(**other)
        found = service_summary(analysis.cases, analysis.sessions, falls, analysis.settings)
        assert told(found, "falls", "count") == [0]
        assert told(found, "clients_with_fall", "count", "of") == [0, 12]


def test_of_twelve_clients_no_latest_rating_is_given():
    found = summary(service(*[FLAT] * 12))
    for figure in ("latest_lower", "latest_middle", "latest_upper"):
        assert told(found, figure, "value", "count", "of") == [None, None, 12]


@pytest.mark.parametrize(
    ("clients", "middle", "quarters"),
    [(19, False, False), (20, True, False), (39, True, False), (40, True, True)],
)
def test_a_value_is_given_where_ten_clients_lie_on_either_side(clients, middle, quarters):
    levels = [[float(50 + number)] for number in range(clients)]
    found = summary(service(*levels))
    for figure, share, shown in (("latest_lower", 0.25, quarters), ("latest_middle", 0.5, middle), ("latest_upper", 0.75, quarters)):  # fmt: skip
        value = told(found, figure, "value")[0]
        assert (value is not None) == shown
        if shown:
            below = sum(level[0] <= value for level in levels)
            assert min(below, clients - below) >= 9.5
            assert value == pytest.approx(50 + share * (clients - 1))


@pytest.mark.parametrize(
    ("clients", "staff", "fits"), [(10, 3, True), (9, 3, False), (30, 2, False), (3, 3, False)]
)
def test_too_few_clients_or_practitioners_give_no_figure(clients, staff, fits):
    found = summary(service(*[FLAT] * clients, staff=staff))
    assert found.empty != fits
    assert found.columns.tolist() == SERVICE_SUMMARY.names


def test_where_few_gave_an_overall_rating_nothing_is_told_of_it():
    analysis = service(*[FLAT] * 12)
    few = analysis.sessions.assign(client_goal=analysis.sessions["client_overall"])
    few["client_overall"] = few["client_overall"].where(few["client"] < "C-009")
    found = service_summary(analysis.cases, few, analysis.own_episodes, analysis.settings)
    assert found["figure"].tolist()[-1] == "practitioner_forms"
    assert told(found, "client_forms", "count") == [72]


def test_without_dates_there_is_no_period():
    analysis = service(*[FLAT] * 12)
    found = service_summary(
        analysis.cases, analysis.sessions.assign(date=pd.NaT), analysis.own_episodes, analysis.settings
    )
    assert told(found, "period", "months") == [None]


def test_one_month_is_named_once():
    analysis = service(*[FLAT] * 12)
    one = analysis.sessions.assign(date=pd.Timestamp(2025, 3, 4))
    found = service_summary(analysis.cases, one, analysis.own_episodes, analysis.settings)
    assert told(found, "period", "months") == ["2025-03"]


def test_no_id_is_in_it_and_the_arguments_stay_as_they_are():
    analysis = service(*[FALL] * 12)
    before = analysis.sessions.copy()
    text = summary(analysis).to_csv()
    assert not any(one in text for one in ("C-0", "P0", "P1", "P2"))
    pd.testing.assert_frame_equal(before, analysis.sessions)


def slow(courses, staff, least):
    """The same figures, client by client."""
    there = {
        number: course for number, course in enumerate(courses) if any(mark is not None for mark in course)
    }
    people = {number % staff for number in there}
    known = sum(max(len(course), 2 * (number % 2)) for number, course in enumerate(courses))
    if len(there) < least or len(people) < 3:
        return {}
    latest = sorted([mark for mark in course if mark is not None][-1] for course in there.values())
    marks = sum(mark is not None for course in courses for mark in course)
    found = {"rated_clients": (len(there), len(courses)), "client_forms": (marks, known)}
    for figure, share in (("latest_lower", 0.25), ("latest_middle", 0.5), ("latest_upper", 0.75)):
        place = share * (len(latest) - 1)
        low = math.floor(place)
        high = min(low + 1, len(latest) - 1)
        value = latest[low] + (place - low) * (latest[high] - latest[low])
        found[figure] = value if len(latest) * min(share, 1 - share) >= least else None
    return found


COURSE = st.lists(st.one_of(st.none(), st.integers(0, 100).map(float)), min_size=1, max_size=4)


@repeatable(25)
@given(st.lists(COURSE, min_size=1, max_size=26), st.integers(2, 4))
def test_against_the_slow_version(courses, staff):
    settings = Settings(suppression=SuppressionSettings(min_clients=5), noise=TEN.noise)
    found = summary(service(*courses, staff=staff, settings=settings))
    expected = slow(courses, staff, 5)
    assert found.empty == (not expected)
    for figure, value in expected.items():
        if isinstance(value, tuple):
            assert tuple(told(found, figure, "count", "of")) == value
        else:
            assert told(found, figure, "value")[0] == (None if value is None else pytest.approx(value))


def test_the_order_of_sessions_and_cases_does_not_matter():
    analysis = service(*[FALL] * 4, *[BACK] * 8)
    random = np.random.default_rng(1)
    cases, episodes = (
        frame.take(random.permutation(len(frame))) for frame in (analysis.cases, analysis.own_episodes)
    )
    mixed = service_summary(cases, analysis.sessions, episodes, analysis.settings)
    pd.testing.assert_frame_equal(mixed, summary(analysis))
