"""Before a meeting: whose cases, and which of them come up."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from alliance_core.agenda_sentences import TOO_FEW, too_few, too_few_title
from alliance_core.notation import digits
from alliance_core.review.meetings import AT_FIRST
from alliance_core.review.talk import why
from pages.parts.frame import count
from pages.parts.in_use import pair, termed
from pages.parts.loaded import Loaded, at_hand
from pages.parts.meeting_names import choose_names
from pages.parts.paper_view import offer_pack
from pages.parts.plain import plain, unseen_removed
from pages.parts.shell import AGENDA
from pages.parts.shown_value import show
from pages.parts.sitting import (
    EVERYBODY,
    Whom,
    about,
    begin,
    for_the_room,
    groups,
    lines,
    names,
    on_the_picker,
    trace_of,
)

PER_PAGE = 15
_WHOM, _COMES_UP = "meeting about", "comes up in the meeting"


def choose(found: Loaded) -> None:
    """The lines in order of need, each with its tick, and the button that begins."""
    head, picker = st.columns([3, 1], vertical_alignment="bottom")
    with picker:
        whom = st.selectbox(
            "Meeting about",
            groups(found),
            format_func=_named,
            key=_WHOM,
            persist_state="session",
        )
    there = lines(found, whom)
    if there.empty:
        _nothing(found, head, whom)
        return
    ticked = _ticked(there)
    head.title(
        plain(
            f"{count(int(ticked.sum()), 'case')} for the meeting, of {digits(len(there), ',')} to talk about"
        )
    )
    st.text(
        "In order of need. Untick what is not to come up. Choose before the screen is shared: from the button on, no id is shown."
    )
    chosen = there[ticked.to_numpy(bool)]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Begin the meeting",
            type="primary",
            disabled=chosen.empty,
            on_click=_begin,
            args=(whom, chosen),
        )
        if len(chosen):
            offer_pack(found, about(found, whom, chosen))
    choose_names(found)
    _listed(found, there, ticked, whom)


def _begin(whom: Whom, chosen: pd.DataFrame) -> None:
    begin(for_the_room(at_hand()), whom, chosen)


def _named(whom: Whom) -> str:
    return unseen_removed(on_the_picker(whom))


def _nothing(found: Loaded, head: DeltaGenerator, whom: Whom) -> None:
    who = "in the whole team" if whom == EVERYBODY else f"with {_named(whom)}"
    unknown = too_few(trace_of(found, whom))
    head.title(plain(too_few_title(who) if unknown else f"Nothing to talk about {who}"))
    st.text(
        f"{termed(TOO_FEW)} No action is open."
        if unknown
        else "Nothing in these ratings asks for a closer look, and no action is open. That is not proof that all is well: a meeting may still begin with "
        "what nobody wrote down."
    )
    st.page_link(AGENDA.file, label="To the agenda")


def _ticked(there: pd.DataFrame) -> pd.Series[bool]:
    """Which lines come up: what was said of each, else the first ones."""
    said: dict[tuple[str, str], bool] = st.session_state.get(_COMES_UP, {})
    pairs = zip(there["practitioner"], there["client"], strict=True)
    return pd.Series([said.get(pair_, place < AT_FIRST) for place, pair_ in enumerate(pairs)], dtype=bool)


def _listed(found: Loaded, there: pd.DataFrame, ticked: pd.Series[bool], whom: Whom) -> None:
    pages, key = -(-len(there) // PER_PAGE), f"meeting page {groups(found).index(whom)}"
    page = max(1, min(st.session_state.get(key, 1), pages))
    first = (page - 1) * PER_PAGE
    masks = names(found)
    for place in range(first, min(first + PER_PAGE, len(there))):
        practitioner, client, reason = map(str, there.iloc[place][["practitioner", "client", "reason"]])
        name, (title, told) = masks.cases[practitioner, client], why(found, practitioner, client, reason)
        ticks = f"comes up {name}"
        show(ticks, bool(ticked[place]))
        with st.container(gap="xxsmall"):
            st.checkbox(plain(name), key=ticks, on_change=_tick, args=(ticks, (practitioner, client)))
            st.caption(plain(f"{title} · {masks.text(told)}"))
    if pages > 1:
        st.caption(
            plain(f"Shown: {count(min(PER_PAGE, len(there) - first), 'case')} of {digits(len(there), ',')}.")
        )
        st.pagination(pages, key=key, persist_state="session")
    if len(there) > AT_FIRST:
        st.caption(
            plain(
                f"The first {AT_FIRST} are ticked unless you say otherwise: an hour seldom has room for more. "
                f"Cases are called by name here too, so that a {pair().client}'s id is never on this page."
            )
        )


def _tick(ticks: str, case: tuple[str, str]) -> None:
    said = st.session_state.get(_COMES_UP, {})
    st.session_state[_COMES_UP] = {**said, case: st.session_state[ticks]}
