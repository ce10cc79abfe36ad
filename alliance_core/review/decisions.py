"""The decisions at hand: those of the files that were read, and those made since, with what is not in any file yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, cast

import pandas as pd

from alliance_core.review.merging import merged, same_decisions
from alliance_core.review.subjects import Subject
from alliance_core.tables import REVIEW, UNSETTLED, Ratings, empty, shaped

DECISIONS = ("confirmed", "not a rupture", "watch")
DONE = ("yes", "partly", "no")
DISCUSSED = "Discussed"  # the note of a case that was talked about without anything being decided
_KEY = REVIEW.keys
_SAID = ["decision", "action", "owner", "due", "note", "done"]


@dataclass(frozen=True)
class Decisions:
    """Decisions of one sitting. Every change gives a new record; frames are never changed in place.

    `review` (REVIEW, in key order) are those that count, `unsettled` (UNSETTLED) those that contradict each other. `own`: rows
    made or picked in this sitting, which stay whatever files are read next. `kept`: rows that some file holds (read, or
    downloaded). `replaced`: rows that were changed or not picked in this sitting, so that reading their file again does not bring them back.
    """

    review: pd.DataFrame = field(default_factory=lambda: empty(REVIEW))
    unsettled: pd.DataFrame = field(default_factory=lambda: empty(UNSETTLED))
    own: pd.DataFrame = field(default_factory=lambda: empty(REVIEW))
    kept: pd.DataFrame = field(default_factory=lambda: empty(REVIEW))
    replaced: pd.DataFrame = field(default_factory=lambda: empty(REVIEW))

    @cached_property
    def unsaved(self) -> int:
        """How many decisions no file holds yet."""
        apart = shaped(self.unsettled, REVIEW)
        waiting = pd.concat([self.review, apart[apart["file"].isna()]], ignore_index=True)
        return int((~same_decisions(waiting, self.kept)).sum())

    @cached_property
    def everything(self) -> pd.DataFrame:
        """All rows (REVIEW), the unsettled ones too: what a workbook has to hold so that nothing is lost."""
        return _joined(self.review, shaped(self.unsettled, REVIEW)).sort_values(
            _KEY, kind="stable", na_position="first", ignore_index=True
        )

    def read(self, ratings: Ratings) -> Decisions:
        """With the decisions of files that were read; those of files read before are let go of, those made in this sitting are not."""
        of_files = _joined(ratings.review, shaped(ratings.unsettled, REVIEW))
        own = self.own.loc[~same_decisions(self.own, ratings.review)].reset_index(drop=True)
        fresh = of_files.loc[~same_decisions(of_files, self.replaced)]
        review, unsettled = merged(_joined(own, fresh))
        return replace(
            self, review=review, unsettled=unsettled, own=own, kept=_joined(self.kept, ratings.review)
        )

    def decided(self, subject: Subject, day: pd.Timestamp, what: Mapping[str, Any]) -> Decisions:
        """With a decision about a subject, made on a day. One that was made on the same day about it is replaced by it.

        `what`: decision, action, owner, due, note and done, as far as said; one that says nothing takes that day's back. Where
        it does not name done, what is known of it stays, as long as the action is the same.
        """
        row = _row(subject, day, what)
        before = self._at(row)
        if "done" not in what and len(before) == 1 and before["action"].equals(row["action"]):
            row = row.assign(done=before["done"])
        return self._changed(row if said(row).any() else row.iloc[:0], before)

    def done(self, decision: Mapping[str, Any], done: str | None) -> Decisions:
        """With what became of a decision's action: yes, partly, no, or None where it is not known yet. Raises KeyError for an unknown decision."""
        before = self._at(shaped(pd.DataFrame([dict(decision)])[_KEY], REVIEW))
        if before.empty:
            raise KeyError(f"there is no such decision: {[decision[name] for name in _KEY]}")
        return self._changed(before.assign(done=done, file=None, sheet=None, cell=None), before)

    def settled(self, row: int) -> Decisions:
        """With one row of `unsettled` (by its place in it) picked: it counts, and the others of its conflict do not any more."""
        conflict = self.unsettled["conflict"].iloc[row]
        of_it = shaped(self.unsettled[(self.unsettled["conflict"] == conflict).to_numpy(bool)], REVIEW)
        return self._changed(shaped(self.unsettled.iloc[[row]], REVIEW), of_it)

    def downloaded(self) -> Decisions:
        """With all of them in a workbook that was downloaded."""
        return replace(self, kept=_joined(self.kept, self.everything))

    def in_no_file(self) -> Decisions:
        """With none of them in any file: what was read was made over, and is not kept yet."""
        return replace(self, kept=empty(REVIEW))

    def _at(self, row: pd.DataFrame) -> pd.DataFrame:
        """All rows, unsettled ones too, about the same session and day."""
        every = self.everything
        here = every[_KEY].merge(row[_KEY].assign(_here=True), how="left", on=_KEY)["_here"].notna()
        return every.loc[here.to_numpy()].reset_index(drop=True)

    def _changed(self, row: pd.DataFrame, instead_of: pd.DataFrame) -> Decisions:
        """With a row (or none) instead of others."""
        gone = instead_of.loc[~same_decisions(instead_of, row)]
        rest = self.everything.loc[~same_decisions(self.everything, gone)]
        review, unsettled = merged(_joined(rest, row))
        mine = self.own.loc[~same_decisions(self.own, _joined(instead_of, row))]
        back = self.replaced.loc[~same_decisions(self.replaced, row)]
        return replace(
            self, review=review, unsettled=unsettled, own=_joined(mine, row), replaced=_joined(back, gone)
        )


def said(rows: pd.DataFrame) -> pd.Series[bool]:
    """Which rows of REVIEW say anything. A row with its keys alone is a place to write a decision, and none yet."""
    return rows[_SAID].notna().any(axis=1)


def decided_on(rows: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """practitioner and client of the cases about which rows of REVIEW say anything on a day, in order of their ids."""
    here = said(rows) & (rows["decided_on"] == pd.Timestamp(day).normalize())
    return rows.loc[here.to_numpy(bool), ["practitioner", "client"]].drop_duplicates().sort_values(
        ["practitioner", "client"], ignore_index=True
    )  # fmt: skip


def _row(subject: Subject, day: pd.Timestamp, what: Mapping[str, Any]) -> pd.DataFrame:
    """One row of REVIEW."""
    texts = {name: _text(what.get(name)) for name in ("decision", "action", "owner", "note", "done")}
    given = {
        "practitioner": subject.practitioner,
        "client": subject.client,
        "session": subject.session,
        **texts,
        "due": pd.to_datetime(cast("Any", what.get("due"))),
        "decided_on": pd.Timestamp(day).normalize(),
        "session_date": subject.session_date,
        "until_session": subject.until_session,
        "fall_then": subject.fall,
        "outcome_then": subject.outcome,
    }
    return shaped(pd.DataFrame([given]), REVIEW)


def _text(value: Any) -> str | None:
    """The text without outer spaces; None where nothing is left."""
    return (str(value).strip() or None) if value is not None and not pd.isna(value) else None


def _joined(*frames: pd.DataFrame) -> pd.DataFrame:
    return shaped(pd.concat(frames, ignore_index=True), REVIEW)
