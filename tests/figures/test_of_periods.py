"""A caseload over time in words: what moved, how sure, and why nothing is said where too few would say it."""

import pandas as pd
import pytest

from alliance_core import figures
from alliance_core.figures.of_periods import period
from alliance_core.measures.explained import measures
from alliance_core.sentences import Terms
from alliance_core.settings import OverTimeSettings, Settings

CHOSEN = Settings()


def row(first="2025-04-01", last="2025-06-30", **more):
    empty = {f"{name}{end}": None for name in ("moved", "gap", "gap_moved") for end in ("", "_low", "_high")}
    counts = {f"{name}_clients": 0 for name in ("moved", "gap", "gap_moved")}
    falls = dict.fromkeys(["episodes", "back", "unrepaired", "recognised", "recognisable"], 0)
    days = {"first_day": pd.Timestamp(first), "last_day": pd.Timestamp(last), "sessions": 9, "clients": 3}
    return empty | counts | falls | days | more


EARLIER = row("2025-01-01", "2025-03-31")
MOVED = {"moved": 2.7, "moved_low": -5.8, "moved_high": 11.2, "moved_clients": 8}
GAP = {"gap": -4.3, "gap_low": -17.9, "gap_high": 9.3, "gap_clients": 8}
CLOSER = {"gap_moved": 4.9, "gap_moved_low": 0.4, "gap_moved_high": 9.4, "gap_moved_clients": 7}


def parts(rated, goal=0, task=0, bond=0):
    return {"episodes": rated, "rated": rated, "goal": goal, "task": task, "bond": bond, "none": 0}


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("2025-01-01", "2025-03-31", "Jan–Mar 2025"),
        ("2025-03-01", "2025-03-31", "Mar 2025"),
        ("2024-11-01", "2025-03-31", "Nov 2024–Mar 2025"),
    ],
)
def test_a_period_has_a_name(first, last, name):
    assert period(row(first, last)) == name


def test_what_moved_is_said_with_its_interval_and_whether_chance_allows_it():
    told = figures.over_time([EARLIER, row(**MOVED, **GAP, **CLOSER)], None, CHOSEN)
    assert told == [
        "The same 8 clients rated 3 points higher on average from Jan–Mar 2025 to Apr–Jun 2025 (95 % interval −6 to +11): no more than chance allows.",
        "The gap was −4 points in Apr–Jun 2025; within the 7 clients with a pair in both periods it moved by +5 points (95 % interval 0 to +9): "
        "more than chance allows, and worth asking what went with it.",
        "No fall with goal, task and bond rated at the time, so it is not known which part falls.",
    ]


@pytest.mark.parametrize(
    ("size", "words"),
    [(0.4, "about as before"), (-0.6, "1 point lower on average"), (0.6, "1 point higher on average")],
)
def test_sizes_are_whole_points(size, words):
    told = figures.over_time([EARLIER, row(**{**MOVED, "moved": size})], None, CHOSEN)[0]
    assert f"rated {words} from" in told


@pytest.mark.parametrize(
    ("low", "high", "beyond"), [(0.0, 5.0, False), (-5.0, 0.0, False), (0.01, 5.0, True), (-5.0, -0.01, True)]
)
def test_an_interval_that_holds_no_change_is_chance(low, high, beyond):
    told = figures.over_time([EARLIER, row(**{**MOVED, "moved_low": low, "moved_high": high})], None, CHOSEN)[
        0
    ]
    assert ("worth asking" in told) == beyond


def test_too_few_clients_are_a_reason():
    told = figures.over_time([EARLIER, row(moved_clients=4, gap_moved_clients=1)], None, CHOSEN)
    assert told[0] == (
        "How the clients' ratings moved from Jan–Mar 2025 to Apr–Jun 2025 cannot be told: 4 clients rated in both; from 5 on."
    )
    assert told[1] == "Whether the gap moved cannot be told: 1 client with a pair in both periods; from 5 on."
    gap = figures.over_time([EARLIER, row(**GAP)], None, CHOSEN)[1]
    assert gap.startswith("The gap was −4 points in Apr–Jun 2025; whether it moved cannot be told: 0 clients")


def test_one_period_or_none():
    assert figures.over_time([row()], None, CHOSEN)[0] == (
        "All sessions with a day lie in Apr–Jun 2025, so there is no earlier period to compare with yet."
    )
    assert (
        figures.over_time([], None, CHOSEN)[0]
        == "None of these sessions has a day, so nothing can be said over time."
    )


@pytest.mark.parametrize(
    ("fallen", "words"),
    [
        (None, "No fall with goal, task and bond rated at the time, so it is not known which part falls."),
        (parts(0), "No fall with goal, task and bond rated at the time, so it is not known which part falls."),
        (parts(4, bond=3), "Of 4 falls with goal, task and bond rated, goal in 0, task in 0 and bond in 3. Which falls most often cannot be told: 4 falls; from 5 on."),
        (parts(5, goal=1, bond=4), "Of 5 falls with goal, task and bond rated, goal in 1, task in 0 and bond in 4. Bond fell most often."),
        (parts(5, goal=3, task=3), "Of 5 falls with goal, task and bond rated, goal in 3, task in 3 and bond in 0. Goal and task fell most often, equally."),
        (parts(5), "Of 5 falls with goal, task and bond rated, goal in 0, task in 0 and bond in 0. No single part stands out."),
    ],
)  # fmt: skip
def test_which_part_fell(fallen, words):
    assert figures.over_time([EARLIER, row()], fallen, CHOSEN)[-1] == words


def test_every_figure_has_a_value_or_a_reason():
    for rows in ([], [row()], [EARLIER, row(**MOVED, **CLOSER)]):
        for fallen in (None, parts(4), parts(7, 1, 2, 3)):
            told = figures.of_periods(rows, fallen, CHOSEN)
            assert [one.measure for one in told] == ["moved", "gap_over_time", "parts_fallen"]
            assert all(bool(one.value) != bool(one.why_not) for one in told)
            assert all(one.measure in measures() for one in told)
    assert [one.value for one in told] == ["+3 points", "+5 points", "goal 1, task 2 and bond 3 of 7"]
    assert told[0].numbers == ("From Jan–Mar 2025 to Apr–Jun 2025: 8 clients who rated in both periods.",)


def test_words_for_the_pair_and_other_numbers_are_used():
    chosen = Settings(over_time=OverTimeSettings(clients_from=9, falls_from=9))
    told = figures.over_time([EARLIER, row(moved_clients=8)], parts(8), chosen, Terms("student", "teacher"))
    assert "8 students rated in both; from 9 on." in told[0]
    assert told[-1].endswith("8 falls; from 9 on.")


def test_the_table_says_it_in_whole_points_latest_first():
    told = figures.table(
        [EARLIER, row(**MOVED, **GAP, episodes=3, back=1, unrepaired=1, recognised=1, recognisable=2)]
    )
    assert told["period"].tolist() == ["Apr–Jun 2025", "Jan–Mar 2025"]
    assert told["ratings moved, points"].fillna("").tolist() == ["+3 (−6 to +11)", ""]
    assert told["gap, points"].tolist()[0] == "−4 (−18 to +9)"
    assert told["registered"].fillna("").tolist() == ["1 of 2", ""]
    assert figures.table([]).empty


def test_what_is_drawn_keeps_the_order_and_leaves_the_unknown_empty():
    told = figures.drawn([EARLIER, row(**MOVED)], "moved")
    assert told["name"].tolist() == ["Jan–Mar 2025", "Apr–Jun 2025"]
    assert told["told"].tolist() == ["not known", "+3"]
    assert told["value"].isna().tolist() == [True, False]
