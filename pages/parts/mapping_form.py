"""Of the mapping screen: which form was filled in, on which range, and how dates are written."""

from __future__ import annotations

from typing import Any

import streamlit as st

from alliance_core.instruments import instruments
from alliance_core.reading.choices import SheetChoices
from alliance_core.tables import RATERS
from pages.parts.in_use import termed, termed_markdown
from pages.parts.plain import plain

_AS_RECOGNISED = "as recognised"
_ORDERS = {"dmy": "day first (25.3., 25/3)", "mdy": "month first (3/25)"}


def form(columns: dict[str, str], before: SheetChoices | None, name: str) -> dict[str, Any]:
    """Which form was filled in, on which range where it has none of its own, and how dates are written."""
    st.markdown("**4. Which form was filled in?**")
    instrument = _instrument(before, name)
    known = instrument if isinstance(instrument, str) else None
    low, high = before.range if before and before.range else (None, None)
    items = any("item" in meaning.split() for meaning in columns.values())
    if instruments()[known].range is None if known else not items:
        left, right = st.columns(2)
        low = left.number_input("Lowest mark that could be given", value=low, key=f"{name} low")
        high = right.number_input("Highest mark that could be given", value=high, key=f"{name} high")
    range_ = None if low is None or high is None else (float(low), float(high))
    return {"instrument": instrument, "range": range_, "date_order": _order(columns, before, name)}


def _instrument(before: SheetChoices | None, name: str) -> str | dict[str, str] | None:
    """One instrument for all, or one for each rater; None as recognised."""
    said = before.instrument if before else None
    apart = st.toggle(
        termed_markdown("Client and practitioner filled in different forms"),
        value=isinstance(said, dict),
        key=f"{name} apart",
    )
    if not apart:
        return _one_of(
            [*instruments()], said if isinstance(said, str) else None, "Instrument", f"{name} instrument"
        )
    found: dict[str, str] = {}
    for rater, place in zip(RATERS[:2], st.columns(2), strict=True):
        fitting = [one.id for one in instruments().values() if rater in one.raters]
        with place:
            picked = _one_of(
                fitting,
                before.instrument_for(rater) if before else None,
                termed(f"Instrument of the {rater}'s ratings"),
                f"{name} instrument of {rater}",
            )
        found |= {rater: picked} if picked else {}
    return found or None


def _one_of(fitting: list[str], said: str | None, label: str, key: str) -> str | None:
    picked = st.selectbox(
        plain(label),
        [_AS_RECOGNISED, *fitting],
        index=fitting.index(said) + 1 if said in fitting else 0,
        format_func=lambda one: instruments()[one].name if one in instruments() else one,
        key=key,
    )
    return None if picked == _AS_RECOGNISED else picked


def _order(columns: dict[str, str], before: SheetChoices | None, name: str) -> str | None:
    """The order of days and months, where any column holds dates."""
    if not any(meaning.split()[-1] == "date" for meaning in columns.values()):
        return None
    said = before.date_order if before else None
    return st.radio(
        "How are dates such as 3/4/2025 written?",
        list(_ORDERS),
        index=list(_ORDERS).index(said) if said else None,
        format_func=_ORDERS.get,
        horizontal=True,
        key=f"{name} order",
    )
