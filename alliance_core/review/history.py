"""The decisions about one case, one episode, one session: latest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from alliance_core.analysis import Analysis
from alliance_core.review.by_case import records
from alliance_core.review.decisions import said
from alliance_core.review.matching import matched
from alliance_core.review.places import Places
from alliance_core.review.subjects import Subject

Decision = dict[str, Any]


@dataclass(frozen=True)
class History:
    """Decisions (`rows`: MATCHED_COLUMNS) by case; found by position, so that one case costs the same however many there are."""

    rows: pd.DataFrame

    def of_case(self, practitioner: str, client: str) -> list[Decision]:
        """All decisions about a case."""
        return _latest_first(self._of(practitioner, client))

    def of_episode(self, episode: Mapping[str, Any]) -> list[Decision]:
        """Those about an episode (a row of matching.carded)."""
        rows = self._of(str(episode["practitioner"]), str(episode["client"]))
        here = (rows["start_session"] == episode["start_session"]).fillna(False).to_numpy(bool)
        return _latest_first(rows[here])

    def of_session(self, subject: Subject) -> list[Decision]:
        """Those about a session in which no episode begins."""
        rows = self._of(subject.practitioner, subject.client)
        here = rows["start_session"].isna() & (rows["session_now"] == subject.session).fillna(False)
        return _latest_first(rows[here.to_numpy(bool)])

    def of_no_episode(self, practitioner: str, client: str) -> list[Decision]:
        """Those about a case and no episode of today."""
        rows = self._of(practitioner, client)
        return _latest_first(rows[rows["start_session"].isna().to_numpy(bool)])

    @cached_property
    def _places(self) -> Places:
        return Places(self.rows, ["practitioner", "client"])

    def _of(self, practitioner: str, client: str) -> pd.DataFrame:
        return self.rows.iloc[self._places.of((practitioner, client))]


def _latest_first(rows: pd.DataFrame) -> list[Decision]:
    if rows.empty:  # of most cases nothing was decided, and a page asks about dozens of them
        return []
    return records(
        rows.sort_values(["decided_on", "session_now"], ascending=False, na_position="last", kind="stable")
    )


def history_of(review: pd.DataFrame, analysis: Analysis) -> History:
    """The decisions (REVIEW) that say anything, with what each is about now in this analysis."""
    return History(matched(review[said(review).to_numpy(bool)], analysis))
