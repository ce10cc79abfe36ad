"""Ten unlabelled series to practise on, with what the rule in use marked in them and, where they are simulated, what was planted.

A mark says where a possible rupture begins and where the rating is back; its session numbers are those of the series:

>>> as_marks({1: Mark(6, 8), 2: None, 3: Mark(4)})["start"].tolist()
[6, 4]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from alliance_core.analysis import Analysis, analyse
from alliance_core.sample import Design, Parameters, Simulation, simulate
from alliance_core.settings import Settings

SERIES = 10  # in a set
# A team of 40 cases, so that what ratings vary by is known as well as in a team's own workbook; ten of them are shown. 14 sessions
# hold at most one rupture. Some are shallower than in the sample: those that are found at once teach little. All our choice.
TEAM = Design(practitioners=4, cases=10, sessions=14, parameters=Parameters(depth_low=0.55))
LONGEST = 24  # sessions of a real case that are shown, its first ones: more cannot be looked at one by one
LEAST_RATED = 6  # sessions that the client rated in a real case: in fewer there is little to see

_CASE = ["practitioner", "client"]
_SHOWN = ["series", "session", "client_overall", "practitioner_overall"]
_MARKS = ["series", "start", "back"]


class Mark(NamedTuple):
    """Where a possible rupture begins, and where the rating is back; None: not back within the series."""

    start: int
    back: int | None = None


class Exercises(NamedTuple):
    """A set of series, numbered from 1.

    `sessions`: series, session, client_overall, practitioner_overall (pct; missing where not rated). `rule`: what the rule `method` marked, none, one or
    more a series: series, start, back (sessions; back is missing while it is not back). `speaks`: whether that rule can say anything at all of these
    series. `truth`: the ruptures that were planted, with last (the last session that is lower), depth (pct points), and outcome; None for real cases, of which nobody knows.
    """

    sessions: pd.DataFrame
    rule: pd.DataFrame
    method: str
    speaks: bool
    truth: pd.DataFrame | None

    @property
    def numbers(self) -> list[int]:
        """The numbers of the series, in order."""
        return self.sessions["series"].unique().tolist()

    def series(self, number: int) -> pd.DataFrame:
        """The sessions of one series."""
        return self.sessions[self.sessions["series"] == number].reset_index(drop=True)


def simulated(seed: int, settings: Settings) -> Exercises:
    """Ten series of a simulated team, with the truth. Same seed and settings, same set."""
    made = simulate(TEAM, seed)
    analysis = analyse(made.ratings, settings)
    truth = _planted(made)
    rated = analysis.sessions[analysis.sessions["client_overall"].notna()]
    seen = truth.reset_index().merge(rated, on=_CASE)
    seen = seen[(seen["session"] >= seen["start"]) & (seen["session"] <= seen["last"])]
    hidden = truth.drop(
        index=seen["index"].unique()
    )  # no form of the client while it lasted: nobody can find it
    cases = analysis.cases[_CASE].merge(hidden[_CASE], how="left", indicator="side")
    numbers = _numbered(cases.loc[cases["side"] == "left_only", _CASE], seed)
    known = numbers.merge(truth, on=_CASE).drop(columns=_CASE)
    return _exercises(analysis, numbers, known.sort_values("series", ignore_index=True))


def own(analysis: Analysis, seed: int) -> Exercises:
    """Up to ten of the cases that were loaded, in an order drawn from the seed and without their ids. Of a long case its first sessions are shown."""
    rated = analysis.sessions.groupby(_CASE, sort=True)["client_overall"].count()
    return _exercises(analysis, _numbered(rated[rated >= LEAST_RATED].reset_index()[_CASE], seed), None)


def as_marks(answers: Mapping[int, Mark | None]) -> pd.DataFrame:
    """The marks among the answers (by series; None: nothing here), as a frame like `Exercises.rule`."""
    marked = [(series, *mark) for series, mark in answers.items() if mark is not None]
    return pd.DataFrame(marked, columns=_MARKS).astype("Int64")


def _planted(made: Simulation) -> pd.DataFrame:
    """TRUTH of the simulation: practitioner, client, start, back, last (sessions), depth (pct points), outcome."""
    truth = made.truth
    mended = truth["outcome"].isin(["repaired", "strengthened"])
    end = truth["end_session"]
    return truth[[*_CASE, "depth", "outcome"]].assign(
        start=truth["start_session"],
        back=end.where(mended),
        last=(end - mended.astype("Int64")).fillna(TEAM.sessions),
    )


def _numbered(cases: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Ten of the cases in an order drawn from the seed, numbered from 1."""
    drawn = np.random.Generator(np.random.PCG64(seed)).permutation(len(cases))[:SERIES]
    return cases.iloc[drawn].reset_index(drop=True).assign(series=np.arange(1, len(drawn) + 1))


def _exercises(analysis: Analysis, numbers: pd.DataFrame, truth: pd.DataFrame | None) -> Exercises:
    sessions = numbers.merge(analysis.sessions, on=_CASE).sort_values(["series", "session"], kind="stable")
    shown = sessions[sessions.groupby("series").cumcount() < LONGEST]
    last = shown.groupby("series")["session"].max()
    own, trace = analysis.own_episodes, analysis.trace
    falls = own[(own["facet"] == "overall") & (own["rater"] == "client") & (own["source"] == "score")]
    rule = numbers.merge(falls, on=_CASE).sort_values(["series", "start_session"], ignore_index=True)
    rule = rule.rename(columns={"start_session": "start", "repair_session": "back"})[_MARKS].astype("Int64")
    end = rule["series"].map(last)
    rule = rule.assign(back=rule["back"].where(rule["back"] <= end))[rule["start"] <= end]
    judged = trace[((trace["facet"] == "overall") & (trace["rater"] == "client")).to_numpy(bool)]
    judged = numbers.merge(judged.astype(dict.fromkeys(_CASE, "str")), on=_CASE)
    return Exercises(
        sessions=shown[_SHOWN].reset_index(drop=True),
        rule=rule.reset_index(drop=True),
        method=analysis.method,
        speaks=bool(judged["level"].notna().any()),
        truth=truth,
    )
