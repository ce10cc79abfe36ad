"""The manager summary on two pages of paper, or as one HTML file: the sentence, the figures and where ratings lie; then time, groups, and what may not be concluded.

It lays out alliance_core.manager and computes nothing. Where there are more groups than a page bears, the rest stands in the workbook, and that is said.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from alliance_core import charts, rules_in_words, service_sentences
from alliance_core.across_sentences import means_drawn, numbers, side_by_side
from alliance_core.analysis import Analysis
from alliance_core.manager import ServiceFigures, words
from alliance_core.manager.over_time import GAP
from alliance_core.measures.suppression import WAYS
from alliance_core.notation import digits, written
from alliance_core.plain_text import unseen_removed
from alliance_core.reports.drawn import drawn
from alliance_core.reports.manager_grids import Cell, Grid, over_time_grid
from alliance_core.reports.printing import Picture, printed
from alliance_core.reports.source_line import source_line
from alliance_core.reports.web import page
from alliance_core.terms import TERMS, Terms

_LAYOUT, _TITLE = "manager", "Summary of the service"
MOST_GROUPS, MOST_LINES = 5, 5  # of each kind, and stretches of time, that two pages bear
_LONGEST_NAME = 32
_WIDTH = 480  # pixels of the picture
# Of the table of groups, what fits on paper, in shorter words.
_ON_PAPER = {
    "clients who rated": "clients who rated",
    "sessions they rated": "sessions they rated",
    "Clients' mean rating, overall": "overall, % of maximum",
    "Usual gap, practitioner − client": "gap, points",
    "Falls per 100 sessions that clients rated": "possible ruptures per 100 rated sessions",
    "Falls that were repaired": "came back, of those known",
    "Falls that the practitioner's rating registered": "registered too",
}


def manager_pdf(found: ServiceFigures, analysis: Analysis, day: date, terms: Terms = TERMS) -> bytes:
    """The PDF (PDF/UA-1). `found` of `analysis`. The same figures, input and day give the same bytes. Raises NotPrinted."""
    display = found.settings.display
    with written(display.notation):
        return printed(
            _LAYOUT, _content(found, terms), title=_TITLE, day=day, foot=source_line(analysis, day), size=display.paper
        )  # fmt: skip


def manager_html(found: ServiceFigures, analysis: Analysis, day: date, terms: Terms = TERMS) -> bytes:
    """The same as one HTML file that needs nothing else."""
    with written(found.settings.display.notation):
        summary = _content(found, terms)
        return page(_LAYOUT, {"summary": summary}, title=summary["title"], foot=source_line(analysis, day))


def _content(found: ServiceFigures, terms: Terms) -> dict[str, Any]:
    told = found.told
    rule = rules_in_words.opens(found.method, found.settings)
    return {
        "title": f"{_TITLE}: {words.period(found)}" if told else _TITLE,
        "sentence": words.so_what(found, terms),
        "through": " ".join(words.through(found, terms)),
        "told": told,
        "facts": [(name, _counted(fact)) for name, fact in words.facts(found, terms)] if told else [],
        "parts": [
            {"heading": heading, "head": ["Figure", "Told"], "rows": [line.split(": ", 1) for line in lines]}
            for heading, lines in (service_sentences.parts(found.service, terms) if told else [])
        ],
        "spread": _spread(found, terms) if told else None,
        "spread_title": terms.termed("Where clients' latest ratings lie"),
        "gaps": _gaps(found, terms) if told else "",
        "over_time": _over_time(found, terms),
        "no_time": "Nothing can be told over time: no session has a date.",
        "groups": [_groups(found, way, terms) for way in WAYS] if told else [],
        "of_groups": _of_groups(found, terms),
        "not_concluded": words.not_concluded(terms),
        "guarded": words.how_it_is_guarded(found, terms),
        "method": f"Rule {found.method}. {rule} Ends of shares, rates and means are {words.level(found)}s. The workbook has the formulas, the settings and all figures.",
    }


def _spread(found: ServiceFigures, terms: Terms) -> Picture | None:
    rows = found.spread[(found.spread["unit"] == "% of maximum").to_numpy(bool)]
    rows = rows[rows["middle"].notna()]
    if rows.empty:
        return None
    shown = pd.DataFrame(
        {
            "name": [terms.termed(words.SPREAD[name]) for name in rows["figure"]],
            "value": rows["middle"].to_numpy(),
            "low": rows["lower"].to_numpy(),
            "high": rows["upper"].to_numpy(),
            "told": [
                _quarters(*three) for three in zip(rows["lower"], rows["middle"], rows["upper"], strict=True)
            ],
        }
    )
    title = terms.termed("Where clients' latest ratings lie: mark the middle, bar from quarter to quarter")
    chart = charts.intervals(
        shown, np.nan, "% of the maximum possible", (0, 100), whose="client", theme="print"
    )
    return drawn(chart, title, _WIDTH)


def _gaps(found: ServiceFigures, terms: Terms) -> str:
    for row in found.spread[(found.spread["figure"] == GAP).to_numpy(bool)].itertuples():
        if not np.isnan(row.middle):  # pyright: ignore[reportArgumentType, reportCallIssue]
            return f"{terms.termed(words.SPREAD[GAP])}: {_quarters(row.lower, row.middle, row.upper)} points, of {row.clients} {terms.clients}."  # pyright: ignore[reportArgumentType]
    return ""


def _quarters(lower: float, middle: float, upper: float) -> str:
    if np.isnan(lower) or np.isnan(upper):
        return f"middle {_whole(middle)}"
    return f"{_whole(lower)} to {_whole(upper)}, middle {_whole(middle)}"


def _whole(value: float) -> str:
    return digits(round(value)).replace("-", "−")


def _over_time(found: ServiceFigures, terms: Terms) -> dict[str, Any]:
    """The latest stretches of time; the last column only where it says something."""
    grid = over_time_grid(found, terms)
    rows = grid.rows[-MOST_LINES:]
    kept = [
        at for at, _ in enumerate(grid.columns) if at < len(grid.columns) - 1 or any(row[at] for row in rows)
    ]
    return {
        "head": [grid.columns[at].title for at in kept],
        "rows": [[_written(row[at], grid, at) for at in kept] for row in rows],
    }


def _written(cell: Cell, grid: Grid, at: int) -> str:
    if cell is None or isinstance(cell, str):
        return cell or ""
    forms = {"tenth": ",.1f", "signed": "+,.0f"}
    return digits(cell, forms.get(grid.columns[at].form, ",.0f")).replace("-", "−")


def _groups(found: ServiceFigures, way: str, terms: Terms) -> dict[str, Any]:
    title, waits = words.many(way).capitalize(), words.groups_wait(found, way)
    table = numbers(found.groups, way, terms) if len(found.groups.groups) else pd.DataFrame()
    nothing: dict[str, Any] = {"title": title, "note": waits, "head": [], "rows": []}
    if waits or len(table) < 2:
        return nothing if waits else {**nothing, "note": f"No {way} is told apart from the others."}
    own = {terms.termed(column): terms.termed(short) for column, short in _ON_PAPER.items()}
    shown = table[[way, *own]].astype(object).map(_counted)
    more = len(shown) - 1 - MOST_GROUPS
    rows = [*shown.head(min(len(shown) - 1, MOST_GROUPS)).to_numpy().tolist(), shown.iloc[-1].tolist()]
    notes = [
        means_drawn(found.groups, way, terms),
        words.not_apart(found, way),
        f"{more} more are in the workbook." if more > 0 else "",
    ]
    return {
        "title": title,
        "note": unseen_removed(" ".join(note for note in notes if note)),
        "head": [way.capitalize(), *own.values()],
        "rows": [[_short(name), *told] for name, *told in rows],
    }


def _of_groups(found: ServiceFigures, terms: Terms) -> str:
    """What holds of approaches and teams alike; empty where neither stand side by side."""
    if not any(side_by_side(found.groups, way) for way in WAYS):
        return ""
    alike = "In order of their names. They differ in who comes, for how long, and with which form: nothing is decided by it."
    return " ".join([*words.groups_through(found, terms), alike])


def _counted(told: Any) -> str:
    """A count with its thousands; words as they are."""
    return told if isinstance(told, str) else digits(int(told), ",")


def _short(name: str) -> str:
    """A group's name as a table on paper bears it."""
    shown = unseen_removed(name)
    return shown if len(shown) <= _LONGEST_NAME else f"{shown[: _LONGEST_NAME - 1]}…"
