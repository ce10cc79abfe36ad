"""What stands beside every episode: who registered it, which facets fell, what was recorded.

Sessions are compared by their number within the case, so "the next session" of session 5 is session 6,
rated or not. Cases are numbers from 0 (`series.case_numbers`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.measures import TIE
from alliance_core.measures.detectors import Walk
from alliance_core.settings import EpisodeSettings
from alliance_core.tables import FACETS

_CASE = ["practitioner", "client"]
_SESSION_BITS = 32  # session numbers are far below 2³²; case and session then make one whole number


def _key(case: np.ndarray, session: np.ndarray) -> np.ndarray:
    return (case.astype(np.int64) << _SESSION_BITS) + session


class _Lookup:
    """Values by case and session; missing where there is none."""

    def __init__(self, case: np.ndarray, session: np.ndarray, value: np.ndarray) -> None:
        self._keys = pd.Index(_key(case, session))
        self._value = np.append(value, np.nan)

    def __call__(self, case: np.ndarray, session: np.ndarray) -> np.ndarray:
        at = self._keys.get_indexer(pd.Index(_key(case, session)))
        return self._value[at]  # −1, not found, picks the missing value at the end


def seen_by(
    rows: pd.DataFrame, sigma: np.ndarray, found: Walk, episodes: pd.DataFrame, settings: EpisodeSettings
) -> np.ndarray:
    """Who registered each episode of an overall: both, client only, practitioner only, unknown; "" for facets.

    The practitioner registered a fall of the client's overall when the own rating at the start or the
    next session lies at least half of z_open·σ below the mean of the own ratings over the sessions of the
    client's baseline, or when the own detector opens within one session of it.
    """
    result = np.full(len(episodes), "", dtype=object)
    overall = (episodes["facet"] == "overall").to_numpy()
    by_client = overall & (episodes["rater"] == "client").to_numpy()
    by_practitioner = overall & (episodes["rater"] == "practitioner").to_numpy()
    row_case, episode_case = rows["case"].to_numpy(), episodes["case"].to_numpy()
    session, near = episodes["start_session"].to_numpy(np.int64), settings.nearby_sessions

    own = np.flatnonzero(((rows["rater"] == "practitioner") & (rows["facet"] == "overall")).to_numpy())
    # A practitioner who changed instruments may have two rows for a case, never two for a session.
    own_session = rows["session"].to_numpy(np.int64)[own]
    rating = _Lookup(row_case[own], own_session, rows["value"].to_numpy(float)[own])
    own_sigma = _Lookup(row_case[own], own_session, sigma[own])

    case, at = episode_case[by_client], session[by_client]
    usual = _mean_over_baseline(rows, found, episodes["start"].to_numpy()[by_client], rating)
    fell, rated = np.zeros(len(at), bool), np.zeros(len(at), bool)
    for later in (0, 1):
        x = rating(case, at + later)
        needed = settings.registered_share * settings.z_open * own_sigma(case, at + later)
        rated |= ~np.isnan(x)
        fell |= usual - x >= needed - TIE  # False where any of them is missing
    fell |= _near(case, at, episode_case[by_practitioner], session[by_practitioner], near)
    result[by_client] = np.select(
        [fell, rated & ~np.isnan(usual)], ["both", "client only"], default="unknown"
    )
    matched = _near(episode_case[by_practitioner], session[by_practitioner], case, at, near)
    result[by_practitioner] = np.where(matched, "both", "practitioner only")
    return result.astype(str)


def _mean_over_baseline(rows: pd.DataFrame, found: Walk, start: np.ndarray, rating: _Lookup) -> np.ndarray:
    """Mean of the practitioner's ratings over the sessions of B at each opening row; missing where none."""
    base = found.base[start]
    length = start - base
    episode = np.repeat(np.arange(len(start)), length)
    member = np.repeat(base - np.cumsum(length) + length, length) + np.arange(length.sum())
    own = rating(rows["case"].to_numpy()[member], rows["session"].to_numpy(np.int64)[member])
    counts = found.joined[member] & ~np.isnan(own)
    n = np.bincount(episode[counts], minlength=len(start))
    total = np.bincount(episode[counts], weights=own[counts], minlength=len(start))
    return np.where(n > 0, total / np.maximum(n, 1), np.nan)


