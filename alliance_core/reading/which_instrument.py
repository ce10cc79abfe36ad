"""Which instrument a set of answers belongs to, said with the reason, and refused where it is not plain.

The keys of two instruments of the same length differ, and the wrong key gives plausible nonsense: so the
number of items, the answers' range and the answers' wording must agree before one is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliance_core.instruments import Instrument, instruments
from alliance_core.reading import wordings
from alliance_core.reading.cells import is_blank_word, to_number
from alliance_core.reading.sheets import Cells
from alliance_core.tables import RATERS

FEW_BEYOND = 0.02  # share of answers beyond a range that is neither none nor plainly another instrument
REFUSED_SHARE = 0.10  # share of answers outside the range from which the instrument itself is doubted
REFUSED_CELLS = 10  # … and as many cells at least
PLAIN_ANSWERS = 60  # answers from which a range that fits counts as plain
UPPER = 0.75  # part of the range above which some answers are expected, where there are so many [ours]
_FEW = "These are few answers to tell by"


class Tally(NamedTuple):
    """How often each number and each wording was answered."""

    numbers: Counter[float]
    texts: Counter[tuple[str, ...]]


class Verdict(NamedTuple):
    """The instrument's id ("" where it cannot be told), the reason in words, and why it is to be confirmed ("": plain).

    `likely`: the id that other forms make likelier, where it cannot be told. `asked`: False where a sister sheet asks.
    """

    id: str
    reason: str
    confirm: str = ""
    code: str = ""
    likely: str = ""
    asked: bool = True


@cache
def by_words() -> dict[tuple[str, ...], str]:
    """From an id's or a name's words to the id."""
    found: dict[tuple[str, ...], str] = {}
    for identifier, instrument in instruments().items():
        short = instrument.name.split(",")[0]  # one word alone, such as WAI, may be any of a family
        for text in (identifier, instrument.name, *([short] if len(wordings.words(short)) > 1 else [])):
            found.setdefault(wordings.words(text), identifier)
            found.setdefault(("".join(wordings.words(text)),), identifier)
    return found


def named(text: str) -> str | None:
    """The id that a workbook's own word for an instrument stands for; None where it is not plain.

    >>> named("WAI-SR"), named("wai_sr"), named("WAI")
    ('wai-sr', 'wai-sr', None)
    """
    tokens = wordings.words(text)
    beside = wordings.lookup("raters")
    rest = tuple(
        word for word in tokens if beside.get((word,)) not in RATERS and word not in ("form", "version")
    )
    return by_words().get(tokens) or by_words().get(rest)


def heading(headers: Iterable[str]) -> str | None:
    """The id that the headers of all items name beside their numbers; None where they name none.

    >>> heading(["WAI-SR item 1", "WAI-SR item 2"]), heading(["WAI 1", "WAI 2"]), heading(["q1"])
    ('wai-sr', None, None)
    """
    of_ids = {word for words in by_words() for word in words}
    general = wordings.single_words("items", "words") - of_ids
    raters = wordings.lookup("raters")
    ids = {
        by_words().get(
            tuple(
                word
                for word in wordings.words(header)
                if not (word.isdecimal() or word in general or raters.get((word,)) in RATERS)
            )
        )
        for header in headers
    }
    return ids.pop() if len(ids) == 1 else None


def tally(columns: list[Cells], rows: NDArray[np.intp]) -> Tally:
    """Count the answers of some columns over some rows."""
    numbers: Counter[float] = Counter()
    texts: Counter[tuple[str, ...]] = Counter()
    for cells in columns:
        counts = np.bincount(cells.codes[rows], minlength=len(cells.kinds))
        for code in np.flatnonzero(counts):
            number, spoken = _answer(cells.kinds[code], cells.values[code])
            if number is not None:
                numbers[number] += int(counts[code])
            if spoken:
                texts[spoken] += int(counts[code])
    return Tally(numbers, texts)


def _answer(kind: str, value: Any) -> tuple[float | None, tuple[str, ...]]:
    """The number in a cell and the words of its answer, where there are any."""
    number = value if kind == "n" else to_number(value) if kind == "t" else None
    if number is not None or kind != "t" or is_blank_word(value):
        return number, ()
    tokens = wordings.words(value)
    if len(tokens) > 1 and tokens[0].isdecimal():  # "4 = Very often"
        return float(tokens[0]), tokens[1:]
    return None, tokens


def marks(cells: Cells) -> NDArray[np.float64]:
    """The number in each row of a column of answers; NaN where there is none."""
    found = [_answer(kind, value)[0] for kind, value in zip(cells.kinds, cells.values, strict=True)]
    return np.array([np.nan if one is None else one for one in found], dtype=float)[cells.codes]


def joined(tallies: list[Tally]) -> Tally:
    """The counts of several columns together."""
    numbers: Counter[float] = Counter()
    texts: Counter[tuple[str, ...]] = Counter()
    for one in tallies:
        numbers += one.numbers
        texts += one.texts
    return Tally(numbers, texts)


def range_words(low: float, high: float) -> str:
    """A range in words."""
    return f"{low:g} to {high:g}"


def span(answers: Tally) -> str:
    """The lowest and highest answer, in words."""
    if not answers.numbers:
        return "answers in words"
    return f"answers from {range_words(min(answers.numbers), max(answers.numbers))}"


def share(answers: Tally, low: float, high: float) -> float:
    """Share of the numbers that lie within the range; 1 where there are none."""
    total = answers.numbers.total()
    return sum(n for value, n in answers.numbers.items() if low <= value <= high) / total if total else 1.0


def by_items(count: int) -> list[Instrument]:
    """The instruments with so many items, the narrowest range first."""
    found = [one for one in instruments().values() if one.items == count and one.range]
    return sorted(found, key=lambda one: (one.range or (0.0, 0.0))[1])


def speaking(known: list[Instrument], answers: Tally) -> list[Instrument]:
    """Those that know all the words of the answers; all of them where the words tell nothing."""
    spoken = [
        one
        for one in known
        if all(text in {wordings.words(a) for a in one.answers} for text in answers.texts)
    ]
    return spoken if answers.texts and spoken else known


def from_items(count: int, answers: Tally) -> Verdict:
    """The instrument with `count` items whose range and wordings the answers fit."""
    same_length = by_items(count)
    if not same_length:
        known = ", ".join(f"{one.id} ({one.items})" for one in instruments().values() if one.items)
        return Verdict(
            "",
            f"{count} item columns were found; the instruments known have {known}",
            code="instrument_needed",
        )
    fitting = speaking(same_length, answers)
    if not answers.numbers and not answers.texts:
        return Verdict("", f"{count} items without any answer", code="no_answers")
    if not answers.numbers and len(fitting) > 1:
        names = " and ".join(one.id for one in fitting)
        some = ", ".join(" ".join(text) for text in list(answers.texts)[:3])
        return Verdict(
            "",
            f"{count} items, answered in words ({some}) that do not tell {names} apart",
            code="instrument_needed",
        )
    if lower := _one_lower(count, answers, fitting):
        return lower
    verdict = (
        _only_one(count, answers, fitting[0]) if len(same_length) == 1 else _by_range(count, answers, fitting)
    )
    return not_one_lower(count, answers, verdict)


def _only_one(count: int, answers: Tally, known: Instrument) -> Verdict:
    """The only instrument of this length; where its upper marks are never used, it may be another form all the same."""
    low, high = known.range or (0.0, 0.0)
    top = max(answers.numbers, default=high)
    low_only = answers.numbers.total() >= PLAIN_ANSWERS and top <= low + UPPER * (high - low)
    doubt = f"No answer is above {top:g}, and {known.id} goes to {high:g}" if low_only else ""
    return Verdict(known.id, f"{count} items, {span(answers)}: read as {known.id}", doubt)


def as_named(name: str, count: int, answers: Tally) -> Verdict:
    """The instrument that headers or a sheet's name say, where the items and the answers do not contradict it."""
    said = instruments()[name]
    low, high = said.range or (0.0, 0.0)
    found = f"{count} items, {span(answers)}"
    words = {wordings.words(one) for one in said.answers}
    known = sum(n for text, n in answers.texts.items() if text in words)
    spoken = known >= (1 - REFUSED_SHARE) * answers.texts.total()
    if count != said.items or not spoken or share(answers, low, high) < 1 - REFUSED_SHARE:
        needs = f"{said.items} items, {range_words(low, high)}"
        reason = f"{found}: their headers or the sheet's name say {name} ({needs})"
        return Verdict("", reason, code="instrument_needed")
    reason = f"{found}: read as {name}, as their headers or the sheet's name say"
    return not_one_lower(count, answers, Verdict(name, reason))


