"""σ: how much one rating varies around the case's own level, pooled over the loaded data.

Mean squared successive differences (von Neumann 1941) rather than a spread around the mean: slow
growth does not inflate them. Robust spreads are not better here: real ratings sit at the ceiling and
have long tails, so a median-based σ is far too small.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from alliance_core.instruments import Instrument, instruments
from alliance_core.measures.one_way import block_sums, sums_of_groups
from alliance_core.measures.series import starts
from alliance_core.measures.sums import over, spreads
from alliance_core.settings import NoiseSettings
from alliance_core.tables import SCALES

NOISE_COLUMNS = [
    "instrument",
    "rater",
    "facet",
    "sigma",
    "differences",
    "source",
    "within",
    "spread",
    "centre",
    "prior",
]


def noise(
    rows: pd.DataFrame, settings: NoiseSettings, known: dict[str, Instrument] | None = None
) -> pd.DataFrame:
    """`noise_of` these rows alone, those of `series.rated_series`."""
    return noise_of(sums(rows), settings, known)


class Groups(NamedTuple):
    """A number from 0 for the instrument, rater and facet of every series, and what they are."""

    code: np.ndarray
    names: pd.MultiIndex


def sums(rows: pd.DataFrame, groups: Groups | None = None) -> pd.DataFrame:
    """What a part of the data adds to σ and the other spreads, by instrument, rater and facet (to be brought together by measures.sums).

    In: the rows of `series.rated_series`, and their `groups_of` where they are known. Columns: those of one_way.block_sums, with ratings as values and series as groups; steps (successive
    differences there are) and step_squares (Σ(x_t − x_{t−1})²).
    """
    code, names = groups_of(rows) if groups is None else groups
    value = rows["value"].to_numpy(float)
    squares = np.zeros(len(value))
    np.subtract(value[1:], value[:-1], out=squares[1:])
    squares *= squares
    squares[starts(rows["series"].to_numpy())] = 0
    series = rows["series"].to_numpy()
    found = sums_of_groups(code, spreads(series, value, len(code)), len(names)).set_axis(names)
    of_series = np.bincount(series, weights=squares, minlength=len(code))
    return found.assign(
        steps=found["n"] - found["groups"],  # each rating of a series but its first
        step_squares=np.bincount(code, weights=of_series, minlength=len(names)),
    )


def groups_of(rows: pd.DataFrame) -> Groups:
    """In: the rows of `series.rated_series`."""
    of_series = rows[NOISE_COLUMNS[:3]].take(starts(rows["series"].to_numpy()))
    columns = [pd.Categorical(of_series[name]) for name in NOISE_COLUMNS[:3]]
    code = np.zeros(len(of_series), np.int64)
    for column in columns:
        code = code * len(column.categories) + column.codes
    every = pd.MultiIndex.from_product([column.categories.astype("str") for column in columns])
    there = np.bincount(code, minlength=len(every)) > 0
    names = every[there].set_names(NOISE_COLUMNS[:3])
    return Groups((np.cumsum(there) - 1)[code], names)


def noise_of(
    sums: pd.DataFrame, settings: NoiseSettings, known: dict[str, Instrument] | None = None
) -> pd.DataFrame:
    """σ in pct points for every instrument, rater and facet in the data, with the way it was found.

    In: `sums` of the data, in any order. Out: instrument, rater, facet, sigma (pct points), differences
    (successive differences there were), source (in words). At least `min_differences` differences (≥):
    √(Σ(x_t − x_{t−1})² / 2n). Else SD·√(1 − dependability), SD published, else of the loaded scores
    when there are enough, else assumed. Never below `floor` nor below one step on one item.
    Further, for the rules that use them: within (pooled SD around the series' means, missing where no series has two ratings) and
    spread (the SD above, never below `floor`), pct points; centre and prior (`pooled_levels`, pct and sessions).
    """
    known = instruments() if known is None else known
    result = sums.rename_axis(NOISE_COLUMNS[:3]).reset_index()
    facet = result["facet"].map({scale: place for place, scale in enumerate(SCALES)})
    order = np.lexsort(
        (facet.to_numpy(), *(pd.factorize(result[name], sort=True)[0] for name in ("rater", "instrument")))
    )
    result = result.take(order).reset_index(drop=True)
    result["size"] = result["n"].astype("int64")
    result["std"] = np.sqrt(
        over((result["squares"] + result["within"]).to_numpy(), result["n"].to_numpy() - 1)
    )
    count = result["steps"].astype("int64")
    lines = _lines(result)
    spreads = [_spread(line, settings, known) for line in lines]
    found = [
        _one_sigma(line, spread, n, total, settings, known)
        for line, spread, n, total in zip(
            lines, spreads, count.tolist(), result["step_squares"].tolist(), strict=True
        )
    ]
    sigma = np.array([one for one, _ in found], float)
    centre, prior = _levels(result, sigma, settings)
    return pd.DataFrame(
        {
            **{name: result[name].astype("str") for name in ("instrument", "rater", "facet")},
            "sigma": sigma,
            "differences": count,
            "source": pd.Series([source for _, source in found], dtype="str"),
            "within": _within(result),
            "spread": [max(spread.sd, settings.floor) for spread in spreads],
            "centre": centre,
            "prior": prior,
        },
        columns=NOISE_COLUMNS,
    )


def pooled_within(series: np.ndarray, value: np.ndarray, group: np.ndarray) -> np.ndarray:
    """√(Σ(x − mean of its series)² / Σ(n − 1)) over the series of each group (numbers from 0); missing where none has two ratings.

    >>> pooled_within(np.array([0, 0, 1, 1, 1]), np.array([1.0, 3, 4, 5, 9]), np.zeros(5, int)).tolist()
    [2.309401076758503]
    """
    return _within(block_sums(group, series, value, int(group.max(initial=-1)) + 1))


def _within(sums: pd.DataFrame) -> np.ndarray:
    return np.sqrt(over(sums["within"].to_numpy(), (sums["n"] - sums["groups"]).to_numpy()))


def pooled_levels(
    series: np.ndarray, value: np.ndarray, group: np.ndarray, sigma: np.ndarray, settings: NoiseSettings
) -> tuple[np.ndarray, np.ndarray]:
    """By group (numbers from 0): the mean of the series' means (pct), and how many sessions it counts as beside a series' own.

    That is κ = σ²/τ², τ² the variance between series by the ANOVA estimator of one-way random effects for unequal numbers of ratings; at most `pooled_at_most`
    sessions, and none in groups of fewer than `pooled_from` series. `sigma` by group, pct points.
    """
    return _levels(block_sums(group, series, value, len(sigma)), sigma, settings)


def _levels(sums: pd.DataFrame, sigma: np.ndarray, settings: NoiseSettings) -> tuple[np.ndarray, np.ndarray]:
    count, ratings = sums["groups"].to_numpy(), sums["n"].to_numpy()
    within = sums["within"].to_numpy() / np.maximum(ratings - count, 1)
    freedom = np.maximum(count - 1, 1)
    between = sums["squares"].to_numpy() / freedom
    usual_size = (ratings - sums["sizes"].to_numpy() / ratings) / freedom
    variance = (between - within) / np.maximum(usual_size, 1)
    worth = np.minimum(sigma**2 / np.maximum(variance, settings.floor**2), settings.pooled_at_most)
    return sums["own"].to_numpy() / count, np.where(count >= settings.pooled_from, worth, 0)


class _Line(NamedTuple):
    instrument: str
    rater: str
    facet: str
    std: float
    size: int


def _lines(result: pd.DataFrame) -> list[_Line]:
    columns = (result[name].tolist() for name in _Line._fields)
    return [_Line(*values) for values in zip(*columns, strict=True)]


class _Spread(NamedTuple):
    sd: float
    source: str
    caveat: str


def _spread(line: _Line, settings: NoiseSettings, known: dict[str, Instrument]) -> _Spread:
    """SD of single scores: published, else of the loaded ones where they are enough, else assumed."""
    published = dict(known[line.instrument].published_sd_pct).get(line.facet)  # type: ignore[call-overload]
    if published is not None:
        return _Spread(published, f"published SD {published:g}", "")
    if line.size >= settings.min_scores:
        return _Spread(line.std, f"SD of {line.size} loaded ratings", "")
    return _Spread(settings.fallback_sd, f"assumed SD {settings.fallback_sd:g}", ": too few ratings loaded")


def _one_sigma(
    line: _Line,
    spread: _Spread,
    differences: int,
    squares: float,
    settings: NoiseSettings,
    known: dict[str, Instrument],
) -> tuple[float, str]:
    if differences >= settings.min_differences:
        sigma = np.sqrt(squares / differences / 2)
        source = f"{differences} differences between successive ratings in the loaded data"
    else:
        sigma = spread.sd * np.sqrt(1 - settings.dependability)
        source = f"{spread.source}, dependability {settings.dependability:g}{spread.caveat}"
    smallest = max(settings.floor, known[line.instrument].step_pct(line.facet) or 0)  # type: ignore[arg-type]
    if sigma < smallest:
        return float(smallest), f"smallest change that counts; less was found from {source}"
    return float(sigma), source


def by_group(groups: Groups, found: pd.DataFrame, *names: str) -> dict[str, np.ndarray]:
    """Numbers of `found`, such as sigma, for each of the groups, which are among those of `found` (float arrays, pct points)."""
    at = pd.MultiIndex.from_frame(found[NOISE_COLUMNS[:3]]).get_indexer(groups.names)
    return {name: found[name].to_numpy(float)[at] for name in names}
