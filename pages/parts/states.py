"""What cannot be said about a case yet, in words: empty, one-session and one-rater states are written, not blank."""

from __future__ import annotations

import pandas as pd

from alliance_core import rules_in_words
from alliance_core.measures.detectors import DETECTORS
from alliance_core.settings import Settings
from pages.parts.frame import count
from pages.parts.in_use import termed
from pages.parts.loaded import Rows


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
            termed(f"{count(by_client, 'session')} rated by the client so far; ")
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


def calm(rows: Rows, settings: Settings) -> str:
    """What to say where no fall was found: not that all is well, and nothing where nothing can be said yet."""
    rated, method = int(rows.sessions["client_overall"].notna().sum()), settings.detection.method
    if rated < DETECTORS[method].says_from(settings):
        return termed("Too few ratings by the client to say whether anything changed.")
    if method == "threshold" and rows.trace["level"].isna().all():
        return "No line is stated for this form, so the rule has nothing to say about this case."
    own = rules_in_words.from_own_level(method)
    beyond = "No fall beyond what ratings vary by" if own else "The rule finds no fall"
    return termed(
        f"{beyond}, in {count(rated, 'session')} rated by the client. "
        "That is not proof that all is well: ask as you would anyway."
    )
