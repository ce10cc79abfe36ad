"""The answers of one rater's forms in one sheet, counted: what their instrument is recognised by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alliance_core.instruments import instruments
from alliance_core.reading import cells
from alliance_core.reading.body import Body
from alliance_core.reading.cells import BLANK, GOOD
from alliance_core.reading.choices import ReadingChoices, comparable
from alliance_core.reading.plans import Plan, Side
from alliance_core.reading.which_instrument import Tally, heading, joined, marks, named, tally
from alliance_core.tables import RATERS

MIN_FORMS_FOR_SHORTER = 5  # forms that leave the last items empty before a shorter version is thought of


@dataclass(frozen=True, eq=False)
class Lot:
    """One rater's forms in one sheet. `said`: the instrument that they name or that was chosen; "" where it is to be told.

    `number` is the sheet's; `alike` is what it has in common with its sister sheets; `where` marks the rows;
    `items` are the columns of the first session's items, by the item's number.
    """

    number: int
    alike: frozenset[Any]
    rater: str
    said: str
    body: Body
    plan: Plan
    sides: tuple[Side, ...]
    wheres: tuple[NDArray[np.bool_], ...]

    @property
    def where(self) -> NDArray[np.bool_]:
        """Rows with any of these forms."""
        return np.logical_or.reduce(self.wheres)

    @property
    def items(self) -> dict[int, int]:
        return self.sides[0].items

    @property
    def named(self) -> str:
        """The instrument that the items' headers or the sheet's name say; "" where they say none."""
        headers = [self.body.header(at) for at in self.items.values()]
        said = self.plan.form or heading(headers) or named(self.body.sheet.label) or ""
        return said if said and instruments()[said].items else ""

    @property
    def forms(self) -> int:
        """How many forms these are."""
        return sum(int(where.sum()) for where in self.wheres)

    @cached_property
    def counts(self) -> list[Tally]:
        """The answers of each item, in the items' order."""
        sheet, rows = self.body.sheet, self.body.rows
        places = zip(self.sides, self.wheres, strict=True)
        each = [
            [tally([sheet.columns[at]], rows[where]) for at in side.items.values()] for side, where in places
        ]
        return [joined(list(same)) for same in zip(*each, strict=True)]

    @cached_property
    def answers(self) -> Tally:
        """All their answers."""
        return joined(self.counts)

    @property
    def used(self) -> int:
        """The last item (counted from 1) that anybody answered; 0 where nobody did."""
        return max((n for n, one in enumerate(self.counts, 1) if one.numbers or one.texts), default=0)

    @property
    def length(self) -> int:
        """How many items the form has: fewer than there are columns where enough forms leave the last ones empty."""
        known = {one.items for one in instruments().values() if one.items and self.rater in one.raters}
        shorter = self.forms >= MIN_FORMS_FOR_SHORTER and self.used in known
        return self.used if shorter else len(self.items)

    @cached_property
    def cases(self) -> frozenset[tuple[str, str]]:
        """Practitioner and client of each case."""
        return self._cases(self.where)

    def cases_above(self, mark: float) -> int:
        """How many of these cases have an answer above a mark."""
        above = np.zeros(len(self.body.rows), bool)
        for side, where in zip(self.sides, self.wheres, strict=True):
            for at in side.items.values():
                above |= where & (marks(self.body.column(at)) > mark)
        return len(self._cases(above))

    def _cases(self, where: NDArray[np.bool_]) -> frozenset[tuple[str, str]]:
        """Practitioner and client of some rows, each pair once."""
        (whose, of_row), (who, with_row) = (self._ids(name) for name in ("practitioner", "client"))
        pairs = np.unique(of_row[where].astype(np.int64) * len(who) + with_row[where])
        return frozenset((whose[pair // len(who)], who[pair % len(who)]) for pair in pairs.tolist())

    def _ids(self, name: str) -> tuple[list[Any], NDArray[Any]]:
        """The different ids of a column, and of each row which one it is."""
        if name in self.plan.fixed:
            return [self.plan.fixed[name]], np.zeros(len(self.body.rows), np.int64)
        column = self.body.column(self.plan.shared[name])
        return np.asarray(cells.identifiers(column).values, object).tolist(), column.codes


def lots(number: int, body: Body, plan: Plan, choices: ReadingChoices) -> list[Lot]:
    """The lots of one sheet with items, by rater and by the instrument that is named or chosen."""
    found: dict[tuple[str, str], list[tuple[Side, NDArray[np.bool_]]]] = {}
    for side in plan.sides:
        if not side.items:
            continue
        names, named_any = stated(body, plan, side)
        answered = filled(body, side)
        for rater, rows in _raters(body, plan, side, choices):
            own = {"": ~named_any, **{name: names == name for name in set(names[named_any]) - {None}}}
            for name, where in own.items():
                if (forms := rows & answered & where).any():
                    said = name or choices.instrument_for(rater) or ""
                    found.setdefault((rater, said), []).append((side, forms))
    same = alike(body, plan)
    return [
        Lot(number, same, rater, said, body, plan, *zip(*parts, strict=True))
        for (rater, said), parts in found.items()
    ]


def alike(body: Body, plan: Plan) -> frozenset[Any]:
    """The set of headers; where sessions are columns, what these hold, however many sessions there are."""
    if any(side.session for side in plan.sides):
        held = {(side.rater, field) for side in plan.sides for field in side.fields}
        return frozenset({*held, *plan.shared, *plan.fixed})
    return frozenset(comparable(header) for header in body.found.headers if header)


def _raters(
    body: Body, plan: Plan, side: Side, choices: ReadingChoices
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Each rater of a side's rows, and which rows are theirs."""
    if side.rater or "rater" not in plan.shared:
        if side.rater:
            yield side.rater, np.ones(len(body.rows), bool)
        return
    column = body.column(plan.shared["rater"])
    said = np.asarray(cells.choice(column, choices.rater_of).values, object)
    for rater in RATERS:
        yield rater, (said == rater)[column.codes]


def stated(body: Body, plan: Plan, side: Side) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """The instrument that each row names (None where it does not), and rows that name any, known or not."""
    n = len(body.rows)
    at = side.fields.get("instrument", plan.shared.get("instrument"))
    if at is None:
        return np.full(n, None, object), np.zeros(n, bool)
    column = body.column(at)
    names, states = cells.choice(column, named).spread(column.codes)
    known = np.full(n, None, object)
    known[states == GOOD] = np.asarray(names, object)[states == GOOD]
    return known, states != BLANK


def filled(body: Body, side: Side) -> NDArray[np.bool_]:
    """Rows with anything in the side's columns that may be an answer."""
    found = np.zeros(len(body.rows), bool)
    for at in (*side.items.values(), *side.scales.values()):
        column = body.column(at)
        pairs = zip(column.kinds, column.values, strict=True)
        answers = [
            kind in "nbdh" or (kind == "t" and not cells.is_blank_word(value)) for kind, value in pairs
        ]
        found |= np.array(answers, dtype=bool)[column.codes]
    return found
