"""The whole computation on one screen: ratings → scores → sessions → episodes → summaries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from alliance_core.measures import (
    agenda,
    agreement,
    beside,
    episodes,
    noise,
    readings,
    scores,
    series,
    summaries,
)
from alliance_core.settings import Settings
from alliance_core.tables import CASES, EPISODES, PRACTITIONERS, SCORES, SESSIONS, Ratings, shaped


@dataclass(frozen=True)
class Analysis:
    """Everything computed from one set of ratings with one set of settings.

    `scores`, `sessions`, `episodes`, `cases`, `practitioners`: the tables of alliance_core.tables, in key order.
    `trace`: what the detector saw at every rated session (measures.episodes.trace). `noise`: σ with its source
    (measures.noise.noise). `agenda`: cases to talk about and why (measures.agenda.agenda).
    """

    ratings: Ratings
    settings: Settings
    scores: pd.DataFrame
    sessions: pd.DataFrame
    episodes: pd.DataFrame
    cases: pd.DataFrame
    practitioners: pd.DataFrame
    trace: pd.DataFrame
    noise: pd.DataFrame
    agenda: pd.DataFrame


def analyse(ratings: Ratings, settings: Settings | None = None) -> Analysis:
    """All tables from the ratings. Same ratings and settings, same tables, in whatever order the rows come.

    Raises ValueError when one rater has two forms for one session: reading has that settled beforehand.
    """
    settings = Settings() if settings is None else settings
    forms = series.in_key_order(ratings.forms)
    forms = forms.assign(case=series.case_numbers(forms))
    every = scores.score(forms)
    form = np.flatnonzero(scores.answered(every))
    scored = every.take(form).reset_index(drop=True).assign(case=forms["case"].take(form).array)
    rows = series.rated_series(scored)
    sigmas = noise.noise(rows, settings.noise)
    sigma = noise.sigma_of(rows, sigmas)
    seen = episodes.walk(rows["series"].to_numpy(), rows["value"].to_numpy(float), sigma, settings.episodes)
    trace = episodes.trace(rows, sigma, seen)
    sessions = agreement.side_by_side(forms, scored, form, trace)
    states = readings.case_states(sessions, ratings.cases, settings.episodes)
    found = _episodes(ratings, rows, sigma, seen, states, settings)
    talk = agenda.agenda(sessions, states, found, settings)
    case_lines = summaries.cases(
        sessions, states, ratings.cases, found, agenda.flags(talk), settings.agreement
    )
    return Analysis(
        ratings=ratings,
        settings=settings,
        scores=shaped(scored, SCORES),
        sessions=shaped(sessions, SESSIONS),
        episodes=found,
        cases=shaped(case_lines, CASES),
        practitioners=shaped(summaries.practitioners(sessions, found), PRACTITIONERS),
        trace=trace,
        noise=sigmas,
        agenda=talk,
    )


def _episodes(
    ratings: Ratings,
    rows: pd.DataFrame,
    sigma: np.ndarray,
    seen: episodes.Walk,
    states: pd.DataFrame,
    settings: Settings,
) -> pd.DataFrame:
    """EPISODES columns in key order: those found in scores with all that stands beside them, and markers alone."""
    choices = settings.episodes
    ended = states["state"].isin(["closed", "quiet"]).to_numpy(bool)
    markers = _with_case(ratings.markers, states)
    found = episodes.episodes(rows, sigma, seen, ended, choices)
    found["seen_by"] = beside.seen_by(rows, sigma, seen, found, choices)
    found["facets_fallen"] = beside.facets_fallen(rows, seen, found, choices)
    found["kind"] = beside.kinds(found, markers, choices)
    alone = beside.marker_episodes(markers, found, choices)
    parts = [shaped(part, EPISODES) for part in (found, alone)]
    return pd.concat(parts, ignore_index=True).sort_values(EPISODES.keys, ignore_index=True)


def _with_case(markers: pd.DataFrame, states: pd.DataFrame) -> pd.DataFrame:
    """The markers with the number of their case; cases that nobody rated get numbers beyond."""
    keys = ["practitioner", "client"]
    known = pd.MultiIndex.from_frame(states[keys].astype("str"))
    at = known.get_indexer(pd.MultiIndex.from_frame(markers[keys].astype("str")))
    beyond = len(states) + markers.groupby(keys, sort=True).ngroup().to_numpy()
    return markers.assign(case=np.where(at < 0, beyond, at).astype(np.int64))
