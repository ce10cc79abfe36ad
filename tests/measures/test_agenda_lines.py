"""Today's agenda as a list: one line a case, picked and put in order as asked."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.analysis import analyse
from alliance_core.measures.agenda_lines import (
    LINE_COLUMNS,
    ORDERS,
    Picked,
    first_lines,
    in_order,
    lines,
    minutes,
    picked,
)
from tests.measures.made import TEN, overall, ratings, repeatable

FELL = [80, 80, 80, 80, 40]
NOTES = [
    {"practitioner": "P01", "client": "C-1", "team": "North", "approach": "CBT"},
    {"practitioner": "P01", "client": "C-2", "team": "South"},
]


def dated(client, values, first, **more):
    made = overall(client, values, **more)
    return [{**one, "date": pd.Timestamp(first) + pd.Timedelta(weeks=at)} for at, one in enumerate(made)]


@pytest.fixture(scope="module")
def found():
    """C-1: an open fall, and a practitioner who stopped rating; C-2: always the top mark; C-3: nothing; C-4: an open fall, no days."""
    forms = [
        *dated("C-1", FELL, "2025-01-06"),
        *dated("C-1", [80, 80, 80], "2025-01-06", rater="practitioner"),
        *dated("C-2", [100] * 5, "2025-01-13"),
        *dated("C-2", [80] * 5, "2025-01-13", rater="practitioner"),
        *dated("C-3", [80] * 5, "2025-01-13"),
        *dated("C-3", [80] * 5, "2025-01-13", rater="practitioner"),
        *overall("C-4", FELL, practitioner="P02"),
        *overall("C-4", [80] * 5, rater="practitioner", practitioner="P02"),
    ]
    analysis = analyse(ratings(forms, notes=NOTES), TEN)
    return lines(analysis.agenda, analysis.cases, analysis.sessions)


def test_one_line_a_case_in_order_of_need(found):
    assert found.columns.tolist() == LINE_COLUMNS
    assert found[["client", "reason", "further"]].to_numpy().tolist() == [
        ["C-1", "open episode", "missing ratings"],
        ["C-4", "open episode", "blind spot"],
        ["C-2", "flat at ceiling", ""],
    ]
    assert found["team"].isna().tolist() == [False, True, False]
    assert found["last_date"].tolist()[0] == pd.Timestamp(2025, 2, 3)
    assert found["last_date"].isna().tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("asked", "clients"),
    [
        (Picked(), ["C-1", "C-4", "C-2"]),
        (Picked(reasons=["missing ratings"]), ["C-1"]),
        (Picked(reasons=["blind spot", "flat at ceiling"]), ["C-4", "C-2"]),
        (Picked(teams=["South"]), ["C-2"]),
        (Picked(approaches=["CBT"]), ["C-1"]),
        (Picked(teams=["South"], approaches=["CBT"]), []),
        (Picked(since=pd.Timestamp(2025, 2, 3)), ["C-1", "C-2"]),
        (Picked(since=pd.Timestamp(2025, 2, 4)), ["C-2"]),
        (Picked(teams=["nowhere"]), []),
    ],
)
def test_lines_fit_everything_that_is_asked_for(found, asked, clients):
    assert picked(found, asked)["client"].tolist() == clients


@pytest.mark.parametrize(
    ("order", "clients"),
    [
        ("need", ["C-1", "C-4", "C-2"]),
        ("latest", ["C-2", "C-1", "C-4"]),
        ("longest ago", ["C-1", "C-2", "C-4"]),
        ("name", ["C-1", "C-2", "C-4"]),
    ],
)
def test_an_unknown_day_comes_last_in_whatever_order(found, order, clients):
    assert in_order(found, order)["client"].tolist() == clients


@pytest.mark.parametrize("order", ORDERS)
def test_lines_that_are_equal_in_it_are_put_in_order_of_practitioner_and_client(found, order):
    equal = found.iloc[::-1].assign(order=0, last_date=pd.Timestamp(2025, 2, 3))
    assert in_order(equal, order)["client"].tolist() == ["C-1", "C-2", "C-4"]


def test_an_order_that_there_is_not(found):
    with pytest.raises(KeyError):
        in_order(found, "worst first")


def test_nothing_to_talk_about_has_no_lines():
    analysis = analyse(ratings(overall("C-1", [80] * 4)), TEN)
    found = lines(analysis.agenda, analysis.cases, analysis.sessions)
    assert found.empty
    assert picked(found, Picked(reasons=["open episode"])).empty


@pytest.mark.parametrize(
    ("cases", "each", "told"), [(0, 3, 0), (1, 3, 3), (5, 2.4, 12), (1, 0.499, 0), (1, 0.5, 1), (3, 0.5, 2)]
)
def test_minutes_are_whole(cases, each, told):
    assert minutes(cases, each) == told


REASONS = ["open episode", "blind spot", "missing ratings"]


@repeatable(60)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2), st.booleans()), max_size=12),
    st.sets(st.sampled_from(REASONS)),
)
def test_lines_are_those_that_a_walk_through_the_agenda_gives(rows, asked):
    agenda = pd.DataFrame(
        [("P", client, order, REASONS[order], listed) for client, order, listed in rows],
        columns=["practitioner", "client", "order", "reason", "listed"],
    ).astype({"listed": bool, "order": int})
    cases = pd.DataFrame({"practitioner": "P", "client": list("abc"), "team": None, "approach": None})
    sessions = pd.DataFrame({"practitioner": ["P"], "client": ["a"], "date": [pd.NaT]})
    expected = []
    for client in "abc":
        own = sorted({order for one, order, listed in rows if one == client and listed})
        if own and (not asked or {REASONS[order] for order in own} & asked):
            expected.append((own[0], client, ";".join(REASONS[order] for order in own[1:])))
    found = picked(lines(agenda, cases, sessions), Picked(reasons=asked))
    assert list(found[["order", "client", "further"]].itertuples(index=False, name=None)) == sorted(expected)
    assert len(first_lines(agenda)) == len({client for client, _, listed in rows if listed})
    for order in ORDERS:
        assert sorted(in_order(found, order)["client"]) == sorted(found["client"])
