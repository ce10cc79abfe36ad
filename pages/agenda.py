"""Placeholder while the page is built."""

import streamlit as st

from pages.parts.shell import AGENDA, require_shell

require_shell(AGENDA.file)
st.title(AGENDA.title)
st.text(str(dict(st.query_params)))
