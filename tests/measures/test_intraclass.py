"""Intraclass correlations against Shrout & Fleiss 1979 and Bland & Altman's data, and what must hold of any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.measures.intraclass import intraclass, mean_squares
from tests.measures.made import repeatable
from tests.measures.published import MINI, SHROUT_FLEISS, WRIGHT

ONE = np.array([True])


def of(*groups, level=0.95):
    """The coefficients of some groups of rows, computed together."""
    number = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    rows = np.concatenate([np.asarray(group, float).reshape(len(group), -1) for group in groups])
    return intraclass(mean_squares(rows, number, len(groups)), level, np.ones(len(groups), bool))


def test_mean_squares_of_shrout_and_fleiss():
    """Their table 3: between targets 11.24, between judges 32.49, residual 1.02."""
    found = mean_squares(SHROUT_FLEISS, np.zeros(6, int), 1)
    assert (found.n.tolist(), found.k) == ([6], 4)
    assert [found.rows[0], found.columns[0], found.error[0]] == pytest.approx([11.24, 32.49, 1.02], abs=5e-3)


def test_shrout_and_fleiss_1979():
    """Table 4: ICC(2,1) .29, ICC(3,1) .71; page 424: .019 to .761. That of ICC(3,1) as R's psych gives it for these data."""
    found = of(SHROUT_FLEISS)
    assert found.a1[0] == pytest.approx(0.289764, abs=5e-7)
    assert [found.a1_low[0], found.a1_high[0]] == pytest.approx([0.018787, 0.761084], abs=1e-6)
    assert found.c1[0] == pytest.approx(0.714841, abs=5e-7)
    assert [found.c1_low[0], found.c1_high[0]] == pytest.approx([0.342, 0.946], abs=5e-4)


def test_bland_and_altman_1986():
    """With almost no difference in means, absolute agreement comes out above consistency: MSC < MSE."""
    found = of(np.transpose([WRIGHT, MINI]))
    assert found.a1[0] == pytest.approx(0.945928, abs=5e-7)
    assert found.c1[0] == pytest.approx(0.942913, abs=5e-7)
    assert found.a1_low[0] < found.a1[0] < found.a1_high[0]


def test_raters_who_disagree_throughout_are_reported_below_zero():
    """By hand: rows 1 4, 2 3, 3 2, 4 1. MSR 0, MSC 0, MSE 10/3: ICC(C,1) (0 − MSE)/(0 + MSE) = −1."""
    found = of([[1, 4], [2, 3], [3, 2], [4, 1]])
    assert found.c1[0] == pytest.approx(-1)
    # ICC(A,1): −MSE/(MSE − 2/4·MSE) = −2, an estimate beyond −1, which is left as it is
    assert found.a1[0] == pytest.approx(-2)


def test_a_constant_gap_lowers_agreement_and_not_consistency():
    """Rows m, m + 2 for m = 1 … 4: MSR 10/3, MSE 0, MSC 8. ICC(A,1) = (10/3)/(10/3 + 4) = .4545…"""
    found = of([[m, m + 2] for m in (1, 2, 3, 4)])
    assert found.c1[0] == 1
    assert found.a1[0] == pytest.approx(10 / 22)
    assert [np.isnan(found.c1_low[0]), np.isnan(found.c1_high[0])] == [True, True]
    assert 0 < found.a1_low[0] < found.a1[0] < found.a1_high[0] < 1


def test_where_both_agree_entirely_there_is_no_error_to_go_by():
    found = of([[m, m] for m in (1, 2, 3, 4)])
    assert (found.a1[0], found.c1[0]) == (1, 1)
    assert np.isnan([found.a1_low[0], found.a1_high[0], found.c1_low[0], found.c1_high[0]]).all()


def test_one_row_says_nothing_and_two_say_little():
    found = of([[1, 4]], [[1, 2], [4, 4]])
    assert np.isnan([value[0] for value in found]).all()
    # Row means 1.5 and 4: MSR 2·(1.25² + 1.25²) = 6.25; column means 2.5 and 3: MSC 2·(.25² + .25²) = .25; MSE .25
    assert found.c1[1] == pytest.approx(6 / 6.5)
    assert found.a1[1] == pytest.approx(6 / 6.5)


