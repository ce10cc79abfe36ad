"""Goals by hand: who names which, how far both agree, and when that is low or has fallen."""

import pytest

from alliance_core.analysis import analyse
from alliance_core.measures import goals as measures
from alliance_core.settings import NoiseSettings, Settings
from alliance_core.tables import GOALS
from tests.measures.made import TEN, goal, overall, ratings, records, table_of


def found(*rows):
    rows = records(measures.case_goals(table_of(rows, GOALS)))
    return [(row["client_goal"], row["practitioner_goal"], row["named_by"]) for row in rows]


def readings(*rows, settings=TEN):
    result = analyse(ratings(overall("C-1", [70] * 12), goals=rows), settings)
    return {row["reading"]: row for row in records(result.work.readings) if row["client"] == "C-1"}


@pytest.mark.parametrize(
    ("rows", "goals"),
    [
        ([("Sleep", "Rest")], [("Sleep", "Rest", "both")]),
        ([("Sleep", None)], [("Sleep", None, "client")]),
        ([(None, "Rest")], [(None, "Rest", "practitioner")]),
        ([(None, None)], []),  # an agreement without words names no goal
        ([("Sleep", None), ("sleep ", "Rest")], [("sleep ", "Rest", "both")]),  # later with the other's words
        (
            [("Sleep", "Rest"), ("Sleep", None)],
            [("Sleep", "Rest", "both")],
        ),  # once beside each other is enough
        ([("Sleep", None), (None, "SLEEP")], [("Sleep", "SLEEP", "both")]),  # the same words on both sides
        ([("Sleep", "Rest"), (None, "rest")], [("Sleep", "rest", "both")]),  # the words that stood beside it
        ([("Sleep", None), (None, "Rest")], [(None, "Rest", "practitioner"), ("Sleep", None, "client")]),
        ([("A", "X"), ("B", "x")], [("A", "X", "both"), ("B", "x", "both")]),  # one wording of theirs for two
    ],
)
def test_who_names_a_goal(rows, goals):
    assert found(*(goal("C-1", n, *words) for n, words in enumerate(rows, 1))) == goals


def test_the_latest_agreement_on_a_goal_is_kept_with_its_session():
    (row,) = records(
        measures.case_goals(
            table_of([goal("C-1", 1, "A", "X", 8), goal("C-1", 4, "a", None, 5), goal("C-1", 6, "A")], GOALS)
        )
    )
    assert (row["agreement"], row["agreement_session"]) == (5, 4)
    assert (row["first_session"], row["last_session"]) == (1, 6)


def test_session_by_session_with_counts():
    rows = [
        goal("C-1", 1, "A", "X", 8),
        goal("C-1", 1, "B", "Y", 5),
        goal("C-1", 3, "A", "X", 7),
        goal("C-1", 4, "A", "X"),
        goal("C-1", 6, "A", "X", 2),
    ]
    table = records(measures.goal_sessions(table_of(rows, GOALS), TEN))
    told = [
        [row[n] for n in ("session", "goals", "rated", "agreement", "lowest", "earlier")] for row in table
    ]
    assert told == [
        [1, 2, 2, 6.5, 5, 0],
        [3, 1, 1, 7, 7, 1],
        [4, 1, 0, None, None, 2],
        [6, 1, 1, 2, 2, 2],
    ]
    assert [row["level"] for row in table] == [None, 6.5, 6.75, 6.75]
    # σ is one mark: 20 pct·√(1 − .75) = 10 pct; 2.3·1·√(1 + 1/2) = 2.8169
    assert [row["error"] for row in table] == [None, None, pytest.approx(2.816913), pytest.approx(2.816913)]


def test_what_agreements_vary_by_is_found_as_for_ratings():
    """Differences of 2 and 4 marks: √((4 + 16)/2/2) = √5 = 2.236; below one whole mark it is one."""
    rows = [goal("C-1", n, "A", "X", value) for n, value in enumerate([5, 7, 3], 1)]
    few = Settings(noise=NoiseSettings(min_differences=2))
    (line,) = records(measures.agreement_noise(measures.goal_sessions(table_of(rows, GOALS), few), few.noise))
    assert line["sigma"] == pytest.approx(22.360680)
    assert line["differences"] == 2
    still = [goal("C-1", n, "A", "X", 5) for n in (1, 2, 3)]
    (line,) = records(
        measures.agreement_noise(measures.goal_sessions(table_of(still, GOALS), few), few.noise)
    )
    assert line["sigma"] == 10


@pytest.mark.parametrize(("agreement", "raised"), [(4, "yes"), (4.1, "no"), (0, "yes"), (10, "no")])
def test_low_agreement(agreement, raised):
    line = readings(goal("C-1", 2, "A", "X", agreement))["goal agreement"]
    assert line["raised"] == raised
    assert line["session"] == (2 if raised == "yes" else None)
    assert (line["count"], line["of"], line["agreement"]) == (1, 0, agreement)


def test_one_goal_that_is_not_agreed_on_is_not_averaged_away():
    line = readings(goal("C-1", 2, "A", "X", 10), goal("C-1", 2, "B", "Y", 1))["goal agreement"]
    assert (line["raised"], line["lowest"], line["agreement"], line["count"]) == ("yes", 1, 5.5, 2)


@pytest.mark.parametrize(
    ("earlier", "now", "raised"),
    [
        ([9, 9], 6.3, "no"),  # 2.7 below, and 2.82 are needed
        ([9, 9], 6.18, "yes"),
        ([9], 5, "no"),  # one earlier session makes no level
        ([9, 8, 10, 9], 6.5, "no"),  # 2.5 below; 2.3·√1.25 = 2.57
        ([9, 8, 10, 9], 6.42, "yes"),
        ([5, 5], 9, "no"),
    ],
)
def test_fallen_agreement_is_held_against_what_it_varies_by(earlier, now, raised):
    rows = [goal("C-1", n, "A", "X", value) for n, value in enumerate([*earlier, now], 1)]
    assert readings(*rows)["goal agreement"]["raised"] == raised


def test_only_the_latest_agreement_counts():
    rows = [goal("C-1", n, "A", "X", value) for n, value in enumerate([2, 8], 1)]
    assert readings(*rows, goal("C-1", 5, "A", "X"))["goal agreement"]["raised"] == "no"


def test_no_agreement_given_is_not_low_agreement():
    assert "goal agreement" not in readings(goal("C-1", 1, "A", "X"))


def test_goals_of_one_side():
    line = readings(goal("C-1", 1, "A"), goal("C-1", 3, "B", "Y"), goal("C-1", 2, None, "Z"))[
        "goals of one side"
    ]
    assert (line["raised"], line["count"], line["of"], line["session"]) == ("yes", 2, 3, 2)


def test_where_a_team_notes_one_side_only_the_other_is_not_missed():
    assert "goals of one side" not in readings(goal("C-1", 1, "A"), goal("C-1", 2, "B"))
    elsewhere = [*overall("C-1", [70] * 3), *overall("C-2", [70] * 3)]
    rows = [goal("C-1", 1, "A"), goal("C-2", 1, "B", "Y")]
    result = analyse(ratings(elsewhere, goals=rows), TEN)
    told = [row for row in records(result.work.readings) if row["reading"] == "goals of one side"]
    assert [(row["client"], row["raised"]) for row in told] == [("C-1", "yes"), ("C-2", "no")]
