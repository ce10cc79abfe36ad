"""Intervals of counts against printed tables."""

import numpy as np
import pytest
from scipy.stats import poisson as distribution

from alliance_core.measures.rates import poisson, wilson
from alliance_core.measures.summaries import wilson as of_one

# 95 % limits of a Poisson count: Garwood 1936, Biometrika 28, 437–442, as tabled by Pearson & Hartley 1966, table 40
GARWOOD = {
    0: (0, 3.69),
    1: (0.0253, 5.57),
    2: (0.242, 7.22),
    5: (1.62, 11.67),
    10: (4.80, 18.39),
    30: (20.24, 42.83),
}


@pytest.mark.parametrize(("events", "limits"), GARWOOD.items())
def test_poisson_as_in_garwood_1936(events, limits):
    low, high = poisson(np.array([events]), 0.95)
    assert (low[0], high[0]) == pytest.approx(limits, abs=6e-3)


@pytest.mark.parametrize("events", [0, 1, 7, 400])
def test_at_its_ends_the_count_is_as_rare_as_the_level_says(events):
    low, high = (end[0] for end in poisson(np.array([events]), 0.9))
    assert distribution.cdf(events, high) == pytest.approx(0.05)
    if events:
        assert distribution.sf(events - 1, low) == pytest.approx(0.05)


def test_wilson_of_many_as_in_newcombe_1998_and_of_one_trial():
    """Table I, method 3: 81 of 263 and 15 of 148. None and one of one by hand: z²/(1 + z²) = .79345."""
    low, high = wilson(np.array([81, 15, 0, 1]), np.array([263, 148, 1, 1]), 0.95)
    assert low.tolist() == pytest.approx([0.2553, 0.0624, 0, 1 - 0.79345], abs=5e-5)
    assert high.tolist() == pytest.approx([0.3662, 0.1605, 0.79345, 1], abs=5e-5)


def test_rounding_takes_no_end_beyond_none_and_all():
    """Without care 11 of 11 would end at 1.0000000000000002, and none of 21 begin below 0."""
    trials = np.arange(1, 200)
    assert wilson(trials, trials, 0.95)[1].tolist() == pytest.approx([1] * 199, abs=1e-12)
    assert wilson(trials, trials, 0.95)[1].max() == 1
    assert wilson(0 * trials, trials, 0.95)[0].min() == 0


def test_wilson_of_many_is_that_of_each():
    successes, trials = np.array([0, 3, 81, 6]), np.array([0, 6, 263, 6])
    low, high = wilson(successes, trials, 0.95)
    each = [of_one(int(s), int(n)) for s, n in zip(successes, trials, strict=True)]
    assert list(zip(low, high, strict=True)) == each
    assert each[0] == (0, 1)
