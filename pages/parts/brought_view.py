"""What reading gave: what was recognised, the sum of rows, and the problems with their cells."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from alliance_core.reading.asking import in_words
from alliance_core.reading.recognised import BY_DATE
from alliance_core.reports.tables_out import to_csv
from alliance_core.tables import PROBLEMS
from pages.parts.bringing import Brought
from pages.parts.choices_form import ASKED_BY, WHY, choices_form, questions
from pages.parts.frame import count, day
from pages.parts.loaded import records
from pages.parts.plain import plain
from pages.parts.shell import AGENDA

MOST_CELLS = 6
MOST_ROWS = 1000
_SEVERITIES = {"error": "row left out", "warning": "used, please look", "note": "for your information"}


def outcome(found: Brought) -> None:
    """The one sentence, and the way on."""
    forms, lines = found.ratings.forms, found.ratings.recognised
    if forms.empty and questions(found):
        return
    if forms.empty:
        unusable = found.problems.loc[found.problems["row"].isna(), "message"].tolist()
        st.error(plain(" ".join(unusable[:3]) or "No ratings were found in these files."))
        return
    cases = len(forms[["practitioner", "client"]].drop_duplicates())
    st.subheader(
        plain(
            f"{count(len(forms), 'form')} from {found.name}: {count(cases, 'case')} of "
            f"{count(forms['practitioner'].nunique(), 'practitioner')}."
        ),
        anchor=False,
    )
    st.page_link(AGENDA.file, label="**Go to the agenda →**")
    read, used, out = (int(lines[f"rows_{what}"].sum()) for what in ("read", "used", "left_out"))
    st.text(f"{count(read, 'row')} read = {used:,} used + {out:,} left out")


def asks(found: Brought) -> None:
    """Questions that stand in the way, in place; otherwise the same form, folded, to read the files differently."""
    asked = questions(found)
    if asked:
        with st.container(border=True):
            st.markdown("**Something is needed from you**")
            for why in (WHY[what] for what in asked if what in WHY):
                st.text(why)
            for question in found.ratings.questions[:6]:
                if ASKED_BY.get(question.code) in asked:
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
            f"{count(int(sheet['rows_read']), 'row')} = {sheet['rows_used']:,} used + {sheet['rows_left_out']:,} left out"
        )
    return f"{sheet['file']}, sheet {sheet['sheet']}: " + "; ".join(told) + "."


def grouped(problems: pd.DataFrame) -> pd.DataFrame:
    """One row for each kind of problem: how many, what happens, an example in words, the first cells. Errors first."""
    order = problems["severity"].map({name: place for place, name in enumerate(_SEVERITIES)})
    marked = problems.assign(order=order, located=problems["row"].notna())
    groups = marked.groupby(["order", "severity", "code"], sort=True)
    table = groups.agg(
        count=("message", "size"), example=("message", "first"), located=("located", "any")
    ).reset_index()
    cells = marked.assign(place=groups.cumcount())
    shown = cells[(cells["place"] < MOST_CELLS) & cells["cell"].notna()]
    if len(problems["sheet"].dropna().unique()) > 1:  # as a spreadsheet writes it: Ratings!B28
        shown = shown.assign(cell=shown["sheet"] + "!" + shown["cell"])
    first = shown.groupby(["order", "severity", "code"])["cell"].agg(", ".join).rename("cells").reset_index()
    table = table.merge(first, how="left", on=["order", "severity", "code"])
    more = (table["count"] > MOST_CELLS) & table["cells"].notna()
    table["cells"] = table["cells"].fillna("–") + more.map({True: ", …", False: ""})
    happens = (
        table["severity"]
        .map(_SEVERITIES)
        .where(table["located"] | (table["severity"] != "error"), "not read")
    )
    return table.assign(happens=happens)[["count", "happens", "example", "cells"]]


def _total(problems: pd.DataFrame, kinds: int) -> str:
    """How many problems, of how many kinds, and in how many files; the first thing said about them."""
    number = problems["severity"].value_counts()
    each = ", ".join(f"{number[name]:,} × {words}" for name, words in _SEVERITIES.items() if name in number)
    return f"{count(len(problems), 'problem')} of {count(kinds, 'kind')}: {each}"


def problems(found: Brought) -> None:
    """All problems, grouped, listed and downloadable; none is said aloud."""
    st.subheader("Problems", anchor=False)
    if found.problems.empty:
        st.text("No problems found.")
        return
    table = grouped(found.problems)
    st.text(_total(found.problems, len(table)))
    for number, what, example, cells in table.itertuples(index=False):
        how_many, words, where = st.columns([1, 4, 1.5])
        how_many.text(f"{number:,} × {what}")
        words.text(example if number == 1 else f"For example: {example}")
        where.text(cells)
    with st.expander("Every problem, one by one"):
        st.dataframe(
            found.problems.head(MOST_ROWS)[["severity", "file", "sheet", "cell", "value", "message"]],
            hide_index=True,
            alt="Every problem with file, sheet, cell and value",
        )
        if len(found.problems) > MOST_ROWS:
            st.text(f"The first {MOST_ROWS:,} are shown; the download holds all.")
    st.download_button(
        "Download all problems (CSV)",
        to_csv(found.problems, PROBLEMS).encode("utf-8-sig"),
        file_name=f"problems-{found.token}.csv",
        mime="text/csv",
        on_click="ignore",
    )
