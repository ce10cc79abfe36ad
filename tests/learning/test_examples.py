"""Examples: the clearest case of each idea, worked out by hand on small ratings where σ is 10, and what is said of it."""

import re
from dataclasses import replace

import pytest

from alliance_core import read_workbooks
from alliance_core.analysis import analyse
from alliance_core.learning.examples import IDEAS, examples
from alliance_core.sentences import Terms
from alliance_core.settings import Settings
from tests.measures.made import TEN, marker, overall, ratings

FORBIDDEN = re.compile(
    r"nan|None|<NA>|NaT|\bz\b|rupture|detected|\bbest\b|\bworst\b|\brank|\bpoor\b|\bfailed\b|  |\.\.|\(\)|\{|\}"
)
STEADY = [60, 62, 60, 62, 60, 62]


def pair(client, values, others, **more):
    return overall(client, values, **more) + overall(client, others, rater="practitioner", **more)


def found(forms, markers=(), settings=TEN):
    return examples(analyse(ratings(forms, markers=markers), settings))


def shown(forms, idea, markers=()):
    """The client that an idea is shown on; None where none is."""
    example = found(forms, markers).get(idea)
    return None if example is None else example.client


def test_agreement_is_the_smallest_mean_gap():
    forms = pair("C-1", STEADY, [65, 66, 65, 66, 65, 66]) + pair("C-2", STEADY, [61, 62, 61, 62, 61, 62])
    assert shown(forms, "agreement") == "C-2"


@pytest.mark.parametrize(("away", "is_shown"), [(10, True), (10.1, False)])
def test_agreement_is_within_what_one_rating_varies_by(away, is_shown):
    forms = pair("C-1", STEADY, [mark + away for mark in STEADY])
    assert ("agreement" in found(forms)) == is_shown


def test_agreement_needs_the_pairs_of_an_interval_movement_and_no_episode():
    assert "agreement" not in found(pair("C-1", STEADY[:5], STEADY[:5]))
    assert "agreement" not in found(pair("C-1", [60] * 6, STEADY))
    fell = [80, 80, 80, 40, 80, 80, 80]
    assert "agreement" not in found(pair("C-1", fell, fell))


def test_gap_is_the_farthest_from_what_is_usual_with_the_practitioner():
    # mean gaps −20, −22 and +15; usual (−20 −22 + 15)/3 = −9: 11, 13 and 24 away
    forms = [
        *pair("C-1", STEADY, [40, 42, 40, 42, 40, 42]),
        *pair("C-2", STEADY, [38, 40, 38, 40, 38, 40]),
        *pair("C-3", STEADY, [75, 77, 75, 77, 75, 77]),
    ]
    example = found(forms)["gap"]
    assert example.client == "C-3"
    assert example.line["usual_gap"] == pytest.approx(-9)
    assert example.line["away"] == pytest.approx(24)


def test_gap_is_not_shown_where_the_usual_one_lies_in_the_interval():
    wide = [40, 80, 40, 80, 40, 80]
    assert "gap" not in found(pair("C-1", STEADY, wide) + pair("C-2", STEADY, wide[::-1]))
    assert "gap" not in found(pair("C-1", STEADY, [30] * 6))  # the only case: its gap is the usual one


def test_strain_is_the_largest_in_a_case_without_an_episode():
    # m = 4: error 10·√1.25 = 11.18; a fall of 20 is 1.79 of it, of 25 2.24, of 30 2.68 (an episode)
    forms = [
        *overall("C-1", [60, 60, 60, 60, 40, 60]),
        *overall("C-2", [60, 60, 60, 60, 35, 60]),
        *overall("C-3", [60, 60, 60, 60, 35, 60, 30]),
    ]
    example = found(forms)["strain"]
    assert (example.client, example.line["session"]) == ("C-2", 5)


def test_repaired_and_unrepaired_are_the_deepest_and_shown_on_cases_of_their_own():
    back, low = [80, 80, 80, 80, 40, 80, 80], [80, 80, 80, 80, 40, 40, 40, 40]
    forms = [
        *overall("C-1", back),
        *overall("C-2", [mark - 10 * (mark == 40) for mark in back]),
        *overall("C-3", low),
        *overall("C-4", [mark - 10 * (mark == 40) for mark in low]),
        *overall("C-5", [80, 80, 80, 80, 10]),  # deeper, but nothing followed yet
    ]
    example = found(forms)
    assert (example["repaired"].client, example["unrepaired"].client) == ("C-2", "C-4")


def test_of_equal_ones_the_first_by_practitioner_and_client():
    back = [80, 80, 80, 80, 40, 80, 80]
    forms = overall("C-2", back) + overall("C-1", back, practitioner="P02") + overall("C-3", back)
    assert shown(forms, "repaired") == "C-2"


def test_a_case_shows_a_second_idea_only_where_no_other_does():
    fell, calm = [80, 80, 80, 80, 40, 80, 80], [70, 72, 70, 72, 70, 72, 70]
    forms = pair("C-1", [mark - 5 * (mark == 40) for mark in fell], calm)
    alone = found(forms)
    assert (alone["repaired"].client, alone["blind spot"].client) == ("C-1", "C-1")
    both = found(forms + pair("C-2", fell, calm))
    assert (both["repaired"].client, both["blind spot"].client) == ("C-1", "C-2")


def test_a_fall_that_both_registered_is_no_blind_spot():
    fell = [80, 80, 80, 80, 40, 80, 80]
    assert "blind spot" not in found(pair("C-1", fell, fell))


