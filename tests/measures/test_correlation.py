"""Correlation, concordance and slope, against publications and other implementations; nothing where a side is flat."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.measures import TIE
from alliance_core.measures.correlation import (
    concordance,
    entire,
    fisher_interval,
    pearson,
    slope_interval,
    truth_slope,
)
from alliance_core.measures.paired import moments
from tests.measures.made import repeatable
from tests.measures.published import MINI, WRIGHT


def of(*groups):
    """Moments of some groups of (client, practitioner), taken together."""
    number = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    client, practitioner = np.concatenate([np.asarray(g, float).reshape(-1, 2) for g in groups]).T
    return moments(number, client, practitioner, len(groups))


METERS = of(list(zip(WRIGHT, MINI, strict=True)))


def test_correlation_and_concordance_of_bland_and_altman_1986():
    """r .943279; Lin's concordance with divisor n .942742."""
    assert pearson(METERS)[0] == pytest.approx(0.943279, abs=5e-7)
    assert concordance(METERS)[0] == pytest.approx(0.942742, abs=5e-7)


def test_fishers_interval_as_in_r():
    """Hollander & Wolfe 1973, page 187, lightness and panel score of tuna; cor.test: .5711816, −.1497426 to .8955795."""
    lightness = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1]
    score = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8]
    tuna = of(list(zip(lightness, score, strict=True)))
    r = pearson(tuna)
    assert r[0] == pytest.approx(0.5711816, abs=5e-8)
    low, high = fisher_interval(r, tuna.n, 0.95)
    assert (low[0], high[0]) == pytest.approx((-0.1497426, 0.8955795), abs=5e-8)


def test_the_slope_and_its_interval_as_in_r():
    """Anscombe 1973, first set: slope .50009, standard error .11791, t of 9 degrees of freedom 2.262157."""
    x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
    y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
    first = of(list(zip(x, y, strict=True)))
    assert truth_slope(first)[0] == pytest.approx(0.50009, abs=5e-6)
    low, high = slope_interval(first, 0.95)
    assert (low[0], high[0]) == pytest.approx(
        (0.50009 - 2.262157 * 0.11791, 0.50009 + 2.262157 * 0.11791), abs=2e-5
    )


def test_concordance_by_hand():
    """Pairs (0, 2), (2, 2), (4, 8): means 2 and 4, squares 8 and 24, products 12: 24/(8 + 24 + 3·4) = 6/11."""
    assert concordance(of([(0, 2), (2, 2), (4, 8)]))[0] == pytest.approx(6 / 11)


def test_a_side_that_never_moved_has_no_figure():
    flat = of([(5, 1), (5, 2), (5, 4)], [(1, 5), (2, 5), (4, 5)], [(5, 5)] * 3, [(1, 2), (2, 1), (3, 3)])
    assert flat.client_flat.tolist() == [True, False, True, False]
    assert flat.practitioner_flat.tolist() == [False, True, True, False]
    for figure in (pearson, concordance, truth_slope):
        assert np.isnan(figure(flat)).tolist() == [True, True, True, False]
    assert np.isnan(slope_interval(flat, 0.95)[0]).tolist() == [True, True, True, False]


def test_a_movement_of_a_tie_is_none():
    assert of([(0, 1), (TIE, 2)]).client_flat[0]
    assert of([(1, 0), (2, TIE)]).practitioner_flat[0]
    assert not of([(0, 1), (2 * TIE, 2)]).client_flat[0]


def test_a_difference_in_the_last_bit_is_no_movement():
    third = [(0.1 + 0.2, 1), (0.3, 2), (0.3, 3)]
    assert np.isnan(pearson(of(third)))[0]
    assert not np.isnan(pearson(of([(0.3, 1), (0.3, 2), (0.3 + 2e-9, 3)])))[0]


@pytest.mark.parametrize(("n", "there"), [(3, False), (4, True), (5, True)])
def test_fishers_interval_needs_four_pairs(n, there):
    low, high = fisher_interval(np.array([0.5]), np.array([n]), 0.95)
    assert [not np.isnan(low[0]), not np.isnan(high[0])] == [there, there]


def test_a_coefficient_is_entire_from_a_tie_below_one_on():
    assert (
        entire(np.array([1 - TIE, 1, 1 + TIE, 1 - 2 * TIE, 0, -1, np.nan])).tolist()
        == [True] * 3 + [False] * 4
    )


