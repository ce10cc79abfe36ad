"""A case in words: what it is, how to read its picture, and what cannot be said about it yet. Empty, one-session and one-rater states are written, not blank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from alliance_core import rules_in_words
from alliance_core.figures.wording import counted
from alliance_core.measures.detectors import DETECTORS
from alliance_core.notation import day, digits
from alliance_core.settings import Settings
from alliance_core.terms import Terms, terms_of

# What the thin dashes are, by their name on the chart.
_LEVELS = {
    "own level": "{whose}'s own level before each session",
    "first sessions": "mean of the {whose}'s first sessions",
    "stated line": "stated line",
}


def facts(case: Mapping[str, Any], sessions: pd.DataFrame) -> str:
    """Approach, team, number of sessions, last date, state: one line. `case`: its row of CASES."""
    told = [str(word) for word in (case["approach"], case["team"]) if isinstance(word, str) and word]
    told.append(counted(len(sessions), "session"))
    if sessions["date"].notna().any():
        told.append("last " + day(sessions["date"].max()))
    if isinstance(case["state"], str) and case["state"]:
        told.append(case["state"])
    return " · ".join(told)


def reading_aid(trace: pd.DataFrame, level_name: str, terms: Terms) -> str:
    """How to read the timeline of a case (its rows of the trace), with the numbers that hold here."""
    overall = trace[trace["facet"] == "overall"]
    by_client = overall[overall["rater"] == "client"]
    whose, own = ("client", by_client) if len(by_client) else ("practitioner", overall)
    told = ["A line breaks where a form is missing."]
    if level_name and own["level"].notna().sum() >= 2:
        level = terms.termed(_LEVELS[level_name].format(whose=whose))
        told.insert(
            0,
            f"Thin dashes: the {level}; pale band: the ±{digits(own['sigma'].iloc[-1], '.0f')} points that single ratings vary by.",
        )
    if (own["state"] == "strain").any():
        told.append("A tick on the axis: a strain, a fall just short of an episode.")
    return " ".join(told)


def case_limits(sessions: pd.DataFrame, settings: Settings) -> list[str]:
    """Sentences on what this case's sessions (SESSIONS rows) are too few or too one-sided for."""
    if sessions.empty:
        return [
            "No form of this case was read: it is known from another sheet only (markers, cases, tasks, goals or review), so there is "
            "nothing to draw or to judge."
        ]
    by_client = int(sessions["client_overall"].notna().sum())
    by_practitioner = int(sessions["practitioner_overall"].notna().sum())
    paired = int(sessions["gap_overall"].notna().sum())
    needed = DETECTORS[settings.detection.method].says_from(settings)
    said: list[str] = []
    termed = terms_of(settings).termed
    if by_client == by_practitioner == 0:
        return [
            "Nobody's overall score could be worked out for this case, so there is nothing to draw or to judge."
        ]
    if len(sessions) == 1:
        said.append("This is the only session so far: a starting point, neither good nor bad news.")
    if by_client == 0:
        said.append(
            termed("There is no form from the client, so the client's side of the alliance is unknown.")
        )
    elif by_client < needed:
        said.append(
            termed(f"{counted(by_client, 'session')} rated by the client so far; ")
            + f"from the {_ordinal(needed)} on a fall can be told from the ups and downs of single ratings."
        )
    if by_practitioner == 0:
        said.append(
            termed(
                "There is no form from the practitioner, so there is no gap, and nothing to say on who registered what."
            )
        )
    elif paired == 0:
        said.append("No session was rated by both, so there is no gap to show.")
    return said


def _ordinal(number: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(number, f"{number}th")


def calm(sessions: pd.DataFrame, trace: pd.DataFrame, settings: Settings) -> str:
    """What to say of a case (its rows of SESSIONS and of the trace) where no fall was found: not that all is well, and nothing where nothing can be said yet."""
    termed = terms_of(settings).termed
    rated, method = int(sessions["client_overall"].notna().sum()), settings.detection.method
    if rated < DETECTORS[method].says_from(settings):
        return termed("Too few ratings by the client to say whether anything changed.")
    if method == "threshold" and trace["level"].isna().all():
        return "No line is stated for this form, so the rule has nothing to say about this case."
    own = rules_in_words.from_own_level(method)
    beyond = "No fall clearly beyond what ratings vary by" if own else "The rule finds no fall"
    return termed(
        f"{beyond}, in {counted(rated, 'session')} rated by the client. "
        "That is not proof that all is well: ask as you would anyway."
    )
