"""Which signs the fonts of paper have, and what is printed in the place of others.

An accessible PDF may not hold text that nobody can see, so a sign without a glyph would end in an error and not in paper.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

import numpy as np

from alliance_core.plain_text import unseen_removed

FONTS = Path(__file__).with_name("fonts")
FAMILIES = ("Noto Sans", "Noto Sans Math")  # in the order in which a sign is looked for
NO_GLYPH = "▯"  # in the place of a sign that the fonts do not have
_OURS = str.maketrans(
    {"⚑": "†", "▼": "↓", "▲": "↑"}
)  # signs of ours that screens have and these fonts have not
_WEIGHTS = ("Regular", "Bold", "Italic")


@cache
def printed_signs() -> frozenset[int]:
    """The code points that there is a glyph for, in whatever weight."""
    return first_signs() | _covered((FONTS / "NotoSansMath-Regular.ttf").read_bytes())


@cache
def first_signs() -> frozenset[int]:
    """Those that the first of the families has in every weight."""
    weights = (_covered((FONTS / f"NotoSans-{weight}.ttf").read_bytes()) for weight in _WEIGHTS)
    return frozenset.intersection(*weights)


def printable(text: str) -> str:
    """The text on one line as paper can show it: control and bidirectional characters are gone, signs without a glyph are NO_GLYPH.

    >>> printable("C-017 \\u202e😀 is \\n fine → so")
    'C-017 ▯ is fine → so'
    """
    if text.isascii() and text.isprintable():
        return text
    tidied = unseen_removed(text).translate(_OURS)
    unknown = {sign for sign in set(tidied) if ord(sign) not in printed_signs()}
    return tidied.translate({ord(sign): "" if _takes_no_room(sign) else NO_GLYPH for sign in unknown})


def not_printable(text: str) -> set[str]:
    """The signs of the text that NO_GLYPH stands for."""
    if text.isascii():
        return set()
    tidied = set(unseen_removed(text).translate(_OURS))
    return {sign for sign in tidied if ord(sign) not in printed_signs() and not _takes_no_room(sign)}


def _takes_no_room(sign: str) -> bool:
    """Whether a sign only says how its neighbours are to look, such as a joiner or a choice of variant."""
    return unicodedata.category(sign) == "Cf" or "VARIATION SELECTOR" in unicodedata.name(sign, "")


def _covered(font: bytes) -> frozenset[int]:
    """The code points of a font's character map (OpenType, table cmap, format 4) that lead to a glyph."""
    tables = {font[at : at + 4]: _number(font, at + 8, 4) for at in range(12, 12 + 16 * _number(font, 4), 16)}
    cmap = tables[b"cmap"]
    listed = (
        cmap + _number(font, at + 4, 4) for at in range(cmap + 4, cmap + 4 + 8 * _number(font, cmap + 2), 8)
    )
    start = next(at for at in listed if _number(font, at) == 4)
    size = _number(font, start + 6)  # twice the number of segments
    ends, starts, deltas, offsets = (
        np.frombuffer(font, ">u2", size // 2, start + 14 + place * size + 2 * (place > 0)).astype(int)
        for place in range(4)
    )
    found: set[int] = set()
    for place, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        points = np.arange(first, last + 1)
        if offset:
            at = start + 16 + 3 * size + 2 * place + offset
            glyphs = np.frombuffer(font, ">u2", len(points), at).astype(int)
            points = points[(glyphs != 0) & ((glyphs + delta) % 65536 != 0)]
        else:
            points = points[(points + delta) % 65536 != 0]
        found.update(points.tolist())
    return frozenset(found - {0xFFFF})


def _number(font: bytes, at: int, size: int = 2) -> int:
    return int.from_bytes(font[at : at + size], "big")
