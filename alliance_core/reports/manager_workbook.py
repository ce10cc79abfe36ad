"""The manager summary as a workbook that lives: tables that can be filtered, charts that follow their cells, and the method beside them.

It lays out alliance_core.manager and computes nothing. What is not shown is a word in its cell, never an empty cell or a zero; a chart is made
of a column only where all its cells are numbers.
"""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import Any

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from alliance_core.across_sentences import means_drawn
from alliance_core.analysis import Analysis
from alliance_core.manager import ServiceFigures, words
from alliance_core.manager.method import main_settings, method
from alliance_core.measures.suppression import WAYS
from alliance_core.plain_text import unseen_removed
from alliance_core.reading.one_sheet import SUMMARY_TITLE
from alliance_core.reports.manager_charts import Drawn, Line, Place, drawn, lying, with_ends
from alliance_core.reports.manager_grids import (
    GROUP_TABLES,
    Grid,
    groups_grid,
    over_time_grid,
    service_grid,
    shown_groups,
    spread_grid,
)
from alliance_core.reports.sheets_out import new_workbook, writable, write_wrapped
from alliance_core.terms import TERMS, Terms

_FORMS = {"whole": "#,##0", "tenth": "#,##0.#", "signed": "+0;−0;0", "text": "General"}
_ROWS_A_CHART = 16  # rows of a sheet that a chart takes
_NOTE_LINE = 100  # characters of a note that a line bears
_GROUPS = {"approach": "Approaches", "team": "Teams"}
_DRAWN = {
    "client_overall": ("client", "Clients' mean rating, drawn towards that of all", "% of maximum"),
    "falls": ("episode", "Possible ruptures", "per 100 rated sessions"),
    "gap": ("practitioner", "Usual gap, practitioner − client", "points"),
}


def manager_workbook(found: ServiceFigures, analysis: Analysis, day: date, terms: Terms = TERMS) -> bytes:
    """The workbook's bytes: Summary, Over time, Approaches, Teams, Method. The same figures, input and day give the same bytes.

    `found` of `analysis`; `day`: when it is made. Names of approaches and teams are text in it, whatever they look like.
    """
    target = BytesIO()
    with new_workbook(target) as workbook:
        made = datetime(day.year, day.month, day.day)
        workbook.set_properties({"title": SUMMARY_TITLE, "subject": words.period(found), "created": made})
        book = _Book(workbook, found, terms)
        book.summary()
        if found.told:
            book.over_time()
            for way in WAYS:
                book.groups(way)
        book.method(analysis, day)
    return target.getvalue()


def file_name(last: date | None) -> str:
    """Such as manager-2024-06.xlsx: the last month of what is told."""
    return "manager.xlsx" if last is None else f"manager-{last.year:04}-{last.month:02}.xlsx"


