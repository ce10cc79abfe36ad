"""The whole computation on one screen: ratings → scores → sessions → episodes → summaries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from alliance_core import stages
from alliance_core.measures import series, work
from alliance_core.measures.detectors import DETECTORS, Courses
from alliance_core.settings import Settings
from alliance_core.stages import Beside, Part
from alliance_core.tables import (
    AGREEMENT,
    CASELOADS,
    CASES,
    EPISODES,
    PRACTITIONERS,
    SCORES,
    SERVICE,
    SESSIONS,
    Ratings,
    shaped,
)

_CASE = ["practitioner", "client"]
_ONLY_FOR_COMPUTING = ["form", "series"]  # of the trace, eight times as long as the scores


@dataclass(frozen=True)
class Analysis:
    """Everything computed from one set of ratings with one set of settings.

    `scores`, `sessions`, `episodes`, `cases`, `practitioners`: the tables of alliance_core.tables, in key order. `episodes` holds
    those of all `methods`; everything else that speaks of episodes stands on the first of them, `method` (but for the columns of `sessions`,
    which are always those of `baseline`). `agreement` (a row a case), `caseloads` (a row a practitioner), `service` (one row): what
    the figures on agreement and the pooled ones rest on, and what is shown besides.
    `own_episodes`: the episodes of that first rule, with episodes.OPENING_COLUMNS. `trace`: what it saw at every rated session (measures.episodes.trace, but for what only the
    computation needs), and `courses` its rows of the clients' overall (`of_clients`) as bare arrays, to try a rule on. `noise`: σ with its source
    (measures.noise.noise). `agenda`: cases to talk about and why (measures.agenda.agenda). `work`: tasks and goals,
    from their optional sheets, beside the ratings (measures.work.Work).
    """

    ratings: Ratings
    settings: Settings
    scores: pd.DataFrame
    sessions: pd.DataFrame
    episodes: pd.DataFrame
    own_episodes: pd.DataFrame
    cases: pd.DataFrame
    practitioners: pd.DataFrame
    agreement: pd.DataFrame
    caseloads: pd.DataFrame
    service: pd.DataFrame
    trace: pd.DataFrame
    courses: Courses
    noise: pd.DataFrame
    agenda: pd.DataFrame
    work: work.Work
    methods: tuple[str, ...]

    @property
    def method(self) -> str:
        """The rule that summaries, agenda and flags stand on."""
        return self.methods[0]

    @property
    def of_clients(self) -> pd.DataFrame:
        """The rows of `trace` that `courses` are of: the clients' overall, which chance and other rules are tried on."""
        return self.trace[_of_clients(self.trace)]


def analyse(
    ratings: Ratings, settings: Settings | None = None, methods: Sequence[str] | None = None
) -> Analysis:
    """All tables from the ratings. Same ratings and settings, same tables, in whatever order the rows come.

    `methods`: names of DETECTORS, each once; the first is the one that everything but `episodes` stands on. Without them, the settings' own.
    Raises ValueError when one rater has two forms for one session (reading has that settled beforehand), or for a method that is not known.
    """
    settings = Settings() if settings is None else settings
    methods = known_methods(methods or (settings.detection.method,))
    tasks_and_goals = work.work(ratings.tasks, ratings.goals, settings)
    part = stages.prepared(ratings.forms)
    unrated = _unrated(ratings, series.cases_of(part.sessions))
    beside = Beside(ratings.markers, ratings.cases, tasks_and_goals.readings, unrated)
    common = stages.shared([stages.added(part, settings)], settings)
    found = stages.measured(part, beside, common, settings, methods)
    people, loads, service = stages.practitioners([found.counts], common, settings)
    scored, trace = _with_texts(part, ratings.forms), found.trace.drop(columns=_ONLY_FOR_COMPUTING)
    found = replace(found, trace=trace, courses=found.courses.of(_of_clients(trace)))
    del part  # with what only the computation needs, before ids and states become texts
    return Analysis(
        ratings=ratings,
        settings=settings,
        scores=shaped(scored, SCORES),
        sessions=shaped(found.sessions, SESSIONS),
        episodes=found.episodes[EPISODES.names],
        own_episodes=found.own_episodes,
        cases=shaped(found.cases, CASES),
        practitioners=shaped(people, PRACTITIONERS),
        agreement=shaped(for_all(found.agreed, found.cases[_CASE]), AGREEMENT),
        caseloads=shaped(for_all(loads, people[["practitioner"]]), CASELOADS),
        service=shaped(service, SERVICE),
        trace=found.trace,
        courses=found.courses,
        noise=common.noise,
        agenda=found.agenda,
        work=tasks_and_goals,
        methods=methods,
    )


def _of_clients(trace: pd.DataFrame) -> np.ndarray:
    return ((trace["rater"] == "client") & (trace["facet"] == "overall")).to_numpy()


def _with_texts(part: Part, forms: pd.DataFrame) -> pd.DataFrame:
    """The part's scores; with the texts of the forms themselves where these are in the same order, so that none is made twice."""
    if not part.as_given:
        return part.scored
    texts = {name: forms[name].reset_index(drop=True) for name in series.CODED}
    return pd.DataFrame({**part.scored, **texts}, copy=False)


def for_all(rows: pd.DataFrame, keys: pd.DataFrame) -> pd.DataFrame:
    """The rows for all of these keys, in their order; where nobody rated there are no pairs, no clients and nothing to name."""
    nothing = dict.fromkeys(["paired_sessions", "alike_pairs", "alike_cases", "rated_clients"], 0)
    found = keys.merge(rows.astype(dict.fromkeys(keys.columns, "str")), on=list(keys.columns), how="left")
    return found.fillna(
        {name: zero for name, zero in {**nothing, "unnamed": "no ratings"}.items() if name in found}
    )


def known_methods(methods: Sequence[str]) -> tuple[str, ...]:
    """The methods, once each, in the order given. Raises ValueError for one that there is not."""
    for name in methods:
        if name not in DETECTORS:
            raise ValueError(f"there is no method {name}; there are {', '.join(DETECTORS)}")
    return tuple(dict.fromkeys(methods))


def named_beside(ratings: Ratings) -> pd.DataFrame:
    """Practitioner and client of the cases that markers, cases, tasks, goals or reviews name, in order."""
    beside = (ratings.markers, ratings.cases, ratings.tasks, ratings.goals, ratings.review)
    named = pd.concat([frame[_CASE].astype("str") for frame in beside]).drop_duplicates()
    return named.sort_values(_CASE, ignore_index=True)


def _unrated(ratings: Ratings, rated: pd.DataFrame) -> pd.DataFrame:
    """Those of the cases `named_beside` that are not among those that are `rated`."""
    named = named_beside(ratings)
    return named.loc[series.cases_among(named, rated) < 0].reset_index(drop=True)
