"""Rows of optional sheets about a case or a session that nobody rated: perhaps written differently there."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliance_core.reading.assembling import PLACE, Parts, name_rows
from alliance_core.reading.problems import NOTE, WARNING, Problems


class Rated:
    """The cases and the sessions that there are forms of, each put together when it is first asked for. `forms` are in key order."""

    def __init__(self, forms: pd.DataFrame) -> None:
        self._forms = forms

    def __len__(self) -> int:
        return len(self._forms)

    @cached_property
    def cases(self) -> pd.MultiIndex:
        once = self._once[["practitioner", "client"]]
        return pd.MultiIndex.from_frame(once.loc[_changes(once)])

    @cached_property
    def sessions(self) -> pd.MultiIndex:
        return pd.MultiIndex.from_frame(self._once)

    @cached_property
    def _once(self) -> pd.DataFrame:
        keys = self._forms[["practitioner", "client", "session"]]
        return keys.loc[_changes(keys)]


def _changes(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Rows that differ from the one before."""
    found = np.ones(len(rows), bool)
    if len(rows):
        found[1:] = False
        for name in rows.columns:
            column = rows[name].array
            found[1:] |= np.asarray(column[1:] != column[:-1], bool)
    return found


def point_out_strangers(parts: Parts, rows: pd.DataFrame, rated: Rated, problems: Problems) -> None:
    """Rows of an optional sheet about a case, or a session of a rated case, that no form is about: perhaps written differently."""
    if not len(rows) or not len(rated):
        return
    stranger = rated.cases.get_indexer_for(pd.MultiIndex.from_frame(rows[["practitioner", "client"]])) < 0
    told = "No ratings were found for this practitioner and client; check how both are written. The case is listed with 0 sessions."
    name_rows(
        parts,
        rows.loc[stranger],
        WARNING,
        "case_without_ratings",
        [told] * int(stranger.sum()),
        problems,
    )
    if "session" in rows:
        _point_out_sessions(parts, rows.loc[~stranger], rated, problems)


def _point_out_sessions(parts: Parts, rows: pd.DataFrame, rated: Rated, problems: Problems) -> None:
    """Rows that say something about a session of which there is no form."""
    keys = ["practitioner", "client", "session"]
    content = [name for name in rows.columns if name not in PLACE and name not in keys]
    unrated = rated.sessions.get_indexer_for(pd.MultiIndex.from_frame(rows[keys])) < 0
    alone = rows[content].notna().any(axis=1) & unrated
    found = rows.loc[alone]
    told = [
        f"No form of session {session:g} of this case was read; what stands here is used all the same. Check the session's number."
        for session in found["session"].tolist()
    ]
    column = [parts[number].shared["session"] for number in found["_sheet"].tolist()]
    name_rows(parts, found.assign(_column=column), NOTE, "session_without_ratings", told, problems)