def test_a_group_that_is_left_out_has_no_figures():
    squares = mean_squares(SHROUT_FLEISS, np.zeros(6, int), 1)
    assert np.isnan(np.concatenate(intraclass(squares, 0.95, ~ONE))).all()


def test_a_group_without_rows_has_no_figures():
    found = intraclass(mean_squares(SHROUT_FLEISS, np.ones(6, int), 3), 0.95, np.ones(3, bool))
    assert np.isnan([[value[0], value[2]] for value in found]).all()
    assert found.a1[1] == pytest.approx(0.289764, abs=5e-7)


def test_agreement_but_for_rounding_is_entire():
    """The rows differ in a last bit, so that the error is almost nothing, and an interval from it would claim to be sure."""
    found = of([[0.1 + 0.2, 0.3], [0.5, 0.5], [0.7 + 0.1, 0.8], [1.1 + 2.2, 3.3]])
    assert (found.a1[0], found.c1[0]) == pytest.approx((1, 1))
    assert np.isnan([found.a1_low[0], found.a1_high[0], found.c1_low[0], found.c1_high[0]]).all()


def test_the_interval_of_a_negative_coefficient_holds_it():
    """Rows 4 2, 1 4, 0 6: ICC(A,1) −.96, and Satterthwaite's degrees of freedom only .0025; held at 1, F(1, 2) at .975 is 38.51."""
    found = of([[4, 2], [1, 4], [0, 6]])
    assert found.a1[0] == pytest.approx(-0.96)
    # MSR 1/6, MSC and MSE 8 1/6: 3·(38.5063/6 − 49/6)/(2·49/6 + 49/6 + 3·38.5063/6)
    assert found.a1_high[0] == pytest.approx(3 * (38.5063 - 49) / (3 * 49 + 3 * 38.5063), abs=1e-5)
    assert found.a1_low[0] < found.a1[0] < found.a1_high[0]


def test_a_coefficient_without_end_is_missing():
    """Rows 1 2, 2 1: MSR and MSC are 0, and ICC(A,1) would be −MSE/0."""
    found = of([[1, 2], [2, 1]])
    assert np.isnan([found.a1[0], found.a1_low[0], found.a1_high[0]]).all()
    assert found.c1[0] == pytest.approx(-1)


tables = st.lists(
    st.lists(st.tuples(*[st.integers(0, 6).map(float)] * 2), min_size=2, max_size=12), min_size=1, max_size=4
)


@repeatable(60)
@given(tables)
def test_groups_are_computed_as_if_alone(groups):
    together = of(*groups)
    for number, group in enumerate(groups):
        alone = of(group)
        for mine, theirs in zip(together, alone, strict=True):
            assert mine[number] == pytest.approx(theirs[0], abs=1e-9, nan_ok=True)


@repeatable(60)
@given(tables, st.floats(0.1, 50), st.floats(-100, 100))
def test_shift_and_scale_do_not_matter(groups, scale, shift):
    before, after = of(*groups), of(*(np.asarray(group) * scale + shift for group in groups))
    for mine, theirs in zip(before, after, strict=True):
        both = ~np.isnan(mine) & ~np.isnan(theirs)
        assert mine[both] == pytest.approx(theirs[both], rel=1e-5, abs=1e-6)


@repeatable(60)
@given(tables)
def test_which_rater_stands_first_does_not_matter(groups):
    before, after = of(*groups), of(*(np.asarray(group)[:, ::-1] for group in groups))
    for mine, theirs in zip(before, after, strict=True):
        assert mine == pytest.approx(theirs, nan_ok=True, abs=1e-9)


@repeatable(60)
@given(tables)
def test_an_interval_holds_its_coefficient_and_grows_with_its_level(groups):
    found, wide = of(*groups), of(*groups, level=0.99)
    for value, low, high, lower, higher in (
        (found.a1, found.a1_low, found.a1_high, wide.a1_low, wide.a1_high),
        (found.c1, found.c1_low, found.c1_high, wide.c1_low, wide.c1_high),
    ):
        there = ~np.isnan(low)
        assert (low[there] <= value[there] + 1e-9).all()
        assert (value[there] <= high[there] + 1e-9).all()
        assert (lower[there] <= low[there] + 1e-9).all()
        assert (high[there] <= higher[there] + 1e-9).all()
        assert (high[there] <= 1).all()
