"""What a widget shows, said by the page."""

from __future__ import annotations

import streamlit as st


def show(widget: str, value: object) -> None:
    """Makes the widget with this key show the value, where it shows another one.

    A value that is set is sent, and takes the place of whatever a visitor has chosen in the meantime, while the page was still being
    made: the next click would then bring the old choice back.
    """
    if widget not in st.session_state or st.session_state[widget] != value:
        st.session_state[widget] = value
