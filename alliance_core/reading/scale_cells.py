"""Answers and supplied scores of one side: read with their instrument, checked against its range."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from alliance_core.instruments import Instrument
from alliance_core.reading import cells
from alliance_core.reading.body import Body
from alliance_core.reading.cells import BAD, ERROR_CELL, GOOD, NO_RESULT
from alliance_core.reading.problems import ERROR, NOTE, WARNING, counted
from alliance_core.reading.which_instrument import REFUSED_CELLS, REFUSED_SHARE, range_words


@dataclass
class Group:
    """Rows of one side that share rater and instrument. `where` marks them among the body's rows.

    `total_is_sum`: the overall stands on the scale of a sum of the items.
    """

    rater: str
    instrument: Instrument
    low: float
    high: float
    where: NDArray[np.bool_]
    values: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    total_is_sum: bool = False

    @property
    def answered(self) -> bool:
        """Whether any value was read."""
        return any(not np.isnan(column).all() for column in self.values.values())

    @property
    def range(self) -> str:
        return range_words(self.low, self.high)

    @property
    def range_of_sum(self) -> str:
        return range_words(self.instrument.items * self.low, self.instrument.items * self.high)


def _goes(group: Group, name: str) -> str:
    """The range that a column was judged on, in words."""
    if name == "overall" and group.total_is_sum:
        return f"the sum of {group.instrument.items} items of {group.instrument.id} goes from {group.range_of_sum}"
    if group.instrument.range is None:
        return f"the stated range goes from {group.range}"
    return f"{group.instrument.id} goes from {group.range}"


def _label(group: Group, name: str) -> str:
    return f"{group.rater.capitalize()} {name.replace('_', ' ')}"


def read_columns(body: Body, group: Group, columns: dict[str, int], unchecked: frozenset[str]) -> None:
    """Fill `group.values` from the columns (by field); name what cannot be read or lies outside the range.

    Where a tenth of the cells or more lie outside, the instrument itself is doubted and all its rows are refused.
    """
    outside: dict[str, NDArray[np.bool_]] = {}
    answered = 0
    for name, at in columns.items():
        words = group.instrument.answers if name.startswith("item_") else ()
        read = cells.numbers(body.column(at), words, group.low)
        codes = body.column(at).codes
        values, states = read.spread(codes)
        here = group.where & (states == GOOD)
        group.values[name] = np.where(here, values, np.nan)
        _unreadable(body, group, name, at, states)
        if name not in unchecked:
            outside[name] = here & ~((values >= group.low) & (values <= group.high))
            answered += int(here.sum())
    if "overall" in outside:
        outside["overall"] = _outside_as_total(body, group, columns["overall"], outside["overall"])
    count = sum(int(mask.sum()) for mask in outside.values())
    if count >= REFUSED_CELLS and count > REFUSED_SHARE * answered:
        _refuse(body, group, columns, outside, count)
    else:
        _name_outside(body, group, columns, outside)
        _name_too_few(body, group, columns)


def _name_too_few(body: Body, group: Group, columns: dict[str, int]) -> None:
    """Forms with some answers, but too few for a score."""
    items = {int(name[5:]): group.values[name] for name in columns if name.startswith("item_")}
    if not items:
        return
    instrument = group.instrument
    there = {number: ~np.isnan(values) for number, values in items.items()}
    nothing = np.zeros(len(body.rows), np.int16)
    count = sum((mask.astype(np.int16) for mask in there.values()), nothing)
    lacking: dict[str, NDArray[np.bool_]] = {}
    for scale, needed in instrument.minimum_answered.items():
        keyed = range(1, instrument.items + 1) if scale == "overall" else instrument.facets.get(scale, ())
        answered = sum((there[n].astype(np.int16) for n in keyed if n in there), nothing)
        lacking[scale] = group.where & (count > 0) & (answered < needed)
    some = np.logical_or.reduce(list(lacking.values())) & ~body.bad
    if not some.any():
        return
    rows = np.flatnonzero(some)
    pattern = sum(
        (mask[rows].astype(np.int64) << bit for bit, mask in enumerate(lacking.values())),
        np.zeros(len(rows), np.int64),
    )
    names = {
        p: ", ".join(s for bit, s in enumerate(lacking) if p >> bit & 1) for p in np.unique(pattern).tolist()
    }
    messages = [
        f"The {group.rater} answered {n} of {instrument.items} items, too few for a score of: {names[p]}."
        for n, p in zip(count[rows].tolist(), pattern.tolist(), strict=True)
    ]
    at = columns[f"item_{min(items)}"]
    body.problems.add_cells(
        WARNING, body.sheet, "too_few_answers", messages, body.rows[rows], at, body.header(at)
    )


def _unreadable(body: Body, group: Group, name: str, at: int, states: NDArray[np.uint8]) -> None:
    label = _label(group, name)
    accepted = f"a number from {group.range}"
    if name.startswith("item_") and group.instrument.answers:
        accepted += f", {group.instrument.answers[0]} … {group.instrument.answers[-1]}"
    body.name_cells(
        ERROR,
        "not_a_number",
        group.where & (states == BAD),
        at,
        lambda shown: (
            f"{label} cannot be read as a number: {shown}. Accepted are {accepted}, n/a, or an empty cell."
        ),
    )
    body.name_cells(
        WARNING,
        "error_cell",
        group.where & (states == ERROR_CELL),
        at,
        lambda shown: f"{label} is an error cell and was counted as not answered.",
    )
    body.name_cells(
        WARNING,
        "formula_without_result",
        group.where & (states == NO_RESULT),
        at,
        lambda shown: (
            f"{label} is a formula whose result was not saved; it was counted as not answered. "
            "Open the workbook in your spreadsheet program and save it."
        ),
    )


def _outside_as_total(body: Body, group: Group, at: int, outside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A total may stand on the scale of a sum, when the whole column does; single cells are then judged by that scale."""
    n = group.instrument.items
    values = group.values["overall"]
    there = group.where & ~np.isnan(values)
    if not n or outside.sum() * 2 <= there.sum():
        return outside
    beyond = there & ~((values >= n * group.low) & (values <= n * group.high))
    if beyond.sum() * 2 >= there.sum():
        return outside
    group.total_is_sum = True
    body.problems.add_sheet(
        NOTE,
        body.sheet,
        "total_is_a_sum",
        f"{_label(group, 'overall')} lies within {group.range_of_sum}: read as the sum of "
        f"{n} items and divided by {n}.",
        (body.found.row, at),
        body.header(at),
    )
    return beyond


