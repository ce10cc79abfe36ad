"""The sheet Case: a drop-down, and whatever case is chosen in it with its facts, its chart and its sessions, all by formulas.

INDEX and MATCH over numbers only, so it is worked out alike in Excel (2016 and later), LibreOffice and Google Sheets, whatever ids look like and however the
other sheets were sorted. No macro, no dynamic array. A session without a form is #N/A where the chart draws from: a gap in the line (Excel before
2019 joins it).
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from alliance_core.charts.roles import SIDES
from alliance_core.reports.case_charts import SHOWN, drawn, line_chart
from alliance_core.reports.excel_tables import Styles, for_paper, mark_words
from alliance_core.reports.living_sheets import state_colours, write_title
from alliance_core.reports.worked_out import KEY, TOP, WorkedOut, form_of, letters
from alliance_core.terms import Terms

SHEET = "Case"
FACTS = (
    "practitioner",
    "client",
    "team",
    "approach",
    "sessions",
    "client_overall",
    "mean_gap",
    "open_episode",
    "actions_not_done",
    "flags",
    "state",
)
_CHOICE = "$B$3"
_FIRST_FACT = 4  # row, from 0
_HEADERS = _FIRST_FACT + len(FACTS) + 1  # row of the sessions' headers
_COLUMNS = (
    "date",
    *(f"{side}_{part}" for side in SIDES for part in ("goal", "task", "bond", "overall")),
    "gap_overall",
    "state",
)
_HELP = len(_COLUMNS) + 2  # first column of what the formulas and the chart need
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
_EPOCH = pd.Timestamp(1899, 12, 30)  # days are numbered from here


class _Cell(NamedTuple):
    row: int
    column: int
    formula: str
    value: Any
    look: Format | None = None


def write_case(
    workbook: Workbook, overview: WorkedOut, sessions: WorkedOut, style: Styles, terms: Terms
) -> Worksheet:
    """The sheet, with the first case chosen. Both tables have at least one row."""
    sheet = workbook.add_worksheet(SHEET)
    write_title(sheet, "one case, chosen in the yellow cell", style)
    shown = _most_sessions(overview.frame)
    for cell in [*_facts(overview, style), *_sessions(overview, sessions, shown, style)]:
        sheet.write_formula(cell.row, cell.column, cell.formula, cell.look, _stored(cell.value))
    last = len(overview.frame) + TOP + 1
    label = letters(list(overview.frame.columns))["label"]
    chosen = workbook.add_format({"bold": True, "bg_color": "#FFF6D6", "border": 1, "font_size": 12})
    sheet.write_string(2, 0, "Case", style.title)
    sheet.merge_range("B3:E3", "", chosen)
    sheet.write_string(2, 1, str(overview.frame["label"].iloc[0]), chosen)
    rule = {
        "validate": "list",
        "source": f"=Overview!${label}${TOP + 2}:${label}${last}",
        "error_title": "Not in the list",
        "error_message": "Choose a case from the list.",
        "input_title": "Choose a case",
        "input_message": "All that stands below is of the case chosen here.",
    }
    sheet.data_validation("B3", rule)
    _names(sheet, overview, sessions, style, terms)
    rows = (_HEADERS + 1, _HEADERS + shown)
    mark_words(sheet, rows, 1 + _COLUMNS.index("state"), state_colours(style))
    error = {
        "type": "formula",
        "criteria": f"=ISNA({xl_col_to_name(_HELP + 2)}{rows[0] + 1})",
        "format": workbook.add_format({"font_color": "#FFFFFF"}),
    }
    sheet.conditional_format(rows[0], _HELP + 2, rows[1], _HELP + 3, error)
    first = sessions.frame[(sessions.frame["case"] == overview.frame["case"].iloc[0]).to_numpy()]
    values = (drawn(first) if len(first) else first.assign(client=None, practitioner=None)).reindex(
        range(shown)
    )
    chart = line_chart(
        workbook, SHEET, rows, (_HELP + 1, _HELP + 2, _HELP + 3), terms, values, over_errors=True
    )
    what = terms.termed(
        "Overall of client and practitioner over the sessions of the case chosen, in percent of the maximum: the same numbers as in the table below."
    )
    sheet.insert_chart(3, 5, chart, {"x_scale": 1.3, "y_scale": 0.86, "x_offset": 8, "description": what})
    return sheet


def _most_sessions(overview: pd.DataFrame) -> int:
    """How many rows any case needs, up to SHOWN."""
    span = (overview["last_session"] - overview["first_session"]).max() + 1
    return int(min(span, SHOWN))


def _facts(overview: WorkedOut, style: Styles) -> list[_Cell]:
    """What the overview says of the case; before them, in which of its rows the case stands."""
    at, last = letters(list(overview.frame.columns)), len(overview.frame) + TOP + 1
    area = {name: f"Overview!${column}${TOP + 2}:${column}${last}" for name, column in at.items()}
    line = overview.frame.iloc[0]
    where = f"${xl_col_to_name(_HELP + 1)}${_FIRST_FACT + 1}"
    number = f'VALUE(LEFT({_CHOICE},FIND(" ",{_CHOICE})-1))'
    cells = [
        _Cell(_FIRST_FACT, _HELP + 1, f"=MATCH({number},{area['case']},0)", 1),
        _Cell(_FIRST_FACT + 1, _HELP + 1, f"=INDEX({area['case']},{where})", int(line["case"])),
        _Cell(
            _FIRST_FACT + 2,
            _HELP + 1,
            f"=N(INDEX({area['last_session']},{where}))",
            _number(line["last_session"]),
        ),
        _Cell(
            _FIRST_FACT + 3,
            _HELP + 1,
            f"=MAX(N(INDEX({area['first_session']},{where})),{xl_col_to_name(_HELP + 1)}{_FIRST_FACT + 3}-{SHOWN - 1})",
            max(_number(line["first_session"]), _number(line["last_session"]) - SHOWN + 1),
        ),
    ]
    for row, name in enumerate(FACTS, _FIRST_FACT):
        value, form = line[name], form_of(name, overview.headers[name])
        text = f"INDEX({area[name]},{where})"
        formula = f'=IF({text}="","",{text})'
        cells.append(_Cell(row, 1, formula, None if pd.isna(value) else value, _left(style, form)))
    return cells


def _left(style: Styles, form: str) -> Format | None:
    return style.left[form] if form in style.left else style.left[""]


def _sessions(overview: WorkedOut, sessions: WorkedOut, shown: int, style: Styles) -> list[_Cell]:
    """The sessions of the case, each number from the first to the last, and beside them what the chart draws."""
    at, last = letters(list(sessions.frame.columns)), len(sessions.frame) + TOP + 1
    area = {name: f"sessions!${column}${TOP + 2}:${column}${last}" for name, column in at.items()}
    found, column = sessions.frame, xl_col_to_name(_HELP + 1)
    case, end, start = (f"${column}${_FIRST_FACT + n}" for n in (2, 3, 4))
    line = overview.frame.iloc[0]
    own = found[(found["case"] == line["case"]).to_numpy()].set_index("session")
    until = _number(line["last_session"])
    begin = max(_number(line["first_session"]), until - SHOWN + 1)
    place = {
        int(session): row
        for session, row in zip(
            own.index, np.flatnonzero((found["case"] == line["case"]).to_numpy()).tolist(), strict=True
        )
    }
    cells: list[_Cell] = []
    for number in range(shown):
        row = _HEADERS + 1 + number
        session = begin + number if 0 < begin + number <= until else None
        position = place.get(session) if session is not None else None
        pos = f"${xl_col_to_name(_HELP)}{row + 1}"
        there = f"AND({end}>0,{start}+{number}<={end})"
        cells.append(_Cell(row, 0, f'=IF({there},{start}+{number},"")', session))
        match = f"MATCH({case}*{KEY}+$A{row + 1},{area['key']},0)"
        cells.append(
            _Cell(
                row,
                _HELP,
                f'=IF($A{row + 1}="","",IFERROR({match},""))',
                None if position is None else position + 1,
                style.quiet,
            )
        )
        values = {} if position is None else own.loc[session]
        for place_, name in enumerate(_COLUMNS, 1):
            text = f"INDEX({area[name]},{pos})"
            value = values.get(name) if position is not None else None
            form = form_of(name, sessions.headers[name])
            look = style.numbers[form] if form else style.text
            cells.append(_Cell(row, place_, f'=IF({pos}="","",IF({text}="","",{text}))', value, look))
        # numbers go on behind the last session, since a scale of numbers has no place for anything else
        cells.append(_Cell(row, _HELP + 1, f"=MAX({start},1)+{number}", max(begin, 1) + number, style.faint))
        for side_at, side in enumerate(SIDES, _HELP + 2):
            source = f"{xl_col_to_name(1 + _COLUMNS.index(f'{side}_overall'))}{row + 1}"
            value = values.get(f"{side}_overall") if position is not None else None
            point = "#N/A" if value is None or pd.isna(value) else value
            cells.append(_Cell(row, side_at, f"=IF(ISNUMBER({source}),{source},NA())", point, style.faint))
    return cells


def _names(sheet: Worksheet, overview: WorkedOut, sessions: WorkedOut, style: Styles, terms: Terms) -> None:
    """What stands beside and above the formulas."""
    for row, name in enumerate(FACTS, _FIRST_FACT):
        sheet.write_string(row, 0, overview.headers[name])
    headers = ["Session", *(sessions.headers[name] for name in _COLUMNS)]
    for column, header in enumerate(headers):
        sheet.write_string(_HEADERS, column, header, style.header)
    for column, word in enumerate(
        ("row on sessions", "chart: session", *(f"chart: {terms.of(side)}" for side in SIDES)), _HELP
    ):
        sheet.write_string(_HEADERS, column, word, style.quiet)
    sheet.set_row(_HEADERS, 32)
    for_paper(sheet)
    sheet.print_area(0, 0, _HEADERS + SHOWN, len(_COLUMNS))
    for row, word in enumerate(("row on Overview", "case", "last session", "first shown"), _FIRST_FACT):
        sheet.write_string(row, _HELP, word, style.quiet)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, len(_COLUMNS), 13)
    sheet.set_column(len(_COLUMNS) + 1, len(_COLUMNS) + 1, 3)
    sheet.set_column(_HELP, _HELP + 3, 14, style.quiet)


def _number(value: Any) -> int:
    return 0 if pd.isna(value) else int(value)


def _stored(value: Any) -> Any:
    """A value as the result of a formula: days as numbers, what is missing as empty text, text without control characters."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return ""
    if isinstance(value, pd.Timestamp):
        return (value - _EPOCH).days
    return _CONTROL.sub("", value) if isinstance(value, str) else value
