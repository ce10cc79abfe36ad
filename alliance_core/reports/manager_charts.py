"""The charts of the manager workbook: Excel's own, which follow the cells of their tables. Colours are those of the roles, with different marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from xlsxwriter.chart import Chart
from xlsxwriter.workbook import Workbook

from alliance_core.charts.roles import colour
from alliance_core.reports.manager_grids import Grid

SIZE = {"width": 560, "height": 288}
_FONT = {"name": "Calibri", "size": 9}


class Place(NamedTuple):
    """Where a grid stands: its sheet, and the row of its headers."""

    sheet: str
    top: int


class Line(NamedTuple):
    """One series: the figure, what it is called, and whose colour and mark it has."""

    figure: str
    name: str
    role: str
    mark: str = "circle"


class Drawn(NamedTuple):
    """A chart, and what it shows for those who do not see it."""

    chart: Chart
    words: str


def drawn(
    workbook: Workbook, kind: str, grid: Grid, place: Place, lines: Sequence[Line], rows: int, title: str, axis: str, start: int = 0
) -> Drawn | None:  # fmt: skip
    """A chart (line or column) of columns of a grid, over its rows from `start` on, `rows` of them; None where there is nothing to draw."""
    if rows < 1 or not lines:
        return None
    made: Any = workbook.add_chart({"type": kind})
    first, last = place.top + 1 + start, place.top + start + rows
    for line in lines:
        at = grid.at(line.figure)
        ink = colour(line.role, "print")
        own: dict[str, Any] = {
            "name": line.name,
            "categories": [place.sheet, first, 0, last, 0],
            "values": [place.sheet, first, at, last, at],
        }
        if kind == "column":
            own |= {"fill": {"color": ink}, "gap": 120}
        else:
            own |= {
                "line": {"color": ink, "width": 1.75, "dash_type": "solid" if line.mark == "circle" else "dash"},
                "marker": {"type": line.mark, "size": 7, "border": {"color": ink}, "fill": {"color": ink if line.mark == "circle" else "#FFFFFF"}},
            }  # fmt: skip
        made.add_series(own)
    _laid_out(made, title, axis, legend=len(lines) > 1)
    made.set_y_axis({**_axis(axis), **_from_zero(grid, [line.figure for line in lines], start, rows, axis)})
    return Drawn(made, _words(title, axis))


def with_ends(
    workbook: Workbook, grid: Grid, place: Place, line: Line, rows: int, title: str, axis: str, start: int = 0
) -> Drawn | None:
    """A figure with its interval, without bars, which would look like an order: a circle, a short dash at either end, and a line from one end to the other.

    All three are columns of the grid: the figure, and the same with _low and _high (or low and high, of the figure `value`).
    """
    ends = ("low", "high") if line.figure == "value" else (f"{line.figure}_low", f"{line.figure}_high")
    marks = {ends[1]: ("long_dash", 9), line.figure: ("circle", 8), ends[0]: ("long_dash", 9)}
    if rows < 1:
        return None
    made: Any = _marked(workbook, grid, place, marks, rows, start, line.role)
    _laid_out(made, title, axis, legend=False)
    made.set_y_axis({**_axis(axis), **_from_zero(grid, list(marks), start, rows, axis)})
    return Drawn(made, _words(title, axis))


def _from_zero(grid: Grid, figures: Sequence[str], start: int, rows: int, axis: str) -> dict[str, float]:
    """Percents from 0 to 100, everything else from 0 on: an axis that begins elsewhere tells a difference that there is not."""
    if axis.startswith("%"):
        return {"min": 0, "max": 100}
    columns = [grid.at(name) for name in figures]
    shown = [row[at] for row in grid.rows[start : start + rows] for at in columns]
    numbers = [float(one) for one in shown if isinstance(one, int | float)]
    if all(one >= 0 for one in numbers):
        return {"min": 0}
    return {"max": 0} if all(one <= 0 for one in numbers) else {}


def lying(workbook: Workbook, grid: Grid, place: Place, rows: int, title: str, axis: str) -> Drawn | None:
    """Where values lie: a mark at the middle, and a line from one quarter to the other."""
    if rows < 1:
        return None
    marks = {"upper": ("square", 7), "middle": ("circle", 10), "lower": ("square", 7)}
    made: Any = _marked(workbook, grid, place, marks, rows, 0, "client")
    _laid_out(made, title, axis, legend=True)
    made.set_y_axis({**_axis(axis), "min": 0, "max": 100})
    return Drawn(made, _words(title, axis))


def _marked(
    workbook: Workbook,
    grid: Grid,
    place: Place,
    marks: Mapping[str, tuple[str, int]],
    rows: int,
    start: int,
    role: str,
) -> Chart:
    """Marks (by figure: which, and its size) without lines along the rows, and a line from the highest to the lowest of each row."""
    made: Any = workbook.add_chart({"type": "line"})
    first, last = place.top + 1 + start, place.top + start + rows
    ink = colour(role, "print")
    for figure, (mark, size) in marks.items():
        at = grid.at(figure)
        made.add_series(
            {
                "name": grid.columns[at].title,
                "categories": [place.sheet, first, 0, last, 0],
                "values": [place.sheet, first, at, last, at],
                "line": {"none": True},
                "marker": {"type": mark, "size": size, "border": {"color": ink}, "fill": {"color": ink}},
            }
        )
    made.set_high_low_lines({"line": {"color": colour("muted", "print"), "width": 1.5}})
    return made


def _words(title: str, axis: str) -> str:
    return f"{title}, {axis}. The numbers are in the table of this sheet."


def _axis(title: str) -> dict[str, Any]:
    return {
        "name": title,
        "name_font": {**_FONT, "bold": False},
        "num_font": _FONT,
        "major_gridlines": {"visible": True, "line": {"color": colour("grid", "print"), "width": 0.75}},
        "line": {"none": True},
    }


def _laid_out(made: Any, title: str, axis: str, legend: bool) -> None:
    made.set_title(
        {"name": title, "name_font": {"name": "Calibri", "size": 11, "bold": True}, "overlay": False}
    )
    made.set_x_axis({"num_font": _FONT, "label_position": "low", "line": {"color": colour("muted", "print")}})
    made.set_y_axis(_axis(axis))
    made.set_legend({"position": "bottom", "font": _FONT} if legend else {"none": True})
    made.set_size(SIZE)
