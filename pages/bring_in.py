"""Bring in ratings: drop files, see what was recognised, what was left out and why."""

import streamlit as st

from alliance_core.instruments import instruments
from pages.parts import (
    bringing,
    brought_view,
    hand_back,
    keeping,
    mapping_view,
    older_workbook,
    privacy,
    problems_view,
    profile_view,
)
from pages.parts.in_use import termed_markdown
from pages.parts.shell import BRING_IN, require_shell

require_shell(BRING_IN.file)
st.title("Bring in ratings")
st.text(
    "Session ratings in; whom to talk about, and why, out. "
    "Files are held in memory while this page is open, and nothing is kept afterwards."
)

bringing.upload()
sample, empty, kept, clear = st.columns(4)
if sample.button("Look around with the sample team", width="stretch"):
    keeping.unless_lost("sample")
with empty.popover("Empty template to fill in", width="stretch"):
    instrument = st.selectbox(
        "For which form?",
        list(instruments()),
        index=list(instruments()).index("wai-sr"),
        format_func=lambda one: instruments()[one].name,
        key="template for",
    )
    before = bringing.brought()
    rated = before is not None and not before.ratings.forms.empty
    mine = (
        before
        if rated and st.checkbox(termed_markdown("With my own practitioners and clients filled in"))
        else None
    )
    st.download_button(
        "Download the template",
        bringing.own_template(instrument, mine) if mine else bringing.template(instrument),
        file_name=f"template-{instrument}-{bringing.token()}.xlsx",
        on_click="ignore",
    )
with kept.popover("Import profile", width="stretch"):
    profile_view.import_profile()
if clear.button("Clear my data", disabled=bringing.brought() is None, width="stretch"):
    keeping.unless_lost("clear")
keeping.question()

found = bringing.brought()
if found is None:
    st.info("Nothing has been brought in yet. The sample team is made up: no real people are in it.")
else:
    brought_view.outcome(found)
    privacy.privacy(found)
    older_workbook.older_workbook(found)
    brought_view.asks(found)
    mapping_view.mapping(found)
    brought_view.recognised(found)
    problems_view.problems(found)
    hand_back.hand_back(found)
