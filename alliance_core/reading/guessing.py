"""What columns with unknown headers may hold, by their values: proposals for a question, each with its reason."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliance_core.instruments import instruments
from alliance_core.reading.cells import GOOD, is_blank_word, numbers, sessions, to_number
from alliance_core.reading.choices import ReadingChoices, comparable
from alliance_core.reading.dates import AMBIGUOUS, dates
from alliance_core.reading.headers import Meaning, meaning_of
from alliance_core.reading.layouts import LOOK_AT_ROWS, find_headers
from alliance_core.reading.mapping import headed, labels, letters, mapping_for
from alliance_core.reading.sheets import Cells, Sheet
from alliance_core.reading.which_instrument import range_words

EXAMPLES = 10  # example values that a question shows
HEAD_ROWS = 2000  # rows that a guess or a preview looks at
MOST_RATERS = 3  # different words that a column of raters may hold
HIGHEST_MARK = 10  # of answers; a higher number is something else
LONGEST_CASE = 400  # session numbers above it are something else
_ENOUGH = 0.9  # share of the filled cells that must be of a kind
_NEARLY = 0.98  # share of answers that must lie within an instrument's range
_WORDS = {4: "four", 6: "six", 10: "ten", 12: "twelve", 36: "thirty-six"}


class Guess(NamedTuple):
    """One column: its label, what it seems to hold ("ignore": nothing that is known), why, and example values."""

    at: int
    label: str
    meaning: str
    reason: str
    examples: tuple[str, ...]


def head(sheet: Sheet) -> Sheet:
    """The sheet's first rows."""
    if sheet.height <= HEAD_ROWS:
        return sheet
    columns = tuple(Cells(one.codes[:HEAD_ROWS], one.kinds, one.values) for one in sheet.columns)
    return Sheet(**{**sheet.__dict__, "height": HEAD_ROWS, "columns": columns})


def header_row(sheet: Sheet, choices: ReadingChoices) -> int:
    """The row, from 0 within the sheet's cells, that seems to hold the headers.

    That of a mapping; the recognised one; else the first that is filled nearly as widely as any, with text in all its cells.
    """
    mapped = mapping_for(sheet, choices)
    found = None if mapped else find_headers(sheet, choices.stated_meanings())
    if mapped or found:
        return mapped.row if mapped else found.row if found else 0
    rows = range(min(sheet.height, LOOK_AT_ROWS))
    widths = [len(headed(sheet, row)) for row in rows]
    wide = [row for row in rows if widths[row] >= _ENOUGH * max(widths, default=0)]
    return next((row for row in wide if _only_text(sheet, row)), wide[0] if wide else 0)


def _only_text(sheet: Sheet, row: int) -> bool:
    return all(cells.kinds[int(cells.codes[row])] in "te" for cells in sheet.columns)


def examples(sheet: Sheet, row: int, at: int) -> tuple[str, ...]:
    """Up to ten different values below the header, in the order in which they come."""
    cells = sheet.columns[at]
    codes = cells.codes[row + 1 : row + 1 + HEAD_ROWS]
    shown = cells.shown()
    return tuple(shown[int(code)] for code in dict.fromkeys(codes.tolist()) if shown[int(code)])[:EXAMPLES]


def guesses(sheet: Sheet, row: int, choices: ReadingChoices) -> list[Guess]:
    """What each column seems to hold, as a mapping or its header says, else by its values."""
    below = head(sheet)
    columns = [Cells(one.codes[row + 1 :], one.kinds, one.values) for one in below.columns]
    names, stated = labels(sheet, row), choices.stated_meanings()
    found: dict[int, tuple[str, str]] = {}
    mapped = mapping_for(sheet, choices)
    said = mapped.own.columns if mapped and mapped.row == row else {}
    for at, name in enumerate(names):
        if name in said:
            found[at] = (said[name], "as you said")
            continue
        meaning = stated.get(comparable(name)) or meaning_of(name)
        if meaning:
            found[at] = (str(meaning), "its header says so")
    for guess in (_items, _dates, _raters, _sessions, _ids):
        taken = {meaning for meaning, _ in found.values()}
        free = [at for at in range(len(columns)) if at not in found and _filled(columns[at])]
        found |= guess(sheet, columns, free, taken, choices)
    return [
        Guess(at, name, *found.get(at, ("ignore", "nothing tells what it holds")), examples(sheet, row, at))
        for at, name in enumerate(names)
    ]


