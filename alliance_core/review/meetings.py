"""Meetings that no screen knows of: the one to come, and that of a day that is past, from ratings and decisions alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from alliance_core.notation import day as day_in_words
from alliance_core.notation import digits
from alliance_core.review.by_case import ByCase
from alliance_core.review.decisions import said
from alliance_core.review.meeting import MeetingRecord, Sitting, coming_up, names_in_words, record
from alliance_core.review.names import Masks
from alliance_core.review.talk import headline

EVERYBODY = "the whole team"
AT_FIRST = 12  # cards that come up unless somebody says otherwise: an hour seldom has room for more
_CASE = ["practitioner", "client"]


def to_come(
    found: ByCase, decisions: pd.DataFrame, names: Masks, day: pd.Timestamp, practitioner: str | None = None
) -> Sitting:
    """A meeting that has not begun: the first AT_FIRST of what is on the agenda, then cases with an action still open, of one practitioner or of all.

    `decisions`: MATCHED_COLUMNS, all that there are.
    """
    lines = coming_up(found.lines, decisions, found.analysis.cases)
    if practitioner is not None:
        lines = lines[(lines["practitioner"] == practitioner).to_numpy(bool)].reset_index(drop=True)
    whom = EVERYBODY if practitioner is None else names.practitioners[practitioner]
    if len(lines) > AT_FIRST:
        whom = f"{whom}, the first {AT_FIRST} of {digits(len(lines), ',')} in order of need"
    return Sitting(day, whom, lines.head(AT_FIRST), names, decisions)


def of_day(
    found: ByCase, review: pd.DataFrame, decisions: pd.DataFrame, names: Masks, day: pd.Timestamp
) -> MeetingRecord:
    """The record of what was decided on a day about cases that are loaded, in order of their ids; without cards where nothing was.

    `review`: REVIEW; `decisions`: the same as MATCHED_COLUMNS. What the ratings say is what they say now, and how long anything took is not known.
    """
    here = review[(said(review) & (review["decided_on"] == day)).to_numpy(bool)]
    pairs = [(p, c) for p, c in _pairs(here) if c in found.clients.get(p, ())]
    lines = pd.DataFrame(pairs, columns=_CASE, dtype="str").assign(reason="")
    before = decisions[(decisions["decided_on"] < day).to_numpy(bool)]
    sitting = Sitting(day, EVERYBODY, lines, names, before)
    told = record(sitting, [("Decided on that day", headline(found, *pair)) for pair in pairs], here, 0.0)
    facts = (
        ("Day", day_in_words(day)),
        (
            "Cases",
            "those about which something was decided on that day; how long each took is not kept in a workbook",
        ),
        ("Names", names_in_words(names)),
    )
    return replace(told, facts=facts, cards=told.cards.assign(shown="yes", minutes=np.nan))


def _pairs(rows: pd.DataFrame) -> list[tuple[str, str]]:
    """Practitioner and client of each case, once, in order of their ids."""
    return sorted({(str(p), str(c)) for p, c in rows[_CASE].itertuples(index=False)})
