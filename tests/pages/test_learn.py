"""Learn: the alliance in our own words, each idea on one's own ratings where they show it, ways to respond."""

import pytest

from alliance_core import analyse, read_workbooks
from alliance_core.learning.examples import IDEAS, examples
from alliance_core.learning.words import words
from alliance_core.settings import Settings
from pages.parts.bringing import SAMPLE


@pytest.fixture
def part(app):
    """Opens the page at one of its parts."""
    return lambda name: app.open("learn", part=name)


def chart_alts(app):
    return [chart.proto.alt for chart in app.charts]


def links(app):
    """From a link on the page to its query; the tour's own link is not the page's."""
    return {
        link.value.replace("\\", ""): link.proto.query_string
        for link in app.at.get("page_link")
        if "Go to" not in link.value
    }


def test_the_concept_in_our_own_words(part):
    told = part("the alliance").words
    for word in (
        "Goal",
        "Task",
        "Bond",
        "in the session",
        "at home",
        "in the surroundings",
        "Withdrawal",
        "Confrontation",
        "Repair",
    ):
        assert word in told


def test_every_sign_is_shown_with_what_may_be_seen(part):
    told = part("the alliance").words
    for one in words().parts:
        assert all(f"– {sign}" in told for sign in (*one.strong, *one.weak))
    for kind in words().kinds:
        assert kind.what in told
        assert all(f"**{sign.name}**  \n{sign.looks}" in told for sign in kind.signs)
    assert "not a checklist" in told


def test_every_way_to_respond_is_shown_with_its_source(part):
    told = part("ways to respond").words
    for one in words().responses:
        assert f"**{one.name[0].upper()}{one.name[1:]}**  \n{one.how}" in told
    assert "Eubanks, Muran & Safran 2015" in told
    assert "Check the names against the manual" in told


def test_without_ratings_every_idea_is_shown_on_the_sample_team_and_said_so(part):
    app = part("in pictures")
    assert "All of these are from the sample team, which is made up." in app.words
    assert all(f"**{idea.title}**" in app.words for idea in IDEAS.values())
    assert len(app.charts) == len(IDEAS)
    assert all(chart_alts(app))
    assert not links(app)


def test_ideas_are_shown_on_own_ratings_first_each_with_the_way_to_the_case(loaded):
    app = loaded.open("learn", part="in pictures")
    # C-1's fall came back and P1's rating did not show it; the others of the workbook are too short for a gap, a strain or a marker.
    assert "of these 10 ideas are shown on the ratings that are loaded" in app.words
    assert links(app)["C-1 · P1 →"] == "practitioner=P1&client=C-1"
    assert "fell 50 points below its own level at session 5" in app.words
    assert "of the sample team: none of your cases shows this" in app.words
    assert len(app.charts) == len(IDEAS)


def by_rule(monkeypatch, name):
    """Pages begin with this rule."""
    settings = Settings.model_validate({"detection": {"method": name}})
    monkeypatch.setattr("pages.parts.in_use.ON_PAGES", settings)
    return settings


def test_a_team_that_shows_every_idea_sees_only_its_own(app, monkeypatch):
    by_rule(monkeypatch, "baseline")
    app.open("bring_in").click("Look around with the sample team")
    app.open("learn", part="in pictures")
    assert "All of these are from the ratings that are loaded" in app.words
    assert len(links(app)) == len(IDEAS)
    assert "sample team" not in app.words


def test_ideas_that_are_not_ones_own_are_counted(app, monkeypatch):
    by_rule(monkeypatch, "step")
    app.open("bring_in").click("Look around with the sample team")
    app.open("learn", part="in pictures")
    own = examples(app.at.session_state["loaded"].analysis)
    assert f"{len(own)} of these 10 ideas are shown on the ratings that are loaded" in app.words
    assert len(links(app)) == len(own) < len(IDEAS)


def test_an_idea_that_the_rule_in_use_finds_nowhere_is_shown_with_another_and_said_so(app, monkeypatch):
    settings = by_rule(monkeypatch, "threshold")
    app.open("learn", part="in pictures")
    assert len(app.charts) == len(IDEAS)
    found_by_it = examples(analyse(read_workbooks([SAMPLE])[0], settings))
    told = "with the rule threshold no case there does, so this is with baseline"
    assert app.words.count(told) == len(IDEAS) - len(found_by_it) > 0


def test_the_beginning_of_a_case_is_drawn_up_to_there(loaded):
    app = loaded.open("learn", part="in pictures")
    assert "Too few ratings to say: overall ratings of client and practitioner over 2 sessions" in chart_alts(
        app
    )


def test_names_from_a_workbook_are_shown_as_they_stand(app, made):
    csv, rows_of = made
    app.bring(("team.csv", csv(rows_of("*P*", "![x](http://a.b)", "Client", [4, 4, 4, 4, 2, 4, 4]))))
    app.open("learn", part="in pictures")
    labels = [link.proto.label for link in app.at.get("page_link")]
    assert labels
    assert all("![" not in label and "\\!\\[x\\]" in label for label in labels)


@pytest.mark.parametrize("name", ["the alliance", "in pictures", "ways to respond", "practise"])
def test_the_address_opens_a_part_and_only_that_one_is_worked_out(part, name):
    app = part(name)
    assert ("What is rated" in app.words) == (name == "the alliance")
    assert ("Series 1 of 10" in app.words) == (name == "practise")


def test_an_unknown_part_opens_the_first(part):
    assert "What is rated" in part("nonsense").words


def test_the_part_that_was_left_is_open_on_coming_back(part):
    app = part("ways to respond").open("agenda").open("learn")
    assert "clarify a misunderstanding".capitalize() in app.words
