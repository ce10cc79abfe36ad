"""The ways in besides the place to drop files: the sample team, a template to fill in, an import profile; and the way out."""

from __future__ import annotations

import streamlit as st

from alliance_core.instruments import instruments
from pages.parts import bringing, keeping, profile_view
from pages.parts.bringing import Brought
from pages.parts.downloads import file_name
from pages.parts.in_use import termed_markdown
from pages.parts.shell import SETTINGS


def ways_in(found: Brought | None) -> None:
    """Before there are data: a sample, a template, and small beneath them what a team has kept. Afterwards the way out too."""
    sample, empty, *more = st.columns(2 if found is None else 4)
    if sample.button("Look around with the sample team", width="stretch"):
        keeping.unless_lost("sample")
    with empty.popover("Empty template to fill in", width="stretch"):
        _template(found)
    if found is None:
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.popover("Import profile", type="tertiary"):
                profile_view.import_profile()
            st.page_link(SETTINGS.file, label="Settings that your team has kept →", width="content")
        return
    with more[0].popover("Import profile", width="stretch"):
        profile_view.import_profile()
    if more[1].button("Clear my data", width="stretch"):
        keeping.unless_lost("clear")


def _template(found: Brought | None) -> None:
    """The choice of the form, and the download."""
    instrument = st.selectbox(
        "For which form?",
        list(instruments()),
        index=list(instruments()).index("wai-sr"),
        format_func=lambda one: instruments()[one].name,
        key="template for",
    )
    rated = found is not None and not found.ratings.forms.empty
    mine = (
        found
        if rated and st.checkbox(termed_markdown("With my own practitioners and clients filled in"))
        else None
    )
    st.download_button(
        "Download the template",
        bringing.own_template(instrument, mine) if mine else bringing.template(instrument),
        file_name=file_name(f"template {instrument}", "xlsx", bringing.token()),
        on_click="ignore",
    )
