"""Which instrument the forms of all sheets belong to: sheets with the same headers are judged together.

Sheets with the same headers hold one form, unless their answers say otherwise. Where one sheet's answers go beyond a
range that another sheet's keep within, either their clients mark differently or their forms differ. Cases tell: clients
of one form are spread over its sheets as chance has it, and most of them give marks above the narrower range.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import comb

from alliance_core.instruments import Instrument
from alliance_core.reading.both_raters import Judged, both_raters, by_words, top_mark
from alliance_core.reading.evidence import MIN_FORMS_FOR_SHORTER, Lot
from alliance_core.reading.which_instrument import (
    FEW_BEYOND,
    Verdict,
    as_named,
    by_items,
    from_items,
    joined,
    not_one_lower,
    share,
    span,
)

APART = 0.01  # chance (Fisher's exact test, one-sided) of a sheet's cases below which its form is another one
DOUBTFUL = (0.0001, 0.05)  # … between which it is asked whether it is
MOSTLY = 0.5  # share of a form's cases, at least, that give marks above the narrower range [ours]
_DIFFER = (
    "Other sheets with the same headers go to other marks, and it is not plain whether their form is the same"
)


def recognised(lots: Iterable[Lot]) -> Judged:
    """A verdict for each lot that does not say its instrument; the others bear witness."""
    pools: dict[object, list[Lot]] = {}
    for lot in lots:
        pools.setdefault((lot.alike, lot.rater), []).append(lot)
    found: Judged = []
    for pool in pools.values():
        found += [(lot, Verdict(lot.said, "")) for lot in pool if lot.said]
        named = [lot for lot in pool if not lot.said and lot.named]
        judged = [(lot, as_named(lot.named, lot.length, lot.answers)) for lot in named]
        rest = [lot for lot in pool if lot not in named]
        lengths = _lengths(rest) if any(not lot.said for lot in rest) else {}
        for length in sorted(set(lengths.values())):
            judged += _of_length(length, [lot for lot in rest if lengths[lot] == length])
        found += _asked_once([(lot, verdict) for lot, verdict in judged if not lot.said])
    return [(lot, verdict) for lot, verdict in both_raters(found) if not lot.said]


def _asked_once(judged: Judged) -> Judged:
    """One question for a whole pool: its answer holds for all the rater's forms."""
    unsure = [lot for lot, verdict in judged if verdict.confirm or not verdict.id]
    return [(lot, verdict._replace(asked=lot in unsure[:1])) for lot, verdict in judged]


def _lengths(pool: list[Lot]) -> dict[Lot, int]:
    """How many items each lot's form has; a lot of few forms takes the length that its sisters agree on."""
    own = {lot: lot.length for lot in pool}
    sure = {n for lot, n in own.items() if lot.forms >= MIN_FORMS_FOR_SHORTER}
    if len(sure) != 1:
        return own
    agreed = sure.pop()
    few = {lot for lot in pool if lot.forms < MIN_FORMS_FOR_SHORTER and lot.used <= agreed}
    return {lot: agreed if lot in few else n for lot, n in own.items()}


def _of_length(length: int, pool: list[Lot]) -> Judged:
    """Verdicts for one rater's lots with the same headers and so many items. What is said, or words, come before marks."""
    known = by_items(length)
    spoken = {lot: one for lot in pool if (one := by_words(known, lot))}
    found: Judged = []
    for instrument in {one.id: one for one in spoken.values()}.values():
        same = [lot for lot, one in spoken.items() if one is instrument]
        if all(one is instrument for one in spoken.values()) and instrument.items == length:
            top = top_mark(instrument)
            same += [lot for lot in pool if lot not in spoken and max(lot.answers.numbers, default=0) <= top]
        found += _judged(length, same)
    done = {lot for lot, _ in found}
    return found + _by_marks(length, known, [lot for lot in pool if lot not in done])