Found = dict[int, tuple[str, str]]


def _filled(cells: Cells) -> bool:
    return bool(len(cells.codes)) and not bool(cells.empty[cells.codes].all())


def _values(cells: Cells) -> list[tuple[str, object]]:
    """The different values that stand in these rows, blanks apart."""
    used = np.unique(cells.codes).tolist()
    pairs = [(cells.kinds[code], cells.values[code]) for code in used]
    return [
        (kind, value)
        for kind, value in pairs
        if kind != "e" and not (kind == "t" and is_blank_word(str(value)))
    ]


def _marks(cells: Cells) -> NDArray[np.float64] | None:
    """The numbers of a column that may be one of answers: nearly all of them whole and no higher than marks go."""
    values, states = numbers(cells).spread(cells.codes)
    there = values[states == GOOD]
    fits = (there >= 0) & (there <= HIGHEST_MARK) & (there == np.floor(there))
    filled = int((~cells.empty[cells.codes]).sum())
    return there if len(there) and fits.sum() >= _ENOUGH * filled else None


def _within(values: NDArray[np.float64], range_: tuple[float, float]) -> bool:
    """Whether nearly all values lie in the range: one slip does not hide an instrument."""
    return bool(((values >= range_[0]) & (values <= range_[1])).mean() >= _NEARLY)


def _items(
    sheet: Sheet, columns: list[Cells], free: list[int], taken: set[str], choices: ReadingChoices
) -> Found:
    """As many neighbouring columns of whole numbers as an instrument has items."""
    if any("item" in meaning for meaning in taken):
        return {}
    spans = {at: span for at in free if (span := _marks(columns[at])) is not None}
    runs: list[list[int]] = []
    for at in spans:
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    known = sorted({one.items for one in instruments().values() if one.items}, reverse=True)
    run = max(runs, key=len, default=[])
    count = next((n for n in known if n <= len(run)), 0)
    if not count:
        return {}
    run = run[-count:]  # a session's number may stand before them
    every = np.concatenate([spans[at] for at in run])
    fitting = [
        one
        for one in instruments().values()
        if one.items == count and one.range and _within(every, one.range)
    ]
    if not fitting:
        return {}
    widest = max(one.range[1] for one in fitting if one.range)
    answers = every[every <= widest]
    beyond = len(every) - len(answers)
    reason = (
        f"columns {letters(sheet, run[0])}–{letters(sheet, run[-1])} hold whole numbers "
        f"{range_words(float(answers.min()), float(answers.max()))}"
        f"{f' (but for {beyond:,} of {len(every):,} cells)' if beyond else ''}, "
        f"{_WORDS.get(count, str(count))} of them: {' or '.join(one.id for one in fitting)}"
    )
    return {at: (f"item {number}", reason) for number, at in enumerate(run, 1)}


def _dates(
    sheet: Sheet, columns: list[Cells], free: list[int], taken: set[str], choices: ReadingChoices
) -> Found:
    for at in free if "date" not in taken else ():
        cells = columns[at]
        kinds = {kind for kind, _ in _values(cells)}
        if not kinds or kinds & set("nbh"):
            continue
        states = dates(cells, None, sheet.from_1904).read.states[cells.codes[~cells.empty[cells.codes]]]
        if np.isin(states, (GOOD, AMBIGUOUS)).mean() >= _ENOUGH:
            return {at: ("date", "it holds dates")}
    return {}


