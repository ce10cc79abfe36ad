"""A sheet of ratings: from its plan to forms, a column at a time, with every doubtful cell named."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliance_core.instruments import instruments
from alliance_core.reading import audit, cells
from alliance_core.reading.body import Body
from alliance_core.reading.cells import BLANK
from alliance_core.reading.choices import ReadingChoices
from alliance_core.reading.dates import AMBIGUOUS, dates
from alliance_core.reading.layouts import Plan, Side
from alliance_core.reading.problems import ERROR, WARNING
from alliance_core.reading.scale_cells import Group, read_columns
from alliance_core.reading.which_instrument import Verdict, from_items, joined, named, range_words, tally
from alliance_core.tables import FACETS, RATERS

MIN_FORMS_FOR_SHORTER = 5  # forms that leave the last items empty before a shorter version is thought of


class SheetForms(NamedTuple):
    """The forms of one sheet (FORMS columns and `_line`, `_column`), and in words what they were taken for."""

    forms: pd.DataFrame
    instruments: list[str]
    reasons: list[str]


def read_forms(body: Body, plan: Plan, choices: ReadingChoices) -> SheetForms:
    """All forms of a sheet; rows with errors are marked in `body.bad` and their forms are still there."""
    keys = _keys(body, plan, choices)
    parts: list[pd.DataFrame] = []
    reasons: list[str] = []
    for side in plan.sides:
        rater = keys.get("rater")
        raters = (
            pd.array([side.rater], dtype="str").take(np.zeros(len(body.rows), int))
            if rater is None
            else rater
        )
        groups = _groups(body, plan, side, raters, choices, reasons)
        parts.append(_side_forms(body, side, {**keys, "rater": raters}, groups))
    forms = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
    found = sorted(set(forms["instrument"].dropna().unique().tolist()))
    return SheetForms(forms, found, list(dict.fromkeys(reasons)))


def _keys(body: Body, plan: Plan, choices: ReadingChoices) -> dict[str, Any]:
    shared = plan.shared
    found: dict[str, Any] = {}
    for name in ("practitioner", "client"):
        at = shared[name]
        found[name] = body.needed(
            name, at, cells.identifiers(body.column(at)), "any name or code of up to 15 digits"
        )
    if "session" in shared:
        at = shared["session"]
        found["session"] = body.needed(
            "session", at, cells.sessions(body.column(at)), "a whole number from 1"
        )
    else:
        found["session"] = np.full(len(body.rows), np.nan)
    found["date"] = _days(body, shared, choices)
    if "rater" in shared and not any(side.rater for side in plan.sides):
        at = shared["rater"]
        read = cells.choice(body.column(at), cells.rater_of)
        found["rater"] = body.needed("rater", at, read, "client, practitioner (or therapist), or observer")
    return found


def _days(body: Body, shared: dict[str, int], choices: ReadingChoices) -> NDArray[Any]:
    """Days of the sessions. Where sessions have no number, a row needs its day."""
    if "date" not in shared:
        return np.full(len(body.rows), np.datetime64("NaT"), "datetime64[us]")
    at = shared["date"]
    column = body.column(at)
    read = dates(column, choices.date_order, body.sheet.from_1904).read
    days, states = read.spread(column.codes)
    severity = WARNING if "session" in shared else ERROR
    lost = "" if "session" in shared else " The sessions have no numbers, so each row needs its date."
    open_ = states == AMBIGUOUS
    if open_.any():
        _ask_for_order(body, at, open_, severity, lost)
    unknown = "the date is left unknown; " if "session" in shared else ""
    body.name_cells(
        severity,
        "date_unreadable",
        np.isnat(days) & (states != BLANK) & ~open_,
        at,
        lambda shown: (
            f"The date cannot be read: {shown}; {unknown}accepted are 2025-11-03, 3.11.2025, 3 Nov 2025 or a date cell.{lost}"
        ),
    )
    if "session" not in shared:
        body.name_cells(ERROR, "date_missing", states == BLANK, at, lambda shown: f"The date is empty.{lost}")
    return days


def _ask_for_order(body: Body, at: int, open_: NDArray[np.bool_], severity: str, lost: str) -> None:
    first = int(np.flatnonzero(open_)[0])
    shown = body.sheet.columns[at].shown()[int(body.column(at).codes[first])]
    count = int(open_.sum())
    if severity == ERROR:
        body.bad |= open_
    result = "These rows are left out." if severity == ERROR else "These dates are left unknown."
    body.problems.add_sheet(
        severity,
        body.sheet,
        "date_order_needed",
        f"{count:,} dates such as {shown} can be read day first or month first, and nothing in the column settles it. "
        f'{result}{lost} State the order: date_order = "dmy" or "mdy" in a profile, or on the page.',
        (int(body.rows[first]), at),
        body.header(at),
        shown,
    )


def _groups(
    body: Body, plan: Plan, side: Side, raters: Any, choices: ReadingChoices, reasons: list[str]
) -> list[Group]:
    """Rows of one side by rater and instrument, the instrument stated, chosen or recognised."""
    n = len(body.rows)
    stated = np.full(n, None, object)
    unknown = np.zeros(n, bool)
    at = side.fields.get("instrument", plan.shared.get("instrument"))
    if at is not None:
        column = body.column(at)
        names, states = cells.choice(column, named).spread(column.codes)
        unknown = ~np.isin(states, (cells.GOOD, BLANK))
        known = ", ".join(instruments())
        body.name_cells(
            ERROR,
            "instrument_unknown",
            unknown,
            at,
            lambda shown: f"The instrument {shown} is not known; accepted are {known}.",
        )
        stated = np.asarray(names, object)
    codes, ids = pd.factorize(stated)
    groups: list[Group] = []
    for rater in RATERS:
        of_rater = np.asarray(raters == rater, dtype=bool) & ~_missing(raters)
        if not of_rater.any():
            continue
        for code in [*range(len(ids)), -1]:
            where = of_rater & (codes == code) & ~unknown
            if where.any():
                chosen = ids[code] if code >= 0 else _chosen(body, side, rater, where, choices, reasons)
                group = _group(body, side, rater, chosen, where, choices)
                groups += [group] if group else []
    return groups


def _missing(values: Any) -> NDArray[np.bool_]:
    return np.asarray(pd.isna(values), dtype=bool)


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
    at = next(iter(side.items.values()))
    if not verdict.id:
        body.bad |= where
        body.problems.add_sheet(
            ERROR,
            body.sheet,
            verdict.code,
            f"The {rater}'s instrument cannot be told: {verdict.reason}. {int(where.sum()):,} rows are left out. "
            "Add a column Instrument, or state it (--instrument, or on the page).",
            (body.found.row, at),
            body.header(at),
        )
        return ""
    reasons.append(verdict.reason)
    if verdict.confirm:
        body.problems.add_sheet(
            WARNING,
            body.sheet,
            "instrument_to_confirm",
            f"The {rater}'s ratings: {verdict.reason}. These are few answers to tell by: please confirm it.",
            (body.found.row, at),
            body.header(at),
        )
    return verdict.id


def _recognised(body: Body, side: Side, rater: str, where: NDArray[np.bool_]) -> Verdict:
    columns = [body.sheet.columns[at] for at in side.items.values()]
    rows = body.rows[where]
    answers = [tally([cells_], rows) for cells_ in columns]
    used = max((n for n, one in enumerate(answers, 1) if one.numbers or one.texts), default=0)
    shorter = used < len(columns) and len(rows) >= MIN_FORMS_FOR_SHORTER
    if shorter and any(one.items == used and rater in one.raters for one in instruments().values()):
        return from_items(
            used, joined(answers)
        )  # e.g. a practitioner's version with fewer items in the same columns
    verdict = from_items(len(columns), joined(answers))
    if verdict.code == "no_answers":  # only missed forms: what the sheet's other rows are, these are
        return from_items(len(columns), tally(columns, body.rows))
    return verdict


def _group(
    body: Body, side: Side, rater: str, chosen: str, where: NDArray[np.bool_], choices: ReadingChoices
) -> Group | None:
    if not chosen:
        return None
    instrument = instruments()[chosen]
    limits = instrument.range or choices.range
    if limits is None:
        _ask_for_range(body, side, rater, chosen, where)
        return None
    group = Group(rater, instrument, limits[0], limits[1], where)
    items = {f"item_{n}": at for n, at in side.items.items() if n <= instrument.items}
    scales = dict(side.scales)
    answered = {"answered": side.fields["answered"]} if "answered" in side.fields else {}
    beside_items = frozenset(scales) if items else frozenset(())
    total_beside_facets = (
        frozenset({"overall"}) if len(scales) == 4 and instrument.id == "facets" else frozenset(())
    )
    read_columns(
        body, group, {**items, **scales, **answered}, beside_items | total_beside_facets | {"answered"}
    )
    return group


def _ask_for_range(body: Body, side: Side, rater: str, chosen: str, where: NDArray[np.bool_]) -> None:
    answers = tally([body.sheet.columns[at] for at in side.scales.values()], body.rows[where])
    span = (
        f" The values found go from {range_words(min(answers.numbers), max(answers.numbers))}."
        if answers.numbers
        else ""
    )
    at = next(iter(side.scales.values()), 0)
    body.bad |= where
    body.problems.add_sheet(
        ERROR,
        body.sheet,
        "range_needed",
        f"The {rater}'s scores are given directly, and their response range is not known.{span} {int(where.sum()):,} rows are left "
        "out until it is stated: --range MIN:MAX, or on the page; or name the instrument.",
        (body.found.row, at),
        body.header(at),
    )


def _side_forms(body: Body, side: Side, keys: dict[str, Any], groups: list[Group]) -> pd.DataFrame:
    n = len(body.rows)
    instrument = np.full(n, -1)
    low, high = np.full(n, np.nan), np.full(n, np.nan)
    values: dict[str, NDArray[np.float64]] = {}
    for number, group in enumerate(groups):
        instrument[group.where] = number
        low[group.where], high[group.where] = group.low, group.high
        for name, column in group.values.items():
            values[name] = np.where(group.where, column, values[name]) if name in values else column
    ids = pd.array([group.instrument.id for group in groups], dtype="str")
    forms = body.frame(
        {
            **keys,
            "instrument": ids.take(instrument, allow_fill=True),
            "range_min": low,
            "range_max": high,
            **values,
            "_column": np.full(n, min(side.fields.values())),
        }
    )
    return audit.audited(body, side, groups, forms)
