"""What the numbers say, in plain words, built in one place from a table's fields and tested as text.

Sentences name facet, size, session, the error, what followed, who registered it and what is unknown. They never say
that a rupture happened, never give a z, and never judge a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from alliance_core import rules_in_words
from alliance_core.notation import digits
from alliance_core.settings import Settings
from alliance_core.terms import TERMS, Terms

Row = Mapping[str, Any]


def points(value: float) -> str:
    """A size in pct points, whole: "18 points", "1 point"."""
    whole = round(abs(float(value)))
    return f"{whole} point" if whole == 1 else f"{whole} points"


def signed(value: float) -> str:
    """A gap with its sign, whole: "+6", "−6", "0"."""
    whole = round(float(value))
    return "0" if whole == 0 else f"+{whole}" if whole > 0 else f"−{-whole}"


def listed(words: list[str]) -> str:
    """ "goal", "goal and task", "goal, task and bond"."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else ""


def _there(value: Any) -> bool:
    return value is not None and not pd.isna(value)


def recorded_beyond(markers: Sequence[Row]) -> str:
    """Markers (MARKERS) of sessions that no chart shows, because no form of them or of a later one was read."""
    told: dict[int, list[str]] = {}
    for marker in markers:
        name = f" ({marker['marker']})" if _there(marker["marker"]) else ""
        told.setdefault(int(marker["session"]), []).append(f"{marker['kind']}{name}")
    each = [f"session {session}: {listed(what)}" for session, what in sorted(told.items())]
    return (
        f"Recorded for sessions that are not drawn, because no form was read: {'; '.join(each)}."
        if each
        else ""
    )


def facets_of(episode: Row) -> list[str]:
    """Facets that fell, in the order goal, task, bond; empty where only the overall fell."""
    fallen = episode["facets_fallen"]
    return [facet for facet in fallen.split(";") if facet] if _there(fallen) else []


def _sigma(episode: Row) -> float:
    """What ratings vary by, pct points; also where the depth is nothing, as with a rating exactly on a stated line."""
    depth, sigmas = float(episode["depth_pct"]), float(episode["depth_sigma"])
    return depth / sigmas if sigmas else float(episode["sigma"])


def _recorded(episode: Row) -> str:
    kind = str(episode["kind"])
    return {"both": "withdrawal and confrontation", "unspecified": "strain"}.get(kind, kind)


def episode_name(episode: Row) -> str:
    """The label of an episode's band on a chart: "6–8 repaired, stronger"."""
    words = {
        "open": "open",
        "ended open": "not back at the last form",
        "repaired": "repaired",
        "strengthened": "repaired, stronger",
        "unrepaired": "not repaired",
    }
    if episode["source"] == "marker":
        return f"{episode['start_session']} recorded {_recorded(episode)}"
    start, last = episode["start_session"], episode["repair_session"]
    return f"{f'{start}–{last}' if _there(last) else f'since {start}:'} {words[episode['outcome']]}"


def fall(episode: Row, settings: Settings, terms: Terms = TERMS) -> str:
    """The fall itself, with its error: what fell, whose rating, how far, when, and what ratings vary by."""
    whose = terms.of(str(episode["rater"]))
    if episode["source"] == "marker":
        silent = (
            "no rating near it shows a fall clearly beyond what ratings vary by."
            if rules_in_words.from_own_level(str(episode["method"]))
            else "the rule finds no fall near it."
        )
        return f"Somebody recorded {_recorded(episode)} at session {episode['start_session']}; {silent}"
    start, low = int(episode["start_session"]), int(episode["low_session"])
    when = f"at session {start}" if low == start else f"from session {start}, lowest at session {low}"
    what = "overall rating" if episode["facet"] == "overall" else f"{episode['facet']} rating"
    facets = facets_of(episode) if episode["facet"] == "overall" else []
    most = f", most clearly in {listed(facets)}" if facets else ""
    level, large = rules_in_words.level(str(episode["method"]), settings), float(episode["depth_sigma"]) >= 1
    error = "more than the" if large else "no more than the"
    sigma = _sigma(episode)
    return (
        f"The {whose}'s {what} fell {points(episode['depth_pct'])} below {level} {when}{most}: "
        f"{error} ±{round(sigma)} that ratings vary by."
    )