def _one_lower(count: int, answers: Tally, fitting: list[Instrument]) -> Verdict | None:
    """Answers below the lowest mark of all of several forms, with the highest of none."""
    ranges = [one.range for one in fitting if one.range]
    if len(ranges) < 2 or any(not answers.numbers[low - 1] or answers.numbers[high] for low, high in ranges):
        return None
    goes = [f"{one.id} goes from {range_words(*one.range)}" for one in fitting if one.range]
    words = (
        f"{count} items, {span(answers)}: {', '.join(goes)}, so these answers seem to be coded one mark lower"
    )
    return Verdict("", words, code="instrument_needed")


def not_one_lower(count: int, answers: Tally, verdict: Verdict) -> Verdict:
    """Answers coded from one mark lower (0–4 for 1–5) fit the range nearly, and every score would be wrong."""
    low, high = (instruments()[verdict.id].range or (0.0, 0.0)) if verdict.id else (0.0, 0.0)
    if not verdict.id or not answers.numbers[low - 1] or answers.numbers[high]:
        return verdict
    return Verdict(
        "",
        f"{count} items, {span(answers)}: {verdict.id} goes from {range_words(low, high)}, so these answers seem to be coded one mark lower",
        code="instrument_needed",
    )


def _by_range(count: int, answers: Tally, fitting: list[Instrument]) -> Verdict:
    names = " or ".join(one.id for one in fitting)
    widest = fitting[-1]
    for one in fitting:
        low, high = one.range or (0.0, 0.0)
        ceiling = (widest.range or (0.0, 0.0))[1]
        beyond = share(answers, high + 1e-9, ceiling) if answers.numbers else 0.0
        if one is not widest and beyond > FEW_BEYOND:
            continue
        if one is not widest and beyond > 0:
            return Verdict(
                "",
                f"{count} items: nearly all answers lie within {range_words(low, high)}, but some are above; "
                f"it is not plain whether this is {names}",
                code="instrument_needed",
            )
        if one is not widest and answers.numbers and answers.numbers[high] == 0:
            return Verdict(
                "",
                f"{count} items, {span(answers)}: this fits {names}, because the highest mark of neither was used",
                code="instrument_needed",
            )
        few = one is not widest and 0 < answers.numbers.total() < PLAIN_ANSWERS
        return Verdict(one.id, f"{count} items, {span(answers)}: read as {one.id}", _FEW if few else "")
    raise AssertionError("the widest range always ends the search")
