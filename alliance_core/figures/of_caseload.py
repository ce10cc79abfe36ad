"""What may be said of one practitioner's caseload, and where its mean stands. Never how it compares with a named colleague's."""

from __future__ import annotations

from typing import NamedTuple

from alliance_core.figures.wording import Figure, Row, counted, decimal, interval, known, pct, told, too_few
from alliance_core.measures.summaries import wilson
from alliance_core.notation import digits, rewritten
from alliance_core.sentences import TERMS, Terms, signed
from alliance_core.settings import Settings

_PLACES = {
    "inside": "within the inner limits",
    "between": "between the inner and outer limits",
    "outside": "beyond the outer limits",
}


def of_caseload(
    practitioner: Row, load: Row, service: Row, settings: Settings, terms: Terms = TERMS
) -> list[Figure]:
    """The figures of one practitioner's caseload, in reading order: its rows of PRACTITIONERS and CASELOADS, that of SERVICE."""
    return [
        _usual_gap(practitioner, service, settings),
        _range(load, settings),
        _recognition(practitioner, settings, terms),
        _mean(load, service, settings, terms),
        _reliability(load, service, settings, terms),
        _funnel(load, service, settings, terms),
    ]


def _usual_gap(practitioner: Row, service: Row, settings: Settings) -> Figure:
    n = int(practitioner["paired_sessions"])
    why = too_few(n, settings.agreement.mean_from, "pair")
    if why:
        return Figure("mean_gap", "", why_not=why)
    return Figure(
        "mean_gap",
        f"{signed(practitioner['mean_gap'])} points",
        numbers=(
            f"{counted(n, 'pair')} in all cases together; over all that is loaded {signed(service['mean_gap'])} points.",
            "No interval: sessions of one case belong together, so a simple one would be too narrow. The range of single gaps says more.",
        ),
    )


def _range(load: Row, settings: Settings) -> Figure:
    pairs, cases, least = int(load["alike_pairs"]), int(load["alike_cases"]), settings.agreement.limits_from
    where = f"{counted(pairs, 'pair')} on versions of one instrument, in {counted(cases, 'case')}"
    if not known(load["loa_low"]):
        return Figure("limits", "", why_not=f"{where}; from {least} pairs in 2 cases on.")
    split = (
        f"Variance of the gap, in points squared: {digits(float(load['gap_between']), '.1f')} between cases, {digits(float(load['gap_within']), '.1f')} within them."
        if known(load["gap_within"])
        else ""
    )
    value = f"{signed(load['loa_low'])} to {signed(load['loa_high'])} points"
    return Figure("limits", value, numbers=told(f"{where}.", split))


def _recognition(practitioner: Row, settings: Settings, terms: Terms) -> Figure:
    seen, of = int(practitioner["recognised"]), int(practitioner["recognisable"])
    if not of:
        why = f"0 episodes with a rating by the {terms.practitioner} at the time; from 1 on."
        return Figure("recognition", "", why_not=why)
    low, high = wilson(seen, of, settings.agreement.interval_level)
    ends = interval(100 * low, 100 * high, settings, pct)
    episodes = counted(int(practitioner["episodes"]), "episode")
    rated = terms.termed(f"{episodes} in clients' ratings; the practitioner rated at the time of {of}.")
    return Figure("recognition", f"{seen} of {of}", ends, (rated,))


def _unnamed(load: Row, service: Row, settings: Settings, terms: Terms) -> str:
    """Why a practitioner's mean is not named; empty where it may be."""
    own, why = settings.practitioners, load["unnamed"]
    if not known(why) or not why:
        return ""
    return {
        "no ratings": f"No {terms.client} rated.",
        "few clients": too_few(int(load["rated_clients"]), own.name_from, terms.client, terms.clients),
        "nothing to compare": _alone(terms),
        "no difference": terms.termed(
            "No detectable difference: the practitioners' means differ no more than chance makes them differ."
        ),
        "low reliability": f"Reliability {decimal(load['reliability'])}; from {decimal(own.name_reliability)} on.",
    }[str(why)]


def _alone(terms: Terms) -> str:
    """Why nothing can be said of differences, whatever the number of clients."""
    return f"How far {terms.practitioners} differ cannot be told: it takes two of them, and one with two rated {terms.clients}."


def _mean(load: Row, service: Row, settings: Settings, terms: Terms) -> Figure:
    why = _unnamed(load, service, settings, terms)
    if why:
        return Figure("pooled_mean", "", numbers=told(_everybody(service, settings, terms)), why_not=why)
    several = int(service["instruments"]) > 1
    return Figure(
        "pooled_mean",
        f"{pct(load['pooled_mean'])} of the maximum",
        interval(load["pooled_low"], load["pooled_high"], settings, pct),
        told(
            f"Own mean {pct(load['mean_client_overall'])} over {counted(int(load['rated_clients']), terms.client, terms.clients)}, "
            f"drawn towards the mean of all with reliability {decimal(load['reliability'])}.",
            _everybody(service, settings, terms),
            "Forms of several instruments are in it: their percentages are not the same thing."
            if several
            else "",
        ),
    )


