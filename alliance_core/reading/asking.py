"""Questions about a sheet as a whole: which column is it, whose ratings are they; with candidates and examples."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from alliance_core.reading.choices import ReadingChoices
from alliance_core.reading.guessing import Guess, examples, guesses, header_rows
from alliance_core.reading.headers import WHO
from alliance_core.reading.plans import Found, Plan, standing_twice
from alliance_core.reading.problems import MOST_EXAMPLES, Problems, counted
from alliance_core.reading.sheets import Sheet
from alliance_core.reading.survey import tool_s_own
from alliance_core.tables import RATERS, Question

_ASKED = {"practitioner": ("practitioner",), "client": ("client",), "session": ("session", "date")}
_MOST_CANDIDATES = 12
_OF_EACH_SHEET = ("rater_needed", "score_needed")  # whose answer differs from sheet to sheet
_ENOUGH = 3  # columns that must seem to hold something before an unknown sheet is asked about


def about_sheet(sheet: Sheet, choices: ReadingChoices, problems: Problems) -> None:
    """A sheet that was not recognised, where its values look like ratings: what do its columns hold?"""
    row, rows = header_rows(sheet, choices)
    proposed = [one for one in guesses(sheet, row, choices, rows) if one.meaning != "ignore"]
    if len(proposed) < _ENOUGH:
        return
    told = "; ".join(dict.fromkeys(f"{one.meaning}: {one.label}, {one.reason}" for one in proposed[:4]))
    words = f"Its headers are not known. What does each column hold? It might be: {told}."
    shown = [one.examples[0] for one in proposed if one.examples]
    problems.ask(sheet, "sheet_not_recognised", words, "", [one.label for one in proposed], shown)


def about_columns(found: Found, plan: Plan, choices: ReadingChoices, problems: Problems) -> None:
    """What keeps a whole sheet from being used: two columns for one thing, a column that is missing, no rater."""
    sheet, last = found.sheet, found.row + found.below
    for at, first, meaning in (twice := standing_twice(found, plan))[:1]:
        words = f"Two columns stand for {meaning}. Which of them holds it?"
        pair = (found.headers[first], found.headers[at])
        shown = [*examples(sheet, last, first)[:5], *examples(sheet, last, at)[:5]]
        problems.ask(sheet, "column_twice", words, found.headers[at], pair, shown)
    if twice:
        return
    known = {*plan.shared, *plan.fixed, *(["session"] if plan.numbered else [])}
    missing = [name for name, options in _ASKED.items() if not known.intersection(options)]
    used = {*plan.shared.values(), *(at for side in plan.sides for at in side.fields.values())}
    free = [
        one
        for one in guesses(sheet, found.row, choices, 1 + found.below)
        if one.at not in used and one.examples and not tool_s_own(found.headers[one.at])
    ]
    for name in missing[:1]:
        likely = _likely(free, _ASKED[name])
        shown = [value for one in likely for value in one.examples[: max(1, 10 // max(len(likely), 1))]]
        perhaps = [f" Perhaps {one.label}: {one.reason}." for one in likely[:1]]
        one_only = [" Or are all rows one's, and whose?"] if name in WHO else []
        words = f"Which column holds the {name}?{''.join(perhaps or one_only)}"
        problems.ask(sheet, "column_missing", words, "", [one.label for one in likely], shown)
    if (
        plan.kind == "forms"
        and not missing
        and "rater" not in plan.shared
        and any(not one.rater for one in plan.sides)
    ):
        rated = [at for side in plan.sides for at in side.fields.values()][:3]
        shown = [value for one in free[:3] for value in one.examples[:3]]
        shown += [value for at in rated for value in examples(sheet, last, at)]
        problems.ask(sheet, "rater_needed", "Whose ratings does this sheet hold?", "", RATERS, shown)


def _likely(free: list[Guess], meanings: tuple[str, ...]) -> list[Guess]:
    """Columns whose values fit first, then the others that are not used."""
    return sorted(free, key=lambda one: (one.meaning not in meanings, one.at))[:_MOST_CANDIDATES]


def merged(questions: Iterable[Question]) -> tuple[Question, ...]:
    """The questions, each of them once: where one answer holds for several sheets, the first of them asks for all."""
    same: dict[object, list[Question]] = {}
    for one in questions:
        own = (one.file, one.sheet) if one.code in _OF_EACH_SHEET else ()
        same.setdefault((one.code, one.words, one.column, one.candidates, own), []).append(one)
    return tuple(_for_all(asked) for asked in same.values())


def _for_all(asked: list[Question]) -> Question:
    first, others = asked[0], len({(one.file, one.sheet) for one in asked}) - 1
    shown = dict.fromkeys(value for one in asked for value in one.examples)
    told = f" The same of {counted(others, 'other sheet')}." if others else ""
    return replace(first, words=first.words + told, examples=tuple(shown)[:MOST_EXAMPLES])


def in_words(question: Question) -> str:
    """A question with its candidates and examples, for a line on the page or of the command line.

    >>> in_words(Question("x", "a.csv", "a", "Day", "Which order?", ("dmy", "mdy"), ("3/4/2025",)))
    'a.csv, Day: Which order? Candidates: dmy, mdy. For example: 3/4/2025.'
    """
    sheet = "" if question.sheet and question.file.startswith(f"{question.sheet}.") else question.sheet
    place = ", ".join(part for part in (question.file, sheet, question.column) if part)
    told = f"{place}: {question.words}"
    if question.candidates:
        told += f" Candidates: {', '.join(question.candidates)}."
    return f"{told} For example: {', '.join(question.examples)}." if question.examples else told
