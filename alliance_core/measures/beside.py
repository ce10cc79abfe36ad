"""What stands beside every episode: who registered it, which facets fell, what was recorded.

Sessions are compared by their number within the case, so "the next session" of session 5 is session 6,
rated or not. Cases are numbers from 0 (`series.case_numbers`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.measures import TIE
from alliance_core.measures.detectors import Courses, Walk
from alliance_core.measures.series import in_words
from alliance_core.settings import EpisodeSettings
from alliance_core.tables import FACETS

_CASE = ["practitioner", "client"]
_SETS_OF_FACETS = [
    ";".join(facet for number, facet in enumerate(FACETS) if bits >> number & 1)
    for bits in range(2 ** len(FACETS))
]
_SESSION_BITS = 32  # session numbers are far below 2³²; case and session then make one whole number


def _key(case: np.ndarray, session: np.ndarray) -> np.ndarray:
    return (case.astype(np.int64) << _SESSION_BITS) + session


class Places:
    """Where each rating is among the rows of series.rated_series: made once, for the episodes of every rule.

    A rater who changed instruments may have two series in a case, never two ratings for a session.
    """

    def __init__(self, rows: pd.DataFrame) -> None:
        self.case, self.session = rows["case"].to_numpy(), rows["session"].to_numpy()
        self._facet = rows["facet"]
        self._practitioner = (rows["rater"] == "practitioner").to_numpy()
        self._cases = int(self.case.max(initial=-1)) + 1
        self._made: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def row(
        self, facet: str, practitioner: np.ndarray | bool, case: np.ndarray, session: np.ndarray
    ) -> np.ndarray:
        """The row of each side's rating of a facet in a session, the client's or the practitioner's; −1 where there is none."""
        keys, rows = self._of(facet)
        if not len(keys):
            return np.full(len(case), -1)
        wanted = self.keys(practitioner, case, session)
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[at] == wanted, rows[at], -1)

    def _of(self, facet: str) -> tuple[np.ndarray, np.ndarray]:
        """The ratings of a facet: what they are found by, in order, and their rows."""
        if facet not in self._made:
            rows = np.flatnonzero(self.is_of(facet))
            keys = self.keys_of(rows)
            if not np.all(keys[1:] > keys[:-1]):
                order = np.argsort(keys)
                keys, rows = keys[order], rows[order]
            self._made[facet] = keys, rows
        return self._made[facet]

    def is_of(self, facet: str) -> np.ndarray:
        """Which rows are ratings of a facet."""
        return (self._facet == facet).to_numpy()

    def keys(self, practitioner: np.ndarray | bool, case: np.ndarray, session: np.ndarray) -> np.ndarray:
        """One whole number for a side, a case and a session, in their order."""
        return _key(practitioner * np.int64(self._cases) + case, session)

    def keys_of(self, rows: np.ndarray) -> np.ndarray:
        """The same for these rows."""
        return self.keys(self._practitioner[rows], self.case[rows], self.session[rows])


