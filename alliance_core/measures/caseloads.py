"""What can be said of practitioners' caseloads, and of all of them as one: pooled means, funnel, limits, congruence.

The unit is a client's mean, never a session as if it were independent. Nobody is ranked: rows are in order of the
identifier, and a mean may be named only with enough clients and a reliability that bears it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from alliance_core.measures import TIE, funnel
from alliance_core.measures.correlation import pearson
from alliance_core.measures.limits_of_agreement import repeated_pairs
from alliance_core.measures.one_way import OneWay, one_way
from alliance_core.measures.paired import moments
from alliance_core.measures.pooling import Pooled, pool, random_effects
from alliance_core.settings import AgreementSettings, PractitionerSettings, Settings

_CASE = ["practitioner", "client"]


def caseloads(
    sessions: pd.DataFrame, pairs: pd.DataFrame, instruments: int, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """CASELOADS columns, one row a practitioner in key order, and SERVICE columns, one row.

    In: SESSIONS columns; `paired.paired` of the same ratings, cases numbered as they come in `sessions`; how many instruments
    clients' forms are of.
    """
    levels = sessions.groupby(_CASE, sort=True)["client_overall"].mean().reset_index()
    whose, names = pd.factorize(levels["practitioner"].astype("str"))
    level = levels["client_overall"].to_numpy()
    rated = ~np.isnan(level)
    means = pool(whose[rated], level[rated], len(names), settings.agreement.interval_level)
    alike = pairs[pairs["alike"].to_numpy()]
    case, gap = alike["case"].to_numpy(), alike["gap"].to_numpy()
    by_practitioner = one_way(whose[case], case, gap, len(names))
    limits = _funnel(means, settings.practitioners)
    table = pd.DataFrame(
        {
            "practitioner": names,
            "rated_clients": means.size,
            "mean_client_overall": means.own,
            "pooled_mean": means.estimate,
            "pooled_low": means.low,
            "pooled_high": means.high,
            "reliability": means.reliability,
            "unnamed": _unnamed(means, settings.practitioners),
            **limits,
            "alike_pairs": by_practitioner.n,
            "alike_cases": by_practitioner.groups,
            "gap_between": by_practitioner.between,
            "gap_within": by_practitioner.within,
            **_limits(by_practitioner, settings.agreement),
        }
    )
    whole = one_way(np.zeros(len(case), np.int64), case, gap, 1)
    together = _congruence(pairs, len(levels), settings.agreement)
    return table, pd.DataFrame(
        {
            **_pooled(means, settings),
            "instruments": instruments,
            "paired_sessions": len(pairs),
            "mean_gap": pairs["gap"].mean(),
            **_limits(whole, settings.agreement),
            **together,
        }
    )


def _unnamed(means: Pooled, settings: PractitionerSettings) -> np.ndarray:
    """Why each practitioner's mean is not named; "" where it may be."""
    everyone = np.ones(len(means.size), bool)
    return np.select(
        [
            means.size == 0,
            means.size < settings.name_from,
            everyone & np.isnan(means.between),
            everyone & means.no_difference,
            ~(means.reliability >= settings.name_reliability - TIE),
        ],
        ["no ratings", "few clients", "nothing to compare", "no difference", "low reliability"],
        default="",
    ).astype(str)


def _overdispersion(means: Pooled, settings: PractitionerSettings) -> float:
    """φ of the funnel; missing where there is none: too few practitioners, or no spread of clients within them to go by."""
    there = means.size > 0
    if there.sum() < settings.funnel_from or not means.within > TIE:
        return np.nan
    return funnel.overdispersion(
        means.own[there], means.size[there], means.mean, means.within, settings.funnel_winsorised
    )


def _funnel(means: Pooled, settings: PractitionerSettings) -> dict[str, np.ndarray]:
    """Each practitioner's limits and place; all missing where there is no funnel."""
    size = np.where(means.size > 0, means.size, np.nan)
    drawn = funnel.limits(size, means.mean, means.within, _overdispersion(means, settings), settings)
    known = drawn.notna().all(axis=1).to_numpy()
    return {
        **{name: drawn[name].to_numpy() for name in funnel.LIMITS},
        "place": np.where(known, funnel.place(means.own, drawn), ""),
    }


def _limits(gaps: OneWay, settings: AgreementSettings) -> dict[str, np.ndarray]:
    """Limits of agreement where there are pairs enough."""
    enough = gaps.n >= settings.limits_from
    low, high = repeated_pairs(gaps, settings.limits_width)
    return {"loa_low": np.where(enough, low, np.nan), "loa_high": np.where(enough, high, np.nan)}


def _pooled(means: Pooled, settings: Settings) -> dict[str, object]:
    """What SERVICE says of clients' means."""
    half = ndtri((1 + settings.agreement.interval_level) / 2) * means.mean_error
    known = not np.isnan(means.between)
    return {
        "practitioners": int((means.size > 0).sum()),
        "rated_clients": int(means.size.sum()),
        "mean": means.mean,
        "mean_low": means.mean - half,
        "mean_high": means.mean + half,
        "between": means.between,
        "within": means.within,
        "n0": float(means.split.n0[0]),
        "difference": ("none detectable" if means.no_difference else "detectable") if known else "",
        "overdispersion": _overdispersion(means, settings.practitioners),
    }


def _congruence(pairs: pd.DataFrame, cases: int, settings: AgreementSettings) -> dict[str, float]:
    """The cases' correlations of both sides, by Fisher's z, drawn together with random effects.

    Fisher's z is made for correlations, and the slope of truth and bias is one when both sides are standardised: so the
    standardised slope is pooled, from cases with enough pairs and no flat side. Error of z: 1/√(n − 3).
    """
    of = moments(
        pairs["case"].to_numpy(), pairs["client"].to_numpy(), pairs["practitioner"].to_numpy(), cases
    )
    r = pearson(of)
    here = (of.n >= settings.congruence_from) & ~np.isnan(r)
    most = settings.largest_correlation
    found = random_effects(np.arctanh(np.clip(r[here], -most, most)), 1 / np.sqrt(of.n[here] - 3))
    half = ndtri((1 + settings.interval_level) / 2) * found.error
    return {
        "congruence_cases": found.estimates,
        "congruence": float(np.tanh(found.mean)),
        "congruence_low": float(np.tanh(found.mean - half)),
        "congruence_high": float(np.tanh(found.mean + half)),
        "congruence_between": found.between,
        "congruence_q": found.q,
        "congruence_inconsistency": found.inconsistency,
    }
