"""The service as a whole, on top of Approaches and teams: the sentence, the figures, the file."""

from __future__ import annotations

import streamlit as st

from alliance_core import service_sentences as said
from alliance_core.reports.tables_out import to_csv
from alliance_core.tables import SERVICE_SUMMARY
from alliance_core.work_sentences import interval
from pages.parts.bringing import token
from pages.parts.downloads import file_name
from pages.parts.in_use import pair, termed_markdown
from pages.parts.loaded import Loaded
from pages.parts.plain import plain


def summary(found: Loaded) -> None:
    """What may be said of all that is loaded."""
    settings, terms = found.analysis.settings, pair()
    with st.spinner("Working out what chance alone gives"):
        known = found.service_summary
    st.subheader(plain(said.so_what(known, settings, terms)), anchor=False)
    if known.empty:
        return
    if int(found.service["instruments"]) > 1:
        st.caption("Forms of several instruments are in it: their percentages are not the same thing.")
    told = said.parts(known, terms)
    for (heading, lines), column in zip(told, st.columns(len(told), gap="large"), strict=True):
        with column:
            st.markdown(f"**{plain(heading)}**")
            st.text("\n".join(lines))
    st.download_button(
        "Download these figures ↓",
        lambda: to_csv(said.named(known, terms), SERVICE_SUMMARY).encode(),
        file_name=file_name("service summary", "csv", token()),
        mime="text/csv",
        on_click="ignore",
    )
    st.caption(
        termed_markdown(
            f"Intervals are {plain(interval(settings))}s. No client's and no practitioner's figure is in it, "
            "and nobody is compared with anybody."
        )
    )
