"""A case as a room reads it: why it comes up, the picture, what was agreed last time, one question, the decision of today."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from alliance_core import charts
from alliance_core.case_sentences import case_limits
from alliance_core.measures.detectors import DETECTORS
from alliance_core.review import Sitting, Subject
from alliance_core.review.shown import Shown
from alliance_core.review.talk import meant_card, subject_in_meeting, why
from pages.parts.decided import history as decided
from pages.parts.decided import today
from pages.parts.decision_box import decision_form, history
from pages.parts.episode_card import episode_picture, rule_behind, what_is_known, what_to_ask, words_of
from pages.parts.frame import count, legend, show_chart
from pages.parts.in_use import pair, termed
from pages.parts.loaded import Loaded, Rows
from pages.parts.plain import plain
from pages.parts.saved_picture import PERCENT
from pages.parts.sitting import shown as shown_in

LARGER = 1.5  # charts, as type is on a wide screen
MOST_EARLIER = 3  # decisions from before that a card has room for
_WHERE = "meeting"


def case_card(found: Loaded, sitting: Sitting) -> None:
    """The card that the meeting is at, under the case's name."""
    (practitioner, client), shown = sitting.case, shown_in(sitting)
    reason, told = why(found, practitioner, client, str(sitting.lines["reason"].iloc[sitting.at]))
    rows, episode = found.case(practitioner, client), meant_card(found, practitioner, client)
    st.title(plain(shown.case(practitioner, client)))
    st.subheader(plain(reason), anchor=False)
    left, right = st.columns([1.45, 1], gap="large")
    with left:
        st.text(shown.text(told))
        if episode is not None:
            _of_episode(found, episode, shown)
        else:
            _of_case(found, rows, practitioner, client, shown)
    with right:
        if episode is not None:
            what_to_ask(words_of(found, episode, shown))
        _decided(found, subject_in_meeting(found, practitioner, client), practitioner, client, shown)


def _of_episode(found: Loaded, episode: dict[str, Any], shown: Shown) -> None:
    episode_picture(found, episode, shown.case(str(episode["practitioner"]), str(episode["client"])), LARGER)
    st.caption(plain(legend()))
    told = words_of(found, episode, shown)
    what_is_known(told)
    rule_behind(told)


def _of_case(found: Loaded, rows: Rows, practitioner: str, client: str, shown: Shown) -> None:
    """The whole of a case that comes up without an episode, as far as anybody rated."""
    for limit in case_limits(rows.sessions, found.analysis.settings):
        st.text(limit)
    if rows.sessions[["client_overall", "practitioner_overall"]].notna().any(axis=None):
        show_chart(
            partial(
                charts.timeline, rows.sessions, rows.trace, rows.bands, shown.markers(rows.markers), height=220,
                level_name=DETECTORS[found.analysis.method].level_name, terms=pair(),
            ),
            termed(f"Overall ratings of client and practitioner over {count(len(rows.sessions), 'session')}"),
            "overall ratings",
            whose=shown.case(practitioner, client),
            aid=f"{legend()} {PERCENT}",
            by=LARGER,
        )  # fmt: skip
        st.caption(plain(legend()))


def _decided(found: Loaded, subject: Subject | None, practitioner: str, client: str, shown: Shown) -> None:
    """What was agreed last time and whether it happened; then the decision of today."""
    every = [one for one in decided(found).of_case(practitioner, client) if one["latest"]]
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
