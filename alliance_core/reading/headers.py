"""What a header means: which field, and whose. Nothing is guessed: a header is known or it is not.

A meaning is written as words, in the same way in an import profile: "practitioner", "date", "item 3", "bond",
"client bond", "practitioner item 3", "client items answered", "session 3 goal", "session 3 client overall", "ignore".
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from alliance_core.reading import wordings
from alliance_core.tables import MAX_ITEMS, RATERS, SCALES

WHO = ("practitioner", "client")
MOST_SESSIONS = 10_000  # a number from here on is no session's
_SIDED = frozenset((*SCALES, "answered", "instrument", "date"))  # fields that a session has once per rater


class Meaning(NamedTuple):
    """A field, and the rater whose rating it is where the header says so. `field` "ignore" means: leave it.

    `session`: the number of the session that the column is about, where sessions are columns; else 0.
    """

    field: str
    rater: str = ""
    session: int = 0

    @property
    def item(self) -> int:
        """The number of the item; 0 for other fields."""
        return int(self.field[5:]) if self.field.startswith("item_") else 0

    def __str__(self) -> str:
        field = "items answered" if self.field == "answered" else self.field.replace("_", " ")
        session = f"session {self.session}" if self.session else ""
        return " ".join(part for part in (session, self.rater, field) if part)


def parse_meaning(text: str) -> Meaning | None:
    """The meaning that a profile's words stand for; None where they stand for none.

    >>> parse_meaning("practitioner item 3"), parse_meaning("session 3, client")
    (Meaning(field='item_3', rater='practitioner', session=0), Meaning(field='overall', rater='client', session=3))
    """
    tokens = text.strip().lower().replace("_", " ").replace(",", " ").split()
    if len(tokens) > 1 and tokens[0] == "session" and tokens[1].isdecimal():
        return _of_session(int(tokens[1]), tokens[2:])
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


def of_one_session(meaning: Meaning) -> bool:
    """Whether there can be a column of it for each session: a rating, how many items it has, its day."""
    return bool(meaning.item) or meaning.field in (*SCALES, "answered", "date")


def _of_session(session: int, rest: list[str]) -> Meaning | None:
    """What is said of one session; the overall score, where only the rater is said or nothing."""
    meaning = parse_meaning(" ".join(rest if rest and rest[-1] not in RATERS else [*rest, "overall"]))
    fits = meaning and not meaning.session and of_one_session(meaning)
    return meaning._replace(session=session) if meaning and fits and 1 <= session < MOST_SESSIONS else None


_HINT = re.compile(
    r"[(\[]\s*(?:\d+\s*(?:[-–−/]|to|bis|à|a|tot)\s*\d+|[^\W\d_]{1,2}(?:\s*[/,|]\s*[^\W\d_]{1,2})+|[dmyjatDMYJAT]{1,4}(?:[./-][dmyjatDMYJAT]{1,4})+)\s*[)\]]"
)


@lru_cache(maxsize=4096)
def meaning_of(header: str) -> Meaning | None:
    """What a header means; None where no wording fits.

    A range of marks, the raters' letters or a form of dates in brackets play no part: Goal (1–5), Rated by (C/T).

    >>> meaning_of("Therapist bond"), meaning_of("Q7"), meaning_of("Session no.")
    (Meaning(field='bond', rater='practitioner', session=0), Meaning(field='item_7', rater='', session=0), Meaning(field='session', rater='', session=0))
    """
    bare = _HINT.sub(" ", header)
    tokens = tuple(dict.fromkeys(wordings.words(bare or header)))  # client. Client code
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


def split_rater(tokens: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Whose rating, and the words that remain; the rater's word may stand anywhere, a single letter only at an end."""
    raters = wordings.lookup("raters")
    for at, word in enumerate(tokens):
        rater = raters.get((word,))
        if rater and rater in RATERS and (len(word) > 1 or at in (0, len(tokens) - 1)):
            return rater, (*tokens[:at], *tokens[at + 1 :])
    return "", tokens


def _sided(tokens: tuple[str, ...]) -> Meaning | None:
    rater, rest = split_rater(tokens)
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
    last = len(numbers) == 1 or tokens[-1].isdecimal()  # WAI-12 item 3 has two numbers
    if not last or len(numbers) > 2 or not 1 <= int(numbers[-1]) <= MAX_ITEMS:
        return None
    beside = tuple(word for word in tokens if not word.isdecimal())
    if not beside:
        return None  # a bare number may be anything: see finding
    rater, rest = split_rater(beside)
    if rest == ("s",):
        return None  # S1, S2 … are sessions
    allowed = wordings.single_words("items", "words")
    return Meaning(f"item_{int(numbers[-1])}", rater) if all(word in allowed for word in rest) else None


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
