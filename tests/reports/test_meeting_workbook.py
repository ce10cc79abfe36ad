"""The record of a meeting as a workbook: text as text, the same bytes each time, and nobody's ratings when it is brought in."""

import datetime
import io

import openpyxl
import pandas as pd

from alliance_core import read_workbooks
from alliance_core.reports.meeting_workbook import file_name, meeting_workbook
from alliance_core.review.meeting import MeetingRecord
from alliance_core.tables import MEETING_CARDS, MEETING_LAST, shaped

DAY = pd.Timestamp(2025, 11, 3)
FORMULA = '=HYPERLINK("http://example.invalid","x")'
CARDS = shaped(
    pd.DataFrame(
        [
            {"card": 1, "case": "Blue Elm 417", "reason": "A fall", "said": FORMULA, "shown": "yes", "minutes": 1.26, "decision": "watch", "action": FORMULA, "owner": "@P1", "due": DAY, "note": "+1"},
            {"card": 2, "case": "Teal Fig 118", "reason": "Missing", "said": "none", "shown": "no"},
        ]
    ),
    MEETING_CARDS,
)  # fmt: skip
LAST = shaped(
    pd.DataFrame([{"case": "Blue Elm 417", "decided_on": DAY, "action": "-1", "done": "partly"}]),
    MEETING_LAST,
)
RECORD = MeetingRecord(DAY, (("Day", "3 Nov 2025"), ("Whose cases", "=team"), ("Time", "2 min")), CARDS, LAST)


def opened(record=RECORD):
    return openpyxl.load_workbook(io.BytesIO(meeting_workbook(record)))


def rows(sheet):
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_every_sheet_has_its_title_headers_and_rows():
    book = opened()
    assert book.sheetnames == ["Meeting", "Cards", "Actions", "From last time"]
    assert rows(book["Meeting"])[0][0] == "Record of a meeting, 3 Nov 2025"
    assert rows(book["Meeting"])[2] == ["Whose cases", "=team"]
    title, header, first, second = rows(book["Cards"])
    assert title[0] == "Record of a meeting, 3 Nov 2025: cards"
    assert header[:7] == [
        "Card",
        "Case",
        "Why it came up",
        "What the ratings say",
        "Shown",
        "Minutes",
        "Decision",
    ]
    assert first == [
        1,
        "Blue Elm 417",
        "A fall",
        FORMULA,
        "yes",
        1.3,
        "watch",
        FORMULA,
        "@P1",
        DAY.to_pydatetime(),
        "+1",
    ]
    assert second == [2, "Teal Fig 118", "Missing", "none", "no", *[None] * 6]
    assert rows(book["Actions"])[1:] == [
        ["Case", "Action", "Who does it", "Until"],
        ["Blue Elm 417", FORMULA, "@P1", DAY.to_pydatetime()],
    ]
    assert rows(book["From last time"])[2] == ["Blue Elm 417", DAY.to_pydatetime(), None, "-1", None, None, "partly"]  # fmt: skip


def test_text_of_users_is_never_a_formula_or_a_link():
    for sheet in opened():
        assert all(cell.data_type != "f" and cell.hyperlink is None for row in sheet for cell in row)


def test_a_meeting_without_decisions_has_the_same_sheets():
    bare = MeetingRecord(DAY, RECORD.facts, CARDS.iloc[1:].reset_index(drop=True), LAST.iloc[:0])
    book = opened(bare)
    assert len(rows(book["Actions"])) == len(rows(book["From last time"])) == 2


def test_the_same_record_gives_the_same_bytes():
    assert meeting_workbook(RECORD) == meeting_workbook(RECORD)


def test_brought_in_it_is_nobody_s_ratings():
    ratings, problems = read_workbooks(("meeting.xlsx", meeting_workbook(RECORD)))
    assert ratings.forms.empty
    assert ratings.review.empty
    assert set(ratings.recognised["layout"]) == {"help"}
    assert not ratings.questions
    assert set(problems["code"]) <= {"no_ratings"}


def test_the_file_is_named_after_what_it_holds_and_the_day():
    assert file_name(datetime.date(2025, 11, 3), "0a1b") == "meeting-2025-11-03-0a1b.xlsx"
