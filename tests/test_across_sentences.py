"""What is said of approaches and teams: the sentence first, no order, and why a group is not shown apart."""

import pandas as pd
import pytest

from alliance_core import across_sentences as said
from alliance_core.measures.across import Across, across
from alliance_core.measures.explained import measures
from alliance_core.settings import Settings, SuppressionSettings
from alliance_core.tables import ACROSS, ACROSS_NAMES, CASES, EPISODES, SCALES, SESSIONS, shaped
from alliance_core.terms import Terms

SETTINGS = Settings()
SCHOOL = Terms("student", "teacher")


def row(group, by="approach", groups=1, **more):
    base = {
        "by": by, "group": group, "groups": groups, "cases": 12, "rated_clients": 12, "practitioners": 3, "sessions": 90, "rated_sessions": 80,
        "paired_sessions": 40, "paired_clients": 11, "gap": -6.4, "gap_low": -10.2, "gap_high": -2.6, "episodes": 4, "expected": 3.25, "steady": 0.5,
        "falls": 5.0, "falls_low": 1.36, "falls_high": 12.8, "repaired": 2, "followed": 3, "repaired_share": 2 / 3, "repaired_low": 0.21,
        "repaired_high": 0.94, "recognised": 0, "recognisable": 0, "recognised_share": None, "recognised_low": None, "recognised_high": None,
    }  # fmt: skip
    for number, scale in enumerate(SCALES):
        base |= {f"client_{scale}": 60.0 + number, f"client_{scale}_low": 55.0, f"client_{scale}_high": 66.4}
    return base | more


def known(rows, names, difference="detectable"):
    """An Across of these rows, a row for all, and names as (group, status)."""
    groups = shaped(pd.DataFrame([*rows, row("all", "all")]), ACROSS)
    lines = [{"by": "approach", "group": name, "status": status} for name, status in names]
    told = [
        {"by": way, "scale": scale, "difference": difference}
        for way in ("approach", "team")
        for scale in SCALES
    ]
    return Across(
        groups,
        shaped(pd.DataFrame(lines, columns=ACROSS_NAMES.names), ACROSS_NAMES),
        pd.DataFrame(told, dtype="str"),
    )


def sentence(rows, names, difference="detectable", settings=SETTINGS, **more):
    return said.so_what(known(rows, names, difference), "approach", settings, **more)


TWO = [row("ACT"), row("CBT", client_overall=71.6, client_overall_low=68.0, client_overall_high=75.2)]
NAMES = [("ACT", "shown"), ("CBT", "shown")]


def test_where_a_difference_may_be_each_is_named_in_order_of_the_names():
    assert sentence(TWO, NAMES) == (
        "Clients' overall ratings may differ between approaches: ACT 63 % (55 to 66) and CBT 72 % (68 to 75) of the maximum possible, with 95 % intervals."
    )


def test_many_groups_are_left_to_the_picture():
    rows = [row(name) for name in "ABCDE"]
    assert sentence(rows, [(name, "shown") for name in "ABCDE"]) == (
        "Clients' overall ratings may differ between approaches: the picture has each of them with its interval."
    )


def test_no_detectable_difference_orders_nothing():
    assert sentence(TWO, NAMES, "none detectable", terms=SCHOOL) == (
        "No difference between approaches can be told from chance: students' overall ratings lie at 63 % of the maximum possible in all of them "
        "(95 % interval 55 to 66)."
    )


def test_what_cannot_be_told_is_said():
    assert (
        sentence(TWO, NAMES, None)
        == "Whether clients' overall ratings differ between approaches cannot be told."
    )


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (
            [("not stated", "shown")],
            "No approach is stated for any case, so there is nothing to put side by side.",
        ),
        ([], "No approach is stated for any case, so there is nothing to put side by side."),
        (
            [("CBT", "shown")],
            "All cases with ratings are of one approach, CBT, so there is nothing to put beside it.",
        ),
        (
            [("not stated", "shown"), ("ACT", "no ratings")],
            "All cases with ratings are without a stated approach, so there is nothing to put beside it.",
        ),
        ([("ACT", "held back"), ("CBT", "held back")], "These 2 approaches are too small to be shown apart."),
    ],
)
def test_why_nothing_stands_side_by_side(names, says):
    assert sentence([row("", groups=len(names))], names) == says


