"""One case as a card on paper: why it is here, the picture, what is known and what is not, a question, what was decided before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from alliance_core import charts, episode_words, work_sentences
from alliance_core.episode_words import Card, near_markers
from alliance_core.measures.detectors import DETECTORS
from alliance_core.reports.printing import Picture
from alliance_core.review import told
from alliance_core.review.by_case import ByCase, Rows
from alliance_core.review.history import Decision, History
from alliance_core.review.shown import AS_IT_STANDS, Shown
from alliance_core.review.talk import meant_card, reason_titles, talk
from alliance_core.sentences import facets_of
from alliance_core.settings import Settings
from alliance_core.terms import terms_of
from alliance_core.work_tables import WORK_READINGS

MOST_EARLIER = 2  # decisions from before that a card has room for


@dataclass(frozen=True)
class PaperCard:
    """What is printed of one case. Texts are empty, and `picture` None, where there is nothing to say or to draw."""

    case: str
    reason: str
    sentence: str
    picture: Picture | None
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    question: str
    also: str
    before: tuple[str, ...]


def card_of_case(found: ByCase, decisions: History, practitioner: str, client: str) -> PaperCard:
    """The card of a case on the agenda, as it stands."""
    said, titles = talk(found, practitioner, client), reason_titles(terms_of(found.analysis.settings))
    return paper_card(
        found,
        (practitioner, client),
        titles[said.reason],
        said.sentence,
        before=before_of(decisions.of_case(practitioner, client)),
        also=", ".join(titles[one].lower() for one in said.further),
        question_of=said.reason,
    )


def paper_card(
    found: ByCase,
    case: tuple[str, str],
    reason: str,
    sentence: str,
    *,
    before: tuple[str, ...],
    also: str = "",
    question_of: str = "",
    shown: Shown = AS_IT_STANDS,
) -> PaperCard:
    """The card of a case that comes up for a reason, in words; `shown` says how ids and words of users may stand on it."""
    rows, episode = found.case(*case), meant_card(found, *case)
    words = None if episode is None else words_of(found, episode, rows, shown)
    return PaperCard(
        case=shown.name(*case),
        reason=reason,
        sentence=shown.text(sentence),
        picture=picture_of(found, rows, episode),
        known=_known(words, episode, rows, found.analysis.settings),
        unknown=() if words is None else words.unknown,
        question=_question(words, question_of),
        also=also,
        before=before,
    )


def before_of(history: list[Decision], shown: Shown = AS_IT_STANDS) -> tuple[str, ...]:
    """The latest decisions, in words, newest first."""
    latest = [one for one in history if one["latest"]]
    return tuple(told.in_words(shown.decision(one)) for one in latest[:MOST_EARLIER])


def words_of(found: ByCase, episode: dict[str, Any], rows: Rows, shown: Shown = AS_IT_STANDS) -> Card:
    """The words of an episode's card."""
    settings = found.analysis.settings
    return episode_words.card(
        episode, rows.sessions, shown.markers(rows.markers), settings, terms_of(settings)
    )


def picture_of(found: ByCase, rows: Rows, episode: dict[str, Any] | None) -> Picture | None:
    """Both raters up to a little after the episode; without one, over the latest sessions. None where nobody rated any of them."""
    if rows.sessions.empty:
        return None
    last = int(rows.sessions["session"].max())
    if episode is not None:
        last = min(last, int(episode["end_session"]) + charts.SESSIONS_AFTER)
    terms = terms_of(found.analysis.settings)
    svg = charts.glimpse(
        rows.sessions, rows.trace, rows.bands, last,
        level_name=DETECTORS[found.analysis.method].level_name, terms=terms,
    )  # fmt: skip
    first = max(int(rows.sessions["session"].min()), last - charts.SPAN + 1)
    where = f"session {last}" if first == last else f"sessions {first} to {last}"
    words = terms.termed(f"Overall ratings of client and practitioner in {where}")
    return None if svg is None else Picture(svg, words)


def _known(
    words: Card | None, episode: dict[str, Any] | None, rows: Rows, settings: Settings
) -> tuple[str, ...]:
    """What is known of the episode besides what the sentence says: its parts where none stands out, and markers where there are any."""
    if words is None or episode is None:
        return ()
    told = dict(words.facts)
    parts = "" if facets_of(episode) else told.get("Parts", "")
    near = near_markers(episode, rows.markers, settings)
    return tuple(text for text in (parts, f"Noted: {told['Noted']}" if len(near) else "") if text)


def _question(words: Card | None, reason: str) -> str:
    if words is not None:
        return words.question
    return work_sentences.question(reason) if reason in WORK_READINGS else ""
