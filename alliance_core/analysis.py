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
from alliance_core.tables import CASES, EPISODES, FORMS, PRACTITIONERS, SESSIONS, Ratings, shaped


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
    forms = _in_key_order(ratings.forms)
    every = scores.score(forms)
    scored = every[scores.answered(every)].reset_index(drop=True)
    rows = series.rated_series(scored)
    sigmas = noise.noise(rows, settings.noise)
    sigma = noise.sigma_of(rows, sigmas)
    seen = episodes.walk(rows["series"].to_numpy(), rows["value"].to_numpy(float), sigma, settings.episodes)
    trace = episodes.trace(rows, sigma, seen)
    sessions = shaped(agreement.side_by_side(forms, scored, trace), SESSIONS)
    states = readings.case_states(sessions, ratings.cases, settings.episodes)
    found = _episodes(ratings, rows, sigma, seen, states, settings)
    talk = agenda.agenda(sessions, states, found, settings)
    case_lines = summaries.cases(
        sessions, states, ratings.cases, found, agenda.flags(talk), settings.agreement
    )
    return Analysis(
        ratings=ratings,
        settings=settings,
        scores=scored,
        sessions=sessions,
        episodes=found,
        cases=shaped(case_lines, CASES),
        practitioners=shaped(summaries.practitioners(sessions, found), PRACTITIONERS),
        trace=trace,
        noise=sigmas,
        agenda=talk,
    )


def _in_key_order(forms: pd.DataFrame) -> pd.DataFrame:
    codes = [pd.factorize(forms[name], sort=True)[0] for name in ("rater", "client", "practitioner")]
    order = np.lexsort((codes[0], forms["session"].to_numpy(float), codes[1], codes[2]))
    forms = forms.take(order).reset_index(drop=True)
    if forms.duplicated(FORMS.keys).any():
        twice = forms[forms.duplicated(FORMS.keys)].iloc[0]
        raise ValueError(
            f"two forms for one session and rater, the second in {twice['sheet']} row {twice['row']}"
        )
    return forms


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
    ended = states[states["state"].isin(["closed", "quiet"])][["practitioner", "client"]]
    found = episodes.episodes(rows, sigma, seen, ended, choices)
    found["seen_by"] = beside.seen_by(rows, sigma, seen, found, choices)
    found["facets_fallen"] = beside.facets_fallen(rows, seen, found, choices)
    found["kind"] = beside.kinds(found, ratings.markers, choices)
    alone = beside.marker_episodes(ratings.markers, found, choices)
    parts = [shaped(part, EPISODES) for part in (found, alone)]
    return pd.concat(parts, ignore_index=True).sort_values(EPISODES.keys, ignore_index=True)
