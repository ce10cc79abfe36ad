"""What the readings of tasks and goals come to as figures, and why some cannot be decided."""

import pytest

from alliance_core.figures import of_case_work, of_caseload_work
from alliance_core.measures.explained import measures
from alliance_core.settings import Settings, TaskSettings
from alliance_core.work_tables import WORK_READINGS
from tests.test_work_sentences import NAN, goal, line, task

PLAIN = Settings()


def figures(*lines, tasks=(), goals=(), settings=PLAIN):
    found = of_case_work({one["reading"]: one for one in lines}, tasks, goals, settings)
    return {one.measure: one for one in found}


def test_every_reading_is_a_measure_that_is_explained():
    assert [one.measure for one in of_case_work({}, [], [], PLAIN)] == [
        name.replace(" ", "_") for name in WORK_READINGS
    ]
    assert set(figures()) <= set(measures())


def test_what_cannot_be_decided_says_why():
    found = figures(tasks=[task("A", kind=None), task("B")])
    assert not any(one.value for one in found.values())
    assert found["doubted_tasks"].why_not == "no task has a relevance given by the client."
    assert found["one_kind_of_task"].why_not == "1 task of a known kind; from 4 on."
    assert found["goals_of_one_side"].why_not == "no goal was noted in words."
    assert (
        figures(goals=[goal("A", None)])["goals_of_one_side"].why_not
        == "the sheets hold the goals of one side only."
    )
    other = Settings(tasks=TaskSettings(one_kind_from=6))
    assert figures(settings=other)["one_kind_of_task"].why_not == "0 tasks of a known kind; from 6 on."


@pytest.mark.parametrize(
    ("reading", "value"),
    [
        (line("doubted tasks", 2, 5), "2 of 5 tasks"),
        (line("doubted tasks", 0, 1), "0 of 1 task"),
        (line("tried without success", 1, 4), "1 of 4 tasks"),
        (line("goals of one side", 1, 2), "1 of 2 goals"),
        (line("goal agreement", 1, 0, agreement=3.0), "3 of 10"),
        (line("goal agreement", 2, 1, agreement=5.5), "5.5 of 10, mean of 2 goals"),
        (line("one kind of task", 4, 5), "all 4 at home"),
        (line("one kind of task", 4, 5) | {"raised": "no"}, "no, several kinds"),
    ],
)
def test_values_in_words(reading, value):
    (found,) = (one for one in figures(reading, tasks=[task("A")]).values() if one.value)
    assert found.value == value
    assert not found.why_not
    assert found.numbers[0].endswith(".")


def test_a_mean_of_one_session_is_not_called_a_mean():
    one = figures(line("goal agreement", 1, 1, agreement=3.0, level=8.0))["goal_agreement"].numbers
    assert one[1:] == ("The one rated session before: 8 of 10.",)
    many = figures(line("goal agreement", 1, 3, agreement=3.0, level=8.0, error=2.66))[
        "goal_agreement"
    ].numbers
    assert many[1:] == (
        "Mean of the 3 rated sessions before: 8 of 10.",
        "From 2.7 marks below that it counts as fallen.",
    )
    first = figures(line("goal agreement", 1, 0, agreement=3.0, level=NAN))["goal_agreement"].numbers
    assert len(first) == 1


def test_a_caseload_has_counts_with_their_interval():
    row = {"raised": 2, "judged": 5, "low": 0.118, "high": 0.769}
    found = {one.measure: one for one in of_caseload_work({"doubted tasks": row}, PLAIN)}
    assert found["doubted_tasks"].value == "2 of 5 cases"
    assert found["doubted_tasks"].interval == "95 % interval 12 % to 77 %"
    found["goal_agreement"] = of_caseload_work({"goal agreement": row}, PLAIN)[2]
    assert found["goal_agreement"].value == "low or fallen in 2 of 5 cases"
    found = {one.measure: one for one in of_caseload_work({}, PLAIN)}
    assert found["goal_agreement"].why_not == "it could be decided in no case of this caseload."
