"""How far client and practitioner agree in each case: one row a case, each figure from its number of pairs on.

Absolute agreement (intraclass correlations, concordance, limits) is computed over pairs on versions of one
instrument only. Nothing is claimed about outcome: sources disagree on whether a gap's direction matters.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.measures import TIE
from alliance_core.measures.agreement import gap_by_case
from alliance_core.measures.correlation import (
    concordance,
    fisher_interval,
    pearson,
    slope_interval,
    truth_slope,
)
from alliance_core.measures.intraclass import intraclass, mean_squares
from alliance_core.measures.limits_of_agreement import limits
from alliance_core.measures.paired import Moments, moments
from alliance_core.measures.series import cases_of
from alliance_core.settings import AgreementSettings


def case_agreement(sessions: pd.DataFrame, pairs: pd.DataFrame, settings: AgreementSettings) -> pd.DataFrame:
    """AGREEMENT columns, one row a case in key order, cases without pairs too.

    In: SESSIONS columns; `paired.paired` of the same ratings, cases numbered in key order of those in `sessions`.
    """
    table = gap_by_case(cases_of(sessions), pairs, settings)
    cases = len(table)
    return table.assign(
        **_signs(pairs, table["paired_sessions"].to_numpy(), settings),
        **_together(pairs, cases, settings),
        **_absolute(pairs[pairs["alike"].to_numpy()], cases, settings),
    )


def _signs(pairs: pd.DataFrame, n: np.ndarray, settings: AgreementSettings) -> dict[str, np.ndarray]:
    """How often either side rated higher."""
    case, gap, enough = pairs["case"].to_numpy(), pairs["gap"].to_numpy(), n >= settings.mean_from

    def count(here: np.ndarray) -> np.ndarray:
        return np.where(enough, np.bincount(case[here], minlength=len(n)), np.nan)

    return {
        "client_higher": count(gap < -TIE),
        "practitioner_higher": count(gap > TIE),
        "same": count(np.abs(gap) <= TIE),
    }


def _moments(pairs: pd.DataFrame, cases: int) -> Moments:
    case, client, practitioner = (pairs[name].to_numpy() for name in ("case", "client", "practitioner"))
    return moments(case, client, practitioner, cases)


def _flat(of: Moments) -> np.ndarray:
    """Which side never moved; "" where both did, and where there are no pairs."""
    here = of.n > 0
    return np.select(
        [here & of.client_flat & of.practitioner_flat, here & of.client_flat, here & of.practitioner_flat],
        ["both", "client", "practitioner"],
        default="",
    ).astype(str)


def _together(pairs: pd.DataFrame, cases: int, settings: AgreementSettings) -> dict[str, np.ndarray]:
    """Whether the two sides move together, over all pairs."""
    of, level = _moments(pairs, cases), settings.interval_level
    r, slope, slope_ends = pearson(of), truth_slope(of), slope_interval(of, level)
    shown = {
        "congruence": (of.n >= settings.congruence_from, slope, *slope_ends),
        "correlation": (of.n >= settings.correlation_from, r, *fisher_interval(r, of.n, level)),
    }
    return {**_with_ends(shown), "flat": _flat(of)}


def _absolute(alike: pd.DataFrame, cases: int, settings: AgreementSettings) -> dict[str, np.ndarray]:
    """Whether the two sides give the same marks, over pairs on versions of one instrument."""
    of, level = _moments(alike, cases), settings.interval_level
    squares = mean_squares(alike[["client", "practitioner"]].to_numpy(float), alike["case"].to_numpy(), cases)
    enough = of.n >= settings.correlation_from
    found = intraclass(squares, level, ~of.flat & enough)
    described = of.n >= settings.limits_from
    squared = of.client_squares + of.practitioner_squares - 2 * of.products  # of the gaps from their mean
    variance = np.divide(squared, of.n - 1, out=np.full(cases, np.nan), where=described)
    low, high = limits(of.practitioner_mean - of.client_mean, np.maximum(variance, 0), settings.limits_width)
    shown = {
        "icc_a1": (enough, found.a1, found.a1_low, found.a1_high),
        "icc_c1": (enough, found.c1, found.c1_low, found.c1_high),
    }
    return {
        "alike_pairs": of.n,
        **_with_ends(shown),
        "concordance": np.where(enough, concordance(of), np.nan),
        "loa_low": low,
        "loa_high": high,
        "alike_flat": _flat(of),
    }


def _with_ends(
    shown: dict[str, tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]],
) -> dict[str, np.ndarray]:
    """name → (where it is shown, value, low, high) as three columns each."""
    return {
        name + end: np.where(here, value, np.nan)
        for name, (here, *values) in shown.items()
        for end, value in zip(("", "_low", "_high"), values, strict=True)
    }
