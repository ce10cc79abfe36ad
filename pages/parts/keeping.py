"""What was decided and no file holds yet: said on every page, kept by the supervision workbook, asked about before it is lost."""

from __future__ import annotations

import secrets

import streamlit as st
from streamlit.components.v2 import component

from alliance_core import Analysis, analyse
from alliance_core.reports.kept_sheets import holds_ratings
from alliance_core.reports.supervision_workbook import file_name, supervision_workbook
from pages.parts import bringing
from pages.parts.decided import change, decisions, today
from pages.parts.frame import count
from pages.parts.in_use import pair, settings_in_use
from pages.parts.kept import Same, held_file, hold_file, kept
from pages.parts.loaded import as_read
from pages.parts.plain import plain

AT_ONCE = (
    1500  # forms that are written into a workbook within a second; more are made first, with words meanwhile
)
_WORKBOOK, _ASKED = "supervision workbook", "asked before it is lost"

# A browser asks before it leaves a page only where the page itself says so. The script is ours and is told nothing; it asks as long as
# what it belongs to stands on the page.
_ask_before_leaving = component(
    "ask_before_leaving",
    js="""
export default function ({ parentElement }) {
  const ask = (event) => {
    if (parentElement.isConnected) { event.preventDefault(); event.returnValue = true }
    else window.removeEventListener("beforeunload", ask)
  }
  window.addEventListener("beforeunload", ask)
  return () => window.removeEventListener("beforeunload", ask)
}
""",
)


def unsaved_line() -> None:
    """One quiet line on every page while there are decisions that no file holds; the browser asks before it leaves."""
    unsaved = decisions().unsaved
    if unsaved:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(plain(f"{_not_kept(unsaved)}: gone when this tab is closed."), width="content")
            download_workbook("line")
            _ask_before_leaving(key="ask before leaving", width="content")


def _not_kept(unsaved: int) -> str:
    return f"{count(unsaved, 'decision')} not in any file yet"


def download_workbook(where: str) -> None:
    """The download of ratings, decisions and all other sheets; nothing before files were brought in. `where` tells two on a page apart."""
    found = bringing.brought()
    if found is None:
        return
    every, day, token = decisions().everything, today(), _token_of_content(found)
    made = held_file(_WORKBOOK, token)
    if len(found.ratings.forms) > AT_ONCE and made is None:
        if st.button("Make the supervision workbook", key=f"make the supervision workbook {where}"):
            forms = count(len(found.ratings.forms), "form")
            bar = st.progress(
                0.0,
                plain(f"Writing {forms if _has_room(found) else 'all but the ratings'} into the workbook"),
            )

            def show(share: float, words: str) -> None:
                bar.progress(share, plain(words))

            hold_file(_WORKBOOK, token, supervision_workbook(_analysis(found), every, day, show))
            st.rerun()
        return
    st.download_button(
        "Download the supervision workbook ↓",
        made[0] if made is not None else lambda: supervision_workbook(_analysis(found), every, day),
        file_name=file_name(day, token),
        on_click=lambda: change(decisions().downloaded()),
        key=f"supervision workbook {where}",
        type="tertiary" if where == "line" else "secondary",
    )


def what_it_holds() -> str:
    """What the supervision workbook holds, and how it is used."""
    found = bringing.brought()
    again = "decisions are then matched to their episodes again."
    if found is None or _has_room(found):
        return (
            "The supervision workbook holds your ratings, all decisions, markers, tasks, goals and cases. Bring it in next time, alone or with a new "
            f"export: {again}"
        )
    return (
        "The supervision workbook holds all decisions, markers, tasks, goals and cases. Your ratings are too many to be read back from one workbook: "
        f"keep your own files, and bring them in along with it next time: {again}"
    )


def _has_room(found: bringing.Brought) -> bool:
    return kept("room for the ratings", found, None, lambda: holds_ratings(found.ratings))


def _analysis(found: bringing.Brought) -> Analysis:
    """What was worked out from these files; where they gave no rating, that is next to nothing."""
    loaded = as_read()
    return analyse(found.ratings, settings_in_use()) if loaded is None else loaded.analysis


def _token_of_content(found: bringing.Brought) -> str:
    """Another token for each content: large downloads are told apart by their name only."""
    shown = as_read()
    content = (Same(decisions()), pair(), "" if shown is None else shown.content)
    return kept(_WORKBOOK, found, content, lambda: secrets.token_hex(8))


def unless_lost(what: str) -> None:
    """Does what lets go of decisions ("sample" or "clear"): at once where files hold them all, else after a question."""
    if decisions().unsaved and not (what == "sample" and bringing.of_the_sample()):
        st.session_state[_ASKED] = what
    else:
        _ACTS[what]()
        st.rerun()


_ACTS = {"sample": bringing.bring_sample, "clear": bringing.clear}


def question() -> None:
    """The question, while it is open: keep the decisions first, go on without them, or leave all as it is."""
    asked = st.session_state.get(_ASKED)
    if asked is not None:
        _ask(asked)


@st.dialog("Decisions that no file holds yet", dismissible=False)
def _ask(what: str) -> None:
    unsaved = decisions().unsaved
    if unsaved:
        st.warning(plain(f"{_not_kept(unsaved)}. If you go on, what no file holds is gone for good."))
    else:
        st.text("The supervision workbook holds every decision now.")
    download_workbook("dialog")
    go, stay = st.columns(2)
    if go.button(plain("Go on without them" if unsaved else "Go on"), width="stretch"):
        _close()
        _ACTS[what]()
        st.rerun()
    stay.button("Leave all as it is", on_click=_close, width="stretch", type="primary")


def _close() -> None:
    st.session_state.pop(_ASKED, None)
