"""Names and ids that occur within other text, found word by word and replaced by their pseudonyms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from alliance_core.reading.personal import is_a_name

SOMEBODY = "[name]"  # for a word that is part of several people's names
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_SHORTEST = 3  # shorter ones are found in any text
_SHORTEST_NUMBER = 5  # "12" is in any text too
_TITLES = frozenset(
    {"Herr", "Frau", "Mrs", "Miss", "Mister", "Madame", "Monsieur", "Prof", "Doctor", "Doktor"}
)


class _Sought(NamedTuple):
    """Words in a row, what stands for them, and whether capitals must agree."""

    tokens: tuple[str, ...]
    instead: str
    exactly: bool


class Mentions:
    """Looks for values and, of names, for their single words; `spoken` goes from a value to its pseudonym.

    A value counts where it stands as whole words, whatever the case; a single word of letters, and a part of a name,
    only as it is written, since May and Will are names too. Values of one or two characters and short numbers
    are in any text and are not looked for.

    >>> Mentions({"Bravo Kilo": "C-1"}).replaced("bravo kilo was late; Bravo said so, bravo!")
    'C-1 was late; C-1 said so, bravo!'
    """

    def __init__(self, spoken: Mapping[str, str]) -> None:
        sought = [
            _Sought(_tokens(value), instead, exactly=value.isalpha())
            for value, instead in spoken.items()
            if _is_telling(value)
        ]
        sought += [
            _Sought((part,), instead, exactly=True)
            for part, instead in _parts(spoken).items()
            if part not in spoken
        ]
        self._sought: dict[tuple[str, ...], list[_Sought]] = {}
        lengths: dict[str, set[int]] = {}
        for one in sought:
            words = _folded(one.tokens)
            self._sought.setdefault(words, []).append(one)
            lengths.setdefault(words[0], set()).add(len(words))
        # by the first word, of how many there are values that begin with it; the longest that fits is meant
        self._lengths = {first: sorted(known, reverse=True) for first, known in lengths.items()}

    def replaced(self, text: str) -> str:
        """The text with every mention replaced; the same text where there is none. However many values there are, it takes no longer."""
        tokens = _tokens(text)
        folded = _folded(tokens)
        made: list[str] = []
        at, found = 0, False
        while at < len(tokens):
            one = self._at(tokens, folded, at)
            made.append(one.instead if one else tokens[at])
            found = found or one is not None
            at += len(one.tokens) if one else 1
        return "".join(made) if found else text

    def _at(self, tokens: tuple[str, ...], folded: tuple[str, ...], at: int) -> _Sought | None:
        """What is mentioned from this word on."""
        for length in self._lengths.get(folded[at], ()):
            for one in self._sought.get(folded[at : at + length], ()):
                if _fits(one, tokens[at : at + length]):
                    return one
        return None


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(unicodedata.normalize("NFC", text)))


def _folded(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """The same for all texts that differ in capitals and kinds of spaces only."""
    return tuple(" " if token.isspace() else token.casefold() for token in tokens)


def _fits(one: _Sought, tokens: tuple[str, ...]) -> bool:
    if len(tokens) < len(one.tokens):
        return False
    return all(
        a == b or (a.isspace() and b.isspace()) or (not one.exactly and a.casefold() == b.casefold())
        for a, b in zip(one.tokens, tokens, strict=True)
    )


def _is_telling(value: str) -> bool:
    return len(value) >= (_SHORTEST_NUMBER if value.isdecimal() else _SHORTEST)


def _parts(spoken: Mapping[str, str]) -> dict[str, str]:
    """From each word of names to the pseudonym of its one bearer, or to a word for somebody."""
    found: dict[str, str] = {}
    for value, instead in spoken.items():
        if not is_a_name(value):
            continue
        for part in re.findall(r"\w+", unicodedata.normalize("NFC", value)):
            if len(part) >= _SHORTEST and part[0].isupper() and part not in _TITLES:
                found[part] = instead if found.get(part, instead) == instead else SOMEBODY
    return found
