"""The parts of the Agenda page."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from alliance_core import charts
from pages.parts.frame import count, show_chart, theme
from pages.parts.in_use import pair, termed
from pages.parts.loaded import Loaded
from pages.parts.plain import plain
from pages.parts.shell import CASE
from pages.parts.tables import headers, ratings_in_words
from pages.parts.talk import reason_titles, talk

PER_PAGE = 15


def draw(found: Loaded, lines: pd.DataFrame, practitioner: str | None) -> None:
    """One page of cases, under a heading for each reason."""
    pages = -(-len(lines) // PER_PAGE)
    key = f"agenda page {practitioner}"
    page = min(st.session_state.get(key, 1), pages)
    drawn = lines.iloc[(page - 1) * PER_PAGE : page * PER_PAGE]
    counts = lines["reason"].value_counts()
    sizes = found.analysis.cases["sessions"]
    span = int(min(sizes.max(), 24))
    floor = min(
        charts.score_floor(found.case(str(p), str(c)).sessions)
        for p, c in drawn[["practitioner", "client"]].itertuples(index=False)
    )
    heading = None
    for practitioner_id, client, reason in drawn[["practitioner", "client", "reason"]].itertuples(
        index=False
    ):
        if reason != heading:
            st.subheader(plain(f"{reason_titles()[reason]} · {counts[reason]}"), anchor=False)
            heading = reason
        _line(found, str(practitioner_id), str(client), floor, span)
    if pages > 1:
        st.caption(plain(f"Shown: {count(len(drawn), 'case')} of {len(lines):,}."))
        st.pagination(pages, key=key, persist_state="session")


def _line(found: Loaded, practitioner: str, client: str, floor: float, span: int) -> None:
    """One case: who, the picture, why, and the way to it."""
    told = talk(found, practitioner, client)
    rows = found.case(practitioner, client)
    who, picture, why = st.columns([1, 1.6, 4.4])
    with who:
        st.page_link(
            CASE.file,
            label=plain(f"{client} · {practitioner} →"),
            query_params={"practitioner": practitioner, "client": client},
        )
    with picture:
        show_chart(
            charts.sparkline(
                rows.sessions, rows.bands, theme=theme(), height=54,
                floor=floor, span=span, terms=pair(),
            ),
            ratings_in_words(practitioner, client, len(rows.sessions)),
        )  # fmt: skip
    with why:
        st.text(told.sentence)
        if told.further:
            st.caption(
                plain("Also: " + ", ".join(reason_titles()[reason].lower() for reason in told.further))
            )


def nothing_to_raise(cases: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """The cases that are not among the lines."""
    keys = ["practitioner", "client"]
    marked = cases.merge(lines[keys], on=keys, how="left", indicator="side")
    return marked.loc[marked["side"] == "left_only", cases.columns]


def table_of_rest(rest: pd.DataFrame) -> None:
    """Their ids, sessions and state; old flags of closed and quiet cases are named."""
    columns = headers(
        {
            "practitioner": "practitioner",
            "client": "client",
            "sessions": "sessions",
            "state": "state",
            "flags": "noted earlier",
        }
    )
    frame = rest[list(columns)].assign(flags=rest["flags"].map(termed))
    st.dataframe(
        frame.rename(columns=columns),
        hide_index=True,
        alt="Cases with nothing to raise",
        height=min(38 * (len(rest) + 1), 400),
    )
