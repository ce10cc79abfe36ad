"""What if the rule were set otherwise: how many falls, whose caseloads, how many by chance, what the benchmark says; and adopting it."""

import streamlit as st

from pages.parts import what_if_view
from pages.parts.frame import ratings_or_stop
from pages.parts.shell import WHAT_IF, require_shell

require_shell(WHAT_IF.file)
found = ratings_or_stop(WHAT_IF)
st.title("What if")
st.text(
    "Every rule has one number: how large a fall must be to be flagged. Move it and see what changes in your ratings, before you agree on it."
)
picked = what_if_view.pick(found)
if picked is not None:
    method, threshold = picked
    told = what_if_view.tell(found, method, threshold)
    what_if_view.adopt(told)
what_if_view.record()
