"""How far client and practitioner of one case agree."""

from __future__ import annotations

from alliance_core.figures.wording import (
    Figure,
    Row,
    alike_pairs,
    counted,
    decimal,
    interval,
    known,
    percent,
    told,
    too_few,
)
from alliance_core.notation import digits
from alliance_core.sentences import TERMS, Terms, points, signed
from alliance_core.settings import Settings

_ON_ONE_LINE = "No interval: all pairs lie on one line."


def of_case(
    agreed: Row, practitioner: Row, service: Row, settings: Settings, terms: Terms = TERMS
) -> list[Figure]:
    """The figures on agreement of one case, in reading order.

    `agreed` is its row of AGREEMENT, `practitioner` its practitioner's of PRACTITIONERS, `service` the row of SERVICE.
    """
    return [
        _mean_gap(agreed, practitioner, service, settings, terms),
        _range(agreed, settings),
        _coefficient("correlation", agreed, settings, terms),
        _congruence(agreed, service, settings, terms),
        *(_coefficient(name, agreed, settings, terms) for name in ("icc_a1", "icc_c1", "concordance")),
    ]


def _mean_gap(agreed: Row, practitioner: Row, service: Row, settings: Settings, terms: Terms) -> Figure:
    needs, n = settings.agreement, int(agreed["paired_sessions"])
    why = too_few(n, needs.mean_from, "pair")
    if why:
        return Figure("mean_gap", "", why_not=why)
    spread = (
        f"SD of the gaps: {digits(float(agreed['sd_gap']), '.1f')} points."
        if known(agreed["sd_gap"])
        else f"Interval: {too_few(n, needs.interval_from, 'pair')}"
    )
    return Figure(
        "mean_gap",
        f"{signed(agreed['mean_gap'])} points",
        interval(agreed["gap_low"], agreed["gap_high"], settings, signed),
        (
            f"{counted(n, 'pair')}: sessions that both rated.",
            f"The {terms.client} rated higher in {int(agreed['client_higher'])}, the {terms.practitioner} in "
            f"{int(agreed['practitioner_higher'])}, both the same in {int(agreed['same'])}.",
            f"Mean size of a gap: {points(agreed['mean_abs_gap'])}.",
            spread,
            f"What is usual: {signed(practitioner['mean_gap'])} for this {terms.practitioner} "
            f"({counted(int(practitioner['paired_sessions']), 'pair')}), {signed(service['mean_gap'])} over all that is loaded.",
        ),
    )


def _range(agreed: Row, settings: Settings) -> Figure:
    alike, least = int(agreed["alike_pairs"]), settings.agreement.limits_from
    pairs = alike_pairs(alike, int(agreed["paired_sessions"]))
    if alike < least:
        return Figure("limits", "", why_not=f"{pairs}; from {least} on.")
    value = f"{signed(agreed['loa_low'])} to {signed(agreed['loa_high'])} points"
    return Figure("limits", value, numbers=(f"{pairs}.",))


def _still(side: object, terms: Terms) -> str:
    """Why nothing can be said of moving together; empty where both sides moved."""
    if not known(side) or not side:
        return ""
    if side == "both":
        return "Neither rating moved over these sessions, so this cannot be told."
    return f"The {terms.of(str(side))}'s rating never moved over these sessions, so this cannot be told."


def _coefficient(name: str, agreed: Row, settings: Settings, terms: Terms) -> Figure:
    """Correlation over all pairs; intraclass correlations and concordance over those on versions of one instrument."""
    least, alone = settings.agreement.correlation_from, name == "correlation"
    all_pairs = int(agreed["paired_sessions"])
    n = all_pairs if alone else int(agreed["alike_pairs"])
    pairs = counted(n, "pair") if alone else alike_pairs(n, all_pairs)
    why = (
        f"{pairs}; from {least} on."
        if n < least
        else _still(agreed["flat" if alone else "alike_flat"], terms)
    )
    if why:
        return Figure(name, "", why_not=why)
    ends = interval(agreed.get(f"{name}_low"), agreed.get(f"{name}_high"), settings)
    no_error = "" if ends or name == "concordance" else _ON_ONE_LINE
    return Figure(name, decimal(agreed[name]), ends, told(f"{pairs}.", no_error))


def _congruence(agreed: Row, service: Row, settings: Settings, terms: Terms) -> Figure:
    n, pooled = int(agreed["paired_sessions"]), _pooled(service, settings)
    why = too_few(n, settings.agreement.congruence_from, "pair") or _still(agreed["flat"], terms)
    if why:
        return Figure("congruence", "", numbers=told(pooled), why_not=why)
    ends = interval(agreed["congruence_low"], agreed["congruence_high"], settings)
    lines = told(f"{counted(n, 'pair')}.", "" if ends else _ON_ONE_LINE, pooled)
    return Figure("congruence", decimal(agreed["congruence"]), ends, lines)


def _pooled(service: Row, settings: Settings) -> str:
    """What the cases say together; empty for fewer than two."""
    cases = int(service["congruence_cases"])
    if cases < 2:
        return ""
    ends = interval(service["congruence_low"], service["congruence_high"], settings)
    return (
        f"All that is loaded, as a correlation, pooled over {cases} cases: {decimal(service['congruence'])} ({ends}). Between cases: "
        f"τ² of Fisher's z {decimal(service['congruence_between'])}, Q {digits(float(service['congruence_q']), '.1f')} on {cases - 1}, "
        f"I² {percent(service['congruence_inconsistency'])}."
    )
