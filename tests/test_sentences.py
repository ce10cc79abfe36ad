"""Sentences, tested as text: what they must say, and words that they must never use."""

import re
from itertools import product

import pandas as pd
import pytest

from alliance_core import rules_in_words, sentences
from alliance_core.measures.chance import Expected
from alliance_core.measures.detectors import DETECTORS
from alliance_core.sentences import TERMS, Terms
from alliance_core.settings import Settings

PLAIN = Settings()
EPISODE = {
    "practitioner": "P01",
    "client": "C-1",
    "method": "baseline",
    "rater": "client",
    "facet": "overall",
    "start_session": 6,
    "low_session": 6,
    "repair_session": 8,
    "baseline": 80.0,
    "low": 62.0,
    "depth_pct": 18.0,
    "depth_sigma": 2.0,
    "outcome": "strengthened",
    "kind": "unspecified",
    "seen_by": "client only",
    "source": "score",
    "facets_fallen": "bond",
}
MARKER = EPISODE | {
    "source": "marker",
    "kind": "withdrawal",
    **dict.fromkeys(["outcome", "seen_by", "facets_fallen"], ""),
    **dict.fromkeys(["low_session", "repair_session"], None),
    **dict.fromkeys(["baseline", "low", "depth_pct", "depth_sigma"], float("nan")),
}


def told(**changes):
    return " ".join(sentences.episode_sentences(EPISODE | changes, PLAIN))


def test_a_repaired_fall_that_was_not_registered():
    text = told()
    for part in ["overall", "18 points", "session 6", "bond", "more than the ±9 that ratings vary by"]:
        assert part in text
    assert "back at session 8" in text
    assert "repaired and stronger" in text
    assert "practitioner's rating did not register it" in text


def test_an_open_fall_says_what_is_unknown():
    text = told(outcome="ended open", repair_session=None, facets_fallen="goal;task", seen_by="unknown")
    assert "goal and task" in text
    assert "we cannot say whether it was repaired" in text
    assert "Too few ratings by the practitioner" in text


def test_a_slide_names_its_start_and_its_low():
    assert "from session 6, lowest at session 7" in told(low_session=7)


def test_an_unrepaired_fall_names_the_window_that_was_used():
    wide = Settings.model_validate({"episodes": {"window": 5}})
    text = " ".join(sentences.episode_sentences(EPISODE | {"outcome": "unrepaired"}, wide))
    assert "within 5 rated sessions" in text


def test_a_single_facet_is_named_and_no_registration_is_claimed():
    text = told(facet="task", seen_by="", facets_fallen="task;bond")
    assert "client's task rating fell 18 points" in text
    assert "overall" not in text
    assert "regist" not in text


def test_whose_rating_fell():
    assert "The practitioner's overall rating" in told(rater="practitioner", seen_by="practitioner only")


def test_a_marker_alone_claims_nothing_of_ratings_that_may_not_exist():
    text = " ".join(sentences.episode_sentences(MARKER, PLAIN))
    assert "recorded withdrawal at session 6" in text
    assert "did not fall" not in text
    assert "rating did not show" not in told(rater="practitioner", seen_by="practitioner only")


def test_a_marker_without_a_kind_is_not_called_missing():
    assert not any("nobody recorded" in text for text in sentences.unknowns(MARKER | {"kind": "unspecified"}))


def test_other_words_for_the_pair_are_used_throughout():
    terms = Terms(client="family", practitioner="counsellor")
    for seen in ("both", "client only", "unknown"):
        text = " ".join(sentences.episode_sentences(EPISODE | {"seen_by": seen}, PLAIN, terms))
        assert "family" in text
        assert not re.search(r"\b(client|practitioner)\b", text)
    told_of = EPISODE | {"rater": "practitioner", "seen_by": "practitioner only"}
    assert not re.search(
        r"\b(client|practitioner)\b", " ".join(sentences.episode_sentences(told_of, PLAIN, terms))
    )


