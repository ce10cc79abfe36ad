"""The names that stand for cases in meetings: where they come from, and, on the supervisor's own page, whose they are."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from alliance_core.review import who_is_who
from alliance_core.review.meeting import names_in_words
from alliance_core.review.names import SHORTEST_WORD
from pages.parts.frame import count
from pages.parts.in_use import pair, termed
from pages.parts.loaded import Loaded
from pages.parts.plain import plain
from pages.parts.shell import DECISIONS
from pages.parts.sitting import names, sitting_of, use_word
from pages.parts.tables import in_parts

_WORD, _REFUSED = "word of the names", "refused word of the names"


def choose_names(found: Loaded) -> None:
    """Where the names come from, and the way to have the same ones next time."""
    with st.expander("Names instead of ids"):
        st.text(
            termed(
                "In the meeting every case has a name, such as Copper Larch 417, and neither client nor practitioner is named. "
                "The name says nothing of the id. Words that people wrote are shown with these names in the place of ids; notes from before are left "
                "out, and so are notes of markers. A person's own name in an action cannot be found: please read actions beforehand."
            )
        )
        st.text_input(
            f"A word or sentence that the team knows, for the same names next month (from {SHORTEST_WORD} characters on)",
            type="password",
            autocomplete="off",
            key=_WORD,
            on_change=_take_word,
        )
        if st.session_state.get(_REFUSED):
            st.warning(plain(f"That is too short: it takes {SHORTEST_WORD} characters or more."))
        st.caption(plain(names_in_words(names(found))))
        st.text(
            "The word is not kept, neither in a file nor in the browser's address. Who knows both the word and your ids can work out whose a name is. Another "
            "word, even by one letter, gives other names: compare the series with that in the last record."
        )


def _take_word() -> None:
    """Names from what was typed; of a word that is refused nothing changes."""
    st.session_state[_REFUSED] = False
    try:
        use_word(st.session_state[_WORD])
    except ValueError:
        st.session_state[_REFUSED] = True


def who_is_who_here(found: Loaded) -> None:
    """Whose the names of the meeting are, folded; nothing while there was none in this sitting."""
    sitting = sitting_of(found)
    if sitting is None:
        return
    table, terms = who_is_who(sitting.masks, sitting.lines), pair()
    if found.aliases is not None:
        table = found.aliases.masked(table)
    with st.expander(plain(f"Who is who in the meeting · {count(len(table), 'name')}")):
        st.text("For your own eyes: please fold this before a screen is shared.")
        named = table.rename(columns={"practitioner": terms.practitioner, "client": terms.client})
        in_parts(named, "part of who is who", _names)


def _names(some: pd.DataFrame) -> None:
    st.dataframe(
        some,
        hide_index=True,
        height="content" if len(some) <= 15 else 400,
        alt="Names of the meeting, and whose they are",
    )


def link_to_who_is_who() -> None:
    """Where the names can be looked up."""
    st.page_link(DECISIONS.file, label="Who is who, and all decisions: for the supervisor, not for the room")
