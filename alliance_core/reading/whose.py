"""Whose ratings a sheet holds, where no column says it: as the user said, or by the name of the sheet or of its file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from alliance_core.reading.by_values import MOST_RATERS, texts
from alliance_core.reading.choices import ReadingChoices
from alliance_core.reading.mapping import letters
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


def with_rater_column(plan: Plan, found: Found, choices: ReadingChoices) -> Plan:
    """The plan; where nothing else says whose the ratings are, the one column whose words say it, of two raters at least."""
    if plan.kind != "forms" or "rater" in plan.shared or all(side.rater for side in plan.sides):
        return plan
    used = {*plan.shared.values(), *(at for side in plan.sides for at in side.fields.values())}
    columns = [at for at in range(len(found.headers)) if at not in used | found.said]
    telling = [at for at in columns if _tells(found, at, choices)]
    if len(telling) != 1:
        return plan
    at = telling[0]
    words = " and ".join(sorted(_words(found, at)))
    reason = f"{plan.reason}; column {letters(found.sheet, at)} holds only {words}: whose rating it is"
    return replace(plan, shared={**plan.shared, "rater": at}, reason=reason, told={**plan.told, at: "rater"})


def _tells(found: Found, at: int, choices: ReadingChoices) -> bool:
    """Whether all cells of a column are words for raters, and of more than one."""
    words = _words(found, at)
    raters = {choices.rater_of(word) for word in words}
    return len(words) <= MOST_RATERS and None not in raters and len(raters) > 1


def _words(found: Found, at: int) -> list[str]:
    """The different words of a column below its header; a value that is no word, as it is shown."""
    return texts(found.sheet.columns[at].part(found.row + 1 + found.below), "tnbdhxf")


def by_name(sheet: Sheet, choices: ReadingChoices) -> list[tuple[str | None, str]]:
    """Whose ratings the names of a sheet and of its file say that it holds (None: they do not), and the words for it."""
    found = [(choices.rater_named(sheet.label), "the sheet's name says")]
    return [*found, (choices.rater_named(Path(sheet.file).stem), "the file's name says")]