def test_markers_are_the_gravest_named_ones_at_sessions_that_the_client_rated():
    forms = overall("C-1", STEADY) + overall("C-2", [60, None, 60])
    named = [
        marker("P01", "C-1", 2, "withdrawal", 2),
        marker("P01", "C-1", 4, "withdrawal", None),
        marker("P01", "C-1", 5, "confrontation", None),
        marker("P01", "C-2", 2, "withdrawal", 5),  # no form of the client
        marker("P01", "C-1", 6, "withdrawal", 4) | {"marker": None},
    ]
    example = found(forms, named)
    assert example["withdrawal"].line["session"] == 2
    assert example["confrontation"].line["session"] == 5
    assert "withdrawal" not in found(forms, [marker("P01", "C-9", 1, "withdrawal", 5)])


def test_flat_at_ceiling_is_the_longest_run():
    forms = overall("C-1", [100] * 4) + overall("C-2", [100] * 6) + overall("C-3", [100] * 5 + [99])
    assert shown(forms, "flat at ceiling") == "C-2"


def test_too_few_is_a_short_case_else_the_beginning_of_a_long_one():
    short = found(overall("C-1", STEADY) + overall("C-2", [60]) + overall("C-3", [60, None, 60]))["too few"]
    assert (short.client, short.until, short.line["count"]) == ("C-3", 3, 2)
    begun = found(overall("C-1", [None, 60, 60, 60, 60]))["too few"]
    assert (begun.client, begun.until, begun.line["count"]) == ("C-1", 3, 2)
    assert "too few" not in found(overall("C-1", STEADY, rater="practitioner"))


SAMPLE = "sample_data/team_long_items.xlsx"


@pytest.fixture(scope="module")
def sample(request):
    read, _ = read_workbooks([request.config.rootpath / SAMPLE])
    return read


def picked(analysis):
    return {name: (one.practitioner, one.client, one.until) for name, one in examples(analysis).items()}


def test_the_sample_team_shows_every_idea_whatever_the_order_of_its_rows(sample):
    once = picked(analyse(sample))
    assert list(once) == list(IDEAS)
    shuffled = {
        name: getattr(sample, name).sample(frac=1, random_state=3).reset_index(drop=True)
        for name in ("forms", "markers", "cases")
    }
    assert picked(analyse(replace(sample, **shuffled))) == once


@pytest.mark.parametrize(
    "rule", ["baseline", "last_three", "step", "reliable_change", "control_chart", "sudden_loss", "threshold"]
)
def test_what_is_said_is_two_or_three_whole_sentences_with_every_rule(sample, rule):
    analysis = analyse(sample, Settings.model_validate({"detection": {"method": rule}}))
    for example in examples(analysis).values():
        said = example.told(analysis, Terms("student", "teacher"))
        assert 1 <= len(said) <= 3
        for text in said:
            assert text.endswith(".")
            assert not FORBIDDEN.search(text), text
            assert not re.search(r"\bclient|\bpractitioner", text.replace("about the practitioner", "")), text


def test_sentences_hold_the_numbers_of_the_case():
    forms = [
        *pair("C-1", STEADY, [40, 42, 40, 42, 40, 42]),
        *pair("C-2", STEADY, [58, 60, 58, 60, 58, 60]),
        *overall("C-3", [60, 60, 60, 60, 35, 60]),
    ]
    analysis = analyse(ratings(forms), TEN)
    said = {name: one.told(analysis) for name, one in examples(analysis).items()}
    assert said["agreement"][0] == (
        "Over 6 sessions that both rated, the two ratings lie 2 points apart on average: no more than the ±10 that a single rating varies by."
    )
    assert said["gap"][0] == (
        "Over 6 sessions that both rated, the practitioner rated 20 points lower than the client on average; usual with P01 is −11."
    )
    assert said["strain"][0] == (
        "At session 5 the client's overall rating lay 25 points below its own level; ratings vary by ±10. That is just short of what opens an episode."
    )
    assert said["too few"][0] == "When session 2 was over, the client had rated 2 sessions."
    assert said["too few"][1].startswith("From 3 rated sessions on")


def test_from_when_on_is_the_settings():
    three = TEN.model_copy(update={"episodes": TEN.episodes.model_copy(update={"min_baseline": 3})})
    analysis = analyse(ratings(overall("C-1", STEADY)), three)
    (example,) = examples(analysis).values()
    assert example.until == 3
    assert example.told(analysis)[1].startswith("From 4 rated sessions on")


@pytest.mark.parametrize(
    ("session", "beside"), [(4, True), (5, True), (6, True), (7, True), (3, False), (8, False)]
)
def test_a_marker_says_whether_a_rating_fell_near_it(session, beside):
    forms = overall("C-1", [80, 80, 80, 80, 40, 80, 80, 80])
    analysis = analyse(ratings(forms, markers=[marker("P01", "C-1", session, "withdrawal", 3)]), TEN)
    said = examples(analysis)["withdrawal"].told(analysis)
    assert (
        said[0]
        == f"At session {session} somebody wrote down withdrawal: denial (significance 3 on its 1–5 scale)."
    )
    assert said[1].startswith("How that may look: ")
    assert said[2].startswith(
        "The client's rating fell at about the same time." if beside else "The client's ratings show no"
    )


def test_a_name_of_ones_own_is_shown_as_it_stands():
    own = marker("P01", "C-1", 2, "withdrawal", None) | {"marker": "looked out of the window"}
    analysis = analyse(ratings(overall("C-1", STEADY), markers=[own]), TEN)
    said = examples(analysis)["withdrawal"].told(analysis)
    assert said[0] == "At session 2 somebody wrote down withdrawal: looked out of the window."
    assert len(said) == 2
