"""What reading gave: the sum of rows, what is still to be answered, and what was recognised."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from alliance_core.notation import digits
from alliance_core.reading.asking import in_words
from alliance_core.reading.recognised import BY_DATE
from pages.parts.bringing import Brought
from pages.parts.choices_form import ASKED_BY, WHY, choices_form, questions
from pages.parts.decided import decisions, left_behind
from pages.parts.frame import count, day
from pages.parts.in_use import pair
from pages.parts.loaded import records
from pages.parts.mapping_view import ASKED
from pages.parts.plain import plain
from pages.parts.ruling import mask_ids
from pages.parts.shell import AGENDA, DECISIONS

MOST_QUESTIONS = 6


def outcome(found: Brought) -> None:
    """The one sentence, and the way on."""
    forms, lines = found.ratings.forms, found.ratings.recognised
    if forms.empty and questions(found):
        return
    if forms.empty:
        if any(question.code in ASKED for question in found.ratings.questions):
            st.error("What these files hold is not plain by their headers. Say below what the columns hold.")
            return
        unusable = found.problems.loc[found.problems["row"].isna(), "message"].tolist()
        st.error(plain(" ".join(unusable[:3]) or "No ratings were found in these files."))
        return
    if left_behind():
        st.info(
            plain(
                f"{count(left_behind(), 'decision')} of the files before stand in none of these. Bring the supervision workbook in together with the "
                "new files, all at once, to have them here."
            )
        )
    cases = len(forms[["practitioner", "client"]].drop_duplicates())
    st.subheader(
        plain(
            f"{count(len(forms), 'form')} from {found.name}: {count(cases, 'case')} of "
            f"{count(forms['practitioner'].nunique(), pair().practitioner, pair().practitioners)}."
        ),
        anchor=False,
    )
    st.page_link(AGENDA.file, label="**Go to the agenda →**")
    if len(decisions().unsettled):
        st.page_link(DECISIONS.file, label="Decisions contradict each other: pick the ones that count →")
    read, used, out = (int(lines[f"rows_{what}"].sum()) for what in ("read", "used", "left_out"))
    st.text(f"{count(read, 'row')} read = {digits(used, ',')} used + {digits(out, ',')} left out")


def under_aliases(found: Brought) -> None:
    """What may be said of the files while ids are masked: sheets, cells and problems quote them, and so do file names."""
    forms = found.ratings.forms
    st.subheader(plain(f"{count(len(forms), 'form')} from your files."), anchor=False)
    st.page_link(AGENDA.file, label="**Go to the agenda →**")
    st.text(
        "Aliases stand in the place of ids, so what your files hold is not shown here. To bring in other files, or to look at problems, show the ids again."
    )
    st.button("Show the ids again", on_click=mask_ids, args=(False,))


def asks(found: Brought) -> None:
    """Questions that stand in the way, in place; otherwise the same form, folded, to read the files differently."""
    asked = questions(found)
    if asked:
        with st.container(border=True):
            st.markdown("**Something is needed from you**")
            for why in (WHY[what] for what in asked if what in WHY):
                st.text(why)
            about = [one for one in found.ratings.questions if ASKED_BY.get(one.code) in asked]
            for question in about[:MOST_QUESTIONS]:
                st.text(in_words(question))
            choices_form(found, asked)
    elif len(found.ratings.forms):
        with st.expander("Recognised wrongly? Say how to read it"):
            choices_form(found, ["instrument", "range", "dates"])


def recognised(found: Brought) -> None:
    """Each sheet in words."""
    if found.ratings.recognised.empty:
        return
    st.subheader("What was recognised", anchor=False)
    for sheet in records(found.ratings.recognised):
        st.text(_sheet_in_words(sheet))
    with st.expander("Why, and which column was taken for what"):
        for sheet in records(found.ratings.recognised):
            if isinstance(sheet["columns"], str):
                st.text(
                    f"{sheet['file']}, {sheet['sheet']}: headers in row {sheet['header_row']}; {sheet['reason']}.\n{sheet['columns']}"
                )


def _sheet_in_words(sheet: dict) -> str:
    told = [f"layout {sheet['layout']}"]
    if isinstance(sheet["instrument"], str):
        told.append(f"instrument {sheet['instrument']}")
    if isinstance(sheet["raters"], str):
        told.append(f"rated by {sheet['raters']}")
    if sheet["sessions"]:
        by_date = (
            ", numbered by date because the sheet has no numbers" if sheet["numbered"] == BY_DATE else ""
        )
        told.append(count(int(sheet["sessions"]), "session") + by_date)
    if not pd.isna(sheet["first_date"]):
        told.append(f"{day(sheet['first_date'])} to {day(sheet['last_date'])}")
    if sheet["rows_read"]:
        told.append(
            f"{count(int(sheet['rows_read']), 'row')} = {digits(sheet['rows_used'], ',')} used + {digits(sheet['rows_left_out'], ',')} left out"
        )
    return f"{sheet['file']}, sheet {sheet['sheet']}: " + "; ".join(told) + "."
