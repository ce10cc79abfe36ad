"""How one practitioner's caseload moves from period to period, and which part falls. Never against anybody else's."""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.measures import days
from alliance_core.measures.agreement import interval_half_width
from alliance_core.settings import Settings
from alliance_core.tables import FACETS, PARTS_FALLEN, PERIODS, shaped

_CASE = ["practitioner", "client"]
_KEY = ["practitioner", "period"]
_VALUES = {"moved": "client_overall", "gap_moved": "gap_overall"}


def periods(sessions: pd.DataFrame, episodes: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """PERIODS of every practitioner, in order of practitioner and period. `sessions` SESSIONS, `episodes` EPISODES.

    Periods are of `over_time.months` calendar months, counted from January. Each client counts once: a gap is the mean of the clients' mean gaps in
    the period; a movement is the mean over clients of their mean in it − their mean in the period just before, so that who comes and who
    leaves moves nothing. Intervals are Student's, over clients; with fewer than `over_time.clients_from` of them mean and interval are empty. Sessions without
    a day, and those on a far one (`days.away`), belong to no period; an episode belongs to that of the session at which it began.
    """
    dated = _dated(sessions, settings)
    each = dated.groupby([*_CASE, "period"], sort=True)[list(_VALUES.values())].mean().reset_index()
    found = dated.groupby(_KEY, sort=True).agg(sessions=("session", "size"), clients=("client", "nunique"))
    later = each.assign(period=each["period"] + 1)
    both = each.merge(later, on=[*_CASE, "period"], suffixes=("", "_before"))
    for name, column in _VALUES.items():
        moved = both.assign(value=both[column] - both[f"{column}_before"])
        found = found.join(_over_clients(moved, name, settings))
    found = found.join(_over_clients(each.assign(value=each["gap_overall"]), "gap", settings))
    falls = _falls(dated, episodes)
    found = found.join(falls).reset_index()
    clients = [f"{name}_clients" for name in ("moved", "gap", "gap_moved")]
    found = found.fillna(dict.fromkeys([*falls, *clients], 0))
    return shaped(found.assign(**_ends(found["period"], settings.over_time.months)), PERIODS)


def _dated(sessions: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The sessions that belong to a period, with its number."""
    day = sessions["date"]
    near = day.notna().to_numpy() & np.isnan(days.away(day.to_numpy(), settings.readings))
    kept = sessions.loc[near, [*_CASE, "session", "date", *_VALUES.values()]]
    kept = kept.astype(dict.fromkeys(_CASE, "str"))
    number = (kept["date"].dt.year * 12 + kept["date"].dt.month - 1) // settings.over_time.months
    return kept.assign(period=number)


def _ends(period: pd.Series, months: int) -> dict[str, pd.Series]:
    """first_day and last_day of numbered periods."""

    def first(number: pd.Series) -> pd.Series:
        month = number * months
        return pd.to_datetime(pd.DataFrame({"year": month // 12, "month": month % 12 + 1, "day": 1}))

    return {"first_day": first(period), "last_day": first(period + 1) - pd.Timedelta(days=1)}


def _over_clients(rows: pd.DataFrame, name: str, settings: Settings) -> pd.DataFrame:
    """Mean of `value` (one a client) by practitioner and period with its interval, and the number of clients."""
    groups = rows.groupby(_KEY, sort=True)["value"].agg(["count", "mean", "std"])
    enough = groups["count"] >= settings.over_time.clients_from
    mean = groups["mean"].where(enough)
    half = interval_half_width(
        groups["std"].where(enough), groups["count"].where(enough), settings.agreement.interval_level
    )
    return pd.DataFrame(
        {
            name: mean,
            f"{name}_low": mean - half,
            f"{name}_high": mean + half,
            f"{name}_clients": groups["count"],
        }
    )


def _of_clients(episodes: pd.DataFrame) -> pd.DataFrame:
    """The episodes of the clients' overall that were found in the ratings."""
    here = (
        (episodes["rater"] == "client") & (episodes["facet"] == "overall") & (episodes["source"] == "score")
    )
    return episodes[here.to_numpy(bool)].astype(dict.fromkeys(_CASE, "str"))


def _falls(dated: pd.DataFrame, episodes: pd.DataFrame) -> pd.DataFrame:
    """Counts of episodes by practitioner and period."""
    at = dated[[*_CASE, "session", "period"]].rename(columns={"session": "start_session"})
    own = _of_clients(episodes).merge(at, on=[*_CASE, "start_session"])
    seen, outcome = own["seen_by"], own["outcome"]
    told = {
        "episodes": outcome.notna(),
        "back": outcome.isin(["repaired", "strengthened"]),
        "unrepaired": outcome == "unrepaired",
        "recognised": seen == "both",
        "recognisable": seen.isin(["both", "client only"]),
    }
    return own[_KEY].assign(**told).groupby(_KEY, sort=True)[list(told)].sum()


def parts_fallen(sessions: pd.DataFrame, episodes: pd.DataFrame) -> pd.DataFrame:
    """PARTS_FALLEN of every practitioner with such an episode, in order. `sessions` SESSIONS, `episodes` EPISODES with facets_fallen.

    An episode in which one of the three was not rated by the client, at its start or lowest session, says nothing of which falls.
    One episode may be one of several parts.
    """
    own = _of_clients(episodes).reset_index(drop=True)
    facets = [f"client_{facet}" for facet in FACETS]
    there = sessions[[*_CASE, "session"]].assign(**{name: sessions[name].notna() for name in facets})
    there = there.astype(dict.fromkeys(_CASE, "str"))
    rated = np.zeros((len(own), len(FACETS)), bool)
    for at in ("start_session", "low_session"):
        met = own[[*_CASE, at]].merge(there, how="left", left_on=[*_CASE, at], right_on=[*_CASE, "session"])
        rated |= met[facets].eq(True).to_numpy(bool)
    fallen = own["facets_fallen"].fillna("").str.split(";")
    told = {facet: fallen.map(lambda names, facet=facet: facet in names).to_numpy(bool) for facet in FACETS}
    every = np.asarray(rated.all(axis=1), bool)
    counted = own[["practitioner"]].assign(
        episodes=1,
        rated=every,
        **{facet: here & every for facet, here in told.items()},
        none=every & ~np.asarray(np.stack(list(told.values())).any(axis=0), bool),
    )
    return shaped(counted.groupby("practitioner", sort=True).sum().reset_index(), PARTS_FALLEN)