def _everybody(service: Row, settings: Settings, terms: Terms) -> str:
    """μ, τ² and σ²; empty where they cannot be told."""
    if not known(service["between"]):
        return ""
    ends = interval(service["mean_low"], service["mean_high"], settings, pct)
    return (
        f"All {int(service['rated_clients'])} {terms.clients} of {int(service['practitioners'])} {terms.practitioners}: mean {pct(service['mean'])}"
        f"{f' ({ends})' if ends else ''}; variance in points squared {digits(float(service['between']), '.1f')} between {terms.practitioners} (τ²), "
        f"{digits(float(service['within']), '.1f')} within them (σ²)."
    )


def _reliability(load: Row, service: Row, settings: Settings, terms: Terms) -> Figure:
    if not known(load["reliability"]):
        silent = load["unnamed"] == "no ratings"
        why = _unnamed(load, service, settings, terms) if silent else _alone(terms)
        return Figure("reliability", "", why_not=why)
    return Figure(
        "reliability",
        decimal(load["reliability"]),
        numbers=(
            f"n = {int(load['rated_clients'])}, τ² = {digits(float(service['between']), '.1f')}, σ² = {digits(float(service['within']), '.1f')}. "
            f"A mean is named from {decimal(settings.practitioners.name_reliability)} on.",
        ),
    )


def _no_funnel(service: Row, settings: Settings, terms: Terms) -> str:
    """Why there is no funnel; empty where there is one."""
    there, least = int(service["practitioners"]), settings.practitioners.funnel_from
    if there < least:
        return f"{counted(there, terms.practitioner, terms.practitioners)} with rated {terms.clients}; from {least} on."
    if not known(service["overdispersion"]):
        return (
            f"The {terms.clients} of each {terms.practitioner} do not differ, so there is no spread to go by."
        )
    return ""


def _funnel(load: Row, service: Row, settings: Settings, terms: Terms) -> Figure:
    none = _no_funnel(service, settings, terms)
    if none:
        return Figure("funnel", "", why_not=none)
    widened = f"φ = {decimal(service['overdispersion'])}."
    unnamed = _unnamed(load, service, settings, terms)
    if unnamed:
        return Figure(
            "funnel", "", numbers=(widened,), why_not=f"This mean is not picked out in it. {unnamed}"
        )
    limits = (
        f"Limits for {counted(int(load['rated_clients']), terms.client, terms.clients)}: inner {pct(load['inner_low'])} to {pct(load['inner_high'])}, "
        f"outer {pct(load['outer_low'])} to {pct(load['outer_high'])}."
    )
    return Figure("funnel", _PLACES[str(load["place"])], numbers=(limits, widened))


def standing(load: Row, service: Row, settings: Settings, terms: Terms = TERMS) -> list[str]:
    """What may be said aloud of the mean of a practitioner's clients: the mean and where it lies, or why it is not named."""
    everybody = (
        f"All {terms.clients} together rate at {pct(service['mean'])} of the maximum."
        if known(service["mean"])
        else ""
    )
    unnamed = _unnamed(load, service, settings, terms)
    if unnamed:
        return list(told(f"The mean of these {terms.clients} is not named. {unnamed}", everybody))
    ends = interval(load["pooled_low"], load["pooled_high"], settings, pct)
    clients = counted(int(load["rated_clients"]), terms.client, terms.clients)
    mean = f"These {terms.clients} rate at {pct(load['pooled_mean'])} of the maximum on average ({ends}); chance in {clients} is allowed for."
    side = "below" if float(load["mean_client_overall"]) < float(service["mean"]) else "above"
    where = {
        "inside": f"That is within what chance alone allows for {clients}.",
        "between": f"That is {side} what chance alone mostly allows for {clients}: worth looking at the caseload together.",
        "outside": f"That is {side} what chance alone allows for {clients}: a reason to look at the caseload together, not a verdict.",
    }.get(str(load["place"]), "")
    return list(told(mean, where, everybody))


class FunnelNote(NamedTuple):
    """Whether there is a funnel to draw, whether the practitioner is picked out in it, and the words beneath."""

    shown: bool
    named: bool
    words: str


def funnel_note(load: Row, service: Row, settings: Settings, terms: Terms = TERMS) -> FunnelNote:
    """What stands under the funnel, or in its place."""
    none = _no_funnel(service, settings, terms)
    if none:
        return FunnelNote(False, False, f"No funnel is drawn: {none}")
    named = not _unnamed(load, service, settings, terms)
    marks = (
        terms.termed("One mark a practitioner, nobody else named; ")
        if named
        else terms.termed("One mark a practitioner, nobody named; ")
    )
    return FunnelNote(
        True,
        named,
        marks
        + f"the more {terms.clients}, the less chance moves a mean. "
        + rewritten(
            "By chance alone 95 % of means lie between the inner lines, 99.8 % between the outer ones. It is no ranking."
        ),
    )
