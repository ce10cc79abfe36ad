"""Signs of a good and of a strained alliance, and ways to respond, as the page "Learn" shows them.

The texts are in words.toml: names after the 3RS manual (Eubanks, Muran & Safran 2015), everything else in our own words.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from alliance_core.sentences import TERMS, Terms


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(_Words):
    """What can be noticed of one part (goal, task or bond) where the alliance is strong, and where it is weak."""

    part: str
    asks: str
    strong: tuple[str, ...]
    weak: tuple[str, ...]


class Sign(_Words):
    """One marker by its name in the 3RS, and how it may look."""

    name: str
    looks: str


class Kind(_Words):
    """One kind of rupture with its signs."""

    kind: str
    what: str
    signs: tuple[Sign, ...]


class Response(_Words):
    """One way to respond to a rupture by its name in the 3RS, and how it may go."""

    name: str
    how: str


class Words(_Words):
    """All of it, in the order in which it is told."""

    caution: str
    parts: tuple[Part, ...]
    kinds: tuple[Kind, ...]
    responses: tuple[Response, ...]


@cache
def _texts() -> dict[str, object]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def words(terms: Terms = TERMS) -> Words:
    """The texts, with what the pair is called put in.

    >>> [kind.kind for kind in words().kinds]
    ['withdrawal', 'confrontation']
    """
    return Words.model_validate(_told(_texts(), terms))


def _told(value: object, terms: Terms) -> object:
    if isinstance(value, str):
        return terms.termed(value.strip().format(client="client", practitioner="practitioner"))
    if isinstance(value, list):
        return [_told(one, terms) for one in value]
    return {key: _told(one, terms) for key, one in value.items()} if isinstance(value, dict) else value
