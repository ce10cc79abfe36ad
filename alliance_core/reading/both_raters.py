"""Both raters of the same cases beside each other: answers that fit different forms are a question.

Only the narrower of two ranges is doubtful, for answers within it fit the wider one too.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from alliance_core.instruments import Instrument, instruments
from alliance_core.reading.evidence import Lot
from alliance_core.reading.which_instrument import Verdict, by_items, span, speaking
from alliance_core.tables import RATERS

Judged = list[tuple[Lot, Verdict]]


def by_words(known: list[Instrument], lot: Lot) -> Instrument | None:
    """The instrument that is said, or the only one of several that knows the words of the answers."""
    if lot.said:
        return instruments()[lot.said]
    speak = speaking(known, lot.answers)
    return speak[0] if len(speak) == 1 < len(known) else None


def top_mark(instrument: Instrument) -> float:
    """The highest mark of its range."""
    return (instrument.range or (0.0, 0.0))[1]


class _Doubt(NamedTuple):
    """What the other rater's forms say of a rater's: the words, the likelier form, and whether it has to be asked."""

    words: str
    likely: str
    asks: bool


def both_raters(judged: Judged) -> Judged:
    """The verdicts, and a question where two raters of the same cases gave answers that fit different forms."""
    doubts: dict[object, _Doubt] = {}
    sides = [[one for one in judged if one[0].rater == rater] for rater in RATERS[:2]]
    for first, second in product(*sides):
        for one, other in ((first, second), (second, first)):
            if _kind(*one) not in doubts and (doubt := _beside(*one, *other)):
                doubts[_kind(*one)] = doubt
    found: Judged = []
    asked: set[str] = set()
    for lot, verdict in judged:
        doubt = doubts.get(_kind(lot, verdict))
        if doubt and doubt.asks:
            reason = f"{lot.length} items, {span(lot.answers)}: this fits {verdict.id} and {doubt.words}"
            first_of_all = lot.rater not in asked
            asked.add(lot.rater)
            verdict = Verdict("", reason, "", "instruments_differ", doubt.likely, first_of_all)
        elif doubt:
            verdict = verdict._replace(reason=f"{verdict.reason}; {doubt.words}", likely=doubt.likely)
        found.append((lot, verdict))
    return found


def _kind(lot: Lot, verdict: Verdict) -> object:
    """Lots of one kind are doubted together."""
    return lot.alike, lot.rater, verdict.id


def _beside(lot: Lot, verdict: Verdict, other: Lot, theirs: Verdict) -> _Doubt | None:
    """What the other rater's forms of the same cases say."""
    if not theirs.id or verdict.id == theirs.id or verdict.code == "no_answers":
        return None
    wider, own = instruments()[theirs.id], instruments()[verdict.id] if verdict.id else None
    within = max(lot.answers.numbers, default=0.0) <= top_mark(wider)
    if lot.length != wider.items or not within or (own and top_mark(own) > top_mark(wider)):
        return None
    if lot.named or by_words(by_items(lot.length), lot) or not lot.cases & other.cases:
        return None
    beside = f"the {other.rater}'s {span(other.answers)} about the same cases are read as {wider.id}"
    if own is None:
        return _Doubt(f"{beside}, and one form for both is likelier", wider.id, asks=False)
    return _Doubt(f"{wider.id}; {beside}", wider.id if verdict.confirm else own.id, asks=True)