@pytest.mark.parametrize(
    ("client", "practitioner"),
    [
        (
            [5.5, 9.3, 2.7, 8.1],
            [3.8499999999999996, 6.51, 1.89, 5.669999999999999],
        ),  # 1.0000000000000002 when summed up
        ([5.0, 6.0, 9.7, 7.2], [1.9, 2.1999999999999997, 3.3099999999999996, 2.56]),
    ],
)
def test_rounding_takes_no_correlation_beyond_one(client, practitioner):
    assert pearson(of(list(zip(client, practitioner, strict=True))))[0] == 1
    assert pearson(of([(c, -p) for c, p in zip(client, practitioner, strict=True)]))[0] == -1


@pytest.mark.parametrize("r", [1, -1, 1 - 1e-12, 1 - TIE, TIE - 1])
def test_pairs_on_one_line_have_no_interval(r):
    assert np.isnan(fisher_interval(np.array([r]), np.array([9]), 0.95)).all()


def test_correlations_missing_before_have_no_interval():
    assert np.isnan(fisher_interval(np.array([np.nan]), np.array([9]), 0.95)).all()


def test_a_slope_needs_three_pairs_that_lie_on_no_line_for_its_interval():
    two, three, line = [(1, 1), (2, 3)], [(1, 1), (2, 3), (3, 2)], [(1, 1), (2, 3), (3, 5)]
    found = of(two, three, line)
    assert truth_slope(found) == pytest.approx([2, 0.5, 2])
    low, high = slope_interval(found, 0.95)
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, False, True]
    # residual squares 1.5 on 1 degree of freedom, Sxx 2: error √.75, t(1) = 12.706205
    assert high[1] - 0.5 == pytest.approx(12.706205 * np.sqrt(0.75), rel=1e-6)


def test_the_error_of_a_slope_may_be_small():
    """A tenth of the movements above: the residual squares are .015, and the interval stays the same."""
    low, high = slope_interval(of([(0.1, 0.1), (0.2, 0.3), (0.3, 0.2)]), 0.95)
    assert high[0] - 0.5 == pytest.approx(0.5 - low[0])
    assert high[0] - 0.5 == pytest.approx(12.706205 * np.sqrt(0.75), rel=1e-6)


def test_one_pair_has_a_mean_and_no_pairs_have_none():
    found = moments(np.array([1, 2, 2]), np.array([3.0, 4, 6]), np.array([5.0, 1, 2]), 3)
    assert found.n.tolist() == [0, 1, 2]
    assert np.isnan([found.client_mean[0], found.practitioner_mean[0]]).all()
    assert found.client_mean[1:].tolist() == [3, 5]
    assert found.practitioner_mean[1:].tolist() == [5, 1.5]


def test_no_pairs_no_figures():
    nothing = moments(np.array([1, 1, 1]), np.array([1.0, 2, 3]), np.array([1.0, 2, 4]), 3)
    assert nothing.n.tolist() == [0, 3, 0]
    for figure in (pearson, concordance, truth_slope):
        assert np.isnan(figure(nothing)).tolist() == [True, False, True]


groups = st.lists(
    st.lists(st.tuples(*[st.sampled_from([0, 1, 2, 3, 5, 8.5])] * 2), min_size=1, max_size=9),
    min_size=1,
    max_size=4,
)


@repeatable(100)
@given(groups, st.floats(0.1, 20), st.floats(-50, 50))
def test_shift_and_scale_of_both_sides_do_not_matter(many, scale, shift):
    before, after = of(*many), of(*(np.asarray(group) * scale + shift for group in many))
    for figure in (pearson, concordance, truth_slope):
        assert figure(after) == pytest.approx(figure(before), abs=1e-6, nan_ok=True)


@repeatable(100)
@given(groups)
def test_sides_may_change_places_and_the_order_of_groups_does_not_matter(many):
    found, turned = of(*many), of(*(np.asarray(group)[:, ::-1] for group in many))
    back = of(*many[::-1])
    for figure in (pearson, concordance):
        assert figure(turned) == pytest.approx(figure(found), abs=1e-12, nan_ok=True)
        assert figure(back)[::-1] == pytest.approx(figure(found), abs=1e-12, nan_ok=True)
    # both slopes together are r²
    assert truth_slope(found) * truth_slope(turned) == pytest.approx(
        pearson(found) ** 2, abs=1e-9, nan_ok=True
    )


@repeatable(100)
@given(groups)
def test_figures_stay_within_their_bounds(many):
    found = of(*many)
    r, ccc = pearson(found), concordance(found)
    low, high = fisher_interval(r, found.n, 0.95)
    there = ~np.isnan(low)
    assert (np.abs(r[~np.isnan(r)]) <= 1).all()
    assert (np.abs(ccc[~np.isnan(ccc)]) <= np.abs(r[~np.isnan(r)]) + 1e-9).all()
    assert ((low < r) & (r < high))[there].all()
