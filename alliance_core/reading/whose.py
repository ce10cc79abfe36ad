"""Whose ratings a sheet holds, where no column says it: as the user said, or by the name of the sheet or of its file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from alliance_core.reading.choices import ReadingChoices
from alliance_core.reading.plans import Found, Plan
from alliance_core.reading.sheets import Sheet


def with_rater(plan: Plan, found: Found, choices: ReadingChoices) -> Plan:
    """The plan, all of whose ratings are one rater's where neither a column nor its header says whose they are."""
    if "rater" in plan.shared or all(side.rater for side in plan.sides):
        return plan
    said = [(found.names.get("rater"), "you said"), *by_name(found.sheet, choices)]
    rater, why = next(((rater, why) for rater, why in said if rater), ("", ""))
    if not rater:
        return plan
    sides = tuple(replace(side, rater=side.rater or rater) for side in plan.sides)
    return replace(plan, sides=sides, reason=f"{plan.reason}; {why} that the ratings are the {rater}'s")


def by_name(sheet: Sheet, choices: ReadingChoices) -> list[tuple[str | None, str]]:
    """Whose ratings the names of a sheet and of its file say that it holds (None: they do not), and the words for it."""
    found = [(choices.rater_named(sheet.label), "the sheet's name says")]
    return [*found, (choices.rater_named(Path(sheet.file).stem), "the file's name says")]
