"""Tasks and goals over caseloads, on the agenda, and beside the ratings that they must not touch."""

import pandas as pd
import pytest

from alliance_core.analysis import analyse
from alliance_core.measures.work import TABLES
from alliance_core.settings import PractitionerSettings, ReadingSettings, Settings
from tests.measures.made import TEN, goal, overall, ratings, records, task

FEW = Settings(practitioners=PractitionerSettings(name_from=3))


def team(clients, sessions=3, practitioner="P01"):
    return [
        form
        for n in range(1, clients + 1)
        for form in overall(f"C-{n:02}", [70] * sessions, practitioner=practitioner)
    ]


def test_shares_of_cases_have_wilsons_interval():
    """1 of 29: .0061 to .1718 (Newcombe 1998, table I, method 3)."""
    marks = [3] + [8] * 28
    rows = [task(f"C-{n:02}", 1, "A", client_relevance=mark) for n, mark in enumerate(marks, 1)]
    found = records(analyse(ratings(team(30), tasks=rows)).work.caseload_readings)
    assert [(row["practitioner"], row["reading"]) for row in found] == [
        (who, name) for who in (None, "P01") for name in ("any of these", "doubted tasks")
    ]
    for row in found:  # the thirtieth case has no task, and is in neither number
        assert (row["raised"], row["judged"]) == (1, 29)
        assert (row["low"], row["high"]) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_means_are_over_clients_and_shown_from_enough_clients_on():
    """Clients' means 8, 6 and 7, however many tasks: 7 ± 4.302653·1/√3 = 7 ± 2.4841 (t, 2 degrees of freedom)."""
    rows = [task("C-01", n, f"T{n}", client_relevance=8) for n in range(1, 20)]
    rows += [task("C-02", 1, "A", client_relevance=6), task("C-03", 1, "A", client_relevance=6)]
    rows += [task("C-03", 2, "B", client_relevance=8), task("C-04", 2, "B", practitioner_relevance=8)]
    work = analyse(ratings(team(4), tasks=rows), FEW).work
    kinds = {(row["practitioner"], row["kind"]): row for row in records(work.caseload_kinds)}
    assert set(kinds) == {(who, kind) for who in (None, "P01") for kind in ("all", "not stated")}
    row = kinds["P01", "all"]
    assert (row["cases"], row["tasks"], row["times_set"]) == (4, 23, 23)
    assert (row["client_relevance"], row["client_relevance_n"]) == (7, 3)
    assert row["client_relevance_low"] == pytest.approx(7 - 2.484138, abs=1e-5)
    assert row["client_relevance_high"] == pytest.approx(7 + 2.484138, abs=1e-5)
    assert (row["practitioner_relevance"], row["practitioner_relevance_n"]) == (None, 1)
    assert row["done_unknown"] == 23


def test_an_interval_stays_on_the_scale():
    rows = [task(f"C-0{n}", 1, "A", client_relevance=mark) for n, mark in enumerate([10, 0, 10], 1)]
    row = records(analyse(ratings(team(3), tasks=rows), FEW).work.caseload_kinds)[0]
    assert (row["client_relevance_low"], row["client_relevance_high"]) == (0, 10)


def test_each_clients_latest_agreement_counts_once():
    rows = [
        *(goal("C-01", n, "A", "X", value) for n, value in enumerate([2, 3, 9], 1)),
        goal("C-01", 4, "B"),
        goal("C-02", 1, "A", "X", 6),
        goal("C-03", 1, None, "X", 6),
        goal("C-04", 1, "A", "X"),
    ]
    row = records(analyse(ratings(team(4, sessions=4), goals=rows), FEW).work.caseload_goals)[1]
    assert row["practitioner"] == "P01"
    assert (row["cases"], row["goals"], row["agreement"], row["agreement_n"]) == (4, 5, 7, 3)
    assert [row[f"named_by_{who}"] for who in ("both", "client", "practitioner")] == [3, 1, 1]


def test_all_caseloads_together_are_the_sum_of_each():
    forms = team(2) + team(2, practitioner="P02")
    rows = [task("C-01", 1, "A", client_relevance=3), task("C-02", 1, "A", "P02", client_relevance=3)]
    found = records(analyse(ratings(forms, tasks=rows)).work.caseload_readings)
    assert [(row["practitioner"], row["raised"], row["judged"]) for row in found] == [
        (who, number, number) for who, number in ((None, 2), ("P01", 1), ("P02", 1)) for _ in range(2)
    ]


