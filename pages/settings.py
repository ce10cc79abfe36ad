"""What a team may choose: words, how things are shown, thresholds, forms; kept as a file and brought in again."""

import streamlit as st

from pages.parts import display_view, forms_view, settings_view, thresholds_view
from pages.parts.how_view import settings_table
from pages.parts.shell import SETTINGS, require_shell

require_shell(SETTINGS.file)
st.title("Settings")
st.text(
    "What is chosen here holds on all pages at once. It is kept while this page is open: download it as a file, and bring the file in next time."
)
shown, thresholds, forms, file, every = st.tabs(
    ["Words and display", "Thresholds", "Forms", "Keep as a file", "All settings"]
)
with shown:
    words, display = st.columns(2, gap="large")
    with words:
        settings_view.choose_words()
        display_view.choose_notation()
        display_view.choose_paper()
    with display:
        display_view.choose_masking()
with thresholds:
    thresholds_view.thresholds()
with forms:
    forms_view.expected_forms()
with file:
    settings_view.as_file()
with every:
    settings_table()
