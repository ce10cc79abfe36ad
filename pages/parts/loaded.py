"""The ratings that this visitor has loaded: read once, analysed once, kept in the visitor's own session.

Nothing here is shared between visitors. Pages take a case's or a caseload's rows by position, so that a
page change costs the same however much is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from alliance_core.analysis import Analysis, analyse
from alliance_core.charts import spans
from alliance_core.masking import Aliases, aliases_of, masked
from alliance_core.measures import agenda_lines
from alliance_core.measures.across import Across, across
from alliance_core.measures.agreement import as_seen
from alliance_core.measures.chance import Chance, by_chance
from alliance_core.measures.over_time import parts_fallen, periods
from alliance_core.measures.service_summary import service_summary
from alliance_core.review import Since, compared
from alliance_core.settings import Settings
from pages.parts.in_use import settings_in_use
from pages.parts.kept import kept

_KEY, _ASKED, _LAST = "loaded", "answer needed", "last usable"
_CASE = ["practitioner", "client"]
_NOWHERE = np.array([], dtype=np.int64)


class _OnDemand:
    """Frames by their names, which are the annotations of the class; each is taken when it is first asked for."""

    def __init__(self, take: Callable[[str], pd.DataFrame]) -> None:
        self._take = take

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name not in type(self).__annotations__:
            raise AttributeError(name)
        frame = self._take(name)
        self.__dict__[name] = frame
        return frame


class Rows(_OnDemand):
    """The rows that belong to one case or to one caseload, of every frame that pages draw from."""

    sessions: pd.DataFrame
    trace: pd.DataFrame
    episodes: pd.DataFrame
    cases: pd.DataFrame
    agreement: pd.DataFrame
    agenda: pd.DataFrame
    markers: pd.DataFrame
    bands: pd.DataFrame


class WorkRows(_OnDemand):
    """What the sheets of tasks and goals say of one case."""

    case_tasks: pd.DataFrame
    task_kinds: pd.DataFrame
    case_goals: pd.DataFrame
    goal_sessions: pd.DataFrame
    readings: pd.DataFrame


@dataclass(frozen=True)
class Earlier:
    """Ratings that those which are loaded are compared with: what they are called in a sentence, and their analysis."""

    name: str
    analysis: Analysis


@dataclass(frozen=True)
class Loaded:
    """One analysed set of ratings: what it came from, and where each case's rows are. `aliases`: those that stand for its ids, if any.

    `earlier`: the ratings before these, where there are any, and `since`: what has changed since.
    """

    name: str
    analysis: Analysis
    aliases: Aliases | None = None
    earlier: Earlier | None = None
    since: Since | None = None

    @staticmethod
    def beside(name: str, analysis: Analysis, earlier: Earlier | None) -> Loaded:
        """Ratings compared with those before them."""
        changes = None if earlier is None else compared(earlier.analysis, analysis)
        return Loaded(name, analysis, earlier=earlier, since=changes)

    def analysed_with(self, settings: Settings) -> Loaded:
        """The same ratings, and those before them, with other settings: with the old ones the two could not be compared."""
        before = self.earlier
        if before is not None:
            before = Earlier(before.name, analyse(before.analysis.ratings, settings))
        return Loaded.beside(self.name, analyse(self.analysis.ratings, settings), before)

    @cached_property
    def _frames(self) -> dict[str, pd.DataFrame]:
        found = self.analysis
        return {
            # What the rule of these pages saw at each session; the table itself tells what `baseline` saw.
            "sessions": as_seen(found.sessions, found.trace),
            "trace": found.trace,
            "episodes": found.own_episodes,
            "cases": found.cases,
            "agreement": found.agreement,
            "agenda": found.agenda,
            "markers": found.ratings.markers,
            "bands": spans(found.trace, found.own_episodes),
        }

    @cached_property
    def _of_case(self) -> dict[str, dict[tuple[str, str], np.ndarray]]:
        return {name: _positions(frame, _CASE) for name, frame in self._frames.items()}

    @cached_property
    def _of_practitioner(self) -> dict[str, dict[str, np.ndarray]]:
        return {name: _positions(frame, "practitioner") for name, frame in self._frames.items()}

    @cached_property
    def _work_of_case(self) -> dict[str, dict[tuple[str, str], np.ndarray]]:
        work = self.analysis.work
        return {name: _positions(getattr(work, name), _CASE) for name in WorkRows.__annotations__}

    @cached_property
    def clients(self) -> Mapping[str, list[str]]:
        """The clients of each practitioner, both in order of their id."""
        cases = self.analysis.cases
        return {
            str(practitioner): cases["client"].iloc[rows].tolist()
            for practitioner, rows in self._of_practitioner["cases"].items()
        }

    def case(self, practitioner: str, client: str) -> Rows:
        """The rows of one case."""
        return self._rows(self._of_case, (practitioner, client))

    def caseload(self, practitioner: str) -> Rows:
        """The rows of all cases of one practitioner."""
        return self._rows(self._of_practitioner, practitioner)

    @cached_property
    def across(self) -> Across:
        """What may be published of approaches and teams; worked out when first asked for."""
        found = self.analysis
        return across(found.cases, found.sessions, found.own_episodes, found.settings, self.chance)

    @cached_property
    def lines(self) -> pd.DataFrame:
        """Today's agenda (agenda_lines.lines)."""
        found = self.analysis
        return agenda_lines.lines(found.agenda, found.cases, found.sessions)

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
    def service_summary(self) -> pd.DataFrame:
        """What may be said of all that is loaded (SERVICE_SUMMARY); worked out when first asked for."""
        found = self.analysis
        return service_summary(found.cases, found.sessions, found.own_episodes, found.settings, self.chance)

    @cached_property
    def chance(self) -> Chance:
        """How many falls the rule finds by chance; worked out when first asked for, which takes a moment with many ratings."""
        found = self.analysis
        return by_chance(found.trace, found.courses, found.method, found.settings)

    def work(self, practitioner: str, client: str) -> WorkRows:
        """What the sheets of tasks and goals say of one case; empty frames where they say nothing."""
        work, key = self.analysis.work, (practitioner, client)
        return WorkRows(
            lambda name: (
                getattr(work, name).iloc[self._work_of_case[name].get(key, _NOWHERE)].reset_index(drop=True)
            )
        )

    def usual_gap(self, practitioner: str) -> float:
        """The practitioner's mean gap over all paired sessions, pct points; missing where they are too few to call it usual."""
        line = self.summary(practitioner)
        enough = line["paired_sessions"] >= self.analysis.settings.agreement.mean_from
        return float(line["mean_gap"]) if enough else float("nan")

    def summary(self, practitioner: str) -> dict[str, Any]:
        """The practitioner's line of PRACTITIONERS."""
        table = self.analysis.practitioners
        return records(table[table["practitioner"] == practitioner])[0]

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

    def _rows(self, positions: Mapping[str, Mapping], key: object) -> Rows:
        return Rows(
            lambda name: self._frames[name].iloc[positions[name].get(key, _NOWHERE)].reset_index(drop=True)
        )


