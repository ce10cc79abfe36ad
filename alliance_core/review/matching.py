"""Decisions and the episodes of today: which is about which, and what has changed since it was decided."""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.analysis import Analysis
from alliance_core.measures import TIE
from alliance_core.measures.episodes import last_sessions
from alliance_core.review.subjects import NO_EPISODE, RECORDED_MARKER
from alliance_core.tables import REVIEW, shaped

_CASE = ["practitioner", "client"]
EPISODE, SESSION, GONE, NO_CASE = "episode", "session", "no episode", "no case"
MATCHED_COLUMNS = [
    *REVIEW.names, "session_now", "start_session", "match", "changed", "depth_now", "outcome_now", "latest", "open_action"
]  # fmt: skip


def carded(analysis: Analysis) -> pd.DataFrame:
    """The episodes that are talked of one by one: EPISODES columns and end_session (last session), in key order.

    Those of an overall rating and recorded markers, as the rule in use has them. A practitioner's own episode that belongs to
    one of the client's is told there, and single facets, noisier than the overall, are told on the side.
    """
    episodes = analysis.own_episodes
    told_there = (episodes["rater"] == "practitioner") & (episodes["seen_by"] != "practitioner only")
    kept = episodes[((episodes["facet"] == "overall") & ~told_there).to_numpy(bool)]
    return kept.assign(end_session=last_sessions(analysis.trace, kept)).reset_index(drop=True)


def matched(review: pd.DataFrame, analysis: Analysis) -> pd.DataFrame:
    """Every decision with what it is about now; one row each, in the order given, MATCHED_COLUMNS.

    `session_now`: the number of its session now: where that number has another day than when it was decided, and one session of the
    case has that day, that one's. `start_session`: the episode (of `carded`) that begins there; else the nearest of the case that
    overlaps with the episode as it was then, or lies within `episodes.nearby_sessions` of it (of two as near, the earlier one);
    empty where there is none, and where a decision about a session without an episode meets none that begins there.
    `match`: episode; session (there was no episode then, and there is none now); no episode (there is none any more, or a row
    written by hand meets none); no case (no session of it is loaded).
    `changed`, separated by ;: renumbered; new day (that number has another day, and no session has the old one); moved (the episode begins
    elsewhere; near, where nothing says that it began there); found (there was none then); deepened and shallower (by `review.changed_points` or more); outcome.
    `depth_now` (pct points) and `outcome_now` are the episode's. `latest`: no later decision is about the same. `open_action`: it
    is the latest, names an action, and does not say that it was done.
    """
    rows = shaped(review, REVIEW)
    numbered = _numbered(rows, analysis.sessions)
    found = _episodes(numbered, carded(analysis), analysis.settings.episodes.nearby_sessions)
    known = pd.MultiIndex.from_frame(analysis.sessions[_CASE].astype("str"))
    there = pd.MultiIndex.from_frame(rows[_CASE]).isin(known)
    without = (rows["outcome_then"] == NO_EPISODE).to_numpy(bool)
    matches = found["start_session"].notna().to_numpy(bool)
    match = np.select([matches, ~there, without], [EPISODE, NO_CASE, SESSION], GONE)
    result = found.assign(match=pd.array(match, dtype="str"))
    result["changed"] = pd.array(_changed(result, analysis.settings.review.changed_points), dtype="str")
    result["latest"] = _latest(result)
    result["open_action"] = result["latest"] & result["action"].notna() & (result["done"] != "yes")
    return result[MATCHED_COLUMNS]


