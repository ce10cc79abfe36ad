"""Shares of falls that are of few falls are not told: "1 of 1 came back" is about one client, however many clients there are."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from alliance_core.measures.across import ALL

# Of the service: shares that give away each other, and of how many falls the first of them is (all falls minus those still open).
_FOLLOWED = ("came_back", "repaired", "strengthened", "unrepaired", "open")
_NOTICED = ("recognised",)
# Of groups (ACROSS): of how many falls, and what stands on them.
_OF_GROUPS = {
    "followed": ("followed", "repaired", "repaired_share", "repaired_low", "repaired_high"),
    "recognisable": (
        "recognisable", "recognised", "recognised_share", "recognised_low", "recognised_high",
    ),
}  # fmt: skip


def of_service(service: pd.DataFrame, least: int) -> pd.DataFrame:
    """SERVICE_SUMMARY without shares that are of fewer than `least` falls: count, of, value and ends of these are missing.

    What followed is told as a whole or not at all: the falls that are still open would say of how many the rest are.
    """
    found = service
    for shares in (_FOLLOWED, _NOTICED):
        found = _without(found, shares, least)
    return found


def _without(service: pd.DataFrame, shares: Sequence[str], least: int) -> pd.DataFrame:
    of = service.loc[(service["figure"] == shares[0]).to_numpy(bool), "of"]
    if of.fillna(0).ge(least).all():
        return service
    few = service["figure"].isin(shares).to_numpy(bool)
    told = ["count", "of", "value", "low", "high"]
    return service.assign(**{name: service[name].mask(few) for name in told})


def of_groups(groups: pd.DataFrame, least: int) -> pd.DataFrame:
    """ACROSS without shares that are of fewer than `least` falls, in one of the groups of a kind: these are missing of all groups of that kind.

    Groups that are not told of are one of them: what is left of all, minus those that are told of. The share of all as one stands on its own.
    """
    found = groups
    for of, columns in _OF_GROUPS.items():
        few = found["by"].map({kind: _few(groups, kind, of, least) for kind in set(groups["by"])})
        found = found.assign(**{name: found[name].mask(few.to_numpy(bool)) for name in columns})
    return found


def _few(groups: pd.DataFrame, kind: str, of: str, least: int) -> bool:
    own = groups.loc[(groups["by"] == kind).to_numpy(bool), of]
    if own.dropna().lt(least).any():
        return True
    if kind == ALL or own.notna().all():
        return False
    rest = groups.loc[(groups["by"] == ALL).to_numpy(bool), of].sum() - own.sum()
    return bool(rest < least)
