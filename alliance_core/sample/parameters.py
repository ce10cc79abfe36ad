"""What the simulation assumes: every number with its meaning, its unit and where it comes from.

"Units" are response units of the WAI-SR (1–5), so 0.25 is 6.25 points of the maximum possible.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

OURS = "our choice"
_NEWEST = date(2025, 6, 23)


def _assumed(default: Any, meaning: str, unit: str, source: str = OURS) -> Any:
    return field(default=default, metadata={"meaning": meaning, "unit": unit, "source": source})


@dataclass(frozen=True)
class Parameters:
    """Named, sourced assumptions of `simulate`.

    >>> Parameters().practitioner_lower_sd
    0.63
    """

    level: float = _assumed(
        3.75, "clients' mean at the first session", "units", "our choice: high, as alliance ratings are"
    )
    client_sd: float = _assumed(0.60, "spread of clients' own levels", "units")
    practitioner_share: float = _assumed(
        0.06,
        "share of that variance that lies between practitioners",
        "proportion",
        "our choice: small, as about 60 clients are needed for a dependable mean (Crits-Christoph et al. 2011)",
    )
    growth: float = _assumed(0.20, "slow rise of the level over a case, levelling off", "units")
    growth_sd: float = _assumed(0.15, "spread of that rise between cases", "units")
    growth_sessions: float = _assumed(
        6.0, "sessions in which about two thirds of the rise happen", "sessions"
    )
    session_sd: float = _assumed(
        0.275,
        "spread of a session around the case's own level",
        "units",
        "set so that one session's score has a dependability of about .77 (Crits-Christoph et al. 2011)",
    )
    session_shared: float = _assumed(
        0.3, "correlation of the two raters' session noise: what both felt in the room", "correlation"
    )
    facet_sd: float = _assumed(0.12, "further spread of goal, task and bond in one session", "units")
    item_sd: float = _assumed(0.50, "further spread of a single answer", "units")
    practitioner_lower_sd: float = _assumed(
        0.63,
        "how much lower practitioners rate than their clients, in SDs of one score",
        "SD",
        "Tryon, Blackwell & Hammel 2007, d = .63; ceilings bring the difference seen to about half an SD",
    )
    agreement: float = _assumed(
        0.4, "correlation of a client's and the practitioner's level for a case", "correlation"
    )
    rupture_chance: float = _assumed(
        0.6,
        "chance of a planted rupture in each stretch of a case",
        "proportion",
        "our choice, near published prevalence: 15–50 % of courses with a repaired, 10–25 % with an unrepaired one",
    )
    rupture_stretch: int = _assumed(12, "sessions in which at most one rupture is planted", "sessions")
    rupture_lead_in: int = _assumed(3, "sessions of a stretch before a rupture can start", "sessions")
    depth_low: float = _assumed(0.80, "smallest depth of a planted rupture", "units")
    depth_high: float = _assumed(1.40, "largest depth of a planted rupture", "units")
    confrontation_chance: float = _assumed(
        0.4, "share of confrontations; the others are withdrawals", "proportion"
    )
    withdrawal_first: float = _assumed(
        0.75,
        "share of the depth at the start of a withdrawal, which falls over two sessions; a confrontation falls in one",
        "proportion",
    )
    withdrawal_facets: tuple[float, float, float] = _assumed(
        (0.8, 1.0, 1.2), "depth for goal, task, bond in a withdrawal", "times depth"
    )
    confrontation_facets: tuple[float, float, float] = _assumed(
        (1.1, 1.2, 0.7), "depth for goal, task, bond in a confrontation", "times depth"
    )
    outcomes: tuple[float, float, float, float] = _assumed(
        (0.35, 0.25, 0.25, 0.15), "chance of repaired, strengthened, unrepaired, open", "proportions"
    )
    recovering: float = _assumed(0.5, "share of the depth left while a repair is under way", "proportion")
    strengthened: float = _assumed(
        0.35, "how far above the former level a strengthened repair settles", "units"
    )
    unrepaired: float = _assumed(
        0.75, "share of the depth that stays after an unrepaired rupture", "proportion"
    )
    open_stays: float = _assumed(0.9, "share of the depth that stays in an open rupture", "proportion")
    noticed_chance: float = _assumed(
        0.5, "chance that the practitioner's ratings fall too", "proportion", "our choice: about half"
    )
    noticed_share: float = _assumed(
        0.8, "share of the client's fall in a practitioner who noticed", "proportion"
    )
    ceiling_chance: float = _assumed(
        0.06, "clients who give the top mark to everything, always", "proportion"
    )
    missed_client: float = _assumed(0.06, "client forms that are missing", "proportion")
    missed_practitioner: float = _assumed(0.08, "practitioner forms that are missing", "proportion")
    stopped_chance: float = _assumed(0.05, "cases in which the client stops filling in forms", "proportion")
    stopped_sessions: int = _assumed(4, "most sessions at the end without client forms in those", "sessions")
    missed_item: float = _assumed(0.01, "answers left out on a form that was filled in", "proportion")
    marker_chance: float = _assumed(0.5, "planted ruptures that somebody recorded as a marker", "proportion")
    stray_marker_chance: float = _assumed(
        0.15, "cases with a marker recorded at any other time", "proportion"
    )
    closed_chance: float = _assumed(0.2, "cases that have ended", "proportion")
    gap_chance: float = _assumed(0.12, "weekly sessions followed by one to three weeks off", "proportion")
    newest_week: date = _assumed(_NEWEST, "Monday of the newest sessions", "date")  # noqa: RUF009 - a date never changes

    # tasks and goals: drawn from a random stream of their own, so that the ratings do not depend on them
    tasks_noted: float = _assumed(0.85, "cases whose tasks are noted", "proportion")
    task_chance: float = _assumed(0.6, "noted sessions in which a task is set", "proportion")
    task_kinds: tuple[float, float, float] = _assumed(
        (0.3, 0.5, 0.2), "tasks in the session, at home, in the surroundings", "proportions"
    )
    one_kind_chance: float = _assumed(0.2, "cases in which all tasks are of one kind", "proportion")
    set_by: tuple[float, float, float, float] = _assumed(
        (0.15, 0.35, 0.45, 0.05), "tasks set by client, practitioner, both, somebody else", "proportions"
    )
    relevance: float = _assumed(8.0, "mean relevance of a task to either side", "marks of 0–10")
    relevance_sd: float = _assumed(1.0, "spread of it between tasks, for each side", "marks")
    relevance_noise: float = _assumed(0.6, "further spread from one time to the next", "marks")
    doubt_chance: float = _assumed(0.06, "tasks that the client doubts", "proportion")
    doubt_depth: float = _assumed(4.5, "how much less relevant those are to the client", "marks")
    tried_chance: float = _assumed(0.35, "tasks tried before the work began", "proportion")
    helped_chance: float = _assumed(0.9, "tried tasks that had worked", "proportion")
    done: tuple[float, float, float] = _assumed(
        (0.6, 0.25, 0.15), "tasks done, partly done, not done, where that is known", "proportions"
    )
    goals_noted: float = _assumed(0.9, "cases whose goals are noted", "proportion")
    second_goal_chance: float = _assumed(0.5, "cases with a second goal", "proportion")
    goal_sessions: int = _assumed(4, "sessions from one look at the goals to the next", "sessions")
    client_goal_only: float = _assumed(0.08, "goals in the client's words only", "proportion")
    practitioner_goal_only: float = _assumed(0.05, "goals in the practitioner's words only", "proportion")
    goal_agreement: float = _assumed(7.8, "mean agreement on a goal", "marks of 0–10")
    goal_agreement_sd: float = _assumed(0.8, "spread of it between goals", "marks")
    goal_agreement_noise: float = _assumed(0.8, "further spread from one look to the next", "marks")
    goal_low_chance: float = _assumed(
        0.05, "goals on which the two do not agree from the start", "proportion"
    )
    goal_fall_chance: float = _assumed(
        0.08, "cases whose goal agreement falls at the last look", "proportion"
    )
    goal_fall: float = _assumed(4.5, "how much lower agreement is in both of these", "marks")
    work_missed: float = _assumed(0.1, "cells about tasks and goals that were left empty", "proportion")
