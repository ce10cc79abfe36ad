"""Ids behind aliases, for a screen that several people look at: the same id gives the same alias, and no alias leads back.

An alias is made of the HMAC-SHA256 of the id under a key. Without the key, which is for no screen, nobody can make it again, and
the order of aliases says nothing about that of the ids.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property

import pandas as pd

from alliance_core.analysis import Analysis
from alliance_core.measures.work import Work
from alliance_core.reading.mentions import Mentions
from alliance_core.tables import Ratings

_LETTERS = "BCDFGHJKLMNPQRTVWXZ"  # no vowels: an alias is nobody's name
_SHORTEST = {"practitioner": 3, "client": 5}  # symbols; more where two ids would share them
_LONGEST = 24
_ALONE = 6  # further symbols of an id that was not there when the others were made short
_CASE = ["practitioner", "client"]
# Columns that hold words of ours, or values that only a few words are accepted for: an id that is such a word changes none of them.
_OURS = frozenset(
    {
        *("rater", "instrument", "facet", "method", "outcome", "kind", "seen_by", "source", "facets_fallen", "state"),
        *("open_episode", "flags", "flat", "alike_flat", "unnamed", "place", "difference", "reading", "raised", "raters"),
        *("set_by", "tried_before", "worked_before", "done", "decision", "outcome_then", "doubted", "named_by"),
        *("tried_without_success", "layout", "code", "cell"),
    }
)  # fmt: skip
_PEOPLE = {"noted_by", "owner"}  # often nothing but an id, however short


@dataclass(frozen=True)
class Aliases:
    """The aliases of all ids of some ratings: `practitioners` such as KTB and `clients` such as RF-274, from id to alias."""

    practitioners: Mapping[str, str]
    clients: Mapping[str, str]
    key: bytes = field(repr=False)

    def practitioner(self, known: str) -> str:
        """The alias of a practitioner's id."""
        return self.practitioners.get(known) or _alone("practitioner", known, self.key)

    def client(self, known: str) -> str:
        """The alias of a client's id."""
        return self.clients.get(known) or _alone("client", known, self.key)

    def practitioner_behind(self, alias: str) -> str:
        """The id of a practitioner whose alias this is, for what goes into a file; anything else as it is."""
        return self._behind_practitioners.get(alias, alias)

    def client_behind(self, alias: str) -> str:
        """The same for a client."""
        return self._behind_clients.get(alias, alias)

    def in_text(self, text: str) -> str:
        """A text of a user with aliases for the ids that it mentions; numbers of up to four digits are in any text and stay."""
        return self._mentions.replaced(text)

    def text_behind(self, text: str) -> str:
        """A text that somebody wrote before aliases, with the ids in their place: what goes into a file."""
        return self._behind_mentions.replaced(text)

    def _whole(self, text: str) -> str:
        """The alias of a text that is nothing but an id; else the text with those that it mentions."""
        known = text.strip()
        return self.practitioners.get(known) or self.clients.get(known) or self.in_text(text)

    @cached_property
    def _behind_practitioners(self) -> dict[str, str]:
        return {alias: known for known, alias in self.practitioners.items()}

    @cached_property
    def _behind_clients(self) -> dict[str, str]:
        return {alias: known for known, alias in self.clients.items()}

    @cached_property
    def _mentions(self) -> Mentions:
        return Mentions({**self.practitioners, **self.clients})

    @cached_property
    def _behind_mentions(self) -> Mentions:
        return Mentions({**self._behind_practitioners, **self._behind_clients})

    def masked(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with aliases in its columns practitioner and client, for whole cells of noted_by and owner, and for the ids that other
        texts of users mention (see `in_text`). Rows and their order stay."""
        texts = [str(name) for name in frame if _is_text(frame[name]) and name not in _OURS]
        return frame.assign(**{name: self._column(frame[name]) for name in texts})

    def _column(self, column: pd.Series) -> pd.Series:
        by_category = isinstance(column.dtype, pd.CategoricalDtype)
        given = column.cat.categories if by_category else column.unique()
        own = {
            "practitioner": self.practitioner,
            "client": self.client,
            **dict.fromkeys(_PEOPLE, self._whole),
        }
        alias = own.get(str(column.name), self.in_text)
        told = {one: alias(one) for one in given if isinstance(one, str) and one}
        if all(one == other for one, other in told.items()):
            return column
        if by_category:
            return column.cat.rename_categories(told)
        return column.where(column.eq("") | column.isna(), column.map(told)).astype("str")


def aliases_of(ratings: Ratings, key: bytes) -> Aliases:
    """The aliases of all ids that the forms and the other sheets name."""
    frames = [
        *(ratings.forms, ratings.markers, ratings.cases, ratings.tasks, ratings.goals),
        *(ratings.review, ratings.unsettled),
    ]
    practitioners, clients = (
        set().union(*(frame[name].dropna().astype("str").unique() for frame in frames)) for name in _CASE
    )
    return Aliases(_aliases("practitioner", practitioners, key), _aliases("client", clients, key), key)


def masked(analysis: Analysis, aliases: Aliases) -> Analysis:
    """The same analysis under aliases, every figure as it was; rows are in the order of the aliases, as those of ids would tell.

    The trace alone keeps its order, in which `courses` are.
    """
    ratings, work = analysis.ratings, analysis.work
    shown = {name: _in_order(aliases.masked(frame)) for name, frame in _frames(analysis).items()}
    return replace(
        analysis,
        **{**shown, "trace": aliases.masked(analysis.trace)},
        ratings=replace(ratings, **_masked_frames(ratings, aliases)),
        work=replace(work, **_masked_frames(work, aliases)),
    )


def _masked_frames(of: Ratings | Work, aliases: Aliases) -> dict[str, pd.DataFrame]:
    return {name: _in_order(aliases.masked(frame)) for name, frame in _frames(of).items()}


def _frames(of: Analysis | Ratings | Work) -> dict[str, pd.DataFrame]:
    every = {one.name: getattr(of, one.name) for one in fields(of)}
    return {name: frame for name, frame in every.items() if isinstance(frame, pd.DataFrame)}


def _in_order(frame: pd.DataFrame) -> pd.DataFrame:
    by = [name for name in _CASE if name in frame]
    return frame.sort_values(by, kind="stable", ignore_index=True) if by else frame


def _is_text(column: pd.Series) -> bool:
    kinds = pd.CategoricalDtype, pd.StringDtype
    return isinstance(column.dtype, kinds) or column.dtype == object


def _aliases(kind: str, known: Iterable[str], key: bytes) -> dict[str, str]:
    """As short as they can be without two being the same."""
    whole = {one: _symbols(kind, one, key) for one in sorted(known)}
    length = dict.fromkeys(whole, _SHORTEST[kind])
    while True:
        made = {one: _written(kind, symbols[: length[one]]) for one, symbols in whole.items()}
        several = pd.Series(made, dtype="str").duplicated(keep=False)
        if not several.any():
            return made
        length.update({one: length[one] + 1 for one in several.index[several]})


def _alone(kind: str, known: str, key: bytes) -> str:
    return _written(kind, _symbols(kind, known, key)[: _SHORTEST[kind] + _ALONE])


def _written(kind: str, symbols: str) -> str:
    return f"{symbols[:2]}-{symbols[2:]}" if kind == "client" else symbols


def _symbols(kind: str, known: str, key: bytes) -> str:
    """Letters for a practitioner, two letters and digits for a client."""
    number = int.from_bytes(hmac.digest(key, f"{kind}\0{known}".encode(), hashlib.sha256))
    symbols: list[str] = []
    for place in range(_LONGEST):
        signs = _LETTERS if kind == "practitioner" or place < 2 else "0123456789"
        number, at = divmod(number, len(signs))
        symbols.append(signs[at])
    return "".join(symbols)
