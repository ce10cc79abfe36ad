"""The record of a meeting as a workbook: to be read, and never read back as ratings."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pandas as pd
from xlsxwriter.workbook import Workbook

from alliance_core.notation import day
from alliance_core.reading.one_sheet import RECORD_TITLE
from alliance_core.reports.excel_tables import Styles, for_paper, meanings_of, styles, write_table
from alliance_core.reports.sheets_out import high_enough, new_workbook, write_wrapped
from alliance_core.review.meeting import MeetingRecord
from alliance_core.tables import MEETING_CARDS, MEETING_LAST, Table
from alliance_core.terms import TERMS

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
        style = styles(workbook)
        _facts(workbook, record, style)
        cards = record.cards.round({"minutes": 1})
        _table(workbook, "Cards", record, cards, (MEETING_CARDS, _CARDS), style)
        _table(workbook, "Actions", record, record.actions, (MEETING_CARDS, _ACTIONS), style)
        _table(workbook, "From last time", record, record.last, (MEETING_LAST, _LAST), style)
    return target.getvalue()


def file_name(day: date, token: str) -> str:
    """The name of the download: what it holds and of which day; the token tells it apart from those of others."""
    return f"meeting-{day:%Y-%m-%d}-{token}.xlsx"


def _title(record: MeetingRecord) -> str:
    return f"{RECORD_TITLE}, {day(record.day)}"


def _facts(workbook: Workbook, record: MeetingRecord, style: Styles) -> None:
    sheet = workbook.add_worksheet("Meeting")
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, _title(record), style.title)
    for row, (name, text) in enumerate(record.facts, 1):
        sheet.write_string(row, 0, name, style.title)
        write_wrapped(sheet, row, 1, text, 90, style.wrapped)
    for_paper(sheet)


def _table(
    workbook: Workbook,
    name: str,
    record: MeetingRecord,
    rows: pd.DataFrame,
    about: tuple[Table, dict[str, str]],
    style: Styles,
) -> None:
    """A table with a title above its headers; what each column means stands beside its header."""
    table, headers = about
    meanings = meanings_of(table, headers, TERMS)
    sheet = write_table(
        workbook, name, rows[[*headers]].rename(columns=headers), style, meanings, top=1, keys=1
    )
    sheet.write_string(0, 0, f"{_title(record)}: {name.lower()}", style.title)
    widths = [_WIDTHS.get(title, 12) for title in headers.values()]
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width, style.wrapped)
    high_enough(sheet, rows[[*headers]], widths, top=1)
