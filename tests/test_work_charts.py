"""Charts of tasks and goals: valid, with the right marks, and without anybody's words."""

import pandas as pd
import pytest

from alliance_core import charts
from alliance_core.work_tables import GOAL_SESSIONS
from tests.measures.made import table_of
from tests.test_charts import rows_of, valid

TASKS = pd.DataFrame(
    {
        "number": [1, 2, 3, 4],
        "task": ["my own words"] * 4,
        "kind": ["at home", "in the session", "at home", "kind not noted"],
        "client_relevance": [3.0, None, 8.0, None],
        "practitioner_relevance": [8.0, 7.0, None, None],
    }
)
SESSIONS = table_of(
    [
        {"session": 1, "rated": 2, "agreement": 7.5, "lowest": 5},
        {"session": 4, "rated": 0},
        {"session": 9, "rated": 1, "agreement": 3, "lowest": 3},
    ],
    GOAL_SESSIONS,
)
READINGS = pd.DataFrame(
    {
        "name": ["A task that the client seems to doubt", "Only one kind of task"],
        "raised": pd.array([1, 0], dtype="Int64"),
        "judged": pd.array([4, 3], dtype="Int64"),
        "low": [0.05, 0.0],
        "high": [0.7, 0.5],
    }
)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_relevance_of_each_task_to_both_sides(theme):
    spec = valid(charts.relevance(TASKS, 4, theme=theme))
    circles = rows_of(spec, "point", shape="circle")
    squares = rows_of(spec, "point", shape="square")
    assert [(row["row"], row["client_relevance"]) for row in circles] == [
        ("1 · at home", 3),
        ("3 · at home", 8),
    ]
    assert [(row["row"], row["practitioner_relevance"]) for row in squares] == [
        ("1 · at home", 8),
        ("2 · in the session", 7),
    ]
    # joined where both gave one; the other rule is the line of the setting
    assert [row.get("number", row.get("name")) for row in rows_of(spec, "rule")] == [1, "4 or less"]


def test_of_very_many_tasks_the_first_are_drawn():
    many = pd.concat([TASKS[:1]] * 40, ignore_index=True).assign(number=range(1, 41))
    assert len(rows_of(charts.relevance(many, 4), "point", shape="circle")) == charts.MOST_TASKS


def test_nobodys_words_are_in_a_chart():
    assert "my own words" not in str(charts.relevance(TASKS, 4))


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_goal_agreement_is_not_joined_over_sessions_that_nobody_rated(theme):
    spec = valid(charts.goal_agreement(SESSIONS, 4, theme=theme))
    assert [(row["session"], row["agreement"]) for row in rows_of(spec, "point")] == [(1, 7.5), (9, 3)]
    assert rows_of(spec, "line") == []
    assert [row["name"] for row in rows_of(spec, "text")] == ["4 or less", "7.5", "3"]
    assert [row["lowest"] for row in rows_of(spec, "tick")] == [5, 3]


def test_one_session_and_very_many_sessions_are_drawn():
    valid(charts.goal_agreement(SESSIONS[:1], 4))
    many = pd.concat([SESSIONS[:1]] * 60, ignore_index=True).assign(session=range(1, 61))
    assert [row["name"] for row in rows_of(valid(charts.goal_agreement(many, 4)), "text")] == ["4 or less"]


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_shares_are_of_the_cases_that_could_be_judged(theme):
    spec = valid(charts.shares(READINGS, theme=theme))
    assert [(row["share"], row["told"]) for row in rows_of(spec, "point")] == [(25, "1 of 4"), (0, "0 of 3")]
    assert [(row["low"], row["high"]) for row in rows_of(spec, "rule")] == [(5, 70), (0, 50)]


def test_nothing_that_is_handed_in_is_changed():
    given = [frame.copy(deep=True) for frame in (TASKS, SESSIONS, READINGS)]
    charts.relevance(TASKS, 4)
    charts.goal_agreement(SESSIONS, 4)
    charts.shares(READINGS)
    for before, after in zip(given, (TASKS, SESSIONS, READINGS), strict=True):
        pd.testing.assert_frame_equal(before, after)
