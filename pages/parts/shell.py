"""The shell around every page: the list of pages, and the guard that no page runs without it."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st


class PageEntry(NamedTuple):
    """One page: its file and its name in the navigation.

    The path in the address is the file's own name: a fresh server knows no other.
    """

    file: str
    title: str


# The bare address; not in the navigation, since it shows nothing of its own.
HOME = PageEntry("pages/home.py", "Home")
BRING_IN = PageEntry("pages/bring_in.py", "Bring in ratings")
AGENDA = PageEntry("pages/agenda.py", "Agenda")
PRACTITIONER = PageEntry("pages/practitioner.py", "Practitioner")
CASE = PageEntry("pages/case.py", "Case")
MEETING = PageEntry("pages/meeting.py", "Meeting")
DECISIONS = PageEntry("pages/decisions.py", "Decisions")
ACROSS = PageEntry("pages/across.py", "Approaches and teams")
WHAT_IF = PageEntry("pages/what_if.py", "What if")
LEARN = PageEntry("pages/learn.py", "Learn")
HOW_IT_WORKS = PageEntry("pages/how_it_works.py", "How it works")
SETTINGS = PageEntry("pages/settings.py", "Settings")
PAGES = (
    *(BRING_IN, AGENDA, PRACTITIONER, CASE, MEETING, DECISIONS, ACROSS),
    *(WHAT_IF, LEARN, HOW_IT_WORKS, SETTINGS),
)

_MARK = "came through the shell"
_RETURN_TO = "return to"


def open_shell() -> None:
    """Called by app.py: lets the page of this run in, and goes back to a page that was met without a shell."""
    st.session_state[_MARK] = True


def page_to_return_to() -> tuple[str, dict[str, list[str]]] | None:
    """The page and query parameters that a visitor asked for before the shell was there, once."""
    return st.session_state.pop(_RETURN_TO, None)


def require_shell(file: str) -> None:
    """First line of every page: goes through app.py when this run has not.

    On a fresh server a deep link runs the page's file bare, without configuration and access check.
    The mark is taken away again, so every run of a page needs a run of app.py before it.
    """
    if st.session_state.pop(_MARK, False):
        return
    st.session_state[_RETURN_TO] = (file, {key: st.query_params.get_all(key) for key in st.query_params})
    st.switch_page("app.py")
