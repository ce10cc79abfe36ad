"""The mapping screen: sheet → header rows → what each column holds → names, raters, form and range, with a live preview."""

from __future__ import annotations

from typing import Any

import streamlit as st
from pydantic import ValidationError

from alliance_core.notation import digits
from alliance_core.reading import ReadingChoices
from alliance_core.reading.answering import in_place
from alliance_core.reading.asking import in_words
from alliance_core.reading.choices import SheetChoices
from alliance_core.reading.guessing import guesses
from alliance_core.reading.in_terms import in_terms
from alliance_core.reading.mapping import mapping_for
from alliance_core.reading.previewing import confirmed, left_out, preview, settled_raters, sisters
from alliance_core.reading.sheets import Sheet
from pages.parts import mapping_columns, mapping_form, mapping_names
from pages.parts.bringing import Brought, bring, opened
from pages.parts.frame import count
from pages.parts.in_use import pair
from pages.parts.plain import plain, unseen_removed
from pages.parts.tables import headers

_LEFT_OUT_BY = {"column_missing", "column_twice", "rater_needed", "rater_unreadable", "score_needed"}
# questions that this screen answers
ASKED = {*_LEFT_OUT_BY, "sheet_not_recognised"}
_HEADS = {"range_min": "lowest mark", "range_max": "highest mark"}
_WRONG = {
    "range": "The lowest mark must be below the highest mark.",
    "file_named_after": "The sheet and its file cannot both be named after the same.",
}


def mapping(found: Brought) -> None:
    """Open at once where rows are left out without it; else behind a switch."""
    if not found.ratings.inputs:
        return
    codes = set(found.problems["code"])
    needed = bool(_LEFT_OUT_BY & codes) or (found.ratings.forms.empty and bool(ASKED & codes))
    if st.toggle("Say yourself what the columns hold", value=needed, key=f"map {found.token}"):
        sheets = opened(found)
        with st.container(border=True):
            asked = [question for question in found.ratings.questions if question.code in ASKED]
            for question in asked[:6]:
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
    row, rows = mapping_columns.headers(sheet, found.choices, name)
    name = f"{name} {row} {rows}"
    mapped = mapping_for(sheet, found.choices)
    before = mapped.own if mapped and mapped.row == row else None
    columns = mapping_columns.columns(sheet, guesses(sheet, row, found.choices, rows), name)
    same = sisters(sheet, row, sheets)
    only_here = mapping_names.only_here(sheet, same, before, found.choices, name)
    named = mapping_names.names(sheet, before, name)
    codes = mapping_names.codes(columns, named, before, name)
    words, rater = mapping_names.whose(
        [sheet, *([] if only_here else same)], row, rows, columns, named, before, found.choices, name
    )
    form = mapping_form.form(columns, before, name)
    said = {"header_rows": rows, "rater": rater, **named, **codes, **form}
    own = _confirmed(sheet, row, columns, only_here, said)
    if own:
        others = [one for one in sheets if one is not sheet]
        _preview(found, sheet, own, settled_raters(found.choices, words), others, name)
    if st.button("Leave this sheet out", key=f"{name} leave"):
        _again(found, sheet, left_out(sheet, row), found.choices)


def _unread(found: Brought, sheet: Sheet) -> bool:
    lines = found.ratings.recognised
    own = lines[(lines["file"] == sheet.file) & (lines["sheet"] == sheet.label)]
    return bool(own["layout"].eq("not recognised").any() or own["rows_left_out"].gt(0).any())


def _again(found: Brought, sheet: Sheet, own: SheetChoices, choices: ReadingChoices) -> None:
    bring(found.name, found.files, choices.with_sheet(own, sheet.label))
    st.rerun()


def _confirmed(
    sheet: Sheet, row: int, columns: dict[str, str], only_here: bool, said: dict[str, Any]
) -> SheetChoices | None:
    """The mapping as a whole; what does not fit together is said."""
    try:
        return confirmed(sheet, row, columns, only_here, **said)
    except ValidationError as error:
        what = error.errors()[0]["msg"].removeprefix("Value error, ").split(":")[0]
        st.error(plain(_WRONG[what]))
        return None


def _preview(
    found: Brought, sheet: Sheet, own: SheetChoices, choices: ReadingChoices, others: list[Sheet], name: str
) -> None:
    """The first rows as they will be read, and the way to read them so."""
    seen = preview(sheet, own, choices, others)
    st.markdown("**5. The first rows, as they will be read**")
    st.text(
        f"{count(seen.read, 'row')} looked at = {digits(seen.used, ',')} used + {digits(seen.left_out, ',')} left out"
    )
    if len(seen.rows):
        rows = seen.rows.copy()
        if "rater" in rows:
            rows["rater"] = rows["rater"].astype("str").map(pair().of)
        rows = rows.rename(columns=headers({str(name): _HEADS.get(str(name), str(name)) for name in rows}))
        st.dataframe(
            rows,
            hide_index=True,
            alt="The first rows as they will be read",
            column_config={"date": st.column_config.DateColumn("date")},
        )
    _, problems = in_terms(found.ratings, seen.problems, pair())
    for message in problems["message"].unique()[:5]:
        st.text(in_place(message, "page"))
    if st.button("Read with this mapping", type="primary", key=f"{name} read"):
        _again(found, sheet, own, choices)
