"""What a workbook does not say itself, asked in place: response range, order of dates, instrument."""

from __future__ import annotations

import streamlit as st

from alliance_core.instruments import instruments
from alliance_core.reading import ReadingChoices
from pages.parts.bringing import Brought, bring
from pages.parts.in_use import termed_markdown

ASKED_BY = {
    "range_needed": "range",
    "date_order_needed": "dates",
    "instrument_needed": "instrument",
    "instrument_to_confirm": "instrument",
    "instruments_differ": "instrument",
}
WHY = {
    "range": "These files hold ready-made scores, and nothing says on which marks they were given. "
    "Their rows are left out until you state it.",
    "dates": "Some dates can be read day first or month first, and nothing in the column settles it. "
    "They stay unknown until you state it.",
}
_AS_RECOGNISED = "as recognised"
_DATES = {"dmy": "day first (25.3., 25/3)", "mdy": "month first (3/25)"}


def questions(found: Brought) -> list[str]:
    """What has to be answered before all rows can be used: range, dates, instrument."""
    return list(dict.fromkeys(ASKED_BY[code] for code in found.problems["code"] if code in ASKED_BY))


def choices_form(found: Brought, asked: list[str]) -> None:
    """A form with the questions; answering reads the same files again."""
    with st.form("choices", border=False):
        chosen = pick_instruments(found.choices) if "instrument" in asked else found.choices.instrument
        marks = _range(found.choices) if "range" in asked else found.choices.range
        order = _dates(found.choices) if "dates" in asked else found.choices.date_order
        answered = st.form_submit_button("Read again with these answers", type="primary")
    if not answered:
        return
    if marks is not None and not marks[0] < marks[1]:
        st.error("The lowest mark must be below the highest mark.")
        return
    answers = {**found.choices.model_dump(), "instrument": chosen, "range": marks, "date_order": order}
    bring(found.name, found.files, ReadingChoices.model_validate(answers))
    st.rerun()


def pick_instruments(choices: ReadingChoices) -> dict[str, str] | None:
    """One instrument for each rater, where the user names one."""
    named: dict[str, str] = {}
    for rater, column in zip(("client", "practitioner"), st.columns(2), strict=True):
        fitting = [one.id for one in instruments().values() if rater in one.raters]
        before = choices.instrument_for(rater)
        with column:
            picked = st.selectbox(
                termed_markdown(f"Which form did the {rater} fill in?"),
                [_AS_RECOGNISED, *fitting],
                index=fitting.index(before) + 1 if before in fitting else 0,
                format_func=lambda one: instruments()[one].name if one in instruments() else one,
                key=f"instrument of {rater}",
            )
        if picked != _AS_RECOGNISED:
            named[rater] = picked
    return named or None


def _range(choices: ReadingChoices) -> tuple[float, float] | None:
    low, high = choices.range if choices.range else (None, None)
    left, right = st.columns(2)
    lowest = left.number_input(
        "Lowest mark that could be given", value=low, key="lowest mark", placeholder="for example 1"
    )
    highest = right.number_input(
        "Highest mark that could be given", value=high, key="highest mark", placeholder="for example 5"
    )
    return None if lowest is None or highest is None else (float(lowest), float(highest))


def _dates(choices: ReadingChoices) -> str | None:
    return st.radio(
        "How are dates such as 3/4/2025 written?",
        list(_DATES),
        index=list(_DATES).index(choices.date_order) if choices.date_order else None,
        format_func=_DATES.get,
        key="date order",
    )
