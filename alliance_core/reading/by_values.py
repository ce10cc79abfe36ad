"""What columns with unknown headers may hold, by their values; each guess in words that give its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliance_core.instruments import Instrument, instruments
from alliance_core.reading import wordings
from alliance_core.reading.cells import GOOD, is_blank_word, numbers, to_number
from alliance_core.reading.cells import sessions as read_sessions
from alliance_core.reading.choices import ReadingChoices
from alliance_core.reading.dates import AMBIGUOUS
from alliance_core.reading.dates import dates as read_dates
from alliance_core.reading.headers import meaning_of
from alliance_core.reading.mapping import letters
from alliance_core.reading.plans import is_rating
from alliance_core.reading.sheets import Cells, Sheet, show
from alliance_core.reading.which_instrument import range_words

MOST_RATERS = 3  # different words that a column of raters may hold
HIGHEST_MARK = 10  # of answers; a higher number is something else
LONGEST_CASE = 400  # session numbers above it are something else
MIN_WORDS = 2  # different words of an instrument's answers in a column, at least
_ENOUGH = 0.9  # share of the filled cells that must be of a kind
_NEARLY = 0.98  # share of answers that must lie within an instrument's range
_WORDS = {4: "four", 6: "six", 10: "ten", 12: "twelve", 36: "thirty-six"}

Guessed = dict[int, tuple[str, str]]


class Seen(NamedTuple):
    """A sheet, its columns below the headers, which labels are numbered (stem and number), and what the user settled."""

    sheet: Sheet
    columns: list[Cells]
    numbers: Mapping[int, tuple[str, int]]
    choices: ReadingChoices

    def free(self, found: Guessed) -> list[int]:
        """Columns with any value, for which nothing was found."""
        return [
            at
            for at, cells in enumerate(self.columns)
            if at not in found and len(cells.codes) and not cells.empty[cells.codes].all()
        ]


def _values(cells: Cells) -> list[tuple[str, object]]:
    """The different values that stand in these rows, blanks apart."""
    used = np.unique(cells.codes).tolist()
    pairs = [(cells.kinds[code], cells.values[code]) for code in used]
    return [
        (kind, value)
        for kind, value in pairs
        if kind != "e" and not (kind == "t" and is_blank_word(str(value)))
    ]


def texts(cells: Cells, kinds: str = "t") -> list[str]:
    """The different texts, blanks apart; or values of other `kinds` too, as they are shown."""
    return [show(kind, value) for kind, value in _values(cells) if kind in kinds]


def _numeric(cells: Cells) -> NDArray[np.float64] | None:
    """The numbers of a column that holds hardly anything else."""
    values, states = numbers(cells).spread(cells.codes)
    there = values[states == GOOD]
    filled = int((~cells.empty[cells.codes]).sum())
    return there if len(there) and len(there) >= _ENOUGH * filled else None


def _marks(cells: Cells) -> NDArray[np.float64] | None:
    """The numbers of a column that may be one of answers: nearly all of them whole and no higher than marks go."""
    there = _numeric(cells)
    if there is None:
        return None
    filled = int((~cells.empty[cells.codes]).sum())
    fits = (there >= 0) & (there <= HIGHEST_MARK) & (there == np.floor(there))
    return there if fits.sum() >= _ENOUGH * filled else None


def _within(values: NDArray[np.float64], range_: tuple[float, float]) -> bool:
    """Whether nearly all values lie in the range: one slip does not hide an instrument."""
    return not len(values) or bool(((values >= range_[0]) & (values <= range_[1])).mean() >= _NEARLY)


def _session_columns(seen: Seen, free: list[int], taken: set[str]) -> Guessed:
    """Numbered labels over numbers, where no column tells session or date: a column for each session."""
    if {"session", "date"} & taken or any("session " in one or "item" in one for one in taken):
        return {}
    stems: dict[str, dict[int, int]] = {}
    for at in free:
        if at in seen.numbers and _numeric(seen.columns[at]) is not None:
            stem, number = seen.numbers[at]
            stems.setdefault(stem, {})[number] = at
    stems = {
        stem: own
        for stem, own in stems.items()
        if sorted(own) == list(range(1, len(own) + 1)) and len(own) > 1
    }
    others = [at for at in free if at not in seen.numbers]
    if not stems or _dates(seen, others, taken) or _sessions(seen, others, taken):
        return {}
    found: Guessed = {}
    for stem, own in stems.items():
        meaning = meaning_of(stem.replace("#", ""))
        known = str(meaning) if meaning and is_rating(meaning) else "overall" if len(stems) == 1 else ""
        if known:
            reason = f"the headers are numbered 1 to {len(own)}, and no column tells the session: perhaps one column a session"
            found |= {at: (f"session {number} {known}", reason) for number, at in own.items()}
    return found


def _items(seen: Seen, free: list[int], taken: set[str]) -> Guessed:
    """As many neighbouring columns of whole numbers, or of an instrument's words, as it has items."""
    if any("item" in meaning for meaning in taken):
        return {}
    spans = {at: span for at in free if (span := _marks(seen.columns[at])) is not None}
    spoken = {at: ids for at in free if at not in spans and (ids := _speaking(seen.columns[at]))}
    known = sorted({one.items for one in instruments().values() if one.items}, reverse=True)
    run = max(_neighbours(sorted({*spans, *spoken})), key=len, default=[])
    count = next((n for n in known if n <= len(run)), 0)
    if not count:
        return {}
    run = run[-count:]  # a session's number may stand before them
    every = np.concatenate([spans.get(at, np.empty(0)) for at in run])
    fitting = [
        one
        for one in instruments().values()
        if one.items == count and one.range and _within(every, one.range)
        if all(one.id in spoken[at] for at in run if at in spoken)
    ]
    if not fitting:
        return {}
    words = sorted({text for at in run for text in texts(seen.columns[at])}) if not len(every) else []
    reason = (
        f"columns {letters(seen.sheet, run[0])}–{letters(seen.sheet, run[-1])} hold "
        f"{' and '.join(words[:2]) if words else _whole_numbers(every, fitting)}, "
        f"{_WORDS.get(count, str(count))} of them: {' or '.join(one.id for one in fitting)}"
    )
    return {at: (f"item {number}", reason) for number, at in enumerate(run, 1)}


