"""Runs of neighbouring rows against pandas' own groups, and the order that they stand in."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.measures.runs import at, in_key_order, runs
from alliance_core.tables import GOALS, TASKS
from tests.measures.made import goal, table_of, task
from tests.measures.test_against_oracle import repeatable

LINES = st.lists(st.tuples(st.integers(0, 4), st.sampled_from([None, 0.5, 1, 3, 10])), max_size=30)


@repeatable(100)
@given(LINES)
def test_each_run_is_told_as_a_group_of_pandas(lines):
    lines = sorted(lines, key=lambda line: line[0])
    number = np.array([line[0] for line in lines], np.int64)
    value = np.array([np.nan if line[1] is None else line[1] for line in lines], float)
    frame = pd.DataFrame({"number": number, "value": value, "row": range(len(lines))})
    groups = frame.groupby("number")
    found = runs(number)
    assert found.size.tolist() == groups.size().tolist()
    assert found.total(~np.isnan(value)).tolist() == groups["value"].count().tolist()
    np.testing.assert_array_equal(found.lowest(value), groups["value"].min())
    np.testing.assert_array_equal(found.highest(value), groups["value"].max())
    rated = frame["row"].where(frame["value"].notna())
    last = rated.groupby(number).max().fillna(-1).astype(int)
    assert found.last_where(~np.isnan(value)).tolist() == last.tolist()


def test_where_there_is_no_row_nothing_is_there():
    nothing = runs(np.zeros(0, np.int64))
    assert [part.tolist() for part in (*nothing, nothing.size)] == [[], [], []]
    assert nothing.last_where(np.zeros(0, bool)).tolist() == []
    assert nothing.total(np.zeros(0, bool)).tolist() == nothing.lowest(np.zeros(0)).tolist() == []


def test_values_of_rows_that_are_not_there_are_missing():
    text, whole = pd.Series(["a", "b"], dtype="str"), pd.Series([1, 2], dtype="Int64")
    assert at(text, np.array([1, -1, 0])).isna().tolist() == [False, True, False]
    assert at(whole, np.array([-1, 1])).tolist() == [pd.NA, 2]
    assert at(text, np.array([1, 0])).tolist() == ["b", "a"]


TASK_LINES = [
    task("C-1", 1, "A"),
    task("C-1", 2, "A", done="no"),
    task("C-1", 2, "A", done="yes"),  # twice in one session
    task("C-1", 10, "A"),
    task("C-2", 1, "B"),
]
GOAL_LINES = [
    goal("C-1", 1, "A", "X", 8),
    goal("C-1", 1, "A", None, 7),  # a side without words comes last
    goal("C-1", 1, None, "X"),
    goal("C-2", 3, "A", "X"),
]


@given(st.permutations(TASK_LINES), st.permutations(GOAL_LINES))
@repeatable(40)
def test_lines_in_whatever_order_come_in_order_of_their_keys(tasks, goals):
    for lines, every, table in ((tasks, TASK_LINES, TASKS), (goals, GOAL_LINES, GOALS)):
        found = in_key_order(table_of(lines, table), table)
        assert found["case"].tolist() == [0] * (len(every) - 1) + [1]
        ids = {name: found[name].astype("str") for name in ("practitioner", "client")}
        pd.testing.assert_frame_equal(found.assign(**ids)[table.names], table_of(every, table))