FORBIDDEN = re.compile(
    r"nan|None|<NA>|NaT|\bz\b|z =|rupture|detected|\bbest\b|\bworst\b|\brank|\btop performer|\bpoor\b|\bgood\b|\bbad\b|"
    r"\bfailed\b|  |\.\.|\(\)|\{|\}"
)
OUTCOMES = ["open", "ended open", "repaired", "strengthened", "unrepaired"]
SEEN = ["both", "client only", "practitioner only", "unknown", "", None]
KINDS = ["withdrawal", "confrontation", "both", "unspecified"]
FALLEN = ["", None, "goal", "goal;task;bond"]


def every_episode():
    for outcome, seen, kind, fallen, facet in product(OUTCOMES, SEEN, KINDS, FALLEN, ["overall", "bond"]):
        back = 8 if outcome in ("repaired", "strengthened") else None
        yield EPISODE | {
            "outcome": outcome,
            "seen_by": seen,
            "kind": kind,
            "facets_fallen": fallen,
            "facet": facet,
            "repair_session": back,
        }
    for kind, empty in product(KINDS, ["", None, float("nan")]):
        yield MARKER | {"kind": kind, "outcome": empty, "seen_by": empty, "facets_fallen": empty}


def everything_said(episode):
    return [
        *sentences.episode_sentences(episode, PLAIN),
        *sentences.unknowns(episode),
        sentences.episode_name(episode),
        sentences.question(episode),
    ]


def test_no_combination_says_what_must_not_be_said():
    for episode in every_episode():
        for text in everything_said(episode):
            assert text.strip() == text != ""
            assert not FORBIDDEN.search(text), text
        for text in everything_said(episode)[:-2]:
            assert text.endswith("."), text


def test_no_combination_leaves_out_what_followed_or_who_registered():
    for episode in every_episode():
        text = " ".join(sentences.episode_sentences(episode, PLAIN))
        if episode["source"] == "marker":
            assert "does not say what followed" in text
        elif episode["outcome"] in ("open", "ended open", "unrepaired"):
            assert re.search(r"not come (back|so)|had not come back|has not come back", text), text
        else:
            assert "back" in text
        if episode["seen_by"] == "unknown":
            assert "to say whether it was registered" in text


@pytest.mark.parametrize("method", DETECTORS)
def test_each_rule_says_what_its_fall_is_measured_from(method):
    text = " ".join(sentences.episode_sentences(EPISODE | {"method": method}, PLAIN))
    assert f"fell 18 points below {DETECTORS[method].level} at session 6" in text
    assert ("its former level" in text) == (method in ("baseline", "last_three"))
    rule = sentences.rule(EPISODE | {"method": method, "start_z": 2.75, "known_session": 6}, PLAIN)
    assert rule.count("An episode opens when a rating ") == 1
    assert ("At the start it was 2.75 of these." in rule) == (method not in ("threshold", "last_three"))
    assert "could be told from" not in rule


def test_the_highest_of_several_ratings_is_named():
    high = Settings.model_validate({"step": {"from_highest_of": 3}})
    text = sentences.fall(EPISODE | {"method": "step"}, high)
    assert "18 points below the highest of the last 3 ratings at session 6" in text


def test_a_fall_that_was_known_later_says_from_when_on():
    rule = sentences.rule(EPISODE | {"method": "sudden_loss", "start_z": 2.0, "known_session": 8}, PLAIN)
    assert "This one could be told from session 8 on." in rule


def test_a_fall_within_what_ratings_vary_by_says_so():
    """As a rule with a stated line may find: 4 points below it, or exactly on it."""
    text = sentences.fall(EPISODE | {"method": "threshold", "depth_pct": 4.0, "depth_sigma": 0.5}, PLAIN)
    assert "below the stated line at session 6" in text
    assert "no more than the ±8 that ratings vary by" in text
    on_it = EPISODE | {"method": "threshold", "depth_pct": 0.0, "depth_sigma": 0.0, "sigma": 8.0}
    assert "0 points below the stated line" in sentences.fall(on_it, PLAIN)
    assert "σ = 8.0 points" in sentences.rule(on_it, PLAIN)


