"""What the readings of tasks and goals come to, in one case and over a caseload, or why they cannot be decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alliance_core import work_sentences as said
from alliance_core.figures.wording import Figure, counted, interval, known, percent
from alliance_core.sentences import Row
from alliance_core.settings import Settings
from alliance_core.terms import TERMS, Terms
from alliance_core.work_tables import WORK_READINGS


def _measure(reading: str) -> str:
    """The reading's id in measures.explained."""
    return reading.replace(" ", "_")


def of_case_work(
    readings: Mapping[str, Row],
    tasks: Sequence[Row],
    goals: Sequence[Row],
    settings: Settings,
    terms: Terms = TERMS,
) -> list[Figure]:
    """A figure a reading. `readings`: the case's lines of READINGS by reading; `tasks`, `goals` its rows of CASE_TASKS, CASE_GOALS."""
    why_not = {
        "doubted tasks": f"no task has a relevance given by the {terms.client}.",
        "tried without success": "of no task it is noted whether it was tried before and whether it worked.",
        "goal agreement": "no goal agreement was noted.",
        "one kind of task": (
            f"{counted(sum(known(task['kind']) for task in tasks), 'task')} of a known kind; "
            f"from {settings.tasks.one_kind_from} on."
        ),
        "goals of one side": (
            "the sheets hold the goals of one side only." if goals else "no goal was noted in words."
        ),
    }
    return [
        Figure(
            _measure(name), _value(readings[name], tasks), numbers=_numbers(readings[name], settings, terms)
        )
        if name in readings
        else Figure(_measure(name), "", why_not=why_not[name])
        for name in WORK_READINGS
    ]


def _value(line: Row, tasks: Sequence[Row]) -> str:
    name, count, of = str(line["reading"]), int(line["count"]), int(line["of"])
    if name == "goal agreement":
        several = f", mean of {count} goals" if count > 1 else ""
        return f"{said.mark(line['agreement'])} of 10{several}"
    if name == "one kind of task":
        kinds = [str(task["kind"]) for task in tasks if known(task["kind"])]
        return f"all {count} {said.KIND_WORDS[kinds[0]]}" if line["raised"] == "yes" else "no, several kinds"
    return f"{count} of {counted(of, 'goal' if name == 'goals of one side' else 'task')}"


def _numbers(line: Row, settings: Settings, terms: Terms) -> tuple[str, ...]:
    told = [said.rule(str(line["reading"]), settings, terms)]
    if known(line["level"]):
        before = int(line["of"])
        level = (
            f"Mean of the {before} rated sessions before" if before > 1 else "The one rated session before"
        )
        told.append(f"{level}: {said.mark(line['level'])} of 10.")
    if known(line["error"]):
        told.append(f"From {said.mark(line['error'])} marks below that it counts as fallen.")
    return tuple(told)


def of_caseload_work(judged: Mapping[str, Row], settings: Settings, terms: Terms = TERMS) -> list[Figure]:
    """A figure a reading. `judged`: the caseload's lines of CASELOAD_READINGS by reading."""
    return [
        Figure(
            _measure(name),
            ("low or fallen in " if name == "goal agreement" else "")
            + f"{int(judged[name]['raised'])} of {counted(int(judged[name]['judged']), 'case')}",
            interval(judged[name]["low"], judged[name]["high"], settings, percent),
            (said.rule(name, settings, terms),),
        )
        if name in judged
        else Figure(_measure(name), "", why_not="it could be decided in no case of this caseload.")
        for name in WORK_READINGS
    ]
