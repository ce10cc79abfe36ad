"""An episode as a card tells it: what it is called, what is known of it part by part, what is not, and one question to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pandas as pd

from alliance_core import sentences
from alliance_core.notation import digits
from alliance_core.sentences import Row, facets_of, listed, points
from alliance_core.settings import Settings
from alliance_core.tables import FACETS
from alliance_core.terms import TERMS, Terms

_TIMES = {
    1: "about as much as",
    1.5: "about one and a half times",
    2: "about twice",
    2.5: "about two and a half times",
}
_NUMBERS = ("three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class Card:
    """What a card says of one episode, each part in words of its own; `rule`, with its numbers, is for the folded part."""

    title: str
    summary: str
    facts: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    question: str
    rule: str


def card(
    episode: Row, sessions: pd.DataFrame, markers: pd.DataFrame, settings: Settings, terms: Terms = TERMS
) -> Card:
    """The card of an episode (a row of `review.carded`). `sessions` (SESSIONS) and `markers` (MARKERS): those of its case."""
    by_marker = episode["source"] == "marker"
    facts = {
        "Parts": "" if by_marker else parts(episode, sessions),
        "Size": "" if by_marker else size(episode),
        "Seen by": sentences.registered(episode, terms),
        "Noted": noted(episode, markers, settings),
    }
    return Card(
        title(episode, terms),
        f"{sentences.fall(episode, settings, terms)} {sentences.followed(episode, settings)}",
        tuple((name, text) for name, text in facts.items() if text),
        tuple(sentences.unknowns(episode, terms)),
        sentences.question(episode),
        sentences.rule(episode, settings),
    )


def title(episode: Row, terms: Terms = TERMS) -> str:
    """The episode's name as a heading: "Session 6–8 repaired, stronger", "Since session 6: open"."""
    name = sentences.episode_name(episode)
    told = name.replace("since ", "since session ") if name.startswith("since") else f"session {name}"
    told = f"{terms.practitioner}'s rating, {told}" if episode["rater"] == "practitioner" else told
    return told[:1].upper() + told[1:]


def parts(episode: Row, sessions: pd.DataFrame) -> str:
    """Which of goal, task and bond fell, and which did not stand out; or that they were not rated."""
    here = sessions[sessions["session"].isin([episode["start_session"], episode["low_session"]])]
    rated = [facet for facet in FACETS if here[f"{episode['rater']}_{facet}"].notna().any()]
    fallen = facets_of(episode)
    if not rated:
        return "Goal, task and bond were not rated separately, so it is not known which part fell."
    others = [facet for facet in rated if facet not in fallen]
    if not fallen:
        return (
            "No single part stands out."
            if len(rated) > 1
            else f"Only {rated[0]} was rated separately; it did not stand out."
        )
    rest = f"; {listed(others)} did not stand out" if others else ""
    return f"{listed(fallen)} fell{rest}.".capitalize()


def size(episode: Row) -> str:
    """How deep the fall is, held against what single ratings vary by, in words."""
    depth, sigmas = float(episode["depth_pct"]), float(episode["depth_sigma"])
    error = depth / sigmas if sigmas else float(episode["sigma"])
    return f"{points(depth)}: {_times(sigmas)} the ±{round(error)} points that single ratings vary by."


def _times(share: float) -> str:
    """ "about twice"."""
    halves = round(2 * share) / 2
    if halves < 1:
        return "less than"
    whole = round(share)
    return _TIMES.get(halves) or (
        f"about {_NUMBERS[whole - 3]} times" if whole <= len(_NUMBERS) + 2 else "more than ten times"
    )


def near_markers(episode: Row, markers: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The markers that were recorded during the episode or near it, in order of sessions."""
    near = settings.episodes.nearby_sessions
    first, last = episode["start_session"] - near, episode["end_session"] + near
    return markers[markers["session"].between(first, last).to_numpy(bool)].sort_values(
        "session", kind="stable"
    )


def noted(episode: Row, markers: pd.DataFrame, settings: Settings) -> str:
    """These markers, one after the other; that there are none where there are none."""
    here = near_markers(episode, markers, settings)
    if here.empty:
        return "Nobody recorded a marker near it."
    return " ".join(map(_marker, cast("list[Row]", here.to_dict("records"))))


def _marker(marker: Row) -> str:
    marks = [
        f"{name} {digits(marker[name])} of 5"
        for name in ("significance", "resolution")
        if _there(marker[name])
    ]
    named = f" – {marker['marker']}" if _there(marker["marker"]) else ""
    by = [f"noted by {marker['noted_by']}"] if _there(marker["noted_by"]) else []
    rest = ", ".join([*marks, *by])
    note = f" {marker['note']}" if _there(marker["note"]) else ""
    return f"Session {marker['session']}: {marker['kind']}{named}{f' ({rest})' if rest else ''}.{note}"


def _there(value: Any) -> bool:
    return value is not None and not pd.isna(value)
