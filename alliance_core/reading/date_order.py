"""Day first or month first, where one column does not settle it: as the other columns of dates with the same headers do."""

from __future__ import annotations

from collections.abc import Iterable

from alliance_core.reading.body import Body
from alliance_core.reading.dates import AMBIGUOUS, dates
from alliance_core.reading.evidence import alike
from alliance_core.reading.one_sheet import Reading
from alliance_core.reading.plans import Plan


def settle_date_order(readings: Iterable[Reading]) -> None:
    """For sheets of forms with open dates: the order that all others agree on whose dates settle it.

    A sheet for each practitioner or case, and a column for each session, are one column in another shape.
    """
    families: dict[object, list[tuple[Reading, set[str], bool]]] = {}
    for one in readings:
        if one.body and one.plan and one.plan.kind == "forms" and one.choices.date_order is None:
            families.setdefault(alike(one.body, one.plan), []).append((one, *_orders(one.body, one.plan)))
    for same in families.values():
        orders = set().union(*(own for _, own, _ in same))
        if len(orders) != 1:
            continue
        order = orders.pop()
        for reading, own, open_ in same:
            if open_:
                reading.choices = reading.choices.model_copy(update={"date_order": order})
                first = "day" if order == "dmy" else "month"
                where = "other columns" if own else "other sheets with the same headers"
                reading.reasons.append(f"dates are read {first} first, as in {where}")


def _orders(body: Body, plan: Plan) -> tuple[set[str], bool]:
    """The orders that columns of dates settle, and whether any column leaves dates open."""
    columns = {plan.shared["date"]} if "date" in plan.shared else set()
    columns |= {side.fields["date"] for side in plan.sides if "date" in side.fields}
    found: set[str] = set()
    open_ = False
    for at in sorted(columns):
        column = body.column(at)
        told = dates(column.part(0), None, body.sheet.from_1904)
        open_ |= bool((told.read.states == AMBIGUOUS).any())
        found |= {told.order} if told.settled else set()
    return found, open_