def test_the_numbers_in_a_rule_are_those_of_the_settings():
    own = Settings.model_validate(
        {
            "step": {"k": 1, "own_sd_from": 5},
            "reliable_change": {"z": 1.64, "reliability": 0.9},
            "control_chart": {"limit": 2, "first_sessions": 8},
            "sudden_loss": {"z": 1.5, "sessions": 2, "confidence": 0.9, "share": 0.25},
            "last_three": {"z_open": 2.9},
        }
    )
    for method, parts in {
        "step": ["at least 1 standard deviations", "from 5 on"],
        "reliable_change": ["1.64 standard errors", "r = 0.9"],
        "control_chart": ["first 8 ratings", "more than 2 standard"],
        "sudden_loss": ["1.5 standard errors", "up to 2 ratings", "t for 90%", "at least 25%"],
        "last_three": ["2.9 standard errors"],
    }.items():
        assert all(part in rules_in_words.opens(method, own) for part in parts), method
    for method, parts in {
        "step": ["k = 1,", "from 5 on"],
        "reliable_change": ["≥ 1.64 · √2·SD·√(1 − r), r = 0.9"],
        "control_chart": ["rating < mean − 2 · ", "first 8 ratings"],
        "sudden_loss": ["≥ 1.5 · √2·SD", "n₁ ≤ 2 ratings", "t for 90%", "≥ 25% of"],
        "last_three": ["z ≥ 2.9 and b − rating ≥ 1·σ", "k = 1 … 3", "m ≥ 2", "≤ 4 sessions"],
        "baseline": ["m ≥ 2", "z ≥ 2.3 and b − rating ≥ 1·σ", "a strain: z ≥ 1.65"],
        "threshold": ["rating ≤ the line"],
    }.items():
        assert all(part in "\n".join(rules_in_words.formula(method, own)) for part in parts), method
    assert "of the rating before" not in "\n".join(rules_in_words.formula("sudden_loss", PLAIN))


def test_what_chance_gives_in_one_sentence():
    told = Expected(12, 4.13, 1, 8, 2.26, 200)
    assert rules_in_words.by_chance(told) == (
        "12 falls found; 4.1 expected from chance order, 2.3 in steady cases with the same noise."
    )
    assert rules_in_words.by_chance(told._replace(found=1)).startswith("1 fall found; ")
    why = rules_in_words.why_by_chance(told, PLAIN)
    for part in ("200 orders:", "between 1 and 8", "As many or more do not mean that nothing happened"):
        assert part in why
    assert "fewer than usual" not in why
    assert "40 orders (fewer than usual" in rules_in_words.why_by_chance(told._replace(shuffles=40), PLAIN)


def test_the_rule_stays_in_the_folded_part_with_its_numbers():
    text = sentences.rule(EPISODE, PLAIN)
    for part in ["80.0", "62.0", "18.0", "2.00 σ", "σ = 9.0", "2.3", "75%", "3 rated sessions"]:
        assert part in text, part
    assert "nan" not in sentences.rule(MARKER, PLAIN)


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"kind": "withdrawal"}, "not be being said"),
        ({"kind": "confrontation"}, "complaint"),
        ({"facets_fallen": "task"}, "the way we work"),
        ({"facets_fallen": "goal;task"}, "that session"),
        ({"facets_fallen": ""}, "that session"),
        ({"facet": "goal", "facets_fallen": "goal;task"}, "what matters most"),
    ],
)
def test_the_question_fits_the_kind_then_the_facet(changes, part):
    text = sentences.question(EPISODE | changes)
    assert part in text
    assert text.endswith("?")


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "6–8 repaired, stronger"),
        ({"outcome": "repaired"}, "6–8 repaired"),
        ({"outcome": "open", "repair_session": None}, "since 6: open"),
        ({"outcome": "unrepaired", "repair_session": None}, "since 6: not repaired"),
    ],
)
def test_the_name_on_a_band(changes, name):
    assert sentences.episode_name(EPISODE | changes) == name


@pytest.mark.parametrize(
    ("value", "text"), [(18.4, "18 points"), (1.2, "1 point"), (-7.6, "8 points"), (0.2, "0 points")]
)
def test_sizes_are_whole_points(value, text):
    assert sentences.points(value) == text


@pytest.mark.parametrize(("value", "text"), [(5.6, "+6"), (-6.2, "−6"), (0.3, "0"), (-0.3, "0")])
def test_gaps_have_their_sign(value, text):
    assert sentences.signed(value) == text


def line(reason, **more):
    return {"reason": reason, "rater": "client", "session": 9, "size": 12.0, "error": 8.0, "count": 3} | more


