"""Several rules in one analysis: which of them everything stands on, and what is told beside each one's episodes."""

from dataclasses import replace

import pandas as pd
import pytest

from alliance_core.analysis import analyse
from alliance_core.measures.detectors import DETECTORS
from alliance_core.sample import Design, simulate
from alliance_core.settings import Method, Settings
from alliance_core.tables import EPISODES
from tests.measures.made import TEN, form, marker, overall, ratings, records

ALL = tuple(DETECTORS)


@pytest.fixture(scope="module")
def team():
    return simulate(Design(4, 8, 14), seed=31).ratings


@pytest.fixture(scope="module")
def every(team):
    return analyse(team, methods=ALL)


def test_the_names_that_settings_accept_are_those_of_the_rules():
    assert Method.__args__ == ALL


def test_the_rule_of_the_settings_is_the_one_without_a_choice(team):
    one = analyse(team, Settings.model_validate({"detection": {"method": "step"}}))
    other = analyse(team, methods=["step"])
    assert one.methods == other.methods == ("step",)
    pd.testing.assert_frame_equal(one.episodes, other.episodes)
    assert set(one.episodes["method"]) == {"step"}


def test_a_rule_that_there_is_not_is_refused(team):
    with pytest.raises(ValueError, match="there is no method steps; there are baseline, last_three, step, "):
        analyse(team, methods=["steps"])


def test_everything_but_the_episodes_stands_on_the_first(team, every):
    alone = analyse(team)
    for name in ("scores", "sessions", "cases", "practitioners", "trace", "agenda", "noise"):
        pd.testing.assert_frame_equal(getattr(every, name), getattr(alone, name))
    pd.testing.assert_frame_equal(every.own_episodes, alone.own_episodes)
    pd.testing.assert_frame_equal(every.own_episodes[EPISODES.names], alone.episodes)
    assert set(every.episodes["method"]) == set(ALL) - {"threshold"}  # no line is stated for wai-sr


@pytest.mark.parametrize("name", ALL)
def test_each_rule_finds_the_same_alone_and_among_others(team, every, name):
    alone = analyse(team, methods=[name])
    marks = every.episodes["source"] == "marker"
    kept = every.episodes[((every.episodes["method"] == name) & ~marks).to_numpy()].reset_index(drop=True)
    own = alone.episodes[(alone.episodes["source"] == "score").to_numpy()].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, own)
    assert not every.episodes.duplicated(EPISODES.keys).any()


@pytest.mark.parametrize("name", ALL)
def test_summaries_agenda_and_flags_follow_the_rule(team, name):
    found = analyse(team, methods=[name])
    falls = found.episodes[
        ((found.episodes["rater"] == "client") & (found.episodes["facet"] == "overall")
         & (found.episodes["source"] == "score")).to_numpy()
    ]  # fmt: skip
    assert found.practitioners["episodes"].sum() == len(falls)
    keys = ["practitioner", "client"]
    is_open = set(falls.loc[(falls["outcome"] == "open").to_numpy(), keys].itertuples(index=False, name=None))
    said = found.cases.loc[(found.cases["open_episode"] == "yes").to_numpy(), keys]
    assert set(said.itertuples(index=False, name=None)) == is_open
    flagged = found.cases.loc[found.cases["flags"].fillna("").str.contains("open episode").to_numpy(), keys]
    assert set(flagged.itertuples(index=False, name=None)) == is_open


LINES = Settings.model_validate({"threshold": {"lines": {"wai-sr": 3.5}}})


@pytest.mark.parametrize("name", ALL)
def test_swapping_the_sides_moves_the_episodes_of_every_rule_over(team, name):
    turned = {"client": "practitioner", "practitioner": "client"}
    other = replace(team, forms=team.forms.assign(rater=team.forms["rater"].map(turned).astype("str")))
    one, two = (analyse(these, LINES, [name]).episodes for these in (team, other))
    told = ["client", "facet", "start_session", "low_session", "repair_session", "depth_pct", "outcome"]
    for mine, theirs in turned.items():
        here = one[((one["rater"] == mine) & (one["source"] == "score")).to_numpy()][told]
        there = two[((two["rater"] == theirs) & (two["source"] == "score")).to_numpy()][told]
        assert records(here) == records(there) != []


def test_another_instruments_case_changes_no_episode_of_any_rule(team):
    extra = ratings(overall("Z-1", [90, 90, 90, 90, 90, 90, 20, 20, 20], practitioner="P99")).forms
    more = replace(team, forms=pd.concat([team.forms, extra], ignore_index=True))
    before, after = (analyse(these, LINES, ALL).episodes for these in (team, more))
    assert set(after.loc[(after["practitioner"] == "P99").to_numpy(), "method"]) >= {"baseline", "step"}
    kept = after[(after["practitioner"] != "P99").to_numpy()].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, before)


def test_the_columns_of_sessions_are_those_of_baseline_whatever_the_rule(team):
    one, other = analyse(team), analyse(team, methods=["control_chart"])
    pd.testing.assert_frame_equal(one.sessions, other.sessions)
    assert not one.trace["level"].equals(other.trace["level"])


def test_a_marker_alone_is_listed_once_with_the_first_rule():
    """Session 5 lies in an episode of `step`, and of no other rule."""
    forms = overall("C-1", [70, 65, 70, 50, 50, 70, 70])
    marks = [marker("P01", "C-1", session, "withdrawal", 4) for session in (1, 5)]

    def alone(*methods):
        found = records(analyse(ratings(forms, marks), TEN, methods).episodes)
        return [(row["method"], row["start_session"]) for row in found if row["source"] == "marker"]

    assert alone("step", "baseline") == [("step", 1)]
    assert alone("baseline", "step") == [("baseline", 1), ("baseline", 5)]


def beside(name, client, practitioner):
    forms = overall("C-1", client) + overall("C-1", practitioner, rater="practitioner")
    rows = records(analyse(ratings(forms), TEN, [name]).episodes)
    return {row["rater"]: row["seen_by"] for row in rows}


@pytest.mark.parametrize("name", ["step", "reliable_change", "control_chart", "sudden_loss"])
def test_who_registered_it_is_told_for_every_rule(name):
    """What is usual for the practitioner: the sessions outside episodes before the fall, here all six."""
    client = [80] * 6 + [20, 20, 20]
    assert beside(name, client, [70] * 6 + [58.4] * 3)["client"] == "both"
    assert beside(name, client, [70] * 9) == {"client": "client only"}
    assert beside(name, client, [None] * 9) == {"client": "unknown"}
    assert beside(name, [80] * 9, client) == {"practitioner": "practitioner only"}


@pytest.mark.parametrize("name", ["step", "reliable_change", "control_chart", "sudden_loss"])
def test_facets_that_fell_are_told_for_every_rule(name):
    level, low = (80, 80, 80), (10, 80, 10)
    forms = [
        form(
            "P01",
            "C-1",
            number,
            "client",
            low=0,
            high=100,
            given=dict(zip(("goal", "task", "bond"), given, strict=True)),
        )
        for number, given in enumerate([level] * 6 + [low] * 3, 1)
    ]
    rows = records(analyse(ratings(forms, [marker("P01", "C-1", 7, "withdrawal", 1)]), TEN, [name]).episodes)
    (row,) = (row for row in rows if row["facet"] == "overall")
    assert (row["facets_fallen"], row["kind"]) == ("goal;bond", "withdrawal")
