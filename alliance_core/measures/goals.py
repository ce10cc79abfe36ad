"""Goals as both sides put them: who names which, how far both agree on them, and what stands out.

Agreement is given on 0–10. An empty cell may mean that nobody asked: it is told as such.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.instruments import Instrument
from alliance_core.measures import TIE
from alliance_core.measures.noise import noise
from alliance_core.measures.runs import at, in_key_order, in_whole, marked_by_case, runs
from alliance_core.measures.series import numbered, starts
from alliance_core.measures.sums import over
from alliance_core.measures.tasks import same_words
from alliance_core.settings import NoiseSettings, Settings
from alliance_core.tables import GOALS

_CASE = ["practitioner", "client"]
_TEN = 10.0  # agreement goes from 0 to 10; one mark is 10 pct
# As an instrument of one item, so that what an agreement varies by is found as it is for every rating.
_AGREEMENT = Instrument(
    id="goal agreement",
    name="agreement on goals, 0–10",
    raters=(),
    range=(0, _TEN),
    items=1,
    facets={},
    minimum_answered={"overall": 1},
    verified=True,
    citation="",
    rights="",
)


def ordered(goals: pd.DataFrame) -> pd.DataFrame:
    """The rows in key order; `case` numbers the cases from 0. In: GOALS columns. Rows that are so already stay as they are."""
    return goals if "case" in goals else in_key_order(goals, GOALS)


def _by_goal(goals: pd.DataFrame) -> pd.DataFrame:
    """The rows that name a goal by case and goal, sessions in order; `goal` is a number in order of its words.

    A goal is known by the client's words. Words of the practitioner alone belong to the client's goal of the same words,
    else to the first one that they stand beside; else they are a goal of their own.
    """
    rows = ordered(goals)
    case, size = rows["case"].to_numpy().astype(np.int64), len(rows)
    words = pd.concat([same_words(rows["client_goal"]), same_words(rows["practitioner_goal"])])
    code, texts = pd.factorize(words, sort=True)
    by_client, by_practitioner = code[:size], code[size:]
    # whose words and which, as one number; 0 is for none
    clients, own = (case * (len(texts) + 1) + words + 1 for words in (by_client, by_practitioner))
    named, both = by_client >= 0, (by_client >= 0) & (by_practitioner >= 0)
    same = np.isin(own, clients[named])
    first = pd.Series(by_client[both], own[both])
    beside = first[~first.index.duplicated()].reindex(own).to_numpy()
    goal = np.where(same | np.isnan(beside), by_practitioner, beside)
    goal = np.where(named, by_client, goal).astype(np.int64)
    order = np.lexsort((goal, case))  # stable: sessions stay in order
    return rows.assign(goal=goal).take(order[goal[order] >= 0]).reset_index(drop=True)


def case_goals(goals: pd.DataFrame) -> pd.DataFrame:
    """CASE_GOALS columns and `case` (number from 0), in order of their case and words: each goal with both sides' latest wording.

    In: GOALS columns. Named by both once both sides' words stand in one line, in any session, or both use the same words.
    """
    rows = _by_goal(goals)
    goal = runs(numbered(rows["case"].to_numpy(), rows["goal"].to_numpy()))
    session = in_whole(rows["session"])
    client, practitioner, rated = (
        goal.last_where(rows[name].notna().to_numpy(bool))
        for name in ("client_goal", "practitioner_goal", "agreement")
    )
    return pd.DataFrame(
        {
            **{name: at(rows[name], goal.first) for name in ("case", *_CASE)},
            "client_goal": at(rows["client_goal"], client),
            "practitioner_goal": at(rows["practitioner_goal"], practitioner),
            "first_session": goal.lowest(session),
            "last_session": goal.highest(session),
            "agreement": at(rows["agreement"], rated),
            "agreement_session": at(rows["session"], rated),
            "named_by": np.select(
                [(client >= 0) & (practitioner >= 0), client >= 0], ["both", "client"], "practitioner"
            ),
        }
    )


def goal_sessions(goals: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """GOAL_SESSIONS columns and `case` (number from 0), in key order: how far both agreed in each session, against the sessions before it.

    In: GOALS columns. A fall is decidable from `episodes.min_baseline` (≥) earlier sessions on; error = z_open·σ·√(1 + 1/earlier),
    σ as for ratings (`agreement_noise`).
    """
    sessions = _levels(ordered(goals))
    return _with_error(sessions, agreement_noise(sessions, settings.noise), settings)


def sessions_and_noise(goals: pd.DataFrame, settings: Settings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`goal_sessions`, and the `agreement_noise` that they rest on."""
    sessions = _levels(ordered(goals))
    found = agreement_noise(sessions, settings.noise)
    return _with_error(sessions, found, settings), found


