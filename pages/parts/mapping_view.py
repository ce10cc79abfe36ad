"""The mapping screen: sheet → header row → what each column holds → instrument and range, with a live preview."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from pydantic import ValidationError

from alliance_core.instruments import instruments
from alliance_core.reading.asking import in_words
from alliance_core.reading.choices import SheetChoices
from alliance_core.reading.guessing import Guess, guesses, header_row, meanings, unknown_raters
from alliance_core.reading.mapping import letters
from alliance_core.reading.previewing import confirmed, left_out, preview, row_texts, settled_raters
from alliance_core.reading.sheets import Sheet
from pages.parts.bringing import Brought, bring, opened
from pages.parts.frame import count
from pages.parts.plain import plain, unseen_removed

MOST_COLUMNS = 60
_FIRST_ROWS = 6
_ACROSS = 4
_NEEDED_BY = {"column_missing", "column_twice", "rater_needed", "rater_unreadable", "sheet_not_recognised"}
_SHOWN = {"ignore": "not used", "rater": "whose rating it is", "overall": "overall or total"}
_AS_RECOGNISED = "as recognised"
_ORDERS = {"dmy": "day first (25.3., 25/3)", "mdy": "month first (3/25)"}


def mapping(found: Brought) -> None:
    """Open at once where nothing could be read without it; else behind a switch."""
    if not found.ratings.inputs:
        return
    needed = found.ratings.forms.empty and bool(_NEEDED_BY & set(found.problems["code"]))
    if st.toggle("Say yourself what the columns hold", value=needed, key=f"map {found.token}"):
        sheets = opened(found)
        with st.container(border=True):
            for question in found.ratings.questions[:6]:
                if question.code in _NEEDED_BY:
                    st.text(in_words(question))
            if sheets:
                _one_sheet(found, sheets)
            else:
                st.text("These files hold no sheet that could be opened.")


def _one_sheet(found: Brought, sheets: list[Sheet]) -> None:
    first = next((i for i, one in enumerate(sheets) if _unread(found, one)), 0)
    at = st.selectbox(
        "1. Which sheet?",
        range(len(sheets)),
        index=first,
        format_func=lambda i: unseen_removed(
            f"{sheets[i].file}, {sheets[i].label}"
        ),  # options read no Markdown
        key=f"map sheet {found.token}",
    )
    sheet = sheets[at]
    name = f"map {found.token} {at}"
    row = _header_row(found, sheet, name)
    proposed = guesses(sheet, row, found.choices)
    columns = _columns(sheet, proposed, f"{name} {row}")
    raters, rater = _whose(found, sheet, row, proposed, columns, f"{name} {row}")
    own = _confirmed(sheet, row, columns, rater, _instrument_and_range(columns, f"{name} {row}"))
    if own is None:
        return
    choices = settled_raters(found.choices, raters)
    seen = preview(sheet, own, choices)
    st.markdown("**5. The first rows, as they will be read**")
    st.text(f"{count(seen.read, 'row')} looked at = {seen.used:,} used + {seen.left_out:,} left out")
    if len(seen.rows):
        st.dataframe(seen.rows, hide_index=True, alt="The first rows as they will be read")
    for message in seen.problems["message"].unique()[:5]:
        st.text(message)
    take, leave = st.columns(2)
    if take.button("Read with this mapping", type="primary", width="stretch", key=f"{name} read"):
        _again(found, own, choices)
    if leave.button("Leave this sheet out", width="stretch", key=f"{name} leave"):
        _again(found, left_out(sheet, row), found.choices)


def _unread(found: Brought, sheet: Sheet) -> bool:
    lines = found.ratings.recognised
    own = lines[(lines["file"] == sheet.file) & (lines["sheet"] == sheet.label)]
    return bool(own["layout"].eq("not recognised").any() or own["rows_left_out"].gt(0).any())


def _again(found: Brought, own: SheetChoices, choices: Any) -> None:
    bring(found.name, found.files, choices.with_sheet(own))
    st.rerun()


def _header_row(found: Brought, sheet: Sheet, name: str) -> int:
    """The row of the headers, confirmed over the first rows as they stand."""
    guess = header_row(sheet, found.choices)
    chosen = st.number_input(
        "2. In which row do the headers stand?",
        min_value=sheet.top + 1,
        max_value=sheet.top + sheet.height,
        value=sheet.top + guess + 1,
        key=f"{name} row",
    )
    row = int(chosen) - sheet.top - 1
    start = max(0, row - 2)
    rows = range(start, min(sheet.height, start + _FIRST_ROWS))
    table = pd.DataFrame(
        [row_texts(sheet, one)[:MOST_COLUMNS] for one in rows],
        index=[sheet.top + one + 1 for one in rows],
        columns=[letters(sheet, at) for at in range(len(sheet.columns[:MOST_COLUMNS]))],
    )
    st.dataframe(table, alt="The rows around the headers, as they stand in the sheet")
    return row


def _columns(sheet: Sheet, proposed: list[Guess], name: str) -> dict[str, str]:
    """What each column holds; from the columns' labels to meanings."""
    st.markdown("**3. What does each column hold?** Our guess is filled in.")
    options = meanings()
    for start in range(0, min(len(proposed), MOST_COLUMNS), _ACROSS):
        for guess, place in zip(proposed[start : start + _ACROSS], st.columns(_ACROSS), strict=False):
            with place:
                st.selectbox(
                    plain(f"{letters(sheet, guess.at)}: {guess.label}"),
                    options,
                    index=options.index(guess.meaning),
                    format_func=lambda one: _SHOWN.get(str(one), str(one)),
                    help=plain(f"{guess.reason}. For example: {', '.join(guess.examples) or 'nothing'}"),
                    key=f"{name} {guess.at}",
                )
    if len(proposed) > MOST_COLUMNS:
        st.text(f"Columns after the first {MOST_COLUMNS} are taken as guessed.")
    with st.expander("Why these guesses, with up to ten values of each column"):
        for guess in proposed[:MOST_COLUMNS]:
            values = ", ".join(guess.examples)
            st.text(f"{letters(sheet, guess.at)} {guess.label} → {guess.meaning}: {guess.reason}. {values}")
    return {guess.label: st.session_state.get(f"{name} {guess.at}", guess.meaning) for guess in proposed}