class _Book:
    """The sheets, and how their cells look."""

    def __init__(self, workbook: Workbook, found: ServiceFigures, terms: Terms) -> None:
        self.workbook, self.found, self.terms = workbook, found, terms
        self.title = workbook.add_format({"bold": True, "font_size": 15})
        self.lead = workbook.add_format({"font_size": 12, "text_wrap": True, "valign": "top"})
        self.note = workbook.add_format({"font_color": "#5C574F", "text_wrap": True, "valign": "top"})
        self.wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.bold = workbook.add_format({"bold": True, "valign": "top", "text_wrap": True})
        self.header = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.forms = {name: workbook.add_format({"num_format": form}) for name, form in _FORMS.items()}
        self.left = workbook.add_format({"num_format": _FORMS["whole"], "align": "left"})
        self.word = workbook.add_format(
            {"font_color": "#5C574F", "italic": True, "shrink": True, "align": "right"}
        )

    def summary(self) -> None:
        found, terms = self.found, self.terms
        sheet = self._sheet("Summary", words.so_what(found, terms), words.through(found, terms))
        sheet.set_column(0, 0, 58)
        sheet.set_column(1, 6, 11)
        sheet.set_column(6, 6, 16)
        if not found.told:
            return
        row = 5
        for name, text in words.facts(found, terms):
            sheet.write_string(row, 0, name, self.bold)
            if isinstance(text, int):
                sheet.write_number(row, 1, text, self.left)
            else:
                sheet.write_string(row, 1, text)
            row += 1
        place = Place("Summary", row + 1)
        figures = service_grid(found, terms)
        self._grid(sheet, place, figures, "Figures")
        spread = spread_grid(found, terms)
        below = Place("Summary", place.top + len(figures.rows) + 3)
        if spread.rows:
            self._grid(sheet, below, spread, "Spread")
        charts = [self._outcomes(figures, place), self._spread(spread, below)]
        self._beside(sheet, charts, 5, 8)

    def _outcomes(self, grid: Grid, place: Place) -> Drawn | None:
        """The four ends of falls, which stand below each other."""
        four = [
            number
            for number, row in enumerate(grid.rows)
            if row[0] in ("Came back near the former level", "Still open, or not back at the last form")
        ]
        if len(four) != 2 or not isinstance(grid.rows[four[0]][grid.at("value")], int | float):
            return None
        line = Line("value", "% of those found", "episode")
        return with_ends(
            self.workbook, grid, place, line, four[1] - four[0] + 1,
            "What followed possible ruptures", f"% of those found, {words.level(self.found)}", start=four[0],
        )  # fmt: skip

    def _spread(self, grid: Grid, place: Place) -> Drawn | None:
        """Latest ratings; gaps have another unit, and are last."""
        rows = sum(row[-1] == "% of maximum" for row in grid.rows)
        there = min(grid.numbers(end, rows) for end in ("lower", "middle", "upper")) if rows else 0
        title = self.terms.termed("Where clients' latest ratings lie")
        return lying(self.workbook, grid, place, there, title, "% of maximum")

    def over_time(self) -> None:
        found, terms = self.found, self.terms
        note = "Each line is a stretch of time of the service as a whole. Falls belong to the stretch that they began in."
        sheet = self._sheet("Over time", note, words.through(found, terms))
        sheet.set_column(0, 0, 20)
        sheet.set_column(1, 9, 14)
        grid, place = over_time_grid(found, terms), Place("Over time", 4)
        if not grid.rows:
            sheet.write_string(4, 0, "Nothing can be told over time: no session has a date.", self.note)
            return
        sheet.freeze_panes(place.top + 1, 1)
        self._grid(sheet, place, grid, "OverTime")
        forms = [
            Line("client_forms", terms.client, "client"),
            Line("practitioner_forms", terms.practitioner, "practitioner", "square"),
        ]
        one = [
            ("line", forms, "Sessions with a form", "% of sessions"),
            ("column", [Line("sessions", "sessions", "level")], "Sessions", "sessions"),
            ("line", [Line("level", terms.client, "client")], terms.termed("Clients' mean overall rating"), "% of maximum"),
            ("column", [Line("fall_rate", "possible ruptures", "episode")], "Possible ruptures that began", "per 100 rated sessions"),
            ("line", [Line("gap", "gap", "ink", "square")], terms.termed("Usual gap, practitioner − client"), "points"),
        ]  # fmt: skip
        charts: list[Drawn | None] = []
        for kind, lines, title, axis in one:
            rows = min(grid.numbers(line.figure) for line in lines)
            charts.append(drawn(self.workbook, kind, grid, place, lines, rows, title, axis))
        self._below(sheet, charts, place.top + len(grid.rows) + 3)

    def groups(self, way: str) -> None:
        found, terms, name = self.found, self.terms, _GROUPS[way]
        waits = words.groups_wait(found, way)
        notes = [*words.groups_through(found, terms)]
        if not waits:
            notes += [means_drawn(found.groups, way, terms), words.not_apart(found, way)]
        note = (
            waits
            or f"{name} are in order of their names. They differ in who comes, for how long, and with which form: nothing is decided by it."
        )
        sheet = self._sheet(name, note, [one for one in notes if one])
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 16, 16)
        if waits:
            return
        sheet.freeze_panes(4, 1)
        rows, top, charts = shown_groups(found, way), 4, list[Drawn | None]()
        for number, (title, figures) in enumerate(GROUP_TABLES.items(), 1):
            grid, place = groups_grid(found, way, figures, terms), Place(name, top + 1)
            sheet.write_string(top, 0, title, self.bold)
            self._grid(sheet, place, grid, f"{name}{number}")
            charts += [self._of_groups(grid, place, rows, one) for one in figures if one in _DRAWN]
            top = place.top + len(grid.rows) + 2
        self._below(sheet, charts, top)

    def _of_groups(self, grid: Grid, place: Place, rows: int, figure: str) -> Drawn | None:
        """A mark for each group, with its interval; nothing where there are not two of them, or where one is not shown."""
        role, title, axis = _DRAWN[figure]
        there = rows if rows > 1 and grid.numbers(figure, rows) else 0
        line = Line(figure, title, role)
        unit = f"{axis}, {words.level(self.found)}"
        return with_ends(self.workbook, grid, place, line, there, self.terms.termed(title), unit)

    def method(self, analysis: Analysis, day: date) -> None:
        sheet = self._sheet("Method", "How the figures were made, and what they do not say.", [])
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 100)
        sheet.set_column(2, 3, 22)
        row = 4
        for name, text in method(self.found, analysis, day, self.terms):
            sheet.write_string(row, 0, name, self.bold)
            write_wrapped(sheet, row, 1, text, 105, self.wrapped)
            row += 1
        lines = main_settings(self.found, self.terms)
        columns = ("Setting", "What it is", "Value", "Unit")
        for at, title in enumerate(columns):
            sheet.write_string(row + 1, at, title, self.header)
        for number, (key, value, unit, meaning) in enumerate(lines, row + 2):
            for at, text in enumerate((key, meaning, value, unit)):
                sheet.write_string(number, at, text)
        sheet.add_table(row + 1, 0, row + 1 + len(lines), 3, _table("Settings", columns))

    # -- what all sheets share -----------------------------------------------------------------------

    def _sheet(self, name: str, lead: str, notes: list[str]) -> Worksheet:
        """A sheet with its title, the sentence that comes first, and what to bear in mind; tables begin in the fifth row, or below."""
        sheet = self.workbook.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9 if self.found.settings.display.paper == "A4" else 1)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&8&A&R&8&P / &N")
        # The first words of each sheet say whose it is: reading leaves such sheets aside.
        title = SUMMARY_TITLE if name == "Summary" else f"{SUMMARY_TITLE} · {name}"
        sheet.write_string(0, 0, title, self.title)
        sheet.merge_range(1, 0, 1, 6, "", self.lead)
        sheet.write_string(1, 0, lead, self.lead)
        sheet.set_row(1, 34)
        sheet.merge_range(2, 0, 2, 6, "", self.note)
        told = writable(unseen_removed(" ".join(notes)))
        sheet.write_string(2, 0, told, self.note)
        sheet.set_row(2, max(30, 15 * -(-len(told) // _NOTE_LINE)) if notes else 6)
        return sheet

    def _grid(self, sheet: Worksheet, place: Place, grid: Grid, name: str) -> None:
        """A grid as a table of Excel: headers, and cells that are numbers or words."""
        titles = [column.title for column in grid.columns]
        sheet.set_row(place.top, 6 + 15 * max(1, max(-(-len(title) // 11) for title in titles[1:])))
        for at, column in enumerate(grid.columns):
            sheet.write_string(place.top, at, column.title, self.header)
            for number, row in enumerate(grid.rows, place.top + 1):
                cell = row[at]
                if isinstance(cell, str):
                    sheet.write_string(
                        number, at, writable(cell), None if column.form == "text" else self.word
                    )
                elif cell is not None:
                    form = column.form if column.form != "by unit" else _by_unit(row)
                    sheet.write_number(number, at, cell, self.forms[form])
        last = place.top + len(grid.rows)
        sheet.add_table(place.top, 0, last, len(titles) - 1, _table(name, titles, self.header))

    def _beside(self, sheet: Worksheet, charts: list[Drawn | None], top: int, left: int) -> None:
        for number, chart in enumerate(one for one in charts if one is not None):
            sheet.insert_chart(top + number * _ROWS_A_CHART, left, chart.chart, _seen(chart))

    def _below(self, sheet: Worksheet, charts: list[Drawn | None], top: int) -> None:
        """Two charts a row."""
        for number, chart in enumerate(one for one in charts if one is not None):
            left = 0 if number % 2 == 0 else 5
            sheet.insert_chart(top + number // 2 * _ROWS_A_CHART, left, chart.chart, _seen(chart))


def _table(name: str, titles: Any, header: Any = None) -> dict[str, Any]:
    return {
        "name": name,
        "style": "Table Style Light 1",
        "columns": [{"header": title, "header_format": header} for title in titles],
    }


def _by_unit(row: list[Any]) -> str:
    return "signed" if row[-1] == "points" else "whole"


def _seen(drawn: Drawn) -> dict[str, Any]:
    return {"description": drawn.words, "object_position": 2}