def _among(keys: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Which of the keys are among known ones, which are in order."""
    return np.searchsorted(known, keys, side="right") > np.searchsorted(known, keys, side="left")


def _taken(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The values at these rows; missing for −1."""
    return np.where(rows < 0, np.nan, values[rows]) if len(values) else np.full(len(rows), np.nan)


def seen_by(
    places: Places,
    courses: Courses,
    found: Walk,
    episodes: pd.DataFrame,
    settings: EpisodeSettings,
) -> pd.Categorical:
    """Who registered each episode of an overall: both, client only, practitioner only, unknown; "" for facets.

    The practitioner registered a fall of the client's overall when the own rating at the start or the
    next session lies at least half of z_open·σ below the mean of the own ratings over the sessions of the
    client's baseline, or when the own detector opens within one session of it.
    """
    result = np.zeros(len(episodes), np.int8)
    overall = (episodes["facet"] == "overall").to_numpy()
    by_client = overall & (episodes["rater"] == "client").to_numpy()
    by_practitioner = overall & (episodes["rater"] == "practitioner").to_numpy()
    episode_case, session = episodes["case"].to_numpy(), episodes["start_session"].to_numpy(np.int64)
    near = settings.nearby_sessions
    case, at = episode_case[by_client], session[by_client]
    usual = _mean_over_baseline(places, courses.value, found, by_client)
    fell, rated = np.zeros(len(at), bool), np.zeros(len(at), bool)
    for later in (0, 1):
        row = places.row("overall", True, case, at + later)
        x = _taken(courses.value, row)
        needed = settings.registered_share * settings.z_open * _taken(courses.sigma, row)
        rated |= ~np.isnan(x)
        fell |= usual - x >= needed - TIE  # False where any of them is missing
    fell |= _near(case, at, episode_case[by_practitioner], session[by_practitioner], near)
    result[by_client] = np.select([fell, rated & ~np.isnan(usual)], [1, 2], default=3)
    matched = _near(episode_case[by_practitioner], session[by_practitioner], case, at, near)
    result[by_practitioner] = np.where(matched, 1, 4)
    return in_words(result, ["", "both", "client only", "unknown", "practitioner only"])


def _mean_over_baseline(places: Places, value: np.ndarray, found: Walk, kept: np.ndarray) -> np.ndarray:
    """Mean of the practitioner's ratings over the sessions of B at each of the falls that are kept (bool); missing where none."""
    start, base = found.falls.start[kept], found.falls.base[kept]
    length = start - base
    episode = np.repeat(np.arange(len(start)), length)
    member = np.repeat(base - np.cumsum(length) + length, length) + np.arange(length.sum())
    own = _taken(value, places.row("overall", True, places.case[member], places.session[member]))
    counts = found.joined[member] & ~np.isnan(own)
    n = np.bincount(episode[counts], minlength=len(start))
    total = np.bincount(episode[counts], weights=own[counts], minlength=len(start))
    return np.where(n > 0, total / np.maximum(n, 1), np.nan)


def _near(
    case: np.ndarray, session: np.ndarray, other_case: np.ndarray, other_session: np.ndarray, reach: int
) -> np.ndarray:
    """Which (case, session) have another one of the same case at most `reach` sessions away."""
    others = np.sort(_key(other_case, other_session))
    first, last = _key(case, session - reach), _key(case, session + reach)
    return np.searchsorted(others, last, side="right") > np.searchsorted(others, first, side="left")


def facets_fallen(places: Places, found: Walk, episodes: pd.DataFrame) -> pd.Categorical:
    """Facets of the same rater whose own z reached the rule's `fallen_from` at the start or the low, separated by ;."""
    case, practitioner = episodes["case"].to_numpy(), (episodes["rater"] == "practitioner").to_numpy()
    sessions = [episodes[name].to_numpy(np.int64) for name in ("start_session", "low_session")]
    wanted = [places.keys(practitioner, case, session) for session in sessions]
    low = np.flatnonzero(found.z >= found.fallen_from - TIE)
    fallen = np.zeros(len(episodes), np.int8)  # a bit for each facet
    for number, facet in enumerate(FACETS):
        known = np.sort(places.keys_of(low[places.is_of(facet)[low]]))
        fell = np.logical_or.reduce([_among(keys, known) for keys in wanted])
        fallen += fell.astype(np.int8) << number
    return in_words(fallen, _SETS_OF_FACETS)


def _spans(episodes: pd.DataFrame, settings: EpisodeSettings) -> tuple[np.ndarray, np.ndarray]:
    """First and last case-and-session key that belongs to each episode, one session before and after included."""
    case, near = episodes["case"].to_numpy(), settings.nearby_sessions
    first = _key(case, episodes["start_session"].to_numpy(np.int64) - near)
    return first, _key(case, episodes["end_session"].to_numpy(np.int64) + near)


def kinds(episodes: pd.DataFrame, markers: pd.DataFrame, settings: EpisodeSettings) -> pd.Categorical:
    """withdrawal, confrontation, both or unspecified: from markers during the episode or within one session of it.

    Both frames have case (number). Never guessed from scores.
    """
    first, last = _spans(episodes, settings)
    has = {}
    for kind in ("withdrawal", "confrontation"):
        of_kind = markers[(markers["kind"] == kind).to_numpy()]
        keys = np.sort(_key(of_kind["case"].to_numpy(), of_kind["session"].to_numpy(np.int64)))
        has[kind] = np.searchsorted(keys, last, side="right") > np.searchsorted(keys, first, side="left")
    found = has["withdrawal"] + 2 * has["confrontation"].astype(np.int8)
    return in_words(found, ["unspecified", "withdrawal", "confrontation", "both"])


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
