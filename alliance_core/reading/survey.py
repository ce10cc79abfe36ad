"""Exports of survey tools: names, question texts and perhaps ids stand in two or three rows above the answers.

Names such as Q4_1 say which columns belong together; what a column is about is said by its question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

from alliance_core.instruments import instruments
from alliance_core.reading import wordings
from alliance_core.reading.cells import is_blank_word, one_line, to_number
from alliance_core.reading.headers import Meaning, meaning_of
from alliance_core.reading.plans import Found, found_headers, is_rating
from alliance_core.reading.sheets import Sheet, show

LOOK_AT_ROWS = 20  # the ids are looked for in these
MIN_OWN = 3  # of the columns that survey tools add by themselves, so many show that it is such an export
MIN_ITEMS = 4  # columns that belong together make a block of items from here on
_IMPORT_ID = re.compile(r"\{\s*['\"]?ImportId", re.IGNORECASE)
_NUMBERED = re.compile(r"(.*?)(\d+)")


def survey_headers(sheet: Sheet, stated: Mapping[tuple[str, ...], Meaning]) -> Found | None:
    """The headers of a survey tool's export; None where the sheet is none. `stated`: the user's own meanings."""
    ids = next((row for row in range(min(sheet.height, LOOK_AT_ROWS)) if _has_ids(sheet, row)), None)
    if not ids:
        return None
    names = texts_of(sheet, max(0, ids - 2))
    questions = texts_of(sheet, ids - 1)
    meanings = _meanings(names, questions, stated)
    return found_headers(sheet, max(0, ids - 2), names, meanings, below=min(2, ids))


def two_rows(found: Found, stated: Mapping[tuple[str, ...], Meaning]) -> Found | None:
    """The same headers with question texts below them; None where the next row is no such row.

    Questions differ from column to column and stand nowhere else; answers do neither.
    """
    sheet, row = found.sheet, found.row + 1
    if row + 1 >= sheet.height:
        return None
    questions = texts_of(sheet, row)
    asked = [at for at, text in enumerate(questions) if text]
    if len({questions[at] for at in asked}) < len(asked):
        return None
    ratings = [at for at in asked if _NUMBERED.fullmatch(found.headers[at])]
    if len(ratings) < MIN_ITEMS or not all(_only_here(sheet, at, row) for at in ratings):
        return None
    meanings = _meanings(list(found.headers), questions, stated)
    return found_headers(sheet, found.row, list(found.headers), meanings, below=1)


def further_rows(sheet: Sheet, row: int) -> int:
    """How many rows below one of headers are headers too: ids, or the texts of questions above numbers."""
    for ids in range(row + 1, min(row + 3, sheet.height)):
        if _has_ids(sheet, ids):
            return ids - row
    if row + 2 >= sheet.height:
        return 0
    below = [at for at, text in enumerate(texts_of(sheet, row + 1)) if text]
    questions = [at for at in below if _only_here(sheet, at, row + 1) and _numbers(sheet, at, row + 2)]
    return int(len(questions) >= MIN_ITEMS and 2 * len(questions) > len(below))


def _numbers(sheet: Sheet, at: int, first: int) -> bool:
    """Whether a column holds only numbers from a row on."""
    part = sheet.columns[at].part(first)
    pairs = [(kind, value) for kind, value in zip(part.kinds, part.values, strict=True) if kind != "e"]
    return bool(pairs) and all(
        kind == "n" or (kind == "t" and to_number(value) is not None) for kind, value in pairs
    )


def _only_here(sheet: Sheet, at: int, row: int) -> bool:
    cells = sheet.columns[at]
    code = int(cells.codes[row])
    text = cells.values[code]
    plain = cells.kinds[code] == "t" and to_number(text) is None and not is_blank_word(text)
    return plain and len(wordings.words(text)) > 1 and int((cells.codes == code).sum()) == 1


def _has_ids(sheet: Sheet, row: int) -> bool:
    return any(_IMPORT_ID.match(text) for text in texts_of(sheet, row))


def texts_of(sheet: Sheet, row: int) -> list[str]:
    """The texts of one row, one a column."""
    found: list[str] = []
    for cells in sheet.columns:
        code = int(cells.codes[row])
        found.append(one_line(show(cells.kinds[code], cells.values[code])))
    return found


def _meanings(
    names: Sequence[str], questions: Sequence[str], stated: Mapping[tuple[str, ...], Meaning]
) -> list[Meaning | None]:
    keys = [_key(name, question, stated) for name, question in zip(names, questions, strict=True)]
    keys = with_recorded_day(names, keys)
    for column, meaning in _items(names, keys):
        keys[column] = meaning
    return keys


def with_recorded_day(names: Sequence[str], meanings: Sequence[Meaning | None]) -> list[Meaning | None]:
    """The meanings; where no column is the date, the day on which a form was filled in is."""
    keys = [wordings.key(name) for name in names]
    recorded = wordings.known("survey", "recorded")
    at = next((i for i, key in enumerate(keys) if key in recorded and not meanings[i]), None)
    if at is None and sum(map(tool_s_own, names)) >= MIN_OWN:
        ended = wordings.known("survey", "ended")
        at = next((i for i, key in enumerate(keys) if key in ended), None)
    if at is None or Meaning("date") in meanings:
        return list(meanings)
    return [*meanings[:at], Meaning("date"), *meanings[at + 1 :]]


def tool_s_own(name: str) -> bool:
    """Whether a survey tool adds a column of this name by itself."""
    return wordings.key(name) in wordings.known("survey", "own")


def _key(name: str, question: str, stated: Mapping[tuple[str, ...], Meaning]) -> Meaning | None:
    """What a column that is no item means: as the user says, else as its name says, else as its question says."""
    said = stated.get(wordings.key(name)) or stated.get(wordings.key(question))
    if said or tool_s_own(name) or wordings.key(name) in wordings.known("survey", "recorded"):
        return said
    by_name = meaning_of(name)
    if by_name and not (by_name.item and not by_name.rater):
        return by_name
    return asked(question)


def asked(question: str) -> Meaning | None:
    """What a question asks for, other than a rating.

    >>> asked("Which session was this?"), asked("Are you the client or the therapist?")
    (Meaning(field='session', rater='', session=0), Meaning(field='rater', rater='', session=0))
    """
    found = meaning_of(question) or meaning_of(" ".join(_bare(question)))
    return found if found and not is_rating(found) else _rater(question)


def _bare(question: str) -> list[str]:
    """The words of a question that say what it is about."""
    asking = wordings.single_words("survey", "asking")
    return [word for word in wordings.words(question) if word not in asking]


def _rater(question: str) -> Meaning | None:
    """Are you the client or the therapist?"""
    about = [wordings.lookup("raters").get((word,)) for word in _bare(question)]
    return Meaning("rater") if set(about) == {"client", "practitioner"} else None


def _items(names: Sequence[str], keys: Sequence[Meaning | None]) -> list[tuple[int, Meaning]]:
    """Columns whose names share a stem and are numbered on, where there are as many as an instrument has items."""
    if any(meaning and is_rating(meaning) for meaning in keys):
        return []
    numbered = [
        (match.group(1), at, int(match.group(2)))
        for at, name in enumerate(names)
        if keys[at] is None and (match := _NUMBERED.fullmatch(name))
    ]
    lengths = {one.items for one in instruments().values()}
    found: list[tuple[int, Meaning]] = []
    for _, run in groupby(
        enumerate(numbered), lambda one: (one[1][0], one[1][2] - one[0], one[1][1] - one[0])
    ):
        columns = [column for _, (_, column, _) in run]
        if len(columns) >= MIN_ITEMS and len(columns) in lengths:
            found += [(column, Meaning(f"item_{number}")) for number, column in enumerate(columns, 1)]
    return found
