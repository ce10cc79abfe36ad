"""Tasks and goals of all cases, what stands out of them, and the same over caseloads.

They stand beside the goal and task facets: no score is made of them or changed by them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import pandas as pd

from alliance_core.measures import caseload_work, goals, tasks
from alliance_core.measures.noise import NOISE_COLUMNS
from alliance_core.measures.series import category
from alliance_core.settings import Settings
from alliance_core.tables import Table, empty, shaped
from alliance_core.work_tables import (
    CASE_GOALS,
    CASE_TASKS,
    CASELOAD_GOALS,
    CASELOAD_KINDS,
    CASELOAD_READINGS,
    GOAL_SESSIONS,
    READINGS,
    TASK_KINDS,
)

_CASE = ["practitioner", "client"]
TABLES: dict[str, Table] = {
    "case_tasks": CASE_TASKS,
    "task_kinds": TASK_KINDS,
    "case_goals": CASE_GOALS,
    "goal_sessions": GOAL_SESSIONS,
    "readings": READINGS,
    "caseload_kinds": CASELOAD_KINDS,
    "caseload_goals": CASELOAD_GOALS,
    "caseload_readings": CASELOAD_READINGS,
}


@dataclass(frozen=True)
class Work:
    """What the optional sheets `tasks` and `goals` say, case by case and over caseloads.

    Each frame has the columns of its table in TABLES. `agreement_noise`: what a session's goal agreement varies by (measures.noise).
    What is said over caseloads is worked out when it is first asked for.
    """

    case_tasks: pd.DataFrame
    task_kinds: pd.DataFrame
    case_goals: pd.DataFrame
    goal_sessions: pd.DataFrame
    readings: pd.DataFrame
    agreement_noise: pd.DataFrame
    settings: Settings

    @cached_property
    def caseload_kinds(self) -> pd.DataFrame:
        return shaped(caseload_work.kinds(self.task_kinds, self.settings), CASELOAD_KINDS)

    @cached_property
    def caseload_goals(self) -> pd.DataFrame:
        return shaped(caseload_work.goals(self.case_goals, self.goal_sessions, self.settings), CASELOAD_GOALS)

    @cached_property
    def caseload_readings(self) -> pd.DataFrame:
        return shaped(caseload_work.readings(self.readings, self.settings), CASELOAD_READINGS)


def work(set_tasks: pd.DataFrame, named_goals: pd.DataFrame, settings: Settings) -> Work:
    """Everything on tasks and goals. In: TASKS and GOALS columns, in any order."""
    if set_tasks.empty and named_goals.empty:
        return Work(**{name: frame.copy(deep=False) for name, frame in _nothing().items()}, settings=settings)
    set_tasks, named_goals = _coded(set_tasks, named_goals)
    set_tasks, named_goals = tasks.ordered(set_tasks), goals.ordered(named_goals)
    case_tasks, kinds = tasks.case_tasks(set_tasks, settings.tasks), tasks.task_kinds(set_tasks)
    case_goals = goals.case_goals(named_goals)
    sessions, noise = goals.sessions_and_noise(named_goals, settings)
    told = tasks.readings(case_tasks, kinds, settings.tasks), goals.readings(case_goals, sessions, settings)
    return Work(
        case_tasks=shaped(case_tasks, CASE_TASKS),
        task_kinds=shaped(kinds, TASK_KINDS),
        case_goals=shaped(case_goals, CASE_GOALS),
        goal_sessions=shaped(sessions, GOAL_SESSIONS),
        readings=shaped(pd.concat(told, ignore_index=True).sort_values(READINGS.keys), READINGS),
        agreement_noise=noise,
        settings=settings,
    )


@cache
def _nothing() -> dict[str, pd.DataFrame]:
    """The frames of a Work without any line."""
    tables = {name: empty(table) for name, table in TABLES.items() if not name.startswith("caseload_")}
    return tables | {"agreement_noise": pd.DataFrame(columns=NOISE_COLUMNS)}


def _coded(one: pd.DataFrame, other: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sheets with their cases as ordered categories, the same ones in both."""
    one, other = one.reset_index(drop=True), other.reset_index(drop=True)
    for name in _CASE:
        every = category(pd.concat([one[name], other[name]], ignore_index=True))
        one = one.assign(**{name: every.iloc[: len(one)]})
        other = other.assign(**{name: every.iloc[len(one) :].reset_index(drop=True)})
    return one, other
