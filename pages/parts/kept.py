"""What a page made from the visitor's ratings, kept in the visitor's own session so that the next run need not make it again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

import streamlit as st

Made = TypeVar("Made")


def kept(name: str, of: object, key: Hashable, make: Callable[[], Made]) -> Made:
    """What `make` gives for this object and key: made once under this name, and anew when either is another one."""
    place = f"made {name}"
    found = st.session_state.get(place)
    if found is None or found[0] is not of or found[1] != key:
        found = (of, key, make())
        st.session_state[place] = found
    return found[2]
