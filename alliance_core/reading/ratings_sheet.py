"""A sheet of ratings: from its plan to forms, a column at a time, with every doubtful cell named."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliance_core.instruments import Instrument, instruments
from alliance_core.reading import audit, cells, instrument_groups
from alliance_core.reading.body import Body
from alliance_core.reading.both_raters import Judged
from alliance_core.reading.cells import BAD, BLANK
from alliance_core.reading.choices import ReadingChoices
from alliance_core.reading.dates import AMBIGUOUS, dates
from alliance_core.reading.plans import Plan, Side
from alliance_core.reading.problems import ERROR, WARNING, counted
from alliance_core.reading.scale_cells import Group
from alliance_core.tables import RATERS, SCALES


class SheetForms(NamedTuple):
    """The forms of one sheet (FORMS columns, `_line`, `_column`, `_dated`), and in words what they were taken for."""

    forms: pd.DataFrame
    instruments: list[str]
    reasons: list[str]


def read_forms(body: Body, plan: Plan, choices: ReadingChoices, judged: Judged) -> SheetForms:
    """All forms of a sheet; rows with errors are marked in `body.bad` and their forms are still there.

    `judged`: what the answers of raters whose forms name no instrument were taken for.
    """
    keys = _keys(body, plan, choices)
    parts: list[pd.DataFrame] = []
    reasons: list[str] = []
    found: set[str] = set()
    unusual = False
    recognised = instrument_groups.told(judged, reasons)
    for side in plan.sides:
        rater = keys.get("rater")
        raters = (
            pd.array([side.rater], dtype="str").take(np.zeros(len(body.rows), int))
            if rater is None
            else rater
        )
        groups = instrument_groups.groups(body, plan, side, raters, choices, recognised, reasons)
        found |= {group.instrument.id for group in groups if group.answered}
        unusual = unusual or any(not _made_for(group.instrument, group.rater) for group in groups)
        own = _of_session(body, side, choices) if side.session else {}
        parts.append(_side_forms(body, side, {**keys, **own, "rater": raters}, groups))
    forms = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
    if any(
        side.session for side in plan.sides
    ):  # an empty cell says nothing of whether the session took place
        forms = forms.loc[forms[_answers(forms)].notna().any(axis=1)].reset_index(drop=True)
    if unusual:
        _point_out_other_raters(body, plan, forms)
    return SheetForms(forms, sorted(found), list(dict.fromkeys(reasons)))


def _answers(forms: pd.DataFrame) -> list[str]:
    return [name for name in forms.columns if name in SCALES or name.startswith("item_")]


def _made_for(instrument: Instrument, rater: str) -> bool:
    """Whether the instrument is made for this rater. Scores given directly (`facets`, `total`) are no form made for anybody."""
    return rater in instrument.raters or not instrument.items


def _point_out_other_raters(body: Body, plan: Plan, forms: pd.DataFrame) -> None:
    """Forms of somebody for whom the instrument is not made, once for each rater and instrument: used, but told."""
    used = forms[_answers(forms)].notna().any(axis=1) & forms["_line"].isin(body.rows[~body.bad])
    whose = forms.loc[used, ["rater", "instrument", "_line", "_column"]]
    first_of_each = whose.drop_duplicates(["rater", "instrument"]).sort_values(["rater", "instrument"])
    for first in first_of_each.dropna().itertuples(index=False):
        rater, name = str(first.rater), str(first.instrument)
        instrument = instruments()[name]
        if _made_for(instrument, rater):
            continue
        count = int((whose["rater"].eq(rater) & whose["instrument"].eq(name)).sum())
        line, column = (int(one) for one in first[2:])
        place = (line, plan.shared.get("rater", column))
        body.problems.add_sheet(
            WARNING,
            body.sheet,
            "rater_of_instrument",
            f"{counted(count, 'form', 'is')} the {rater}'s, and {name} is made for the {' or '.join(instrument.raters)}. "
            "They are used as they stand: check whose ratings they are, and which form was filled in.",
            place,
            body.header(place[1]),
        )


def _of_session(body: Body, side: Side, choices: ReadingChoices) -> dict[str, Any]:
    """Number and day of the session whose columns these are."""
    number = np.full(len(body.rows), float(side.session))
    if "date" not in side.fields:
        return {"session": number}
    at = side.fields["date"]
    return {"session": number, "date": _days(body, {"session": 0, "date": at}, choices), "_dated": at}


def _keys(body: Body, plan: Plan, choices: ReadingChoices) -> dict[str, Any]:
    shared = plan.shared
    found: dict[str, Any] = {}
    for name in ("practitioner", "client"):
        if name in plan.fixed:
            found[name] = pd.array([plan.fixed[name]], dtype="str").take(np.zeros(len(body.rows), int))
            continue
        at = shared[name]
        found[name] = body.needed(
            name,
            at,
            cells.identifiers(body.column(at)),
            "any name or code, stored as text where it has more than 15 digits",
        )
    if "session" in shared:
        at = shared["session"]
        found["session"] = body.needed(
            "session", at, cells.sessions(body.column(at)), "a whole number from 1"
        )
    else:
        found["session"] = np.full(len(body.rows), np.nan)
    found["date"] = _days(body, {**shared, "session": 0} if plan.numbered else shared, choices)
    found["_dated"] = shared.get("date", -1)
    if "rater" in shared and not any(side.rater for side in plan.sides):
        at = shared["rater"]
        read = cells.choice(body.column(at), choices.rater_of)
        _ask_whose(body, at, read)
        found["rater"] = body.needed("rater", at, read, "client, practitioner (or therapist), or observer")
    return found


def _ask_whose(body: Body, at: int, read: cells.Read) -> None:
    """Words in the rater's column that do not say whose rating it is."""
    codes = body.column(at).codes
    unknown = np.unique(codes[read.states[codes] == BAD]).tolist()
    if unknown:
        shown = [body.sheet.columns[at].shown()[code] for code in unknown]
        words = "Whose rating do these words stand for? ([raters] in a profile, or on the page)"
        body.problems.ask(body.sheet, "rater_unreadable", words, body.header(at), RATERS, shown)


def _days(body: Body, shared: dict[str, int], choices: ReadingChoices) -> NDArray[Any]:
    """Days of the sessions. Where sessions have no number, a row needs its day."""
    if "date" not in shared:
        return np.full(len(body.rows), np.datetime64("NaT", "us"), "datetime64[us]")
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
    examples = [
        body.sheet.columns[at].shown()[code] for code in np.unique(body.column(at).codes[open_]).tolist()
    ]
    words = "Which comes first in dates such as these: the day (dmy) or the month (mdy)?"
    body.problems.ask(body.sheet, "date_order_needed", words, body.header(at), ("dmy", "mdy"), examples)
    if severity == ERROR:
        body.bad |= open_
    result = "These rows are left out." if severity == ERROR else "These dates are left unknown."
    body.problems.add_sheet(
        severity,
        body.sheet,
        "date_order_needed",
        f"{counted(count, 'date')} such as {shown} can be read day first or month first, and nothing in the column settles it. "
        f'{result}{lost} State the order: date_order = "dmy" or "mdy" in a profile, or on the page.',
        (int(body.rows[first]), at),
        body.header(at),
        shown,
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