def test_too_few_in_all():
    strict = Settings(suppression=SuppressionSettings(min_clients=13))
    assert sentence(TWO, NAMES, settings=strict, terms=SCHOOL) == (
        "Too few to put approaches side by side: that takes 13 students who rated, of 3 teachers."
    )


def test_what_is_not_shown_apart_is_named_without_saying_which_was_too_small():
    found = known(
        [row("CBT"), row("", groups=2)],
        [("ACT", "held back"), ("CBT", "shown"), ("EMDR", "held back"), ("X", "no ratings")],
    )
    told = said.not_apart(found, "approach", SETTINGS)
    assert told == [
        "Counted together: ACT and EMDR. A group is shown apart from 10 clients who rated, of 3 practitioners, and only where nobody can work out from "
        "what is shown how fewer than that rated.",
        "No client has rated so far: X.",
    ]
    assert [one["name"] for one in said.rows_of(found, "approach")] == ["CBT", "2 others together"]
    alone = known([row("", groups=2)], [("ACT", "held back"), ("EMDR", "held back")])
    assert said.not_apart(alone, "approach", SETTINGS) == []
    assert [one["name"] for one in said.rows_of(alone, "approach")] == ["2 together"]


@pytest.mark.parametrize(
    ("column", "more", "says"),
    [
        ("client_overall", {}, "63 (55 to 66)"),
        ("client_overall", {"client_overall_low": None}, "63"),
        ("client_overall", {"client_overall": None}, "not shown"),
        ("gap", {}, "−6 (−10 to −3)"),
        ("gap", {"gap": None, "paired_clients": 0}, "no session rated by both"),
        ("gap", {"gap": None, "paired_clients": pd.NA}, "not shown"),
        ("falls", {}, "5.0 (1.4 to 12.8)"),
        ("falls", {"falls": None}, "not shown"),
        ("repaired", {}, "2 of 3 (21 to 94 %)"),
        ("recognised", {}, "none to count"),
        ("recognised", {"recognisable": pd.NA}, "too few falls"),
        ("recognised", {"recognisable": pd.NA, "episodes": pd.NA}, "not shown"),
    ],
)
def test_each_figure_in_words(column, more, says):
    assert said.told(shaped(pd.DataFrame([row("A", **more)]), ACROSS).to_dict("records")[0], column) == says


def test_figures_come_in_reading_order_with_their_measure_and_the_figure_of_all():
    figures = said.figures(known(TWO, NAMES, "none detectable"), "approach", SCHOOL)
    assert [one.column for one in figures] == [
        "client_overall", "client_goal", "client_task", "client_bond", "gap", "falls", "repaired",
    ]  # fmt: skip
    assert all(one.measure in measures() for one in figures)
    overall, falls, repaired = figures[0], figures[5], figures[6]
    assert overall.title == "Students' mean rating, overall"
    assert overall.note == "No detectable difference: all are given the mean of all."
    assert (overall.all, overall.rows["name"].tolist()) == (63, ["ACT", "CBT"])
    assert (
        falls.note
        == "In all 4 found; 3.2 expected from chance order, 0.5 in steady cases with the same noise."
    )
    assert repaired.all == pytest.approx(200 / 3)


def test_the_table_has_every_group_and_all():
    table = said.numbers(known(TWO, NAMES), "approach", SCHOOL)
    assert table["approach"].tolist() == ["ACT", "CBT", "all"]
    assert table["students who rated"].tolist() == [12, 12, 12]
    assert table["falls expected by chance"].tolist() == ["3.2"] * 3
    assert "client" not in " ".join(table.columns)


def test_without_a_single_case_there_is_a_sentence():
    nothing = across(*(shaped({}, table) for table in (CASES, SESSIONS, EPISODES)), SETTINGS)
    assert (
        said.so_what(nothing, "team", SETTINGS)
        == "No team is stated for any case, so there is nothing to put side by side."
    )
    assert said.figures(nothing, "team") == []
