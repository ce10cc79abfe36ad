"""The whole computation on one screen: ratings → scores → sessions → episodes → summaries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from alliance_core.measures import (
    agenda,
    agreement,
    all_episodes,
    case_agreement,
    caseloads,
    episodes,
    noise,
    paired,
    readings,
    scores,
    series,
    slow_falls,
    summaries,
    work,
)
from alliance_core.measures.detectors import BASELINE, DETECTORS, Courses
from alliance_core.measures.detectors.lines import lines_of
from alliance_core.settings import Settings
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


@dataclass(frozen=True)
class Analysis:
    """Everything computed from one set of ratings with one set of settings.

    `scores`, `sessions`, `episodes`, `cases`, `practitioners`: the tables of alliance_core.tables, in key order. `episodes` holds
    those of all `methods`; everything else that speaks of episodes stands on the first of them, `method` (but for the columns of `sessions`,
    which are always those of `baseline`). `agreement` (a row a case), `caseloads` (a row a practitioner), `service` (one row): what
    the figures on agreement and the pooled ones rest on, and what is shown besides.
    `own_episodes`: the episodes of that first rule, with episodes.OPENING_COLUMNS. `trace`: what it saw at every rated session (measures.episodes.trace), and `courses` the same sessions as bare arrays, to try a rule on. `noise`: σ with its source
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


def analyse(
    ratings: Ratings, settings: Settings | None = None, methods: Sequence[str] | None = None
) -> Analysis:
    """All tables from the ratings. Same ratings and settings, same tables, in whatever order the rows come.

    `methods`: names of DETECTORS, each once; the first is the one that everything but `episodes` stands on. Without them, the settings' own.
    Raises ValueError when one rater has two forms for one session (reading has that settled beforehand), or for a method that is not known.
    """
    settings = Settings() if settings is None else settings
    methods = _known(methods or (settings.detection.method,))
    forms = series.in_key_order(ratings.forms)
    forms = forms.assign(case=series.case_numbers(forms))
    every = scores.score(forms)
    form = np.flatnonzero(scores.answered(every))
    more = {name: forms[name].take(form).array for name in ("case", "range_min", "range_max")}
    scored = every.take(form).reset_index(drop=True).assign(**more)
    rows = series.rated_series(scored)
    sigmas = noise.noise(rows, settings.noise)
    courses = _courses(rows, sigmas, scored, settings)
    # The columns of `sessions` are those of the rule `baseline`, whichever rules were asked for.
    seen = {name: DETECTORS[name].find(courses, settings) for name in {BASELINE.name, *methods}}
    traces = {name: episodes.trace(rows, courses.sigma, seen[name]) for name in {BASELINE.name, methods[0]}}
    sessions = agreement.side_by_side(forms, scored, form, traces[BASELINE.name])
    states = readings.case_states(sessions, _unrated(ratings), ratings.cases, settings)
    asked = {name: seen[name] for name in methods}
    found = all_episodes.all_episodes(rows, courses, asked, states, ratings.markers, settings.episodes)
    own = found[(found["method"] == methods[0]).to_numpy()].reset_index(drop=True)
    slow = slow_falls.falling_slowly(rows, courses.sigma, seen[methods[0]], settings.readings)
    tasks_and_goals = work.work(ratings.tasks, ratings.goals, settings)
    talk = agenda.agenda(sessions, states, own, slow, tasks_and_goals.readings, settings)
    agreed, loads, service = _agreement(scored, sessions, settings)
    case_lines = summaries.cases(sessions, states, ratings.cases, own, agenda.flags(talk), agreed)
    people = summaries.practitioners(case_lines, sessions, own, loads)
    return Analysis(
        ratings=ratings,
        settings=settings,
        scores=shaped(scored, SCORES),
        sessions=shaped(sessions, SESSIONS),
        episodes=found[EPISODES.names],
        own_episodes=own,
        cases=shaped(case_lines, CASES),
        practitioners=shaped(people, PRACTITIONERS),
        agreement=shaped(_for_all(agreed, case_lines[_CASE]), AGREEMENT),
        caseloads=shaped(_for_all(loads, people[["practitioner"]]), CASELOADS),
        service=shaped(service, SERVICE),
        trace=traces[methods[0]],
        courses=courses,
        noise=sigmas,
        agenda=talk,
        work=tasks_and_goals,
        methods=methods,
    )


def _courses(rows: pd.DataFrame, sigmas: pd.DataFrame, scored: pd.DataFrame, settings: Settings) -> Courses:
    """What the rules read of the rows."""
    usual = noise.by_row(rows, sigmas, "sigma", "within", "spread", "centre", "prior")
    lines = lines_of(rows, scored, settings.threshold)
    return Courses(rows["series"].to_numpy(), rows["value"].to_numpy(float), **usual, lines=lines)


def _agreement(
    scored: pd.DataFrame, sessions: pd.DataFrame, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """AGREEMENT, CASELOADS and SERVICE columns."""
    pairs = paired.paired(scored)
    agreed = case_agreement.case_agreement(sessions, pairs, settings.agreement)
    of_clients = paired.instruments_of_clients(scored)
    return agreed, *caseloads.caseloads(sessions, pairs, of_clients, settings)


def _for_all(rows: pd.DataFrame, keys: pd.DataFrame) -> pd.DataFrame:
    """The rows for all of these keys, in their order; where nobody rated there are no pairs, no clients and nothing to name."""
    nothing = dict.fromkeys(["paired_sessions", "alike_pairs", "alike_cases", "rated_clients"], 0)
    found = keys.merge(rows.astype(dict.fromkeys(keys.columns, "str")), on=list(keys.columns), how="left")
    return found.fillna(
        {name: zero for name, zero in {**nothing, "unnamed": "no ratings"}.items() if name in found}
    )


def _known(methods: Sequence[str]) -> tuple[str, ...]:
    """The methods, once each, in the order given. Raises ValueError for one that there is not."""
    for name in methods:
        if name not in DETECTORS:
            raise ValueError(f"there is no method {name}; there are {', '.join(DETECTORS)}")
    return tuple(dict.fromkeys(methods))


def _unrated(ratings: Ratings) -> pd.DataFrame:
    """Practitioner and client of the cases that markers, cases, tasks, goals or reviews name and no form does, in order."""
    beside = (ratings.markers, ratings.cases, ratings.tasks, ratings.goals, ratings.review)
    named = pd.concat([frame[_CASE].astype("str") for frame in beside]).drop_duplicates()
    rated = pd.MultiIndex.from_frame(ratings.forms[_CASE].astype("str"))
    return named.loc[~pd.MultiIndex.from_frame(named).isin(rated)].sort_values(_CASE, ignore_index=True)