TASKS = [
    task("C-1", 5, "A", client_relevance=3, tried_before="yes", worked_before="no", kind="home"),
    *(task("C-1", 5, name, kind="home") for name in "BCD"),
]
GOALS = [goal("C-1", 5, "A", "X", 2), goal("C-1", 5, "B")]


def test_readings_come_last_on_the_agenda_and_weak_ones_are_flags_only():
    found = analyse(ratings(overall("C-1", [70] * 6), tasks=TASKS, goals=GOALS), TEN)
    assert found.agenda[["reason", "session", "listed"]].values.tolist() == [
        ["doubted tasks", 5, True],
        ["tried without success", 5, True],
        ["goal agreement", 5, True],
        ["one kind of task", 5, False],
        ["goals of one side", 5, False],
    ]
    assert found.cases["flags"].tolist() == [
        "doubted tasks;tried without success;goal agreement;one kind of task;goals of one side"
    ]


@pytest.mark.parametrize(("sessions", "listed"), [(10, True), (11, False)])
def test_what_is_long_ago_is_a_flag_only(sessions, listed):
    found = analyse(ratings(overall("C-1", [70] * sessions), tasks=TASKS), TEN)
    assert found.agenda["listed"].tolist() == [listed, listed, False]
    later = TEN.model_copy(update={"readings": ReadingSettings(recent_sessions=7)})
    assert analyse(ratings(overall("C-1", [70] * 11), tasks=TASKS), later).agenda["listed"].tolist()[0]


def test_a_closed_case_has_flags_only():
    note = {"practitioner": "P01", "client": "C-1", "ended": "yes"}
    found = analyse(ratings(overall("C-1", [70] * 6), tasks=TASKS, notes=[note]), TEN)
    assert not found.agenda["listed"].any()


def test_the_ratings_and_all_that_is_made_of_them_stay_as_they_are():
    forms = overall("C-1", [80, 80, 80, 40, 40, 85]) + overall("C-1", [70] * 6, rater="practitioner")
    bare, beside = (analyse(ratings(forms, **more), TEN) for more in ({}, {"tasks": TASKS, "goals": GOALS}))
    for name in ("scores", "sessions", "episodes", "practitioners", "trace", "noise"):
        pd.testing.assert_frame_equal(getattr(bare, name), getattr(beside, name))
    pd.testing.assert_frame_equal(bare.cases.drop(columns="flags"), beside.cases.drop(columns="flags"))


def test_the_order_of_lines_does_not_matter():
    forms, many = overall("C-1", [70] * 6), [*TASKS, task("C-1", 5, "a", kind="session", client_relevance=7)]
    one, other = (
        analyse(ratings(forms, tasks=many[::step], goals=GOALS[::step]), TEN).work for step in (1, -1)
    )
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


def test_tasks_and_goals_of_another_case_change_nothing_of_this_one_but_what_agreements_vary_by():
    forms = overall("C-1", [70] * 6) + overall("Z-1", [70] * 6, practitioner="P99")
    more = {
        "tasks": [*TASKS, task("Z-1", 1, "diary", practitioner="P99", client_relevance=1, kind="home")],
        "goals": [*GOALS, *(goal("Z-1", n, "a", "b", mark, "P99") for n, mark in ((1, 9), (2, 1)))],
    }
    one, other = (
        analyse(ratings(forms, **rows), TEN).work for rows in ({"tasks": TASKS, "goals": GOALS}, more)
    )
    for name in TABLES:
        mine, theirs = (getattr(work, name) for work in (one, other))
        error = [column for column in ("error",) if column in mine]
        kept = [
            table[(table["practitioner"] == "P01").to_numpy()].drop(columns=error) for table in (mine, theirs)
        ]
        assert len(kept[0])
        pd.testing.assert_frame_equal(*(table.reset_index(drop=True) for table in kept))


@pytest.mark.parametrize("rows", [{}, {"tasks": TASKS}, {"goals": GOALS}], ids=["neither", "tasks", "goals"])
def test_either_sheet_may_be_missing(rows):
    work = analyse(ratings(overall("C-1", [70] * 6), **rows), TEN).work
    for name, table in TABLES.items():
        frame = getattr(work, name)
        assert frame.columns.tolist() == table.names
        assert not frame.duplicated(table.keys).any()
    assert work.case_tasks.empty == ("tasks" not in rows)
    assert work.goal_sessions.empty == ("goals" not in rows)


def test_every_column_says_what_it_means():
    for table in TABLES.values():
        assert len(set(table.names)) == len(table.names)
        assert all(column.meaning for column in table.columns)
