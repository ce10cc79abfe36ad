"""How what is unclear can be answered, in the words of where it is read: on a page, or on the command line.

Reading does not know who reads its sentences, so they name both ways. Each such phrase stands here with the words
that are left of it in either place.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, NamedTuple

import pandas as pd

from alliance_core.tables import Question, Ratings

Place = Literal["page", "command line"]


class _Phrase(NamedTuple):
    """A phrase as reading writes it, and what is said instead on a page and on the command line."""

    written: str
    page: str
    command_line: str


_PHRASES = (
    _Phrase("(--instrument, or on the page)", "on this page", "(--instrument)"),
    _Phrase(": --range MIN:MAX, or on the page;", " on this page;", ": --range MIN:MAX;"),
    _Phrase(" (MIN:MAX)?", "?", " (--range MIN:MAX)?"),
    _Phrase(" ([raters] in a profile, or on the page)", "", " ([raters] in a profile)"),
    _Phrase(
        ' date_order = "dmy" or "mdy" in a profile, or on the page',
        " day first or month first, on this page",
        ' date_order = "dmy" or "mdy" in a profile',
    ),
    _Phrase(
        " date_order in a profile, or on the page",
        " day first or month first, on this page",
        " date_order in a profile",
    ),
    _Phrase(" the day (dmy) or the month (mdy)?", " the day or the month?", " the day (dmy) or the month (mdy)?"),
    _Phrase(" (in a profile, or on the page)", "", " in a profile"),
    _Phrase(
        "or say in a profile which one to leave (meaning: ignore)",
        "or say on this page which one is not used",
        "or say in a profile which one to leave (meaning: ignore)",
    ),
    _Phrase(
        "or say on the page, or in a profile, what the column holds",
        "or say on this page what the column holds",
        "or say in a profile what the column holds",
    ),
    _Phrase(
        "or map your own header in a profile",
        "or say on this page what your own header holds",
        "or map your own header in a profile",
    ),
    _Phrase(
        ", or let this page replace them by pseudonyms",
        ", or let this page replace them by pseudonyms",
        ", or bring it in on the page, which can replace them by pseudonyms",
    ),
)  # fmt: skip
_ANSWERS = {"dmy": "day first", "mdy": "month first"}  # candidates as a page calls them


def in_place(text: str, place: Place) -> str:
    """A sentence in the words of one place.

    >>> in_place("State it: --range MIN:MAX, or on the page; or name the instrument.", "page")
    'State it on this page; or name the instrument.'
    """
    for phrase in _PHRASES:
        text = text.replace(phrase.written, phrase.page if place == "page" else phrase.command_line)
    return text


def worded(ratings: Ratings, problems: pd.DataFrame, place: Place) -> tuple[Ratings, pd.DataFrame]:
    """The same questions and problems (PROBLEMS) in the words of one place."""
    codes, messages = pd.factorize(problems["message"])
    told = pd.array([in_place(message, place) for message in messages], dtype="str")
    questions = tuple(_asked(question, place) for question in ratings.questions)
    return replace(ratings, questions=questions), problems.assign(message=told.take(codes, allow_fill=True))


def _asked(question: Question, place: Place) -> Question:
    candidates = question.candidates
    if place == "page":
        candidates = tuple(_ANSWERS.get(one, one) for one in candidates)
    return replace(question, words=in_place(question.words, place), candidates=candidates)
