"""All figures that a manager may be told of a service: the one place that they are published from.

Workbook, PDF, CSV and page lay out what is here and nothing else. Everything is told through the end of a closed stretch of time, of groups that are
not held back (measures.closed_periods, measures.suppression), from an analysis of the ratings through then. And everything is rounded here, to what is shown
in any format: whole percents and points, falls per 100 sessions and falls by chance to one decimal. A mean with all its digits would be more than a mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from alliance_core.analysis import Analysis
from alliance_core.manager import few_falls
from alliance_core.manager.cut import as_of, through
from alliance_core.manager.over_time import COLUMN, GAP, OVERALL, over_time
from alliance_core.measures.across import NOT_STATED, Across, across
from alliance_core.measures.chance import Chance, by_chance
from alliance_core.measures.closed_periods import SESSIONS, Closed, Held, Stretch, every_closed
from alliance_core.measures.service_summary import last_of_clients, quarters, service_summary
from alliance_core.measures.suppression import WAYS, enough
from alliance_core.settings import Settings
from alliance_core.tables import (
    ACROSS,
    ACROSS_NAMES,
    SCALES,
    SERVICE_SPREAD,
    SERVICE_SUMMARY,
    SERVICE_TREND,
    shaped,
)

_CASE = ["practitioner", "client"]
_PCT, _POINTS = "% of maximum", "points"


@dataclass(frozen=True)
class ServiceFigures:
    """What may be told on a day. Without an id, without words that anybody wrote but names of approaches and teams, in order of names only.

    `closed`: through when, and whether anything is told at all. `service` (SERVICE_SUMMARY), `spread` (SERVICE_SPREAD) and `trend` (SERVICE_TREND) of the service as a
    whole, and `groups` of approaches and teams (measures.across); all of them without rows where nothing may be told. `teams`: how many are named among the cases that are told
    of, and `instruments`: how many the clients' forms are of. `noise`: instrument, rater, sigma (points), measured (whether it comes from the ratings themselves), of overall
    ratings, for instruments that enough clients have forms of.
    """

    settings: Settings
    method: str
    closed: Closed
    service: pd.DataFrame
    spread: pd.DataFrame
    trend: pd.DataFrame
    groups: Across
    teams: int
    instruments: int
    noise: pd.DataFrame

    @property
    def told(self) -> bool:
        return not self.service.empty

    def last_day(self, base: str = SESSIONS) -> date | None:
        """Through when the figures of a base are told of the service as a whole; None where none are, or where sessions have no dates."""
        return _last(self.closed, base)


def service_figures(analysis: Analysis, day: date) -> ServiceFigures:
    """What may be told on that day."""
    cases = _cases(analysis)
    return _figures(analysis, every_closed(_visits(analysis, cases), analysis.settings, day)[-1], cases)


def every_summary(analysis: Analysis, day: date) -> dict[date, ServiceFigures]:
    """By the last day of what is told, in order: what was told when it was first told through then; for the latest, what is told on that day."""
    cases = _cases(analysis)
    every = every_closed(_visits(analysis, cases), analysis.settings, day)
    found: dict[date, Closed] = {}
    for closed in every:
        end = _last(closed, SESSIONS)
        if end is not None:
            found.setdefault(end, closed)
    latest = _last(every[-1], SESSIONS)
    if latest is not None:
        found[latest] = every[-1]
    return {end: _figures(analysis, closed, cases) for end, closed in found.items()}


def _cases(analysis: Analysis) -> pd.DataFrame:
    """practitioner, client, and what is known of the case: approach and team."""
    return (
        analysis.cases[[*_CASE, *WAYS]]
        .astype(dict.fromkeys(_CASE, "str"))
        .fillna(dict.fromkeys(WAYS, NOT_STATED))
    )


def _visits(analysis: Analysis, cases: pd.DataFrame) -> pd.DataFrame:
    """One row a session, as closed_periods takes them."""
    sessions = analysis.sessions
    given = {name: sessions[column].notna() for name, column in COLUMN.items()}
    visits = sessions[[*_CASE, "date"]].astype(dict.fromkeys(_CASE, "str")).assign(**given)
    return visits.merge(cases, on=_CASE, how="left")


def _last(closed: Closed, base: str) -> date | None:
    blocks = closed.blocks.get(base)
    return blocks[-1].last if blocks else None


def _figures(analysis: Analysis, closed: Closed, cases: pd.DataFrame) -> ServiceFigures:
    settings = analysis.settings
    cut = cache(lambda last: as_of(analysis, last))
    chance = cache(lambda last: _chance(cut(last)))
    whole = _Told(analysis.sessions, {base: blocks[-1] for base, blocks in closed.blocks.items()})
    sessions = whole.sessions()
    at = None if OVERALL not in closed.blocks else cut(_last(closed, OVERALL))
    service = shaped({}, SERVICE_SUMMARY)
    if closed.state == "told":
        service = service_summary(
            _of(cases, sessions), sessions, (at or analysis).own_episodes, settings,
            None if at is None else chance(_last(closed, OVERALL)), whole.figure(OVERALL),
        )  # fmt: skip
    told = not service.empty
    forms = sessions[[f"client_{scale}" for scale in SCALES]].notna().any(axis=1)
    return ServiceFigures(
        settings=settings,
        method=analysis.method,
        closed=closed,
        service=_service_told(service, settings),
        spread=_spread(whole, settings) if told else shaped({}, SERVICE_SPREAD),
        trend=over_time(analysis.sessions, closed, at, settings) if told else shaped({}, SERVICE_TREND),
        groups=_groups(analysis, closed, cases, cut, chance),
        teams=int(_of(cases, sessions)["team"].replace(NOT_STATED, np.nan).nunique()),
        instruments=_instruments(analysis, sessions[forms.to_numpy(bool)]),
        noise=_noise(at if told else None, settings),
    )


def _noise(at: Analysis | None, settings: Settings) -> pd.DataFrame:
    """What overall ratings vary by. Nothing of an instrument that few clients have forms of."""
    columns = ["instrument", "rater", "sigma", "measured"]
    if at is None:
        return pd.DataFrame([], columns=columns)
    kept = ["instrument", "rater"]
    forms = at.scores[at.scores["overall_pct"].notna()].astype(dict.fromkeys(kept, "str"))
    by = (
        forms[[*kept, *_CASE]]
        .drop_duplicates()
        .groupby(kept, sort=True)["practitioner"]
        .agg(["size", "nunique"])
    )
    own = settings.suppression
    large = by[(by["size"] >= own.min_clients) & (by["nunique"] >= own.min_practitioners)]
    overall = at.noise[(at.noise["facet"] == "overall").to_numpy(bool)].astype(dict.fromkeys(kept, "str"))
    found = overall[pd.MultiIndex.from_frame(overall[kept]).isin(large.index)]
    return found.assign(
        sigma=found["sigma"].round(1), measured=found["differences"] >= settings.noise.min_differences
    )[columns].reset_index(drop=True)


def _service_told(service: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    by_chance_alone = service["unit"].eq("falls")
    found = _rounded(service, {"value": 0, "low": 0, "high": 0})
    rounded = found.assign(value=found["value"].mask(by_chance_alone, service["value"].round(1)))
    return few_falls.of_service(rounded, settings.suppression.min_clients)


class _Told:
    """The sessions that each base is told of."""

    def __init__(self, sessions: pd.DataFrame, ends: Mapping[str, Stretch]) -> None:
        self.every, self.ends = sessions, ends

    def sessions(self) -> pd.DataFrame:
        """All of them; none where nothing is told."""
        return self.figure(SESSIONS)

    def figure(self, base: str) -> pd.DataFrame:
        """The sessions that a figure is told of; none where it is not told."""
        if base not in self.ends:
            return self.every.iloc[:0]
        return through(self.every, self.ends[base].last)

    def all_figures(self) -> pd.DataFrame:
        """The sessions that are told of, each figure missing from where it is not told on."""
        found = self.sessions()
        later = {
            column: found[column].where(found.index.isin(self.figure(base).index))
            for base, column in COLUMN.items()
        }
        return found.assign(**later)


def _of(cases: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """The cases with one of these sessions, and how many: a case counts from its first session on."""
    many = sessions.astype(dict.fromkeys(_CASE, "str")).groupby(_CASE, sort=True).size().rename("sessions")
    return cases.merge(many.reset_index(), on=_CASE)


def _chance(analysis: Analysis) -> Chance:
    return by_chance(analysis.of_clients, analysis.courses, analysis.method, analysis.settings)


def _instruments(analysis: Analysis, rated: pd.DataFrame) -> int:
    """How many instruments the clients' forms of these sessions are of."""
    forms = analysis.scores[(analysis.scores["rater"] == "client").to_numpy(bool)]
    keys = [*_CASE, "session"]
    own = pd.MultiIndex.from_frame(forms[keys]).isin(pd.MultiIndex.from_frame(rated[keys]))
    return int(forms["instrument"][own].nunique())


