"""Words as people write them, made comparable, and the lists of those that are understood (wordings.toml)."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

_EDGES = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[^\W\d])(?=\d)|(?<=\d)(?=[^\W\d])")
_SEPARATORS = re.compile(r"[\W_]+")
_BOTH_FORMS = re.compile(
    r"(?<=[^\W\d_]{3})(?:[:*·/(]-?in|In)(?:nen)?\b\)?"
)  # Klient:in, Therapeut*innen, KlientIn


def words(text: str) -> tuple[str, ...]:
    """The words of a text: without accents, case and punctuation; numbers are words of their own.

    >>> words("Cliënt_Goal12"), words("WAI-SR: item 3")
    (('client', 'goal', '12'), ('wai', 'sr', 'item', '3'))
    >>> words("Klient:in"), words("Therapeut*innen")
    (('klientin',), ('therapeutin',))
    """
    plain = text if text.isascii() else _without_accents(text)
    plain = _BOTH_FORMS.sub("in", plain)
    return tuple(word for word in _SEPARATORS.split(_EDGES.sub(" ", plain).casefold()) if word)


def _without_accents(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def key(text: str) -> tuple[str, ...]:
    """The words in a fixed order, so that word order plays no part."""
    return tuple(sorted(words(text)))


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "wordings.toml").read_text(encoding="utf-8"))


def listed(group: str, name: str) -> tuple[str, ...]:
    """The wordings of one list, as written."""
    return tuple(_content()[group][name])


def names(group: str) -> tuple[str, ...]:
    """The names of a group's lists, in their order."""
    return tuple(_content()[group])


@cache
def known(group: str, name: str) -> frozenset[tuple[str, ...]]:
    """The wordings of one list, comparable by `key`."""
    return frozenset(key(wording) for wording in listed(group, name))


@cache
def single_words(group: str, name: str) -> frozenset[str]:
    """All words that occur in one list."""
    return frozenset(word for wording in listed(group, name) for word in words(wording))


@cache
def lookup(group: str) -> dict[tuple[str, ...], str]:
    """From a wording's `key` to the name of its list; the first list wins."""
    found: dict[tuple[str, ...], str] = {}
    for name in names(group):
        for wording in known(group, name):
            found.setdefault(wording, name)
    return found


@cache
def months() -> dict[str, int]:
    """From a month's name to its number."""
    return {name: number for number, row in enumerate(_content()["months"]["names"], 1) for name in row}
