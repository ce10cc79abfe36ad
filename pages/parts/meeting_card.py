"""A case as a room reads it: why it comes up, the picture, what was agreed last time, one question, the decision of today."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from alliance_core import charts
from alliance_core.measures.detectors import DETECTORS
from alliance_core.review import Sitting, Subject, subject_of, subject_of_session
from pages.parts.decided import about_case, cards_of, today
from pages.parts.decision_box import decision_form, history
from pages.parts.episode_card import episode_picture, rule_behind, what_is_known, what_to_ask, words_of
from pages.parts.frame import count, legend, show_chart, theme
from pages.parts.in_use import pair, termed
from pages.parts.loaded import Loaded, Rows
from pages.parts.plain import plain
from pages.parts.shown import Shown
from pages.parts.sitting import shown as shown_in
from pages.parts.states import case_limits
from pages.parts.talk import meant_episode, why

LARGER = 1.5  # charts, as type is on a wide screen
MOST_EARLIER = 3  # decisions from before that a card has room for
_WHERE = "meeting"


def case_card(found: Loaded, sitting: Sitting) -> None:
    """The card that the meeting is at, under the case's name."""
    (practitioner, client), shown = sitting.case, shown_in(sitting)
    reason, told = why(found, practitioner, client, str(sitting.lines["reason"].iloc[sitting.at]))
    rows, episode = found.case(practitioner, client), _meant(found, practitioner, client)
    st.title(plain(shown.case(practitioner, client)))
    st.subheader(plain(reason), anchor=False)
    left, right = st.columns([1.45, 1], gap="large")
    with left:
        st.text(shown.text(told))
        if episode is not None:
            _of_episode(found, episode, shown)
        else:
            _of_case(found, rows, shown)
    with right:
        if episode is not None:
            what_to_ask(words_of(found, episode, shown))
        _decided(found, _subject(rows, practitioner, client, episode), practitioner, client, shown)


def _meant(found: Loaded, practitioner: str, client: str) -> dict[str, Any] | None:
    """The card of the episode that there is to talk about; None where the case comes up for another reason, or has none."""
    meant, cards = meant_episode(found, practitioner, client), cards_of(found, practitioner, client)
    if meant is None:
        return None
    same = (
        one
        for one in cards
        if (one["start_session"], one["rater"]) == (meant["start_session"], meant["rater"])
    )
    return next(same, None)


def _of_episode(found: Loaded, episode: dict[str, Any], shown: Shown) -> None:
    episode_picture(found, episode, LARGER)
    st.caption(plain(legend()))
    told = words_of(found, episode, shown)
    what_is_known(told)
    rule_behind(told)


def _of_case(found: Loaded, rows: Rows, shown: Shown) -> None:
    """The whole of a case that comes up without an episode, as far as anybody rated."""
    for limit in case_limits(rows.sessions, found.analysis.settings):
        st.text(limit)
    if rows.sessions[["client_overall", "practitioner_overall"]].notna().any(axis=None):
        chart = charts.timeline(
            rows.sessions, rows.trace, rows.bands, shown.markers(rows.markers), height=220, theme=theme(),
            level_name=DETECTORS[found.analysis.method].level_name, terms=pair(),
        )  # fmt: skip
        show_chart(
            charts.enlarged(chart, LARGER),
            termed(f"Overall ratings of client and practitioner over {count(len(rows.sessions), 'session')}"),
        )
        st.caption(plain(legend()))


def _subject(rows: Rows, practitioner: str, client: str, episode: dict[str, Any] | None) -> Subject | None:
    """What a decision of today is about: the episode, else the latest session; None where no session is known."""
    if episode is not None:
        return subject_of(rows.sessions, episode)
    if rows.sessions.empty:
        return None
    return subject_of_session(rows.sessions, practitioner, client, int(rows.sessions["session"].max()))


def _decided(found: Loaded, subject: Subject | None, practitioner: str, client: str, shown: Shown) -> None:
    """What was agreed last time and whether it happened; then the decision of today."""
    every = [one for one in about_case(found, practitioner, client) if one["latest"]]
    now = pd.Timestamp(today())
    earlier = [one for one in every if one["decided_on"] != now]
    if earlier:
        st.markdown("**Last time**")
        history(earlier[:MOST_EARLIER], _WHERE, shown)
        if len(earlier) > MOST_EARLIER:
            st.caption(
                plain(f"And {count(len(earlier) - MOST_EARLIER, 'older decision')}, on the page Decisions.")
            )
    st.markdown("**Decision**")
    if subject is None:
        st.text("No session of this case is known, so there is nothing that a decision could be noted at.")
        return
    history([one for one in every if one["decided_on"] == now], _WHERE, shown)
    decision_form(subject, every, _WHERE, shown)
