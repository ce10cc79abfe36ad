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
from alliance_core.settings import NoiseSettings

NOISE_COLUMNS = ["instrument", "rater", "facet", "sigma", "differences", "source"]


def noise(
    rows: pd.DataFrame, settings: NoiseSettings, known: dict[str, Instrument] | None = None
) -> pd.DataFrame:
    """σ in pct points for every instrument, rater and facet in the data, with the way it was found.

    In: the rows of `series.rated_series`. Out: instrument, rater, facet, sigma (pct points), differences
    (successive differences there were), source (in words). At least `min_differences` differences (≥):
    √(Σ(x_t − x_{t−1})² / 2n). Else SD·√(1 − dependability), SD published, else of the loaded scores
    when there are enough, else assumed. Never below `floor` nor below one step on one item.
    """
    known = instruments() if known is None else known
    groups = rows.groupby(NOISE_COLUMNS[:3], sort=True, observed=True)
    code = groups.ngroup().to_numpy()
    value = rows["value"].to_numpy(float)
    step = np.diff(value, prepend=np.nan)
    step[rows["place"].to_numpy() == 0] = np.nan
    has_step = ~np.isnan(step)
    result = groups["value"].agg(["std", "size"]).reset_index()
    count = np.bincount(code[has_step], minlength=len(result))
    squares = np.bincount(code[has_step], weights=step[has_step] ** 2, minlength=len(result))
    found = [
        _one_sigma(line.instrument, line.facet, line.std, line.size, n, total, settings, known)
        for line, n, total in zip(_lines(result), count, squares, strict=True)
    ]
    return pd.DataFrame(
        {
            **{name: result[name].astype("str") for name in ("instrument", "rater", "facet")},
            "sigma": [sigma for sigma, _ in found],
            "differences": count,
            "source": pd.Series([source for _, source in found], dtype="str"),
        },
        columns=NOISE_COLUMNS,
    )


class _Line(NamedTuple):
    instrument: str
    rater: str
    facet: str
    std: float
    size: int


def _lines(result: pd.DataFrame) -> list[_Line]:
    columns = (result[name].tolist() for name in _Line._fields)
    return [_Line(*values) for values in zip(*columns, strict=True)]


def _one_sigma(
    instrument_id: str,
    facet: str,
    spread: float,
    scores: int,
    differences: int,
    squares: float,
    settings: NoiseSettings,
    known: dict[str, Instrument],
) -> tuple[float, str]:
    instrument = known[instrument_id]
    published = dict(instrument.published_sd_pct).get(facet)  # type: ignore[call-overload]
    shrink = np.sqrt(1 - settings.dependability)
    if differences >= settings.min_differences:
        sigma = np.sqrt(squares / differences / 2)
        source = f"{differences} differences between successive ratings in the loaded data"
    elif published is not None:
        sigma = published * shrink
        source = f"published SD {published:g}, dependability {settings.dependability:g}"
    elif scores >= settings.min_scores:
        sigma = spread * shrink
        source = f"SD of {scores} loaded ratings, dependability {settings.dependability:g}"
    else:
        sigma = settings.fallback_sd * shrink
        source = f"assumed SD {settings.fallback_sd:g}, dependability {settings.dependability:g}: too few ratings loaded"
    smallest = max(settings.floor, instrument.step_pct(facet) or 0)  # type: ignore[arg-type]
    if sigma < smallest:
        return float(smallest), f"smallest change that counts; less was found from {source}"
    return float(sigma), source


def sigma_of(rows: pd.DataFrame, found: pd.DataFrame) -> np.ndarray:
    """σ for each of the rows that `found` was made from (float array, pct points)."""
    return found["sigma"].to_numpy(float)[
        rows.groupby(NOISE_COLUMNS[:3], sort=True, observed=True).ngroup().to_numpy()
    ]
