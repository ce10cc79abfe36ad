"""All that is loaded, as one: what a manager may be told of a service, without a client, a practitioner or an order among them.

Nothing is told of fewer clients, or of clients of fewer practitioners, than `suppression` asks for, and no value below or above which
fewer clients lie than that. Falls are counted among all of these clients: the counts themselves may be small.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from alliance_core.measures.chance import Chance
from alliance_core.measures.rates import wilson
from alliance_core.measures.suppression import enough
from alliance_core.settings import Settings, SuppressionSettings
from alliance_core.tables import SCALES, SERVICE_SUMMARY, shaped

_CASE = ["practitioner", "client"]
_QUANTILES = {"lower": 0.25, "middle": 0.5, "upper": 0.75}
_OUTCOMES = {
    "repaired": ("repaired",),
    "strengthened": ("strengthened",),
    "unrepaired": ("unrepaired",),
    "open": ("open", "ended open"),
}
_PCT = "% of maximum"
Line = dict[str, Any]


def service_summary(
    cases: pd.DataFrame,
    sessions: pd.DataFrame,
    episodes: pd.DataFrame,
    settings: Settings,
    chance: Chance | None = None,
    overall: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """SERVICE_SUMMARY, in reading order; no row where too few clients rated. In: CASES, SESSIONS, the EPISODES of one rule, and what it finds by chance.

    Sessions are those known; a form counts with any score. Latest ratings are the clients' latest overall, pct. Falls are episodes of the
    clients' overall that were found in scores; shares of them have Wilson's interval. What stands on overall ratings is held back where too few clients gave any.
    `overall`: the sessions that overall ratings are told of, where these are not all; the episodes are those found in them.
    """
    rated = _rated(sessions, "client")
    clients = sessions.loc[rated, _CASE].drop_duplicates()
    if not _publishable(clients, settings.suppression):
        return shaped({}, SERVICE_SUMMARY)
    counted = [
        _period(sessions),
        _count("practitioners", clients["practitioner"].nunique(), "practitioners"),
        _count("cases", len(cases), "cases"),
        _count("rated_clients", len(clients), "clients", len(cases)),
        _count("sessions", len(sessions), "sessions"),
        _part("client_forms", int(rated.sum()), len(sessions)),
        _part("practitioner_forms", int(_rated(sessions, "practitioner").sum()), len(sessions)),
    ]
    latest = last_of_clients(sessions if overall is None else overall, "client_overall")
    if _publishable(latest.index.to_frame(index=False), settings.suppression):
        level = settings.agreement.interval_level
        counted += _latest(latest.to_numpy(float), settings.suppression)
        counted += _falls(episodes, len(latest), level, chance)
    return shaped(pd.DataFrame(counted), SERVICE_SUMMARY)


def last_of_clients(sessions: pd.DataFrame, figure: str) -> pd.Series:
    """Each client's latest value of a column of SESSIONS, for those who have one."""
    return sessions[sessions[figure].notna()].groupby(_CASE, sort=True)[figure].last()


def quarters(values: np.ndarray, settings: SuppressionSettings) -> dict[str, float | None]:
    """lower, middle, upper: the quarters and the middle of values, one a client; None where fewer clients than may be told of lie on either side."""
    return {
        name: float(np.quantile(values, share))
        if len(values) * min(share, 1 - share) >= settings.min_clients
        else None
        for name, share in _QUANTILES.items()
    }


def _rated(sessions: pd.DataFrame, rater: str) -> np.ndarray:
    return sessions[[f"{rater}_{scale}" for scale in SCALES]].notna().any(axis=1).to_numpy(bool)


def _publishable(clients: pd.DataFrame, settings: SuppressionSettings) -> bool:
    return enough(len(clients), clients["practitioner"].nunique(), settings)


def _period(sessions: pd.DataFrame) -> Line:
    """The first and last month; days would be those of single sessions."""
    days = sessions["date"].dropna()
    months = [f"{day:%Y-%m}" for day in (days.min(), days.max())] if len(days) else []
    return {"figure": "period", "months": " to ".join(dict.fromkeys(months)) or None, "unit": "months"}


def _count(figure: str, count: int, unit: str, of: int | None = None) -> Line:
    return {"figure": figure, "count": count, "of": of, "unit": unit}


def _part(figure: str, count: int, of: int) -> Line:
    """A share of everything there is, so without an interval."""
    return {"figure": figure, "value": 100 * count / of, "count": count, "of": of, "unit": "%"}


def _share(figure: str, count: int, of: int, level: float) -> Line:
    """A share with its interval; none where there is nothing that it could be of."""
    low, high = wilson(np.array([count]), np.array([of]), level)
    ends = {"value": 100 * count / of, "low": 100 * low[0], "high": 100 * high[0]} if of else {}
    return {"figure": figure, **ends, "count": count, "of": of, "unit": "%"}


def _latest(values: np.ndarray, settings: SuppressionSettings) -> list[Line]:
    """Quarters and middle, each only where enough clients lie on either side."""
    return [
        {"figure": f"latest_{name}", "value": value, "of": len(values), "unit": _PCT}
        for name, value in quarters(values, settings).items()
    ]


def _falls(episodes: pd.DataFrame, clients: int, level: float, chance: Chance | None) -> list[Line]:
    own = (episodes["rater"] == "client") & (episodes["facet"] == "overall") & (episodes["source"] == "score")
    found = episodes[own.to_numpy(bool)]
    ended: Mapping[str, int] = {
        figure: int(found["outcome"].isin(outcomes).sum()) for figure, outcomes in _OUTCOMES.items()
    }
    known = len(found) - ended["open"]
    seen = found["seen_by"].isin(["both"]).sum(), found["seen_by"].isin(["both", "client only"]).sum()
    told = None if chance is None else chance.of()
    by_chance = [
        {"figure": figure, "value": value, "unit": "falls"}
        for figure, value in (("expected", told.expected), ("steady", told.steady))
    ] if told else []  # fmt: skip
    return [
        _share("clients_with_fall", len(found[_CASE].drop_duplicates()), clients, level),
        _count("falls", len(found), "falls"),
        *by_chance,
        _share("came_back", ended["repaired"] + ended["strengthened"], known, level),
        *(_share(figure, number, len(found), level) for figure, number in ended.items()),
        _share("recognised", int(seen[0]), int(seen[1]), level),
    ]
