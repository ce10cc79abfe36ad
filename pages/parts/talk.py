"""Why a case is on the agenda, as sentences."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from alliance_core import sentences, work_sentences
from alliance_core.review import OPEN_ACTION, Subject, subject_of, subject_of_session
from alliance_core.work_tables import WORK_READINGS
from pages.parts.decided import cards_of
from pages.parts.in_use import pair, termed
from pages.parts.loaded import Loaded, Rows, records
from pages.parts.states import calm

REASON_TITLES = {
    "open episode": "A fall that has not come back",
    "blind spot": "The client's rating fell, the practitioner's did not",
    "unrepaired": "A fall that was not repaired",
    "missing ratings": "Forms are missing",
    "widening gap": "The gap is widening",
    "falling slowly": "Falling slowly",
    "flat at ceiling": "Always the top mark",
    **{reading: work_sentences.TITLES[reading] for reading in WORK_READINGS},
    OPEN_ACTION: "An action is still open",
}


def reason_titles() -> dict[str, str]:
    """The reasons to talk about a case, as headings in the terms in use."""
    return {reason: termed(title) for reason, title in REASON_TITLES.items()}


class Talk(NamedTuple):
    """One case to talk about: its most urgent reason with its sentence, and the further reasons by name."""

    practitioner: str
    client: str
    reason: str
    sentence: str
    further: list[str]


def talk(found: Loaded, practitioner: str, client: str) -> Talk:
    """What to talk about in one case that is on the agenda."""
    rows = found.case(practitioner, client)
    today = _today(rows)
    told = _sentence(found, practitioner, client, today[0], _episode_of(today[0], rows))
    # An open fall that the practitioner did not register is said in one sentence; it needs no second heading.
    reasons = dict.fromkeys(line["reason"] for line in today[1:])
    return Talk(
        practitioner,
        client,
        today[0]["reason"],
        told,
        [reason for reason in reasons if reason != today[0]["reason"]],
    )


def _sentence(
    found: Loaded, practitioner: str, client: str, line: dict[str, Any], episode: dict[str, Any] | None
) -> str:
    """Why a line stands on the agenda, from what it is about."""
    if line["reason"] not in WORK_READINGS:
        return sentences.agenda_sentence(line, episode, found.analysis.settings, pair())
    work = found.work(practitioner, client)
    same = work.readings[work.readings["reading"] == line["reason"]]
    return work_sentences.reading(
        records(same)[0], records(work.case_tasks), records(work.case_goals), pair()
    )


def _today(rows: Rows) -> list[dict[str, Any]]:
    """The case's lines on today's agenda, most urgent first."""
    return records(rows.agenda[rows.agenda["listed"]].sort_values("order", kind="stable"))


def _episode_of(line: dict[str, Any], rows: Rows) -> dict[str, Any] | None:
    episodes = rows.episodes
    if pd.isna(line["start_session"]) or episodes.empty:
        return None
    same = (
        (episodes["start_session"] == line["start_session"])
        & (episodes["rater"] == "client")
        & (episodes["facet"] == "overall")
        & (episodes["source"] == "score")
    )
    return records(episodes[same])[0] if same.any() else None


def meant_episode(found: Loaded, practitioner: str, client: str) -> dict[str, Any] | None:
    """The episode that there is to talk about first: the one that puts the case on the agenda, else the newest."""
    rows = found.case(practitioner, client)
    today, cards = _today(rows), cards_of(found, practitioner, client)
    return _episode_of(today[0], rows) if today else next(iter(cards), None)


def card_of(found: Loaded, practitioner: str, client: str) -> dict[str, Any] | None:
    """The card (a row of `decided.cards`) of the episode that puts a case on the agenda; None where something else does."""
    rows = found.case(practitioner, client)
    meant = _episode_of(_today(rows)[0], rows)
    own = cards_of(found, practitioner, client) if meant is not None else []
    return next(
        (
            card
            for card in own
            if meant and card["start_session"] == meant["start_session"] and card["source"] == "score"
        ),
        None,
    )


def subject_of_line(found: Loaded, practitioner: str, client: str) -> Subject:
    """What a decision about a line of the agenda is about: its episode, else the case's latest session."""
    sessions, card = found.case(practitioner, client).sessions, card_of(found, practitioner, client)
    if card is not None:
        return subject_of(sessions, card)
    return subject_of_session(sessions, practitioner, client, int(sessions["session"].max()))


def why(found: Loaded, practitioner: str, client: str, reason: str) -> tuple[str, str]:
    """Why a case comes up in a meeting: the reason as a heading, and what the ratings say of it now."""
    listed = found.case(practitioner, client).agenda["listed"].any()
    told = talk(found, practitioner, client).sentence if listed else headline(found, practitioner, client)
    return reason_titles()[reason], told


def headline(found: Loaded, practitioner: str, client: str) -> str:
    """The one sentence that answers "so what" for a case, on the agenda or not."""
    rows, settings = found.case(practitioner, client), found.analysis.settings
    today, meant = _today(rows), meant_episode(found, practitioner, client)
    if meant is not None:
        return f"{sentences.fall(meant, settings, pair())} {sentences.followed(meant, settings)}"
    if today:
        return _sentence(found, practitioner, client, today[0], None)
    return calm(rows, settings)
