"""Placeholder while the page is built."""

import streamlit as st

from pages.parts.shell import HOW_IT_WORKS, require_shell

require_shell(HOW_IT_WORKS.file)
st.title(HOW_IT_WORKS.title)
st.text(str(dict(st.query_params)))
