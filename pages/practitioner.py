"""Placeholder while the page is built."""

import streamlit as st

from pages.parts.shell import PRACTITIONER, require_shell

require_shell(PRACTITIONER.file)
st.title(PRACTITIONER.title)
st.text(str(dict(st.query_params)))
