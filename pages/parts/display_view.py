"""How things are shown: numbers, days, the size of paper, and aliases in the place of ids."""

from __future__ import annotations

from typing import get_args

import pandas as pd
import streamlit as st

from alliance_core.notation import DATES, NUMBERS, Dates, Notation, day, written
from alliance_core.settings import PaperSize
from pages.parts.in_use import settings_in_use
from pages.parts.plain import plain
from pages.parts.ruling import mask_ids, use_settings
from pages.parts.shown_value import show

_A_DAY = pd.Timestamp(2026, 2, 3)
# The same all the time: a widget with another name would be another one, and the keyboard would have lost its place.
_NUMBERS, _DATES, _MASKED = "numbers written", "dates written", "masked"


def choose_notation() -> None:
    """How numbers and days are written, as the settings say: what a file brings in is shown at once."""
    used = settings_in_use().display
    show(_NUMBERS, used.numbers)
    show(_DATES, used.dates)
    st.selectbox(
        "How are numbers written?",
        NUMBERS,
        help="In sentences, tables and charts. Fields to type into take a decimal point or, where your browser is set so, a comma. Files keep the point.",
        key=_NUMBERS,
        on_change=_chosen,
        args=("numbers", _NUMBERS),
    )
    st.selectbox(
        "How are days written?",
        DATES,
        format_func=_example,
        help="3 February 2026, for example. Files keep 2026-02-03.",
        key=_DATES,
        on_change=_chosen,
        args=("dates", _DATES),
    )


def choose_paper() -> None:
    """The size of paper that PDFs are made for."""
    used = settings_in_use().display
    st.selectbox(
        "Which paper are PDFs made for?",
        get_args(PaperSize),
        index=get_args(PaperSize).index(used.paper),
        key=f"paper {used.paper}",
        on_change=_chosen,
        args=("paper", f"paper {used.paper}"),
    )


def _chosen(name: str, key: str) -> None:
    """Makes what a widget says the setting, also for a visitor who is on another page already."""
    used = settings_in_use()
    display = used.display.model_copy(update={name: st.session_state[key]})
    use_settings(used.model_copy(update={"display": display}))


def _example(dates: Dates) -> str:
    with written(Notation(dates=dates)):
        return day(_A_DAY)


def choose_masking() -> None:
    """Whether aliases stand in the place of ids."""
    masked = settings_in_use().display.masked
    show(_MASKED, masked)
    st.toggle(
        "Show aliases in the place of all ids",
        key=_MASKED,
        on_change=mask_ids,
        args=(not masked,),
    )
    st.text(f"On all pages now: {'aliases' if masked else 'ids, as in your files'}.")
    st.text(
        "For a screen that several people look at. On all pages each id, also where notes mention it, gives way to an alias that is always the same "
        "and leads back to nobody."
    )
    st.caption(
        plain(
            "Files that you download keep the ids, but for pictures of charts. The key that aliases are made with is in the settings file only: bring that file in, and aliases are "
            "the same next time. Whoever has both the key and the ids can work aliases out, so keep it as you keep the ratings."
        )
    )
