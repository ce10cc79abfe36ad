"""Files of several sheets whose own name may be a practitioner's code, or the sheets' names: told apart, or asked about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from alliance_core.reading import wordings
from alliance_core.reading.guessing import examples
from alliance_core.reading.headers import Meaning
from alliance_core.reading.named_sheets import about
from alliance_core.reading.one_sheet import Reading
from alliance_core.reading.plans import Found
from alliance_core.reading.problems import ERROR, Problems, counted
from alliance_core.reading.sheet_names import id_in, rater_in


def ask_whose_sheets(readings: Iterable[Reading], problems: Problems) -> None:
    """Sheets of forms in one file that is named like a practitioner, whose names may be practitioners' just as well.

    In a file P07, sheets C-017 are cases, and Goal, Client ratings, Spring 2025 or Sheet2 say nothing of practitioners;
    AB and CD may. None of their rows is used until it is said: two practitioners' clients are not one's.
    """
    files: dict[str, list[tuple[Reading, Found]]] = {}
    for one in readings:
        if one.body and one.found and _by_its_file(one, one.found) and not _says_something_else(one):
            files.setdefault(one.sheet.file, []).append((one, one.found))
    for same in files.values():
        for reading, found in same if len(same) > 1 else ():
            _ask(reading, found, problems)
            reading.body = None


def _by_its_file(reading: Reading, found: Found) -> bool:
    """Whether the practitioner of a sheet of forms was told by the file's name, and the sheet's name was not used."""
    plan = reading.plan
    if not plan or plan.kind != "forms" or set(plan.fixed) != {"practitioner"} or found.names:
        return False
    return found.has("client") and not id_in(reading.sheet.label, "practitioner")


def _says_something_else(reading: Reading) -> bool:
    """Whether a sheet's name is a score's, a rater's, a time's or a general one: Goal, Client ratings, May, Sheet2."""
    label = reading.sheet.label
    general = wordings.single_words("sheet_names", "no_id") | wordings.single_words("raters", "beside")
    general |= wordings.single_words("sheet_names", "general") | set(wordings.months())
    if rater_in(label, reading.choices.rater_of) or about(label, reading.choices.stated_meanings()):
        return True
    return all(word.isdecimal() or word in general for word in wordings.words(label))


def _ask(reading: Reading, found: Found, problems: Problems) -> None:
    sheet, names = reading.sheet, (Path(reading.sheet.file).stem, reading.sheet.label)
    why = f"The file's name, {names[0]}, may be the practitioner's code, or the sheet's own, {names[1]}"
    if reading.plan:
        told = reading.plan.reason.replace("the file's name is", "the file's name may be")
        reading.plan = replace(reading.plan, reason=told)
    shown = examples(sheet, found.row + found.below, found.fields[Meaning("client")])
    problems.ask(sheet, "column_missing", f"Whose clients does this sheet hold? {why}.", "", names, shown)
    problems.add_sheet(
        ERROR,
        sheet,
        "column_missing",
        f"It is not plain whose clients these are. {why}. {counted(reading.rows_read, 'row', 'is')} left out. Add a column for the "
        "practitioner, or say what the sheet and the file are named after (in a profile, or on the page).",
    )
