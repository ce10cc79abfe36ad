"""Of the mapping screen: where the headers stand, and what each column holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd
import streamlit as st

from alliance_core.reading.choices import MOST_HEADER_ROWS, ReadingChoices
from alliance_core.reading.guessing import Guess, apart, has_sessions, header_rows, meanings, of_session
from alliance_core.reading.mapping import letters
from alliance_core.reading.previewing import row_texts
from alliance_core.reading.sheets import Sheet
from pages.parts.in_use import termed
from pages.parts.plain import plain

MOST_COLUMNS = 60
_FIRST_ROWS = 6
_ACROSS = 4
_SHOWN = {"ignore": "not used", "rater": "whose rating it is", "overall": "overall or total"}


def headers(sheet: Sheet, choices: ReadingChoices, name: str) -> tuple[int, int]:
    """The row of the headers and how many rows hold some, confirmed over the first rows as they stand."""
    guess, many = header_rows(sheet, choices)
    where, how_many = st.columns(2)
    chosen = where.number_input(
        "2. In which row do the headers stand?",
        min_value=sheet.top + 1,
        max_value=sheet.top + sheet.height,
        value=sheet.top + guess + 1,
        key=f"{name} row",
    )
    row = int(chosen) - sheet.top - 1
    most = min(MOST_HEADER_ROWS, sheet.height - row)
    rows = how_many.number_input(
        "How many rows, from there on, are headers?",
        min_value=1,
        max_value=most,
        value=min(many, most) if row == guess else 1,
        help="More than one where question texts or ids stand between the headers and the ratings.",
        key=f"{name} {row} rows",
    )
    start = max(0, row - 2)
    shown = range(start, min(sheet.height, start + _FIRST_ROWS))
    table = pd.DataFrame(
        [row_texts(sheet, one)[:MOST_COLUMNS] for one in shown],
        index=[sheet.top + one + 1 for one in shown],
        columns=[letters(sheet, at) for at in range(len(sheet.columns[:MOST_COLUMNS]))],
    )
    st.dataframe(table, alt="The rows around the headers, as they stand in the sheet")
    return row, int(rows)


def columns(sheet: Sheet, proposed: Sequence[Guess], name: str) -> dict[str, str]:
    """What each column holds; from the columns' labels to meanings."""
    st.markdown("**3. What does each column hold?** Our guess is filled in.")
    by_session = st.toggle(
        "Each session has columns of its own",
        value=any(apart(guess.meaning)[1] for guess in proposed),
        help="For sheets in which a row is a case, and sessions stand beside each other.",
        key=f"{name} sessions",
    )
    chosen: dict[int, str] = {}
    for start in range(0, min(len(proposed), MOST_COLUMNS), _ACROSS):
        for guess, place in zip(proposed[start : start + _ACROSS], st.columns(_ACROSS), strict=False):
            with place:
                chosen[guess.at] = _holds(
                    sheet, guess, _led(guess, proposed, chosen, by_session), by_session, name
                )
    if len(proposed) > MOST_COLUMNS:
        st.text(f"Columns after the first {MOST_COLUMNS} are taken as guessed.")
    with st.expander("Why these guesses, with up to ten values of each column"):
        for guess in proposed[:MOST_COLUMNS]:
            st.text(
                f"{letters(sheet, guess.at)} {guess.label} → {termed(guess.meaning)}: {'. '.join(_about(guess))}"
            )
    rest = {
        guess.at: of_session(led, guess.number)
        if (led := _led(guess, proposed, chosen, by_session))
        else guess.meaning
        for guess in proposed[MOST_COLUMNS:]
    }
    return {guess.label: (chosen | rest)[guess.at] for guess in proposed}


def _led(guess: Guess, proposed: Sequence[Guess], chosen: dict[int, str], by_session: bool) -> str:
    """What was said of the first of several columns that differ by a number only; "" where that is as guessed."""
    leader = proposed[guess.leader]
    if not by_session or leader.at == guess.at:
        return ""
    said = apart(chosen[leader.at])[0]
    return said if said != apart(leader.meaning)[0] else ""


def _holds(sheet: Sheet, guess: Guess, led: str, by_session: bool, name: str) -> str:
    """What one column holds; where sessions are columns, of which session."""
    options = meanings()
    shown = {one: _SHOWN.get(one, termed(one)) for one in map(str, options)}
    what, session = apart(guess.meaning)
    picked = st.selectbox(
        plain(f"{letters(sheet, guess.at)}: {guess.label}"),
        options,
        index=options.index(led or what),
        format_func=lambda one: shown[str(one)],
        help=plain(". ".join(_about(guess))),
        key=f"{name} {guess.at} {by_session and led}",
    )
    if not by_session:
        return picked
    if not (guess.number or has_sessions(picked)):
        return picked
    number = st.number_input(
        plain(f"Session of {letters(sheet, guess.at)}"),
        min_value=0,
        value=session or guess.number,
        help="0: of no session alone.",
        disabled=not has_sessions(picked),
        key=f"{name} {guess.at} session",
    )
    return of_session(picked, int(number))


def _about(guess: Guess) -> Iterator[str]:
    """The reason of a guess, what stands below the header, and example values."""
    yield guess.reason
    if guess.beneath:
        yield f"Below the header stands: {guess.beneath}"
    yield f"For example: {', '.join(guess.examples) or 'nothing'}"