def _numbered(rows: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """The rows with session_now, and `new_day` where the number has another day."""
    days = sessions[[*_CASE, "session", "date"]].rename(columns={"date": "_day"})
    by_number = rows[[*_CASE, "session"]].merge(days, how="left", on=[*_CASE, "session"], indicator="_there")
    alone = days[days["_day"].notna() & ~days.duplicated([*_CASE, "_day"], keep=False)]
    by_day = rows[[*_CASE, "session_date"]].merge(
        alone.rename(columns={"session": "_number"}),
        how="left",
        left_on=[*_CASE, "session_date"],
        right_on=[*_CASE, "_day"],
    )
    dated = rows["session_date"].notna()
    missing = by_number["_there"] == "left_only"
    other = dated & (missing | (by_number["_day"].notna() & (by_number["_day"] != rows["session_date"])))
    moved = other & by_day["_number"].notna()
    now = rows["session"].mask(moved, by_day["_number"].astype("Int64"))
    return rows.assign(session_now=now, new_day=other & ~moved & ~missing)


def _episodes(rows: pd.DataFrame, episodes: pd.DataFrame, near: int) -> pd.DataFrame:
    """The rows with start_session, depth_now and outcome_now of the episode that each is about; one row each."""
    numbered = rows.assign(_row=np.arange(len(rows)))
    columns = [*_CASE, "start_session", "end_session", "depth_pct", "outcome", "source"]
    pairs = numbered[[*_CASE, "_row", "session", "session_now", "until_session", "outcome_then"]].merge(
        episodes[columns].astype(dict.fromkeys(_CASE, "str")), on=_CASE
    )
    first = pairs["session_now"].astype("float64")
    length = (pairs["until_session"] - pairs["session"]).fillna(0).clip(lower=0).astype("float64")
    start, end = pairs["start_session"].astype("float64"), pairs["end_session"].astype("float64")
    pairs["_away"] = (start - first).abs()
    apart = np.maximum.reduce([start - (first + length), first - end, np.zeros(len(pairs))])
    fits = (pairs["_away"] == 0) | ((pairs["outcome_then"] != NO_EPISODE) & (apart <= near))
    best = pairs[fits.to_numpy(bool)].sort_values(["_row", "_away", "start_session"]).drop_duplicates("_row")
    by_marker = (best["source"] == "marker").to_numpy(bool)
    facts = best[["_row", "start_session", "depth_pct", "outcome"]].rename(
        columns={"depth_pct": "depth_now", "outcome": "outcome_now"}
    )
    facts["outcome_now"] = facts["outcome_now"].mask(by_marker, RECORDED_MARKER)
    return numbered.merge(facts, how="left", on="_row").drop(columns="_row")


def _changed(rows: pd.DataFrame, points: float) -> np.ndarray:
    """What has changed, for each row, separated by ;."""
    deeper = (rows["depth_now"] - rows["fall_then"]).to_numpy(float)
    there = rows["start_session"].notna()
    then = rows["outcome_then"]
    elsewhere = there & (rows["start_session"] != rows["session_now"]).fillna(False)
    told = {
        "renumbered": rows["session_now"] != rows["session"],
        "new day": rows["new_day"],
        "moved": elsewhere & then.notna(),
        "near": elsewhere & then.isna(),
        "found": there & (then == NO_EPISODE),
        "deepened": deeper >= points - TIE,
        "shallower": -deeper >= points - TIE,
        "outcome": there & then.notna() & (then != NO_EPISODE) & (then != rows["outcome_now"]),
    }
    result = np.full(len(rows), "", object)
    for name, where in told.items():
        here = np.asarray(where, bool)
        result[here] = np.where(result[here] == "", name, result[here] + ";" + name)
    return result


def _latest(rows: pd.DataFrame) -> np.ndarray:
    """Rows about whose episode, or session where there is none, there is no later decision; an unknown day is the earliest."""
    about = rows["start_session"].fillna(rows["session_now"])
    key = rows[_CASE].assign(_about=about, _episode=rows["start_session"].notna())
    order = rows.assign(_place=np.arange(len(rows))).sort_values(
        ["decided_on", "session_now", "_place"], na_position="first", kind="stable"
    )
    last = ~key.loc[order.index].duplicated(keep="last")
    return last.reindex(rows.index).to_numpy(bool)
