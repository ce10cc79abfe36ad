"""σ worked by hand (von Neumann 1941), and what stands in for it where there is too little data."""

import numpy as np
import pytest

from alliance_core.analysis import analyse
from alliance_core.measures.noise import pooled_levels, pooled_within
from alliance_core.settings import NoiseSettings, Settings
from tests.measures.made import form, overall, ratings, records

# Differences 10, −10 in one case and 20 across a blank form in another: (100 + 100 + 400) / (2·3) = 100.
SMALL = overall("C-1", [50, 60, 50]) + overall("C-2", [40, None, 60])


def sigma(forms, rater="client", facet="overall", instrument="total", **choices):
    chosen = Settings(noise=NoiseSettings(**choices))
    found = records(analyse(ratings(forms), chosen).noise)
    (line,) = [r for r in found if (r["rater"], r["facet"], r["instrument"]) == (rater, facet, instrument)]
    return line


def test_successive_differences_by_hand():
    line = sigma(SMALL, min_differences=3)
    assert line["sigma"] == pytest.approx(10)
    assert line["differences"] == 3
    assert "3 differences" in line["source"]


def test_with_too_few_differences_and_scores_the_assumed_spread_stands_in():
    """15·√(1 − .77) = 7.193747; dependability of Crits-Christoph et al. 2011."""
    line = sigma(SMALL)
    assert line["sigma"] == pytest.approx(7.193747, abs=1e-6)
    assert "assumed" in line["source"]


def test_with_enough_scores_their_own_spread_stands_in():
    """50 60 50 40 60: mean 52, squares 280, SD √70 = 8.366600; times √.23: 4.012481."""
    line = sigma(SMALL, min_differences=4, min_scores=5)
    assert line["sigma"] == pytest.approx(4.012481, abs=1e-6)
    assert "5 loaded ratings" in line["source"]


def test_thirty_differences_are_enough_and_twenty_nine_are_not():
    """50 60 50 …: √(100/2) = 7.071068 from 31 sessions; from 30, √(750/29)·√.23 = 2.438909."""
    assert sigma(overall("C-1", [50, 60] * 15 + [50]))["sigma"] == pytest.approx(7.071068, abs=1e-6)
    assert sigma(overall("C-1", [50, 60] * 15))["sigma"] == pytest.approx(2.438909, abs=1e-6)


def test_slow_growth_does_not_inflate_it():
    """Steps of 2 from 20 to 80: √(4/2), where the spread around the mean would be about 18."""
    assert sigma(overall("C-1", range(20, 82, 2)))["sigma"] == pytest.approx(1.414214, abs=1e-6)


def test_it_is_never_below_one_nor_below_one_step_on_one_item():
    assert sigma(overall("C-1", [70] * 40))["sigma"] == 1
    same = [
        form("P01", "C-1", s, "client", instrument="wai-sr", low=1, high=5, items=[4] * 12) for s in range(40)
    ]
    assert sigma(same, instrument="wai-sr")["sigma"] == pytest.approx(100 / 48)
    line = sigma(same, instrument="wai-sr", facet="bond")
    assert line["sigma"] == 6.25
    assert "smallest change" in line["source"]


@pytest.mark.parametrize(
    ("floor", "found", "says"), [(10, 10, "3 differences"), (10.001, 10.001, "smallest change")]
)
def test_what_is_found_stands_where_it_is_as_large_as_the_smallest(floor, found, says):
    line = sigma(SMALL, min_differences=3, floor=floor)
    assert line["sigma"] == pytest.approx(found)
    assert line["source"].startswith(says)


def test_a_smaller_floor_is_the_floor_where_an_instrument_has_no_step():
    line = sigma(overall("C-1", [70] * 40), floor=0.5)
    assert (line["sigma"], line["spread"]) == (0.5, 0.5)


