"""Columns that seem to say who somebody is: a warning, and one click that puts pseudonyms in their place."""

from __future__ import annotations

import secrets

import streamlit as st

from alliance_core.notation import digits
from alliance_core.reading.child.limits import UPLOAD
from alliance_core.reading.pseudonyms import pseudonymised
from alliance_core.reports.supervision_workbook import only_decisions
from pages.parts.bringing import Brought, bring, brought, forget_earlier, let_go_of_uploads
from pages.parts.decided import change, decisions, start_over
from pages.parts.frame import count
from pages.parts.hand_back import remember_corrected
from pages.parts.plain import plain

MOST_COLUMNS = 6
DECIDED = "decided in this sitting.xlsx"
CANNOT = (
    "What this page cannot find: names in notes, titles or headers that stand in no replaced column, or are spelt "
    "differently there. Please read these through."
)
_SAID = "said after pseudonyms"


def privacy(found: Brought) -> None:
    """What seems to be personal in the files, and the way out; nothing where there is nothing."""
    said = st.session_state.get(_SAID)
    if said and said[0] == found.token:
        st.text(said[1])
    personal = found.problems[found.problems["code"] == "personal_data"]
    if personal.empty:
        return
    with st.container(border=True):
        st.markdown("**These files seem to hold personal data**")
        for file, message in personal[["file", "message"]].head(MOST_COLUMNS).itertuples(index=False):
            st.text(f"{file}: {message}")
        if len(personal) > MOST_COLUMNS:
            st.text(f"… and {count(len(personal) - MOST_COLUMNS, 'more column')}.")
        st.text(
            "Pseudonyms are the same for the same value in all files of this round. The key that makes them is forgotten at once, so "
            "nobody can go back, and another round gives other ones: download the result to keep it. Settle ids that are "
            "written in two ways first."
        )
        st.text(CANNOT)
        if st.button("Replace by pseudonyms", type="primary"):
            _replace(found)


def _replace(found: Brought) -> None:
    own = decisions().own
    # what was decided in this sitting names the same people
    files = [*found.files, *([(DECIDED, only_decisions(own))] if len(own) else [])]
    with st.spinner("Replacing"):
        made = pseudonymised(files, secrets.token_bytes(32), found.choices)
    if made.too_large:
        st.error(plain(_too_large(made.too_large[0])))
        return
    if not made.files:
        st.error("Nothing could be replaced, because no sheet of these files was recognised.")
        return
    remember_corrected(made.files)
    start_over()
    forget_earlier()
    bring(_named(made.files), made.files, made.choices)
    change(decisions().in_no_file())
    let_go_of_uploads()
    new = brought()
    left = (
        f" Left out, because not recognised: {count(len(made.left_out), 'sheet or file', 'sheets or files')}."
        if made.left_out
        else ""
    )
    st.session_state[_SAID] = (
        new.token if new else "",
        f"{count(made.replaced, 'value')} replaced by pseudonyms, in notes, titles and sheet names too; files have neutral names, and formats, "
        f"formulas and comments were taken out.{left} {CANNOT}",
    )
    st.rerun()


def _too_large(name: str) -> str:
    """Why nothing was replaced, and what can be done."""
    return (
        f"{name} is too large to be written anew here, which files of up to {digits(UPLOAD.cells, ',')} cells are. "
        "Put codes in the place of the names where the file comes from, or split it."
    )


def _named(files: list[tuple[str, bytes]]) -> str:
    return files[0][0] if len(files) == 1 else count(len(files), "file")
