"""Rows of one side by rater and instrument: the instrument stated, chosen or recognised, or asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliance_core.instruments import instruments
from alliance_core.reading import cells
from alliance_core.reading.body import Body
from alliance_core.reading.cells import BLANK, GOOD
from alliance_core.reading.choices import ReadingChoices
from alliance_core.reading.mapping import letters
from alliance_core.reading.plans import Plan, Side
from alliance_core.reading.problems import ERROR, MOST_EXAMPLES, WARNING, counted
from alliance_core.reading.scale_cells import Group, read_columns
from alliance_core.reading.which_instrument import Verdict, from_items, joined, named, range_words, tally
from alliance_core.tables import FACETS, RATERS

MIN_FORMS_FOR_SHORTER = 5  # forms that leave the last items empty before a shorter version is thought of


def groups(
    body: Body, plan: Plan, side: Side, raters: Any, choices: ReadingChoices, reasons: list[str]
) -> list[Group]:
    """Rows of one side by rater and instrument, their columns read; `reasons` gets the words for what was recognised.

    A row without any answer needs no instrument of its own: it takes the one beside it.
    """
    stated, unknown = _stated(body, plan, side)
    codes, ids = pd.factorize(stated, sort=True)
    filled = _filled(body, side)
    found: list[Group] = []
    for rater in RATERS:
        of_rater = (
            np.asarray(raters == rater, dtype=bool) & ~np.asarray(pd.isna(raters), dtype=bool) & ~unknown
        )
        beside: str = ""
        for code in range(len(ids)):
            where = of_rater & (codes == code)
            if where.any():
                found += _group(body, side, rater, ids[code], where, choices)
                beside = beside or ids[code]
        rated = of_rater & (codes == -1) & filled
        if rated.any():
            chosen = _chosen(body, side, rater, rated, choices, reasons)
            found += _group(body, side, rater, chosen, rated, choices)
            beside = beside or chosen
        missed = of_rater & (codes == -1) & ~filled
        if missed.any():
            other = (
                choices.instrument_for(rater) or beside or next(iter(ids), "") or _of_length(len(side.items))
            )
            found += _group(body, side, rater, other, missed, choices)
    return found


def _stated(body: Body, plan: Plan, side: Side) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """The instrument that each row names (None where it does not), and rows that name one that is not known."""
    n = len(body.rows)
    at = side.fields.get("instrument", plan.shared.get("instrument"))
    if at is None:
        return np.full(n, None, object), np.zeros(n, bool)
    column = body.column(at)
    names, states = cells.choice(column, named).spread(column.codes)
    unknown = ~np.isin(states, (GOOD, BLANK))
    known = ", ".join(instruments())
    body.name_cells(
        ERROR,
        "instrument_unknown",
        unknown,
        at,
        lambda shown: f"The instrument {shown or 'in this cell'} is not known; accepted are {known}.",
    )
    return np.asarray(names, object), unknown


def _filled(body: Body, side: Side) -> NDArray[np.bool_]:
    """Rows with anything in the side's columns that may be an answer."""
    filled = np.zeros(len(body.rows), bool)
    for at in (*side.items.values(), *side.scales.values()):
        column = body.column(at)
        pairs = zip(column.kinds, column.values, strict=True)
        answers = [
            kind in "nbdh" or (kind == "t" and not cells.is_blank_word(value)) for kind, value in pairs
        ]
        filled |= np.array(answers, dtype=bool)[column.codes]
    return filled


def _of_length(items: int) -> str:
    """Any instrument with so many items, for forms without an answer: no score depends on it."""
    return next((one.id for one in instruments().values() if one.items == items and items), "facets")


def _chosen(
    body: Body, side: Side, rater: str, where: NDArray[np.bool_], choices: ReadingChoices, reasons: list[str]
) -> str:
    """The instrument of rows that do not name it; "" with an error where it cannot be told."""
    chosen = choices.instrument_for(rater)
    if chosen:
        reasons.append(f"{chosen} as chosen")
        return chosen
    if not side.items:
        found = "facets" if any(facet in side.scales for facet in FACETS) else "total"
        reasons.append("scores given directly" if found == "facets" else "one overall score given directly")
        return found
    verdict = _recognised(body, side, rater, where)
    place = (body.found.row, next(iter(side.items.values())))
    header = body.header(place[1])
    if not verdict.id:
        _ask_which(body, side, rater, verdict.code, where)
        body.bad |= where
        message = (
            f"The {rater}'s instrument cannot be told: {verdict.reason}. {counted(int(where.sum()), 'row', 'is')} left out. "
            "Add a column Instrument, or state it (--instrument, or on the page)."
        )
        body.problems.add_sheet(ERROR, body.sheet, verdict.code, message, place, header)
        return ""
    span = f"{letters(body.sheet, place[1])}–{letters(body.sheet, max(side.items.values()))}"
    reasons.append(f"columns {span} hold {verdict.reason}")
    if verdict.confirm:
        _ask_which(body, side, rater, "instrument_to_confirm", where)
        message = (
            f"The {rater}'s ratings: {verdict.reason}. These are few answers to tell by: please confirm it."
        )
        body.problems.add_sheet(WARNING, body.sheet, "instrument_to_confirm", message, place, header)
    return verdict.id


def _ask_which(body: Body, side: Side, rater: str, code: str, where: NDArray[np.bool_]) -> None:
    length = len(side.items)
    known = [one for one in instruments().values() if rater in one.raters]
    fitting = [one.id for one in known if one.items == length] or [one.id for one in known if one.items]
    words = f"Which form did the {rater} fill in? There are {length} item columns."
    at = next(iter(side.items.values()))
    body.problems.ask(body.sheet, code, words, body.header(at), fitting, _examples(body, side.items, where))


def _examples(body: Body, columns: Mapping[Any, int], where: NDArray[np.bool_]) -> list[str]:
    """Different values of some columns, as they stand in the sheet, a few of each."""
    found: list[str] = []
    for at in columns.values():
        shown = body.sheet.columns[at].shown()
        found += [shown[code] for code in np.unique(body.column(at).codes[where]).tolist()[:MOST_EXAMPLES]]
    return sorted(dict.fromkeys(found), key=lambda one: (len(one), one))


def _recognised(body: Body, side: Side, rater: str, where: NDArray[np.bool_]) -> Verdict:
    columns = [body.sheet.columns[at] for at in side.items.values()]
    rows = body.rows[where]
    answers = [tally([column], rows) for column in columns]
    used = max((n for n, one in enumerate(answers, 1) if one.numbers or one.texts), default=0)
    shorter = used < len(columns) and len(rows) >= MIN_FORMS_FOR_SHORTER
    if shorter and any(one.items == used and rater in one.raters for one in instruments().values()):
        return from_items(
            used, joined(answers)
        )  # e.g. a practitioner's version with fewer items in the same columns
    return from_items(len(columns), joined(answers))


def _group(
    body: Body, side: Side, rater: str, chosen: str, where: NDArray[np.bool_], choices: ReadingChoices
) -> list[Group]:
    """The group with its columns read; none where the instrument or the range is missing."""
    if not chosen:
        return []
    instrument = instruments()[chosen]
    limits = instrument.range or choices.range
    if limits is None and (where & _filled(body, side)).any():
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
