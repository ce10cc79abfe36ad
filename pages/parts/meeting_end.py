"""After a meeting: what was agreed, what became of the last one's actions, and the record to keep."""

from __future__ import annotations

import streamlit as st

from alliance_core.reports.meeting_workbook import file_name, meeting_workbook
from alliance_core.review import MeetingRecord, Sitting, told
from pages.parts.frame import count
from pages.parts.keeping import download_workbook
from pages.parts.loaded import Loaded, records
from pages.parts.meeting_names import link_to_who_is_who
from pages.parts.meeting_view import large_type
from pages.parts.paper_view import offer_record
from pages.parts.plain import plain
from pages.parts.sitting import leave, record_of, resume, token


def over(found: Loaded, sitting: Sitting) -> None:
    """The sum of the meeting, its actions, the downloads, and the ways on."""
    kept = record_of(found, sitting)
    large_type()
    st.title(plain(_headline(kept)))
    st.caption(plain(" · ".join(text for name, text in kept.facts if name != "Names")))
    _actions(kept)
    _last_time(kept)
    st.subheader("To keep", anchor=False)
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Download the record as workbook ↓",
            lambda: meeting_workbook(kept),
            file_name=file_name(kept.day.date(), token()),
            on_click="ignore",
            type="primary",
        )
        offer_record(found, kept)
        download_workbook("meeting")
    st.text(
        "The record is for reading: cards, decisions and actions under the names of this meeting, without ids. The supervision workbook, with ids, is what keeps the "
        "decisions for the next meeting: take both."
    )
    st.caption(plain(dict(kept.facts)["Names"]))
    link_to_who_is_who()
    with st.container(horizontal=True, gap="small"):
        st.button("Back to the cards", on_click=resume)
        st.button("Another meeting", on_click=leave)


def _headline(kept: MeetingRecord) -> str:
    made = kept.cards[["decision", "action", "owner", "due", "note"]].notna().any(axis=1)
    if not made.any():
        return "The meeting is over; nothing was decided"
    return f"The meeting is over, with {count(int(made.sum()), 'decision')} and {count(len(kept.actions), 'action')}"


def _actions(kept: MeetingRecord) -> None:
    if len(kept.actions):
        st.subheader("Agreed", anchor=False)
        st.text(
            "\n".join(f"{one['case']}: {told.action(one)}" for one in records(kept.actions.assign(done=None)))
        )


def _last_time(kept: MeetingRecord) -> None:
    """What became of the actions of the last meeting."""
    agreed = kept.last[kept.last["action"].notna().to_numpy(bool)]
    if agreed.empty:
        return
    st.subheader("From last time", anchor=False)
    known = agreed["done"].fillna("not known").value_counts()
    words = {"yes": "done", "partly": "partly done", "no": "not done", "not known": "not known"}
    st.text(
        f"Of {count(len(agreed), 'action')}: "
        + ", ".join(f"{known[name]} {words[name]}" for name in words if name in known)
        + "."
    )
    st.text("\n".join(f"{one['case']}: {told.action(one)}" for one in records(agreed)))
