"""Which case shows an idea most clearly: one function an idea, each from the tables of an analysis to one line, or none.

The choice is the same for the same ratings: the clearest first, by a number that the function names, then by practitioner and client. A case
that an earlier idea has taken comes after those that none has (`taken`), so that a guide does not show one case ten times.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, cast

import pandas as pd

from alliance_core.analysis import Analysis
from alliance_core.measures import TIE
from alliance_core.measures.detectors import DETECTORS
from alliance_core.sentences import Row

Case = tuple[str, str]
Taken = Collection[Case]
Pick = Callable[[Analysis, Taken], Row | None]

_CASE = ["practitioner", "client"]


def agreement(analysis: Analysis, taken: Taken) -> Row | None:
    """Both ratings close: the smallest mean absolute gap, at most (≤) the σ of the client's rating. Line of AGREEMENT with sigma (pct points).

    Of the cases whose mean gap has an interval and that have no episode, neither side flat.
    """
    trace = analysis.trace
    varies = trace[(_of_overall(trace) & (trace["rater"] == "client")).to_numpy(bool)]
    varies = varies.astype(dict.fromkeys(_CASE, "str")).drop_duplicates(_CASE)[[*_CASE, "sigma"]]
    lines = _calm_pairs(analysis).merge(varies, on=_CASE)
    return _clearest(
        lines[lines["mean_abs_gap"] <= lines["sigma"] + TIE], "mean_abs_gap", taken, smallest=True
    )


def gap(analysis: Analysis, taken: Taken) -> Row | None:
    """Both ratings far from what is usual with the practitioner, whose usual gap lies outside the case's interval: the farthest.

    Line of AGREEMENT with usual_gap and away (pct points), of the same cases as `agreement`.
    """
    enough = analysis.practitioners["paired_sessions"] >= analysis.settings.agreement.mean_from
    usual = analysis.practitioners.loc[enough.to_numpy(bool), ["practitioner", "mean_gap"]]
    lines = _calm_pairs(analysis).merge(usual.rename(columns={"mean_gap": "usual_gap"}), on="practitioner")
    lines = lines.assign(away=(lines["mean_gap"] - lines["usual_gap"]).abs())
    outside = (lines["usual_gap"] < lines["gap_low"]) | (lines["usual_gap"] > lines["gap_high"])
    return _clearest(lines[outside], "away", taken)


def strain(analysis: Analysis, taken: Taken) -> Row | None:
    """The largest fall of a client's overall that is noted as a strain, in a case without an episode of it. Line of the trace."""
    trace = analysis.trace
    noted = _of_overall(trace) & (trace["rater"] == "client") & (trace["state"] == "strain")
    lines = trace[noted.to_numpy(bool)].astype(dict.fromkeys(_CASE, "str"))
    return _clearest(_without(lines, _falls(analysis)), "z", taken)


def repaired(analysis: Analysis, taken: Taken) -> Row | None:
    """The deepest episode (in σ) that was repaired. Line of EPISODES, as in the two below."""
    falls = _falls(analysis)
    return _clearest(falls[falls["outcome"].isin(["repaired", "strengthened"])], "depth_sigma", taken)


def unrepaired(analysis: Analysis, taken: Taken) -> Row | None:
    """The deepest that was not repaired."""
    falls = _falls(analysis)
    return _clearest(falls[falls["outcome"] == "unrepaired"], "depth_sigma", taken)


def blind_spot(analysis: Analysis, taken: Taken) -> Row | None:
    """The deepest that the practitioner's rating did not register."""
    falls = _falls(analysis)
    return _clearest(falls[falls["seen_by"] == "client only"], "depth_sigma", taken)


def withdrawal(analysis: Analysis, taken: Taken) -> Row | None:
    """The recorded withdrawal of most significance, at a session that the client rated. Line of MARKERS."""
    return _marker(analysis, "withdrawal", taken)


def confrontation(analysis: Analysis, taken: Taken) -> Row | None:
    """The same for confrontation."""
    return _marker(analysis, "confrontation", taken)


def flat_at_ceiling(analysis: Analysis, taken: Taken) -> Row | None:
    """The longest run of top marks. Line of measures.agenda."""
    talk = analysis.agenda
    return _clearest(talk[talk["reason"] == "flat at ceiling"], "count", taken)


def too_few(analysis: Analysis, taken: Taken) -> Row | None:
    """A case of which nothing can be said yet: the one with most ratings. Where there is none, the beginning of one.

    Line with practitioner, client, count (rated sessions of the client), until (session up to which that is so) and begun (True where only
    the beginning of a longer case is meant). None where no client rated.
    """
    most = says_from(analysis) - 1
    rated = analysis.sessions[analysis.sessions["client_overall"].notna()]
    rated = rated.assign(place=rated.groupby(_CASE).cumcount() + 1)
    ends = rated.groupby(_CASE, as_index=False).agg(count=("place", "size"), until=("session", "last"))
    short = _clearest(ends[ends["count"] <= most].assign(begun=False), "count", taken)
    at = rated[rated["place"] == most].rename(columns={"place": "count", "session": "until"})
    return short or _clearest(at[[*_CASE, "count", "until"]].assign(begun=True), "count", taken)


def says_from(analysis: Analysis) -> int:
    """The rated session of a case from which the rule in use can say anything."""
    return DETECTORS[analysis.method].says_from(analysis.settings)


def _of_overall(frame: pd.DataFrame) -> pd.Series:
    return frame["facet"] == "overall"


def _falls(analysis: Analysis) -> pd.DataFrame:
    """The episodes of clients' overall that the rule in use found."""
    own = analysis.own_episodes
    return own[_of_overall(own) & (own["rater"] == "client") & (own["source"] == "score")]


def _calm_pairs(analysis: Analysis) -> pd.DataFrame:
    lines = analysis.agreement
    known = lines["gap_low"].notna() & ~lines["flat"].isin(["client", "practitioner", "both"])
    return _without(lines[known], _falls(analysis))


def _marker(analysis: Analysis, kind: str, taken: Taken) -> Row | None:
    sessions = analysis.sessions
    rated = sessions.loc[sessions["client_overall"].notna(), [*_CASE, "session"]]
    markers = analysis.ratings.markers
    of_kind = markers[(markers["kind"] == kind) & markers["marker"].notna()]
    found = of_kind.merge(rated, on=[*_CASE, "session"])
    return _clearest(found.assign(weight=found["significance"].fillna(0)), "weight", taken)


def _without(lines: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """The lines of cases that are not among the others."""
    marked = lines.merge(others[_CASE].drop_duplicates(), on=_CASE, how="left", indicator="side")
    return marked.loc[marked["side"] == "left_only", lines.columns]


def _clearest(lines: pd.DataFrame, by: str, taken: Taken, *, smallest: bool = False) -> Row | None:
    if lines.empty:
        return None
    used = pd.MultiIndex.from_frame(lines[_CASE]).isin(list(taken))
    ordered = lines.assign(used=used, weight=lines[by].astype("float64") * (1 if smallest else -1))
    keys = ["used", "weight", *_CASE, *(["session"] if "session" in lines else [])]
    first = ordered.sort_values(keys, kind="stable").head(1)[list(lines.columns)]
    return cast("list[dict[str, Any]]", first.to_dict("records"))[0]
