"""Line charts of cases, drawn by the spreadsheet itself: both raters' overall over the sessions.

The client is a solid line with filled circles, the practitioner a dashed one with hollow squares. Sessions without a form are gaps: what a
chart draws stands on its own sheet, in order and with an empty cell for each session that nobody rated, so that sorting a table moves no line.
"""

from __future__ import annotations

from math import ceil
from typing import cast

import numpy as np
import pandas as pd
from xlsxwriter.chart import Chart
from xlsxwriter.workbook import Workbook

from alliance_core.charts.roles import ROLES, SIDES
from alliance_core.reports.excel_tables import Styles, for_paper
from alliance_core.reports.living_sheets import write_title
from alliance_core.reports.sheets_out import as_name
from alliance_core.terms import Terms, capital

SHEET = "Charts"
# Each chart is a part of the file of its own, and a spreadsheet draws them all when it opens: with more of them that takes seconds. The
# sheet Case draws any case.
MOST_CHARTS = 120
SHOWN = 60  # sessions of a chart, the latest ones: more than that are no longer told apart on a screen
_ABREAST, _WIDE, _TALL = 2, 8, 16  # charts beside each other; columns and rows that one takes
_DATA = _ABREAST * _WIDE + 1  # first column of what the charts draw
_SIZE = {"x_scale": 1.04, "y_scale": 1.05, "object_position": 1}


def with_charts(cases: pd.DataFrame, rated: set[int]) -> list[int]:
    """Numbers (from 1) of the cases that get a chart: those that somebody rated; where these are too many, those of them to talk about, in order."""
    numbers = [number for number in range(1, len(cases) + 1) if number in rated]
    if len(numbers) > MOST_CHARTS:
        flagged = cases["flags"].notna().to_numpy()
        numbers = [number for number in numbers if flagged[number - 1]][:MOST_CHARTS]
    return numbers


def line_chart(
    workbook: Workbook,
    sheet: str,
    rows: tuple[int, int],
    columns: tuple[int, int, int],
    terms: Terms,
    values: pd.DataFrame,
    title: str = "",
    over_errors: bool = False,
) -> Chart:
    """A chart of rows (first and last, from 0): its columns are sessions, the client's and the practitioner's overall.

    `values` (session, client, practitioner) is what they hold, kept beside the chart for programs that do not look at the cells: without it, a missing value is a zero there.
    `over_errors`: missing values are #N/A and not empty cells. LibreOffice draws that as a zero in a line chart, and as the gap that it is along a scale of numbers.
    """
    kind = {"type": "scatter", "subtype": "straight_with_markers"} if over_errors else {"type": "line"}
    made = cast("Chart", workbook.add_chart(kind))
    for side, column in zip(SIDES, columns[1:], strict=True):
        made.add_series(
            {
                "name": as_name(capital(terms.of(side))),
                "categories": [sheet, rows[0], columns[0], rows[1], columns[0]],
                "values": [sheet, rows[0], column, rows[1], column],
                "values_data": values[side].astype(object).where(values[side].notna(), None).tolist(),
                **_drawn(side),
            }
        )
    quiet = {"color": ROLES["muted"].light, "size": 9, "bold": False}
    grid = {"visible": True, "line": {"color": ROLES["grid"].light, "width": 0.75}}
    made.set_y_axis(
        {
            "name": "% of maximum",
            "name_font": quiet,
            "num_font": quiet,
            "min": 0,
            "max": 100,
            "major_unit": 25,
            "num_format": "0",
            "major_gridlines": grid,
            "line": {"none": True},
        }
    )
    made.set_x_axis(
        {
            "name": "session",
            "name_font": quiet,
            "num_font": quiet,
            "num_format": "0",
            "line": {"color": ROLES["muted"].light},
            **({"major_unit": ceil(len(values) / 15)} if over_errors else {}),
        }
    )
    made.set_title(
        {"name": title, "name_font": {"size": 11, "color": ROLES["ink"].light}} if title else {"none": True}
    )
    made.set_legend({"position": "top", "font": quiet})
    made.show_blanks_as("gap")
    made.show_na_as_empty_cell()
    return made


