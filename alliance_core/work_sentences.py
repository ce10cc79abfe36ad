"""What tasks and goals say, in plain words: the sentence, the rule behind it, one neutral question.

Like alliance_core.sentences: never a verdict on a person, and what is not noted is called unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from alliance_core import sentences
from alliance_core.notation import digits
from alliance_core.sentences import TERMS, Row, Terms, listed
from alliance_core.settings import Settings
from alliance_core.work_tables import ANY, COUNTED, UNKNOWN

KIND_WORDS = {
    "session": "in the session",
    "home": "at home",
    "environmental": "in the surroundings",
    "not stated": "kind not noted",
    "all": "all kinds",
}
MOST_NAMED = 3  # tasks or goals that a sentence names
LONGEST = 60  # characters of one of them


def _there(value: Any) -> bool:
    return value is not None and not pd.isna(value)


def mark(value: Any) -> str:
    """A mark of the 0–10 scale with at most one decimal; "not known" where there is none.

    >>> mark(7.25), mark(8.0), mark(float("nan"))
    ('7.2', '8', 'not known')
    """
    return digits(round(float(value), 1)) if _there(value) else "not known"


def quoted(text: Any) -> str:
    """Somebody's words in quotation marks, on one line and no longer than a sentence bears."""
    words = " ".join(str(text).split())
    return f"“{words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + '…'}”"


