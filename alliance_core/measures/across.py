"""The same measures by approach and by team: same rules everywhere, an interval with every figure, small groups held back, no order of merit.

The unit of ratings is a client's mean. Clients whose group is held back (measures.suppression) are counted together with others
before anything is computed; where only some clients of a group gave a figure, that is settled anew for these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from alliance_core.measures.agreement import interval_half_width
from alliance_core.measures.chance import Chance
from alliance_core.measures.pooling import Pooled, pool
from alliance_core.measures.rates import poisson, wilson
from alliance_core.measures.suppression import WAYS, enough, held_back
from alliance_core.settings import Settings, SuppressionSettings
from alliance_core.tables import ACROSS, ACROSS_NAMES, SCALES, shaped

ALL, NOT_STATED, TOGETHER = "all", "not stated", ""
_CASE = ["practitioner", "client"]
_RATED = [f"client_{scale}" for scale in SCALES]
_FOUND = ["episodes", "repaired", "followed", "recognised", "recognisable"]
_COUNTED = ["sessions", "rated_sessions", *_FOUND]
_BY_CHANCE = ["expected", "steady"]

Held = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Across:
    """What may be published of approaches and teams.

    `groups`: ACROSS, the groups of each kind in order of their names, those held back after them as one, and all as one at the end.
    `names`: ACROSS_NAMES, every group that there is, and whether it is shown. `differences`: by (approach or team), scale, difference
    (detectable; none detectable: τ² = 0; empty where it cannot be told).
    """

    groups: pd.DataFrame
    names: pd.DataFrame
    differences: pd.DataFrame


def across(
    cases: pd.DataFrame,
    sessions: pd.DataFrame,
    episodes: pd.DataFrame,
    settings: Settings,
    chance: Chance | None = None,
    settled: Mapping[str, Held] | None = None,
) -> Across:
    """In: CASES, SESSIONS, the EPISODES of one rule, and what it finds by chance, where that is known. Cases without an approach, or a team, are a group of their own: not stated.

    Means are drawn towards that of all groups of the kind by as much as chance would have it (measures.pooling). Gap: mean of the
    clients' own mean gaps, with a t-interval. Falls: per 100 sessions that clients rated, with Garwood's interval. Shares: Wilson's.

    `settled`: which groups are held back, where that is known (measures.closed_periods): by base, `sessions` for whether a group is shown at all; a base that is not in
    it is told of nobody. Without it, it is settled here.
    """
    clients = _clients(cases, sessions, episodes, chance)
    held = _settled_groups(clients, settled, settings.suppression)
    names = [_names(clients, way, held[way]) for way in WAYS]
    for way, known in zip(WAYS, names, strict=True):
        clients[way] = clients[way].map(known.set_index("group")["counted_in"])
    sparse = {
        name: _held(clients, name, settings.suppression)
        if settled is None
        else _settled(settled.get(name), held, names)
        for name in (*_RATED, "gap")
    }
    kinds = [_Kind(clients, way, sparse, settings) for way in (*WAYS, ALL)]
    groups = pd.concat([kind.table() for kind in kinds], ignore_index=True)
    known = pd.concat(names, ignore_index=True)
    together = known[known["status"] == "held back"].groupby("by").size()
    groups["groups"] = groups["by"].map(together).where(groups["group"] == TOGETHER, 1)
    differences = pd.DataFrame([told for kind in kinds[:-1] for told in kind.differences()])
    return Across(shaped(groups, ACROSS), shaped(known, ACROSS_NAMES), differences)


def _settled_groups(
    clients: pd.DataFrame, settled: Mapping[str, Held] | None, settings: SuppressionSettings
) -> Held:
    if settled is None:
        return held_back(clients[clients["rated"]], settings)
    return settled["sessions"]


def _settled(own: Held | None, held: Held, names: list[pd.DataFrame]) -> Held:
    """The groups of each kind that a figure is held back of. Those counted as one have it where they are the same groups as are held back of it."""
    if own is None:
        return {
            **{way: frozenset([*known["group"], TOGETHER]) for way, known in zip(WAYS, names, strict=True)},
            ALL: frozenset([ALL]),
        }
    found = {}
    for way, known in zip(WAYS, names, strict=True):
        there = frozenset(known["group"])
        found[way] = own[way] if own[way] & there == held[way] & there else own[way] | {TOGETHER}
    return {**found, ALL: frozenset()}


def _clients(
    cases: pd.DataFrame, sessions: pd.DataFrame, episodes: pd.DataFrame, chance: Chance | None
) -> pd.DataFrame:
    """One row a case: practitioner, client, approach, team, all; the client's means and mean gap, pct; rated (has any mean); counts."""
    by = sessions.groupby(_CASE, sort=True)
    means = by[_RATED].mean().assign(
        gap=by["gap_overall"].mean(),
        rated_sessions=by["client_overall"].count(),
        paired_sessions=by["gap_overall"].count(),
    )  # fmt: skip
    own = (episodes["rater"] == "client") & (episodes["facet"] == "overall") & (episodes["source"] == "score")
    found = episodes[own.to_numpy()]
    outcome, seen = found["outcome"], found["seen_by"]
    back = outcome.isin(["repaired", "strengthened"])
    counts = {
        "episodes": found["rater"].notna(),
        "repaired": back,
        "followed": back | (outcome == "unrepaired"),
        "recognised": seen == "both",
        "recognisable": seen.isin(["both", "client only"]),
    }
    keys = [found[name] for name in _CASE]
    counted = pd.DataFrame(counts).astype("int64").groupby(keys, sort=True).sum()
    table = cases[[*_CASE, "sessions", *WAYS]].fillna(dict.fromkeys(WAYS, NOT_STATED)).assign(all=ALL)
    by_chance = [] if chance is None else [chance.by_case().set_index(_CASE)]
    for more in (means, counted, *by_chance):
        table = table.merge(more.reset_index().astype(dict.fromkeys(_CASE, "str")), on=_CASE, how="left")
    zeros = dict.fromkeys([*_COUNTED, "paired_sessions"], 0)
    table = table.fillna(zeros).astype(dict.fromkeys(zeros, "int64"))
    # Where nothing is known of chance, nothing is; where it is, a case that nobody rated has no falls by chance.
    known = (
        table.fillna(dict.fromkeys(_BY_CHANCE, 0.0))
        if by_chance
        else table.assign(expected=np.nan, steady=np.nan)
    )
    return known.assign(rated=table[_RATED].notna().any(axis=1))


