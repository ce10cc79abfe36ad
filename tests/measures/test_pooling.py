"""Pooling against Dyestuff, eight schools and BCG; one-way random effects against Henderson's equations."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.measures import TIE
from alliance_core.measures.one_way import OneWay, one_way
from alliance_core.measures.pooling import pool, random_effects
from tests.measures.made import repeatable
from tests.measures.published import BCG, DYESTUFF, SCHOOLS


def pooled(*groups, level=0.95):
    number = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    return pool(number, np.concatenate([np.asarray(group, float) for group in groups]), len(groups), level)


def test_dyestuff():
    """Davies' data; μ 1527.5, τ² 1764.05, σ² 2451.25, λ .782527 and the BLUPs; error of μ 19.38 (Bates 2010, lme4, 1.3)."""
    found = pooled(*DYESTUFF.values())
    assert found.mean == pytest.approx(1527.5)
    assert found.between == pytest.approx(1764.05)
    assert found.within == pytest.approx(2451.25)
    assert found.split.n0.tolist() == pytest.approx([5])
    assert found.reliability == pytest.approx([0.782527] * 6, abs=5e-7)
    blups = [-17.60685, 0.39126, 28.56223, -23.08454, 56.73319, -44.99529]
    assert found.estimate - found.mean == pytest.approx(blups, abs=5e-6)
    assert found.mean_error == pytest.approx(19.38, abs=5e-3)
    assert not found.no_difference


def test_the_interval_of_an_estimate_by_hand():
    """Dyestuff: τ²(1 − λ) + (1 − λ)²·SE(μ)² = 1764.05·.217473 + .217473²·375.7167 = 401.4035."""
    found = pooled(*DYESTUFF.values())
    assert found.high - found.estimate == pytest.approx([1.959964 * 401.4035**0.5] * 6, abs=1e-3)
    assert found.estimate - found.low == pytest.approx(found.high - found.estimate)
    narrow = pooled(*DYESTUFF.values(), level=0.8)
    assert narrow.high - narrow.estimate == pytest.approx([1.281552 * 401.4035**0.5] * 6, abs=1e-3)


def test_groups_that_do_not_differ_are_all_given_the_mean():
    """Means 2 and 2.5 of (1, 3) and (1, 4): MSB .25 < MSW 3.25. μ = 9/4, its variance 3.25/4."""
    found = pooled([1, 3], [1, 4])
    assert found.no_difference
    assert (found.between, found.within) == (0, 3.25)
    assert found.reliability.tolist() == [0, 0]
    assert found.estimate.tolist() == [2.25, 2.25]
    assert found.high - found.estimate == pytest.approx([1.959964 * (3.25 / 4) ** 0.5] * 2, abs=1e-6)


def test_the_mean_counts_values_where_groups_do_not_differ_and_groups_where_they_differ_much():
    alike, apart = pooled([0, 10], [3, 7, 5, 5, 5, 5]), pooled([0, 1], [100, 101, 100, 101, 100, 101])
    assert alike.no_difference
    assert alike.mean == pytest.approx(5)
    assert apart.mean == pytest.approx(50.5, abs=0.1)
    assert apart.reliability[0] < apart.reliability[1]


def test_unequal_groups_count_as_n0():
    """Sizes 1, 2, 3: n0 = (6 − 14/6)/2 = 1.8333."""
    assert pooled([1], [2, 4], [7, 8, 9]).split.n0[0] == pytest.approx((6 - 14 / 6) / 2)


@pytest.mark.parametrize("groups", [([1, 2, 3],), ([1], [2], [3])], ids=["one group", "one value each"])
def test_what_cannot_be_told_is_missing(groups):
    found = pooled(*groups)
    for value in (
        found.mean,
        found.mean_error,
        found.between,
        *found.reliability,
        *found.estimate,
        *found.low,
    ):
        assert np.isnan(value)
    assert np.isnan(found.high).all()
    assert found.size.tolist() == [len(group) for group in groups]
    assert not found.no_difference
    assert found.own.tolist() == [np.mean(group) for group in groups]