def _raters(
    sheet: Sheet, columns: list[Cells], free: list[int], taken: set[str], choices: ReadingChoices
) -> Found:

    def says_who(text: str) -> bool:  # C-001 is a client's code
        return choices.rater_of(text) is not None and not any(letter.isdigit() for letter in text)

    for at in free if "rater" not in taken else ():
        found = _values(columns[at])
        texts = [str(value) for kind, value in found if kind == "t"]
        if len(found) == len(texts) > 0 and all(map(says_who, texts)):
            return {at: ("rater", f"it holds only {' and '.join(sorted(texts)[:MOST_RATERS])}")}
    return {}


def _sessions(
    sheet: Sheet, columns: list[Cells], free: list[int], taken: set[str], choices: ReadingChoices
) -> Found:
    for at in free if "session" not in taken else ():
        cells = columns[at]
        values, states = sessions(cells).spread(cells.codes)
        there = values[states == GOOD]
        filled = int((~cells.empty[cells.codes]).sum())
        if len(there) >= _ENOUGH * filled and there.min() == 1 and 1 < there.max() <= LONGEST_CASE:
            return {at: ("session", f"it holds whole numbers {range_words(1, float(there.max()))}")}
    return {}


def _ids(
    sheet: Sheet, columns: list[Cells], free: list[int], taken: set[str], choices: ReadingChoices
) -> Found:
    """Of the columns of repeated texts: one with two words says who rated, fewer codes are practitioners', more clients'."""
    texts = {
        at: len(found)
        for at in free
        if (found := _values(columns[at]))
        and all(_may_be_a_code(kind, value) for kind, value in found)
        and len(found) < len(columns[at].codes)
    }
    result: Found = {}
    wanted = [name for name in ("practitioner", "client") if name not in taken]
    two = [
        at
        for at, n in texts.items()
        if n == 2 and not any(map(str.isdigit, "".join(str(value) for _, value in _values(columns[at]))))
    ]
    if "rater" not in taken and len(texts) > len(wanted) and two:
        result[two[-1]] = ("rater", "it holds two different words: perhaps whose rating it is")
    rest = sorted((at for at in texts if at not in result), key=lambda at: texts[at])
    for name, at in zip(wanted, rest, strict=False):
        many = f"{texts[at]:,} different codes, each in several rows"
        result[at] = (name, f"it holds {many if texts[at] > 1 else 'one code in all rows'}")
    return result


def _may_be_a_code(kind: str, value: object) -> bool:
    """Text that is no number, or a whole number that is too high for a mark."""
    number = value if kind == "n" else to_number(str(value)) if kind == "t" else -1.0
    return number is None or (
        isinstance(number, float | int) and number > HIGHEST_MARK and number == int(number)
    )


def unknown_raters(sheet: Sheet, row: int, at: int, choices: ReadingChoices) -> tuple[str, ...]:
    """Words of a column of raters that do not say whose rating it is; up to ten."""
    cells = head(sheet).columns[at]
    found = _values(Cells(cells.codes[row + 1 :], cells.kinds, cells.values))
    texts = [str(value) for kind, value in found if kind == "t"]
    return tuple(text for text in texts if choices.rater_of(text) is None)[:EXAMPLES]


def meanings() -> tuple[str, ...]:
    """Everything that a column may be said to hold in a mapping, the common ones first."""
    scales = ("goal", "task", "bond", "overall")
    items = [f"item {number}" for number in range(1, 37)]
    keys = ("ignore", "practitioner", "client", "session", "date", "rater", "instrument")
    sided = [f"{rater} {one}" for rater in ("client", "practitioner") for one in (*scales, *items)]
    others = (
        "kind",
        "marker",
        "significance",
        "resolution",
        "noted by",
        "note",
        "team",
        "approach",
        "started",
        "closed",
    )
    return (*keys, *scales, *items, *sided, str(Meaning("answered")), *others)
