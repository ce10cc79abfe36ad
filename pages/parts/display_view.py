"""How things are shown: numbers, days, and aliases in the place of ids."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from alliance_core.notation import DATES, NUMBERS, Dates, Notation, day, written
from pages.parts.in_use import settings_in_use
from pages.parts.plain import plain
from pages.parts.ruling import mask_ids, use_settings

_A_DAY = pd.Timestamp(2026, 2, 3)


def choose_notation() -> None:
    """How numbers and days are written."""
    used = settings_in_use().display
    numbers = st.selectbox(
        "How are numbers written?",
        NUMBERS,
        index=NUMBERS.index(used.numbers),
        help="In sentences, tables and charts. Fields to type into take a decimal point or, where your browser is set so, a comma. Files keep the point.",
        key=f"numbers {used.numbers}",  # what a settings file brings in is shown at once
    )
    dates = st.selectbox(
        "How are days written?",
        DATES,
        index=DATES.index(used.dates),
        format_func=_example,
        help="3 February 2026, for example. Files keep 2026-02-03.",
        key=f"dates {used.dates}",
    )
    if (numbers, dates) != (used.numbers, used.dates):
        _use(numbers=numbers, dates=dates)


def _example(dates: Dates) -> str:
    with written(Notation(dates=dates)):
        return day(_A_DAY)


def choose_masking() -> None:
    """Whether aliases stand in the place of ids."""
    masked = settings_in_use().display.masked
    wanted = st.toggle("Show aliases in the place of all ids", masked, key=f"masked {masked}")
    st.text(
        "For a screen that several people look at. On all pages each id, also where notes mention it, gives way to an alias that is always the same "
        "and leads back to nobody."
    )
    st.caption(
        plain(
            "Files that you download keep the ids. The key that aliases are made with is in the settings file only: bring that file in, and aliases are "
            "the same next time. Whoever has both the key and the ids can work aliases out, so keep it as you keep the ratings."
        )
    )
    if wanted != masked:
        mask_ids(wanted)
        st.rerun()


def _use(**chosen: Any) -> None:
    used = settings_in_use()
    use_settings(used.model_copy(update={"display": used.display.model_copy(update=chosen)}))
    st.rerun()
