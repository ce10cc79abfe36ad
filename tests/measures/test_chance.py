"""What a rule finds by chance: against every order there is, and what a shuffle may not change."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from alliance_core.analysis import analyse
from alliance_core.measures.chance import Chance, by_chance
from alliance_core.measures.detectors import DETECTORS, Courses
from alliance_core.measures.detectors.courses import Lines
from alliance_core.measures.draws import CaseDraws
from alliance_core.sample import Design, Parameters, simulate
from alliance_core.settings import EpisodeSettings, Settings
from alliance_core.tables import Ratings
from tests.measures import oracle
from tests.measures.made import TEN, overall, ratings


def chance(analysis, method="baseline", **choices):
    settings = analysis.settings.model_copy(
        update={"chance": analysis.settings.chance.model_copy(update=choices)}
    )
    return by_chance(analysis.of_clients, analysis.courses, method, settings)


@pytest.fixture(scope="module")
def team():
    return simulate(Design(5, 6, 12), seed=17).ratings


@pytest.fixture(scope="module")
def analysed(team):
    return analyse(team)


def test_the_mean_of_many_shuffles_is_that_of_every_order():
    """80 80 75 70 40 60 in each of its 720 orders, by the slow rule; and 40 cases of it shuffled 200 times."""
    values = [80, 80, 75, 70, 40, 60]
    orders = [list(enumerate(order, 1)) for order in permutations(values)]
    wanted = np.mean([len(oracle.detect(order, 10.0, EpisodeSettings())[0]) for order in orders])
    forms = [one for case in range(40) for one in overall(f"C-{case:02}", values)]
    expected = chance(analyse(ratings(forms), TEN)).of()
    assert wanted > 0.1
    assert expected.expected / 40 == pytest.approx(wanted, abs=0.02)  # 8,000 draws: standard error below .006


def test_found_are_the_episodes_that_were_found(analysed):
    told = chance(analysed)
    assert told.of().found == analysed.practitioners["episodes"].sum() > 0
    for name, count in zip(
        analysed.practitioners["practitioner"], analysed.practitioners["episodes"], strict=True
    ):
        assert told.of(name).found == count


def test_practitioners_and_cases_add_up_to_the_team(analysed):
    told = chance(analysed)
    whole = told.of()
    own = [told.of(name) for name in analysed.practitioners["practitioner"]]
    assert sum(one.expected for one in own) == pytest.approx(whole.expected)
    assert sum(one.steady for one in own) == pytest.approx(whole.steady)
    cases = [told.of(*case) for case in told.cases.itertuples(index=False, name=None)]
    assert sum(one.expected for one in cases) == pytest.approx(whole.expected)
    assert whole.low <= whole.expected <= whole.high


def test_a_shuffle_changes_nothing_but_the_order_within_each_series():
    random = np.random.default_rng(3)
    length = [1, 5, 2, 9, 1, 7]
    series = np.repeat(np.arange(6), length)
    value = random.permutation(25).astype(float)
    one = Courses(series, value, np.full(25, 8.0), within=value + 100, spread=value + 200)
    many = one.shuffled(50, np.random.default_rng(4))
    assert np.array_equal(many.within, many.value + 100)
    assert np.array_equal(many.spread, many.value + 200)
    seen = set()
    for copy in range(50):
        for number in range(6):
            own = many.value[many.series == copy * 6 + number]
            assert sorted(own) == sorted(value[series == number])
            if number == 2:
                seen.add(tuple(own))
    assert len(seen) == 2
    assert np.array_equal(np.sort(many.series), many.series)


def test_each_order_is_as_likely_as_any_other():
    one = Courses(np.zeros(3, int), np.array([1.0, 2, 3]), np.ones(3))
    many = one.shuffled(6000, np.random.default_rng(5)).value.reshape(-1, 3)
    _, counts = np.unique(many, axis=0, return_counts=True)
    assert len(counts) == 6
    assert counts.min() > 880  # 1,000 each, standard deviation 29


def test_a_steady_copy_has_the_level_and_the_noise_of_its_series():
    one = Courses(
        np.repeat([0, 1], 4), np.array([60.0, 70, 60, 70, 30, 30, 30, 30]), np.repeat([5.0, 2.0], 4)
    )
    many = one.steady(4000, np.random.default_rng(6)).value.reshape(-1, 2, 4)
    assert many.mean(axis=(0, 2)) == pytest.approx([65, 30], abs=0.2)
    assert many.std(axis=(0, 2)) == pytest.approx([5, 2], abs=0.1)
    high = Courses(np.zeros(4, int), np.full(4, 99.0), np.full(4, 20.0)).steady(50, np.random.default_rng(7))
    assert high.value.max() == 100
    low = Courses(np.zeros(4, int), np.full(4, 1.0), np.full(4, 20.0)).steady(50, np.random.default_rng(7))
    assert low.value.min() == 0


def test_a_steady_rating_on_its_line_has_reached_it():
    """Noise takes the half of them below 0, where they are kept: on the line."""
    lines = Lines(np.zeros(2), np.zeros(2), np.ones(2, bool))
    many = Courses(np.zeros(2, int), np.zeros(2), np.full(2, 20.0), lines=lines).steady(
        200, np.random.default_rng(7)
    )
    assert 150 < many.lines.under.sum() < 250
    assert np.array_equal(many.lines.under, many.value == 0)


def test_one_rating_has_one_order_and_no_rating_none():
    for rows in (1, 0):
        one = Courses(np.zeros(rows, int), np.full(rows, 70.0), np.ones(rows))
        many = one.shuffled(3, np.random.default_rng(1))
        assert many.value.tolist() == [70] * (3 * rows)
        assert many.series.tolist() == [*range(3)][: 3 * rows]


@pytest.mark.parametrize(
    ("values", "spread"), [([70], np.nan), ([70, 72], 2**0.5), ([70, 72, 74], 2), ([], np.nan)]
)
def test_the_spread_over_all_needs_two_ratings(values, spread):
    one = Courses(np.zeros(len(values), int), np.array(values, float), np.ones(len(values)))
    assert one.sd.tolist() == pytest.approx([spread] * len(values), nan_ok=True)


def test_the_middle_95_of_200_orders_lie_between_the_5th_and_the_195th():
    cases = pd.DataFrame({"practitioner": ["P01"], "client": ["C-1"]})
    orders = np.random.default_rng(2).permutation(200)[:, None]
    told = Chance(cases, np.array([7]), orders, 2 * orders).of()
    assert (told.found, told.expected, told.low, told.high, told.steady) == (7, 99.5, 4, 194, 199)


def test_orders_are_the_same_in_whatever_portions_they_are_walked(analysed, monkeypatch):
    whole = chance(analysed, shuffles=7)
    rated = int(((analysed.trace["rater"] == "client") & (analysed.trace["facet"] == "overall")).sum())
    for at_once in (1, 3 * rated):
        monkeypatch.setattr("alliance_core.measures.chance._AT_ONCE", at_once)
        parts = chance(analysed, shuffles=7)
        assert np.array_equal(parts.shuffled, whole.shuffled)
        assert np.array_equal(parts.steady, whole.steady)


def test_ratings_that_never_move_give_nothing():
    told = chance(analyse(ratings(overall("C-1", [70] * 12)), TEN)).of()
    assert (told.found, told.expected, told.low, told.high) == (0, 0, 0, 0)


def test_where_nothing_happened_as_many_are_expected_as_are_found():
    quiet = simulate(Design(10, 40, 12, Parameters(rupture_chance=0, growth=0, growth_sd=0)), seed=5).ratings
    analysis = analyse(quiet)
    for method in DETECTORS:
        told = chance(analysis, method, shuffles=60).of()
        assert told.low <= told.found <= told.high, method


def test_the_same_seed_gives_the_same_numbers_whatever_the_order_of_rows(team, analysed):
    shuffled = Ratings(team.forms.sample(frac=1, random_state=5), team.markers, team.cases)
    one, same = chance(analysed), chance(analyse(shuffled))
    assert one.of() == same.of()
    assert one.of("P03") == same.of("P03")
    assert np.array_equal(one.shuffled, same.shuffled)
    pd.testing.assert_frame_equal(one.cases, same.cases)
    assert not np.array_equal(one.shuffled, chance(analysed, seed=2).shuffled)


def test_another_case_changes_nothing_that_is_expected_of_this_one():
    marks = [70, 72, 40, 68, 71, 66, 45, 74, 70, 69]
    alone = chance(analyse(ratings(overall("C-2", marks)), TEN))
    others = ratings([*overall("C-1", marks[::-1]), *overall("C-2", marks), *overall("C-3", marks[:4])])
    together = chance(analyse(others, TEN))
    assert alone.of()._replace(shuffles=0) == together.of("P01", "C-2")._replace(shuffles=0)
    assert alone.shuffled.std() > 0
    assert not np.array_equal(together.shuffled[:, 0], together.shuffled[:, 1])


def entries(*counts):
    """Draws for cases with so many entries each, of ratings of their own."""
    value = np.concatenate([np.arange(count) + 10.0 * count for count in counts] or [np.zeros(0)])
    return CaseDraws(value, np.repeat(np.arange(len(counts)), counts), seed=1)


def test_the_numbers_drawn_are_even_normal_and_unrelated():
    copies, rows = 2000, 30
    even = entries(20, 10).random(copies * rows).reshape(copies, rows)
    assert even.min() >= 0
    assert even.max() < 1
    share, _ = np.histogram(even, bins=20, range=(0, 1))
    assert stats.chisquare(share).pvalue > 0.001
    normal = entries(20, 10).standard_normal((copies, rows))
    assert normal.mean() == pytest.approx(0, abs=0.02)
    assert stats.kstest(normal.ravel(), "norm").pvalue > 0.001
    related = np.corrcoef(normal.T)[np.triu_indices(rows, 1)]
    assert np.abs(related).max() < 0.1  # of 435, each with a standard error of .022
    after = [np.corrcoef(normal[:-1, place], normal[1:, place])[0, 1] for place in range(rows)]
    assert np.abs(after).max() < 0.09


def test_a_case_draws_the_same_numbers_beside_whom_and_in_whatever_portions():
    together, alone = entries(3, 5), entries(3)
    one = together.random(4 * 8).reshape(4, 8)[:, :3]
    assert np.array_equal(one, alone.random(4 * 3).reshape(4, 3))
    again = entries(3)
    assert np.array_equal(one, np.vstack([again.random(3), again.random(9).reshape(3, 3)]))
    assert entries().random(0).size == 0


def test_cases_with_the_very_same_ratings_draw_other_numbers():
    value, case = np.array([70.0, 60, 70, 60, 70 + 1e-12, 60]), np.repeat([0, 1, 2], 2)
    drawn = CaseDraws(value, case, seed=1).random(6)
    assert len(np.unique(drawn)) == 6
    same = CaseDraws(value[[4, 1, 2, 3, 0, 5]], case, seed=1).random(6)  # the last bit is no other rating
    assert np.array_equal(drawn, same)


def test_a_budget_of_ratings_means_fewer_orders(analysed):
    rated = int(((analysed.trace["rater"] == "client") & (analysed.trace["facet"] == "overall")).sum())
    assert chance(analysed).of().shuffles == 200
    assert chance(analysed, budget=rated * 20 + rated - 1).of().shuffles == 20
    assert chance(analysed, budget=1).of().shuffles == 1
    single = analyse(ratings(overall("C-1", [70])), TEN)
    assert chance(single, budget=3).of().shuffles == 3
    # the first orders are the same ones
    assert np.array_equal(chance(analysed, budget=rated * 20).shuffled, chance(analysed).shuffled[:20])


def test_who_has_no_ratings_by_clients_has_no_number(analysed):
    told = chance(analysed)
    assert told.of("P99") is None
    assert told.of("P01", "C-999") is None
    nobody = chance(analyse(ratings(overall("C-1", [70] * 4, rater="practitioner")), TEN))
    assert nobody.of() is None


def test_a_case_with_two_instruments_is_one_case():
    """80 80 80 on one form, then 80 80 80 40 on another: the orders of each by itself."""
    forms = overall("C-1", [80, 80, 80, 80, 80, 80, 40, 75])
    for one in forms[3:]:
        one["instrument"] = "facets"
        one["given"] = dict.fromkeys(("goal", "task", "bond"), one["given"]["overall"])
    told = chance(analyse(ratings(forms), TEN))
    assert told.cases.to_numpy().tolist() == [["P01", "C-1"]]
    # In 3 of 5 places of the 40 among the five is it at least third and so seen.
    assert told.of("P01", "C-1").expected == pytest.approx(0.6, abs=0.12)
    assert told.of("P01", "C-1").found == 1


@pytest.mark.parametrize("name", DETECTORS)
def test_every_rule_has_its_own_number(team, name):
    settings = Settings.model_validate({"threshold": {"lines": {"wai-sr": 3.5}}})
    told = chance(analyse(team, settings, [name]), name).of()
    assert told.expected > 0
