"""Summaries by hand, and Wilson's interval against Newcombe 1998."""

from datetime import datetime, timedelta

import pytest

from alliance_core.analysis import analyse
from alliance_core.measures.summaries import counts, wilson
from tests.measures.made import TEN, overall, ratings, records


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_in_newcombe_1998(successes, trials, low, high):
    """Statistics in Medicine 17, 857–872, table I, method 3."""
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_wilson_turned_round():
    low, high = wilson(3, 20)
    assert wilson(17, 20) == pytest.approx((1 - high, 1 - low))


def test_wilson_of_nothing_says_nothing():
    assert wilson(0, 0) == (0, 1)


@pytest.mark.parametrize(("successes", "trials"), [(-1, 5), (6, 5)])
def test_wilson_refuses_what_is_no_count(successes, trials):
    with pytest.raises(ValueError, match="successes"):
        wilson(successes, trials)


TEAM = [
    *overall("C-1", [80, 80, 80, 40, 40, 40, 40]),  # unrepaired
    *overall("C-1", [70, 70, 70, 50], rater="practitioner"),  # registered
    *overall("C-2", [80, 80, 80, 40, 90, 90]),  # strengthened, blind spot
    *overall("C-2", [70] * 6, rater="practitioner"),
    *overall("C-3", [80, 80, 80, 40, 70]),  # repaired, unknown
    *overall("C-4", [80, 80, 80, 40]),  # open, unknown
    *overall("C-5", [10]),
    *overall("C-6", [None, None]),
    *overall("C-1", [50], practitioner="P02"),  # the same id with another practitioner is another case
]


def test_one_line_per_practitioner_by_hand():
    first, second = records(analyse(ratings(TEAM), TEN).practitioners)
    counts = [
        "cases",
        "sessions",
        "paired_sessions",
        "episodes",
        "repaired",
        "strengthened",
        "unrepaired",
        "open",
    ]
    assert [first[name] for name in counts] == [6, 25, 10, 4, 1, 1, 1, 1]
    assert (first["recognised"], first["recognisable"]) == (1, 2)
    # means of the clients: 400/7, 460/6, 350/5, 280/4, 10
    assert first["mean_client_overall"] == pytest.approx((400 / 7 + 460 / 6 + 70 + 70 + 10) / 5)
    # −10 −10 −10 10 and −10 −10 −10 30 −20 −20
    assert first["mean_gap"] == pytest.approx(-6)
    assert [second[name] for name in counts] == [1, 1, 0, 0, 0, 0, 0, 0]
    assert (second["mean_gap"], second["mean_client_overall"]) == (None, 50)


def test_figures_on_agreement_and_pooling_are_those_of_their_own_tables():
    result = analyse(ratings(TEAM), TEN)
    for frame, own, names in [
        (
            result.practitioners,
            result.caseloads,
            ["pooled_mean", "pooled_low", "pooled_high", "reliability", "loa_low", "loa_high"],
        ),
        (result.cases, result.agreement, ["mean_gap", "gap_low", "congruence", "icc_a1"]),
    ]:
        assert records(frame[names]) == records(own[names])
        assert frame[names].notna().any(axis=None)


def test_one_line_per_case_by_hand():
    rows = {(r["practitioner"], r["client"]): r for r in records(analyse(ratings(TEAM), TEN).cases)}
    assert len(rows) == 7
    one = rows["P01", "C-2"]
    assert (one["sessions"], one["paired_sessions"], one["client_overall"]) == (6, 6, 90)
    assert rows["P01", "C-6"]["client_overall"] is None
    assert {client: row["open_episode"] for (who, client), row in rows.items() if who == "P01"} == {
        "C-1": "no",
        "C-2": "no",
        "C-3": "no",
        "C-4": "yes",
        "C-5": "no",
        "C-6": "no",
    }


def test_a_case_that_nobody_rated_has_no_sessions():
    notes = [{"practitioner": "P01", "client": "C-2", "team": "South"}]
    _, other = records(analyse(ratings(overall("C-1", [80]), notes=notes), TEN).cases)
    assert (other["client"], other["sessions"], other["paired_sessions"]) == ("C-2", 0, 0)


def test_only_episodes_of_the_clients_overall_found_in_ratings_are_counted():
    result = analyse(ratings(TEAM), TEN)
    for other in ({"rater": "practitioner"}, {"facet": "goal"}, {"source": "marker"}):
        found = counts(result.cases, result.own_episodes.assign(**other))
        assert found["episodes"].tolist() == [0, 0]


def test_cases_are_active_quiet_closed_or_undated():
    day = datetime(2024, 3, 1)
    forms = [
        *overall("C-1", [80], date=day),
        *overall("C-2", [80], date=day + timedelta(days=61)),
        *overall("C-3", [80], date=day + timedelta(days=1)),
        *overall("C-4", [80], date=day + timedelta(days=61)),
        *overall("C-5", [80]),
    ]
    notes = [
        {"practitioner": "P01", "client": "C-4", "closed": day, "team": "North", "approach": "CBT"},
        {"practitioner": "P01", "client": "C-2", "team": "South"},
    ]
    rows = records(analyse(ratings(forms, notes=notes), TEN).cases)
    assert [row["state"] for row in rows] == ["quiet", "active", "active", "closed", None]
    assert [row["team"] for row in rows] == [None, "South", None, "North", None]
    assert [row["approach"] for row in rows] == [None, None, None, "CBT", None]