def _under(aliases: Aliases, rows: pd.DataFrame) -> pd.DataFrame:
    return aliases.masked(rows).sort_values(_CASE, kind="stable", ignore_index=True)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dicts by column, for the few that become sentences."""
    # in a third of the time that to_dict takes for so few
    names = list(map(str, frame))
    return [
        dict(zip(names, row, strict=True))
        for row in zip(*(frame[name].tolist() for name in frame), strict=True)
    ]


def _positions(frame: pd.DataFrame, keys: str | list[str]) -> dict:
    return dict(frame.groupby(keys, sort=True).indices) if len(frame) else {}


def keep(loaded: Loaded) -> None:
    """Makes these the visitor's ratings; where each case's rows are is found now, not on the first page."""
    _ = loaded._of_case, loaded._of_practitioner
    st.session_state[_KEY] = loaded


def nothing_usable(asked: bool) -> None:
    """What was brought in last gave no ratings, so there are none; `asked`: a question about it is open."""
    st.session_state[_LAST] = last_usable()
    st.session_state.pop(_KEY, None)
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


def as_read() -> Loaded | None:
    """The visitor's ratings with the ids of the files, for what is worked out or written from them; None while there are none."""
    return st.session_state.get(_KEY)


def loaded() -> Loaded | None:
    """The visitor's ratings as pages show them: under aliases where the settings say so; None while there are none."""
    found, display = as_read(), settings_in_use().display
    if found is None or not display.masked:
        return found
    key = bytes.fromhex(display.alias_key)
    return kept("masked ratings", found, key, lambda: _masked(found, key))


def _masked(found: Loaded, key: bytes) -> Loaded:
    """Under aliases; where each case's rows are is found now, not on the first page."""
    with st.spinner("Putting aliases in the place of ids"):
        shown = found.masked(key)
        _ = shown._of_case, shown._of_practitioner
    return shown
