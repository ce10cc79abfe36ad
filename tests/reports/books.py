"""Every workbook that is written, made of the same team, and what a program that opens one and saves it again has to leave as it was."""

from __future__ import annotations

import datetime
import io
import re
import tempfile
from pathlib import Path

import openpyxl
import pandas as pd

from alliance_core import analyse, read_workbooks
from alliance_core.reading.marking import REPLACE, Marked, marked_workbook
from alliance_core.reports.meeting_workbook import meeting_workbook
from alliance_core.reports.supervision_workbook import supervision_workbook
from alliance_core.review import Decisions, Subject
from alliance_core.review.meeting import MeetingRecord
from alliance_core.sample import Design, simulate, write_sample
from alliance_core.tables import FORMS, MEETING_CARDS, MEETING_LAST, Ratings, shaped
from alliance_core.template import known_cases, write_template

DAY = datetime.date(2025, 11, 3)
SUBJECT = Subject("P01", "C-001", 4, pd.Timestamp(2025, 2, 3), 6, 40.3, "repaired")


def book(content: bytes, **how) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content), **how)


def team(practitioners=3, cases=3, sessions=9, seed=5) -> bytes:
    """A sample as an .xlsx."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "team.xlsx"
        write_sample(simulate(Design(practitioners, cases, sessions), seed=seed), path)
        return path.read_bytes()


def filled_template(ratings: Ratings, instrument: str = "wai-sr") -> bytes:
    """The template with these forms in it, written by code."""
    names = [
        "practitioner",
        "client",
        "session",
        "date",
        "rater",
        "instrument",
        *(f"item_{n}" for n in range(1, 13)),
    ]
    rows = shaped(ratings.forms, FORMS)[names].replace(
        {"rater": {"client": "Client", "practitioner": "Therapist"}}
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_template(path, instrument, rows=rows, cases=known_cases(ratings))
        return path.read_bytes()


def decided(note: str = "a note") -> pd.DataFrame:
    """REVIEW: one action that is past its day, one decision without."""
    what = {
        "decision": "watch",
        "action": "Ask",
        "owner": "P01",
        "due": datetime.date(2025, 3, 4),
        "note": note,
    }
    store = Decisions().decided(SUBJECT, pd.Timestamp(2025, 2, 10), what)
    return store.decided(SUBJECT, pd.Timestamp(DAY), {"decision": "confirmed"}).everything


def record(text: str = "Ask") -> MeetingRecord:
    """A meeting of one card, with `text` wherever somebody writes."""
    day = pd.Timestamp(DAY)
    cards = {
        "card": 1,
        "case": text,
        "reason": text,
        "said": text,
        "shown": "yes",
        "minutes": 1.5,
        "decision": "watch",
        "action": text,
        "owner": text,
        "due": day,
        "note": text,
    }
    last = {"case": text, "decided_on": day, "action": text, "owner": text, "done": "no"}
    frames = shaped(pd.DataFrame([cards]), MEETING_CARDS), shaped(pd.DataFrame([last]), MEETING_LAST)
    return MeetingRecord(day, (("Day", "3 Nov 2025"), ("Whose cases", text)), *frames)  # fmt: skip


def marked(content: bytes, cell: str = "H3", new: str = "4") -> bytes:
    """A workbook handed back with one cell of its first sheet corrected and another one marked."""
    first = book(content).sheetnames[0]
    problems = pd.DataFrame(
        [
            {
                "severity": "warning",
                "sheet": first,
                "cell": "A2",
                "column": "A",
                "value": "x",
                "message": "Look here.",
            }
        ]
    )
    fix = pd.DataFrame([{"sheet": first, "cell": cell, "action": REPLACE, "new": new}])
    made = marked_workbook("team.xlsx", content, problems, fix)
    assert isinstance(made, Marked)
    return made.content


def all_books() -> dict[str, bytes]:
    """By name, one of each kind."""
    given = team()
    ratings, _ = read_workbooks(("team.xlsx", given))
    return {
        "supervision.xlsx": supervision_workbook(analyse(ratings), decided(), DAY),
        "meeting.xlsx": meeting_workbook(record()),
        "template.xlsx": filled_template(ratings),
        "sample.xlsx": given,
        "corrected.xlsx": marked(given),
    }


def differences(before: bytes, after: bytes) -> list[str]:
    """What is not as it was: sheets, values, formulas, tables, filters, comments, lists, conditional formats, charts."""
    old, new = (book(one, data_only=True) for one in (before, after))
    if old.sheetnames != new.sheetnames:
        return [f"sheets {old.sheetnames} are {new.sheetnames}"]
    found: list[str] = []
    for one, other in zip(_described(old, book(before)), _described(new, book(after)), strict=True):
        found += [f"{name}: {one[name]} is {other.get(name)}" for name in one if one[name] != other.get(name)]
    return found


def _described(values: openpyxl.Workbook, formulas: openpyxl.Workbook) -> list[dict]:
    return [_of_sheet(sheet, formulas[sheet.title]) for sheet in values]


def _of_sheet(values, formulas) -> dict:
    about: dict = {
        "title": values.title,
        "tables": sorted((table.displayName, table.ref) for table in values.tables.values()),
        "filters": sorted(table.autoFilter.ref for table in values.tables.values() if table.autoFilter),
        "charts": [len(chart.series) for chart in formulas._charts],
        "rules": sorted({(rule.type, _plain(rule.formula1)) for rule in values.data_validations.dataValidation}),
        "formats": sorted(str(area.sqref) for area in values.conditional_formatting),
    }  # fmt: skip
    for row, written in zip(values.iter_rows(), formulas.iter_rows(), strict=False):
        for cell, formula in zip(row, written, strict=True):
            if cell.value not in (None, ""):
                about[cell.coordinate] = _shown(cell.value)
            if formula.data_type == "f":
                about[f"formula {cell.coordinate}"] = _plain(formula.value)
            if cell.comment:
                about[f"comment {cell.coordinate}"] = cell.comment.text.strip()
    return about


def _shown(value):
    return round(value, 8) + 0.0 if isinstance(value, int | float) and not isinstance(value, bool) else value


def _plain(formula) -> str:
    return re.sub(r"[\s']|\.0$", "", str(formula or ""))
