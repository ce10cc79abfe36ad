"""The episodes that rules found, with all that stands beside each, and those that only a recorded marker makes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from alliance_core.measures import beside, episodes
from alliance_core.measures.detectors import Courses, Walk
from alliance_core.measures.series import cases_among, key_ranks
from alliance_core.settings import EpisodeSettings
from alliance_core.tables import EPISODES, shaped


def all_episodes(
    rows: pd.DataFrame,
    courses: Courses,
    seen: Mapping[str, Walk],
    states: pd.DataFrame,
    markers: pd.DataFrame,
    settings: EpisodeSettings,
) -> pd.DataFrame:
    """EPISODES and episodes.OPENING_COLUMNS in key order, and case, its place in `states`.

    In: the rows of series.rated_series and their courses, what each rule saw, by its name, `states` of readings.case_states, MARKERS. A marker alone is
    no finding of a rule, so it is listed once: with the first rule, and where that one found no fall.
    """
    ended = states["state"].isin(["closed", "quiet"]).to_numpy(bool)
    rank = key_ranks(states)
    places, noted = beside.Places(rows), markers.assign(case=cases_among(markers, states))
    parts: list[pd.DataFrame] = []
    for method, walk in seen.items():
        found = episodes.episodes(rows, courses.sigma, walk, method, ended, settings)
        found["seen_by"] = beside.seen_by(places, courses, walk, found, settings)
        found["facets_fallen"] = beside.facets_fallen(places, walk, found)
        found["kind"] = beside.kinds(found, noted, settings)
        if not parts:
            parts.append(beside.marker_episodes(noted, found, method, settings))
        parts.append(found)
    told = [_with_opening(_in_key_order(part, rank)) for part in parts if len(part) or part is parts[-1]]
    return told[0] if len(told) == 1 else _in_key_order(pd.concat(told, ignore_index=True), rank)


def _with_opening(found: pd.DataFrame) -> pd.DataFrame:
    """Shaped as EPISODES, with OPENING_COLUMNS, which a marker alone has none of, and case."""
    nothing = pd.Series(np.nan, found.index)
    more = {name: found.get(name, nothing).to_numpy(float) for name in episodes.OPENING_COLUMNS}
    return shaped(found, EPISODES).assign(**more, case=found["case"].to_numpy())


def _in_key_order(found: pd.DataFrame, rank: np.ndarray) -> pd.DataFrame:
    """By EPISODES.keys; practitioner and client by the `rank` of their case."""
    words = [pd.factorize(found[name].astype("str"), sort=True)[0] for name in ("facet", "rater", "method")]
    session = found["start_session"].to_numpy(np.int64)
    return found.take(np.lexsort((session, *words, rank[found["case"].to_numpy()]))).reset_index(drop=True)
