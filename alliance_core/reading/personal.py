"""Columns that say who somebody is: names, dates of birth, telephone and record numbers, e-mail addresses.

Ratings need codes only. A column is warned of by its values; its header helps where values alone could be codes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from alliance_core.reading import wordings
from alliance_core.reading.cells import is_blank_word, is_total_word, tidy
from alliance_core.reading.plans import Found, Plan
from alliance_core.reading.problems import WARNING, Problems
from alliance_core.reading.sheets import Cells, show

IDENTIFYING = ("practitioner", "client", "noted_by", "owner")  # fields whose values may be names
MOST_VALUES = 300  # different values of a column that are looked at; more would say the same
_EARLY = "2010-01-01"  # days before it are no sessions: a column full of them holds dates of birth
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^\W\d_]{2,}")
_PHONE = re.compile(r"(?:\+|00?)[1-9][0-9 ()/.\-]{5,20}")
_DAY = re.compile(r"\d{1,4}[./\- ]\d{1,2}[./\- ]\d{1,4}")
_WORD = r"[^\W\d_]+(?:['’.\-][^\W\d_]*)*"
_NAME = re.compile(rf"{_WORD}(?:,? {_WORD})*")
_RECORD = re.compile(r"(?=(?:\D*\d){5})[\w ./\-]+")
_LONG_NUMBER = re.compile(r"\d{7,15}")
_PSEUDONYM = re.compile(r"[PCX]-[0-9A-F]{8,64}")  # what we put in the place of such values


def personal_columns(found: Found) -> dict[int, str]:
    """From a column's place (from 0) to what it seems to hold: names, dates of birth, telephone numbers, and so on.

    Looked at are columns of ids and columns that no field uses; a column that the user said to ignore is not.
    More than half of its different values have to look so.
    """
    result: dict[int, str] = {}
    for at, (header, meaning) in enumerate(zip(found.headers, found.meanings, strict=True)):
        if meaning is not None and meaning.field not in IDENTIFYING:
            continue
        values = _values(found.sheet.columns[at], found.row + 1)
        kind = _kind(header, values, meaning is not None) if values else ""
        if kind:
            result[at] = kind
    return result


def personal_ids(plan: Plan) -> dict[str, str]:
    """From practitioner or client to what their id seems to be, where a sheet's or file's name is that id."""
    kinds = {field: _kind("", [("t", value)], an_id=True) for field, value in plan.fixed.items()}
    return {field: kind for field, kind in kinds.items() if kind}


def is_a_name(text: str) -> bool:
    """Whether a value looks like somebody's name: words of letters with a capital, not in capitals only."""
    return _name("", text)


def point_out_personal(found: Found, plan: Plan, problems: Problems) -> None:
    """A warning for each such column, at its header, and for a name of a sheet or file that is such an id; no value is quoted."""
    for at, kind in personal_columns(found).items():
        problems.add_sheet(
            WARNING,
            found.sheet,
            "personal_data",
            f"Column {tidy(found.headers[at]) or 'without a header'} seems to hold {kind}. Ratings need codes only, such as C-017: "
            "replace them in your file, or let this page replace them by pseudonyms.",
            (found.row, at),
            found.headers[at],
        )
    for kind in dict.fromkeys(personal_ids(plan).values()):
        problems.add_sheet(
            WARNING,
            found.sheet,
            "personal_data",
            f"The sheet's or file's name seems to hold {kind}. Ratings need codes only, such as C-017: "
            "rename it in your file, or let this page replace them by pseudonyms.",
        )


def _values(cells: Cells, first: int) -> list[tuple[str, str]]:
    """(kind of cell, text) of the different values from a row on, without blanks, words such as total, and pseudonyms."""
    used = np.flatnonzero(np.bincount(cells.codes[first:]))[:MOST_VALUES].tolist()
    shown = [(cells.kinds[code], tidy(show(cells.kinds[code], cells.values[code]))) for code in used]
    return [
        (kind, text)
        for kind, text in shown
        if kind in "tnd"
        and text
        and not (is_blank_word(text) or is_total_word(text) or _PSEUDONYM.fullmatch(text))
    ]


def _kind(header: str, values: Sequence[tuple[str, str]], an_id: bool) -> str:
    said = _said(header)
    texts = [text for kind, text in values if kind in "tn"]
    days = [text for kind, text in values if kind == "d" or _DAY.fullmatch(text)]
    checks = (
        ("e-mail addresses", _most(values, [text for text in texts if _MAIL.fullmatch(text)])),
        (
            "telephone numbers",
            _most(
                values,
                [t for t in texts if not _DAY.fullmatch(t) and (_PHONE.fullmatch(t) or _long(said, t))],
            ),
        ),
        (
            "dates of birth",
            _most(
                values,
                days if said == "dates of birth" else [t for k, t in values if k == "d" and t < _EARLY],
            ),
        ),
        ("record numbers", _most(values, [text for text in texts if _record(said, text, an_id)])),
        (
            "names",
            (an_id or said == "names") and _most(values, [text for text in texts if _name(said, text)]),
        ),
    )
    return next((kind for kind, true in checks if true), "")


def _said(header: str) -> str:
    """What a header by itself would mean; words for a rater in it ("client's e-mail") play no part."""
    tokens = wordings.words(header)
    raters = wordings.lookup("raters")
    known = wordings.lookup("personal")
    rest = tuple(sorted(word for word in tokens if (word,) not in raters and len(word) > 1))
    return known.get(tuple(sorted(tokens))) or known.get(rest, "")


def _most(values: Sequence[tuple[str, str]], fitting: Sequence[str]) -> bool:
    return 2 * len(fitting) > len(values)


def _long(said: str, text: str) -> bool:
    return said == "telephone numbers" and sum(letter.isdigit() for letter in text) >= 5


def _record(said: str, text: str, an_id: bool) -> bool:
    return bool(
        (said == "record numbers" and _RECORD.fullmatch(text)) or (an_id and _LONG_NUMBER.fullmatch(text))
    )


def _name(said: str, text: str) -> bool:
    """Words of letters with a capital, one of them at least not in capitals only; codes have digits or capitals."""
    if not _NAME.fullmatch(text) or len(text) < 3:
        return False
    return said == "names" or (text[0].isupper() and any(letter.islower() for letter in text))