def _levels(rows: pd.DataFrame) -> pd.DataFrame:
    """GOAL_SESSIONS columns but for the error."""
    session, given = in_whole(rows["session"]), rows["agreement"].to_numpy(float)
    one = runs(numbered(rows["case"].to_numpy(), session))
    rated = one.total(~np.isnan(given))
    agreement = over(one.total(np.nan_to_num(given)), rated)
    case = rows["case"].to_numpy()[one.first]
    # by case, so that no case's figures depend on the digits of another one's
    so_far = pd.DataFrame({"earlier": rated > 0, "before": np.nan_to_num(agreement)}).astype(float)
    so_far = so_far.groupby(case).cumsum() - so_far
    return pd.DataFrame(
        {
            **{name: at(rows[name], one.first) for name in ("case", *_CASE, "session")},
            "goals": one.size,
            "rated": rated,
            "agreement": agreement,
            "lowest": one.lowest(given),
            "earlier": so_far["earlier"].astype("int64"),
            "level": over(so_far["before"].to_numpy(), so_far["earlier"].to_numpy()),
        }
    )


def _with_error(sessions: pd.DataFrame, found: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    earlier = sessions["earlier"].to_numpy(float)
    sigma = float(found["sigma"].iloc[0]) / _TEN if len(found) else np.nan  # in marks of the scale
    error = settings.episodes.z_open * sigma * np.sqrt(1 + over(np.ones(len(earlier)), earlier))
    decidable = earlier >= settings.episodes.min_baseline
    return sessions.assign(error=np.where(decidable, error, np.nan))


def agreement_noise(sessions: pd.DataFrame, settings: NoiseSettings) -> pd.DataFrame:
    """σ of a session's goal agreement in pct (one mark is 10), as measures.noise finds it for ratings; empty without any. In: the frame of `goal_sessions`."""
    rated = sessions[sessions["agreement"].notna().to_numpy()].reset_index(drop=True)
    case = numbered(rated["case"].to_numpy())
    rows = pd.DataFrame(
        {
            "instrument": _AGREEMENT.id,
            "rater": "both",
            "facet": "overall",
            "value": rated["agreement"] * _TEN,
            "series": case,
            "place": np.arange(len(rated)) - starts(case)[case],
        }
    )
    return noise(rows, settings, {_AGREEMENT.id: _AGREEMENT})


def readings(found: pd.DataFrame, sessions: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """READINGS columns for goals, one row for each case and reading that can be decided.

    In: the frames of `case_goals` and `goal_sessions`. Goal agreement: the latest session that has one, raised when that of any goal is at
    most `agreement_line` (≤) or the session's mean lies at least `error` (≥) below the mean of the sessions before. Goals of one side
    are decided only where both sides name goals anywhere in the data: a team may note one side's alone.
    """
    rated = sessions[sessions["agreement"].notna().to_numpy()]
    latest = rated.take(runs(rated["case"].to_numpy()).last)
    low = latest["lowest"] <= settings.goals.agreement_line + TIE
    fall = latest["level"] - latest["agreement"]
    fallen = fall >= latest["error"] - TIE
    agreement = latest.rename(columns={"rated": "count", "earlier": "of"}).assign(
        reading="goal agreement",
        raised=np.where(low | fallen, "yes", "no"),
        session=latest["session"].where(low | fallen),
        fall=fall.where(fallen),
    )
    both_sides = found[["client_goal", "practitioner_goal"]].notna().any().all()
    return pd.concat([agreement, _of_one_side(found)] if both_sides else [agreement], ignore_index=True)


def _of_one_side(found: pd.DataFrame) -> pd.DataFrame:
    """Per case: how many goals one side alone named, of how many."""
    alone = (found["named_by"] != "both").to_numpy(bool)
    return marked_by_case(found, alone).assign(reading="goals of one side")
