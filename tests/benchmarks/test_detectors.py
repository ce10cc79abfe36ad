"""The benchmark of the rules: counting by hand, known cases, and what its published results must hold."""

import numpy as np
import pytest

from alliance_core import benchmarked
from alliance_core.measures.detectors import DETECTORS
from alliance_core.settings import Settings
from benchmarks.detectors.counting import count
from benchmarks.detectors.grids import CHOICE, HELD_OUT, STAYS, Cell
from benchmarks.detectors.rules import RULES
from benchmarks.detectors.simulated import Caseload, caseload, courses

QUIET = Cell(12, 0.0, "normal", 0.0, 0.0, 70, 0.0)


def counted(scores, planted, start, low, end, threshold=2.3):
    cases = Caseload(
        [QUIET],
        np.array(scores, float),
        np.zeros(len(scores), int),
        *map(np.array, (planted, start, low, end)),
    )
    walked, case, session = courses(cases, Settings())
    return count(cases, walked, case, session, DETECTORS["baseline"].find(walked, Settings(), threshold))


# Two hundred calm sessions beside them keep σ at its floor, so that a fall of 30 is far beyond it.
CALM = [[70.0, 71, 70, 71, 70, 71, 70, 71]] * 25


def test_flags_are_counted_against_the_truth_by_hand():
    fallen = [70.0, 70, 70, 40, 40, 70, 70, 70]
    found = counted(
        [*CALM, fallen, [70.0, 70, 70, 70, 70, 40, 70, 70]],
        [False] * 25 + [True, False],
        [0] * 25 + [3, 0],
        [0] * 25 + [3, 0],
        [7] * 25 + [4, 7],
    )
    # one flag in 26 cases of 8 sessions in which nothing was planted
    assert found.false_alarms == pytest.approx(100 / (26 * 8))
    assert found.stable_flagged == pytest.approx(1 / 26)
    assert (found.found, found.delay, found.outcome_right) == (1, 0, 1)


def test_a_rupture_that_is_found_late_or_not_at_all():
    late = [70.0, 70, 70, 69, 40, 40, 40, 40]
    missed = [70.0, 70, 70, 70, 70, 70, 70, 70]
    found = counted(
        [*CALM, late, missed], [False] * 25 + [True] * 2, [0] * 25 + [3, 3], [0] * 25 + [4, 4], [7] * 27
    )
    # what stays low for three rated sessions after its lowest is rightly told as not repaired
    assert (found.found, found.delay, found.outcome_right) == (0.5, 1, 1)


def test_cases_come_with_the_ruptures_that_were_asked_for():
    cases = caseload(CHOICE, [QUIET], 4000, 0.5, seed=3)
    assert cases.scores.shape == (4000, 12)
    assert cases.planted.mean() == pytest.approx(0.5, abs=0.03)
    stable = cases.scores[~cases.planted]
    assert stable.std(axis=1, ddof=1).mean() == pytest.approx(7.5, abs=0.2)
    rows = np.flatnonzero(cases.planted & (cases.end >= cases.low))
    before = cases.scores[rows, 0]
    assert (before - cases.scores[rows, cases.low[rows]]).mean() == pytest.approx(2.5 * 7.5, abs=1)
    assert np.array_equal(cases.scores, caseload(CHOICE, [QUIET], 4000, 0.5, seed=3).scores)


def test_the_two_grids_share_no_level_but_cases_of_twelve_sessions_and_what_stays():
    for name in ("unequal", "carried", "growth", "level", "missing", "depth"):
        assert not set(getattr(CHOICE, name)) & set(getattr(HELD_OUT, name)), name
    assert set(CHOICE.length) & set(HELD_OUT.length) == {1, STAYS}
    assert CHOICE.levels_off != HELD_OUT.levels_off


def test_every_rule_of_the_program_is_compared_at_its_own_setting():
    assert {rule.detector for rule in RULES} == set(DETECTORS)
    for rule in RULES:
        if rule.name in DETECTORS and rule.name != "threshold":
            group, key = DETECTORS[rule.name].threshold.split(".")
            assert getattr(getattr(Settings(), group), key) in rule.own


# -- what was published: the files in benchmarks/results ------------------------------------------------


def at_one():
    table = benchmarked.comparison()
    return table[table["at"] == "1"].set_index("rule")["found"]


def test_the_better_rule_finds_more_at_equal_false_alarms_on_the_grid_held_out():
    found = at_one()
    others = ["step", "step, from the highest of three", "reliable_change"]
    assert found["last_three"] >= 1.5 * found["control_chart"]
    assert found["last_three"] >= 1.25 * found[others].max()
    assert found["last_three"] > found["baseline"]


def test_it_flags_stable_cases_no_more_often_than_baseline_and_within_the_bounds():
    table = benchmarked.stable()
    worst = table.groupby(["grid", "rule"])["flagged"].max()
    assert worst[("held out", "last_three")] <= 0.17
    for grid in ("choice", "held out"):
        assert worst[(grid, "last_three")] < worst[(grid, "baseline")]
    plain = table[(table["tails"] == "normal") & (table["unequal"] == 0) & (table["carried"] == 0)]
    assert plain.loc[plain["rule"] == "last_three", "flagged"].max() <= 0.10


def test_equal_rates_are_equal():
    table = benchmarked.comparison()
    rates = table[~table["at"].isin(["own"]) & (table["rule"] != "threshold")].dropna(subset="threshold")
    assert len(rates) > 20
    assert (rates["false_alarms"] / rates["at"].astype(float) - 1).abs().max() < 0.05


def test_the_published_files_are_of_the_rules_as_they_are_now():
    table = benchmarked.comparison()
    own = table[table["at"] == "own"].groupby("rule")["threshold"].agg(list).to_dict()
    assert own == {rule.name: list(rule.own) for rule in RULES if rule.own}


def test_between_two_thresholds_that_were_tried_the_benchmark_is_asked_in_a_straight_line():
    rungs = benchmarked.ladder()
    two = rungs[rungs["rule"] == "last_three"].iloc[:2]
    said = benchmarked.said_of("last_three", two["threshold"].mean())
    assert said == pytest.approx(tuple(two[list(said._fields)].mean()))
    assert benchmarked.said_of("last_three", 9.0) is None


def test_without_the_files_nothing_is_claimed(monkeypatch, tmp_path):
    monkeypatch.setattr(benchmarked, "RESULTS", tmp_path)
    monkeypatch.setattr(benchmarked, "_read", benchmarked._read.__wrapped__)
    assert benchmarked.comparison() is benchmarked.ladder() is benchmarked.stable() is None
    assert benchmarked.said_of("baseline", 2.3) is None