def test_agenda_lines():
    missing = sentences.agenda_sentence(line("missing ratings"), None, PLAIN)
    assert "No form from the client since session 9" in missing
    never = sentences.agenda_sentence(line("missing ratings", session=None), None, PLAIN)
    assert "session" not in never.split("(")[0]
    flat = sentences.agenda_sentence(line("flat at ceiling", count=4), None, PLAIN)
    assert flat.startswith("4 rated sessions in a row at the very top mark")
    slow = sentences.agenda_sentence(line("falling slowly", size=14.4, error=11.0, count=12), None, PLAIN)
    for part in (
        "bit by bit, by 14 points over the 12 usual ratings",
        "no single session",
        "more than 11 points",
    ):
        assert part in slow
    up = sentences.agenda_sentence(line("widening gap"), None, PLAIN)
    down = sentences.agenda_sentence(line("widening gap", size=-12.0), None, PLAIN)
    assert "12 points from session 9" in up
    assert "12 points from session 9" in down
    assert "higher" in up
    assert "lower" in down
    for reason in ("open episode", "unrepaired", "blind spot"):
        text = sentences.agenda_sentence(line(reason), EPISODE, PLAIN)
        assert "fell 18 points" in text
        assert not FORBIDDEN.search(text)
    for text in (missing, never, flat, up, down):
        assert not FORBIDDEN.search(text)


@pytest.mark.parametrize(
    ("gap", "part"),
    [
        (-6.2, "−6 points"),
        (4.0, "+4 points"),
        (0.2, "0 points"),
        (float("nan"), "no usual gap"),
        (None, "no usual gap"),
    ],
)
def test_the_usual_gap(gap, part):
    text = sentences.usual_gap(gap, 3, PLAIN)
    assert part in text
    assert not FORBIDDEN.search(text)


def test_two_pairs_make_no_usual_gap():
    text = sentences.usual_gap(-10, 2, PLAIN)
    assert "Too few sessions" in text
    assert "as is common" not in text


@pytest.mark.parametrize(
    ("gaps", "told", "untold"),
    [
        ([None], ["no gap"], ["Mean"]),
        ([-10, None], ["One session", "−10 points", "from 3 on"], ["Mean"]),
        ([-10, 4], ["2 sessions", "−10 and +4 points"], ["Mean"]),
        ([-10, 4, -6], ["Mean gap −4 points, mean size 7 points", "2 of 3", "from 6"], ["lies"]),
        ([-4] * 6, ["6 of 6", "between −6 and −2 (95 % interval)"], ["from 6"]),
    ],
)
def test_the_gap_of_a_case_says_as_much_as_its_pairs_allow(gaps, told, untold):
    interval = {"gap_low": -6.0, "gap_high": -2.0} if len(gaps) == 6 else {"gap_low": None, "gap_high": None}
    means = {3: (-4.0, 20 / 3), 6: (-4.0, 4.0)}.get(len(gaps), (None, None))
    case = {"mean_gap": means[0], "mean_abs_gap": means[1], **interval}
    text = sentences.gap_of_case(case, pd.Series(gaps, dtype=float), PLAIN)
    assert all(part in text for part in told)
    assert not any(part in text for part in untold)
    assert not FORBIDDEN.search(text)


def test_recognised_is_a_count_with_its_interval():
    text = sentences.recognised(3, 6, 0.1876, 0.8124)
    assert "3 of 6" in text
    assert "19%" in text
    assert "81%" in text
    assert "nothing can be said" in sentences.recognised(0, 0, 0, 1)


def test_words_for_the_pair():
    assert TERMS.of("client") == "client"
    assert TERMS.of("observer") == "observer"


def test_markers_of_sessions_without_a_form_are_told_with_their_session():
    markers = [
        {"session": 40, "kind": "confrontation", "marker": "defends self"},
        {"session": 14, "kind": "withdrawal", "marker": None},
        {"session": 40, "kind": "withdrawal", "marker": "denial"},
    ]
    assert sentences.recorded_beyond(markers) == (
        "Recorded for sessions that are not drawn, because no form was read: session 14: withdrawal; "
        "session 40: confrontation (defends self) and withdrawal (denial)."
    )
    assert sentences.recorded_beyond([]) == ""