def _near(
    case: np.ndarray, session: np.ndarray, other_case: np.ndarray, other_session: np.ndarray, reach: int
) -> np.ndarray:
    """Which (case, session) have another one of the same case at most `reach` sessions away."""
    others = _key(other_case, other_session)
    result = np.zeros(len(case), bool)
    for away in range(-reach, reach + 1):
        result |= np.isin(_key(case, session + away), others)
    return result


def facets_fallen(rows: pd.DataFrame, found: Walk, episodes: pd.DataFrame) -> np.ndarray:
    """Facets of the same rater whose own z reached the rule's `fallen_from` at the start or the low, separated by ;."""
    row_rater = (rows["rater"] == "practitioner").to_numpy()
    side = 2 * episodes["case"].to_numpy() + (episodes["rater"] == "practitioner").to_numpy()
    row_side, session = 2 * rows["case"].to_numpy() + row_rater, rows["session"].to_numpy(np.int64)
    result = np.full(len(episodes), "", dtype=object)
    for facet in FACETS:
        here = (rows["facet"] == facet).to_numpy()
        z = _Lookup(row_side[here], session[here], found.z[here])
        fell = np.zeros(len(episodes), bool)
        for name in ("start_session", "low_session"):
            fell |= z(side, episodes[name].to_numpy(np.int64)) >= found.fallen_from - TIE
        result[fell] = np.where(result[fell] == "", facet, result[fell] + ";" + facet)
    return result.astype(str)


def _spans(episodes: pd.DataFrame, settings: EpisodeSettings) -> tuple[np.ndarray, np.ndarray]:
    """First and last case-and-session key that belongs to each episode, one session before and after included."""
    case, near = episodes["case"].to_numpy(), settings.nearby_sessions
    first = _key(case, episodes["start_session"].to_numpy(np.int64) - near)
    return first, _key(case, episodes["end_session"].to_numpy(np.int64) + near)


def kinds(episodes: pd.DataFrame, markers: pd.DataFrame, settings: EpisodeSettings) -> np.ndarray:
    """withdrawal, confrontation, both or unspecified: from markers during the episode or within one session of it.

    Both frames have case (number). Never guessed from scores.
    """
    first, last = _spans(episodes, settings)
    has = {}
    for kind in ("withdrawal", "confrontation"):
        of_kind = markers[(markers["kind"] == kind).to_numpy()]
        keys = np.sort(_key(of_kind["case"].to_numpy(), of_kind["session"].to_numpy(np.int64)))
        has[kind] = np.searchsorted(keys, last, side="right") > np.searchsorted(keys, first, side="left")
    withdrew, confronted = has["withdrawal"], has["confrontation"]
    return np.select(
        [withdrew & confronted, withdrew, confronted],
        ["both", "withdrawal", "confrontation"],
        default="unspecified",
    ).astype(str)


def marker_episodes(
    markers: pd.DataFrame, episodes: pd.DataFrame, method: str, settings: EpisodeSettings
) -> pd.DataFrame:
    """Sessions with a marker of significance ≥ 3 and no fall of an overall during or within one session of it.

    One row a session, EPISODES columns, source "marker". Rater is client: the markers describe the client's side. Baseline,
    depth, outcome and seen_by stay empty: a marker alone says nothing of them.
    """
    grave = markers[(markers["significance"] >= settings.marker_significance - TIE).to_numpy()]
    key = _key(grave["case"].to_numpy(), grave["session"].to_numpy(np.int64))
    first, last = _spans(episodes[(episodes["facet"] == "overall").to_numpy()], settings)
    order = np.argsort(first, kind="stable")
    before = np.searchsorted(first[order], key, side="right")
    # The farthest end among the episodes that begin before it: of another case, it lies before the key.
    covered = np.append(-1, np.maximum.accumulate(last[order]))[before] >= key
    alone = grave[~covered][[*_CASE, "case", "session"]].drop_duplicates(ignore_index=True)
    result = alone.rename(columns={"session": "start_session"}).assign(
        method=method,
        rater="client",
        facet="overall",
        source="marker",
        outcome="",
        seen_by="",
        facets_fallen="",
    )
    return result.assign(kind=kinds(result.assign(end_session=result["start_session"]), markers, settings))
