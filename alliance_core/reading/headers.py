"""What a header means: which field, and whose. Nothing is guessed: a header is known or it is not.

A meaning is written as words, in the same way in an import profile: "practitioner", "date", "item 3", "bond",
"client bond", "practitioner item 3", "client items answered", "ignore".
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from alliance_core.reading import wordings
from alliance_core.tables import MAX_ITEMS, RATERS, SCALES

WHO = ("practitioner", "client")
_SIDED = frozenset((*SCALES, "answered", "instrument", "date"))  # fields that a session has once per rater


class Meaning(NamedTuple):
    """A field, and the rater whose rating it is where the header says so. `field` "ignore" means: leave it."""

    field: str
    rater: str = ""

    @property
    def item(self) -> int:
        """The number of the item; 0 for other fields."""
        return int(self.field[5:]) if self.field.startswith("item_") else 0

    def __str__(self) -> str:
        field = "items answered" if self.field == "answered" else self.field.replace("_", " ")
        return f"{self.rater} {field}".strip()


def parse_meaning(text: str) -> Meaning | None:
    """The meaning that a profile's words stand for; None where they stand for none."""
    tokens = text.strip().lower().replace("_", " ").split()
    if "_".join(tokens) in wordings.names("headers"):
        return Meaning("_".join(tokens))
    rater = tokens[0] if len(tokens) > 1 and tokens[0] in RATERS else ""
    rest = tokens[1:] if rater else tokens
    if len(rest) == 2 and rest[0] == "item" and rest[1].isdigit() and 1 <= int(rest[1]) <= MAX_ITEMS:
        return Meaning(f"item_{int(rest[1])}", rater)
    field = {"items answered": "answered", "noted by": "noted_by"}.get(" ".join(rest), " ".join(rest))
    if field in (*SCALES, "answered", "instrument"):
        return Meaning(field, rater)
    return Meaning(field) if not rater and field in ("ignore", *wordings.names("headers")) else None


@cache
def meaning_of(header: str) -> Meaning | None:
    """What a header means; None where no wording fits.

    >>> meaning_of("Therapist bond"), meaning_of("Q7"), meaning_of("Session no.")
    (Meaning(field='bond', rater='practitioner'), Meaning(field='item_7', rater=''), Meaning(field='session', rater=''))
    """
    tokens = wordings.words(header)
    if not tokens or len(tokens) > 8:
        return None
    filler = wordings.single_words("filler", "words")
    return (
        _field(tokens)
        or _item(tokens)
        or _sided(tokens)
        or _field(tuple(word for word in tokens if word not in filler))
    )


def _field(tokens: tuple[str, ...]) -> Meaning | None:
    wanted = tuple(sorted(tokens))
    field = wordings.lookup("headers").get(wanted) or wordings.lookup("scales").get(wanted)
    return Meaning(field) if field else None


def _split_rater(tokens: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Whose rating, and the words that remain; the rater's word may stand anywhere, a single letter only at an end."""
    raters = wordings.lookup("raters")
    for at, word in enumerate(tokens):
        rater = raters.get((word,))
        if rater and rater in RATERS and (len(word) > 1 or at in (0, len(tokens) - 1)):
            return rater, (*tokens[:at], *tokens[at + 1 :])
    return "", tokens


def _sided(tokens: tuple[str, ...]) -> Meaning | None:
    rater, rest = _split_rater(tokens)
    if not rater or not rest:
        return None
    filler = wordings.single_words("filler", "words")
    for candidate in (rest, tuple(word for word in rest if word not in filler)):
        found = _field(candidate)
        if found and found.field in _SIDED:
            return None if found.field == "date" else Meaning(found.field, rater)
    return None


def _item(tokens: tuple[str, ...]) -> Meaning | None:
    numbers = [word for word in tokens if word.isdecimal()]
    if not numbers or not tokens[-1].isdecimal() or len(numbers) > 2 or not 1 <= int(tokens[-1]) <= MAX_ITEMS:
        return None
    field = f"item_{int(tokens[-1])}"
    before = tuple(word for word in tokens[:-1] if not word.isdecimal())
    if not before:
        return None  # a bare number may be anything: see layouts
    if before == ("s",):
        return None  # S1, S2 … are sessions
    rater, rest = _split_rater(before)
    allowed = wordings.single_words("items", "words")
    return Meaning(field, rater) if all(word in allowed for word in rest) else None


def suggestion(header: str) -> str:
    """A wording close to an unknown header, for a question to the user; empty where none is close."""
    found = process.extractOne(
        " ".join(wordings.words(header)), _all_wordings(), scorer=fuzz.ratio, score_cutoff=82
    )
    return found[0] if found else ""


@cache
def _all_wordings() -> tuple[str, ...]:
    return tuple(
        wording.lower()
        for group in ("headers", "scales")
        for name in wordings.names(group)
        for wording in wordings.listed(group, name)
    )
