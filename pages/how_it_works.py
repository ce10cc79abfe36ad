"""What is not claimed, every measure with its formula, source and limits, the rules, the forms."""

from pathlib import Path

import streamlit as st

from alliance_core.notation import rewritten
from pages.parts import tour
from pages.parts.how_view import every_measure, instruments_table, rules
from pages.parts.in_use import termed_markdown
from pages.parts.rules_view import benchmark
from pages.parts.ruling import choose_rule
from pages.parts.shell import HOW_IT_WORKS, LEARN, SETTINGS, require_shell

require_shell(HOW_IT_WORKS.file)
WORDS = Path(__file__).parent / "words"

st.title("How it works")
claims, measures, finding, instruments, glossary = st.tabs(
    ["What it claims", "Measures", "Rules", "Instruments", "Glossary"],
    default={"rules": "Rules", "instruments": "Instruments"}.get(st.query_params.get("part", "")),
)
with claims:
    st.markdown(termed_markdown(rewritten((WORDS / "claims.md").read_text(encoding="utf-8"))))
    st.page_link(LEARN.file, label="The alliance and its strains, on your own ratings →")
    tour.again()
with measures:
    every_measure()
with finding:
    st.text(
        "What finds a fall is a rule, and there is no standard among rules. What followed a fall is told in the same way for all of them."
    )
    in_use = choose_rule()
    benchmark(in_use)
    rules(in_use)
    st.page_link(SETTINGS.file, label="All thresholds with unit and source: Settings")
with instruments:
    st.text(
        "What each instrument's file says: the items of each part, which are reversed, and where the key comes from."
    )
    instruments_table()
    st.text(
        "An instrument marked as not verified has not been checked against its published form: compare the key with yours before you rely on it. "
        "Item wordings are not part of this product; their owners keep the rights."
    )
with glossary:
    st.markdown(termed_markdown(rewritten((WORDS / "glossary.md").read_text(encoding="utf-8"))))
