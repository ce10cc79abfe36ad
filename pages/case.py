"""Placeholder while the page is built."""

import streamlit as st

from pages.parts.shell import CASE, require_shell

require_shell(CASE.file)
st.title(CASE.title)
st.text(str(dict(st.query_params)))
