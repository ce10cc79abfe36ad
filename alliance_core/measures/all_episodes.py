"""The episodes that rules found, with all that stands beside each, and those that only a recorded marker makes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from alliance_core.measures import beside, episodes
from alliance_core.measures.detectors import Courses, Walk
from alliance_core.settings import EpisodeSettings
from alliance_core.tables import EPISODES, shaped

_CASE = ["practitioner", "client"]


def all_episodes(
    rows: pd.DataFrame,
    courses: Courses,
    seen: Mapping[str, Walk],
    states: pd.DataFrame,
    markers: pd.DataFrame,
    settings: EpisodeSettings,
) -> pd.DataFrame:
    """EPISODES and episodes.OPENING_COLUMNS in key order.

    In: the rows of series.rated_series and their courses, what each rule saw, by its name, `states` of readings.case_states, MARKERS. A marker alone is
    no finding of a rule, so it is listed once: with the first rule, and where that one found no fall.
    """
    ended = states["state"].isin(["closed", "quiet"]).to_numpy(bool)
    places, noted = beside.Places(rows), _with_case(markers, states)
    parts: list[pd.DataFrame] = []
    for method, walk in seen.items():
        found = episodes.episodes(rows, courses.sigma, walk, method, ended, settings)
        found["seen_by"] = beside.seen_by(places, courses, walk, found, settings)
        found["facets_fallen"] = beside.facets_fallen(places, walk, found)
        found["kind"] = beside.kinds(found, noted, settings)
        if not parts:
            parts.append(beside.marker_episodes(noted, found, method, settings))
        parts.append(found)
    every = [_with_opening(part) for part in parts]
    return pd.concat(every, ignore_index=True).sort_values(EPISODES.keys, ignore_index=True)


def _with_opening(found: pd.DataFrame) -> pd.DataFrame:
    """Shaped as EPISODES, with OPENING_COLUMNS; a marker alone has none."""
    nothing = pd.Series(np.nan, found.index)
    more = {name: found.get(name, nothing) for name in episodes.OPENING_COLUMNS}
    return shaped(found, EPISODES).assign(**{name: column.array for name, column in more.items()})


def _with_case(markers: pd.DataFrame, states: pd.DataFrame) -> pd.DataFrame:
    """The markers with the number of their case, its place in `states`."""
    known = pd.MultiIndex.from_frame(states[_CASE].astype("str"))
    at = known.get_indexer(pd.MultiIndex.from_frame(markers[_CASE].astype("str")))
    return markers.assign(case=at.astype(np.int64))
