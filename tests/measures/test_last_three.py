"""The rule last_three: by hand, against the slow obvious version, and what must not matter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.measures import TIE, episodes
from alliance_core.measures.detectors import DETECTORS, STATES, Courses
from alliance_core.settings import Settings
from tests.measures import oracle_last_three as slow
from tests.measures.made import records, series_rows
from tests.measures.test_against_oracle import repeatable
from tests.measures.test_detectors import eventful, tables

FIND = DETECTORS["last_three"].find


def courses(many, sigma=10.0, centre=70.0, prior=0.0):
    rows = series_rows(many)
    held = {
        name: np.full(len(rows), float(number))
        for name, number in (("sigma", sigma), ("centre", centre), ("prior", prior))
    }
    return Courses(rows["series"].to_numpy(), rows["value"].to_numpy(float), **held)


def states(values, group=None, **numbers):
    settings = Settings.model_validate({"last_three": group} if group else {})
    found = FIND(courses([np.array(values, float)], **numbers), settings)
    return [STATES[state] for state in found.state]


def starts(values, group=None, **numbers):
    return [at + 1 for at, state in enumerate(states(values, group, **numbers)) if state == "rupture"]


@pytest.mark.parametrize(
    ("values", "numbers", "opens"),
    [
        # one rating: 10·√(1 + 1/2) = 12.247; 2.8 of it are 34.29
        ([80, 80, 45.8], {}, []),
        ([80, 80, 45.7], {}, [3]),
        # two together: 10·√(1/2 + 1/4) = 8.660, 2.8 of it are 24.25; alone, they fall by 24 and by 19.4 from 75.2
        ([80, 80, 80, 80, 56, 55.6], {}, []),
        ([80, 80, 80, 80, 56, 55.4], {}, [6]),
        # three together: 10·√(1/3 + 1/2) = 9.129, 2.8 of it are 25.56
        ([80, 80, 54.4, 54.4, 54.4], {}, [5]),
        ([80, 80, 54.6, 54.5, 54.3], {}, []),
        # two sessions must remain for the level once the window is taken out
        ([80, 40, 40], {}, []),
        # the last of them must itself lie one σ below
        ([80, 80, 80, 80, 40, 69.9], {}, [5]),
        ([80, 80, 80, 80, 49, 71], {}, []),
        # the mean of all cases counts as two sessions of 60: level (160 + 120)/4 = 70, error 10·√(1 + 1/4) = 11.18
        ([80, 80, 38.8], {"centre": 60, "prior": 2}, []),
        ([80, 80, 38.6], {"centre": 60, "prior": 2}, [3]),
        ([60, 62, 90, 95, 100], {}, []),  # a rise is no fall
    ],
)
def test_by_hand(values, numbers, opens):
    assert starts(values, **numbers) == opens


def test_a_smaller_fall_is_a_strain_and_counts_as_usual():
    # 2·12.247 = 24.49
    assert states([80, 80, 55.5]) == ["too few", "too few", "strain"]
    assert states([80, 80, 55.6]) == ["too few", "too few", "rated"]
    # two together: 60 is 20 = 2·10·√(1/2 + 1/2) below 80; alone, 64 is 8 below (80 + 80 + 56)/3
    assert states([80, 80, 56, 64])[-1] == "strain"
    assert states([80, 80, 56, 64.1])[-1] == "rated"


def test_the_level_at_an_opening_is_the_one_before_the_ratings_taken_together():
    found = FIND(courses([np.array([80.0, 80, 80, 80, 56, 55.4, 79])]), Settings())
    assert (found.level[5], found.members[5]) == (80.0, 5)
    assert STATES[found.state[6]] == "repaired"


@pytest.mark.parametrize(("more", "level"), [(0, 8.876), (0.9, 8.876), (1.1, 10), (-1.1, 8.876)])
def test_of_z_that_are_equal_but_for_a_tie_the_one_of_fewer_ratings_is_taken(more, level):
    """σ = 1, usual ratings 10 10 10 p, then 0: z₁ = (7.5 + p/4)/√(1 + 1/4) is z₂ = (10 − p/2)/√(1/2 + 1/3) at p = 5.5055.

    From there on z₂ − z₁ grows by .7713 for each point that p is lower.
    """
    one, two = np.sqrt(1.25), np.sqrt(5 / 6)
    p = (10 * one - 7.5 * two) / (two / 4 + one / 2) - more * TIE / (1 / (2 * two) + 1 / (4 * one))
    found = FIND(courses([np.array([10, 10, 10, p, 0.0])], sigma=1), Settings(), 5)
    assert STATES[found.state[4]] == "rupture"
    assert found.level[4] == pytest.approx(level, abs=1e-3)


def test_with_one_rating_and_no_pooling_it_is_the_rule_baseline():
    many = eventful(3)
    settings = Settings.model_validate({"last_three": {"sessions": 1, "z_open": 2.3, "z_strain": 1.65}})
    one, other = FIND(courses(many), settings), DETECTORS["baseline"].find(courses(many), settings)
    assert (one.state == STATES.index("rupture")).sum() > 30
    for part in ("state", "episode", "low", "end", "outcome", "members"):
        assert np.array_equal(getattr(one, part), getattr(other, part)), part


CHOSEN = [
    {},
    {"last_three": {"z_open": 2, "z_strain": 1, "sessions": 2}},
    {"last_three": {"z_open": 2.5, "sessions": 4}, "episodes": {"window": 1, "min_baseline": 3}},
    {"last_three": {"z_open": 1.5}, "episodes": {"min_drop_sigma": 2, "strengthened_sessions": 1}},
]


@st.composite
def on_the_lines(draw):
    """Series on a grid up to the ceiling; σ is such that a fall of some steps lies exactly on the limit of one rating."""
    settings = Settings.model_validate(draw(st.sampled_from(CHOSEN)))
    grid = draw(st.sampled_from([1.0, 2.5, 100 / 48]))
    steps = draw(st.integers(1, 8))
    prior = draw(st.sampled_from([0.0, 0.5, 2.0]))
    own = settings.last_three
    least = settings.episodes.min_baseline
    exact = steps * grid / (own.z_open * np.sqrt(1 + 1 / (least + prior)))
    sigma = draw(st.sampled_from([exact, steps * grid, 1.0]))
    centre = draw(st.sampled_from([100.0, 70.0]))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    moves = np.array([0, 0, 0, 0, 0, 1, -1, -2, -steps, -steps, -2 * steps])
    many = [
        np.clip(100 - grid * draw(st.integers(0, 9)) + grid * random.choice(moves, n), 0, 100)
        for n in random.integers(1, 40, 8)
    ]
    return settings, many, float(sigma), centre, prior


@repeatable(200)
@given(on_the_lines())
def test_it_equals_the_oracle_on_the_lines_themselves(made):
    settings, many, sigma, centre, prior = made
    found = FIND(courses(many, sigma, centre, prior), settings)
    listed, traced = tables(many, found, settings, sigma)
    wanted, seen = [], []
    for number, values in enumerate(many):
        these, trace = slow.detect(values.tolist(), sigma, centre, prior, settings)
        wanted += [
            (number, e["start"] + 1, e["low"] + 1, e["repair"] and e["repair"] + 1, e["outcome"])
            for e in these
        ]
        seen += trace
    names = ["case", "start_session", "low_session", "repair_session", "outcome"]
    assert [tuple(row[key] for key in names) for row in listed] == wanted
    for have, (level, state, opened) in zip(traced, seen, strict=True):
        assert (have["state"], have["episode"]) == (state, None if opened is None else opened + 1)
        assert have["level"] == (None if level is None else pytest.approx(level, abs=1e-9))


def test_a_flag_uses_the_case_up_to_its_session_only():
    """With σ and the mean of all cases held, cutting a series after a session changes nothing up to it."""
    many = eventful(8)
    whole, place = FIND(courses(many, prior=0.7), Settings()), courses(many).place
    assert (whole.state == STATES.index("rupture")).sum() > 20
    for end in (1, 3, 6, 9, 14):
        cut, kept = FIND(courses([one[:end] for one in many], prior=0.7), Settings()), place < end
        assert np.array_equal(cut.state, whole.state[kept])
        assert np.array_equal(cut.level, whole.level[kept], equal_nan=True)


@pytest.mark.parametrize(("factor", "shift"), [(1, 7), (0.5, 0), (2, -30)])
def test_shift_and_scale_do_not_matter(factor, shift):
    many = eventful(9)
    one = FIND(courses(many, 10, 60, 0.7), Settings())
    other = FIND(
        courses([factor * values + shift for values in many], factor * 10, factor * 60 + shift, 0.7),
        Settings(),
    )
    for part in ("state", "episode", "low", "end", "outcome", "members"):
        assert np.array_equal(getattr(one, part), getattr(other, part)), part


def test_episodes_come_with_this_rule_s_name():
    many = [np.array([80.0, 80, 80, 80, 30, 82])]
    rows, found = series_rows(many), FIND(courses(many), Settings())
    ended = np.zeros(1, bool)
    listed = episodes.episodes(rows, np.full(6, 10.0), found, "last_three", ended, Settings().episodes)
    assert [(one["method"], one["start_session"], one["outcome"]) for one in records(listed)] == [
        ("last_three", 5, "repaired")
    ]
