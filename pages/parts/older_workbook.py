"""A supervision workbook whose rows differ from those of the files beside it: which ones count is the visitor's to say."""

from __future__ import annotations

import streamlit as st

from alliance_core import read_workbooks
from alliance_core.reading.corrections import named_files
from alliance_core.reports.supervision_workbook import differing, only_decisions
from alliance_core.review import Decisions
from pages.parts.bringing import Brought, bring, let_go_of_uploads
from pages.parts.frame import count


def older_workbook(found: Brought) -> None:
    """The question, where rows of a supervision workbook differ from those of other files; nothing otherwise."""
    names = differing(found.ratings.recognised, found.problems)
    files = named_files(found.files)
    if not names or len(names) == len(files):
        return
    problems = found.problems[found.problems["code"].eq("duplicate_differs")]
    with st.container(border=True):
        st.markdown("**A supervision workbook and your other files differ**")
        st.text(
            f"{count(int(problems['file'].isin(names).sum()), 'row')} of {', '.join(names)} say something else than your other files, so neither of the two is used. "
            "Sessions that have other numbers by now, or corrected ratings, are common reasons."
        )
        if st.button(
            "Take the other files, and only the decisions from the supervision workbook",
            type="primary",
        ):
            _only_decisions(found, names)


def _only_decisions(found: Brought, names: list[str]) -> None:
    """Reads again, with nothing but the decisions of these files."""
    made: list[tuple[str, bytes]] = []
    with st.spinner("Reading"):
        for name, content in named_files(found.files).items():
            if name not in names:
                made.append((name, content))
                continue
            ratings, _ = read_workbooks((name, content), found.choices)
            made.append((name, only_decisions(Decisions().read(ratings).everything)))
    bring(found.name, made, found.choices)
    let_go_of_uploads()
    st.rerun()
