"""The problems that reading found: grouped by kind, one by one, and as a download."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from alliance_core.notation import digits
from alliance_core.reports.tables_out import to_csv
from alliance_core.tables import PROBLEMS
from pages.parts.bringing import Brought
from pages.parts.downloads import file_name
from pages.parts.frame import count

MOST_CELLS = 6
MOST_ROWS = 1000
_SEVERITIES = {"error": "row left out", "warning": "used, please look", "note": "for your information"}


def grouped(problems: pd.DataFrame, left_out: pd.DataFrame) -> pd.DataFrame:
    """One row for each kind of problem: how many and what happens, an example in words, the first cells. Errors first.

    `left_out` (LEFT_OUT) tells how many rows a kind of error leaves out; in all kinds together each row counts once.
    """
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
    rows = table["code"].map(left_out.set_index("code")["rows"]).fillna(0).astype("int64")
    happens = [
        _happens(*line)
        for line in zip(table["severity"], table["count"], table["located"], rows, strict=True)
    ]
    return table.assign(happens=happens)[["count", "happens", "example", "cells"]]


def _happens(severity: str, number: int, located: bool, rows: int) -> str:
    """How many problems of a kind there are, and what comes of them.

    >>> _happens("error", 2, True, 24), _happens("error", 1, False, 0), _happens("warning", 3, True, 0)
    ('2 errors: 24 rows left out', '1 × not read', '3 × used, please look')
    """
    if severity != "error":
        return f"{digits(number, ',')} × {_SEVERITIES[severity]}"
    if not rows and not located:
        return f"{digits(number, ',')} × not read"
    lost = f"{count(rows, 'row')} left out" if rows else "rows counted with another error"
    return f"{count(number, 'error')}: {lost}"


def _total(problems: pd.DataFrame, kinds: int, left_out: pd.DataFrame) -> str:
    """How many problems, of how many kinds, and what comes of them; the first thing said about them."""
    number, rows = problems["severity"].value_counts(), int(left_out["rows"].sum())
    each = [
        f"{digits(number[name], ',')} × {words}"
        for name, words in _SEVERITIES.items()
        if name in number and name != "error"
    ]
    if "error" in number:
        errors = int(number["error"])
        lost = f" that {'leaves' if errors == 1 else 'leave'} out {count(rows, 'row')}" if rows else ""
        each.insert(0, f"{count(errors, 'error')}{lost}")
    return f"{count(len(problems), 'problem')} of {count(kinds, 'kind')}: {', '.join(each)}"


def problems(found: Brought) -> None:
    """All problems, grouped, listed and downloadable; none is said aloud."""
    st.subheader("Problems", anchor=False)
    if found.problems.empty:
        st.text("No problems found.")
        return
    table = grouped(found.problems, found.ratings.left_out)
    st.text(_total(found.problems, len(table), found.ratings.left_out))
    for number, what, example, cells in table.itertuples(index=False):
        how_many, words, where = st.columns([1, 4, 1.5])
        how_many.text(what)
        words.text(example if number == 1 else f"For example: {example}")
        where.text(cells)
    with st.expander("Every problem, one by one"):
        st.dataframe(
            found.problems.head(MOST_ROWS)[["severity", "file", "sheet", "cell", "value", "message"]],
            hide_index=True,
            alt="Every problem with file, sheet, cell and value",
        )
        if len(found.problems) > MOST_ROWS:
            st.text(f"The first {digits(MOST_ROWS, ',')} are shown; the download holds all.")
    st.download_button(
        "Download all problems (CSV)",
        lambda: to_csv(found.problems, PROBLEMS).encode("utf-8-sig"),
        file_name=file_name("problems", "csv", found.token),
        mime="text/csv",
        on_click="ignore",
    )
