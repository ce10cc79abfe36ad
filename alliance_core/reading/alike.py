"""Ids that look the same to a reader: what they have in common, and how to show them apart."""

from __future__ import annotations

import re
import unicodedata

# Letters of other alphabets that print like Latin ones (after case folding), and digits that print like letters.
_LETTERS = str.maketrans(
    {
        **dict(zip("авеёзіјкмнорсԁѕтухһԛԝ", "abee3ijkmhopcdstyxhqw", strict=True)),
        **dict(zip("αβεικμνορτυχ", "abeikmvoptyx", strict=True)),
        "ı": "i",
    }
)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
_UNSEEN = dict.fromkeys((*range(33), 127))  # spaces and controls of ASCII
_DIGITS = str.maketrans({"o": "0", "i": "1", "l": "1", "|": "1"})
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")


def folded(text: str) -> str:
    """What remains of an id without case, spaces, unseen characters, leading zeros of its numbers and look-alikes, dashes among them.

    >>> folded("C-O1 ") == folded("с-01") == folded("C-1"), folded("C-10") == folded("C-1")
    (True, False)
    >>> folded("C–01") == folded("C-01"), folded("C01") == folded("C-01")
    (True, False)
    """
    if text.isascii():
        plain = text.translate(_UNSEEN)
    else:
        full = unicodedata.normalize("NFKC", text)
        plain = "".join(c for c in full if unicodedata.category(c) not in ("Cf", "Zs", "Cc"))
    same = plain.casefold().translate(_LETTERS).translate(_DIGITS).translate(_DASHES)
    return _LEADING_ZEROS.sub("", same)


def told_apart(ids: list[str]) -> str:
    """Ids side by side, with the alphabet named where a letter is none of the Latin one.

    >>> told_apart(["C-01", "C–01"])
    'C-01 / C–01 (with another dash)'
    >>> told_apart(["C-01", "С-01"])
    'C-01 / С-01 (with a Cyrillic letter)'
    """
    return " / ".join(f"{one}{_foreign(one)}" for one in sorted(set(ids)))


def _foreign(text: str) -> str:
    if any(ord(letter) in _DASHES for letter in text):
        return " (with another dash)"
    for letter in text:
        if letter.casefold().translate(_LETTERS) != letter.casefold():
            return f" (with a {unicodedata.name(letter, 'foreign').split()[0].capitalize()} letter)"
    return ""
