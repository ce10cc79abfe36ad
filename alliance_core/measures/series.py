"""Sessions in order, for all cases at once: the ground that noise and episodes stand on.

A series is one rater's rating on one scale in one case with one instrument, rated sessions in order.
A change of instrument starts a new series: pct makes ranges comparable, not instruments.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.tables import FORMS, SCALES

SERIES_RATERS = ("client", "practitioner")
_CODED = ("practitioner", "client", "rater", "instrument")


def in_key_order(forms: pd.DataFrame) -> pd.DataFrame:
    """The forms by practitioner, client, session and rater, their ids as ordered categories (fast to compare and group).

    Raises ValueError when a rater has two forms for one session: reading settles that beforehand.
    """
    coded = {name: _category(forms[name]) for name in _CODED}
    codes = {name: column.cat.codes.to_numpy() for name, column in coded.items()}
    session = forms["session"].to_numpy(np.int64)
    order = np.lexsort((codes["rater"], session, codes["client"], codes["practitioner"]))
    result = forms.assign(**coded).take(order).reset_index(drop=True)
    keys = np.stack(
        [codes["practitioner"][order], codes["client"][order], session[order], codes["rater"][order]]
    )
    twice = np.flatnonzero((np.diff(keys, axis=1) == 0).all(axis=0)) + 1
    if len(twice):
        line = result.iloc[twice[0]]
        raise ValueError(
            f"two forms with the same {', '.join(FORMS.keys)}, one in {line['sheet']} row {line['row']}"
        )
    return result


def _category(column: pd.Series) -> pd.Series:
    codes, values = pd.factorize(column, sort=True)
    return pd.Series(pd.Categorical.from_codes(codes, categories=values, ordered=True), index=column.index)


def case_numbers(frame: pd.DataFrame) -> np.ndarray:
    """A number from 0 for every case of a frame that is in key order, rising with practitioner and client."""
    return numbered(frame["practitioner"].cat.codes.to_numpy(), frame["client"].cat.codes.to_numpy())


def numbered(*columns: np.ndarray) -> np.ndarray:
    """A number from 0 that goes up by one wherever any of the columns changes from one row to the next."""
    changed = np.zeros(len(columns[0]), bool)
    for column in columns:
        changed[1:] |= column[1:] != column[:-1]
    return np.cumsum(changed)


def starts(number: np.ndarray) -> np.ndarray:
    """First row of each number, for numbers in order from 0."""
    return np.flatnonzero(np.diff(number, prepend=-1))


def rated_series(scores: pd.DataFrame) -> pd.DataFrame:
    """Every rated session of every series, one row each.

    In: SCORES columns of `in_key_order` forms, and case (`case_numbers`). Out: practitioner, client, rater, facet, instrument, session, date, value
    (pct), form (row in `scores`), case (number from 0), series (number from 0, rows of one series are neighbours) and place (0 for
    its first session). Unrated sessions have no row. Observers have no series.
    """
    case = scores["case"].to_numpy()
    instrument = scores["instrument"].cat.codes.to_numpy()
    forms, facets, values = [], [], []
    for rater in SERIES_RATERS:
        own = np.flatnonzero((scores["rater"] == rater).to_numpy())
        own = own[np.lexsort((instrument[own], case[own]))]  # stable: sessions stay in order
        for number, scale in enumerate(SCALES):
            value = scores[f"{scale}_pct"].to_numpy(float)[own]
            rated = ~np.isnan(value)
            forms.append(own[rated])
            values.append(value[rated])
            facets.append(np.full(rated.sum(), number, np.int8))
    form, facet = np.concatenate(forms), np.concatenate(facets)
    rater = scores["rater"].cat.codes.to_numpy()[form]
    series = numbered(rater, facet, case[form], instrument[form])
    rows = scores[["practitioner", "client", "rater", "instrument", "session", "date"]].take(form)
    rows = rows.reset_index(drop=True).assign(
        facet=pd.Categorical.from_codes(facet, categories=pd.Index(SCALES)), value=np.concatenate(values)
    )
    place = np.arange(len(rows)) - starts(series)[series]
    return rows.assign(form=form, case=case[form], series=series, place=place)
