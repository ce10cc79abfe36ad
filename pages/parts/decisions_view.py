"""The parts of the Decisions page."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from alliance_core.notation import digits
from alliance_core.review import Decisions, same_decisions, told
from pages.parts.decided import change, decisions, today
from pages.parts.decision_box import done_choice
from pages.parts.frame import count
from pages.parts.in_use import pair
from pages.parts.loaded import Loaded, records
from pages.parts.plain import plain
from pages.parts.shell import CASE
from pages.parts.tables import in_parts, table

PER_PAGE = 15


def headline(rows: pd.DataFrame) -> str:
    """How many actions are open, and how many of them past their day: the one sentence on top."""
    if rows.empty:
        return "Nothing has been decided yet"
    actions = rows[rows["open_action"].to_numpy(bool)]
    if actions.empty:
        return f"{count(len(rows), 'decision')}, no action open"
    late = int(_late(actions).sum())
    return f"{count(len(actions), 'action')} open" + (f", {late} past the day agreed" if late else "")


def _late(rows: pd.DataFrame) -> pd.Series[bool]:
    return rows["due"] < pd.Timestamp(today())


def conflicts(unsettled: pd.DataFrame) -> None:
    """Decisions that contradict each other, side by side with file and cell, and the choice of the one that counts."""
    if unsettled.empty:
        return
    st.subheader(
        plain(f"Decisions that contradict each other · {unsettled['conflict'].nunique()}"), anchor=False
    )
    st.text(
        "Two workbooks, or two rows, say different things about the same session and day. None of them counts until you pick one; until then all are kept."
    )
    for _, sides in unsettled.groupby("conflict", sort=True):
        with st.container(border=True):
            _conflict(sides)


def _conflict(sides: pd.DataFrame) -> None:
    """One conflict: each different side once, with all the places it stands in."""
    left = sides
    different: list[pd.DataFrame] = []
    while len(left):
        same = same_decisions(left, left.head(1))
        different.append(left[same])
        left = left[~same]
    st.markdown(f"**{plain(_whose(records(sides.head(1))[0]))}**")
    for column, side in zip(st.columns(len(different)), different, strict=True):
        with column:
            st.text(told.in_words(records(side)[0]))
            for place in records(side):
                st.caption(plain(_place(place)))
            at = int(side.index[0])
            st.button("This one counts", key=f"settle {at}", on_click=_settle, args=(decisions(), at))


def _settle(store: Decisions, row: int) -> None:
    change(store.settled(row))


def _place(row: dict[str, Any]) -> str:
    if pd.isna(row["file"]):
        return "decided in this sitting"
    return f"{row['file']}, sheet {row['sheet']}, cell {row['cell']}"


def _whose(row: dict[str, Any]) -> str:
    return f"{row['client']} · {row['practitioner']}, session {row['session']}"


def to_look_at(rows: pd.DataFrame, found: Loaded) -> None:
    """Decisions whose episode has changed since, or is not there any more."""
    changed = rows["latest"].to_numpy(bool) & (
        (rows["changed"] != "") | rows["match"].isin(["no episode", "no case"])
    ).to_numpy(bool)
    _listed(rows[changed], found, "Something has changed since", "changed", changes=True)


def actions(rows: pd.DataFrame, found: Loaded) -> None:
    """Open actions, the earliest day first."""
    kept = rows[rows["open_action"].to_numpy(bool)].sort_values(
        ["due", "practitioner", "client", "session"], kind="stable"
    )
    _listed(kept, found, "Open actions", "actions", changes=False)


def _listed(rows: pd.DataFrame, found: Loaded, title: str, key: str, changes: bool) -> None:
    if rows.empty:
        return
    st.subheader(plain(f"{title} · {digits(len(rows), ',')}"), anchor=False)
    pages = -(-len(rows) // PER_PAGE)
    page = max(1, min(st.session_state.get(f"page of {key}", 1), pages))
    for row in records(rows.iloc[(page - 1) * PER_PAGE : page * PER_PAGE]):
        _line(row, found, changes)
    if pages > 1:
        st.pagination(pages, key=f"page of {key}", persist_state="session")


def _line(row: dict[str, Any], found: Loaded, changes: bool) -> None:
    """One decision: whose, what, and what has changed or whether it was done."""
    who, what = st.columns([1, 4])
    with who:
        _link(row, found)
    with what:
        st.text(told.in_words(row))
        if changes:
            for change_ in told.changes(row):
                st.caption(plain(change_))
        else:
            if _late(pd.DataFrame([row])).iloc[0]:
                st.caption("The day agreed has passed.")
            done_choice(row, "list")


def _link(row: dict[str, Any], found: Loaded) -> None:
    """The way to the case, where there is one."""
    practitioner, client = str(row["practitioner"]), str(row["client"])
    if client not in found.clients.get(practitioner, []):
        st.text(_whose(row))
        return
    query = {"practitioner": practitioner, "client": client}
    if not pd.isna(row["start_session"]):
        query["session"] = str(row["start_session"])
    st.page_link(CASE.file, label=plain(f"{_whose(row)} →"), query_params=query)


def every_decision(rows: pd.DataFrame) -> None:
    """All of them as a table, latest first."""
    if rows.empty:
        return
    columns = {
        "decided_on": "decided on",
        "practitioner": pair().practitioner,
        "client": pair().client,
        "session_now": "session",
        "decision": "decision",
        "action": "action",
        "owner": "who",
        "due": "until",
        "done": "done",
        "note": "note",
    }
    latest = rows.sort_values(
        ["decided_on", "practitioner", "client", "session_now"], ascending=[False, True, True, True]
    )
    in_parts(
        latest[list(columns)].rename(columns=columns),
        "part of all decisions",
        lambda some: table(some, "All decisions, latest first"),
    )
