"""Limits of agreement against Bland & Altman 1986 and 1999."""

import numpy as np
import pytest

from alliance_core.measures.limits_of_agreement import limits, repeated_pairs
from alliance_core.measures.one_way import one_way
from tests.measures.published import MINI, WRIGHT, cardiac_output


def by_case(*cases, width=1.96):
    """Limits over some cases' gaps."""
    number = np.repeat(np.arange(len(cases)), [len(case) for case in cases])
    split = one_way(np.zeros(len(number), int), number, np.concatenate(cases).astype(float), 1)
    return [float(end[0]) for end in repeated_pairs(split, width)]


def test_single_pairs_of_bland_and_altman_1986():
    """Mean −2.117647, SD 38.765130, 1.96 SD limits −78.097302 and 73.862007. The paper rounds 1.96 to 2."""
    gaps = np.subtract(WRIGHT, MINI).astype(float)
    assert gaps.mean() == pytest.approx(-2.117647, abs=5e-7)
    assert gaps.std(ddof=1) == pytest.approx(38.765130, abs=5e-7)
    low, high = limits(gaps.mean(), gaps.var(ddof=1), 1.96)
    assert (low, high) == pytest.approx((-78.097302, 73.862007), abs=1e-6)


def test_one_pair_a_case_is_the_same_as_single_pairs():
    gaps = np.subtract(WRIGHT, MINI)
    assert by_case(*([gap] for gap in gaps)) == pytest.approx([-78.097302, 73.862007], abs=1e-6)


def test_repeated_pairs_of_bland_and_altman_1999():
    """Mean .602167, MSB 4.209086, MSW .170714, limits −1.3395 and 2.5438."""
    subject, rv, ic = cardiac_output()
    gaps = one_way(np.zeros(60, int), subject.astype(int) - 1, rv - ic, 1)
    assert (gaps.n[0], gaps.groups[0]) == (60, 12)
    assert gaps.mean[0] == pytest.approx(0.602167, abs=5e-7)
    assert gaps.between_square[0] == pytest.approx(4.209086, abs=5e-7)
    assert gaps.within_square[0] == pytest.approx(0.170714, abs=5e-7)
    low, high = repeated_pairs(gaps, 1.96)
    assert (low[0], high[0]) == pytest.approx((-1.3395, 2.5438), abs=5e-5)


def test_cases_that_do_not_differ_leave_the_spread_within_them():
    """Gaps −1, 1 in both cases: MSB 0, MSW 2, s_b² 0: limits ±1.96·√2, and ±2·√2 where the setting says 2."""
    assert by_case([-1, 1], [-1, 1]) == pytest.approx([-1.96 * 2**0.5, 1.96 * 2**0.5])
    assert by_case([-1, 1], [-1, 1], width=2) == pytest.approx([-(8**0.5), 8**0.5])


def test_one_case_alone_tells_nothing_of_other_cases():
    assert np.isnan(by_case([1, 2, 3])).all()


def test_the_order_of_pairs_does_not_matter():
    subject, rv, ic = cardiac_output()
    turned = np.random.default_rng(3).permutation(60)
    gaps = one_way(np.zeros(60, int), (subject.astype(int) - 1)[turned], (rv - ic)[turned], 1)
    assert [float(end[0]) for end in repeated_pairs(gaps, 1.96)] == pytest.approx([-1.3395, 2.5438], abs=5e-5)