def _spread(whole: _Told, settings: Settings) -> pd.DataFrame:
    lines = list[dict[str, Any]]()
    for base, column in COLUMN.items():
        sessions = whole.figure(base)
        values = (
            sessions.groupby(_CASE, sort=True)[column].mean().dropna()
            if base == GAP
            else last_of_clients(sessions, column)
        )
        people = values.index.get_level_values(0).nunique()
        if enough(len(values), people, settings.suppression):
            told = quarters(values.to_numpy(float), settings.suppression)
            unit, last = (_POINTS if base == GAP else _PCT), whole.ends[base].last
            lines.append({"figure": base, "clients": len(values), **told, "unit": unit, "through": last})
    frame = shaped(pd.DataFrame(lines, columns=SERVICE_SPREAD.names), SERVICE_SPREAD)
    return _rounded(frame, dict.fromkeys(("lower", "middle", "upper"), 0))


# -- groups --------------------------------------------------------------------------------------------


def _groups(
    analysis: Analysis,
    closed: Closed,
    cases: pd.DataFrame,
    cut: Callable[[date | None], Analysis],
    chance: Callable[[date | None], Chance],
) -> Across:
    if SESSIONS not in closed.groups:
        return _nothing_of_groups(cases)
    told = _Told(analysis.sessions, closed.groups)
    sessions = told.all_figures()
    settled: dict[str, Held] = {base: closed.held[base] for base in closed.groups}
    at = closed.groups[OVERALL].last if OVERALL in closed.groups else None
    falls = cut(at) if OVERALL in closed.groups else analysis
    by_chance_alone = chance(at) if OVERALL in closed.groups else None
    found = across(
        _of(cases, sessions), sessions, falls.own_episodes, analysis.settings, by_chance_alone, settled
    )
    told_groups = few_falls.of_groups(
        _groups_rounded(found.groups), analysis.settings.suppression.min_clients
    )
    return Across(told_groups, found.names, found.differences)


