"""A slow fall by hand, against the slow obvious version, and how often chance gives one.

With 6 ratings and σ = 10 the slope has a standard error of 10/√17.5; over the 5 steps 2 of them are 23.905 points.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.analysis import analyse
from alliance_core.measures.detectors import BASELINE, Courses
from alliance_core.measures.slow_falls import falling_slowly
from alliance_core.settings import EpisodeSettings, ReadingSettings, Settings
from tests.measures import oracle_tables
from tests.measures.made import TEN, form, overall, ratings, records, series_rows
from tests.measures.test_against_oracle import repeatable


def told(many, sigma=10.0, **choices):
    settings = Settings(readings=ReadingSettings(**choices))
    rows = series_rows(many)
    spread = np.full(len(rows), float(sigma))
    found = BASELINE.find(Courses(rows["series"].to_numpy(), rows["value"].to_numpy(float), spread), settings)
    return records(falling_slowly(rows, spread, found, settings.readings))


def line(fall, n):
    return np.linspace(80, 80 - fall, n)


@pytest.mark.parametrize(("fall", "falls"), [(23.9, False), (23.906, True)])
def test_six_ratings_need_a_fall_of_23_9_points(fall, falls):
    found = told([line(fall, 6)])
    assert bool(found) == falls
    if falls:
        (one,) = found
        assert (one["session"], one["count"]) == (1, 6)
        assert (one["size"], one["error"]) == pytest.approx((23.906, 23.905), abs=1e-3)


def test_exactly_on_the_line_counts():
    assert told([line(20, 6)], sigma=20 / (2 * 5 / 17.5**0.5))
    assert not told([line(20, 6)], sigma=(1 + 1e-6) * 20 / (2 * 5 / 17.5**0.5))


def test_five_ratings_are_too_few_and_a_rise_is_none():
    assert not told([line(40, 5)], sigma=3, falling_z=0.1)
    assert not told([line(-18, 12)], sigma=3)
    assert not told([np.full(12, 70.0)])


def test_only_the_latest_ratings_count():
    """Up to session 20 and down again: the fall since then is told, and what came before is not held against it."""
    values = np.concatenate([np.linspace(70, 86, 20), np.linspace(86, 73, 12)])
    (found,) = told([values], sigma=5)
    assert (found["session"], found["count"]) == (21, 12)
    assert found["size"] == pytest.approx(13)
    assert not told([values], sigma=5, falling_sessions=32)


def test_ratings_of_an_episode_do_not_count_and_an_open_one_says_enough():
    steady, dip = [80, 78, 76, 74, 72, 70, 68, 66], [20, 74]
    assert told([np.array(steady, float)], sigma=4)
    assert told([np.array([*steady[:4], *dip, *steady[4:]], float)], sigma=4)[0]["count"] == 9
    assert not told([np.array([*steady, 20], float)], sigma=4)


def test_after_an_unrepaired_fall_usual_begins_anew():
    values = [80, 80, 80, 40, 42, 42, 42, *line(20, 6) - 30]
    (found,) = told([np.array(values, float)], sigma=8, falling_z=1)
    assert (found["session"], found["count"]) == (8, 6)


def test_a_change_of_instrument_begins_anew_and_the_one_rated_last_counts():
    forms = overall("C-1", line(30, 12).tolist())
    later = [
        form("P01", "C-1", number, "client", low=0, high=100, given=dict.fromkeys(("goal", "task", "bond"), 60))
        for number in range(13, 19)
    ]  # fmt: skip
    flags = [analyse(ratings(these), TEN).cases["flags"][0] for these in (forms, forms + later)]
    assert ["falling slowly" in (text or "") for text in map(str, flags)] == [True, False]


def test_it_stands_on_the_agenda_after_the_widening_gap():
    forms = overall("C-1", line(34, 12).tolist()) + overall("C-1", [60] * 12, rater="practitioner")
    found = analyse(ratings(forms), TEN).agenda
    assert found["reason"].tolist() == ["widening gap", "falling slowly"]
    (one,) = records(found[found["reason"] == "falling slowly"])
    assert (one["session"], one["count"], one["listed"]) == (1, 12, True)
    assert one["size"] == pytest.approx(34)
    assert one["error"] == pytest.approx(2 * 10 / 143**0.5 * 11)


@st.composite
def sliding(draw):
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    many = [
        np.clip(
            75 - random.choice([0, 1, 2.5]) * np.arange(n)
            + random.choice([0, 0, 2.5, -2.5, 5, -5, -30], n),
            0,
            100,
        )
        for n in random.integers(1, 30, 12)
    ]  # fmt: skip
    choices = draw(
        st.sampled_from(
            [{}, {"falling_z": 1, "falling_from": 3, "falling_sessions": 5}, {"falling_sessions": 30}]
        )
    )
    return many, draw(st.sampled_from([2.5, 5.0, 10.0])), choices


@repeatable(150)
@given(sliding())
def test_it_equals_the_oracle(made):
    many, sigma, choices = made
    found = {int(row["client"].removeprefix("C-")): row for row in told(many, sigma, **choices)}
    readings = ReadingSettings(**choices)
    for number, values in enumerate(many):
        points = [(session, float(x)) for session, x in enumerate(values, 1)]
        wanted = oracle_tables.falling_slowly(points, sigma, EpisodeSettings(), readings)
        have = found.get(number)
        assert (have is None) == (wanted is None)
        if have is not None:
            assert [have[name] for name in ("session", "count", "size", "error")] == pytest.approx(
                list(wanted)
            )


def test_shift_scale_and_order_of_cases_do_not_matter():
    random = np.random.default_rng(4)
    many = [75 - 1.5 * np.arange(n) + 4 * random.standard_normal(n) for n in random.integers(4, 20, 40)]
    one = told(many, 5)
    other = told([2 * values + 7 for values in many[::-1]], 10)
    assert len(one) > 5
    assert sorted((39 - int(row["client"][2:]), row["session"]) for row in other) == sorted(
        (int(row["client"][2:]), row["session"]) for row in one
    )


def test_chance_gives_one_or_two_of_a_hundred_at_a_look():
    """And three to five of a hundred at some time over 12 sessions: what the measure says of itself."""
    random = np.random.default_rng(20240401)
    cases = 4000
    values = random.normal(70, 8, (cases, 12))
    sigma = np.sqrt((np.diff(values, axis=1) ** 2).mean() / 2)
    ever, looks = set(), []
    for n in range(6, 13):
        found = told(list(values[:, :n]), sigma)
        looks.append(len(found) / cases)
        ever |= {row["client"] for row in found}
    assert 0.008 < min(looks) <= max(looks) < 0.02
    assert 0.03 < len(ever) / cases < 0.06


def test_no_rows_no_slow_falls():
    assert told([[]]) == []
    assert isinstance(analyse(ratings(overall("C-1", [None]))).agenda, pd.DataFrame)
