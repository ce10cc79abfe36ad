"""What a page made from the visitor's ratings, kept in the visitor's own session so that the next run need not make it again.

One place for all of it, bounded in bytes: what was used longest ago goes first. Nothing of it is shared between visitors, and with other ratings it is let go of.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Protocol, TypeVar

import streamlit as st

from pages.parts.bounded import Bounded, size_of

MOST = (
    24 * 2**20
)  # bytes a visitor: about what two analyses of 10,000 sessions take; whatever one page makes is far smaller
_CACHE, _LAST, _FILES = "made", "last made", "files made"

Made = TypeVar("Made")


class Content(Protocol):
    """What something can be made from: `content` is another one as soon as anything in it is."""

    @property
    def content(self) -> str: ...


class Same:
    """Stands in a key for a thing that is never changed in place: equal for the same one, and for no other however alike."""

    def __init__(self, thing: object) -> None:
        self._thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self._thing is other._thing

    def __hash__(self) -> int:
        return id(self._thing)


def kept(name: str, of: Content, key: Hashable, make: Callable[[], Made]) -> Made:
    """What `make` gives for this content and key: made once under this name, and anew when either is another one, or when it had to give way."""
    cache: Bounded = st.session_state.setdefault(_CACHE, Bounded(MOST))
    place = (name, of.content, key)
    known: tuple[Made] | None = cache.get(place)
    if known is None:
        known = (make(),)
        cache.put(place, known, size_of((place, known), beside=of))
    return known[0]


def last_kept(name: str, of: Content, key: Hashable, make: Callable[[], Made]) -> Made:
    """The same for what a page asks for again and again and is large where the ratings are: only the last one of this name, whatever its size."""
    held: dict[str, tuple[Hashable, Any]] = st.session_state.setdefault(_LAST, {})
    place = (of.content, key)
    if name not in held or held[name][0] != place:
        held[name] = (place, make())
    return held[name][1]


def hold_file(name: str, token: str, *content: bytes) -> None:
    """Holds a file that somebody asked for and has not fetched yet, whatever its size, in place of the last one of this name."""
    st.session_state.setdefault(_FILES, {})[name] = (token, content)


def held_file(name: str, token: str) -> tuple[bytes, ...] | None:
    """That file, where it is the one with this token."""
    of, content = st.session_state.get(_FILES, {}).get(name, ("", ()))
    return content if of == token else None


def let_go_of_made() -> None:
    """Lets go of everything that was made: other ratings are there now."""
    for place in (_CACHE, _LAST, _FILES):
        st.session_state.pop(place, None)