def _nothing_of_groups(cases: pd.DataFrame) -> Across:
    """Which groups there are, and nothing else."""
    names = [
        pd.DataFrame({"by": way, "group": sorted(set(cases[way])), "status": "held back"}) for way in WAYS
    ]
    nothing = pd.DataFrame([], columns=["by", "scale", "difference"])
    return Across(shaped({}, ACROSS), shaped(pd.concat(names, ignore_index=True), ACROSS_NAMES), nothing)


def _groups_rounded(groups: pd.DataFrame) -> pd.DataFrame:
    ends = ("", "_low", "_high")
    whole = [f"{name}{end}" for name in (*(f"client_{scale}" for scale in SCALES), "gap") for end in ends]
    tenths = ["expected", "steady", *(f"falls{end}" for end in ends)]
    shares = [f"{name}_{end}" for name in ("repaired", "recognised") for end in ("share", "low", "high")]
    return _rounded(groups, dict.fromkeys(whole, 0) | dict.fromkeys(tenths, 1) | dict.fromkeys(shares, 2))


def _rounded(frame: pd.DataFrame, decimals: Mapping[str, int]) -> pd.DataFrame:
    """The frame with these columns rounded; there is no −0."""
    return frame.assign(**{name: frame[name].round(places) + 0.0 for name, places in decimals.items()})
