"""The words of the guide: names as METHODS lists them, everything said in our own words and for any pair."""

import re

from alliance_core.learning.words import words
from alliance_core.sample.model import MARKER_NAMES
from alliance_core.sentences import Terms

# 3RS manual (Eubanks, Muran & Safran 2015): the ten resolution strategies, names only
STRATEGIES = [
    "clarify a misunderstanding",
    "change tasks or goals",
    "illustrate tasks or provide a rationale",
    "invite thoughts and feelings about the practitioner or the work",
    "acknowledge own contribution",
    "disclose own experience of the interaction",
    "link the rupture to larger patterns between client and practitioner",
    "link the rupture to patterns in the client's other relationships",
    "validate the client's defensive posture",
    "respond by redirecting or refocusing",
]


def texts(value):
    """Every text in the words, however deep."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [text for one in value for text in texts(one)] if isinstance(value, list | tuple) else []


def everything(terms=None):
    told = words() if terms is None else words(terms)
    return texts(told.model_dump())


def test_the_signs_are_the_markers_that_can_be_recorded():
    assert {kind.kind: tuple(sign.name for sign in kind.signs) for kind in words().kinds} == MARKER_NAMES


def test_the_ways_to_respond_are_the_strategies_by_name():
    assert [one.name for one in words().responses] == STRATEGIES


def test_each_part_has_signs_of_both():
    assert [part.part for part in words().parts] == ["goal", "task", "bond"]
    assert all(len(part.strong) == len(part.weak) == 3 for part in words().parts)


def test_every_line_is_a_sentence_and_no_name_is_said_twice():
    told = words()
    lines = [sign.looks for kind in told.kinds for sign in kind.signs] + [one.how for one in told.responses]
    lines += [line for part in told.parts for line in (*part.strong, *part.weak)]
    assert len(set(lines)) == len(lines)
    assert all(line[0].isupper() and line.endswith(".") for line in lines)


def test_the_words_fit_any_pair():
    said = " ".join(everything(Terms("student", "teacher")))
    assert "student" in said
    assert "teacher" in said
    assert not re.search(r"\{|\}|therap|patient|treatment|clinic", said)


def test_nothing_in_them_is_a_verdict_or_a_number():
    assert not re.search(r"\d|\brank|\bgrade|\bbest\b|\bworst\b|\bfail|must\b", " ".join(everything()))
