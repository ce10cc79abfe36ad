"""Pickers of practitioner and case: in step with the address, and remembered from page to page.

`say` is the place on the page where a picker says that the address asks for what is not there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from alliance_core.masking import Aliases
from alliance_core.terms import capital
from pages.parts.in_use import pair
from pages.parts.loaded import Loaded
from pages.parts.plain import plain, unseen_removed
from pages.parts.shown_value import show

_CHOSEN = "chosen "
_NOUNS = {"for": "practitioner"}  # what the address asks for; others are called by their name in it
TEAM = ""  # no id is empty


def remember_address() -> None:
    """Keeps what the address asks for until there are ratings to show it in."""
    for name in ("practitioner", "client"):
        if name in st.query_params:
            st.session_state[_CHOSEN + name] = st.query_params[name]


def under_aliases(practitioner: str, client: str, found: Loaded) -> tuple[str, str]:
    """A case as pages show it: under its aliases where there are any and these are ids."""
    if found.aliases is None or client in found.clients.get(practitioner, []):
        return practitioner, client
    return found.aliases.practitioner(practitioner), found.aliases.client(client)


def remember_case(practitioner: str, client: str) -> None:
    """Makes this the case that pages of one case open with."""
    st.session_state[_CHOSEN + "practitioner"], st.session_state[_CHOSEN + "client"] = practitioner, client


def remember_under_aliases(before: Aliases | None, shown: Loaded | None) -> None:
    """What was chosen stays chosen when ids go behind aliases, or come out from behind them."""
    after = shown.aliases if shown else None
    for name in ("practitioner", "client", "for"):
        chosen = st.session_state.get(_CHOSEN + name)
        if chosen:
            known = _id_behind(name, chosen, before)
            st.session_state[_CHOSEN + name] = known if after is None else _alias(name, known, after)


def _id_behind(name: str, chosen: str, aliases: Aliases | None) -> str:
    if aliases is None:
        return chosen
    return aliases.client_behind(chosen) if name == "client" else aliases.practitioner_behind(chosen)


def _alias(name: str, known: str, aliases: Aliases) -> str:
    return aliases.client(known) if name == "client" else aliases.practitioner(known)


def _asked(name: str, known: list[str], say: DeltaGenerator, aliases: Aliases | None) -> str | None:
    """What the address asks for, else what was chosen before; says so when the address asks for what is not there."""
    asked = st.query_params.get(name)
    if asked and asked not in known and aliases is not None:
        asked = _alias(name, asked, aliases)  # an address that was kept names an id
    if asked is not None and asked not in known:
        say.warning(
            plain(f"There is no {pair().of(_NOUNS.get(name, name))} {asked} in the ratings that are loaded.")
        )
        return None
    wanted = asked if asked is not None else st.session_state.get(_CHOSEN + name)
    return wanted if wanted in known else (None if asked is not None else known[0])


def _changed(name: str, widget: str, drop: tuple[str, ...]) -> None:
    for other in drop:
        st.query_params.pop(other, None)
        st.session_state.pop(_CHOSEN + other, None)
    st.session_state[_CHOSEN + name] = st.session_state[widget]
    st.query_params[name] = st.session_state[widget]


def _name(option: str) -> str:
    # The options of a selectbox, unlike its label, are shown as they are; escapes would be seen.
    return "the whole team" if option == TEAM else unseen_removed(option)


def _pick(
    found: Loaded,
    name: str,
    known: list[str],
    say: DeltaGenerator,
    drop: tuple[str, ...] = (),
    label: str = "",
) -> str | None:
    widget = f"pick {name}"
    show(widget, _asked(name, known, say, found.aliases))
    picked = st.selectbox(
        plain(label or capital(pair().of(name))),
        known,
        key=widget,
        format_func=_name,
        placeholder="choose one",
        on_change=_changed,
        args=(name, widget, drop),
    )
    if picked is not None:
        st.session_state[_CHOSEN + name] = picked
        if st.query_params.get(name, TEAM) != picked:
            st.query_params[name] = picked
    return picked


def pick_practitioner(found: Loaded, say: DeltaGenerator) -> str:
    """The practitioner of a page; the page ends here while none is chosen."""
    picked = _pick(found, "practitioner", list(found.clients), say)
    if picked is None:
        st.stop()
    return picked


def pick_case(found: Loaded, say: DeltaGenerator) -> tuple[str, str]:
    """Practitioner and client of a page; the page ends here while none is chosen."""
    left, right = st.columns(2)
    with left:
        practitioner = _pick(found, "practitioner", list(found.clients), say, drop=("client", "session"))
    if practitioner is None:
        st.stop()
    with right:
        client = _pick(found, "client", found.clients[practitioner], say, drop=("session",))
    if client is None:
        st.stop()
    return practitioner, client


def pick_practitioner_or_team(found: Loaded, say: DeltaGenerator, label: str = "Agenda for") -> str | None:
    """The practitioner whose agenda, or whatever the label says, to show; None for the whole team."""
    picked = _pick(found, "for", [TEAM, *found.clients], say, label=label)
    return picked or None


def pick_episode(
    cards: Sequence[Mapping[str, Any]], names: Sequence[str], beneath: Sequence[str], first: int
) -> int:
    """The place of one of a case's episodes: the one at `first`, unless another one is picked or asked for by `session`.

    `cards` have practitioner, client and start_session; `names` say what each is called, `beneath` what else is to be said of it.
    """
    if len(cards) == 1:
        return 0
    starts = [str(card["start_session"]) for card in cards]
    widget = f"pick episode {cards[0]['practitioner']} {cards[0]['client']}"
    if st.query_params.get("session") in starts:
        show(widget, starts.index(st.query_params["session"]))
    elif st.session_state.get(widget) is None:
        st.session_state[widget] = first

    def changed() -> None:
        st.query_params["session"] = starts[st.session_state[widget]]

    return st.radio(
        "Episode",
        range(len(cards)),
        format_func=lambda at: plain(names[at]),
        captions=[plain(words) for words in beneath],
        key=widget,
        on_change=changed,
    )
