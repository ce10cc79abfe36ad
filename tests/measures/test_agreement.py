"""Sessions side by side and gaps, against published figures and by hand."""

import pytest

from alliance_core.analysis import analyse
from tests.measures.made import TEN, form, overall, ratings, records
from tests.measures.published import MINI, WRIGHT


def both(client, practitioner, **more):
    return overall("C-1", client, **more) + overall("C-1", practitioner, rater="practitioner", **more)


def case(forms):
    (row,) = records(analyse(ratings(forms), TEN).cases)
    return row


def sessions(forms):
    return records(analyse(ratings(forms), TEN).sessions)


def test_mean_gap_and_its_interval_of_bland_and_altman_1986():
    """Mean −2.117647, SD 38.765130; t of 16 degrees of freedom 2.119905: half width 19.931189. Σ|d| = 492.

    On a range of 0–1000, so that pct is a tenth of the reading.
    """
    row = case(both(MINI, WRIGHT, high=1000))
    assert row["paired_sessions"] == 17
    assert 10 * row["mean_gap"] == pytest.approx(-2.117647, abs=1e-6)
    assert 10 * row["gap_low"] == pytest.approx(-22.048836, abs=2e-5)
    assert 10 * row["gap_high"] == pytest.approx(17.813542, abs=2e-5)
    assert 10 * row["mean_abs_gap"] == pytest.approx(28.941176, abs=1e-6)


@pytest.mark.parametrize(
    ("pairs", "mean", "interval"), [(2, False, False), (3, True, False), (5, True, False), (6, True, True)]
)
def test_how_much_is_said_of_so_many_pairs(pairs, mean, interval):
    row = case(both([60] * 7, [*([50, 54] * 3)[:pairs], None]))
    assert row["paired_sessions"] == pairs
    assert [row["mean_gap"] is not None, row["mean_abs_gap"] is not None] == [mean, mean]
    assert [row["gap_low"] is not None, row["gap_high"] is not None] == [interval, interval]


def test_six_pairs_by_hand():
    """Gaps −10 and −6, three of each: mean −8, SD √4.8 = 2.190890, t(5) = 2.570582, half width 2.299198."""
    row = case(both([60] * 6, [50, 54] * 3))
    assert (row["mean_gap"], row["mean_abs_gap"]) == (-8, 8)
    assert row["gap_low"] == pytest.approx(-10.299198, abs=2e-6)
    assert row["gap_high"] == pytest.approx(-5.700802, abs=2e-6)


def test_a_gap_is_practitioner_minus_client_and_needs_both():
    rows = sessions(both([60, 70, None, 50], [65, None, 40, 50]))
    assert [row["gap_overall"] for row in rows] == [5, None, None, 0]
    assert [row["client_overall"] for row in rows] == [60, 70, None, 50]
    assert [row["practitioner_overall"] for row in rows] == [65, None, 40, 50]


def test_states_of_sessions():
    client = [80, 80, 80, None, 58, 30, 70, 80, None, None]
    practitioner = [70, 70, None, 70, 70, 70, 70, 70, None, 70]
    rows = sessions(both(client, practitioner))
    assert [row["state"] for row in rows] == [
        "too few",
        "too few",
        "one side only",
        "one side only",
        "strain",
        "rupture",
        "repaired",
        "rated",
        None,
        "one side only",
    ]


def test_level_and_z_stand_beside_a_session_only_where_they_mean_something():
    rows = sessions(overall("C-1", [80, 80, 80, 40, 50, 70, 80]))
    assert [row["baseline"] for row in rows] == [None, None, 80, 80, None, None, 77.5]
    assert [row["drop_z"] is not None for row in rows] == [False, False, True, True, False, False, True]
    assert rows[3]["drop_z"] == pytest.approx(40 / 11.547005, abs=1e-6)
    assert [row["state"] for row in rows][3:] == ["rupture", "in episode", "repaired", "one side only"]


def test_facets_stand_beside_each_other_too():
    given = [{"goal": 5, "task": 3, "bond": 1}, {"goal": 3, "task": 3, "bond": None}]
    (row,) = sessions(
        [
            form("P01", "C-1", 1, rater, given=one)
            for rater, one in zip(("client", "practitioner"), given, strict=True)
        ]
    )
    assert (row["client_goal"], row["practitioner_goal"], row["gap_goal"]) == (100, 50, -50)
    assert (row["gap_task"], row["gap_bond"], row["gap_overall"]) == (0, None, None)


def test_observers_are_kept_apart():
    forms = [*overall("C-1", [80, 80]), *overall("C-1", [10, 10, 10], rater="observer")]
    result = analyse(ratings(forms), TEN)
    assert result.scores["rater"].tolist() == ["client", "observer", "client", "observer", "observer"]
    rows = records(result.sessions)
    assert [row["state"] for row in rows] == ["one side only", "one side only", None]
    assert "observer" not in set(result.trace["rater"])
