"""Tables as people read them: columns that mean something, whole points, dates, nothing hidden."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st
from pandas.api.types import is_datetime64_any_dtype, is_float_dtype

from alliance_core.notation import day, digits
from alliance_core.tables import FACETS
from pages.parts.frame import count
from pages.parts.in_use import pair, termed
from pages.parts.plain import plain

# A flag says "look at this session"; the table's own word for it would say more.
_STATES = {"rupture": "episode begins", "repaired": "back"}
MOST_ROWS = 30
AT_ONCE = 500  # rows of a table that are sent to the browser; nobody scrolls through more, and each page of a large service would take megabytes
_POINTS, _GAP = ".0f", "+.0f"


def table(frame: pd.DataFrame, alternative: str, forms: Mapping[str, str] | None = None, **more: Any) -> Any:
    """A table with its numbers and days as they are written everywhere; they still sort as numbers and days.

    `forms` are Python's own ("+.0f") by column; other numbers with decimals have up to three. `more` goes to st.dataframe.
    """
    how = {str(name): _form(frame[name], (forms or {}).get(str(name))) for name in frame}
    told: dict[Any, Any] = {name: form for name, form in how.items() if form is not None}
    days = {
        str(name): st.column_config.DateColumn() for name in frame if is_datetime64_any_dtype(frame[name])
    }
    settled = {"hide_index": True, "placeholder": "–", "column_config": days, **more}
    if not told:
        return st.dataframe(frame, alt=alternative, **settled)
    styled = frame.reset_index(drop=True).style.format(told, na_rep="–")
    return st.dataframe(styled, alt=alternative, **settled)


def in_parts(frame: pd.DataFrame, key: str, show: Callable[[pd.DataFrame], None]) -> None:
    """A table of any length, AT_ONCE rows at a time: the part that is looked at goes to `show`, and below it is the way to the others."""
    parts = max(1, -(-len(frame) // AT_ONCE))
    part = max(1, min(st.session_state.get(key, 1), parts))
    drawn = frame.iloc[(part - 1) * AT_ONCE : part * AT_ONCE]
    show(drawn)
    if parts > 1:
        st.caption(plain(f"Shown: {digits(len(drawn), ',')} of {digits(len(frame), ',')} rows."))
        st.pagination(parts, key=key, persist_state="session")


def _form(column: pd.Series, form: str | None) -> Callable[[Any], str] | None:
    """How a cell of the column is written; None for text and counts, which are written as they are."""
    if is_datetime64_any_dtype(column):
        return day
    if form is not None or is_float_dtype(column):
        return lambda value: digits(value if form else round(value, 3), form or "g").replace("-", "−")
    return None


def headers(columns: dict[str, str]) -> dict[str, str]:
    """Headers of ours in the terms in use; as they are where two of them would become the same."""
    named = {name: termed(header) for name, header in columns.items()}
    return named if len(set(named.values())) == len(named) else columns


def ratings_in_words(practitioner: str, client: str, sessions: int) -> str:
    """What a small chart of one case shows, for those who do not see it."""
    terms = pair()
    return f"Overall ratings of {terms.client} {client} and {terms.practitioner} {practitioner}, {count(sessions, 'session')}"


def sessions_table(sessions: pd.DataFrame, level: str, alternative: str) -> None:
    """The sessions of one case, in pct, with the gap and the level that falls are measured from, under its name."""
    sides = {
        f"{side}_{facet}": f"{side} {facet}"
        for side in ("client", "practitioner")
        for facet in ("overall", *FACETS)
    }
    columns = headers(
        {
            "session": "session",
            "date": "date",
            **sides,
            "gap_overall": "gap",
            "baseline": level,
            "state": "state",
        }
    )
    frame = sessions[list(columns)].rename(columns=columns)
    frame["state"] = frame["state"].replace(_STATES)
    points = dict.fromkeys((columns[side] for side in sides), _POINTS)
    table(
        frame,
        alternative,
        {"gap": _GAP, level: _POINTS, **points},
        height="content" if len(frame) <= MOST_ROWS else 600,
    )


def episodes_table(episodes: pd.DataFrame, alternative: str) -> None:
    """Episodes of a caseload, one a row, in words."""
    columns = {
        "client": pair().client,
        "start_session": "from session",
        "low_session": "lowest at",
        "repair_session": "back at",
        "depth_pct": "fell by (points)",
        "outcome": "what followed",
        "seen_by": "registered by",
        "kind": "kind",
        "facets_fallen": "facets that fell",
    }
    frame = episodes[list(columns)].rename(columns=columns)
    frame["registered by"] = frame["registered by"].map(termed, na_action="ignore")
    frame["facets that fell"] = frame["facets that fell"].fillna("").str.replace(";", ", ")
    table(frame, alternative, {"fell by (points)": _POINTS})
