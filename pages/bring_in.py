"""Bring in ratings: drop files, see what was recognised, what was left out and why."""

import streamlit as st

from pages.parts import (
    bringing,
    bringing_view,
    brought_view,
    hand_back,
    keeping,
    mapping_view,
    older_workbook,
    privacy,
    problems_view,
    tour,
)
from pages.parts.in_use import settings_in_use
from pages.parts.shell import BRING_IN, require_shell

require_shell(BRING_IN.file)
st.title("Bring in ratings")
st.text(
    "Session ratings in; whom to talk about, and why, out. "
    "Files are held in memory while this page is open, and nothing is kept afterwards."
)

before, masked = bringing.brought(), settings_in_use().display.masked
if before is None or not masked:
    bringing.upload()
found = bringing.brought()
if found is not None and masked:
    if before is None:
        st.rerun()  # the place to drop files names them
    brought_view.under_aliases(found)
bringing_view.ways_in(found)
keeping.question()

if found is None:
    st.text("Nothing has been brought in yet. The sample team is made up: no real people are in it.")
elif not masked:
    brought_view.outcome(found)
    tour.again()
    privacy.privacy(found)
    older_workbook.older_workbook(found)
    brought_view.asks(found)
    mapping_view.mapping(found)
    brought_view.recognised(found)
    problems_view.problems(found)
    hand_back.hand_back(found)
