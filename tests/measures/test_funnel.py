"""Funnel limits and over-dispersion by hand."""

import numpy as np
import pandas as pd
import pytest

from alliance_core.measures import TIE
from alliance_core.measures.funnel import LIMITS, limits, overdispersion, place
from alliance_core.settings import PractitionerSettings

OURS = PractitionerSettings()


def test_limits_by_hand():
    """μ 70, σ² 144, nine clients: error 4; inner 70 ± 7.84, outer 70 ± 12.36. Four times the spread doubles them."""
    found = limits(np.array([9]), 70, 144, 1, OURS)
    assert found.columns.tolist() == LIMITS
    assert found.iloc[0].tolist() == pytest.approx([57.64, 62.16, 77.84, 82.36])
    wider = limits(np.array([9]), 70, 144, 4, OURS)
    assert wider.iloc[0].tolist() == pytest.approx([45.28, 54.32, 85.68, 94.72])


def test_limits_narrow_with_the_number_of_clients():
    found = limits(np.array([1, 4, 100]), 50, 100, 1, OURS)
    assert found["inner_high"].tolist() == pytest.approx([69.6, 59.8, 51.96])
    assert found["outer_low"].tolist() == pytest.approx([19.1, 34.55, 46.91])


def test_multiples_are_settings():
    found = limits(np.array([1]), 0, 1, 1, PractitionerSettings(funnel_inner=1, funnel_outer=2))
    assert found.iloc[0].tolist() == [-2, -1, 1, 2]


def test_overdispersion_draws_the_ends_in():
    """Eleven z: −9, −3 … 3, 9 with error 1. The quantiles at 10 % and 90 % are the second and the tenth: −3 and 3.

    Drawn in: −3 −3 −2 −1.5 −1 0 1 1.5 2 3 3, squares 9·4 + 4·2 + 2.25·2 + 1·2 = 50.5, φ = 50.5/11. Undrawn: 194.5/11.
    """
    z = np.array([-9, -3, -2, -1.5, -1, 0, 1, 1.5, 2, 3, 9])
    size = np.full(11, 25)
    assert overdispersion(50 + 2 * z, size, 50, 100, 0.1) == pytest.approx(50.5 / 11)
    assert overdispersion(50 + 2 * z, size, 50, 100, 0) == pytest.approx((50.5 - 36 + 18 + 162) / 11)


def test_means_that_vary_less_than_by_chance_do_not_narrow_the_funnel():
    assert overdispersion(np.linspace(49, 51, 12), np.full(12, 25), 50, 100, 0.1) == 1


def test_a_mean_with_more_clients_lies_farther_out_at_the_same_distance():
    few, many = np.full(12, 5), np.full(12, 50)
    own = np.linspace(30, 70, 12)
    assert overdispersion(own, many, 50, 100, 0.1) == pytest.approx(
        10 * overdispersion(own, few, 50, 100, 0.1)
    )


@pytest.mark.parametrize(
    ("own", "where"),
    [
        (50, "inside"),
        (60, "inside"),
        (60 + TIE, "inside"),
        (60 + 3 * TIE, "between"),
        (60.1, "between"),
        (65, "between"),
        (65 + TIE, "between"),
        (65.1, "outside"),
        (40, "inside"),
        (40 - TIE, "inside"),
        (39.9, "between"),
        (35, "between"),
        (35 - TIE, "between"),
        (34.9, "outside"),
    ],
)
def test_a_limit_itself_belongs_inside(own, where):
    drawn = pd.DataFrame([[35.0, 40.0, 60.0, 65.0]], columns=LIMITS)
    assert place(np.array([own]), drawn).tolist() == [where]
