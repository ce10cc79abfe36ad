"""One column's distinct values, understood: numbers, answers in words, identifiers, sessions, words of a list.

Every function takes `Cells` and gives one value and one state for each *distinct* value; spreading them over
the rows is one indexing by `cells.codes`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliance_core.reading import wordings
from alliance_core.reading.sheets import Cells, show

# what became of a value
GOOD, BLANK, BAD, ERROR_CELL, NO_RESULT = range(5)
_STATES = {"e": BLANK, "x": ERROR_CELL, "f": NO_RESULT}
MAX_WHOLE_ID = 1e15  # a spreadsheet keeps 15 digits; beyond, different ids become the same number
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"
_OUTER = " \t\r\n\u00a0\u202f\u2007\u3000" + _INVISIBLE
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)")
_LETTER = re.compile(r"[A-Za-z0-9]")
_SESSION = re.compile(r"(?:([^\W\d_]+)\W*)?#?\s*(\d{1,6})(?:[.,]0*)?\W*")


class Read(NamedTuple):
    """Per distinct value: what was understood, and its state (GOOD, BLANK, BAD, ERROR_CELL, NO_RESULT)."""

    values: Any
    states: NDArray[np.uint8]

    def spread(self, codes: NDArray[Any]) -> tuple[Any, NDArray[np.uint8]]:
        """The same, one per row."""
        return self.values[codes], self.states[codes]


def tidy(text: str) -> str:
    """Composed Unicode (NFC) without outer spaces, visible or not."""
    return unicodedata.normalize("NFC", text).strip(_OUTER)


def one_line(text: str) -> str:
    """A header as it is shown: tidied, its lines and spaces each one space."""
    return " ".join(tidy(text).split())


def is_blank_word(text: str) -> bool:
    """A word for "not answered", or punctuation alone.

    >>> is_blank_word("n/a"), is_blank_word(" - "), is_blank_word("DNA"), is_blank_word("0")
    (True, True, True, False)
    """
    tokens = wordings.key(text)
    return not tokens or tokens in wordings.known("values", "blank")


def to_number(text: str) -> float | None:
    """A number as people write it: decimal comma or point, full-width digits; None where it is none.

    >>> to_number("3,5"), to_number("４"), to_number("1.234,5"), to_number("3 of 4")
    (3.5, 4.0, None, None)
    """
    plain = unicodedata.normalize("NFKC", text).strip(_OUTER).replace("−", "-")
    return float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else None


def _each(
    cells: Cells, read_one: Callable[[str, Any], tuple[Any, int]]
) -> tuple[list[Any], NDArray[np.uint8]]:
    values: list[Any] = []
    states = np.empty(len(cells.kinds), np.uint8)
    for i, (kind, value) in enumerate(zip(cells.kinds, cells.values, strict=True)):
        known = _STATES.get(kind)
        understood, states[i] = (None, known) if known is not None else read_one(kind, value)
        values.append(understood)
    return values, states


def numbers(cells: Cells, answers: Sequence[str] = (), lowest: float = 1) -> Read:
    """Numbers (float64; NaN where there is none). `answers` are wordings of the marks from `lowest` up."""
    marks = {wordings.words(wording): lowest + i for i, wording in enumerate(answers)}
    marks |= {(f"{mark:g}", *words): mark for words, mark in marks.items()}  # "4 = Very often"

    def one(kind: str, value: Any) -> tuple[float | None, int]:
        if kind == "n":
            return (value, GOOD) if math.isfinite(value) else (None, BAD)
        if kind != "t":
            return None, BAD
        number = to_number(value)
        if number is None:
            number = marks.get(wordings.words(value))
        if number is not None:
            return number, GOOD
        return None, BLANK if is_blank_word(value) else BAD

    values, states = _each(cells, one)
    return Read(np.array([np.nan if v is None else v for v in values], dtype=np.float64), states)


def has_words(cells: Cells) -> bool:
    """Whether any value is text that is no number and no blank: perhaps answers in words."""
    return any(
        kind == "t" and to_number(value) is None and not is_blank_word(value)
        for kind, value in zip(cells.kinds, cells.values, strict=True)
    )


def identifiers(cells: Cells) -> Read:
    """Ids as text: leading zeros kept, outer spaces gone, 7.0 is "7". BAD: a number with more than 15 digits."""

    def one(kind: str, value: Any) -> tuple[str | None, int]:
        if kind == "n":
            return (None, BAD) if not abs(value) < MAX_WHOLE_ID else (show(kind, value), GOOD)
        text = tidy(value if kind in "th" else show(kind, value))
        # "NA" may well be somebody's code; only punctuation is taken as no id
        return (text, GOOD) if _LETTER.search(text) or wordings.words(text) else (None, BLANK)

    values, states = _each(cells, one)
    return Read(pd.array(values, dtype="str"), states)


def sessions(cells: Cells) -> Read:
    """Whole numbers from 1 (float64, NaN where there is none), also written as "Session 3", "S3", "#3"."""
    labels = wordings.single_words("values", "session")

    def one(kind: str, value: Any) -> tuple[float | None, int]:
        number = value if kind == "n" else None
        if kind == "t":
            found = _SESSION.fullmatch(unicodedata.normalize("NFKC", value).strip(_OUTER))
            if found and (not found.group(1) or "".join(wordings.words(found.group(1))) in labels):
                number = float(found.group(2))
            elif is_blank_word(value):
                return None, BLANK
        fits = number is not None and number >= 1 and number == math.floor(number) and number < 1e6
        return (number, GOOD) if fits else (None, BAD)

    values, states = _each(cells, one)
    return Read(np.array([np.nan if v is None else v for v in values], dtype=np.float64), states)


def choice(cells: Cells, options: Callable[[str], str | None]) -> Read:
    """Words of a list, as the list's own names; `options` gives the name for a text, None where there is none."""

    def one(kind: str, value: Any) -> tuple[str | None, int]:
        text = value if kind == "t" else show(kind, value)
        name = options(text)
        if name is not None:
            return name, GOOD
        return None, BLANK if kind == "t" and is_blank_word(text) else BAD

    values, states = _each(cells, one)
    return Read(pd.array(values, dtype="str"), states)


def texts(cells: Cells) -> Read:
    """Free text, tidied; everything is accepted."""
    values, states = _each(
        cells, lambda kind, value: (tidy(value if kind == "t" else show(kind, value)) or None, GOOD)
    )
    return Read(pd.array(values, dtype="str"), states)


def rater_of(text: str) -> str | None:
    """Whose rating a word stands for; None where it stands for none.

    >>> rater_of("Therapist"), rater_of("patient"), rater_of("T"), rater_of("I am the client"), rater_of("both")
    ('practitioner', 'client', 'practitioner', 'client', None)
    """
    found = wordings.lookup("raters").get(wordings.key(text))
    if found is None:
        beside = wordings.single_words("raters", "beside") | wordings.single_words("survey", "answering")
        rest = tuple(
            sorted(word for word in wordings.words(text) if word not in beside and not word.isdecimal())
        )
        found = wordings.lookup("raters").get(rest)
    return found if found != "beside" else None


def is_total_word(text: str) -> bool:
    """Whether a cell in an id's place says that the row is a total or an average."""
    return wordings.key(text) in wordings.known("values", "totals")
