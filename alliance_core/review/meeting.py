"""A team meeting: what comes up, which card it is at, what was agreed before it and in it, and the record of it.

Nothing here knows of a screen. The day and every moment are handed in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from alliance_core.notation import day
from alliance_core.review.decisions import DISCUSSED, said
from alliance_core.review.merging import same_decisions
from alliance_core.review.names import Masks
from alliance_core.review.timer import Timer
from alliance_core.tables import MEETING_CARDS, MEETING_LAST, REVIEW, shaped

OPEN_ACTION = "open action"  # why a case comes up of which the ratings say nothing today
LINE_COLUMNS = ["practitioner", "client", "reason"]
_CASE = ["practitioner", "client"]


def coming_up(today: pd.DataFrame, decisions: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """What there is to talk about, LINE_COLUMNS: the lines of `today`'s agenda in their order, then cases with an action still open, by id.

    `today`: practitioner, client, reason, one row a case. `decisions`: MATCHED_COLUMNS; of those about none of `cases` nothing comes up.
    """
    agreed = (
        decisions.loc[decisions["open_action"].to_numpy(bool), _CASE].drop_duplicates().sort_values(_CASE)
    )
    waiting = agreed.merge(cases[_CASE].astype("str"), on=_CASE, how="inner")
    there = pd.MultiIndex.from_frame(today[_CASE].astype("str"))
    further = waiting[~pd.MultiIndex.from_frame(waiting).isin(there)].assign(reason=OPEN_ACTION)
    return pd.concat([today[LINE_COLUMNS].astype("str"), further[LINE_COLUMNS]], ignore_index=True)


@dataclass(frozen=True)
class Sitting:
    """A meeting that is on, or over. Every change gives a new one.

    `lines` (LINE_COLUMNS): its cards in order; `before` (MATCHED_COLUMNS): the decisions as they were when it began;
    `whom`: in words, whose cases; `timer`: which card it is at, and since when.
    """

    day: pd.Timestamp
    whom: str
    lines: pd.DataFrame
    masks: Masks
    before: pd.DataFrame
    timer: Timer = field(default_factory=Timer)
    over: bool = False

    @property
    def at(self) -> int:
        """The place of the card, from 0."""
        return self.timer.card

    @property
    def last(self) -> bool:
        """Whether no card follows."""
        return self.at >= len(self.lines) - 1

    @property
    def case(self) -> tuple[str, str]:
        """Practitioner and client of the card."""
        line = self.lines.iloc[self.at]
        return str(line["practitioner"]), str(line["client"])

    def turned_to(self, place: int, now: float) -> Sitting:
        """At the card of this place, from 0, or at the nearest that there is."""
        there = int(np.clip(place, 0, len(self.lines) - 1))
        return replace(self, timer=self.timer.turned_to(there, now))

    def ended(self, now: float) -> Sitting:
        """Over; nothing counts on."""
        return replace(self, over=True, timer=self.timer.stopped(now))

    def resumed(self, now: float) -> Sitting:
        """On again, at the card where it ended."""
        return replace(self, over=False, timer=self.timer.started(now))

    def paused(self, now: float) -> Sitting:
        """With the time standing still, or going on where it stood still."""
        timer = self.timer.stopped(now) if self.timer.running else self.timer.started(now)
        return replace(self, timer=timer)

    def came_to(self) -> list[bool]:
        """Whether each card was shown."""
        return [place in {*self.timer.spent, self.at} for place in range(len(self.lines))]

    def made(self, review: pd.DataFrame) -> pd.DataFrame:
        """The rows of `review` (REVIEW) that were decided in this meeting about cases of its cards, in order of the cards."""
        rows = shaped(review, REVIEW)
        own = ~same_decisions(rows, shaped(self.before, REVIEW)) & (rows["decided_on"] >= self.day)
        return self._in_order(rows[np.asarray(own & said(rows), bool)])

    def earlier(self, review: pd.DataFrame) -> pd.DataFrame:
        """What was decided before about cases of its cards, and nothing decided later about the same, in order of the cards (REVIEW).

        What became of it is as `review` has it now.
        """
        then = self.before[(self.before["latest"] & ~(self.before["decided_on"] >= self.day)).to_numpy(bool)]
        rows = shaped(then, REVIEW).drop(columns="done")
        now = shaped(review, REVIEW)[[*REVIEW.keys, "done"]].drop_duplicates(REVIEW.keys)
        return self._in_order(shaped(rows.merge(now, how="left", on=REVIEW.keys), REVIEW))

    def kept_back(self, row: Mapping[str, Any]) -> frozenset[str]:
        """Which of note, action and owner of a decision were written before the meeting and are not for the room: its note, and what mentions an id."""
        then = self.before[
            np.logical_and.reduce([_same(self.before[name], row[name]) for name in REVIEW.keys])
        ]
        then = then.assign(note=then["note"].where(then["note"] != DISCUSSED))
        found = {name: then[name].dropna() for name in ("note", "action", "owner")}
        masked = {name: [self.masks.text(words) != words for words in texts] for name, texts in found.items()}
        return frozenset(
            name for name, texts in found.items() if (name == "note" and len(texts)) or any(masked[name])
        )

    def in_the_room(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A decision (a row of REVIEW, or of more columns) as it may be shown there."""
        return self.masks.decision(row, own="note" not in self.kept_back(row))

    def _in_order(self, rows: pd.DataFrame) -> pd.DataFrame:
        place = pd.Series(range(len(self.lines)), index=pd.MultiIndex.from_frame(self.lines[_CASE]))
        at = place.reindex(pd.MultiIndex.from_frame(rows[_CASE])).to_numpy()
        found = rows.assign(_place=at).dropna(subset="_place")
        return shaped(found.sort_values(["_place", "decided_on", "session"], kind="stable"), REVIEW)


