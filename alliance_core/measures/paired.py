"""Sessions that both rated, and the sums that every figure on agreement is made of, for all groups at once.

A group is a case, or whatever else the pairs are numbered by. Whether two forms are versions of one instrument is
kept beside each pair: absolute agreement means nothing between two different instruments.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from alliance_core.instruments import instruments
from alliance_core.measures import TIE
from alliance_core.measures.series import numbered, starts


def paired(scored: pd.DataFrame) -> pd.DataFrame:
    """One row for every session with an overall of both sides, in order of case and session.

    In: the scores of answered forms in key order (SCORES columns) with case (number), range_min and range_max.
    Out: case (number), client and practitioner (overall, pct), gap (practitioner − client, pct points), alike: both forms are versions of
    one instrument (its `family`) on one response range.
    """
    known, names = instruments(), scored["instrument"].cat.categories
    family = pd.factorize(np.array([known[name].family or name for name in names]))[0]
    low, high = (scored[name].to_numpy() for name in ("range_min", "range_max"))
    rated = scored["overall_pct"].notna().to_numpy()
    session = numbered(scored["case"].to_numpy(), scored["session"].to_numpy(np.int64))
    form = np.full((2, len(scored)), -1)  # by session: there are no more of them than forms
    for side, rater in enumerate(("client", "practitioner")):
        rows = np.flatnonzero(rated & (scored["rater"] == rater).to_numpy())
        form[side, session[rows]] = rows
    one, other = form[:, (form >= 0).all(axis=0)]
    instrument, overall = scored["instrument"].cat.codes.to_numpy(), scored["overall_pct"].to_numpy()
    return pd.DataFrame(
        {
            "case": scored["case"].to_numpy()[one],
            "client": overall[one],
            "practitioner": overall[other],
            "gap": overall[other] - overall[one],
            "alike": (family[instrument[one]] == family[instrument[other]])
            & (low[one] == low[other])
            & (high[one] == high[other]),
        }
    )


class Moments(NamedTuple):
    """What a group's pairs add up to (arrays, one value a group).

    `n` pairs; means of both sides, pct; sums of squared deviations of each side from its own mean, and of their
    products; whether a side is flat, that is, all its ratings are the same (≤ TIE apart). Without pairs: n = 0, means missing.
    """

    n: np.ndarray
    client_mean: np.ndarray
    practitioner_mean: np.ndarray
    client_squares: np.ndarray
    practitioner_squares: np.ndarray
    products: np.ndarray
    client_flat: np.ndarray
    practitioner_flat: np.ndarray

    @property
    def flat(self) -> np.ndarray:
        """Where one side never moved, so that nothing can be said of moving together."""
        return self.client_flat | self.practitioner_flat


def moments(group: np.ndarray, client: np.ndarray, practitioner: np.ndarray, groups: int) -> Moments:
    """Moments of `groups` groups; `group` numbers each pair from 0, in any order. No value may be missing."""
    n = np.bincount(group, minlength=groups)

    def mean(value: np.ndarray) -> np.ndarray:
        total = np.bincount(group, weights=value, minlength=groups)
        return np.where(n > 0, total / np.maximum(n, 1), np.nan)

    def total(value: np.ndarray) -> np.ndarray:
        return np.bincount(group, weights=value, minlength=groups)

    means = mean(client), mean(practitioner)
    mine, theirs = client - means[0][group], practitioner - means[1][group]
    return Moments(
        n, *means, total(mine**2), total(theirs**2), total(mine * theirs),
        spread(group, client, groups) <= TIE, spread(group, practitioner, groups) <= TIE,
    )  # fmt: skip


def spread(group: np.ndarray, value: np.ndarray, groups: int) -> np.ndarray:
    """Highest − lowest value of every group; −∞ for a group without values."""
    low, high = np.full(groups, np.inf), np.full(groups, -np.inf)
    if np.all(group[1:] >= group[:-1]):  # as they mostly are
        first = starts(group)
        if len(first):
            low[group[first]] = np.minimum.reduceat(value, first)
            high[group[first]] = np.maximum.reduceat(value, first)
        return high - low
    np.minimum.at(low, group, value)
    np.maximum.at(high, group, value)
    return high - low


def instruments_of_clients(scored: pd.DataFrame) -> frozenset[str]:
    """The instruments that the clients' overall ratings are of. In: SCORES columns."""
    here = ((scored["rater"] == "client") & scored["overall_pct"].notna()).to_numpy()
    return frozenset(scored["instrument"][here].unique())
