"""Tasks and goals of all cases, what stands out of them, and the same over caseloads.

They stand beside the goal and task facets: no score is made of them or changed by them.
"""

from __future__ import annotations

from dataclasses import dataclass

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

_NO_NOISE = pd.DataFrame(columns=NOISE_COLUMNS)
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
    """

    case_tasks: pd.DataFrame
    task_kinds: pd.DataFrame
    case_goals: pd.DataFrame
    goal_sessions: pd.DataFrame
    readings: pd.DataFrame
    caseload_kinds: pd.DataFrame
    caseload_goals: pd.DataFrame
    caseload_readings: pd.DataFrame
    agreement_noise: pd.DataFrame


def work(set_tasks: pd.DataFrame, named_goals: pd.DataFrame, settings: Settings) -> Work:
    """Everything on tasks and goals. In: TASKS and GOALS columns, in any order."""
    if set_tasks.empty and named_goals.empty:
        return Work(**{name: empty(table) for name, table in TABLES.items()}, agreement_noise=_NO_NOISE)
    set_tasks = tasks.ordered(set_tasks)
    case_tasks, kinds = tasks.case_tasks(set_tasks, settings.tasks), tasks.task_kinds(set_tasks)
    named_goals = named_goals.assign(
        **{name: category(named_goals[name]) for name in ("practitioner", "client")}
    )
    case_goals, sessions = goals.case_goals(named_goals), goals.goal_sessions(named_goals, settings)
    told = tasks.readings(case_tasks, kinds, settings.tasks), goals.readings(case_goals, sessions, settings)
    readings = pd.concat(told, ignore_index=True).sort_values(READINGS.keys)
    found = {
        "case_tasks": case_tasks,
        "task_kinds": kinds,
        "case_goals": case_goals,
        "goal_sessions": sessions,
        "readings": readings,
        "caseload_kinds": caseload_work.kinds(kinds, settings),
        "caseload_goals": caseload_work.goals(case_goals, sessions, settings),
        "caseload_readings": caseload_work.readings(readings, settings),
    }
    noise = goals.agreement_noise(sessions, settings.noise)
    return Work(**{name: shaped(found[name], table) for name, table in TABLES.items()}, agreement_noise=noise)
