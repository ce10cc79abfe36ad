"""Goals as both sides put them: who names which, how far both agree on them, and what stands out.

Agreement is given on 0–10. An empty cell may mean that nobody asked: it is told as such.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.instruments import Instrument
from alliance_core.measures import TIE
from alliance_core.measures.noise import noise
from alliance_core.measures.series import numbered, starts
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


def _ordered(goals: pd.DataFrame) -> pd.DataFrame:
    """The rows by case and session, with `goal`, by which rows about one goal are known; missing where neither side named one.

    A goal is known by the client's words. Words of the practitioner alone belong to the client's goal of the same words,
    else to the first one that they stand beside; else they are a goal of their own.
    """
    rows = goals.sort_values(GOALS.names, kind="stable", ignore_index=True)
    rows["by_client"], rows["words"] = same_words(rows["client_goal"]), same_words(rows["practitioner_goal"])
    named = rows[rows["by_client"].notna().to_numpy()]
    clients = pd.MultiIndex.from_frame(named[[*_CASE, "by_client"]])
    same = pd.MultiIndex.from_frame(rows[[*_CASE, "words"]]).isin(clients)
    pairs = named[named["words"].notna().to_numpy()].drop_duplicates([*_CASE, "words"])
    pairs = pairs[[*_CASE, "words", "by_client"]].rename(columns={"by_client": "beside"})
    beside = rows[[*_CASE, "words"]].merge(pairs, on=[*_CASE, "words"], how="left")["beside"]
    own = rows["words"].where(same, beside.fillna(rows["words"]))
    return rows.assign(goal=rows["by_client"].fillna(own))


def case_goals(goals: pd.DataFrame) -> pd.DataFrame:
    """CASE_GOALS columns, in order of their case and words: each goal with both sides' latest wording.

    In: GOALS columns. Named by both once both sides' words stand in one line, in any session, or both use the same words.
    """
    rows = _ordered(goals)
    rows = rows[rows["goal"].notna().to_numpy()]
    keys = [*_CASE, "goal"]
    table = rows.groupby(keys, sort=True).agg(
        client_goal=("client_goal", "last"),
        practitioner_goal=("practitioner_goal", "last"),
        first_session=("session", "min"),
        last_session=("session", "max"),
    )
    rated = rows[rows["agreement"].notna().to_numpy()].drop_duplicates(keys, keep="last").set_index(keys)
    table = table.join(rated[["agreement", "session"]].rename(columns={"session": "agreement_session"}))
    client, practitioner = (table[f"{side}_goal"].notna() for side in ("client", "practitioner"))
    table["named_by"] = np.select([client & practitioner, client], ["both", "client"], "practitioner")
    return table.reset_index()


def goal_sessions(goals: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """GOAL_SESSIONS columns, in key order: how far both agreed in each session, against the sessions before it.

    In: GOALS columns. A fall is decidable from `episodes.min_baseline` (≥) earlier sessions on; error = z_open·σ·√(1 + 1/earlier),
    σ as for ratings (`agreement_noise`).
    """
    rows = goals.sort_values(GOALS.names, kind="stable", ignore_index=True)
    groups = rows.groupby([*_CASE, "session"], sort=True)["agreement"]
    table = pd.DataFrame(
        {
            "goals": groups.size(),
            "rated": groups.count(),
            "agreement": groups.mean(),
            "lowest": groups.min(),
        }
    ).reset_index()
    case = [table[name] for name in _CASE]
    given = table["agreement"].notna().astype("int64")
    earlier = (given.groupby(case).cumsum() - given).to_numpy(float)
    before = table["agreement"].fillna(0).groupby(case).cumsum() - table["agreement"].fillna(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        level = before / earlier
        error = settings.episodes.z_open * _sigma(table, settings.noise) * np.sqrt(1 + 1 / earlier)
    decidable = earlier >= settings.episodes.min_baseline
    return table.assign(
        earlier=earlier.astype("int64"), level=level, error=np.where(decidable, error, np.nan)
    )


def agreement_noise(sessions: pd.DataFrame, settings: NoiseSettings) -> pd.DataFrame:
    """σ of a session's goal agreement in pct (one mark is 10), as measures.noise finds it for ratings; empty without any."""
    rated = sessions[sessions["agreement"].notna().to_numpy()].reset_index(drop=True)
    case = numbered(*(pd.factorize(rated[name])[0] for name in _CASE))
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


def _sigma(sessions: pd.DataFrame, settings: NoiseSettings) -> float:
    """The same in marks of the 0–10 scale; missing where nobody rated."""
    found = agreement_noise(sessions, settings)["sigma"]
    return float(found.iloc[0]) / _TEN if len(found) else np.nan


def readings(found: pd.DataFrame, sessions: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """READINGS columns for goals, one row for each case and reading that can be decided.

    In: the frames of `case_goals` and `goal_sessions`. Goal agreement: the latest session that has one, raised when that of any goal is at
    most `agreement_line` (≤) or the session's mean lies at least `error` (≥) below the mean of the sessions before. Goals of one side
    are decided only where both sides name goals anywhere in the data: a team may note one side's alone.
    """
    latest = sessions[sessions["agreement"].notna().to_numpy()].drop_duplicates(_CASE, keep="last")
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
    alone = found["named_by"] != "both"
    groups = [found[name] for name in _CASE]
    table = pd.DataFrame(
        {
            "count": alone.groupby(groups, sort=True).sum(),
            "of": alone.groupby(groups, sort=True).size(),
            "session": found["last_session"].where(alone).groupby(groups, sort=True).max(),
        }
    )
    raised = np.where(table["count"] > 0, "yes", "no")
    return table.assign(reading="goals of one side", raised=raised).reset_index()
