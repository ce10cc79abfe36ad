"""Which forms the two fill in, for files that do not say so themselves."""

from __future__ import annotations

import streamlit as st

from pages.parts.bringing import keep_profile, profile
from pages.parts.choices_form import pick_instruments
from pages.parts.shell import BRING_IN, HOW_IT_WORKS


def expected_forms() -> None:
    """The choice of both forms; it is part of the import profile, which is kept as a file of its own."""
    st.text(
        "Where a file does not name the form, it is told by its headers, its items and the answers. If your team uses the same forms always, say which: files that you "
        "bring in from now on are read as these."
    )
    before = profile()
    chosen = pick_instruments(before)
    if chosen != before.instrument:
        keep_profile(before.model_copy(update={"instrument": chosen}))
        st.rerun()
    st.text(
        "Kept in the import profile, together with headers and words of your own. No item wording is part of this product."
    )
    with st.container(horizontal=True):
        st.page_link(BRING_IN.file, label="Import profile: download it, or bring one in →")
        st.page_link(
            HOW_IT_WORKS.file, label="All forms with their keys →", query_params={"part": "instruments"}
        )
