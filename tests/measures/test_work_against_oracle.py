"""Tasks and goals of all cases at once against the slow obvious version, cell by cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.measures.work import TABLES, work
from alliance_core.settings import (
    EpisodeSettings,
    GoalSettings,
    NoiseSettings,
    PractitionerSettings,
    Settings,
    TaskSettings,
)
from alliance_core.tables import GOALS, TASKS
from tests.measures import oracle_work
from tests.measures.made import records, table_of
from tests.measures.test_against_oracle import repeatable

# Marks on and beside every line: 4 and 6, and 4 apart; some of them not exact in binary.
MARKS = st.sampled_from([None, None, 0, 1, 3, 3.9999, 4, 4.0001, 5.2, 6, 6.1, 7, 9, 9.2, 9.9999, 10, 10 / 3])
CASES = st.tuples(st.sampled_from(["P01", "P02"]), st.sampled_from(["C-1", "C-2", "C-3"]))
CHOICES = [
    Settings(),
    Settings(),
    Settings(
        noise=NoiseSettings(min_differences=2),
        tasks=TaskSettings(one_kind_from=2),
        practitioners=PractitionerSettings(name_from=2),
    ),
    Settings(
        noise=NoiseSettings(min_differences=10**6, min_scores=2, dependability=0),
        tasks=TaskSettings(doubt_line=1, doubt_difference=6, doubt_ceiling=10, one_kind_from=3),
        goals=GoalSettings(agreement_line=0),
        episodes=EpisodeSettings(z_open=0.5, z_strain=0.4, min_baseline=3),
    ),
]


@st.composite
def task_line(draw):
    practitioner, client = draw(CASES)
    return {
        "practitioner": practitioner,
        "client": client,
        "session": draw(st.integers(1, 4)),
        "task": draw(st.sampled_from(["A", "a", " a ", "B", "b  b", "B B", "c", "d", "E"])),
        "kind": draw(st.sampled_from([None, "home", "home", "session", "environmental"])),
        "set_by": draw(st.sampled_from(oracle_work.ANSWERS["set_by"])),
        "client_relevance": draw(MARKS),
        "practitioner_relevance": draw(MARKS),
        "tried_before": draw(st.sampled_from(["yes", "yes", "no", None])),
        "worked_before": draw(st.sampled_from(["yes", "no", "no", None])),
        "done": draw(st.sampled_from(oracle_work.ANSWERS["done"])),
    }


@st.composite
def goal_line(draw):
    practitioner, client = draw(CASES)
    goals = st.sampled_from([None, None, "Sleep", "sleep", "Work ", "rest", "calm"])
    return {
        "practitioner": practitioner,
        "client": client,
        "session": draw(st.integers(1, 9)),
        "client_goal": draw(goals),
        "practitioner_goal": draw(goals),
        "agreement": draw(MARKS),
    }


def agree(tasks, goals, chosen):
    found = work(
        table_of(tasks, TASKS),
        table_of(goals, GOALS),
        chosen,
    )
    expected = oracle_work.work(tasks, goals, {"tasks": TASKS.names, "goals": GOALS.names}, chosen)
    for name, table in TABLES.items():
        frame = getattr(found, name)
        assert frame.columns.tolist() == table.names
        rows, wanted = records(frame), expected[name]
        assert len(rows) == len(wanted), name
        keys = [*table.keys] if name != "case_goals" else [*table.keys, "first_session"]

        def key(row, keys=keys):
            return [str(row[k]) for k in keys]

        rows, wanted = sorted(rows, key=key), sorted(wanted, key=key)
        columns = [column for column in table.names if not wanted or column in wanted[0]]
        for have, want in zip(rows, wanted, strict=True):
            for column in columns:
                expect = want[column]
                if isinstance(expect, float):
                    expect = pytest.approx(expect, abs=1e-9, rel=0)
                assert have[column] == expect, (name, column, have, want)
    return found


@repeatable(120)
@given(st.lists(task_line(), max_size=24), st.lists(goal_line(), max_size=24), st.sampled_from(CHOICES))
def test_tasks_and_goals_equal_the_oracle(tasks, goals, chosen):
    agree(tasks, goals, chosen)
