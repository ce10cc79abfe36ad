"""Names in the place of ids for a room with a screen: words that can be said aloud, and say nothing of who is meant.

Aliases of all pages (alliance_core.masking) are made with a key of the settings file; here no file knows the key. A name is made from the id with a key, so the same key gives the same name, and neither the order of the names nor anything in them says
anything of the ids. The key comes from a word that the team knows, or is random and holds for one sitting; it is never written anywhere.
"""

from __future__ import annotations

import hashlib
import hmac
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from alliance_core.reading.mentions import Mentions

SHORTEST_WORD = 8  # characters
SOME_CASE = "[a case]"  # for an id that several practitioners' clients have
_DIGITS = 3  # of a name's number; more where two names would be the same
_WORDS: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("names.toml").read_text(encoding="utf-8")
)
_SALT = b"names of cases in meetings"
_CASE = ["practitioner", "client"]


@dataclass(frozen=True)
class Masks:
    """The names of the cases and practitioners of one set of ratings under one key.

    `lasting`: the key comes from a word, so the names are the same next time. `series` tells two keys apart and
    leads back to neither. `cases`: from practitioner and client to the case's name; `practitioners`: from one to the name.
    """

    lasting: bool
    series: str
    cases: Mapping[tuple[str, str], str]
    practitioners: Mapping[str, str]
    _all: Mentions
    _clients: Mentions

    def text(self, words: str) -> str:
        """Text of users with the names in the place of the ids that it mentions (`reading.mentions`); names of people are not known and stay."""
        return self._all.replaced(words)

    def decision(self, row: Mapping[str, Any], own: bool) -> dict[str, Any]:
        """A row of REVIEW, or of more columns, as it may stand in the room.

        Ids in the action go, and ids of clients in who does it, which was agreed aloud. A note is left out unless it is the room's `own`.
        """
        return {
            **row,
            "practitioner": self.practitioners.get(str(row["practitioner"]), ""),
            "client": self.cases.get((str(row["practitioner"]), str(row["client"])), ""),
            "action": self._of(self._all, row["action"]),
            "owner": self._of(self._clients, row["owner"]),
            "note": self._of(self._all, row["note"]) if own else None,
        }

    def markers(self, markers: pd.DataFrame) -> pd.DataFrame:
        """MARKERS without ids, without notes and without who noted them; ids that a marker's name mentions go."""
        named = markers["marker"].map(self.text, na_action="ignore")
        blank = dict.fromkeys([*_CASE, "note", "noted_by"])
        return markers.assign(**blank, marker=named)

    @staticmethod
    def _of(mentions: Mentions, value: Any) -> str | None:
        return None if value is None or pd.isna(value) else mentions.replaced(str(value))


def key_of(word: str) -> bytes:
    """The key that a word gives: the same whenever it is typed, outer spaces aside, and slow to try words on (scrypt, RFC 7914).

    Raises ValueError where it has fewer than SHORTEST_WORD characters.
    """
    tidied = unicodedata.normalize("NFC", word).strip()
    if len(tidied) < SHORTEST_WORD:
        raise ValueError(f"the word needs at least {SHORTEST_WORD} characters; it has {len(tidied)}")
    return hashlib.scrypt(tidied.encode(), salt=_SALT, n=2**14, r=8, p=1, dklen=32)


def masks(cases: pd.DataFrame, key: bytes, lasting: bool) -> Masks:
    """The names of all cases (practitioner, client; each once) under a key of random bytes, or of `key_of`.

    Names have two words and a number of three digits. Where two would be the same, both have a longer number: the only way in
    which further cases can change the name of one.
    """
    pairs = [(str(p), str(c)) for p, c in cases[_CASE].itertuples(index=False)]
    people = list(dict.fromkeys(p for p, _ in pairs))
    of_cases = dict(zip(pairs, _names(key, "case", ("\0".join(pair) for pair in pairs)), strict=True))
    of_people = dict(zip(people, _names(key, "practitioner", people), strict=True))
    spoken = {client: name for (_, client), name in of_cases.items()}
    several = pd.Series([client for _, client in pairs], dtype="str")
    spoken |= dict.fromkeys(several[several.duplicated()], SOME_CASE)
    series = hmac.new(key, b"series", hashlib.sha256).hexdigest()[:4].upper()
    return Masks(lasting, series, of_cases, of_people, Mentions({**of_people, **spoken}), Mentions(spoken))


def who_is_who(found: Masks, lines: pd.DataFrame) -> pd.DataFrame:
    """Name, practitioner and client of cases (practitioner, client), in order of the names: for the supervisor's own eyes."""
    pairs = [(str(p), str(c)) for p, c in lines[_CASE].itertuples(index=False)]
    table = pd.DataFrame(
        [(found.cases[pair], *pair) for pair in pairs if pair in found.cases], columns=["name", *_CASE]
    )
    return table.drop_duplicates().sort_values("name", ignore_index=True)


def _names(key: bytes, kind: str, ids: Iterable[str]) -> list[str]:
    """One name for each id of a kind (case or practitioner), none twice."""
    digests = [hmac.new(key, f"{kind}\0{one}".encode(), hashlib.sha256).digest() for one in ids]
    parts = [_parts(int.from_bytes(digest, "big"), _WORDS[kind]) for digest in digests]
    length = pd.Series(_DIGITS, index=range(len(parts)))
    while True:
        names = pd.Series(
            [f"{words} {number[:size]}" for (words, number), size in zip(parts, length, strict=True)],
            dtype="str",
        )
        twice = names.duplicated(keep=False).to_numpy(bool)
        if not twice.any():
            return names.tolist()
        length[twice] += 1


def _parts(value: int, nouns: list[str]) -> tuple[str, str]:
    """Two words, and a number that is as long as is asked for."""
    value, first = divmod(value, len(_WORDS["first"]))
    value, second = divmod(value, len(nouns))
    rest, number = divmod(value, 900)
    return f"{_WORDS['first'][first]} {nouns[second]}", f"{100 + number}{rest}"
