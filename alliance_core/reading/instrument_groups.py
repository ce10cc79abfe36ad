"""Rows of one side by rater and instrument: the instrument stated, chosen or recognised, or asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliance_core.instruments import Instrument, instruments
from alliance_core.reading import cells
from alliance_core.reading.body import Body
from alliance_core.reading.both_raters import Judged
from alliance_core.reading.choices import ReadingChoices
from alliance_core.reading.evidence import Lot, filled, stated
from alliance_core.reading.headers import Meaning
from alliance_core.reading.mapping import letters
from alliance_core.reading.plans import Plan, Side
from alliance_core.reading.problems import ERROR, MOST_EXAMPLES, WARNING, counted
from alliance_core.reading.scale_cells import Group, read_columns
from alliance_core.reading.which_instrument import Verdict, range_words, tally
from alliance_core.tables import FACETS, RATERS


def groups(
    body: Body,
    plan: Plan,
    side: Side,
    raters: Any,
    choices: ReadingChoices,
    recognised: Mapping[str, str],
    reasons: list[str],
) -> list[Group]:
    """Rows of one side by rater and instrument, their columns read; `reasons` gets the words for what was taken.

    `recognised`: each rater's instrument, by the answers. A row without any answer needs no instrument of its own: it
    takes the one beside it.
    """
    names, named = stated(body, plan, side)
    _name_unknown(body, plan, side, named & pd.isna(names))
    codes, ids = pd.factorize(names, sort=True)
    answered = filled(body, side)
    found: list[Group] = []
    for rater in RATERS:
        of_rater = np.asarray(raters == rater, dtype=bool) & ~np.asarray(pd.isna(raters), dtype=bool)
        beside: str = ""
        for code in range(len(ids)):
            where = of_rater & (codes == code)
            if where.any():
                found += _group(body, side, rater, ids[code], where, choices)
                beside = beside or ids[code]
        rated = of_rater & ~named & answered
        if rated.any():
            chosen = _chosen(side, rater, choices, recognised, reasons)
            found += _group(body, side, rater, chosen, rated, choices)
            beside = beside or chosen
        missed = of_rater & ~named & ~answered
        if missed.any():
            other = (
                choices.instrument_for(rater) or beside or next(iter(ids), "") or _of_length(len(side.items))
            )
            found += _group(body, side, rater, other, missed, choices)
    return found


def _name_unknown(body: Body, plan: Plan, side: Side, unknown: NDArray[np.bool_]) -> None:
    at = side.fields.get("instrument", plan.shared.get("instrument"))
    if at is None:
        return
    known = ", ".join(instruments())
    body.name_cells(
        ERROR,
        "instrument_unknown",
        unknown,
        at,
        lambda shown: f"The instrument {shown or 'in this cell'} is not known; accepted are {known}.",
    )


def _chosen(
    side: Side, rater: str, choices: ReadingChoices, recognised: Mapping[str, str], reasons: list[str]
) -> str:
    """The instrument of rows that do not name it; "" where it cannot be told."""
    chosen = choices.instrument_for(rater)
    if chosen:
        reasons.append(f"{chosen} as chosen")
        return chosen
    if side.items:
        return recognised.get(rater, "")
    found = "facets" if any(facet in side.scales for facet in FACETS) else "total"
    reasons.append("scores given directly" if found == "facets" else "one overall score given directly")
    return found


def _of_length(items: int) -> str:
    """Any instrument with so many items, for forms without an answer: no score depends on it."""
    return next((one.id for one in instruments().values() if one.items == items and items), "facets")


def told(judged: Judged, reasons: list[str]) -> dict[str, str]:
    """Each rater's instrument ("" where it cannot be told: then its rows are left out), with what is unsure named and asked."""
    for lot, verdict in judged:
        body, place = lot.body, (lot.body.found.row, next(iter(lot.items.values())))
        header = body.header(place[1])
        code = verdict.code or "instrument_to_confirm"
        if verdict.asked and (verdict.confirm or not verdict.id):
            _ask_which(lot, verdict, code)
        if not verdict.id:
            body.bad |= lot.where
            message = (
                f"The {lot.rater}'s instrument cannot be told: {verdict.reason}. "
                f"{counted(int(lot.where.sum()), 'row', 'is')} left out. "
                "Add a column Instrument, or state it (--instrument, or on the page)."
            )
            body.problems.add_sheet(ERROR, body.sheet, code, message, place, header)
            continue
        span = f"{letters(body.sheet, place[1])}–{letters(body.sheet, max(lot.items.values()))}"
        reasons.append(f"columns {span} hold {verdict.reason}")
        if verdict.confirm:
            message = f"The {lot.rater}'s ratings: {verdict.reason}. {verdict.confirm}: please confirm it."
            body.problems.add_sheet(WARNING, body.sheet, code, message, place, header)
    return {lot.rater: verdict.id for lot, verdict in judged}


