"""What reading says, with the words that a team has for the pair. What it quotes from the workbooks stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from alliance_core.reading.layouts import LAYOUTS
from alliance_core.tables import RATERS, Question, Ratings
from alliance_core.terms import TERMS, Terms

# What a workbook may hold is told as it is recognised there.
_OF_FILES = (
    *(layout.looks_like for layout in LAYOUTS),
    "(client, therapist)",
    "Client ratings",
    "client, practitioner (or therapist), or observer",
)


def in_terms(ratings: Ratings, problems: pd.DataFrame, terms: Terms) -> tuple[Ratings, pd.DataFrame]:
    """The same questions, problems (PROBLEMS) and words on what was recognised, in other terms. Ids, ratings and codes are untouched."""
    if terms == TERMS:
        return ratings, problems
    questions = tuple(_asked(question, terms) for question in ratings.questions)
    sheets = ratings.recognised
    named = zip(sheets["reason"], sheets["file"], sheets["sheet"], strict=True)
    told = sheets.assign(
        raters=_texts(_own(words, terms) for words in sheets["raters"]),
        reason=_texts(_own(words, terms, file, sheet) for words, file, sheet in named),
        columns=_texts(_columns(words, terms) for words in sheets["columns"]),
    )
    return replace(ratings, questions=questions, recognised=told), _problems(problems, terms)


def _texts(words: Iterable[object]) -> pd.Series:
    return pd.Series(list(words), dtype="str")


def _problems(problems: pd.DataFrame, terms: Terms) -> pd.DataFrame:
    """Messages that name one of the pair are worded anew."""
    here = problems["message"].str.contains("client|practitioner", case=False, na=False).to_numpy(bool)
    lines = problems.loc[here, ["message", "file", "sheet", "column", "value"]].astype(object)
    told = {line: _own(line[0], terms, *line[1:]) for line in set(lines.itertuples(index=False, name=None))}
    messages = problems["message"].astype(object).to_numpy(copy=True)
    messages[here] = [told[line] for line in lines.itertuples(index=False, name=None)]
    return problems.assign(message=_texts(messages).array)


def _own(words: object, terms: Terms, *quoted: object) -> object:
    """The words in these terms, but for what is quoted."""
    if not isinstance(words, str):
        return words
    return terms.termed_around(words, [*_OF_FILES, *(one for one in quoted if isinstance(one, str) and one)])


def _columns(words: object, terms: Terms) -> object:
    """ "Klient: client; Ziel T: practitioner goal": what stands before a colon is the workbook's own."""
    if not isinstance(words, str):
        return words
    parts = [part.rpartition(": ") for part in words.split("; ")]
    return "; ".join(f"{head}{colon}{terms.termed(tail) if colon else tail}" for head, colon, tail in parts)


def _asked(question: Question, terms: Terms) -> Question:
    quoted = (question.file, question.sheet, question.column, *question.examples)
    # Candidates are the workbook's own headers, or, where it is asked whose ratings these are, the pair.
    whose = question.candidates == RATERS
    return replace(
        question,
        words=terms.termed_around(question.words, [*quoted, *(() if whose else question.candidates)]),
        candidates=tuple(map(terms.of, question.candidates)) if whose else question.candidates,
    )