def _name_outside(
    body: Body, group: Group, columns: dict[str, int], outside: dict[str, NDArray[np.bool_]]
) -> None:
    for name, mask in outside.items():
        label = _label(group, name)
        goes = _goes(group, name)
        body.name_cells(
            ERROR,
            "out_of_range",
            mask,
            columns[name],
            lambda shown, label=label, goes=goes: f"{label} is {shown}; {goes}.",
        )


def _refuse(
    body: Body, group: Group, columns: dict[str, int], outside: dict[str, NDArray[np.bool_]], count: int
) -> None:
    name = next(name for name, mask in outside.items() if mask.any())
    first = int(np.flatnonzero(outside[name])[0])
    at = columns[name]
    code = int(body.column(at).codes[first])
    shown = body.sheet.columns[at].shown()[code]
    refused = int(group.where.sum())
    body.bad |= group.where
    body.problems.add_sheet(
        ERROR,
        body.sheet,
        "range_conflict",
        f"{count:,} of the {group.rater}'s values do not fit: {_goes(group, name)}; the first is "
        f"{shown}. {counted(refused, 'row', 'is')} left out: another instrument's key would give plausible nonsense. "
        "State the instrument (--instrument, or on the page) or correct the Instrument column.",
        (int(body.rows[first]), at),
        body.header(at),
        shown,
    )