def _ask_which(lot: Lot, verdict: Verdict, code: str) -> None:
    """Candidates, the likelier one first, and examples of this rater's answers."""
    length = lot.length
    known = [one for one in instruments().values() if lot.rater in one.raters]
    fitting = [one.id for one in known if one.items == length] or [one.id for one in known if one.items]
    ordered = sorted(fitting, key=lambda one: one != verdict.likely)
    because = f"{verdict.reason[:1].upper()}{verdict.reason[1:]}. {verdict.confirm}".rstrip(". ")
    words = f"Which form did the {lot.rater} fill in? {because}."
    place, shown = next(iter(lot.items.values())), _examples(lot.body, lot.items, lot.where)
    lot.body.problems.ask(lot.body.sheet, code, words, lot.body.header(place), ordered, shown)


def _examples(body: Body, columns: Mapping[Any, int], where: NDArray[np.bool_]) -> list[str]:
    """Different values of some columns, as they stand in the sheet, a few of each."""
    found: list[str] = []
    for at in columns.values():
        shown = body.sheet.columns[at].shown()
        found += [shown[code] for code in np.unique(body.column(at).codes[where]).tolist()[:MOST_EXAMPLES]]
    return sorted(dict.fromkeys(found), key=lambda one: (len(one), one))


def _group(
    body: Body, side: Side, rater: str, chosen: str, where: NDArray[np.bool_], choices: ReadingChoices
) -> list[Group]:
    """The group with its columns read, or one for each range that rows state; none where the instrument or the range is missing."""
    if not chosen:
        return []
    instrument = instruments()[chosen]
    ranges = [(instrument.range, where)] if instrument.range else _ranges(body, where, choices)
    return [one for limits, rows in ranges for one in _of_range(body, side, rater, instrument, limits, rows)]


def _ranges(
    body: Body, where: NDArray[np.bool_], choices: ReadingChoices
) -> list[tuple[tuple[float, float] | None, NDArray[np.bool_]]]:
    """The response ranges that rows state in columns of their own; rows that state none have the one that was chosen."""
    at = [
        body.found.fields[name]
        for name in map(Meaning, ("range_min", "range_max"))
        if name in body.found.fields
    ]
    if len(at) < 2:
        return [(choices.range, where)]
    low, high = (cells.numbers(one).spread(one.codes)[0] for one in map(body.column, at))
    said = where & (low < high)
    pairs = sorted(set(zip(low[said].tolist(), high[said].tolist(), strict=True)))
    found = [(pair, said & (low == pair[0]) & (high == pair[1])) for pair in pairs]
    left = where & ~said
    return [*found, *([(choices.range, left)] if left.any() else [])]


def _of_range(
    body: Body,
    side: Side,
    rater: str,
    instrument: Instrument,
    limits: tuple[float, float] | None,
    where: NDArray[np.bool_],
) -> list[Group]:
    """The group of these rows; none, and a question, where they have answers and no range."""
    if limits is None and (where & filled(body, side)).any():
        if side.session and body.bad[where].all():
            return []  # asked for at an earlier session's columns
        _ask_for_range(body, side, rater, where)
        return []
    low, high = limits or (np.nan, np.nan)
    group = Group(rater, instrument, low, high, where)
    items = {f"item_{n}": at for n, at in side.items.items() if n <= instrument.items}
    audited = set(side.scales) if items else set()
    if instrument.id == "facets" and all(facet in side.scales for facet in FACETS):
        audited.add("overall")
    answered = {"answered": side.fields["answered"]} if "answered" in side.fields else {}
    read_columns(body, group, {**items, **side.scales, **answered}, frozenset({*audited, "answered"}))
    return [group]


def _ask_for_range(body: Body, side: Side, rater: str, where: NDArray[np.bool_]) -> None:
    words = f"From which lowest to which highest mark do the {rater}'s scores go (MIN:MAX)?"
    place = next(iter(side.scales.values()), min(side.fields.values()))
    examples = _examples(body, side.scales, where)
    body.problems.ask(body.sheet, "range_needed", words, body.header(place), examples=examples)
    numbers = tally([body.sheet.columns[at] for at in side.scales.values()], body.rows[where]).numbers
    span = f" The values found go from {range_words(min(numbers), max(numbers))}." if numbers else ""
    at = next(iter(side.scales.values()), min(side.fields.values()))
    body.bad |= where
    message = (
        f"The {rater}'s scores are given directly, and their response range is not known.{span} "
        f"{counted(int(where.sum()), 'row', 'is')} left out until it is stated: --range MIN:MAX, or on the page; or name the instrument."
    )
    body.problems.add_sheet(ERROR, body.sheet, "range_needed", message, (body.found.row, at), body.header(at))
