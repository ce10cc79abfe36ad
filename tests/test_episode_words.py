"""The card of an episode, part by part: what is known, what is not, and no word that judges."""

import numpy as np
import pandas as pd
import pytest

from alliance_core import episode_words
from alliance_core.sentences import Terms
from alliance_core.settings import Settings
from alliance_core.tables import MARKERS, SESSIONS, shaped
from tests.test_sentences import EPISODE, MARKER

PLAIN = Settings()
EPISODE = {**EPISODE, "end_session": 8, "sigma": 9.0}
MARKER = {**MARKER, "end_session": 6, "sigma": 9.0}


def sessions(**rated):
    """Sessions 6 to 8 of the case; the client's facets that are named were rated."""
    columns = {f"client_{facet}": [60.0] * 3 for facet in rated.get("facets", ("goal", "task", "bond"))}
    return shaped(
        {"practitioner": ["P01"] * 3, "client": ["C-1"] * 3, "session": [6, 7, 8], **columns}, SESSIONS
    )


def markers(*rows):
    names = ["session", "kind", "marker", "significance", "resolution", "noted_by", "note"]
    frame = pd.DataFrame([dict(zip(names, row, strict=False)) for row in rows], columns=names)
    return shaped(frame.assign(practitioner="P01", client="C-1"), MARKERS)


NONE = markers()


def facts(episode, rated=None, noted=NONE):
    return dict(episode_words.card(episode, sessions() if rated is None else rated, noted, PLAIN).facts)


def test_a_card_says_what_fell_how_far_who_saw_it_and_what_was_noted():
    card = episode_words.card(EPISODE, sessions(), NONE, PLAIN)
    assert card.title == "Session 6–8 repaired, stronger"
    assert card.summary.startswith("The client's overall rating fell 18 points")
    assert "repaired and stronger" in card.summary
    assert dict(card.facts) == {
        "Parts": "Bond fell; goal and task did not stand out.",
        "Size": "18 points: about twice the ±9 points that single ratings vary by.",
        "Seen by": "The practitioner's rating did not register it.",
        "Noted": "Nobody recorded a marker near it.",
    }
    assert (
        card.question
        == "How has it been for you to work with me lately, and is there something I should know?"
    )
    assert any("withdrawal or confrontation" in line for line in card.unknown)
    assert "2.00 σ" in card.rule
    everything = " ".join(
        [card.title, card.summary, *card.unknown, card.question, *dict(card.facts).values()]
    )
    assert "σ" not in everything
    assert "rupture" not in everything.lower()


@pytest.mark.parametrize(
    ("fallen", "rated", "words"),
    [
        ("goal;task;bond", ("goal", "task", "bond"), "Goal, task and bond fell."),
        ("goal;task", ("goal", "task"), "Goal and task fell."),
        ("", ("goal", "task", "bond"), "No single part stands out."),
        (np.nan, ("goal", "task", "bond"), "No single part stands out."),
        ("", ("bond",), "Only bond was rated separately; it did not stand out."),
        ("", (), "Goal, task and bond were not rated separately, so it is not known which part fell."),
    ],
)
def test_which_parts_fell_and_which_are_not_known(fallen, rated, words):
    assert facts(EPISODE | {"facets_fallen": fallen}, sessions(facets=rated))["Parts"] == words


@pytest.mark.parametrize(
    ("sigmas", "words"),
    [
        (0.4, "less than"),
        (0.74, "less than"),
        (0.76, "about as much as"),
        (1.5, "about one and a half times"),
        (2.0, "about twice"),
        (2.6, "about two and a half times"),
        (3.4, "about three times"),
        (9.9, "about ten times"),
        (10.6, "more than ten times"),
    ],
)
def test_how_deep_it_is_against_the_error(sigmas, words):
    depth = 9 * sigmas
    told = facts(EPISODE | {"depth_pct": depth, "depth_sigma": sigmas})["Size"]
    assert told == f"{round(depth)} points: {words} the ±9 points that single ratings vary by."


def test_no_depth_at_all_still_has_an_error_to_be_held_against():
    told = facts(EPISODE | {"depth_pct": 0.0, "depth_sigma": 0.0})["Size"]
    assert told == "0 points: less than the ±9 points that single ratings vary by."


def test_markers_during_the_episode_or_one_session_from_it_are_told():
    noted = markers(
        (9, "confrontation", None, np.nan, np.nan, None, None),
        (5, "withdrawal", "minimal response", 3, 2, "P09", "Long silences."),
        (4, "withdrawal", "denial", 5, 5, None, None),
        (10, "withdrawal", "denial", 5, 5, None, None),
    )
    assert facts(EPISODE, noted=noted)["Noted"] == (
        "Session 5: withdrawal – minimal response (significance 3 of 5, resolution 2 of 5, noted by P09). Long silences. "
        "Session 9: confrontation."
    )


def test_a_marker_alone_has_neither_parts_nor_size():
    card = episode_words.card(MARKER, sessions(), markers((6, "withdrawal", "denial", 4)), PLAIN)
    assert card.title == "Session 6 recorded withdrawal"
    assert dict(card.facts) == {"Noted": "Session 6: withdrawal – denial (significance 4 of 5)."}
    assert "What might not be being said" in card.question


def test_titles():
    assert (
        episode_words.title(EPISODE | {"repair_session": None, "outcome": "open"}) == "Since session 6: open"
    )
    own = EPISODE | {"rater": "practitioner", "outcome": "repaired"}
    assert episode_words.title(own) == "Practitioner's rating, session 6–8 repaired"
    assert episode_words.title(own, Terms("student", "teacher")) == "Teacher's rating, session 6–8 repaired"
