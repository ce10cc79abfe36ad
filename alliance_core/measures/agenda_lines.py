"""Today's agenda as a list: one line for each case, picked and put in order as a reader asks. Cases, never people, are ordered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import pandas as pd

_CASE = ["practitioner", "client"]
LINE_COLUMNS = [*_CASE, "order", "reason", "further", "team", "approach", "last_date"]
# What lines can be put in order by, and how; within that by practitioner and client, and what is not known comes last.
ORDERS: Mapping[str, tuple[str, bool]] = {
    "need": ("order", True),
    "latest": ("last_date", False),
    "longest ago": ("last_date", True),
    "name": ("practitioner", True),
}


class Picked(NamedTuple):
    """Which lines are asked for: those that fit all of these. Empty, or None, asks for nothing.

    `reasons`: any reason of the case, the first or a further one; `teams`, `approaches`: as in the sheet `cases`; `since`: last session
    on that day or later, so that a case without a day does not fit.
    """

    reasons: Collection[str] = ()
    teams: Collection[str] = ()
    approaches: Collection[str] = ()
    since: pd.Timestamp | None = None


def first_lines(agenda: pd.DataFrame) -> pd.DataFrame:
    """The most urgent line of each case that is on today's agenda, in order of need, then of ids. `agenda` of agenda.agenda."""
    today = agenda[agenda["listed"].to_numpy(bool)].sort_values([*_CASE, "order"], kind="stable")
    return today.drop_duplicates(_CASE).sort_values(["order", *_CASE], kind="stable", ignore_index=True)


def lines(agenda: pd.DataFrame, cases: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """LINE_COLUMNS of each case on today's agenda, in order of need, then of ids.

    `further`: its other reasons, in order, separated by ; and empty where there is none. `team` and `approach` of CASES, missing where not noted;
    `last_date`: the newest day of its sessions (SESSIONS), missing where none has one.
    """
    first = first_lines(agenda)
    days = sessions.groupby(_CASE, sort=True)["date"].max().rename("last_date").reset_index()
    notes = cases[[*_CASE, "team", "approach"]]
    found = first[[*_CASE, "order", "reason"]]
    for beside in (_further(agenda, first), notes, days):
        found = found.merge(beside.astype(dict.fromkeys(_CASE, "str")), on=_CASE, how="left")
    return found.assign(further=found["further"].fillna(""))[LINE_COLUMNS]


def _further(agenda: pd.DataFrame, first: pd.DataFrame) -> pd.DataFrame:
    """The reasons of each case but for its first, once each."""
    today = agenda.loc[agenda["listed"].to_numpy(bool), [*_CASE, "order", "reason"]]
    once = today.drop_duplicates([*_CASE, "reason"]).sort_values([*_CASE, "order"], kind="stable")
    leading = once.merge(first[[*_CASE, "reason"]], how="left", indicator="_side")["_side"] == "both"
    rest = once[~leading.to_numpy(bool)]
    return rest.groupby(_CASE, sort=True)["reason"].agg(";".join).rename("further").reset_index()


def picked(found: pd.DataFrame, asked: Picked) -> pd.DataFrame:
    """The lines that are asked for, in the order given."""
    fits = pd.Series(True, index=found.index)
    if asked.reasons:
        told = (found["reason"] + ";" + found["further"]).str.split(";").explode()
        fits &= told.isin(list(asked.reasons)).groupby(level=0).any()
    for name, words in (("team", asked.teams), ("approach", asked.approaches)):
        if words:
            fits &= found[name].isin(list(words))
    if asked.since is not None:
        fits &= found["last_date"] >= asked.since
    return found[fits.to_numpy(bool)].reset_index(drop=True)


def in_order(found: pd.DataFrame, order: str) -> pd.DataFrame:
    """The lines in one of ORDERS. Raises KeyError for another one."""
    column, ascending = ORDERS[order]
    keys = [column, *(name for name in _CASE if name != column)]
    return found.sort_values(
        keys, ascending=[ascending, *[True] * (len(keys) - 1)], na_position="last", kind="stable", ignore_index=True
    )  # fmt: skip


def minutes(cases: int, each: float) -> int:
    """How long it takes to talk about so many cases, whole minutes: an assumption, `agenda.minutes_a_case`, and no measurement.

    >>> minutes(5, 2.5)
    13
    """
    return int(cases * each + 0.5)
