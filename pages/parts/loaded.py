"""The ratings that this visitor has loaded: read once, analysed once, kept in the visitor's own session.

Nothing here is shared between visitors. Pages take a case's or a caseload's rows by position, so that a
page change costs the same however much is loaded.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd
import streamlit as st

from alliance_core.analysis import Analysis, analyse
from alliance_core.masking import Aliases, aliases_of, masked
from alliance_core.measures.chance import Chance, by_chance
from alliance_core.measures.over_time import parts_fallen, periods
from alliance_core.review import Since, compared
from alliance_core.review.by_case import ByCase
from alliance_core.review.by_case import Rows as Rows
from alliance_core.review.by_case import WorkRows as WorkRows
from alliance_core.review.by_case import records as records
from alliance_core.settings import Settings
from pages.parts.in_use import settings_in_use
from pages.parts.kept import let_go_of_made
from pages.parts.let_go import let_go_of_widgets

_KEY, _ASKED, _LAST, _MASKED = "loaded", "answer needed", "last usable", "masked ratings"
_CASE = ["practitioner", "client"]
# What is worked out once and says the same in whatever words, notation and aliases the settings ask for.
_IN_ANY_WORDS = (
    *("_frames", "_of_case", "_of_practitioner", "_work_of_case", "clients", "lines"),
    *("_periods", "_parts_fallen", "chance"),
)


@dataclass(frozen=True)
class Earlier:
    """Ratings that those which are loaded are compared with: what they are called in a sentence, and their analysis."""

    name: str
    analysis: Analysis


@dataclass(frozen=True)
class Loaded(ByCase):
    """One analysed set of ratings: what it came from, and where each case's rows are. `aliases`: those that stand for its ids, if any.

    `earlier`: the ratings before these, where there are any, and `since`: what has changed since. `source`: SHA-256 of what the ratings
    were read from and how, or whatever else is another one for other ratings.
    """

    name: str = ""
    aliases: Aliases | None = None
    earlier: Earlier | None = None
    since: Since | None = None
    source: str = field(default_factory=lambda: secrets.token_hex(32))

    @staticmethod
    def beside(name: str, analysis: Analysis, earlier: Earlier | None, source: str) -> Loaded:
        """Ratings compared with those before them."""
        changes = None if earlier is None else compared(earlier.analysis, analysis)
        return Loaded(analysis, name, earlier=earlier, since=changes, source=source)

    @property
    def content(self) -> str:
        """SHA-256 of what everything here is worked out from: the ratings, the settings, the rules, the aliases."""
        return self._content

    @cached_property
    def _content(self) -> str:
        key = b"" if self.aliases is None else self.aliases.key
        found = self.analysis
        told = (self.source, found.settings.model_dump_json(), found.methods, key)
        return hashlib.sha256(repr(told).encode()).hexdigest()

    def analysed_with(self, settings: Settings) -> Loaded:
        """The same ratings, and those before them, with other settings: with the old ones the two could not be compared."""
        before = self.earlier
        if before is not None:
            before = Earlier(before.name, analyse(before.analysis.ratings, settings))
        return Loaded.beside(self.name, analyse(self.analysis.ratings, settings), before, self.source)

    def shown_with(self, settings: Settings) -> Loaded:
        """The same ratings with settings that no number depends on: what was worked out stays."""
        other = replace(self, analysis=replace(self.analysis, settings=settings))
        vars(other).update({name: vars(self)[name] for name in _IN_ANY_WORDS if name in vars(self)})
        return other

    @cached_property
    def _periods(self) -> pd.DataFrame:
        return periods(self.analysis.sessions, self.analysis.own_episodes, self.analysis.settings)

    @cached_property
    def _parts_fallen(self) -> pd.DataFrame:
        return parts_fallen(self.analysis.sessions, self.analysis.own_episodes)

    def over_time(self, practitioner: str) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
        """The practitioner's lines of PERIODS, in order, and that of PARTS_FALLEN; None where nothing fell."""
        own, parts = (
            records(table[(table["practitioner"] == practitioner).to_numpy(bool)])
            for table in (self._periods, self._parts_fallen)
        )
        return own, next(iter(parts), None)

    @cached_property
    def chance(self) -> Chance:
        """How many falls the rule finds by chance; worked out when first asked for, which takes a moment with many ratings."""
        found = self.analysis
        return by_chance(found.of_clients, found.courses, found.method, found.settings)

    def load(self, practitioner: str) -> dict[str, Any]:
        """The practitioner's line of CASELOADS."""
        table = self.analysis.caseloads
        return records(table[table["practitioner"] == practitioner])[0]

    @property
    def service(self) -> dict[str, Any]:
        """The line of SERVICE."""
        return records(self.analysis.service)[0]

    def masked(self, key: bytes) -> Loaded:
        """The same under aliases: no id is left in what pages draw from."""
        aliases = aliases_of(self.analysis.ratings, key)
        before, changes = self.earlier, self.since
        return replace(
            self,
            analysis=masked(self.analysis, aliases),
            aliases=aliases,
            earlier=None if before is None else Earlier(aliases.in_text(before.name), before.analysis),
            since=None
            if changes is None
            else Since(*(_under(aliases, rows) for rows in (changes.cases, changes.falls))),
        )


