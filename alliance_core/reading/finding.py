"""Which row holds the headers, and what each of them means."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from itertools import groupby

import numpy as np

from alliance_core.instruments import instruments
from alliance_core.reading import session_columns, wordings
from alliance_core.reading.cells import BLANK, GOOD, rater_of
from alliance_core.reading.dates import AMBIGUOUS, dates
from alliance_core.reading.headers import Meaning, meaning_of
from alliance_core.reading.plans import Found, found_headers, is_rating
from alliance_core.reading.sheets import Cells, Sheet
from alliance_core.reading.survey import asked, survey_headers, texts_of, two_rows, with_recorded_day

LOOK_AT_ROWS = 40  # the header row is looked for in these
MIN_HEADERS = 2  # fewer recognised headers do not make a header row
_MOSTLY = 0.9  # share of a column's filled cells that must be days
MIN_BARE_ITEMS = 4  # headers 1, 2, 3, 4 … count as items from here on
_PART = re.compile(r"(.+?)\s*\[[^\[\]]+\]")
_LEADING = re.compile(r"(\d{1,2})(?:$|[.):]\s*\D)")


def _meanings(headers: list[str], meaning: Callable[[str], Meaning | None]) -> list[Meaning | None]:
    found = [meaning(header) if header else None for header in headers]
    if any(m and is_rating(m) for m in found):
        return found
    for run in _numbered_on(headers, found) or [_parts_of_a_question(headers, found)]:
        for number, column in enumerate(run, 1):
            found[column] = Meaning(f"item_{number}")
    return found


def _numbered_on(headers: list[str], found: list[Meaning | None]) -> list[list[int]]:
    """Neighbouring columns headed 1, 2, 3 … and nothing else; or "1. …", as many as an instrument has items."""
    runs: list[list[int]] = []
    for column, header in enumerate(headers):
        leading = _LEADING.match(header) if found[column] is None else None
        if leading and runs and runs[-1] == list(range(column + 1 - int(leading.group(1)), column)):
            runs[-1].append(column)
        elif leading and leading.group(1) == "1":
            runs.append([column])
    return [run for run in runs if len(run) in _lengths() or _bare([headers[at] for at in run])]


def _bare(headers: list[str]) -> bool:
    return len(headers) >= MIN_BARE_ITEMS and all(map(str.isdecimal, headers))


def _lengths() -> set[int]:
    return {one.items for one in instruments().values() if one.items}


def _parts_of_a_question(headers: list[str], found: list[Meaning | None]) -> list[int]:
    """Neighbouring columns headed by one question and, in brackets, its parts: as many as an instrument has items."""
    parts = [_PART.fullmatch(header) if not found[at] else None for at, header in enumerate(headers)]
    for stem, run in groupby(range(len(headers)), lambda at: part.group(1) if (part := parts[at]) else ""):
        columns = list(run)
        if stem and len(columns) in _lengths():
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


def _days_apart(sheet: Sheet, row: int, meanings: list[Meaning | None]) -> list[Meaning | None]:
    """The meanings; of two columns for the session, the one that holds days is the date: Session no. and Appointment."""
    both = [at for at, meaning in enumerate(meanings) if meaning == Meaning("session")]
    if len(both) != 2 or Meaning("date") in meanings:
        return meanings
    days = [at for at in both if _holds_days(sheet.columns[at].part(row + 1))]
    date = days[0] if len(days) == 1 else None
    return [Meaning("date") if at == date else meaning for at, meaning in enumerate(meanings)]


def _said_again(sheet: Sheet, row: int, meanings: list[Meaning | None]) -> list[Meaning | None]:
    """The meanings; a further column for the session, say, that holds the same in all rows tells nothing more."""
    first: dict[Meaning, int] = {}
    result = list(meanings)
    for at, meaning in enumerate(meanings):
        if meaning is None or is_rating(meaning) or (other := first.setdefault(meaning, at)) == at:
            continue
        if _below(sheet, row, other) == _below(sheet, row, at):
            result[at] = Meaning("ignore")
    return result


def _below(sheet: Sheet, row: int, at: int) -> list[str]:
    """What stands below the headers in one column."""
    cells = sheet.columns[at].part(row + 1)
    shown = cells.shown()
    return [shown[code] for code in cells.codes.tolist()]


def _holds_days(cells: Cells) -> bool:
    """Whether a column holds days, and hardly anything else."""
    states = dates(cells, None, False).read.states[cells.codes]
    days, filled = np.isin(states, (GOOD, AMBIGUOUS)).sum(), (states != BLANK).sum()
    return bool(days and days >= _MOSTLY * filled)


def find_headers(sheet: Sheet, stated: Mapping[tuple[str, ...], Meaning]) -> Found | None:
    """The row with the most recognised headers among the first rows, the upper one of equals.

    `stated` are the user's own meanings, by the header's comparable key. None where no row has enough.
    """
    survey = survey_headers(sheet, stated)
    if survey:
        return survey
    best: tuple[int, int, list[str], list[Meaning | None]] | None = None
    above: list[str] = []
    meaning = cache(
        partial(_meaning, stated=stated)
    )  # below the headers the same few answers stand again and again
    for row in range(min(sheet.height, LOOK_AT_ROWS)):
        own = texts_of(sheet, row)
        for headers in (own, _merged_down(above, own)):
            meanings = _under_groups(sheet, row, _meanings(headers, meaning))
            sessions = any(session_columns.session_in(header) for header in headers)
            count = len({m for m in meanings if m}) + sessions
            if count >= MIN_HEADERS and (best is None or count > best[0]):
                best = (count, row, headers, meanings)
        above = own
    if best is None:
        return None
    _, row, headers, meanings = best
    meanings = _days_apart(sheet, row, with_recorded_day(headers, meanings))
    meanings = _said_again(sheet, row, meanings)
    found = found_headers(sheet, row, headers, meanings)
    return two_rows(found, stated) or found
