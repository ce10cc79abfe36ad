"""The service as a whole from one stretch of time to the next: each is told once it is closed (measures.closed_periods)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from alliance_core.analysis import Analysis
from alliance_core.measures.closed_periods import SESSIONS, Closed, Stretch
from alliance_core.measures.suppression import enough
from alliance_core.settings import Settings
from alliance_core.tables import SCALES, SERVICE_TREND, shaped

OVERALL, GAP = "client_overall", "gap"
# The figures that not all sessions have, by base, and the column of SESSIONS that says which have.
COLUMN = {name: name for name in (OVERALL, "client_goal", "client_task", "client_bond")} | {
    GAP: "gap_overall"
}
_CASE = ["practitioner", "client"]
_PCT, _POINTS = "% of maximum", "points"
Lines = list[tuple[str, float, str]]


def over_time(
    sessions: pd.DataFrame, closed: Closed, at: Analysis | None, settings: Settings
) -> pd.DataFrame:
    """SERVICE_TREND, rounded: each stretch of time that is told on its own; no rows where sessions have no dates.

    `at`: the analysis that the falls are those of. A fall belongs to the stretch that it began in.
    """
    lines = list[dict[str, Any]]()
    if not closed.dated:
        return shaped({}, SERVICE_TREND)
    for base, told in _TOLD_OVER_TIME.items():
        for stretch in closed.blocks.get(base, ()):
            here = _between(sessions, stretch)
            own = here if base == SESSIONS else here[here[COLUMN[base]].notna()]
            clients = own[_CASE].drop_duplicates()
            if not enough(len(clients), clients["practitioner"].nunique(), settings.suppression):
                continue  # cannot be: a stretch closes with enough
            lines += [
                {"figure": figure, "value": value, "unit": unit, "clients": len(clients), "first_day": stretch.first, "last_day": stretch.last}
                for figure, value, unit in told(own, at)
            ]  # fmt: skip
    return shaped(pd.DataFrame(lines, columns=SERVICE_TREND.names), SERVICE_TREND)


def _between(sessions: pd.DataFrame, stretch: Stretch) -> pd.DataFrame:
    if stretch.first is None or stretch.last is None:
        return sessions
    day = sessions["date"]
    return sessions[
        (day >= pd.Timestamp(stretch.first)).to_numpy(bool)
        & (day <= pd.Timestamp(stretch.last)).to_numpy(bool)
    ]


def _forms_then(own: pd.DataFrame, at: Analysis | None) -> Lines:
    shares = [
        (f"{rater}_forms", _share_with(own, [f"{rater}_{scale}" for scale in SCALES]), "%")
        for rater in ("client", "practitioner")
    ]
    return [
        ("clients", len(own[_CASE].drop_duplicates()), "clients"),
        ("sessions", len(own), "sessions"),
        *shares,
    ]


def _share_with(own: pd.DataFrame, columns: list[str]) -> float:
    return round(100 * float(own[columns].notna().any(axis=1).mean()))


def _ratings_then(own: pd.DataFrame, at: Analysis | None) -> Lines:
    level = ("level", round(float(own.groupby(_CASE, sort=True)[OVERALL].mean().mean())), _PCT)
    if at is None:
        return [level]
    falls = at.own_episodes
    score = (falls["rater"] == "client") & (falls["facet"] == "overall") & (falls["source"] == "score")
    began = falls.loc[score.to_numpy(bool), [*_CASE, "start_session"]].astype(dict.fromkeys(_CASE, "str"))
    keys = pd.MultiIndex.from_frame(own[[*_CASE, "session"]].astype(dict.fromkeys(_CASE, "str")))
    found = int(pd.MultiIndex.from_frame(began).isin(keys).sum())
    return [
        level,
        ("falls", found, "falls"),
        ("fall_rate", round(100 * found / len(own), 1), "falls per 100"),
    ]


def _gaps_then(own: pd.DataFrame, at: Analysis | None) -> Lines:
    return [("gap", round(float(own.groupby(_CASE, sort=True)["gap_overall"].mean().mean())) + 0.0, _POINTS)]


_TOLD_OVER_TIME: Mapping[str, Callable[[pd.DataFrame, Analysis | None], Lines]] = {
    SESSIONS: _forms_then,
    OVERALL: _ratings_then,
    GAP: _gaps_then,
}
