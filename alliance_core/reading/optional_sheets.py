"""The optional sheets: recorded markers, and what is known of each case."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from alliance_core.reading import cells, wordings
from alliance_core.reading.body import Body
from alliance_core.reading.cells import BLANK
from alliance_core.reading.choices import ReadingChoices
from alliance_core.reading.dates import AMBIGUOUS, dates
from alliance_core.reading.problems import ERROR, WARNING

_LOW, _HIGH = 1, 5  # significance and resolution, 3RS manual (Eubanks, Muran & Safran 2015)


def _kind_of(text: str) -> str | None:
    key = wordings.key(text)
    return next(
        (kind for kind in ("withdrawal", "confrontation") if key in wordings.known("values", kind)), None
    )


def _case_keys(body: Body, shared: dict[str, int]) -> dict[str, Any]:
    return {
        name: body.needed(
            name,
            shared[name],
            cells.identifiers(body.column(shared[name])),
            "any name or code, stored as text where it has more than 15 digits",
        )
        for name in ("practitioner", "client")
    }


def _text(body: Body, shared: dict[str, int], name: str) -> Any:
    if name not in shared:
        return pd.array([None] * len(body.rows), dtype="str")
    column = body.column(shared[name])
    return cells.texts(column).values[column.codes]


def read_markers(body: Body, shared: dict[str, int], choices: ReadingChoices) -> pd.DataFrame:
    """MARKERS with `_line` and `_column`; a marker needs practitioner, client, session and kind."""
    data = _case_keys(body, shared)
    at = shared["session"]
    data["session"] = body.needed("session", at, cells.sessions(body.column(at)), "a whole number from 1")
    at = shared["kind"]
    data["kind"] = body.needed(
        "kind", at, cells.choice(body.column(at), _kind_of), "withdrawal or confrontation"
    )
    for name in ("significance", "resolution"):
        data[name] = _mark(body, shared, name)
    for name in ("marker", "noted_by", "note"):
        data[name] = _text(body, shared, name)
    return body.frame({**data, "_column": np.full(len(body.rows), shared["kind"])})


def _mark(body: Body, shared: dict[str, int], name: str) -> Any:
    if name not in shared:
        return np.full(len(body.rows), np.nan)
    at = shared[name]
    column = body.column(at)
    values, states = cells.numbers(column).spread(column.codes)
    wrong = ~np.isnan(values) & ~((values >= _LOW) & (values <= _HIGH))
    wrong |= ~np.isin(states, (cells.GOOD, BLANK))
    body.name_cells(
        ERROR,
        "out_of_range",
        wrong,
        at,
        lambda shown: (
            f"{name.capitalize()} is {shown or 'not readable'}; it goes from {_LOW} to {_HIGH}, or stays empty."
        ),
    )
    return values


def read_cases(body: Body, shared: dict[str, int], choices: ReadingChoices) -> pd.DataFrame:
    """CASE_NOTES with `_line` and `_column`; a date that cannot be read is left unknown."""
    data = _case_keys(body, shared)
    for name in ("team", "approach"):
        data[name] = _text(body, shared, name)
    for name in ("started", "closed"):
        data[name] = _day(body, shared, name, choices)
    return body.frame({**data, "_column": np.full(len(body.rows), shared["client"])})


def _day(body: Body, shared: dict[str, int], name: str, choices: ReadingChoices) -> Any:
    if name not in shared:
        return np.full(len(body.rows), np.datetime64("NaT", "us"), "datetime64[us]")
    at = shared[name]
    column = body.column(at)
    days, states = dates(column, choices.date_order, body.sheet.from_1904).read.spread(column.codes)
    body.name_cells(
        WARNING,
        "date_order_needed",
        states == AMBIGUOUS,
        at,
        lambda shown: (
            f"{shown} can be read day first or month first and is left unknown. State the order: date_order "
            "in a profile, or on the page."
        ),
    )
    body.name_cells(
        WARNING,
        "date_unreadable",
        np.isnat(days) & ~np.isin(states, (BLANK, AMBIGUOUS)),
        at,
        lambda shown: (
            f"The date cannot be read: {shown}; it is left unknown. Accepted are 2025-11-03, 3.11.2025 or a date cell."
        ),
    )
    return days
