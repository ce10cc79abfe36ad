"""The record of a meeting as a workbook: to be read, and never read back as ratings."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pandas as pd
from xlsxwriter.workbook import Workbook

from alliance_core.notation import day
from alliance_core.reading.one_sheet import RECORD_TITLE
from alliance_core.reports.sheets_out import new_workbook, write_sheet
from alliance_core.review.meeting import MeetingRecord

_CARDS = {
    "card": "Card",
    "case": "Case",
    "reason": "Why it came up",
    "said": "What the ratings say",
    "shown": "Shown",
    "minutes": "Minutes",
    "decision": "Decision",
    "action": "Action",
    "owner": "Who does it",
    "due": "Until",
    "note": "Note",
}
_ACTIONS = {name: _CARDS[name] for name in ("case", "action", "owner", "due")}
_LAST = {
    "case": "Case",
    "decided_on": "Decided on",
    "decision": "Decision",
    "action": "Action",
    "owner": "Who",
    "due": "Until",
    "done": "Done",
}
_WIDTHS = {
    "Case": 24,
    "Why it came up": 30,
    "What the ratings say": 60,
    "Action": 40,
    "Note": 40,
    "Who does it": 18,
    "Who": 18,
    "Decision": 16,
}


def meeting_workbook(record: MeetingRecord) -> bytes:
    """The workbook's bytes; the same record gives the same bytes. Text of users is text in it, whatever it begins with."""
    target = BytesIO()
    with new_workbook(target) as workbook:
        _facts(workbook, record)
        _table(workbook, "Cards", record, record.cards.round({"minutes": 1}), _CARDS)
        _table(workbook, "Actions", record, record.actions, _ACTIONS)
        _table(workbook, "From last time", record, record.last, _LAST)
    return target.getvalue()


def file_name(day: date, token: str) -> str:
    """The name of the download: what it holds and of which day; the token tells it apart from those of others."""
    return f"meeting-{day:%Y-%m-%d}-{token}.xlsx"


def _title(record: MeetingRecord) -> str:
    return f"{RECORD_TITLE}, {day(record.day)}"


def _facts(workbook: Workbook, record: MeetingRecord) -> None:
    sheet = workbook.add_worksheet("Meeting")
    bold, wrapped = (
        workbook.add_format({"bold": True, "valign": "top"}),
        workbook.add_format({"text_wrap": True}),
    )
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, _title(record), bold)
    for row, (name, text) in enumerate(record.facts, 1):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, text, wrapped)


def _table(
    workbook: Workbook, name: str, record: MeetingRecord, rows: pd.DataFrame, headers: dict[str, str]
) -> None:
    """A sheet with a title above its headers."""
    bold = workbook.add_format({"bold": True})
    header = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    dates = workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
    sheet = write_sheet(workbook, name, rows[[*headers]].rename(columns=headers), header, dates, top=1)
    sheet.write_string(0, 0, f"{_title(record)}: {name.lower()}", bold)
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    for at, title in enumerate(headers.values()):
        sheet.set_column(at, at, _WIDTHS.get(title, 12), wrapped)
