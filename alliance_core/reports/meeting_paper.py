"""The record of a meeting on paper: what the workbook (meeting_workbook) holds, to be read and filed. Everything in it is masked already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from alliance_core.analysis import Analysis
from alliance_core.figures.wording import counted
from alliance_core.notation import day as day_in_words
from alliance_core.notation import written
from alliance_core.reports.printing import printed
from alliance_core.reports.source_line import source_line
from alliance_core.reports.web import page
from alliance_core.review import told
from alliance_core.review.by_case import records
from alliance_core.review.meeting import MeetingRecord

_LAYOUT = "meeting_record"
_DONE = {"yes": "done", "partly": "partly done", "no": "not done"}


@dataclass(frozen=True)
class RecordedCard:
    """A card of the meeting: what came up, and what was decided (a line each)."""

    case: str
    reason: str
    said: str
    shown: str
    decided: tuple[str, ...]


@dataclass(frozen=True)
class RecordPaper:
    """What is printed. `actions`: case, action, who, until; `last`: case, what was agreed, what became of it."""

    title: str
    facts: tuple[tuple[str, str], ...]
    cards: tuple[RecordedCard, ...]
    actions: tuple[tuple[str, str, str, str], ...]
    last: tuple[tuple[str, str, str], ...]


def meeting_record_pdf(record: MeetingRecord, analysis: Analysis) -> bytes:
    """The record; the same one gives the same bytes. `analysis`: what the meeting was about, for the foot and for how things are written. Raises NotPrinted."""
    display = analysis.settings.display
    with written(display.notation):
        paper = record_paper(record)
        return printed(
            _LAYOUT,
            {"paper": paper},
            title=paper.title,
            day=record.day.date(),
            foot=_foot(record, analysis),
            size=display.paper,
        )


def meeting_record_html(record: MeetingRecord, analysis: Analysis) -> bytes:
    """The same as one HTML file that needs nothing else."""
    with written(analysis.settings.display.notation):
        paper = record_paper(record)
        return page(_LAYOUT, {"paper": paper}, title=paper.title, foot=_foot(record, analysis))


def record_paper(record: MeetingRecord) -> RecordPaper:
    """What there is to keep, in words."""
    return RecordPaper(
        title=f"Record of the meeting of {day_in_words(record.day)}",
        facts=tuple(one for one in record.facts if one[0] != "Day"),
        cards=_cards(record.cards),
        actions=tuple(
            (str(one["case"]), str(one["action"]), _text(one["owner"]), told.day(one["due"]))
            for one in records(record.actions)
        ),
        last=tuple(
            (
                str(one["case"]),
                told.in_words({**one, "done": None}),
                _DONE.get(_text(one["done"]), "not known"),
            )
            for one in records(record.last.assign(note=None))
        ),
    )


def _cards(cards: pd.DataFrame) -> tuple[RecordedCard, ...]:
    """Each card once, with all that was decided about its case."""
    found: dict[int, RecordedCard] = {}
    for one in records(cards):
        number = int(one["card"])
        before = found.get(number)
        decided = (*(before.decided if before else ()), *_decided(one))
        found[number] = RecordedCard(
            str(one["case"]), str(one["reason"]), str(one["said"]), _shown(one), decided
        )
    return tuple(found.values())


def _decided(row: dict) -> tuple[str, ...]:
    said = [row[name] for name in ("decision", "action", "owner", "due", "note")]
    if all(pd.isna(one) for one in said):
        return ()
    parts = [f"{str(row['decision']).capitalize()}." if _text(row["decision"]) else ""]
    if any(_text(row[name]) for name in ("action", "owner")) or not pd.isna(row["due"]):
        parts.append(f"{told.action({**row, 'done': None})}.")
    if _text(row["note"]):
        parts.append(f"Note: {row['note']}")
    return (" ".join(part for part in parts if part),)


def _shown(row: dict) -> str:
    """Whether the card was shown, and for how long; nothing where that is not known."""
    if row["shown"] != "yes":
        return "not shown"
    if pd.isna(row["minutes"]):
        return ""
    whole = round(float(row["minutes"]))
    return counted(whole, "minute") if whole else "less than a minute"


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def _foot(record: MeetingRecord, analysis: Analysis) -> str:
    return f"record of a meeting · {source_line(analysis, record.day.date())}"
