"""The problems that reading found: grouped by kind, one by one, and as a download."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from alliance_core.reports.tables_out import to_csv
from alliance_core.tables import PROBLEMS
from pages.parts.bringing import Brought
from pages.parts.frame import count

MOST_CELLS = 6
MOST_ROWS = 1000
_SEVERITIES = {"error": "row left out", "warning": "used, please look", "note": "for your information"}


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
