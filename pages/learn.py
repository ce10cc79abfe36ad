"""What a good and a strained alliance look like, on the visitor's own ratings where they show it, and series to practise on."""

from pathlib import Path

import streamlit as st

from alliance_core.notation import rewritten
from pages.parts import learn_view, practice_view
from pages.parts.in_use import termed_markdown
from pages.parts.shell import LEARN, require_shell

require_shell(LEARN.file)
WORDS = Path(__file__).parent / "words"

st.title("Learn")
alliance, pictures, responses, practise = learn_view.parts()
if alliance.open:
    with alliance:
        st.markdown(termed_markdown(rewritten((WORDS / "concept.md").read_text(encoding="utf-8"))))
        learn_view.signs()
if pictures.open:
    with pictures:
        learn_view.pictures()
if responses.open:
    with responses:
        learn_view.responses()
if practise.open:
    with practise:
        practice_view.practise()
