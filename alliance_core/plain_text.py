"""Text of users without what nobody sees in it."""

from __future__ import annotations

import re
import unicodedata

# Directions that a text may not change for what stands around it.
_BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def unseen_removed(text: object) -> str:
    """The text on one line without control and bidirectional characters, for places that read no markup."""
    spaced = re.sub(r"\s+", " ", str(text))
    return "".join(
        character
        for character in spaced
        if character not in _BIDIRECTIONAL and unicodedata.category(character) not in ("Cc", "Cs")
    )
