"""At every limit a number that lies a tie (1e-9) off counts as on it, and one that lies two ties off does not.

Numbers are such that the subtraction leaves exactly a tie: with "greater" for "greater or equal", or without the tie, one of the two fails.
"""

import numpy as np
import pandas as pd
import pytest

from alliance_core.analysis import analyse
from alliance_core.instruments import Threshold, instruments
from alliance_core.measures import TIE, goals, readings, tasks
from alliance_core.measures.beside import Places, facets_fallen
from alliance_core.measures.detectors import DETECTORS, STATES, Courses, reliable_change
from alliance_core.measures.detectors.lines import _own, _stated
from alliance_core.measures.detectors.signals import newly
from alliance_core.measures.detectors.walk import Walk
from alliance_core.measures.slow_falls import falling_slowly
from alliance_core.settings import ReadingSettings, Settings, TaskSettings
from tests.measures import made
from tests.measures.test_beside import FALL, seen_by
from tests.measures.test_detectors import courses, find, starts
from tests.measures.test_episodes import detect
from tests.measures.test_last_three import states as states_of_last_three

OFF = pytest.mark.parametrize(("off", "reached"), [(0, True), (TIE, True), (2 * TIE, False)])
ONE = 1 / np.sqrt(1.5)  # σ for which a rating held against two others has an error of exactly 1


def state(name, values, settings, **numbers):
    """What the rule says at the last session."""
    found = find(name, [np.array(values, float)], Settings.model_validate(settings), **numbers)
    return STATES[found.state[-1]]


# -- when an episode opens ----------------------------------------------------------------------------


@OFF
def test_baseline_opens_at_z_and_at_so_many_sigma(off, reached):
    level = 2.5 - off
    assert (state("baseline", [level, level, 0], {}, threshold=2.5, sigma=ONE) == "rupture") == reached
    level = 1 - off
    assert (state("baseline", [level, level, 0], {}, threshold=0.5, sigma=1) == "rupture") == reached


@OFF
def test_baseline_notes_a_strain_at_its_z(off, reached):
    level = 1.65 - off
    assert (state("baseline", [level, level, 0], {}, sigma=ONE) == "strain") == reached


@OFF
def test_last_three_opens_at_z_and_at_so_many_sigma(off, reached):
    only = {"last_three": {"sessions": 1}}
    level = 2.5 - off
    assert (state("last_three", [level, level, 0], only, threshold=2.5, sigma=ONE) == "rupture") == reached
    level = 1 - off
    assert (state("last_three", [level, level, 0], only, threshold=0.5, sigma=1) == "rupture") == reached
    level = 2 - off
    assert (states_of_last_three([level, level, 0], {"z_strain": 2}, sigma=ONE)[-1] == "strain") == reached


@OFF
def test_a_step_opens_at_so_many_standard_deviations(off, reached):
    assert bool(starts("step", [20 - off, 0])) == reached


@OFF
def test_a_reliable_change_opens_at_its_line(off, reached):
    line = 1.96 * float(reliable_change.error_of_change(20, Settings().reliable_change.reliability))
    assert bool(starts("reliable_change", [line - off, 0])) == reached
    assert bool(starts("sudden_loss", [line - off, line - off, 0, 0])) == reached


@OFF
def test_a_sudden_loss_reaches_the_share_that_is_asked_for(off, reached):
    """Half of 4 is 2; the reliable step is 1.33 where the SD is 1."""
    assert bool(starts("sudden_loss", [4, 4, 2 + off, 2 + off], {"share": 0.5}, spread=1)) == reached


@OFF
def test_means_around_a_sudden_loss_lie_apart_by_more_than_a_tie(off, reached):
    """Here the line itself is not enough (>): without any spread it is a difference of nothing."""
    assert bool(starts("sudden_loss", [off, off, 0, 0], spread=TIE / 1000)) == (off > TIE) == (not reached)


@pytest.mark.parametrize(("more", "below"), [(0, False), (TIE, True)])
def test_below_the_chart_is_below_by_more_than_a_tie(more, below):
    """Six ratings of 0: the error is taken as a tie, so that the limit lies three ties lower."""
    line = 0 - 3 * TIE - TIE
    assert bool(starts("control_chart", [0] * 6 + [line - more])) == below


@OFF
def test_a_line_is_reached_from_a_tie_above_it_on(off, reached):
    assert bool(starts("threshold", [60 + off], threshold=60.0)) == reached
    rows = pd.DataFrame({"value": [60 + off], "facet": ["overall"]})
    answered = pd.DataFrame({"range_min": [0.0], "range_max": [100.0]})
    assert _stated(rows, answered, 60.0).under.tolist() == [reached]


@pytest.mark.parametrize(("off", "under"), [(0, False), (TIE, False), (2 * TIE, True)])
def test_below_an_instruments_line_is_below_by_more_than_a_tie(off, under):
    """The line stands at the lower end of the range, 0 pct."""
    lowest = Threshold(on="total", below=0, source="made up")
    form = instruments()["sai"].model_copy(update={"thresholds": (lowest,)})
    rows = pd.DataFrame({"value": [-off], "facet": ["overall"]})
    answered = pd.DataFrame({"range_min": [0.0], "range_max": [5.0], "overall": [0.0]})
    assert _own(rows, answered, form).under.tolist() == [under]


