"""Simulated tasks and goals: what the two set, how relevant each finds it, how far they agree.

All lines are drawn at once. The stream of random numbers is one beside that of the ratings: same seed, same ratings,
with or without tasks and goals.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.sample.parameters import Parameters
from alliance_core.tables import GOALS, TASKS, shaped
from alliance_core.work_tables import KINDS

_STREAM = 1  # which stream beside that of the ratings

# As somebody might note them; everybody's are made up.
TASK_NAMES = (
    (
        "role play of a difficult talk",
        "look at last week together",
        "stay with the feeling for a while",
        "draw the family as it is now",
        "practise saying no",
        "go through the worst day again",
    ),
    (
        "sleep diary",
        "breathing exercise in the evening",
        "ring the sister",
        "one walk a day",
        "write down worries at five o'clock",
        "plan one pleasant thing",
    ),
    (
        "ask the team leader for other shifts",
        "agree a quiet hour at home",
        "find out about the choir",
        "see the debt advice service",
        "ask a neighbour for help with the children",
        "set up a place to work",
    ),
)
GOAL_NAMES = (
    ("sleep through the night", "steady sleep rhythm"),
    ("worry less about work", "less rumination"),
    ("get on better with my partner", "speak about own needs"),
    ("go out again", "less avoidance"),
    ("feel like myself", "return of interest and drive"),
    ("keep my temper", "notice anger early"),
    ("decide about the job", "weigh up options and choose"),
    ("be less afraid of exams", "face exam situations step by step"),
)
_SETTERS = np.array(["client", "practitioner", "both", "other"], dtype=object)
_DONE = np.array(["yes", "partly", "no"], dtype=object)


def draw(
    p: Parameters, practitioner: np.ndarray, client: np.ndarray, rated: np.ndarray, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tasks (TASKS) and goals (GOALS) of the cases whose ids are given, one each, in key order. Deterministic in all arguments.

    `rated`: cases × sessions, whether anybody rated; nothing is noted of the other sessions.
    """
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(_STREAM,))))
    sessions = rated.shape[1]
    tasks = _tasks(rng, p, practitioner, client, sessions)
    goals = _goals(rng, p, practitioner, client, sessions)
    return _of_rated(tasks, client, rated), _of_rated(goals, client, rated)


def _of_rated(frame: pd.DataFrame, client: np.ndarray, rated: np.ndarray) -> pd.DataFrame:
    """The lines about sessions that somebody rated; the others are drawn all the same, so that a missed form moves no other line."""
    case = pd.Index(client).get_indexer(pd.Index(frame["client"]))
    return frame[rated[case, frame["session"].to_numpy(np.int64) - 1]].reset_index(drop=True)


def _one_of(rng: np.random.Generator, shares: tuple[float, ...], size: tuple[int, ...] | int) -> np.ndarray:
    return np.searchsorted(np.cumsum(shares)[:-1], rng.random(size), side="right")


def _marks(values: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(values), 0, 10)


def _left_out(rng: np.random.Generator, p: Parameters, values: np.ndarray | pd.Series) -> pd.Series:
    """The values, some of them missing: nobody filled in that cell."""
    return pd.Series(values).mask(rng.random(len(values)) < p.work_missed)


def _tasks(
    rng: np.random.Generator, p: Parameters, practitioner: np.ndarray, client: np.ndarray, sessions: int
) -> pd.DataFrame:
    """At most one task a session. A task that is drawn again was tried before, and worked or not as it does for this client."""
    count, most = len(client), len(TASK_NAMES[0])
    own_kind = np.where(rng.random(count) < p.one_kind_chance, _one_of(rng, p.task_kinds, count), len(KINDS))
    noted = rng.random(count) < p.tasks_noted
    case, session = np.nonzero((rng.random((count, sessions)) < p.task_chance) & noted[:, None])
    lines = len(case)
    drawn = _one_of(rng, p.task_kinds, lines)
    kind = np.where(own_kind[case] < len(KINDS), own_kind[case], drawn)
    which = rng.integers(0, most, lines)

    each = (count, len(KINDS), most)  # what holds of a task in a case, however often it is set
    here = (case, kind, which)
    doubted = (rng.random(each) < p.doubt_chance)[here]
    level = p.relevance + p.relevance_sd * rng.normal(size=(2, *each))[:, *here]
    level[0] -= p.doubt_depth * doubted
    given = _marks(level + p.relevance_noise * rng.normal(size=(2, lines)))
    again = pd.Series(which).groupby([case, kind, which]).cumcount().to_numpy() > 0
    tried = (rng.random(each) < p.tried_chance)[here] | again
    helped = (rng.random(each) < p.helped_chance)[here]
    worked = pd.Series(np.where(helped, "yes", "no"))
    done = pd.Series(_DONE[_one_of(rng, p.done, lines)])
    last = session == sessions - 1  # whether it was done is not known before the next session
    return shaped(
        pd.DataFrame(
            {
                "practitioner": practitioner[case],
                "client": client[case],
                "session": session + 1,
                "task": np.array(TASK_NAMES, dtype=object)[kind, which],
                "kind": _left_out(rng, p, np.array(KINDS, dtype=object)[kind]),
                "set_by": _left_out(rng, p, _SETTERS[_one_of(rng, p.set_by, lines)]),
                "client_relevance": _left_out(rng, p, given[0]),
                "practitioner_relevance": _left_out(rng, p, given[1]),
                "tried_before": _left_out(rng, p, np.where(tried, "yes", "no")),
                "worked_before": _left_out(rng, p, worked.where(tried)),
                "done": _left_out(rng, p, done.mask(last)),
            }
        ),
        TASKS,
    )


def _goals(
    rng: np.random.Generator, p: Parameters, practitioner: np.ndarray, client: np.ndarray, sessions: int
) -> pd.DataFrame:
    """One or two goals a case, looked at in the first session and every few sessions from there."""
    count, looks = len(client), np.arange(0, sessions, p.goal_sessions)
    first = rng.integers(0, len(GOAL_NAMES), count)
    second = (first + rng.integers(1, len(GOAL_NAMES), count)) % len(GOAL_NAMES)
    noted = rng.random(count) < p.goals_noted
    has = np.stack([noted, noted & (rng.random(count) < p.second_goal_chance)], axis=1)
    alone = rng.random((count, 2))
    low = rng.random((count, 2)) < p.goal_low_chance
    falls = rng.random(count) < p.goal_fall_chance
    level = p.goal_agreement + p.goal_agreement_sd * rng.normal(size=(count, 2)) - p.goal_fall * low
    case, look, goal = np.nonzero(np.broadcast_to(has[:, None, :], (count, len(looks), 2)))
    now = level[case, goal] - p.goal_fall * (falls[case] & (look == len(looks) - 1) & ~low[case, goal])
    names = np.array(GOAL_NAMES, dtype=object)[np.where(goal == 0, first[case], second[case])]
    own = alone[case, goal]
    no_client = own >= 1 - p.practitioner_goal_only
    return shaped(
        pd.DataFrame(
            {
                "practitioner": practitioner[case],
                "client": client[case],
                "session": looks[look] + 1,
                "client_goal": pd.Series(names[:, 0]).mask(no_client),
                "practitioner_goal": pd.Series(names[:, 1]).mask(own < p.client_goal_only),
                "agreement": _left_out(
                    rng, p, _marks(now + p.goal_agreement_noise * rng.normal(size=len(case)))
                ),
            }
        ).sort_values(GOALS.keys, kind="stable", na_position="first"),
        GOALS,
    )
