"""The line of the agenda that is open: its card in place, in step with the address."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from alliance_core.review.talk import card_of_line, subject_of_line
from pages.parts.decided import history
from pages.parts.decision_box import decision_box
from pages.parts.episode_card import episode_card
from pages.parts.loaded import Loaded
from pages.parts.pickers import remember_case, under_aliases

_OPEN = "agenda open"


def _open_one(found: Loaded) -> tuple[str, str] | None:
    """The case that the address asks for, else the one that was opened last; as pages show it."""
    practitioner, client = (st.query_params.get(name, "") for name in ("practitioner", "client"))
    if practitioner and client:
        shown = under_aliases(practitioner, client, found)
        if shown != (practitioner, client):
            _to_address(*shown)  # an address that was kept names an id
        st.session_state[_OPEN] = shown
    return st.session_state.get(_OPEN)


def is_open(found: Loaded, practitioner: str, client: str) -> bool:
    return _open_one(found) == (practitioner, client)


def place_of_open(found: Loaded, lines: pd.DataFrame) -> int:
    """Where the open case stands among the lines, from 0; 0 where it does not."""
    here = _open_one(found)
    at = [one == here for one in lines[["practitioner", "client"]].itertuples(index=False, name=None)]
    return at.index(True) if True in at else 0


def toggle(found: Loaded, practitioner: str, client: str) -> None:
    """Opens a case, and closes the one that was open; or closes it."""
    if is_open(found, practitioner, client):
        st.session_state.pop(_OPEN)
        for name in ("practitioner", "client"):
            st.query_params.pop(name, None)
    else:
        st.session_state[_OPEN] = practitioner, client
        _to_address(practitioner, client)
        remember_case(practitioner, client)


def _to_address(practitioner: str, client: str) -> None:
    st.query_params["practitioner"], st.query_params["client"] = practitioner, client


def opened_card(found: Loaded, practitioner: str, client: str) -> None:
    """The card of the episode that the line is about; where it is about none, the decision alone."""
    card = card_of_line(found, practitioner, client)
    if card is not None:
        episode_card(found, card, "agenda", wide=True)
        return
    subject = subject_of_line(found, practitioner, client)
    with st.container(border=True):
        st.text(f"A decision about this case is noted at its latest session, {subject.session}.")
        decision_box(subject, history(found).of_session(subject), "agenda")