def test_a_line_on_the_total_is_divided_by_the_items_where_there_are_any():
    """2 on 0–5 is 40 pct of one item, or of a score without items; 2 in all of two items is 1 each."""
    line = Threshold(on="total", below=2, source="made up")
    rows = pd.DataFrame({"value": [30.0], "facet": ["overall"]})
    answered = pd.DataFrame({"range_min": [0.0], "range_max": [5.0], "overall": [1.5]})
    for items, pct in ((0, 40), (1, 40), (2, 20)):
        form = instruments()["sai"].model_copy(update={"thresholds": (line,), "items": items, "facets": {}})
        assert _own(rows, answered, form).line.tolist() == [pct]


def test_who_is_under_a_line_from_the_first_session_on_crosses_it_there():
    """And not at the second one, nor at one whose neighbour belongs to another case."""
    two = Courses(np.array([0, 0, 0, 0, 1]), np.zeros(5), np.ones(5))
    under = np.array([True, True, False, True, True])
    assert newly(under, two).tolist() == [True, False, False, True, True]


# -- what follows -------------------------------------------------------------------------------------


@OFF
def test_a_new_lowest_is_lower_by_more_than_a_tie(off, reached):
    found = find("threshold", [np.array([90, 20, 20 - off])], threshold=80.0)
    assert found.low[1] == (1 if reached else 2)


@OFF
def test_a_repair_reaches_three_quarters_of_the_way_back(off, reached):
    """From 20 to 80: 65."""
    found = find("threshold", [np.array([90, 20, 65 - off])], threshold=80.0)
    assert STATES[found.state[2]] == ("repaired" if reached else "in episode")


@OFF
def test_a_repair_is_stronger_from_half_a_sigma_on(off, reached):
    (episode,), _ = detect([80, 80, 80, 40, 85 - off, 85 - off])
    assert episode["outcome"] == ("strengthened" if reached else "repaired")


# -- what stands beside an episode ----------------------------------------------------------------------


@OFF
def test_a_practitioner_registers_from_half_the_threshold_on(off, reached):
    """Half of 2.3·10 below the one rating over the baseline: from 11.5 to 0."""
    assert seen_by(FALL, [11.5 - off, None, None, 0, None]) == {
        "client": "both" if reached else "client only"
    }


@OFF
def test_a_facet_fell_from_its_z_on(off, reached):
    rows = pd.DataFrame({"case": [0, 0], "session": [1, 1], "rater": "client", "facet": ["goal", "overall"]})
    found = Walk(np.zeros(2), 1, fallen_from=1.65)
    found.z = np.array([1.65 - off, 5])
    one = pd.DataFrame({"case": [0], "rater": ["client"], "start_session": [1], "low_session": [1]})
    assert facets_fallen(Places(rows), found, one).tolist() == ["goal" if reached else ""]


@OFF
def test_a_marker_is_grave_from_its_significance_on(off, reached):
    grave = made.marker("P01", "C-1", 2, "withdrawal", 3 - off)
    rows = analyse(made.ratings(made.overall("C-1", [80] * 4), [grave]), made.TEN).episodes
    assert len(rows) == reached


# -- readings -----------------------------------------------------------------------------------------


@OFF
def test_the_top_mark_is_the_top_mark(off, reached):
    frame = pd.DataFrame({"practitioner": "P01", "client": "C-1", "session": range(1, 5)})
    frame = frame.assign(client_overall=100 - off).astype({"practitioner": "category", "client": "category"})
    assert len(readings.flat_at_ceiling(frame, ReadingSettings())) == reached


@OFF
def test_a_slow_fall_reaches_so_many_standard_errors(off, reached):
    """Seven ratings from 6 to 0: S = 28, and with σ = √28 the least fall is 6 points."""
    values = np.linspace(6 - off, 0, 7)
    rows = made.series_rows([values])
    spread = np.full(7, np.sqrt(28))
    seen = DETECTORS["baseline"].find(courses([values], sigma=np.sqrt(28)), Settings())
    found = falling_slowly(rows, spread, seen, ReadingSettings(falling_z=1))
    assert len(found) == reached


# -- tasks and goals ----------------------------------------------------------------------------------


def doubted(client, practitioner, **choices):
    one = made.task("C-1", 1, "diary", client_relevance=client, practitioner_relevance=practitioner)
    return tasks.case_tasks(made.table_of([one], made.TASKS), TaskSettings(**choices))["doubted"][0] == "yes"


@OFF
def test_a_task_is_doubted_at_its_lines(off, reached):
    assert doubted(4 + off, None) == reached
    assert doubted(6 + off, 10, doubt_difference=3) == reached
    assert doubted(5 + off, 9) == reached


@OFF
def test_goal_agreement_is_low_at_its_line(off, reached):
    told = goals.goal_sessions(
        made.table_of([made.goal("C-1", 1, "a", "a", 4 + off)], made.GOALS), Settings()
    )
    found = goals.case_goals(made.table_of([], made.GOALS))
    assert (goals.readings(found, told, Settings())["raised"][0] == "yes") == reached


@OFF
def test_goal_agreement_has_fallen_at_its_error(off, reached):
    """Agreement of 9, with sessions before that had 9 + what it varies by; the table's own error is put at 2."""
    told = goals.goal_sessions(
        made.table_of([made.goal("C-1", n, "a", "a", 9) for n in (1, 2, 3)], made.GOALS), Settings()
    )
    told = told.assign(level=9.0, agreement=7 + off, lowest=7.0, error=2.0)
    found = goals.case_goals(made.table_of([], made.GOALS))
    assert (goals.readings(found, told, Settings())["raised"][0] == "yes") == reached