def test_the_spread_within_series_needs_one_with_two_ratings():
    """0 and 2 in one series: squares 2 on 1; a single rating adds nothing; a group of single ratings has none."""
    series, value = np.array([0, 0, 1, 2]), np.array([0.0, 2, 9, 7])
    found = pooled_within(series, value, np.array([0, 0, 0, 1]))
    assert found[0] == pytest.approx(2**0.5)
    assert np.isnan(found[1])


def test_the_level_of_all_from_the_fewest_ratings_that_tell_it():
    """Series (0, 2) and (9): within 2/1, between (2·64 + 256)/9/1 = 42.667, usual size 3 − 5/3; τ² 30.5, and σ² 100 by it."""
    series, value, group = np.array([0, 0, 1]), np.array([0.0, 2, 9]), np.zeros(3, int)
    few = NoiseSettings(pooled_from=2, pooled_at_most=1000)
    centre, worth = pooled_levels(series, value, group, np.array([10.0]), few)
    assert (centre[0], worth[0]) == pytest.approx((5, 100 / 30.5))
    # No difference between series: τ² is never taken to be smaller than the square of the smallest σ.
    alike, four = np.array([0.0, 2, 1]), few.model_copy(update={"floor": 4.0})
    _, worth = pooled_levels(series, alike, group, np.array([10.0]), four)
    assert worth[0] == pytest.approx(100 / 16)


def test_raters_facets_and_instruments_are_kept_apart_and_cases_are_not_joined():
    """Two cases at 20 and 80 without any change: the step from one case to the next is no difference."""
    forms = overall("C-1", [20] * 20) + overall("C-2", [80] * 20)
    forms += overall("C-1", [50, 60] * 20, rater="practitioner")
    assert sigma(forms)["sigma"] == 1
    assert sigma(forms)["differences"] == 38
    assert sigma(forms, rater="practitioner")["sigma"] == pytest.approx(7.071068, abs=1e-6)


def test_a_change_of_instrument_is_no_difference():
    forms = overall("C-1", [20] * 6)
    for one in forms[3:]:
        one |= {"instrument": "facets", "given": dict.fromkeys(("goal", "task", "bond"), 90)}
    assert sigma(forms)["differences"] == 2
    assert sigma(forms, instrument="facets")["differences"] == 2


def dyestuff():
    """Six batches of five yields (Davies), as METHODS gives them."""
    yields = [
        [1545, 1440, 1440, 1520, 1580],
        [1540, 1555, 1490, 1560, 1495],
        [1595, 1550, 1605, 1510, 1560],
        [1445, 1440, 1595, 1465, 1545],
        [1595, 1630, 1515, 1635, 1625],
        [1520, 1455, 1450, 1480, 1445],
    ]
    return np.repeat(np.arange(6), 5), np.array(yields, float).ravel()


def pooled(settings, sigma):
    series, value = dyestuff()
    group = np.zeros(len(value), int)
    centre, prior = pooled_levels(series, value, group, np.array([sigma]), NoiseSettings(**settings))
    return centre[0], prior[0]


def test_the_mean_of_all_cases_counts_as_many_sessions_as_the_variances_say():
    """Dyestuff: mean 1527.5, between batches 1764.05, within 2451.25; as σ² that is 1.3896 sessions."""
    assert pooled({"pooled_from": 6}, np.sqrt(2451.25)) == pytest.approx((1527.5, 2451.25 / 1764.05))


@pytest.mark.parametrize(
    ("settings", "prior"), [({"pooled_from": 7}, 0), ({"pooled_from": 6, "pooled_at_most": 1}, 1)]
)
def test_of_few_cases_it_does_not_count_and_never_as_more_than_the_setting_says(settings, prior):
    assert pooled(settings, np.sqrt(2451.25))[1] == prior


def test_cases_that_do_not_differ_are_pulled_together_as_far_as_may_be():
    series, value = np.repeat(np.arange(12), 3), np.tile([50.0, 60, 70], 12)
    _, prior = pooled_levels(series, value, np.zeros(36, int), np.array([10.0]), NoiseSettings())
    assert prior[0] == NoiseSettings().pooled_at_most
