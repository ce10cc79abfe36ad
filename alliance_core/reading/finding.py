"""Which row holds the headers, and what each of them means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby

from alliance_core.instruments import instruments
from alliance_core.reading import session_columns, wordings
from alliance_core.reading.cells import rater_of
from alliance_core.reading.headers import Meaning, meaning_of
from alliance_core.reading.plans import Found, found_headers, is_rating
from alliance_core.reading.sheets import Sheet
from alliance_core.reading.survey import asked, survey_headers, texts_of, two_rows, with_recorded_day

LOOK_AT_ROWS = 40  # the header row is looked for in these
MIN_HEADERS = 2  # fewer recognised headers do not make a header row
MIN_BARE_ITEMS = 4  # headers 1, 2, 3, 4 … count as items from here on


_PART = re.compile(r"(.+?)\s*\[[^\[\]]+\]")


def _meanings(headers: list[str], stated: Mapping[tuple[str, ...], Meaning]) -> list[Meaning | None]:
    found = [_meaning(header, stated) if header else None for header in headers]
    if any(m and is_rating(m) for m in found):
        return found
    run: list[int] = []
    for column, header in enumerate(headers):  # items headed 1, 2, 3 … and nothing else
        if found[column] is None and header == str(len(run) + 1) and (not run or run[-1] == column - 1):
            run.append(column)
    for number, column in enumerate(
        run if len(run) >= MIN_BARE_ITEMS else _parts_of_a_question(headers, found), 1
    ):
        found[column] = Meaning(f"item_{number}")
    return found


def _parts_of_a_question(headers: list[str], found: list[Meaning | None]) -> list[int]:
    """Neighbouring columns headed by one question and, in brackets, its parts: as many as an instrument has items."""
    parts = [_PART.fullmatch(header) if not found[at] else None for at, header in enumerate(headers)]
    lengths = {one.items for one in instruments().values() if one.items}
    for stem, run in groupby(range(len(headers)), lambda at: part.group(1) if (part := parts[at]) else ""):
        columns = list(run)
        if stem and len(columns) in lengths:
            return columns
    return []


def _meaning(header: str, stated: Mapping[tuple[str, ...], Meaning]) -> Meaning | None:
    key = wordings.key(header)
    found = stated.get(key) or meaning_of(header)
    if key in wordings.known("survey", "own") and found == Meaning("rater"):
        return None  # Respondent ID is a number of the tool's
    return found or (asked(header) if "?" in header else None)


def _under_groups(sheet: Sheet, row: int, meanings: list[Meaning | None]) -> list[Meaning | None]:
    """Goal, Task, Bond twice below a row that says Client … Therapist …: the upper row says whose they are."""
    ratings = [m for m in meanings if m and is_rating(m)]
    if row == 0 or len(set(ratings)) == len(ratings):
        return meanings
    result = list(meanings)
    rater = ""
    for column, above in enumerate(texts_of(sheet, row - 1)):
        rater = (rater_of(above) or "") if above else rater  # merged cells hold their text in the first one
        meaning = meanings[column]
        if meaning and rater and not meaning.rater and (is_rating(meaning) or meaning.field == "answered"):
            result[column] = Meaning(meaning.field, rater)
    return result


def _merged_down(above: list[str], headers: list[str]) -> list[str]:
    """A row of headers; where one was merged with the cell above it, or says only Response, that cell's text."""
    nothing = wordings.known("survey", "response")
    return [
        upper if upper and (not header or wordings.key(header) in nothing) else header
        for header, upper in zip(headers, above or headers, strict=True)
    ]


def find_headers(sheet: Sheet, stated: Mapping[tuple[str, ...], Meaning]) -> Found | None:
    """The row with the most recognised headers among the first rows, the upper one of equals.

    `stated` are the user's own meanings, by the header's comparable key. None where no row has enough.
    """
    survey = survey_headers(sheet, stated)
    if survey:
        return survey
    best: tuple[int, int, list[str], list[Meaning | None]] | None = None
    above: list[str] = []
    for row in range(min(sheet.height, LOOK_AT_ROWS)):
        own = texts_of(sheet, row)
        for headers in (own, _merged_down(above, own)):
            meanings = _under_groups(sheet, row, _meanings(headers, stated))
            sessions = any(session_columns.session_in(header) for header in headers)
            count = len({m for m in meanings if m}) + sessions
            if count >= MIN_HEADERS and (best is None or count > best[0]):
                best = (count, row, headers, meanings)
        above = own
    if best is None:
        return None
    _, row, headers, meanings = best
    found = found_headers(sheet, row, headers, with_recorded_day(headers, meanings))
    return two_rows(found, stated) or found
