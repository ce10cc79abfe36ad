"""The bare address: on to the agenda once there are ratings, else to the place to bring them in."""

import streamlit as st

from pages.parts.loaded import loaded
from pages.parts.shell import AGENDA, BRING_IN, HOME, require_shell

require_shell(HOME.file)
st.switch_page(BRING_IN.file if loaded() is None else AGENDA.file)
