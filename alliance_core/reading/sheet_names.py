"""A sheet's name as the id of a practitioner or a case, or as whose ratings it holds: only where it is plainly one."""

from __future__ import annotations

import re
from collections.abc import Callable

from alliance_core.reading import wordings
from alliance_core.reading.cells import rater_of, tidy

_CODE = re.compile(r"([^\W\d_]{1,4})[-_ .]?\d{1,6}")  # P07, C-017
_WORD_FIRST = re.compile(r"([^\W\d_]{3,})[\s:_-]+(\S.*)")  # Therapist P07
_CODE_FIRST = re.compile(r"([^\W\d_]{1,4}[-_ .]?\d{1,6})[\s:_-]+([^\d]+)")  # P07 client
_YEAR = re.compile(r"(?:19|20)\d\d")
_OTHER = {"practitioner": "client", "client": "practitioner"}


def id_in(name: str, field: str) -> str:
    """The practitioner's or client's id that a sheet's (or file's) name is; "" where that is not plain.

    >>> id_in("P07", "practitioner"), id_in("Client C-017", "client"), id_in("Sheet1", "client"), id_in("C-1", "practitioner")
    ('P07', 'C-017', '', '')
    """
    text = _of_one_rater(tidy(name))[0]
    spoken = _WORD_FIRST.fullmatch(text)
    if spoken and _means(spoken.group(1), field):
        rest = wordings.words(spoken.group(2))
        general = wordings.single_words("raters", "beside")
        return spoken.group(2) if rest and not any(word in general for word in rest) else ""
    code = _CODE.fullmatch(text)
    if not code or _means(code.group(1), _OTHER[field]):
        return ""
    before = wordings.key(code.group(1))
    no_id = before in wordings.known("sheet_names", "no_id") or before in wordings.known("raters", "beside")
    return "" if no_id or before[0] in wordings.months() else text


def rater_in(name: str, says: Callable[[str], str | None] = rater_of) -> str | None:
    """Whose ratings a sheet (or file) of this name holds; None where the name does not say it. `says`: of a word.

    A name that is an id says nothing of the rater, but for a year.

    >>> rater_in("Client ratings"), rater_in("C-017"), rater_in("Client C-017"), rater_in("Clients 2025")
    ('client', None, None, 'client')
    >>> rater_in("P07 client ratings"), rater_in("C-017 therapist"), rater_in("P07 ratings")
    ('client', 'practitioner', None)
    """
    if rater := _of_one_rater(tidy(name), says)[1]:
        return rater
    found = says(name)
    ids = [id_in(name, field) for field in _OTHER]
    return found if not any(ids) or any(_YEAR.fullmatch(one) for one in ids) else None


def _of_one_rater(text: str, says: Callable[[str], str | None] = rater_of) -> tuple[str, str]:
    """A code and whose ratings these are, where a name says both; else the name, and "".

    >>> _of_one_rater("P07 client ratings"), _of_one_rater("C-017_T"), _of_one_rater("P07 spring")
    (('P07', 'client'), ('C-017', 'practitioner'), ('P07 spring', ''))
    """
    both = _CODE_FIRST.fullmatch(text)
    rater = says(both.group(2)) if both and _CODE.fullmatch(both.group(1)) else None
    return (both.group(1), rater) if both and rater else (text, "")


def _means(word: str, field: str) -> bool:
    key = wordings.key(word)
    return key in wordings.known("headers", field) or key in wordings.known("raters", field)
