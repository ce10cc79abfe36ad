"""Sessions as columns: S1, S2 … or "S1 goal", also below a row that says whose, which score or which session."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from alliance_core.reading import wordings
from alliance_core.reading.cells import is_total_word, rater_of
from alliance_core.reading.headers import MOST_SESSIONS, Meaning, meaning_of, of_one_session
from alliance_core.reading.plans import Found, Plan, Side, is_rating
from alliance_core.reading.sheet_names import rater_in
from alliance_core.tables import SCALES

MIN_SESSIONS = 2  # fewer columns of sessions do not make a matrix


class Place(NamedTuple):
    """What one column holds: a field of one session, and the rater where the headers say so."""

    session: int
    field: str
    rater: str


@lru_cache(maxsize=4096)
def session_in(text: str) -> tuple[int, tuple[str, ...]] | None:
    """The session's number in a header and the words beside it; None where it names none.

    >>> session_in("S3"), session_in("Session 2 goal"), session_in("Client bond S1"), session_in("WAI-S 3")
    ((3, ()), (2, ('goal',)), (1, ('client', 'bond')), None)
    """
    tokens = wordings.words(text)
    labels = wordings.known("values", "session_column")
    for at, word in enumerate(tokens[:-1]):
        number = tokens[at + 1]
        plain = len(word) > 1 or not {"wai", "sr"} & set(tokens[:at])  # WAI-S 3 is an item
        if (word,) in labels and plain and number.isdecimal() and 1 <= int(number) < MOST_SESSIONS:
            return int(number), (*tokens[:at], *tokens[at + 2 :])
    return None


def _place(header: str, above: str, default: Meaning) -> Place | None:
    """The header alone or with what stands above it."""
    alone, both = session_in(header), session_in(f"{above} {header}")
    beside = meaning_of(above)
    if alone and not alone[1] and beside and is_rating(beside) and not beside.item:
        default = beside
    elif alone and not alone[1] and above and rater_of(above):
        default = Meaning(default.field, rater_of(above) or "")
    found = alone or both
    if found is None:
        return None
    session, rest = found
    whose = rater_of(" ".join(rest)) if rest else None
    meaning = default if not rest else Meaning(default.field, whose) if whose else meaning_of(" ".join(rest))
    if meaning is None or not of_one_session(meaning):
        return None
    return Place(session, meaning.field, meaning.rater or default.rater)


def plan(found: Found, above: list[str]) -> Plan | None:
    """The plan of a matrix; None where fewer than two sessions have a column, or a column holds the session.

    `above`: the texts of the row above the headers, each over all the columns that it spans.
    """
    if found.has("session") or not (found.has("client") or found.has("practitioner")):
        return None
    default = found.about or Meaning("overall", rater_in(found.sheet.label) or "")
    default = default._replace(rater=found.names.get("rater", default.rater))
    places = _places(found, above, default)
    ratings = {place.session for place in places.values() if place.field != "date"}
    plainly = {at for m, at in found.fields.items() if is_rating(m) and not _summary(found, at, m)}
    confirmed = any(m.session for m in found.fields)
    if len(ratings) < (1 if confirmed else MIN_SESSIONS) or not (confirmed or plainly <= places.keys()):
        return None
    shared = {name: at for name, at in found.shared().items() if at not in places}
    sides, twice = _sides(places)
    told = {
        at: f"{p.rater} {p.field.replace('_', ' ')} of session {p.session}".strip()
        for at, p in places.items()
    }
    fields = {place.field for place in places.values()}
    what = (
        "items"
        if any(name.startswith("item_") for name in fields)
        else " and ".join(sorted(fields & {*SCALES}))
    )
    return Plan(
        "session matrix",
        "forms",
        f"sessions are columns ({len(ratings)} of them), with {what} for each",
        shared,
        sides,
        told=told,
        twice=tuple((at, first, told[at]) for at, first in twice),
    )


def _summary(found: Found, at: int, meaning: Meaning) -> bool:
    """Whether a column beside those of the sessions is a sum or mean of them, by its header: Mean, Total."""
    return meaning == Meaning("overall") and at not in found.said and is_total_word(found.headers[at])


def _places(found: Found, above: list[str], default: Meaning) -> dict[int, Place]:
    """From a column to what it holds: as the user said, else as the headers say."""
    places: dict[int, Place] = {}
    for at, (header, meaning) in enumerate(zip(found.headers, found.meanings, strict=True)):
        if meaning and meaning.session:
            places[at] = Place(meaning.session, meaning.field, meaning.rater or default.rater)
        elif header and at not in found.said and (place := _place(header, above[at], default)):
            places[at] = place
    return places


def _sides(places: Mapping[int, Place]) -> tuple[tuple[Side, ...], list[tuple[int, int]]]:
    fields: dict[tuple[int, str], dict[str, int]] = {}
    dates: dict[int, int] = {}
    twice: list[tuple[int, int]] = []
    for at, place in places.items():
        own = fields.setdefault((place.session, place.rater), {}) if place.field != "date" else {}
        if place.field == "date":
            first = dates.setdefault(place.session, at)
        else:
            first = own.setdefault(place.field, at)
        if first != at:
            twice.append((at, first))
    sides = [
        Side(rater, {**own, **({"date": dates[session]} if session in dates else {})}, session)
        for (session, rater), own in sorted(fields.items())
        if any(name != "answered" for name in own)
    ]
    return tuple(sides), twice
