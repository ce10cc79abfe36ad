"""What can be said of practitioners' caseloads, and of all of them as one: pooled means, funnel, limits, congruence.

The unit is a client's mean, never a session as if it were independent. Nobody is ranked: rows are in order of the
identifier, and a mean may be named only with enough clients and a reliability that bears it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from scipy.special import ndtri

from alliance_core.measures import TIE, funnel
from alliance_core.measures.correlation import pearson
from alliance_core.measures.limits_of_agreement import repeated_pairs
from alliance_core.measures.one_way import OneWay, block_sums, split
from alliance_core.measures.paired import moments
from alliance_core.measures.pooling import Pooled, pool_of, random_effects_of
from alliance_core.measures.series import numbered_cases
from alliance_core.measures.sums import as_one, spreads, together
from alliance_core.settings import AgreementSettings, PractitionerSettings, Settings


@dataclass(frozen=True)
class CaseloadSums:
    """What a part of the data, of whole cases, adds to the figures of caseloads; each frame to be brought together by measures.sums.

    By practitioner, everybody with a session: `clients`, the clients' mean overall (columns of sums.spreads); `gaps`, the gaps of alike pairs by case
    (one_way.block_sums); `pairs`, the gaps of all pairs (sums.spreads). `correlations`: Fisher's z of the cases with enough pairs and no flat side, by
    number of pairs (sums.spreads).
    """

    clients: pd.DataFrame
    gaps: pd.DataFrame
    pairs: pd.DataFrame
    correlations: pd.DataFrame


def caseloads(
    sessions: pd.DataFrame, pairs: pd.DataFrame, instruments: int, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`figures` of these sessions alone. In: as for `sums`; how many instruments clients' forms are of."""
    return figures(sums(sessions, pairs, settings.agreement), instruments, settings)


def sums(sessions: pd.DataFrame, pairs: pd.DataFrame, settings: AgreementSettings) -> CaseloadSums:
    """In: SESSIONS columns; `paired.paired` of the same ratings, cases numbered as they come in `sessions`."""
    cases, number = numbered_cases(sessions)
    whose, names = pd.factorize(cases["practitioner"].astype("str"), sort=True)
    overall = sessions["client_overall"].to_numpy(float)
    there = np.flatnonzero(~np.isnan(overall))
    level = spreads(number[there], overall[there], len(cases))["mean"].to_numpy()
    rated = ~np.isnan(level)
    case, gap, alike = (pairs[name].to_numpy() for name in ("case", "gap", "alike"))
    practitioners = pd.Index(names, dtype="str", name="practitioner")
    return CaseloadSums(
        clients=spreads(whose[rated], level[rated], len(names)).set_axis(practitioners),
        gaps=block_sums(whose[case[alike]], case[alike], gap[alike], len(names)).set_axis(practitioners),
        pairs=spreads(whose[case], gap, len(names)).set_axis(practitioners),
        correlations=_correlations(pairs, len(cases), settings),
    )


def merged(parts: Sequence[CaseloadSums]) -> CaseloadSums:
    """The sums of all parts, at least one."""
    names = [one.name for one in fields(CaseloadSums)]
    return CaseloadSums(**{name: together([getattr(part, name) for part in parts]) for name in names})


def figures(sums: CaseloadSums, instruments: int, settings: Settings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """CASELOADS columns, one row a practitioner in key order, and SERVICE columns, one row.

    In: the sums of everybody; how many instruments clients' forms are of.
    """
    means = pool_of(sums.clients, settings.agreement.interval_level)
    by_practitioner = split(sums.gaps)
    table = pd.DataFrame(
        {
            "practitioner": sums.clients.index,
            "rated_clients": means.size,
            "mean_client_overall": means.own,
            "pooled_mean": means.estimate,
            "pooled_low": means.low,
            "pooled_high": means.high,
            "reliability": means.reliability,
            "unnamed": _unnamed(means, settings.practitioners),
            **_funnel(means, settings.practitioners),
            "alike_pairs": by_practitioner.n,
            "alike_cases": by_practitioner.groups,
            "gap_between": by_practitioner.between,
            "gap_within": by_practitioner.within,
            **_limits(by_practitioner, settings.agreement),
        }
    )
    every_pair = as_one(sums.pairs)
    return table, pd.DataFrame(
        {
            **_pooled(means, settings),
            "instruments": instruments,
            "paired_sessions": every_pair["n"].astype("int64"),
            "mean_gap": every_pair["mean"],
            **_limits(split(as_one(sums.gaps)), settings.agreement),
            **_congruence(sums.correlations, settings.agreement),
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


def _correlations(pairs: pd.DataFrame, cases: int, settings: AgreementSettings) -> pd.DataFrame:
    """Fisher's z of the cases' correlations of both sides, by number of pairs, which is what their error depends on."""
    of = moments(
        pairs["case"].to_numpy(), pairs["client"].to_numpy(), pairs["practitioner"].to_numpy(), cases
    )
    r = pearson(of)
    here = (of.n >= settings.congruence_from) & ~np.isnan(r)
    most = settings.largest_correlation
    which, n = pd.factorize(of.n[here], sort=True)
    return spreads(which, np.arctanh(np.clip(r[here], -most, most)), len(n)).set_axis(pd.Index(n))


def _congruence(correlations: pd.DataFrame, settings: AgreementSettings) -> dict[str, float]:
    """The cases' correlations of both sides, by Fisher's z, drawn together with random effects.

    Fisher's z is made for correlations, and the slope of truth and bias is one when both sides are standardised: so the
    standardised slope is pooled, from cases with enough pairs and no flat side. Error of z: 1/√(n − 3).
    """
    found = random_effects_of(correlations, 1 / np.sqrt(correlations.index.to_numpy(float) - 3))
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