def _whole_numbers(every: NDArray[np.float64], fitting: list[Instrument]) -> str:
    """From which to which whole number answers go, those above the widest range apart."""
    answers = every[every <= max(one.range[1] for one in fitting if one.range)]
    beyond = len(every) - len(answers)
    span = range_words(float(answers.min()), float(answers.max()))
    return f"whole numbers {span}{f' (but for {beyond:,} of {len(every):,} cells)' if beyond else ''}"


def _speaking(cells: Cells) -> set[str]:
    """The instruments that know all values of a column, which are several words."""
    said = {wordings.words(text) for text in texts(cells)}
    if len(said) < MIN_WORDS or len(_values(cells)) != len(texts(cells)):
        return set()
    return {
        one.id for one in instruments().values() if said <= {wordings.words(word) for word in one.answers}
    }


def _neighbours(columns: Iterable[int]) -> list[list[int]]:
    """Columns that stand beside each other, together."""
    runs: list[list[int]] = []
    for at in columns:
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _dates(seen: Seen, free: list[int], taken: set[str]) -> Guessed:
    for at in free if "date" not in taken else ():
        cells = seen.columns[at]
        kinds = {kind for kind, _ in _values(cells)}
        if not kinds or kinds & set("nbh"):
            continue
        states = read_dates(cells, None, seen.sheet.from_1904).read.states[
            cells.codes[~cells.empty[cells.codes]]
        ]
        if np.isin(states, (GOOD, AMBIGUOUS)).mean() >= _ENOUGH:
            return {at: ("date", "it holds dates")}
    return {}


def _raters(seen: Seen, free: list[int], taken: set[str]) -> Guessed:

    def says_who(text: str) -> bool:  # C-001 is a client's code
        return seen.choices.rater_of(text) is not None and not any(letter.isdigit() for letter in text)

    for at in free if "rater" not in taken else ():
        words = texts(seen.columns[at])
        if len(_values(seen.columns[at])) == len(words) > 0 and all(map(says_who, words)):
            return {at: ("rater", f"it holds only {' and '.join(sorted(words)[:MOST_RATERS])}")}
    return {}


def _sessions(seen: Seen, free: list[int], taken: set[str]) -> Guessed:
    for at in free if "session" not in taken else ():
        cells = seen.columns[at]
        values, states = read_sessions(cells).spread(cells.codes)
        there = values[states == GOOD]
        filled = int((~cells.empty[cells.codes]).sum())
        if len(there) >= _ENOUGH * filled and there.min() == 1 and 1 < there.max() <= LONGEST_CASE:
            return {at: ("session", f"it holds whole numbers {range_words(1, float(there.max()))}")}
    return {}


def _ids(seen: Seen, free: list[int], taken: set[str]) -> Guessed:
    """Of the columns of repeated texts: one with two words says who rated, fewer codes are practitioners', more clients'."""
    once = any(meaning.startswith("session ") for meaning in taken)  # one row a case: its code stands once
    codes = {
        at: len(found)
        for at in free
        if (found := _values(seen.columns[at]))
        and all(_may_be_a_code(kind, value) for kind, value in found)
        and len(found) < len(seen.columns[at].codes) + once
    }
    result: Guessed = {}
    wanted = [name for name in ("practitioner", "client") if name not in taken]
    two = [
        at
        for at, n in codes.items()
        if n == 2 and not any(map(str.isdigit, "".join(str(value) for _, value in _values(seen.columns[at]))))
    ]
    if "rater" not in taken and len(codes) > len(wanted) and two:
        result[two[-1]] = ("rater", "it holds two different words: perhaps whose rating it is")
    rest = sorted((at for at in codes if at not in result), key=lambda at: codes[at])
    for name, at in zip(wanted, rest, strict=False):
        many = f"{codes[at]:,} different codes{'' if once else ', each in several rows'}"
        result[at] = (name, f"it holds {many if codes[at] > 1 else 'one code in all rows'}")
    return result


def _may_be_a_code(kind: str, value: object) -> bool:
    """Text that is no number, or a whole number that is too high for a mark."""
    number = value if kind == "n" else to_number(str(value)) if kind == "t" else -1.0
    return number is None or (
        isinstance(number, float | int) and number > HIGHEST_MARK and number == int(number)
    )


# in this order: what one has found is not free for the next
GUESSES: tuple[Callable[[Seen, list[int], set[str]], Guessed], ...] = (
    _session_columns,
    _items,
    _dates,
    _raters,
    _sessions,
    _ids,
)