def _under(aliases: Aliases, rows: pd.DataFrame) -> pd.DataFrame:
    return aliases.masked(rows).sort_values(_CASE, kind="stable", ignore_index=True)


def keep(loaded: Loaded) -> None:
    """Makes these the visitor's ratings; where each case's rows are is found now, not on the first page. What was made from others is let go of."""
    loaded.placed()
    before = as_read()
    if before is None or before.source != loaded.source:
        let_go_of_made()
    st.session_state.pop(_MASKED, None)
    st.session_state[_KEY] = loaded


def show_with(settings: Settings) -> None:
    """Shows the visitor's ratings with settings that no number depends on; under other aliases, or none, from now on where these ask for it."""
    display = settings.display
    for key in (_KEY, _MASKED):
        found: Loaded | None = st.session_state.get(key)
        if found is not None:
            st.session_state[key] = found.shown_with(settings)
    shown: Loaded | None = st.session_state.get(_MASKED)
    if shown is not None and (
        not display.masked or shown.aliases is None or shown.aliases.key.hex() != display.alias_key
    ):
        st.session_state.pop(_MASKED)


def nothing_usable(asked: bool) -> None:
    """What was brought in last gave no ratings, so there are none; `asked`: a question about it is open."""
    st.session_state[_LAST] = last_usable()
    for key in (_KEY, _MASKED):
        st.session_state.pop(key, None)
    let_go_of_made()
    st.session_state[_ASKED] = asked


def last_usable() -> Loaded | None:
    """The visitor's ratings, or where what was brought in last gave none, those before."""
    return as_read() or st.session_state.get(_LAST)


def answer_needed() -> bool:
    """Whether there are files, but no ratings before a question about them is answered."""
    return loaded() is None and st.session_state.get(_ASKED, False)


def forget() -> None:
    """Lets go of everything that the visitor brought in or chose."""
    st.session_state.clear()
    let_go_of_widgets()


def as_read() -> Loaded | None:
    """The visitor's ratings with the ids of the files, for what is worked out or written from them; None while there are none."""
    return st.session_state.get(_KEY)


def loaded() -> Loaded | None:
    """The visitor's ratings as pages show them: under aliases where the settings say so; None while there are none."""
    found, display = as_read(), settings_in_use().display
    if found is None or not display.masked:
        return found
    shown: Loaded | None = st.session_state.get(_MASKED)
    if shown is None:
        shown = _masked(found, bytes.fromhex(display.alias_key))
        st.session_state[_MASKED] = shown
    return shown


def at_hand() -> Loaded:
    """The same for what a button does: it is handed none, since Streamlit keeps what a button is made with for as long as the tab is open, and these ratings with it."""
    found = loaded()
    assert found is not None  # noqa: S101 - the button stood on a page that shows them
    return found


def _masked(found: Loaded, key: bytes) -> Loaded:
    """Under aliases; where each case's rows are is found now, not on the first page."""
    with st.spinner("Putting aliases in the place of ids"):
        shown = found.masked(key)
        shown.placed()
    return shown
