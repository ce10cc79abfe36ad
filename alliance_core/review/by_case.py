"""An analysis by case and by caseload: the rows of each, taken by position, so that one case costs the same however much is loaded."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from alliance_core.analysis import Analysis
from alliance_core.charts import spans
from alliance_core.measures import agenda_lines
from alliance_core.measures.agreement import as_seen
from alliance_core.measures.detectors import BASELINE
from alliance_core.review.matching import carded
from alliance_core.review.places import Places

_CASE = ["practitioner", "client"]


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
    """The rows that belong to one case or to one caseload, of every frame that is drawn or told from.

    `episodes` of the rule in use, `cards` those of them that are talked of one by one (matching.carded), `bands` of charts.spans.
    """

    sessions: pd.DataFrame
    trace: pd.DataFrame
    episodes: pd.DataFrame
    cards: pd.DataFrame
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
class ByCase:
    """An analysis, and where each case's rows are in it; found when it is first asked for."""

    analysis: Analysis

    def case(self, practitioner: str, client: str) -> Rows:
        """The rows of one case."""
        return self._rows(self._of_case, (practitioner, client))

    def caseload(self, practitioner: str) -> Rows:
        """The rows of all cases of one practitioner."""
        return self._rows(self._of_practitioner, practitioner)

    def work(self, practitioner: str, client: str) -> WorkRows:
        """What the sheets of tasks and goals say of one case; empty frames where they say nothing."""
        work, key = self.analysis.work, (practitioner, client)
        return WorkRows(
            lambda name: getattr(work, name).iloc[self._work_of_case[name].of(key)].reset_index(drop=True)
        )

    def cards_of(self, practitioner: str, client: str) -> list[dict[str, Any]]:
        """A case's episodes that have a card (rows of matching.carded), newest first."""
        own = self.case(practitioner, client).cards
        return records(own.sort_values("start_session", ascending=False, kind="stable"))

    @cached_property
    def clients(self) -> Mapping[str, list[str]]:
        """The clients of each practitioner, both in order of their id."""
        cases, places = self.analysis.cases, self._of_practitioner["cases"]
        return {str(one): cases["client"].iloc[places.of(one)].tolist() for one in places.keys}

    @cached_property
    def lines(self) -> pd.DataFrame:
        """Today's agenda (agenda_lines.lines)."""
        found = self.analysis
        return agenda_lines.lines(found.agenda, found.cases, found.sessions)

    def usual_gap(self, practitioner: str) -> float:
        """The practitioner's mean gap over all paired sessions, pct points; missing where they are too few to call it usual."""
        line = self.summary(practitioner)
        enough = line["paired_sessions"] >= self.analysis.settings.agreement.mean_from
        return float(line["mean_gap"]) if enough else float("nan")

    def summary(self, practitioner: str) -> dict[str, Any]:
        """The practitioner's line of PRACTITIONERS."""
        table = self.analysis.practitioners
        return records(table[table["practitioner"] == practitioner])[0]

    def placed(self) -> None:
        """Finds where each case's rows are now, rather than when they are first asked for."""
        _ = self._of_case, self._of_practitioner

    @cached_property
    def _frames(self) -> dict[str, pd.DataFrame]:
        found = self.analysis
        return {
            # What the rule in use saw at each session; the table itself tells what `baseline` saw.
            "sessions": found.sessions
            if found.method == BASELINE.name
            else as_seen(found.sessions, found.trace),
            "trace": found.trace,
            "episodes": found.own_episodes,
            "cards": carded(found),
            "cases": found.cases,
            "agreement": found.agreement,
            "agenda": found.agenda,
            "markers": found.ratings.markers,
            "bands": spans(found.trace, found.own_episodes),
        }

    @cached_property
    def _of_case(self) -> dict[str, Places]:
        return {name: Places(frame, _CASE) for name, frame in self._frames.items()}

    @cached_property
    def _of_practitioner(self) -> dict[str, Places]:
        return {name: Places(frame, _CASE[:1]) for name, frame in self._frames.items()}

    @cached_property
    def _work_of_case(self) -> dict[str, Places]:
        work = self.analysis.work
        return {name: Places(getattr(work, name), _CASE) for name in WorkRows.__annotations__}

    def _rows(self, places: Mapping[str, Places], key: Hashable) -> Rows:
        return Rows(lambda name: self._frames[name].iloc[places[name].of(key)].reset_index(drop=True))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dicts by column, for the few that become sentences."""
    # in a third of the time that to_dict takes for so few
    names = list(map(str, frame))
    return [
        dict(zip(names, row, strict=True))
        for row in zip(*(frame[name].tolist() for name in frame), strict=True)
    ]