def _names(clients: pd.DataFrame, way: str, held: frozenset[str]) -> pd.DataFrame:
    """ACROSS_NAMES of one kind, and counted_in: the group that its clients are counted in; missing where no client rated."""
    rated = clients["rated"].groupby(clients[way], sort=True).any()
    names = rated.index.to_numpy(dtype=object)
    status = np.select([np.isin(names, [*held]), ~rated.to_numpy()], ["held back", "no ratings"], "shown")
    counted_in = pd.Series(names).mask(status == "held back", TOGETHER).mask(status == "no ratings")
    return pd.DataFrame({"by": way, "group": names, "status": status, "counted_in": counted_in})


def _held(clients: pd.DataFrame, value: str, settings: SuppressionSettings) -> Held:
    """For a figure that not all clients have: the groups of each kind, and whether all as one, that it is held back of."""
    here = clients[clients[value].notna()]
    if not enough(len(here), here["practitioner"].nunique(), settings):
        return dict.fromkeys((*WAYS, ALL), frozenset([*here["approach"], *here["team"], ALL]))
    everybody = len(here) == clients["rated"].sum()  # what was settled for all of them holds
    return {
        **(dict.fromkeys(WAYS, frozenset()) if everybody else held_back(here, settings)),
        ALL: frozenset(),
    }