def followed(episode: Row, settings: Settings) -> str:
    """What followed the fall."""
    if episode["source"] == "marker":
        return "A marker alone does not say what followed."
    repair, window = episode["repair_session"], settings.episodes.window
    level = "its former level" if rules_in_words.from_own_level(str(episode["method"])) else "that level"
    return {
        "open": "It has not come back so far.",
        "ended open": "It had not come back at the last form, so we cannot say whether it was repaired.",
        "repaired": f"It was back near {level} at session {repair}: repaired, as far as ratings show.",
        "strengthened": f"It was back at session {repair} and settled above {level}: repaired and stronger.",
        "unrepaired": f"It did not come back within {window} rated sessions of its lowest point: not repaired.",
    }[episode["outcome"]]


def registered(episode: Row, terms: Terms = TERMS) -> str:
    """Who registered an episode of an overall; empty for single facets and markers."""
    return {
        "both": "Both ratings registered it.",
        "client only": f"The {terms.practitioner}'s rating did not register it.",
        "practitioner only": f"No rating by the {terms.client} shows such a fall near it.",
        "unknown": f"Too few ratings by the {terms.practitioner} to say whether it was registered.",
    }.get(str(episode["seen_by"]), "")


def episode_sentences(episode: Row, settings: Settings, terms: Terms = TERMS) -> list[str]:
    """The plain sentences that go with an episode, in reading order."""
    kind = {
        "withdrawal": "Withdrawal was recorded near it.",
        "confrontation": "Confrontation was recorded near it.",
        "both": "Withdrawal and confrontation were recorded near it.",
    }.get(str(episode["kind"]), "")
    told = [fall(episode, settings, terms), followed(episode, settings), registered(episode, terms)]
    return [text for text in [*told, "" if episode["source"] == "marker" else kind] if text]


def unknowns(episode: Row, terms: Terms = TERMS) -> list[str]:
    """What the ratings do not tell about an episode."""
    found: list[str] = []
    if episode["kind"] == "unspecified":
        silent = (
            "the marker does not tell"
            if episode["source"] == "marker"
            else "nobody recorded a marker, and scores do not tell"
        )
        found.append(f"Whether it was withdrawal or confrontation: {silent}.")
    if episode["seen_by"] == "unknown":
        found.append(f"Whether the {terms.practitioner} noticed: there is no rating at the time to compare.")
    if episode["outcome"] in ("repaired", "strengthened"):
        found.append(
            "Whether anything was done about it: more than half of falls by chance alone come back too."
        )
    if episode["outcome"] in ("open", "ended open"):
        found.append("Whether it will come back, or did after the last form.")
    return found


def rule(episode: Row, settings: Settings) -> str:
    """The rule behind an episode with its numbers, for the folded part."""
    choices = settings.episodes
    if episode["source"] == "marker":
        return (
            f"A recorded marker of significance {choices.marker_significance} or more, with no fall of an overall rating "
            "within one session of it."
        )
    depth, sigmas = float(episode["depth_pct"]), float(episode["depth_sigma"])
    method = str(episode["method"])
    z, known = (episode.get(name, float("nan")) for name in ("start_z", "known_session"))
    own = rules_in_words.from_own_level(method)
    level = "Own level" if own else "Level that the fall is measured from"
    at_start = (
        f" At the start it was {digits(float(z), '.2f')} of these."
        if _there(z) and method not in ("threshold", "last_three")
        else ""
    )
    later = (
        f" This one could be told from session {int(known)} on."
        if _there(known) and known != episode["start_session"]
        else ""
    )
    return (
        f"{level} {digits(float(episode['baseline']), '.1f')} % of maximum, lowest {digits(float(episode['low']), '.1f')} % of maximum, depth {digits(depth, '.1f')} points = "
        f"{digits(sigmas, '.2f')} σ with σ = {digits(_sigma(episode), '.1f')} points. {rules_in_words.opens(method, settings)}{at_start}{later} "
        f"It counts as repaired when {digits(choices.return_share, '.0%')} of the fall is regained within {choices.window} rated sessions of the lowest."
    )


_QUESTIONS = {
    "withdrawal": "What might not be being said at the moment, and what would make it easier to say?",
    "confrontation": "What is right about the complaint, and what would it look like to take it up together?",
    "goal": "Are we still working on what matters most to you?",
    "task": "Does the way we work make sense to you, or would something else fit better?",
    "bond": "How has it been for you to work with me lately, and is there something I should know?",
    "overall": "Looking back at that session: what was different, and what would have been more helpful?",
}


def question(episode: Row) -> str:
    """One neutral question to ask, fitted to the recorded kind, else to the facet that fell."""
    if episode["kind"] in ("withdrawal", "confrontation"):
        return _QUESTIONS[str(episode["kind"])]
    facets = facets_of(episode) if episode["facet"] == "overall" else [str(episode["facet"])]
    return _QUESTIONS[facets[0] if len(facets) == 1 else "overall"]


