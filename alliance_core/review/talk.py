"""What there is to talk about in a case, as sentences, and what a decision about it is about: for pages, meetings and paper alike."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from alliance_core import case_sentences, sentences, work_sentences
from alliance_core.review.by_case import ByCase, Rows, records
from alliance_core.review.meeting import OPEN_ACTION
from alliance_core.review.subjects import Subject, subject_of, subject_of_session
from alliance_core.terms import TERMS, Terms, terms_of
from alliance_core.work_tables import WORK_READINGS

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


class Talk(NamedTuple):
    """One case to talk about: its most urgent reason with its sentence, and the further reasons by name."""

    practitioner: str
    client: str
    reason: str
    sentence: str
    further: list[str]


def reason_titles(terms: Terms = TERMS) -> dict[str, str]:
    """The reasons to talk about a case, as headings."""
    return {reason: terms.termed(title) for reason, title in REASON_TITLES.items()}


def talk(found: ByCase, practitioner: str, client: str) -> Talk:
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


def headline(found: ByCase, practitioner: str, client: str) -> str:
    """The one sentence that answers "so what" for a case, on the agenda or not."""
    rows, settings = found.case(practitioner, client), found.analysis.settings
    today, meant = _today(rows), meant_episode(found, practitioner, client)
    if meant is not None:
        return f"{sentences.fall(meant, settings, terms_of(settings))} {sentences.followed(meant, settings)}"
    if today:
        return _sentence(found, practitioner, client, today[0], None)
    return case_sentences.calm(rows.sessions, rows.trace, settings)


def why(found: ByCase, practitioner: str, client: str, reason: str) -> tuple[str, str]:
    """Why a case comes up in a meeting: the reason as a heading, and what the ratings say of it now."""
    listed = found.case(practitioner, client).agenda["listed"].any()
    told = talk(found, practitioner, client).sentence if listed else headline(found, practitioner, client)
    return reason_titles(terms_of(found.analysis.settings))[reason], told


def meant_episode(found: ByCase, practitioner: str, client: str) -> dict[str, Any] | None:
    """The episode that there is to talk about first: the one that puts the case on the agenda, else the newest."""
    rows = found.case(practitioner, client)
    today = _today(rows)
    return _episode_of(today[0], rows) if today else next(iter(found.cards_of(practitioner, client)), None)


def meant_card(found: ByCase, practitioner: str, client: str) -> dict[str, Any] | None:
    """The card (a row of matching.carded) of that episode; None where the case comes up for another reason, or has none."""
    meant, cards = meant_episode(found, practitioner, client), found.cards_of(practitioner, client)
    if meant is None:
        return None
    same = (
        one
        for one in cards
        if (one["start_session"], one["rater"]) == (meant["start_session"], meant["rater"])
    )
    return next(same, None)


def card_of_line(found: ByCase, practitioner: str, client: str) -> dict[str, Any] | None:
    """The card of the episode that puts a case on the agenda; None where something else does."""
    rows = found.case(practitioner, client)
    meant = _episode_of(_today(rows)[0], rows)
    own = found.cards_of(practitioner, client) if meant is not None else []
    return next(
        (
            card
            for card in own
            if meant and card["start_session"] == meant["start_session"] and card["source"] == "score"
        ),
        None,
    )


def subject_of_line(found: ByCase, practitioner: str, client: str) -> Subject:
    """What a decision about a line of the agenda is about: its episode, else the case's latest session."""
    sessions, card = found.case(practitioner, client).sessions, card_of_line(found, practitioner, client)
    if card is not None:
        return subject_of(sessions, card)
    return subject_of_session(sessions, practitioner, client, int(sessions["session"].max()))


def subject_in_meeting(found: ByCase, practitioner: str, client: str) -> Subject | None:
    """What a decision of a meeting is about: the meant episode, else the latest session; None where no session is known."""
    sessions, card = found.case(practitioner, client).sessions, meant_card(found, practitioner, client)
    if card is not None:
        return subject_of(sessions, card)
    if sessions.empty:
        return None
    return subject_of_session(sessions, practitioner, client, int(sessions["session"].max()))


def _sentence(
    found: ByCase, practitioner: str, client: str, line: dict[str, Any], episode: dict[str, Any] | None
) -> str:
    """Why a line stands on the agenda, from what it is about."""
    settings = found.analysis.settings
    if line["reason"] not in WORK_READINGS:
        return sentences.agenda_sentence(line, episode, settings, terms_of(settings))
    work = found.work(practitioner, client)
    same = work.readings[work.readings["reading"] == line["reason"]]
    return work_sentences.reading(
        records(same)[0], records(work.case_tasks), records(work.case_goals), terms_of(settings)
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
