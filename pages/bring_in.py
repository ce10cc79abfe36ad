"""Placeholder while the page is built."""

import streamlit as st

from pages.parts.shell import BRING_IN, require_shell

require_shell(BRING_IN.file)
st.title(BRING_IN.title)
st.text(str(dict(st.query_params)))
