"""Tables as people read them: columns that mean something, whole points, dates, nothing hidden."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from alliance_core.tables import FACETS
from pages.parts.frame import count
from pages.parts.in_use import pair, termed

# A flag says "look at this session"; the table's own word for it would say more.
_STATES = {"rupture": "episode begins", "repaired": "back"}
MOST_ROWS = 30
_POINTS = st.column_config.NumberColumn(format="%.0f")
_GAP = st.column_config.NumberColumn(format="%+.0f")
_DATE = st.column_config.DateColumn(format="D MMM YYYY")


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
    st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(frame) <= MOST_ROWS else 600,
        placeholder="–",
        alt=alternative,
        column_config={
            "date": _DATE,
            "gap": _GAP,
            level: _POINTS,
            **dict.fromkeys((columns[side] for side in sides), _POINTS),
        },
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
    st.dataframe(
        frame, hide_index=True, placeholder="–", alt=alternative, column_config={"fell by (points)": _POINTS}
    )
