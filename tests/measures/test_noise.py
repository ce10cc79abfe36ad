"""σ worked by hand (von Neumann 1941), and what stands in for it where there is too little data."""

import pytest

from alliance_core.analysis import analyse
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
