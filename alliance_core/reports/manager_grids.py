"""The tables of the manager summary as they are laid out side by side, in a workbook and on paper: titles, and rows of numbers and words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import pandas as pd

from alliance_core.across_sentences import rows_of
from alliance_core.manager import ServiceFigures, manager_rows, words
from alliance_core.manager.rows import (
    FEW_BESIDE,
    GROUP_FIGURES,
    NOT_YET,
    WITH_OTHERS,
    GroupFigure,
    group_cells,
    held_groups,
)
from alliance_core.measures.across import ALL
from alliance_core.measures.closed_periods import SESSIONS
from alliance_core.notation import stretch
from alliance_core.plain_text import unseen_removed
from alliance_core.service_sentences import FEW_FALLS, TITLES
from alliance_core.terms import TERMS, Terms

Form = Literal[
    "text", "whole", "tenth", "signed", "by unit"
]  # by unit: signed where the row's last cell is points
Cell = float | int | str | None
_LATER, _NONE = "told with a later line", "none to count"
_LATEST = ("latest_lower", "latest_middle", "latest_upper")  # they stand in the table of where ratings lie
_TENTHS = ("falls", "falls per 100")
# The tables of groups, each with the figures in it: together they are too wide to be read.
GROUP_TABLES = {
    "Forms, ratings and gap": ("cases", "rated_clients", "practitioners", "sessions", "client_overall", "gap"),
    "Possible ruptures and what followed": ("episodes", "expected", "falls", "repaired_share", "recognised_share"),
    "Goal, task and bond": ("client_goal", "client_task", "client_bond"),
}  # fmt: skip


class GridColumn(NamedTuple):
    """One column: its title, how its numbers are written, and which figure it is of (empty: a name or a word)."""

    title: str
    form: Form = "text"
    figure: str = ""


class Grid(NamedTuple):
    """A table: its columns, and its rows of numbers and words; None where nothing belongs there."""

    columns: list[GridColumn]
    rows: list[list[Cell]]

    def at(self, figure: str) -> int:
        """The place of the column of a figure."""
        return [column.figure for column in self.columns].index(figure)

    def numbers(self, figure: str, rows: int | None = None) -> int:
        """How many rows from the first on have a number of this figure; 0 where one of the first `rows` has none, or where there is no such column."""
        if figure not in [column.figure for column in self.columns]:
            return 0
        column = [row[self.at(figure)] for row in self.rows[:rows]]
        there = [not isinstance(cell, str) and cell is not None for cell in column]
        many = there.index(False) if False in there else len(there)
        return 0 if any(there[many:]) or (rows is not None and many < rows) else many


def service_grid(found: ServiceFigures, terms: Terms = TERMS) -> Grid:
    """The figures of the service as a whole, in reading order."""
    every = manager_rows(found, terms)
    latest = {terms.termed(TITLES[name]) for name in _LATEST}
    own = every[(every["part"] == "service").to_numpy(bool) & ~every["figure"].isin(latest).to_numpy(bool)]
    rows: Any = own.to_dict("records")
    columns = [
        GridColumn("Figure"), GridColumn("Count", "whole", "count"), GridColumn("Of", "whole", "of"), GridColumn("Value", "tenth", "value"),
        GridColumn("Lower end (%)", "whole", "low"), GridColumn("Upper end (%)", "whole", "high"), GridColumn("Unit"),
    ]  # fmt: skip
    names = ("figure", "count", "of", "value", "low", "high", "unit")
    return Grid(columns, [[_few(row, name) or _cell(row[name]) for name in names] for row in rows])


def spread_grid(found: ServiceFigures, terms: Terms = TERMS) -> Grid:
    """Where latest ratings and gaps lie."""
    rows: Any = found.spread.to_dict("records")
    columns = [
        GridColumn("Where they lie"), GridColumn(terms.termed("Clients"), "whole", "clients"), GridColumn("A quarter lie below", "by unit", "lower"),
        GridColumn("Half lie below", "by unit", "middle"), GridColumn("A quarter lie above", "by unit", "upper"), GridColumn("Unit"),
    ]  # fmt: skip
    told = list[list[Cell]]()
    for row in rows:
        ends = [_or(row[end], FEW_BESIDE) for end in ("lower", "middle", "upper")]
        told.append([terms.termed(words.SPREAD[row["figure"]]), _cell(row["clients"]), *ends, row["unit"]])
    return Grid(columns, told)


def over_time_grid(found: ServiceFigures, terms: Terms = TERMS) -> Grid:
    """A row for each stretch of time. A figure whose stretch took longer to close stands in the row that it ends in, and the last column says so."""
    every = found.trend
    figures = [name for name in words.OVER_TIME if (every["figure"] == name).any()]
    units = dict(zip(every["figure"], every["unit"], strict=True))
    columns = [GridColumn("Months")]
    columns += [
        GridColumn(
            _titled(terms.termed(words.OVER_TIME[name]), units[name]),
            "whole" if name == "falls" else _form(units[name]),
            name,
        )
        for name in figures
    ]
    columns.append(GridColumn("Note"))
    value = {(row.figure, row.last_day): row for row in every.itertuples()}
    ends: Any = every.loc[(every["figure"] == SESSIONS).to_numpy(bool), ["first_day", "last_day"]].to_dict(
        "records"
    )
    rows = list[list[Cell]]()
    for end in ends:
        own: dict[str, Any] = {name: value.get((name, end["last_day"])) for name in figures}
        cells: list[Cell] = [_LATER if one is None else float(one.value) for one in own.values()]
        longer = [
            f"{terms.termed(words.OVER_TIME[name])}: {stretch(one.first_day, one.last_day)}"
            for name, one in own.items()
            if one is not None and one.first_day != end["first_day"]
        ]
        rows.append([stretch(end["first_day"], end["last_day"]), *cells, "; ".join(longer) or None])
    return Grid(columns, rows)


def groups_grid(found: ServiceFigures, way: str, figures: Sequence[str], terms: Terms = TERMS) -> Grid:
    """These figures (of GROUP_TABLES): a row for each approach, or team, that is shown, in order of the names; those counted together; all; and those that are counted with others."""
    wanted = [one for name in figures for one in GROUP_FIGURES if name == (one.value or one.number)]
    columns = [GridColumn(way.capitalize())]
    for one in wanted:
        columns += _columns(one, terms)
    rows = list[list[Cell]]()
    for row in [*rows_of(found.groups, way), *rows_of(found.groups, ALL)]:
        cells: list[Cell] = [unseen_removed(row["name"])]
        for one in wanted:
            told = group_cells(found, row, one)
            word = None if told["shown"] == "shown" else str(told["shown"])
            word = _NONE if told["of"] == 0 else word
            cells += [_or(told[part], word) for part in _parts(one)]
        rows.append(cells)
    word = WITH_OTHERS if SESSIONS in found.closed.groups else NOT_YET
    for name in held_groups(found, way):
        rows.append([unseen_removed(name), *[word] * (len(columns) - 1)])
    return Grid(columns, rows)


def shown_groups(found: ServiceFigures, way: str) -> int:
    """How many rows of groups_grid are of groups that are shown, or counted as one; they are the first."""
    return len(rows_of(found.groups, way))


def _columns(one: GroupFigure, terms: Terms) -> list[GridColumn]:
    title = terms.termed(one.title)
    told = {
        "value": GridColumn(_titled(title, one.unit), _form(one.unit), one.value),
        "low": GridColumn(_titled(f"{title}: lower end", one.unit), _form(one.unit), f"{one.value}_low"),
        "high": GridColumn(_titled(f"{title}: upper end", one.unit), _form(one.unit), f"{one.value}_high"),
        "count": GridColumn(f"{title}: how many" if one.value else title, "whole", one.number),
        "of": GridColumn(f"{title}: of how many", "whole", f"{one.number}_of"),
    }
    return [told[part] for part in _parts(one)]


def _parts(one: GroupFigure) -> list[str]:
    """Which of count, of, value, low and high a figure has."""
    there = {"count": one.number, "of": one.of, "value": one.value, "low": one.ends, "high": one.ends}
    return [part for part, column in there.items() if column]


def _titled(title: str, unit: str) -> str:
    """A title with its unit, where the title does not say it."""
    return f"{title} ({unit})" if unit in ("%", "% of maximum", "points") else title


def _form(unit: str) -> Form:
    if unit in _TENTHS:
        return "tenth"
    return "signed" if unit == "points" else "whole"


def _few(row: Any, name: str) -> str | None:
    """The word in the cells of a share that is of too few falls."""
    return FEW_FALLS if row["shown"] == FEW_FALLS and name not in ("figure", "unit") else None


def _cell(value: Any) -> Cell:
    return None if pd.isna(value) else value


def _or(value: Any, word: str | None) -> Cell:
    return word if value is None or pd.isna(value) else value
