"""Readings that are neither a fall nor a gap: flat at ceiling, missing since, closed or quiet cases."""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.measures import TIE
from alliance_core.settings import EpisodeSettings, ReadingSettings
from alliance_core.tables import SCALES

_CASE = ["practitioner", "client"]
TOP = 100.0  # pct of the maximum possible: nothing higher can be marked


def flat_at_ceiling(sessions: pd.DataFrame, settings: ReadingSettings) -> pd.DataFrame:
    """Cases whose latest rated sessions are all at the very top mark, four or more in a row (client overall).

    Out: practitioner, client, session (first of the run), count (rated sessions in the run). Uninformative, and
    possibly reluctance to criticise.
    """
    rated = sessions[sessions["client_overall"].notna().to_numpy()]
    below = (rated["client_overall"] < TOP - TIE).astype(int)
    keys = [rated["practitioner"], rated["client"]]
    # Nothing below the top from here to the end: the reversed running count of lower marks is still 0.
    later = below[::-1].groupby([key[::-1] for key in keys], sort=False).cumsum()[::-1]
    run = rated[(later == 0).to_numpy()].groupby(_CASE, sort=True)["session"].agg(["first", "size"])
    run = run[(run["size"] >= settings.ceiling_sessions).to_numpy()]
    return run.reset_index().rename(columns={"first": "session", "size": "count"})


def missing_since(sessions: pd.DataFrame, settings: ReadingSettings) -> pd.DataFrame:
    """Cases whose latest sessions, two or more, one side did not rate, where that side rates at all.

    "At all": anywhere in this practitioner's data; a team where only clients rate is not told so for every case.
    Out: practitioner, client, rater, session (last one rated by that side; missing where none), count (sessions since).
    """
    found = []
    for rater in ("client", "practitioner"):
        rated = sessions[[f"{rater}_{scale}" for scale in SCALES]].notna().any(axis=1)
        lines = sessions[[*_CASE, "session"]].assign(rated=rated, at=sessions["session"].where(rated))
        case = lines.groupby(_CASE, sort=True)
        later = (
            lines[::-1].groupby([lines["practitioner"][::-1], lines["client"][::-1]])["rated"].cumsum()[::-1]
        )
        since = (later == 0).groupby([lines["practitioner"], lines["client"]], sort=True).sum()
        table = pd.DataFrame({"session": case["at"].max(), "count": since}).reset_index()
        rates = lines.groupby("practitioner")["rated"].any()
        keep = (table["count"] >= settings.missing_sessions) & table["practitioner"].map(rates).astype(bool)
        found.append(table[keep.to_numpy()].assign(rater=rater))
    return pd.concat(found).sort_values([*_CASE, "rater"], ignore_index=True)


def case_states(sessions: pd.DataFrame, notes: pd.DataFrame, settings: EpisodeSettings) -> pd.DataFrame:
    """Per case: state (active, closed, quiet; empty where undated) and last_date.

    Closed: the sheet `cases` gives a closing day. Quiet: the last session is more than `ended_after_days` (>) before the
    newest day in the data. In: SESSIONS and CASE_NOTES columns. Out: practitioner, client, state, last_date.
    """
    table = sessions.groupby(_CASE, sort=True)["date"].max().rename("last_date").reset_index()
    closed = (
        table.merge(notes[notes["closed"].notna().to_numpy()][_CASE], how="left", indicator=True)["_merge"]
        == "both"
    )
    away = (sessions["date"].max() - table["last_date"]).dt.days
    table["state"] = np.select(
        [closed.to_numpy(), away.isna().to_numpy(), (away > settings.ended_after_days).to_numpy()],
        ["closed", "", "quiet"],
        default="active",
    ).astype(str)
    return table[[*_CASE, "state", "last_date"]]