def _whose(
    found: Brought, sheet: Sheet, row: int, proposed: list[Guess], columns: dict[str, str], name: str
) -> tuple[dict[str, str], str | None]:
    """Whose ratings they are: for each unknown word of the rater's column, or for the sheet as a whole."""
    said = [guess.at for guess in proposed if columns[guess.label] == "rater"]
    who = ["client", "practitioner", "observer"]
    words: dict[str, str] = {}
    for word in unknown_raters(sheet, row, said[0], found.choices) if said else ():
        picked = st.selectbox(
            f"Whose rating is {plain(word)}?", who, index=None, placeholder="choose", key=f"{name} who {word}"
        )
        words |= {word: picked} if picked else {}
    if said or any(one.split()[0] in who and " " in one for one in columns.values()):
        return words, None
    return {}, st.selectbox(
        "Whose ratings does this sheet hold?", who, index=None, placeholder="choose", key=f"{name} rater"
    )


def _instrument_and_range(columns: dict[str, str], name: str) -> dict[str, Any]:
    st.markdown("**4. Which form was filled in?**")
    picked = st.selectbox(
        "Instrument",
        [_AS_RECOGNISED, *instruments()],
        format_func=lambda one: instruments()[one].name if one in instruments() else one,
        key=f"{name} instrument",
    )
    chosen = None if picked == _AS_RECOGNISED else picked
    low = high = order = None
    items = any("item" in meaning.split() for meaning in columns.values())
    if instruments()[chosen].range is None if chosen else not items:
        left, right = st.columns(2)
        low = left.number_input("Lowest mark that could be given", value=None, key=f"{name} low")
        high = right.number_input("Highest mark that could be given", value=None, key=f"{name} high")
    if "date" in columns.values():
        order = st.radio(
            "How are dates such as 3/4/2025 written?",
            list(_ORDERS),
            index=None,
            format_func=_ORDERS.get,
            horizontal=True,
            key=f"{name} order",
        )
    range_ = None if low is None or high is None else (float(low), float(high))
    return {"instrument": chosen, "range_": range_, "date_order": order}


def _confirmed(
    sheet: Sheet, row: int, columns: dict[str, str], rater: str | None, said: dict[str, Any]
) -> SheetChoices | None:
    try:
        return confirmed(sheet, row, columns, rater, **said)
    except ValidationError:
        st.error("The lowest mark must be below the highest mark.")
        return None