def _named(names: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    shown = list(names[:MOST_NAMED])
    return listed(shown if len(names) <= MOST_NAMED else [*shown, f"{len(names) - MOST_NAMED} more"])


def reading(line: Row, tasks: Sequence[Row], goals: Sequence[Row], terms: Terms = TERMS) -> str:
    """What a reading says. `line` of READINGS, raised; `tasks` and `goals` the case's rows of CASE_TASKS and CASE_GOALS."""
    told = {
        "doubted tasks": lambda: _doubted(line, tasks, terms),
        "tried without success": lambda: _without_success(tasks),
        "one kind of task": lambda: _one_kind(line, tasks),
        "goals of one side": lambda: _one_side(line, goals, terms),
        "goal agreement": lambda: _agreement(line),
    }
    return told[str(line["reading"])]()


def _doubted(line: Row, tasks: Sequence[Row], terms: Terms) -> str:
    def one(task: Row) -> str:
        other = task["practitioner_relevance"]
        side = f", {terms.practitioner} {mark(other)}" if _there(other) else ""
        return f"{quoted(task['task'])} (relevance to the {terms.client} {mark(task['client_relevance'])} of 10{side})"

    here = [task for task in tasks if task["doubted"] == "yes"]
    here = sorted(here, key=lambda task: (float(task["client_relevance"]), str(task["task"])))
    of = int(line["of"])
    share = "the only task" if of == 1 else f"{len(here)} of {of} tasks"
    return f"The {terms.client} seems to doubt {share} that the {terms.client} rated: {_named([one(task) for task in here])}."


def _without_success(tasks: Sequence[Row]) -> str:
    here = [task for task in tasks if task["tried_without_success"] == "yes"]
    names = [f"{quoted(task['task'])} (last set at session {int(task['last_session'])})" for task in here]
    what = "A task was set again" if len(here) == 1 else f"{len(here)} tasks were set again"
    return f"{what} that had been tried before without success: {_named(names)}."


def _one_kind(line: Row, tasks: Sequence[Row]) -> str:
    known = [str(task["kind"]) for task in tasks if _there(task["kind"])]
    count, unknown = int(line["count"]), int(line["of"]) - int(line["count"])
    rest = f"; of {unknown} more the kind is not noted" if unknown else ""
    return f"All {count} tasks whose kind is noted are of one kind, {KIND_WORDS[known[0]]}{rest}."


def _one_side(line: Row, goals: Sequence[Row], terms: Terms) -> str:
    def of(side: str) -> str:
        names = [quoted(goal[f"{side}_goal"]) for goal in goals if goal["named_by"] == side]
        return f"in the {terms.of(side)}'s {_named(names)}" if names else ""

    parts = [text for text in (of("client"), of("practitioner")) if text]
    count, all_goals = int(line["count"]), int(line["of"])
    what = "The only goal noted" if all_goals == 1 else f"{count} of {all_goals} goals"
    return (
        f"{what} {'stands' if count == 1 else 'stand'} in one side's words only: {'; '.join(parts)}. "
        "An empty cell may also mean that nobody asked."
    )


def _agreement(line: Row) -> str:
    session, count = int(line["session"]), int(line["count"])
    lowest = mark(line["lowest"])
    if not _there(line["fall"]):
        which = "Goal agreement" if count == 1 else f"Agreement on the least agreed of {count} goals"
        return f"{which} was {lowest} of 10 at session {session}."
    value = mark(line["agreement"])
    whose = (
        f"{value} of 10"
        if count == 1
        else f"a mean of {value} of 10 over {count} goals, the lowest {lowest},"
    )
    return (
        f"Goal agreement fell to {whose} at session {session}: {mark(line['fall'])} marks below the mean of the {int(line['of'])} rated "
        f"sessions before. From {mark(line['error'])} marks on that is more than it varies by."
    )


_QUESTIONS = {
    "doubted tasks": "How do you see this task: what would make it worth doing, or what would fit better?",
    "tried without success": "What was in the way when it was tried before, and what is different now?",
    "one kind of task": "What could be tried elsewhere as well: in the session, at home or in the surroundings?",
    "goals of one side": "How would the other of you put this goal, and is it one that you share?",
    "goal agreement": "If each of you said in one sentence what you are working towards, what would you say?",
}


def question(name: str) -> str:
    """One neutral question that goes with a reading."""
    return _QUESTIONS[name]


def rule(name: str, settings: Settings, terms: Terms = TERMS) -> str:
    """The rule behind a reading with its numbers, and what it does not say."""
    t, client, practitioner = settings.tasks, terms.client, terms.practitioner
    return {
        "doubted tasks": (
            f"A task counts as doubted when the relevance that the {client} last gave it is {digits(t.doubt_line)} or less of 10, or at most "
            f"{digits(t.doubt_ceiling)} and {digits(t.doubt_difference)} or more marks below the {practitioner}'s of the same time. Where the {client} "
            "gave none, nothing is said: missing is not doubt."
        ),
        "tried without success": (
            "A task counts here when the last line that says so notes it as tried before and not as having worked. Where either is not "
            "noted, nothing is said."
        ),
        "one kind of task": (
            f"Pointed out from {t.one_kind_from} different tasks of a known kind on, when all are of one kind. The alliance can be firm in "
            "one kind of task and strained in another."
        ),
        "goals of one side": (
            "A goal counts as shared once both sides' words stand in one line, in any session, or both use the same words. Where the sheets hold "
            "one side's goals only, the other's are not missed."
        ),
        "goal agreement": (
            f"The latest session with a goal agreement counts: when that of any goal is {digits(settings.goals.agreement_line)} or less of 10, or when "
            f"its mean lies at least {digits(settings.episodes.z_open)} standard errors, σ·√(1 + 1/sessions before), below the mean of the sessions "
            f"before, from {settings.episodes.min_baseline} of them on. σ is what it varies by from session to session, at least one mark."
        ),
    }[name]


TITLES = {
    "doubted tasks": "A task that the client seems to doubt",
    "tried without success": "Tried before without success, and set again",
    "goal agreement": "Goal agreement is low or has fallen",
    "one kind of task": "Only one kind of task",
    "goals of one side": "Goals in one side's words only",
    ANY: "Any of these",
}


def calm() -> str:
    """What to say where tasks or goals are noted and no reading is raised."""
    return "Nothing is pointed out in the goals and tasks that were noted. What nobody noted stays unknown."


def noted(kinds: Sequence[Row], goals: Sequence[Row]) -> str:
    """How many tasks of which kind and how many goals a case has. `kinds` of TASK_KINDS, `goals` of CASE_GOALS."""
    every = [row for row in kinds if row["kind"] == "all"]
    by_kind = [row for kind in KIND_WORDS for row in kinds if row["kind"] == kind != "all"]
    parts = [f"{int(row['tasks'])} {KIND_WORDS[str(row['kind'])]}" for row in by_kind]
    tasks = f"{_count(int(every[0]['tasks']), 'different task')} ({', '.join(parts)})" if every else "no task"
    return f"Noted so far: {_count(len(goals), 'goal') if goals else 'no goal in words'}, {tasks}."


def _count(number: int, one: str, many: str = "") -> str:
    return f"{digits(number, ',')} {one}" if number == 1 else f"{digits(number, ',')} {many or one + 's'}"


def relevance(row: Row, side: str) -> str:
    """A side's relevance in one case and kind: a mean is called one from two on."""
    n, value = int(row[f"{side}_relevance_n"]), row[f"{side}_relevance"]
    if n == 0:
        return "not known"
    return f"{mark(value)} (once)" if n == 1 else f"mean {mark(value)} ({n} times)"


def client_mean(row: Row, name: str, settings: Settings, terms: Terms = TERMS) -> str:
    """A mean over clients with its interval, or why there is none."""
    n, needed = int(row[f"{name}_n"]), settings.practitioners.name_from
    if n == 0:
        return "not known"
    if n < needed:
        return f"known for {_count(n, terms.client, terms.clients)}, shown from {needed} on"
    low, high = mark(row[f"{name}_low"]), mark(row[f"{name}_high"])
    return f"mean {mark(row[name])} of {n} {terms.clients} ({low} to {high})"


def answers(row: Row, what: str, terms: Terms = TERMS) -> str:
    """Counts of `set_by`, `tried_before`, `worked_before` or `done` in words: "3 yes, 1 partly, 2 not noted"."""
    words = {"client": terms.client, "practitioner": terms.practitioner, UNKNOWN: "not noted"}
    counts = {word: int(row[f"{what}_{word}"]) for word in COUNTED[what]}
    return ", ".join(f"{count} {words.get(word, word)}" for word, count in counts.items() if count)


def caseload(any_of_them: Row | None) -> str:
    """In how many cases something is worth a word. `any_of_them`: that line of CASELOAD_READINGS, None where nothing could be judged."""
    if any_of_them is None:
        return "Too little is noted of goals and tasks to say anything of these cases."
    raised, judged = int(any_of_them["raised"]), int(any_of_them["judged"])
    if not raised:
        return f"{calm()} That holds for {_count(judged, 'case')} that could be judged."
    return f"In {raised} of {_count(judged, 'case')} with goals or tasks noted there is something in them to talk about."


def caseload_goals(row: Row, settings: Settings, terms: Terms = TERMS) -> str:
    """Goals of a caseload and how far both agree on them. `row` of CASELOAD_GOALS."""
    goals, alone = int(row["goals"]), int(row["goals"]) - int(row["named_by_both"])
    named = f"{_count(goals, 'goal')} of {_count(int(row['cases']), terms.client, terms.clients)}"
    sides = f"; {alone} of them in one side's words only" if alone else ""
    latest = client_mean(row, "agreement", settings, terms)
    brackets = f"; in brackets: {interval(settings)}" if _there(row["agreement"]) else ""
    return f"Noted: {named}{sides}. Latest goal agreement, 0–10: {latest}{brackets}."


def share(row: Row) -> str:
    """Cases with a reading out of those that could be judged, with the interval of their share."""
    low, high = (f"{round(100 * float(row[end]))} %" for end in ("low", "high"))
    return f"{int(row['raised'])} of {_count(int(row['judged']), 'case')} ({low} to {high})"


def interval(settings: Settings) -> str:
    """What stands in brackets behind a mean or a share: "95 % interval"."""
    return sentences.interval(settings.agreement.interval_level)
