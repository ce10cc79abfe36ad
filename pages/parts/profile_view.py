"""Import profiles on the page: the mappings of this sitting to keep as a file, and such a file brought in."""

from __future__ import annotations

import streamlit as st

from alliance_core.reading import ChoicesError, parse_profile, to_toml
from pages.parts.bringing import bring, brought, keep_profile, profile, token
from pages.parts.downloads import file_name
from pages.parts.frame import count
from pages.parts.plain import plain

_SEEN = "profile seen"


def import_profile() -> None:
    """Download and upload of the profile; a profile that is brought in reads the files again."""
    kept = profile()
    if kept.sheets or kept.wordings or kept.raters:
        st.text(f"Holds {count(len(kept.sheets), 'confirmed mapping')}; used for all files of this sitting.")
        st.download_button(
            "Download the profile (TOML)",
            to_toml(kept),
            file_name=file_name("import profile", "toml", token()),
            mime="application/toml",
            on_click="ignore",
        )
    else:
        st.text("Once you have said what the columns hold, it can be kept here as a profile.")
    given = st.file_uploader("Use a profile that you kept", type="toml", key="profile file")
    if given is None or given.file_id == st.session_state.get(_SEEN):
        return
    try:
        said = parse_profile(given.getvalue(), given.name)
    except ChoicesError as error:
        st.error(plain(error))
        return
    st.session_state[_SEEN] = given.file_id
    keep_profile(said)
    found = brought()
    if found is not None:
        bring(found.name, found.files, said)
    st.rerun()
