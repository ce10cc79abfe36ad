"""The tour: three steps through the pages, in a box above the page's own content; it can be left, and taken again."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from pages.parts.frame import title_of
from pages.parts.in_use import termed
from pages.parts.loaded import loaded
from pages.parts.plain import plain
from pages.parts.shell import AGENDA, CASE, DECISIONS, MEETING, PageEntry

_AT = "tour at step"
_OVER = 0  # no step: it was taken or left in this sitting, and comes back only when it is asked for


class Step(NamedTuple):
    """One step: the page that it is about, what to see there, and what its button says."""

    page: PageEntry
    told: str
    button: str


STEPS = (
    Step(
        AGENDA,
        "Each line is a case to talk about, with the reason in one sentence. A reason is no verdict: it says where to look.",
        "On to one case",
    ),
    Step(
        CASE,
        "Both raters over the sessions, solid for the client and dashed for the practitioner. Shaded: a possible rupture and what followed, with a question to ask "
        "and a box for what you decide.",
        "On to what was decided",
    ),
    Step(
        DECISIONS,
        "What you decide is kept in the supervision workbook. Download it after the meeting, bring it in next time, and decisions find their episodes again.",
        "End the tour",
    ),
)


def begin_once() -> None:
    """Begins the tour where it has not been taken or left in this sitting."""
    st.session_state.setdefault(_AT, 1)


def seen() -> bool:
    """Whether it has begun in this sitting."""
    return _AT in st.session_state


def end() -> None:
    """Leaves the tour; it does not begin by itself again in this sitting."""
    st.session_state[_AT] = _OVER


def box(title: str) -> None:
    """The step that the tour is at, above the page with this title; nothing while there is no tour or nothing to show.

    Not above a meeting: its screen is several people's, and its card needs the room.
    """
    at = st.session_state.get(_AT, _OVER)
    if at == _OVER or loaded() is None or title == title_of(MEETING):
        return
    step = STEPS[at - 1]
    with st.container(border=True, key="tour"):
        st.markdown(f"**{plain(f'Tour, step {at} of {len(STEPS)}')}: {title_of(step.page)}**")
        st.text(termed(step.told))
        with st.container(horizontal=True, vertical_alignment="center"):
            if title != title_of(step.page):
                st.page_link(step.page.file, label=f"Go to {title_of(step.page)} →")
            elif st.button(step.button, type="primary"):
                _on(at)
            st.button("Leave the tour", on_click=end)


def _on(at: int) -> None:
    """The next step, on its own page; after the last one the tour is over."""
    if at == len(STEPS):
        end()
        st.rerun()
    st.session_state[_AT] = at + 1
    st.switch_page(STEPS[at].page.file)


def again() -> None:
    """The way into the tour, while it is not under way."""
    under_way = st.session_state.get(_AT, _OVER) != _OVER
    if under_way or loaded() is None:
        return
    if st.button(
        "Take the tour again" if seen() else "Take the tour: three steps, one minute", type="tertiary"
    ):
        st.session_state[_AT] = 1
        st.switch_page(STEPS[0].page.file)