def test_two_values_in_one_group_are_enough():
    assert not np.isnan(pooled([1, 2], [4]).estimate).any()


def test_a_group_without_values_has_no_figure_and_changes_nothing():
    values = np.array([1.0, 3, 5, 9])
    found, whole = pool(np.array([0, 0, 2, 2]), values, 3, 0.95), pooled([1, 3], [5, 9])
    assert found.size.tolist() == [2, 0, 2]
    assert np.isnan([found.own[1], found.reliability[1], found.estimate[1], found.low[1]]).all()
    assert found.estimate[[0, 2]] == pytest.approx(whole.estimate)


def test_no_values_at_all():
    found = pool(np.array([], int), np.array([]), 2, 0.95)
    assert np.isnan(found.estimate).all()


def test_without_spread_within_groups_there_is_no_error_to_go_by():
    apart, same = pooled([4, 4], [6, 6]), pooled([4, 4], [4, 4])
    assert apart.reliability.tolist() == [1, 1]
    assert apart.estimate.tolist() == [4, 6]
    assert np.isnan([*apart.low, *apart.high, apart.mean_error]).all()
    assert same.no_difference
    assert same.estimate.tolist() == [4, 4]
    assert np.isnan([*same.low, *same.high, same.mean_error]).all()


def test_a_spread_within_groups_of_a_tie_is_none():
    step = 6.324555320336759e-05  # step²/4 is TIE to the last bit
    assert pooled([0, step], [0, 0]).within == TIE
    assert np.isnan([*pooled([0, step], [0, 0]).low, pooled([0, step], [0, 0]).mean_error]).all()
    wider = pooled([0, 2 * step], [0, 0])
    assert not np.isnan([*wider.low, wider.mean_error]).any()


def test_a_difference_in_the_last_bit_is_none():
    assert pooled([0.1 + 0.2, 0.3], [0.3, 0.3]).no_difference


def test_groups_differ_when_their_mean_squares_differ_by_more_than_a_tie():
    one = np.array([1])
    for more, between in ((0, 0), (TIE, 0), (2 * TIE, TIE), (-1, 0)):
        split = OneWay(
            one,
            one,
            one,
            np.array([1.0 + more]) if more < 0 else np.array([more]),
            one * (more < 0.0),
            one * 2,
        )
        assert split.between[0] == between
    unknown = OneWay(one, one, one, np.array([np.nan]), one, one)
    assert np.isnan(unknown.between[0])


def henderson(groups, between, within):
    """μ, BLUPs and their prediction errors by Henderson's mixed-model equations (1975), solved as they stand."""
    k = len(groups)
    left, right = np.zeros((k + 1, k + 1)), np.zeros(k + 1)
    for j, group in enumerate(groups, 1):
        left[0, 0] += len(group) / within
        left[0, j] = left[j, 0] = len(group) / within
        left[j, j] = len(group) / within + 1 / between
        right[0] += sum(group) / within
        right[j] = sum(group) / within
    inverse = np.linalg.inv(left)
    solved = inverse @ right
    errors = [inverse[0, 0] + inverse[j, j] + 2 * inverse[0, j] for j in range(1, k + 1)]
    return solved[0], solved[1:], np.array(errors), inverse[0, 0]


values = st.lists(st.integers(0, 20), min_size=1, max_size=6)


@repeatable(150)
@given(st.lists(values, min_size=2, max_size=6))
def test_estimates_and_errors_are_those_of_hendersons_equations(groups):
    found = pooled(*groups)
    if not found.between > 1e-6 or not found.within > 1e-6:
        return
    mean, blups, errors, of_mean = henderson(groups, found.between, found.within)
    assert found.mean == pytest.approx(mean, rel=1e-7, abs=1e-7)
    assert found.mean_error == pytest.approx(of_mean**0.5, rel=1e-6)
    assert found.estimate - found.mean == pytest.approx(blups, rel=1e-6, abs=1e-6)
    assert found.high - found.estimate == pytest.approx(1.959964 * errors**0.5, rel=1e-6)