@dataclass(frozen=True)
class MeetingRecord:
    """What there is to keep of a meeting, ids masked as they were on the screen: a workbook, a page or a sheet of paper is made from it.

    `facts`: names and texts, in reading order. `cards` (MEETING_CARDS) in their order; `actions`: those of its rows that agree
    on something to do; `last` (MEETING_LAST): what was decided before.
    """

    day: pd.Timestamp
    facts: tuple[tuple[str, str], ...]
    cards: pd.DataFrame
    last: pd.DataFrame

    @property
    def actions(self) -> pd.DataFrame:
        return self.cards[self.cards["action"].notna().to_numpy(bool)].reset_index(drop=True)


def record(
    sitting: Sitting, why: Sequence[tuple[str, str]], review: pd.DataFrame, now: float
) -> MeetingRecord:
    """The record as it is now. `why`: of each card, its reason and what the ratings say, in words; `review`: all decisions (REVIEW)."""
    masks, timer, shown = sitting.masks, sitting.timer, sitting.came_to()
    lines = pd.DataFrame(
        [
            {
                "card": place + 1,
                "case": masks.cases[pair],
                "reason": masks.text(reason),
                "said": masks.text(said_of_it),
                "shown": "yes" if came else "no",
                "minutes": timer.on_card(now, place) / 60 if came else None,
            }
            for place, (pair, (reason, said_of_it), came) in enumerate(
                zip(_pairs(sitting.lines), why, shown, strict=True)
            )
        ]
    )
    decided = _masked(sitting.made(review), sitting)
    cards = lines.merge(decided, how="left", on="case") if len(lines) else lines
    last = _masked(sitting.earlier(review), sitting)
    facts = (
        ("Day", day(sitting.day)),
        ("Whose cases", sitting.whom),
        ("Cards", f"{sum(shown)} of {len(shown)} were shown"),
        ("Time", _minutes(timer.total(now))),
        ("Names", names_in_words(masks)),
    )
    return MeetingRecord(sitting.day, facts, shaped(cards, MEETING_CARDS), shaped(last, MEETING_LAST))


def names_in_words(masks: Masks) -> str:
    """How long the names of the cases hold."""
    if masks.lasting:
        return f"Cases have names of the series {masks.series}: the same in every meeting of a team that types the same word."
    return "Cases have names that were made up for this sitting and say nothing in another one."


def _minutes(seconds: float) -> str:
    """A time in whole minutes."""
    whole = round(seconds / 60)
    return f"{whole} min" if whole else "less than a minute"


def _pairs(lines: pd.DataFrame) -> list[tuple[str, str]]:
    return [(str(p), str(c)) for p, c in lines[_CASE].itertuples(index=False)]


def _masked(rows: pd.DataFrame, sitting: Sitting) -> pd.DataFrame:
    """The decisions as they may stand in the room, with `case`, the name."""
    records: list[Mapping[str, Any]] = rows.to_dict("records")  # pyright: ignore[reportAssignmentType]
    made = pd.DataFrame([sitting.in_the_room(row) for row in records], columns=rows.columns)
    return made.rename(columns={"client": "case"})


def _same(column: pd.Series, value: Any) -> np.ndarray:
    """Where the value stands in the column, a missing one where it is missing."""
    return (column.isna() if pd.isna(value) else column.eq(value)).fillna(False).to_numpy(bool)
