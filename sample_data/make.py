"""Makes the files of this folder anew: python sample_data/make.py. Same program, same bytes."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import pandas as pd  # noqa: E402

from alliance_core.reports.sheets_out import header_format, new_workbook  # noqa: E402
from alliance_core.sample import Design, simulate, write_sample  # noqa: E402
from alliance_core.template import write_template  # noqa: E402

TEAM = Design(practitioners=4, cases=6, sessions=12)
SEED = 1
LAYOUTS = {
    "team_long_items.xlsx": "long-items",
    "team_paired.xlsx": "paired",
    "team_two_sheets.xlsx": "two-sheets",
}


class _Unsaved:
    """The result of a formula that was never calculated: nothing."""

    def __str__(self) -> str:
        return ""


DIVIDED_BY_ZERO = "#DIV/0!"
UNSAVED = _Unsaved()
KEYS = ["Therapist", "Client", "Session", "Date", "Rated by"]
ITEMS = [f"Item {number}" for number in range(1, 13)]
MONDAY = date(2025, 1, 6)
GOOD = [4, 3, 5, 4, 4, 5, 3, 4, 5, 4, 4, 3]


def day(week: int) -> date:
    return MONDAY + timedelta(weeks=week - 1)


def form(client: Any, session: Any, marks: list[Any], **other: Any) -> list[Any]:
    """One row of the sheet Ratings; `other` replaces what is usual."""
    usual = {
        "therapist": "P01",
        "client": client,
        "session": session,
        "date": day(session) if isinstance(session, int) else day(1),
        "rater": "Client",
        "instrument": "wai-sr",
        "bond": None,
        "colour": None,
    }
    row = {**usual, **other}
    return [
        *(row[name] for name in ("therapist", "client", "session", "date", "rater", "instrument")),
        *marks,
        row["bond"],
        row["colour"],
    ]


def _with(position: int, mark: Any) -> list[Any]:
    return [*GOOD[: position - 1], mark, *GOOD[position:]]


def ratings_sheet() -> list[list[Any]]:
    """Forms of one client, most of them fine, and one row for each thing that can be wrong with a row."""
    return [
        ["Ratings of the winter term, everything that can go wrong"],
        [],
        [*KEYS, "Instrument", *ITEMS, "Bond", "Colour of the form"],
        *(form("C-001", session, GOOD, colour="green") for session in range(1, 9)),
        form("C-001", 9, GOOD, bond=2.5),
        form("C-001", 10, _with(3, 7)),
        form("C-001", 11, _with(5, "quite good")),
        form("C-001", 12, _with(2, DIVIDED_BY_ZERO)),
        form("C-001", 13, _with(8, UNSAVED)),
        form("C-001", 14, GOOD),
        form("C-001", 14, GOOD),
        form("C-001", 15, GOOD),
        form("C-001", 15, _with(1, 1)),
        form("C-001", 16, GOOD, date="some time in May"),
        form("c-001", 17, GOOD),
        form("C-001", 18, GOOD, instrument="our own form"),
        form("C-001", 19, GOOD, rater="somebody"),
        form("C-001", 20, GOOD, rater=None),
        form("C-001", "second", GOOD),
        form("C-001", None, GOOD),
        form(None, 21, GOOD),
        form(DIVIDED_BY_ZERO, 22, GOOD),
        form("C-001", 23, [4, None, 5, None, 4, 5, 3, 4, 5, None, 4, None]),
        [*KEYS, "Instrument", *ITEMS, "Bond", "Colour of the form"],
        form("C-001", 24, GOOD, therapist=None),
        form("C-001", 25, GOOD, therapist=DIVIDED_BY_ZERO),
        ["Average", None, None, None, None, None, *GOOD],
        ["Forms were collected by the reception"],
    ]


def problem_sheets() -> dict[str, list[list[Any]]]:
    """Sheets by name, each with what its name says; together every problem that a workbook can have."""
    scores = [*KEYS, "Instrument", "Goal", "Task", "Bond"]
    undated = ["Therapist", "Client", "Date", "Rated by", "Instrument", "Goal", "Task", "Bond"]
    return {
        "Ratings": ratings_sheet(),
        "No session numbers": [
            undated,
            ["P01", "C-002", day(1), "Client", "wai-sr", 4, 4, 4],
            ["P01", "C-002", None, "Client", "wai-sr", 4, 4, 4],
            ["P01", "C-001", date(2025, 9, 1), "Client", "wai-sr", 4, 4, 4],
        ],
        "Day or month first": [
            scores,
            ["P01", "C-003", 1, "3/4/2025", "Client", "wai-sr", 4, 4, 4],
            ["P01", "C-003", 2, "10/4/2025", "Client", "wai-sr", 4, 4, 4],
        ],
        "Range not known": [
            [*KEYS, "Goal", "Task", "Bond"],
            ["P01", "C-004", 1, day(1), "Client", 20, 22, 24],
        ],
        # sheets with the same headers are judged together: each of these has its own
        "Which form": [
            [*KEYS, *(f"Q{n}" for n in range(1, 13))],
            *(["P01", "C-005", n, day(n), "Client", *[4, 3, 4] * 4] for n in range(1, 4)),
        ],
        "Two forms": [
            [*KEYS[:4], *(f"{who}{n}" for who in "CT" for n in range(1, 13))],
            *(["P01", "C-015", n, day(n), *[5, 3, 1] * 4, *[7, 6, 5] * 4] for n in range(1, 7)),
        ],
        "Few answers": [
            [*KEYS, *ITEMS],
            *(["P01", "C-006", n, day(n), "Client", *GOOD] for n in range(1, 3)),
        ],
        "Ticks, no answers": [
            [*KEYS, *(f"Answer {n}" for n in range(1, 13))],
            ["P01", "C-007", 1, day(1), "Client", *[True] * 12],
        ],
        "Another form's marks": [
            [*KEYS, "Instrument", *ITEMS],
            *(["P01", "C-008", n, day(n), "Client", "wai-sr", *[6, 7, 5] * 4] for n in range(1, 4)),
        ],
        "Sums": [
            [*KEYS, "Instrument", "Total"],
            *(["P01", "C-009", n, day(n), "Client", "wai-sr", 40 + n] for n in range(1, 4)),
        ],
        "Sums of fewer": [
            [*KEYS, "Instrument", *ITEMS, "Total"],
            ["P01", "C-015", 1, day(1), "Client", "wai-sr", *GOOD, sum(GOOD)],
            ["P01", "C-015", 2, day(2), "Client", "wai-sr", *_with(7, None), sum(GOOD) - GOOD[6]],
        ],
        "Not the client's": [
            [*KEYS, "Instrument", *ITEMS[:6]],
            ["P01", "C-016", 1, day(1), "Therapist", "sai", *GOOD[:6]],
        ],
        "Another year": [
            scores,
            ["P01", "C-017", 1, day(1).replace(year=2062), "Client", "wai-sr", 4, 4, 4],
        ],
        "Goal": [
            [*KEYS, "Instrument", "Total"],
            *(["P01", "C-016", n, day(n), "Client", "wai-sr", 4] for n in range(1, 4)),
        ],
        "Another key": [
            [*KEYS, "Instrument", *ITEMS, "Bond"],
            # the mean of items 3, 5, 7 and 9, but with item 9 reversed
            ["P01", "C-013", 1, day(1), "Client", "wai-sr", *GOOD, 3.25],
            ["P01", "C-013", 2, day(2), "Client", "wai-sr", *_with(9, 2), 4],
            ["P01", "C-013", 3, day(3), "Client", "wai-sr", *_with(9, 1), 4.25],
        ],
        "Whose ratings": [
            ["Therapist", "Client", "Session", "Goal", "Task", "Bond"],
            ["P01", "C-010", 1, 4, 4, 4],
        ],
        "Whose client": [
            ["Therapist", "Session", "Rated by", "Goal", "Task", "Bond"],
            ["P01", 1, "Client", 4, 4, 4],
        ],
        "Bond twice": [[*scores, "Bonds"], ["P01", "C-011", 1, day(1), "Client", "wai-sr", 4, 4, 4, 4]],
        "Addresses": [
            [*scores, "E-mail"],
            ["P01", "C-014", 1, day(1), "Client", "wai-sr", 4, 4, 4, "c-014@example.org"],
        ],
        "Hidden": [scores, ["P01", "C-012", 1, day(1), "Client", "wai-sr", 4, 4, 4]],
        "Minutes": [["What we talked about in the team meeting"], ["Holidays"]],
        "markers": [
            ["Therapist", "Client", "Session", "Kind", "Marker", "Significance", "Resolution"],
            ["P01", "C-001", 4, "withdrawal", "minimal response", 3, 4],
            ["P01", "C-001", 5, "confrontation", "complaint about activities", 9, 4],
            ["P01", "C-001", 6, "a bit of both", "denial", 2, 4],
            ["P01", "C-001", 6, None, "denial", 2, 4],
            ["P01", "C-001", 60, "withdrawal", "denial", 2, 4],
        ],
        "review": [
            ["Therapist", "Client", "Session", "Decision", "Decided on", "Fall in points, when decided"],
            ["P01", "C-001", 1, "watch", day(1), "deep"],
        ],
        "cases": [
            ["Therapist", "Client", "Team", "Approach", "Started", "Closed"],
            ["P01", "C-001", "Team A", "CBT", day(1), "before the holidays"],
            ["P01", "C-099", "Team A", "CBT", day(1), None],
        ],
    }


def write_problems(target: Path) -> None:
    """The workbook in which everything is wrong that can be, with one hidden sheet, a hidden column and a hidden row."""
    with new_workbook(target) as workbook:
        header = header_format(workbook)
        dates = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in problem_sheets().items():
            sheet = workbook.add_worksheet(name)
            head = next(number for number, row in enumerate(rows) if len(row) > 1 or len(rows) == 2)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value is DIVIDED_BY_ZERO or value is UNSAVED:
                        sheet.write_formula(number, column, "=1/0", None, value)
                    elif isinstance(value, date):
                        sheet.write_datetime(
                            number, column, datetime(value.year, value.month, value.day), dates
                        )
                    elif isinstance(value, bool):
                        sheet.write_boolean(number, column, value)
                    elif isinstance(value, str):
                        sheet.write_string(number, column, value, header if number == head else None)
                    elif value is not None:
                        sheet.write_number(number, column, value)
            if name == "Hidden":
                sheet.hide()
                sheet.set_column(1, 1, None, None, {"hidden": True})
            if name == "Ratings":
                sheet.set_row(head + 2, None, None, {"hidden": True})


def write_all(folder: Path) -> None:
    """Every file of sample_data into a folder."""
    team = simulate(TEAM, SEED)
    for name, layout in LAYOUTS.items():
        write_sample(team, folder / name, layout)
    write_template(folder / "template_empty.xlsx")
    few = team.forms.loc[team.forms["practitioner"].eq("P01") & team.forms["session"].le(6)]
    rated = few.loc[:, ["practitioner", "client", "session", "date", "rater", "instrument"]].assign(
        rater=few["rater"].map({"client": "Client", "practitioner": "Therapist"})
    )
    write_template(
        folder / "template_filled.xlsx",
        rows=pd.concat([rated, few[[f"item_{i}" for i in range(1, 13)]]], axis=1),
    )
    write_problems(folder / "problems.xlsx")


if __name__ == "__main__":
    write_all(HERE)
