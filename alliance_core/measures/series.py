"""Sessions in order, for all cases at once: the ground that noise and episodes stand on.

A series is one rater's rating on one scale in one case with one instrument, rated sessions in order.
A change of instrument starts a new series: pct makes ranges comparable, not instruments.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.tables import SCALES

SERIES_RATERS = ("client", "practitioner")
_KEYS = ["practitioner", "client", "rater", "facet", "instrument"]


def rated_series(scores: pd.DataFrame) -> pd.DataFrame:
    """Every rated session of every series, one row each.

    In: SCORES columns, in key order. Out: practitioner, client, rater, facet, instrument, session, date,
    value (pct), series (number from 0, rows of one series are neighbours) and place (0 for its first session).
    Unrated sessions have no row. Observers have no series.
    """
    sides = scores[scores["rater"].isin(SERIES_RATERS)]
    parts = [
        pd.DataFrame(
            {
                **{name: sides[name] for name in ("practitioner", "client", "rater")},
                "facet": pd.Categorical.from_codes(np.full(len(sides), number), categories=list(SCALES)),
                **{name: sides[name] for name in ("instrument", "session", "date")},
                "value": sides[f"{scale}_pct"],
            }
        )[sides[f"{scale}_pct"].notna().to_numpy()]
        for number, scale in enumerate(SCALES)
    ]
    rows = pd.concat(parts, ignore_index=True)
    codes = [pd.factorize(rows[name], sort=True)[0] for name in _KEYS]
    order = np.lexsort((rows["session"].to_numpy(float), *reversed(codes)))
    rows = rows.take(order).reset_index(drop=True)
    changed = np.zeros(len(rows), bool)
    for code in codes:
        changed[1:] |= np.diff(code[order]) != 0
    rows["series"] = np.cumsum(changed)
    rows["place"] = np.arange(len(rows)) - starts(rows["series"].to_numpy())[rows["series"].to_numpy()]
    return rows


def starts(series: np.ndarray) -> np.ndarray:
    """First row of each series, for series numbers that are in order."""
    return np.flatnonzero(np.diff(series, prepend=-1))
