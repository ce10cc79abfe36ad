"""What columns may hold, with unknown headers too: proposals for a question, each with its reason and example values."""

from __future__ import annotations

from typing import NamedTuple

from alliance_core.reading import by_values, wordings
from alliance_core.reading.by_values import Guessed, Seen
from alliance_core.reading.choices import ReadingChoices, comparable
from alliance_core.reading.finding import LOOK_AT_ROWS, find_headers
from alliance_core.reading.headers import Meaning, meaning_of, of_one_session, parse_meaning
from alliance_core.reading.layouts import plan_for
from alliance_core.reading.mapping import as_read, headed, labels, mapping_for, numbered
from alliance_core.reading.sheets import Cells, Sheet
from alliance_core.reading.survey import further_rows, texts_of
from alliance_core.tables import MAX_ITEMS, RATERS, SCALES

EXAMPLES = 10  # example values that a question shows
HEAD_ROWS = 2000  # rows that a guess or a preview looks at
_WIDE = 0.9  # a row of headers is filled at least so widely, measured by the widest row


class Guess(NamedTuple):
    """One column: its label, what it seems to hold ("ignore": nothing that is known), why, and example values.

    `leader`: the first of the columns whose labels differ from this one's by a number only, which is `number` (0: none).
    `beneath`: what stands below the label in further rows of headers.
    """

    at: int
    label: str
    meaning: str
    reason: str
    examples: tuple[str, ...]
    leader: int
    number: int = 0
    beneath: str = ""


def head(sheet: Sheet) -> Sheet:
    """The sheet's first rows."""
    if sheet.height <= HEAD_ROWS:
        return sheet
    columns = tuple(Cells(one.codes[:HEAD_ROWS], one.kinds, one.values) for one in sheet.columns)
    return Sheet(**{**sheet.__dict__, "height": HEAD_ROWS, "columns": columns})


def header_rows(sheet: Sheet, choices: ReadingChoices) -> tuple[int, int]:
    """The row, from 0 within the sheet's cells, that seems to hold the headers, and how many rows from there on do.

    That of a mapping; the recognised one; else the first that is filled nearly as widely as any, with text in all its cells.
    """
    mapped = mapping_for(sheet, choices)
    if mapped:
        return mapped.row, mapped.own.header_rows or 1 + further_rows(sheet, mapped.row)
    found = find_headers(sheet, choices.stated_meanings())
    if found:
        return found.row, 1 + found.below
    rows = range(min(sheet.height, LOOK_AT_ROWS))
    widths = [len(headed(sheet, row)) for row in rows]
    wide = [row for row in rows if widths[row] >= _WIDE * max(widths, default=0)]
    row = next((row for row in wide if _only_text(sheet, row)), wide[0] if wide else 0)
    return row, 1 + further_rows(sheet, row)


def header_row(sheet: Sheet, choices: ReadingChoices) -> int:
    """The first of `header_rows`."""
    return header_rows(sheet, choices)[0]


def _only_text(sheet: Sheet, row: int) -> bool:
    return all(cells.kinds[int(cells.codes[row])] in "te" for cells in sheet.columns)


def examples(sheet: Sheet, row: int, at: int) -> tuple[str, ...]:
    """Up to ten different values below a row, in the order in which they come."""
    cells = sheet.columns[at]
    codes = cells.codes[row + 1 : row + 1 + HEAD_ROWS]
    shown = cells.shown()
    return tuple(shown[int(code)] for code in dict.fromkeys(codes.tolist()) if shown[int(code)])[:EXAMPLES]


def guesses(sheet: Sheet, row: int, choices: ReadingChoices, rows: int = 1) -> list[Guess]:
    """What each column seems to hold, as a mapping or its header says, else by its values below `rows` rows of headers."""
    names = labels(sheet, row)
    last = min(row + rows, sheet.height) - 1
    found = _by_header(sheet, row, names, choices)
    numbers = numbered(names)
    columns = [Cells(one.codes[last + 1 :], one.kinds, one.values) for one in head(sheet).columns]
    seen = Seen(sheet, columns, numbers, choices)
    for guess in by_values.GUESSES:
        taken = {meaning for meaning, _ in found.values()}
        found |= guess(seen, seen.free(found), taken)
    first: dict[str, int] = {}
    for at, (stem, _) in numbers.items():
        first.setdefault(stem, at)
    further = [texts_of(sheet, one) for one in range(row + 1, last + 1)]
    return [
        Guess(
            at,
            name,
            *found.get(at, ("ignore", "nothing tells what it holds")),
            examples(sheet, last, at),
            first[numbers[at][0]] if at in numbers else at,
            numbers[at][1] if at in numbers else 0,
            " / ".join(texts[at] for texts in further if texts[at]),
        )
        for at, name in enumerate(names)
    ]


def _by_header(sheet: Sheet, row: int, names: tuple[str, ...], choices: ReadingChoices) -> Guessed:
    """What a mapping says, or reading would take a column for, or its header alone says."""
    mapped = mapping_for(sheet, choices)
    said = mapped.own.columns if mapped and mapped.row == row else {}
    stated = choices.stated_meanings()
    found = None if mapped else find_headers(sheet, stated)
    plan = plan_for(found, stated) if found and found.row == row else None
    read = as_read(found, plan) if found and plan else {}
    result: Guessed = {}
    for at, name in enumerate(names):
        meaning = read.get(at) or stated.get(comparable(name)) or meaning_of(name)
        if name in said:
            result[at] = (said[name], "as you said")
        elif meaning and (at in read or not plan or not meaning.item):
            result[at] = (str(meaning), "its header says so")
    return result


def unknown_raters(sheet: Sheet, row: int, at: int, choices: ReadingChoices) -> tuple[str, ...]:
    """Words of a column of raters that do not say whose rating it is; up to ten."""
    cells = head(sheet).columns[at]
    texts = by_values.texts(Cells(cells.codes[row + 1 :], cells.kinds, cells.values), "tn")
    return tuple(text for text in texts if choices.rater_of(text) is None)[:EXAMPLES]


def apart(meaning: str) -> tuple[str, int]:
    """What a column holds, and of which session where it is one session's; else 0.

    >>> apart("session 3 client goal"), apart("session")
    (('client goal', 3), ('session', 0))
    """
    parsed = parse_meaning(meaning)
    return (str(parsed._replace(session=0)), parsed.session) if parsed else (meaning, 0)


def has_sessions(meaning: str) -> bool:
    """Whether there can be a column of it for each session."""
    parsed = parse_meaning(meaning)
    return parsed is not None and of_one_session(parsed)


def of_session(meaning: str, session: int) -> str:
    """The meaning for one session; the meaning itself for session 0, or where there can be no column a session."""
    parsed = parse_meaning(meaning)
    return str(parsed._replace(session=session)) if parsed and of_one_session(parsed) else meaning


def meanings() -> tuple[str, ...]:
    """Everything that a column may be said to hold in a mapping, the common ones first; sessions apart."""
    items = [f"item {number}" for number in range(1, MAX_ITEMS + 1)]
    keys = ("ignore", "practitioner", "client", "session", "date", "rater", "instrument")
    answered = str(Meaning("answered"))
    own = (*SCALES, *items, answered)
    sided = [f"{rater} {one}" for rater in RATERS for one in (*own, "instrument")]
    named = [str(Meaning(name)) for name in wordings.names("headers")]
    return tuple(dict.fromkeys((*keys, *own, *sided, *named)))
