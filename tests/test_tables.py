"""The tables' columns are what users' scripts stand on, and `shaped` gives exactly these."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from alliance_core import tables
from alliance_core.tables import FORMS, OUTPUTS, PROBLEMS, SCORES, empty, shaped

# CONTRACT 3, typed: key columns | further columns
CONTRACT = {
    "scores": (
        "practitioner, client, session, rater",
        "date, instrument, goal, task, bond, overall, goal_pct, task_pct, bond_pct, overall_pct, items_answered, "
        "items_expected",
    ),
    "sessions": (
        "practitioner, client, session",
        "date, client_goal, client_task, client_bond, client_overall, practitioner_goal, practitioner_task, "
        "practitioner_bond, practitioner_overall, gap_goal, gap_task, gap_bond, gap_overall, baseline, drop_z, state",
    ),
    "episodes": (
        "practitioner, client, method, rater, facet, start_session",
        "low_session, repair_session, baseline, low, depth_pct, depth_sigma, outcome, kind, seen_by, source, "
        "facets_fallen",
    ),
    "cases": (
        "practitioner, client",
        "team, approach, sessions, paired_sessions, client_overall, mean_gap, mean_abs_gap, gap_low, gap_high, "
        "congruence, icc_a1, open_episode, flags, state",
    ),
    "practitioners": (
        "practitioner",
        "cases, sessions, paired_sessions, mean_client_overall, pooled_mean, pooled_low, pooled_high, reliability, "
        "mean_gap, loa_low, loa_high, episodes, repaired, strengthened, unrepaired, open, recognised, recognisable",
    ),
}


@pytest.mark.parametrize("name", CONTRACT)
def test_outputs_have_the_columns_of_the_contract(name):
    table = next(table for table in OUTPUTS if table.name == name)
    keys, further = (text.split(", ") for text in CONTRACT[name])
    assert table.keys == keys
    assert table.names == [*keys, *further]


def test_problems_have_the_columns_of_the_contract():
    expected = ["severity", "file", "sheet", "cell", "row", "column", "value", "code", "message"]
    assert PROBLEMS.names == expected


def test_every_column_says_what_it_means():
    besides = (tables.AGREEMENT, tables.CASELOADS, tables.SERVICE, tables.ACROSS, tables.ACROSS_NAMES)
    for table in (*OUTPUTS, *besides, FORMS, tables.MARKERS, tables.CASE_NOTES, tables.RECOGNISED):
        assert len(set(table.names)) == len(table.names)
        assert all(column.meaning for column in table.columns)


def test_shaped_gives_the_columns_in_order_with_their_kinds():
    given = pd.DataFrame(
        {"rater": ["client", None], "session": [2.0, np.nan], "extra": [1, 2], "goal": [3, None]},
        index=[5, 9],
    )
    found = shaped(given, SCORES)
    assert found.columns.tolist() == SCORES.names
    assert found.index.tolist() == [0, 1]
    assert found["session"].tolist() == [2, pd.NA]
    assert found["goal"].tolist()[0] == 3
    assert np.isnan(found["goal"].tolist()[1])
    assert found["rater"].isna().tolist() == [False, True]
    kinds = {
        "text": pd.StringDtype(na_value=np.nan),
        "whole": pd.Int64Dtype(),
        "number": np.dtype("float64"),
        "date": np.dtype("datetime64[us]"),
    }
    assert {c.name: found[c.name].dtype for c in SCORES.columns} == {
        c.name: kinds[c.kind] for c in SCORES.columns
    }


def test_what_a_frame_lacks_is_empty():
    found = shaped({"session": [1, 2]}, SCORES)
    assert found.drop(columns="session").isna().all(axis=None)


def test_dates_keep_their_day_and_missing_ones_stay_missing():
    found = shaped({"date": [datetime(1899, 12, 31), pd.NaT, datetime(2024, 2, 29)]}, SCORES)
    assert found["date"].isna().tolist() == [False, True, False]
    assert found["date"].tolist()[0] == pd.Timestamp(1899, 12, 31)


def test_ids_that_look_like_numbers_stay_text():
    found = shaped({"client": ["007", "1", "NA"]}, SCORES)
    assert found["client"].tolist() == ["007", "1", "NA"]


def test_shaped_leaves_its_argument_alone():
    given = pd.DataFrame({"session": [1], "goal": [2.0]})
    before = given.copy(deep=True)
    found = shaped(given, SCORES)
    pd.testing.assert_frame_equal(given, before)
    found.loc[0, "goal"] = 9
    pd.testing.assert_frame_equal(given, before)


@pytest.mark.parametrize("table", [*OUTPUTS, FORMS], ids=lambda table: table.name)
def test_an_empty_table_has_its_columns(table):
    assert empty(table).columns.tolist() == table.names
    assert len(empty(table)) == 0
