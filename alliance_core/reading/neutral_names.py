"""Names of files and sheets that say nothing about a person, and from which the same is understood as before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from alliance_core.reading.choices import ReadingChoices
from alliance_core.reading.mentions import Mentions
from alliance_core.reading.one_sheet import Reading, understood
from alliance_core.reading.plans import Plan
from alliance_core.reading.problems import Problems

_WHO = {"practitioner": "Therapist", "client": "Client", "observer": "Observer"}
_NEUTRAL = ("Ratings", "goals", *(f"{who} ratings" for who in _WHO.values()))


def sheet_name(
    reading: Reading, ids: Mapping[tuple[str, str], str], mentions: Mentions, choices: ReadingChoices
) -> str:
    """What the sheet is called from now on.

    `ids`: from a field and an id to the pseudonym. Where the name is an id, the pseudonym takes its place; else whatever is replaced elsewhere is
    replaced in it too. The name of a text file is the file's own: a neutral one is given instead, where that leaves
    what is understood as it was.
    """
    sheet, plan = reading.sheet, reading.plan
    if plan is None:
        return sheet.label
    if plan.fixed:
        field = "client" if "client" in plan.fixed else "practitioner"
        pseudonym = ids.get((field, plan.fixed[field]))
        return f"{_WHO[field]} {pseudonym}" if pseudonym else sheet.label
    if sheet.name:
        return mentions.replaced(sheet.label)
    return next(_as_understood(reading, plan, choices), mentions.replaced(sheet.label))


def _as_understood(reading: Reading, plan: Plan, choices: ReadingChoices) -> Iterator[str]:
    """The neutral names under which the sheet is understood in the same way."""
    for name in _NEUTRAL:
        again = understood(replace(reading.sheet, name=name), choices, Problems()).plan
        if again is not None and _meant(again) == _meant(plan):
            yield name


def _meant(plan: Plan) -> tuple[object, ...]:
    return plan.kind, plan.layout, plan.shared, plan.sides, plan.fixed


def file_name(name: str, number: int, readings: list[Reading], ids: Mapping[tuple[str, str], str]) -> str:
    """What the file is called from now on: by its number, or by the practitioner's pseudonym where its name was that id."""
    whose = next(
        (one.plan.fixed["practitioner"] for one in readings if one.plan and len(one.plan.fixed) == 2), ""
    )
    if not whose:
        return f"pseudonymised {number}.xlsx"
    pseudonym = ids.get(("practitioner", whose))
    return f"{_WHO['practitioner']} {pseudonym}.xlsx" if pseudonym else f"{Path(name).stem}.xlsx"