class _Ends(NamedTuple):
    """A figure of each group, and the ends of its interval."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def named(self, name: str) -> dict[str, np.ndarray]:
        return {name: self.value, f"{name}_low": self.low, f"{name}_high": self.high}


class _Kind:
    """The groups of one kind that are published, or all clients as one, and their figures."""

    def __init__(
        self, clients: pd.DataFrame, way: str, sparse: Mapping[str, Held], settings: Settings
    ) -> None:
        self.way, self.level = way, settings.agreement.interval_level
        self.clients = clients[clients[way].notna()].reset_index(drop=True)
        known = [str(name) for name in self.clients[way].unique()]
        self.groups = sorted(known, key=lambda name: (name == TOGETHER, name == NOT_STATED, name))
        self.code = pd.Index(self.groups, dtype="str").get_indexer(pd.Index(self.clients[way]))
        self.shown = {name: ~np.isin(self.groups, [*held[way]]) for name, held in sparse.items()}
        self.pooled = {name: self._pooled(name) for name in _RATED}

    def table(self) -> pd.DataFrame:
        """The columns of ACROSS, but for `groups`."""
        counts = {name: self._sum(self.clients[name]) for name in _COUNTED}
        rated = self.clients["rated"]
        staff = self.clients["practitioner"][rated].groupby(self.code[rated]).nunique()
        means = {name: self._own(name) if self.way == ALL else self._drawn(name) for name in _RATED}
        found = {
            **{name: counts[name] for name in _FOUND},
            **{name: self._total(self.clients[name]) for name in _BY_CHANCE},
            **self._falls(counts["episodes"], counts["rated_sessions"]),
            **self._share("repaired", counts["repaired"], counts["followed"]),
            **self._share("recognised", counts["recognised"], counts["recognisable"]),
        }
        return pd.DataFrame(
            {
                "by": self.way,
                "group": self.groups,
                "cases": self._sum(pd.Series(1, self.clients.index)),
                "rated_clients": self._sum(rated),
                "practitioners": staff.reindex(range(len(self.groups)), fill_value=0).to_numpy(),
                "sessions": counts["sessions"],
                "rated_sessions": counts["rated_sessions"],
                **{column: ends for name, mean in means.items() for column, ends in mean.named(name).items()},
                **self._gap(),
                **self._where_shown("client_overall", found),
            }
        )

    def differences(self) -> list[dict[str, str]]:
        """Whether the means of the groups differ by more than chance makes them differ, by scale."""
        return [
            {"by": self.way, "scale": scale, "difference": _difference(self.pooled[f"client_{scale}"])}
            for scale in SCALES
        ]

    def _total(self, values: pd.Series) -> np.ndarray:
        return np.bincount(self.code, weights=values.to_numpy(float), minlength=len(self.groups))

    def _sum(self, counted: pd.Series) -> np.ndarray:
        return self._total(counted).astype("int64")

    def _where_shown(self, name: str, values: Mapping[str, np.ndarray]) -> dict[str, pd.Series]:
        """The values, missing for groups that the figure `name` is held back of."""
        return {which: pd.Series(value).where(self.shown[name]) for which, value in values.items()}

    def _counted(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Group and value of the clients that have the figure; groups that it is held back of are one, under the number of the first."""
        here = self.clients[name].notna().to_numpy()
        hidden = ~self.shown[name]
        first = int(np.flatnonzero(hidden)[0]) if hidden.any() else 0
        group = np.where(hidden[self.code], first, self.code)
        return group[here], self.clients[name].to_numpy(float)[here]

    def _own(self, name: str) -> _Ends:
        """Mean of the clients' figures of each group, with its t-interval."""
        group, value = self._counted(name)
        by = pd.Series(value).groupby(group)
        mean, spread, size = (
            getattr(by, what)().reindex(range(len(self.groups))) for what in ("mean", "std", "count")
        )
        half = interval_half_width(spread, size.fillna(0), self.level)
        return _Ends(*(end.where(self.shown[name]).to_numpy() for end in (mean, mean - half, mean + half)))

    def _pooled(self, name: str) -> Pooled:
        group, value = self._counted(name)
        return pool(group, value, len(self.groups), self.level)

    def _drawn(self, name: str) -> _Ends:
        """Pooled mean of each group with its interval."""
        found, shown = self.pooled[name], self.shown[name]
        return _Ends(*(np.where(shown, end, np.nan) for end in (found.estimate, found.low, found.high)))

    def _gap(self) -> dict[str, Any]:
        pairs = {
            "paired_sessions": self._sum(self.clients["paired_sessions"]),
            "paired_clients": self._sum(self.clients["gap"].notna()),
        }
        return {**self._where_shown("gap", pairs), **self._own("gap").named("gap")}

    def _falls(self, episodes: np.ndarray, rated: np.ndarray) -> dict[str, np.ndarray]:
        sessions = np.where(rated > 0, rated, np.nan) / 100
        low, high = poisson(episodes, self.level)
        return _Ends(episodes / sessions, low / sessions, high / sessions).named("falls")

    def _share(self, name: str, count: np.ndarray, of: np.ndarray) -> dict[str, np.ndarray]:
        """A proportion with Wilson's interval; missing where there is nothing that it could be of."""
        trials = np.where(of > 0, of, np.nan)
        low, high = (np.where(of > 0, end, np.nan) for end in wilson(count, of, self.level))
        return {f"{name}_share": count / trials, f"{name}_low": low, f"{name}_high": high}


def _difference(found: Pooled) -> str:
    if np.isnan(found.between):
        return ""
    return "none detectable" if found.no_difference else "detectable"