def write_charts(
    workbook: Workbook, sessions: pd.DataFrame, cases: pd.DataFrame, style: Styles, terms: Terms
) -> int:
    """The sheet of charts; how many there are. `sessions`: SESSIONS with the number of their case; `cases`: CASES."""
    rated = sessions["client_overall"].notna() | sessions["practitioner_overall"].notna()
    numbers = with_charts(cases, set(sessions.loc[rated.to_numpy(), "case"].tolist()))
    if not numbers:
        return 0
    sheet = workbook.add_worksheet(SHEET)
    write_title(
        sheet, terms.termed("overall of client and practitioner over the sessions, one chart a case"), style
    )
    headers = ["Case", "Session", *(capital(terms.of(side)) + " (%)" for side in SIDES)]
    sheet.write_string(1, _DATA, "What the charts draw:", style.quiet)
    for at, header in enumerate(headers):
        sheet.write_string(2, _DATA + at, header, style.header)
    sheet.freeze_panes(3, 0)
    for_paper(sheet)
    sheet.set_column(_DATA + 2, _DATA + 3, 16, style.numbers["points"])
    at = 3
    of_case = sessions.groupby("case", sort=False).indices
    for place, number in enumerate(numbers):
        line = cases.iloc[number - 1]
        rows = drawn(sessions.iloc[of_case[number]])
        for row, values in enumerate(rows.itertuples(index=False), at):
            sheet.write_number(row, _DATA, number)
            for column, value in enumerate(values, _DATA + 1):
                if not np.isnan(value):
                    sheet.write_number(row, column, value)
        title = f"Case {number} · {as_name(str(line['client']))} · {as_name(str(line['practitioner']))}"
        chart = line_chart(
            workbook, SHEET, (at, at + len(rows) - 1), (_DATA + 1, _DATA + 2, _DATA + 3), terms, rows, title
        )
        corner = (3 + place // _ABREAST * _TALL, place % _ABREAST * _WIDE)
        sheet.insert_chart(*corner, chart, {**_SIZE, "description": _said(title, rows, terms)})
        at += len(rows)
    return len(numbers)


def drawn(sessions: pd.DataFrame) -> pd.DataFrame:
    """Session, client, practitioner of one case (overall, pct): each number from the first to the last, at most the SHOWN latest."""
    numbers = sessions["session"].to_numpy(dtype="int64")
    last = int(numbers.max())
    whole = np.arange(max(int(numbers.min()), last - SHOWN + 1), last + 1)
    found = pd.DataFrame({"session": whole.astype(float)})
    for side in SIDES:
        values = pd.Series(sessions[f"{side}_overall"].to_numpy(float), index=numbers)
        found[side] = values.reindex(whole).to_numpy()
    return found


def _drawn(side: str) -> dict:
    role = ROLES[side]
    inside = {"color": role.light} if role.filled else {"color": ROLES["paper"].light}
    return {
        "line": {"color": role.light, "width": 2, "dash_type": "solid" if side == "client" else "dash"},
        "marker": {
            "type": role.shape,
            "size": 6,
            "border": {"color": role.light, "width": 1.25},
            "fill": inside,
        },
    }


def _said(title: str, rows: pd.DataFrame, terms: Terms) -> str:
    """The chart in words, for who does not see it."""
    told = [
        f"{title}, sessions {rows['session'].iloc[0]:.0f} to {rows['session'].iloc[-1]:.0f}, overall in percent of the maximum."
    ]
    for side in SIDES:
        own = rows[side].dropna()
        name = capital(terms.of(side))
        told.append(
            f"{name}: {len(own)} rated, from {own.iloc[0]:.0f} to {own.iloc[-1]:.0f}, lowest {own.min():.0f}."
            if len(own)
            else f"{name}: not rated."
        )
    return " ".join(told)
