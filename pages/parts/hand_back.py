"""The user's own workbook handed back: cells corrected in place and read again, problems marked, downloads."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import streamlit as st

from alliance_core.reading.corrections import (
    INSTEAD,
    INSTEAD_OPTIONS,
    NEW,
    OFFERED,
    correctable,
    corrected,
    entered,
    named_files,
)
from alliance_core.reading.marking import Marked, marked_workbook
from alliance_core.reading.sheets import Refusal
from pages.parts.bringing import Brought, bring
from pages.parts.choices_form import ASKED_BY
from pages.parts.downloads import file_name
from pages.parts.frame import count
from pages.parts.plain import plain, unseen_removed

_CORRECTED, _MARKED = "corrected files", "marked files"


def hand_back(found: Brought) -> None:
    """The editor on cells with errors, and the downloads of the workbooks, marked or corrected."""
    files = named_files(found.files)
    _editor(found)
    concerned = [name for name in files if _problems_of(found, name)["cell"].notna().any()]
    done = [name for name in files if _was_corrected(files[name])]
    if concerned or done:
        st.subheader("Your workbook back", anchor=False)
        _downloads(found, files, [name for name in files if name in {*concerned, *done}])


def _problems_of(found: Brought, name: str) -> pd.DataFrame:
    return found.problems[found.problems["file"] == name]


def _was_corrected(content: bytes) -> bool:
    return hashlib.sha256(content).hexdigest() in st.session_state.get(_CORRECTED, set())


def remember_corrected(files: list[tuple[str, bytes]]) -> None:
    """These were made here, so that they are offered as a download."""
    made = {hashlib.sha256(content).hexdigest() for _, content in files}
    st.session_state[_CORRECTED] = st.session_state.get(_CORRECTED, set()) | made


def _editor(found: Brought) -> None:
    answered = found.problems["code"].isin(
        ASKED_BY
    )  # no cell is wrong: the answer is asked for in its own place
    offered = correctable(found.problems[~answered])
    if offered.empty:
        return
    with st.expander("Correct these cells here, and read again", expanded=True), st.form("fix", border=False):
        st.text(
            "Write what should stand there, or choose what to do instead. Your own file stays as it is; "
            "the corrected one can be downloaded afterwards."
        )
        filled = st.data_editor(
            offered,
            hide_index=True,
            disabled=OFFERED,
            key=f"fix {found.token}",
            alt="Cells with errors, and what should stand there",
            column_order=["cell", "column", "value", NEW, INSTEAD, "message", "sheet", "file"],
            column_config={
                "value": st.column_config.TextColumn("what stands there"),
                "message": st.column_config.TextColumn("what is wrong, and what is accepted", width="large"),
                NEW: st.column_config.TextColumn(NEW, max_chars=200),
                INSTEAD: st.column_config.SelectboxColumn(INSTEAD, options=list(INSTEAD_OPTIONS)),
            },
        )
        asked = st.form_submit_button("Read again with these corrections", type="primary")
    if asked:
        _read_again(found, entered(filled))


def _read_again(found: Brought, corrections: pd.DataFrame) -> None:
    if corrections.empty:
        st.warning("Nothing was entered. Write a new value beside a cell, or choose what to do instead.")
        return
    with st.spinner("Writing the corrections"):
        files = corrected(found.files, corrections)
    if isinstance(files, Refusal):
        st.error(plain(files.message))
        return
    before = {content for _, content in found.files}
    remember_corrected([(name, content) for name, content in files if content not in before])
    bring(found.name, files, found.choices)
    st.rerun()


def _downloads(found: Brought, files: Mapping[str, bytes], names: list[str]) -> None:
    name = names[0]
    if len(names) > 1:
        name = st.selectbox("Which file?", names, format_func=unseen_removed, key="file to hand back")
    content, own = files[name], _problems_of(found, name)
    marked: dict[str, Marked | Refusal] = st.session_state.setdefault(_MARKED, {})
    key = f"{found.token} {name}"
    wrong = own["cell"].notna().any()
    if _was_corrected(content):
        left = count(len(own), "problem") + " left" if wrong else "no problems in its cells"
        st.text(f"{name} as corrected here: {left}.")
        _download(found, name, content, f"Download the corrected {name}", "corrected")
    if wrong:
        if st.button(plain(f"Mark the problems in {name}"), key="mark the problems"):
            with st.spinner("Marking the cells"):
                marked.clear()
                marked[key] = marked_workbook(name, content, own)
        if key in marked:
            _marked(found, name, marked[key])


def _marked(found: Brought, name: str, made: Marked | Refusal) -> None:
    if isinstance(made, Refusal):
        st.error(plain(f"{name} {made.message}"))
        return
    for note in made.notes:
        st.text(note)
    cells = count(len(_problems_of(found, name)), "problem")
    st.text(f"{cells}: cells are coloured and have a comment; a sheet at the end lists all.")
    _download(found, made.name, made.content, f"Download {made.name} with its problems marked", "marked")


def _download(found: Brought, name: str, content: bytes, label: str, what: str) -> None:
    # a name of ours: large downloads are told apart by name only, and the user's own is text of a stranger
    ending = "xlsm" if Path(name).suffix.lower() == ".xlsm" else "xlsx"
    st.download_button(
        plain(label),
        content,
        file_name=file_name(f"workbook {what}", ending, found.token),
        on_click="ignore",
        key=f"hand back {what}",
    )
