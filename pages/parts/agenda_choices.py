"""What the agenda shows and in which order: in step with the address, and remembered from page to page."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pandas as pd
import streamlit as st

from alliance_core.measures.agenda import REASONS
from alliance_core.measures.agenda_lines import ORDERS, Picked
from alliance_core.review.talk import reason_titles
from pages.parts.frame import day
from pages.parts.in_use import pair
from pages.parts.loaded import Loaded
from pages.parts.plain import plain, unseen_removed
from pages.parts.shown_value import show

_KEPT = "agenda choices"
_NAMES = ("reason", "team", "approach", "from", "order", "changed")  # as in the address


class Choices(NamedTuple):
    """Which lines, in which order, only those that have changed; and all that in words, empty where everything is shown."""

    picked: Picked
    order: str
    changed: bool
    words: str


def choose(found: Loaded) -> Choices:
    """The choices, folded behind a button that says how many are in use."""
    cases, titles = found.analysis.cases, reason_titles(pair())
    there = set(found.analysis.agenda["reason"].unique())
    reasons = [name for name in REASONS if name in there]
    options = {"reason": reasons, **{name: _known(cases[name]) for name in ("team", "approach")}}
    asked = {name: [one for one in _wanted(name) if one in known] for name, known in options.items()}
    since, order = _day(_wanted("from")), next((one for one in _wanted("order") if one in ORDERS), "need")
    changed = found.since is not None and _wanted("changed") == ["yes"]
    told = {
        "reason": ", ".join(titles[one] for one in asked["reason"]),
        "team": ", ".join(asked["team"]),
        "approach": ", ".join(asked["approach"]),
        "last session": f"{day(since)} or later" if since is not None else "",
        "only": "what has changed" if changed else "",
    }
    words = "; ".join(f"{name} {what}" for name, what in told.items() if what)
    with st.popover(plain(f"Filter and sort · {_used(told)} on" if words else "Filter and sort")):
        _order(order)
        for name, known in options.items():
            if known:
                _several(name, known, asked[name], titles)
        _last_session(since)
        if found.since is not None:
            _only_changed(changed)
    for name, kept in (
        ("from", [since.isoformat()[:10]] if since is not None else []),
        ("order", [order] if order != "need" else []),
        ("changed", ["yes"] if changed else []),
        *asked.items(),
    ):
        _to_address(name, kept)
    return Choices(Picked(asked["reason"], asked["team"], asked["approach"], since), order, changed, words)


def show_all() -> None:
    """Takes all filters back; the order stays."""
    for name in _NAMES:
        if name != "order":
            _keep(name, [])


def _order(order: str) -> None:
    names = {
        "need": "Most needed first",
        "latest": "Latest session first",
        "longest ago": "Longest without a session first",
        "name": f"By {pair().practitioner} and {pair().client}",
    }
    show("agenda order", order)
    st.selectbox(
        "Order", list(ORDERS), format_func=lambda one: unseen_removed(names[one]), key="agenda order",
        on_change=lambda: _keep("order", [st.session_state["agenda order"]]),
    )  # fmt: skip


def _several(name: str, known: list[str], asked: list[str], titles: dict[str, str]) -> None:
    widget = f"agenda {name}"
    show(widget, asked)
    st.multiselect(
        plain(name.capitalize()),
        known, key=widget, placeholder="all", format_func=lambda one: unseen_removed(titles.get(one, one)),
        on_change=lambda: _keep(name, st.session_state[widget]),
    )  # fmt: skip


def _last_session(since: pd.Timestamp | None) -> None:
    show("agenda from", None if since is None else since.date())

    def changed() -> None:
        chosen: date | None = st.session_state["agenda from"]
        _keep("from", [] if chosen is None else [chosen.isoformat()])

    st.date_input(
        "Last session on this day or later", key="agenda from", format="DD/MM/YYYY", on_change=changed
    )


def _only_changed(changed: bool) -> None:
    show("agenda changed", changed)
    st.checkbox(
        "Only what has changed since the ratings before", key="agenda changed",
        on_change=lambda: _keep("changed", ["yes"] if st.session_state["agenda changed"] else []),
    )  # fmt: skip


def _known(column: pd.Series) -> list[str]:
    return sorted(column.dropna().astype("str").unique().tolist())


def _used(told: dict[str, str]) -> int:
    return sum(bool(what) for what in told.values())


def _day(asked: list[str]) -> pd.Timestamp | None:
    try:
        return pd.Timestamp(date.fromisoformat(asked[0])) if asked else None
    except ValueError:
        return None


def _wanted(name: str) -> list[str]:
    """What the address asks for, else what was chosen before."""
    kept: dict[str, list[str]] = st.session_state.setdefault(_KEPT, {})
    asked = st.query_params.get_all(name)
    if asked:
        kept[name] = asked
    return kept.get(name, [])


def _keep(name: str, values: list[str]) -> None:
    st.session_state.setdefault(_KEPT, {})[name] = list(values)
    _to_address(name, list(values))


def _to_address(name: str, values: list[str]) -> None:
    if values and st.query_params.get_all(name) != values:
        st.query_params[name] = values
    elif not values:
        st.query_params.pop(name, None)