def agenda_sentence(line: Row, episode: Row | None, settings: Settings, terms: Terms = TERMS) -> str:
    """Why a case is on the agenda. `line` of measures.agenda; `episode` the one it means, where it means one."""
    reason = str(line["reason"])
    if episode is not None and reason in ("open episode", "unrepaired", "blind spot"):
        return " ".join(episode_sentences(episode, settings, terms)[:3])
    if reason == "missing ratings":
        who, count = terms.of(str(line["rater"])), int(line["count"])
        since = f"since session {int(line['session'])}" if _there(line["session"]) else "so far"
        return f"No form from the {who} {since} ({count} sessions): unknown, and worth asking why."
    if reason == "widening gap":
        up = float(line["size"]) > 0
        return (
            f"The gap moved by {points(line['size'])} from session {int(line['session'])} on, farther from the usual gap: "
            f"the {terms.practitioner} now rates {'higher' if up else 'lower'} against the {terms.client} than before. "
            f"Gaps this far apart differ by up to {round(float(line['error']))} points by chance."
        )
    if reason == "falling slowly":
        return (
            f"The {terms.client}'s overall rating went down bit by bit, by {points(line['size'])} over the {int(line['count'])} usual ratings from session "
            f"{int(line['session'])} on; no single session stands out. Chance alone seldom gives a slope of more than {round(float(line['error']))} points."
        )
    return (
        f"{int(line['count'])} rated sessions in a row at the very top mark: this tells little, and may mean reluctance to "
        "criticise. Ask how feedback is invited."
    )


def usual_gap(mean_gap: float, pairs: int, settings: Settings, terms: Terms = TERMS) -> str:
    """A practitioner's usual gap in words, from so many sessions that both rated."""
    if not _there(mean_gap):
        return "No session was rated by both, so there is no usual gap."
    if pairs < settings.agreement.mean_from:
        return f"Too few sessions were rated by both to call a gap usual; so far it is {signed(mean_gap)} points on average."
    text = f"Usual gap {signed(mean_gap)} points: "
    if round(mean_gap) == 0:
        return text + f"{terms.practitioner} and {terms.client} rate about alike on average."
    side = "a little lower than the clients', as is common" if mean_gap < 0 else "higher than the clients'"
    return text + terms.termed(f"the practitioner's own ratings are {side}.")


def gap_of_case(case: Row, gaps: pd.Series[float], settings: Settings, terms: Terms = TERMS) -> str:
    """The gap of one case as far as its number of pairs allows: the pairs, then means and signs, then an interval.

    `case` is its line of CASES, `gaps` the gap of every session (practitioner − client, pct points; missing where not both rated).
    """
    pairs = gaps.dropna()
    n, agreement = len(pairs), settings.agreement
    if n == 0:
        return "No session was rated by both, so there is no gap."
    if n < agreement.mean_from:
        told = listed([f"{signed(gap)}" for gap in pairs])
        sessions = "One session was" if n == 1 else f"{n} sessions were"
        return f"{sessions} rated by both, with a gap of {told} points; a mean is shown from {agreement.mean_from} on."
    higher = int((pairs < 0).sum())
    text = (
        f"Mean gap {signed(case['mean_gap'])} points, mean size {points(case['mean_abs_gap'])}; the {terms.client} rated higher in "
        f"{higher} of {n} sessions that both rated."
    )
    if _there(case["gap_low"]):
        ends = f"{signed(case['gap_low'])} and {signed(case['gap_high'])}"
        return f"{text} The mean gap lies between {ends} ({interval(agreement.interval_level)})."
    return f"{text} An interval is shown from {agreement.interval_from} such sessions on."


def interval(level: float) -> str:
    """What an interval is called: "95 % interval"."""
    return f"{digits(level, '.0%')} interval".replace("%", " %")


def recognised(
    count: int, of: int, low: float, high: float, level: float = 0.95, terms: Terms = TERMS
) -> str:
    """Recognised out of recognisable, with its interval (proportions) of that level."""
    if of == 0:
        return f"No episode with a rating by the {terms.practitioner} at the time, so nothing can be said of recognition."
    return terms.termed(
        f"The practitioner's own rating registered {count} of {of} falls in clients' ratings "
        f"(true share between {digits(low, '.0%')} and {digits(high, '.0%')}, {interval(level)})."
    )