@repeatable(100)
@given(st.lists(st.lists(values, min_size=1, max_size=5), min_size=1, max_size=4))
def test_blocks_are_split_as_if_alone(blocks):
    block, group, value, number = [], [], [], 0
    for b, groups in enumerate(blocks):
        for one in groups:
            block += [b] * len(one)
            group += [number] * len(one)
            value += one
            number += 1
    together = one_way(np.array(block), np.array(group), np.array(value, float), len(blocks))
    for b, groups in enumerate(blocks):
        n, k = sum(map(len, groups)), len(groups)
        mean = sum(map(sum, groups)) / n
        between = sum(len(g) * (sum(g) / len(g) - mean) ** 2 for g in groups)
        within = sum((x - sum(g) / len(g)) ** 2 for g in groups for x in g)
        assert (together.n[b], together.groups[b]) == (n, k)
        assert together.mean[b] == pytest.approx(mean)
        assert together.between_square[b] == pytest.approx(
            between / (k - 1) if k > 1 else np.nan, nan_ok=True, abs=1e-9
        )
        assert together.within_square[b] == pytest.approx(
            within / (n - k) if n > k else np.nan, nan_ok=True, abs=1e-9
        )
        sizes = [len(g) for g in groups]
        n0 = (n**2 - sum(s**2 for s in sizes)) / ((k - 1) * n) if k > 1 else np.nan
        assert together.n0[b] == pytest.approx(n0, nan_ok=True)


def test_eight_schools_do_not_differ():
    """Rubin 1981: τ² = 0 by DerSimonian & Laird, Q 4.7071; the mean 7.7 with error 4.1 (Gelman et al., BDA, 5.5)."""
    effect, error = np.array(SCHOOLS, float).T
    found = random_effects(effect, error)
    assert found.between == 0
    assert found.q == pytest.approx(4.7071, abs=5e-5)
    assert (found.mean, found.error) == pytest.approx((7.7, 4.1), abs=0.05)
    assert found.inconsistency == 0


def test_bcg_vaccine_as_in_metafor():
    """Log risk ratios; rma(method = "DL"): −.7141, error .1787, τ² .3088, Q 152.2330, I² 92.12 %."""
    ill, well, other_ill, other_well = np.array(BCG, float).T
    ratio = np.log(ill / (ill + well)) - np.log(other_ill / (other_ill + other_well))
    variance = 1 / ill - 1 / (ill + well) + 1 / other_ill - 1 / (other_ill + other_well)
    found = random_effects(ratio, np.sqrt(variance))
    assert found.estimates == 13
    assert (found.mean, found.error, found.between) == pytest.approx((-0.7141, 0.1787, 0.3088), abs=5e-5)
    assert found.q == pytest.approx(152.2330, abs=5e-5)
    assert found.inconsistency == pytest.approx(0.9212, abs=5e-5)


def test_one_estimate_is_its_own_mean():
    found = random_effects(np.array([3.0]), np.array([0.5]))
    assert found == (1, 3, 0.5, 0, 0, 0)


def test_two_estimates_that_differ():
    """0 and 4 with errors 1: Q = 2·4 = 8 on 1, room 2 − 2/2 = 1, τ² 7, I² 7/8; the mean's error √(8/2) = 2."""
    found = random_effects(np.array([0.0, 4.0]), np.array([1.0, 1.0]))
    assert found == pytest.approx((2, 2, 2, 7, 8, 7 / 8))
    # 0 and 2: Q 2 on 1, τ² 1, I² 1/2
    nearer = random_effects(np.array([0.0, 2.0]), np.array([1.0, 1.0]))
    assert nearer == pytest.approx((2, 1, 1, 1, 2, 1 / 2))


def test_no_estimate_says_nothing():
    found = random_effects(np.array([]), np.array([]))
    assert found.estimates == 0
    assert np.isnan(found[1:]).all()


def test_estimates_that_agree_entirely():
    found = random_effects(np.array([2.0, 2.0]), np.array([1.0, 1.0]))
    assert (found.mean, found.between, found.q, found.inconsistency) == (2, 0, 0, 0)
    assert found.error == pytest.approx(0.5**0.5)