def _reach(known: list[Instrument], lot: Lot) -> float:
    """The highest mark of the narrowest instrument that holds all of the answers, but for slips."""
    widest = top_mark(known[-1])
    fits = (top_mark(one) for one in known if share(lot.answers, top_mark(one) + 1e-9, widest) <= FEW_BEYOND)
    return next(fits, widest)


def _by_marks(length: int, known: list[Instrument], pool: list[Lot]) -> Judged:
    """Verdicts by how high the marks go."""
    if len(known) < 2 or not pool:
        return _judged(length, pool)
    reach = {lot: _reach(known, lot) for lot in pool}
    highest = max(reach.values())
    narrow = [lot for lot in pool if reach[lot] < highest]
    wide = [lot for lot in pool if lot not in narrow]
    if not narrow:
        return _slips_apart(length, highest, pool) if highest < top_mark(known[-1]) else _judged(length, pool)
    top = max(reach[lot] for lot in narrow)
    counts = {lot: (len(lot.cases), lot.cases_above(top)) for lot in pool}
    cases, above = (sum(column) for column in zip(*counts.values(), strict=True))
    if above < MOSTLY * cases:
        unlikely = max(_chance(cases, above, *counts[lot], more=True) for lot in wide)
        unsure = pool if unlikely >= DOUBTFUL[0] else []
        return _slips_apart(length, top, narrow, unsure) + _judged(length, wide, unsure)
    chances = {lot: _chance(cases, above, *counts[lot], more=False) for lot in narrow}
    apart = [lot for lot in narrow if chances[lot] < APART]
    same = [lot for lot in pool if lot not in apart]
    unsure = [lot for lot in narrow if DOUBTFUL[0] <= chances[lot] < DOUBTFUL[1]]
    return _slips_apart(length, top, apart, unsure) + _judged(length, same, unsure)


def _slips_apart(length: int, top: float, pool: list[Lot], unsure: Sequence[Lot] = ()) -> Judged:
    """Lots with a few marks that are too high are asked about; they do not make their sisters doubtful."""
    clean = [lot for lot in pool if max(lot.answers.numbers, default=0) <= top]
    slipped = [lot for lot in pool if lot not in clean]
    return _judged(length, clean, unsure) + _judged(length, slipped, unsure)


def _chance(cases: int, above: int, own: int, own_above: int, more: bool) -> float:
    """Chance that `own` of all the cases, drawn at random, hold so few (or with `more`, so many) of those above.

    The hypergeometric tail of Fisher's exact test.
    """
    counts = range(own_above, min(own, above) + 1) if more else range(own_above + 1)
    ways = sum(comb(above, n) * comb(cases - above, own - n) for n in counts if n <= own)
    return ways / comb(cases, own)


def _judged(length: int, lots: Sequence[Lot], unsure: Sequence[Lot] = ()) -> Judged:
    """One verdict for all these lots, with what each of them holds; `unsure` ones are to be confirmed."""
    if not lots:
        return []
    together = joined([lot.answers for lot in lots])
    said = next((lot.said for lot in lots if lot.said), "")
    verdict = (
        Verdict(
            said, f"{length} items, {span(together)}: read as {said}, as other forms with these headers say"
        )
        if said
        else from_items(length, together)
    )
    sheets = len({lot.number for lot in lots})
    found: Judged = []
    for lot in lots:
        own = verdict
        if list(lot.items)[:length] != list(range(1, length + 1)):
            own = _not_numbered(lot)
        elif verdict.id and not (alone := not_one_lower(length, lot.answers, verdict)).id:
            own = alone
        elif sheets > 1:
            here = "" if span(lot.answers) == span(together) else f" ({span(lot.answers)} here)"
            own = own._replace(
                reason=f"{own.reason}; judged over {sheets} sheets with the same headers{here}"
            )
        if own.id and lot in unsure:
            own = own._replace(confirm=_DIFFER)
        found.append((lot, own))
    return found


def _not_numbered(lot: Lot) -> Verdict:
    numbers = ", ".join(map(str, lot.items))
    reason = f"the item columns are numbered {numbers}, not from 1 on without a gap"
    return Verdict("", reason, code="instrument_needed")
