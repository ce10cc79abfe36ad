"""The figures of a summary one below the other, for files: MANAGER. Nothing is computed here; what is not shown says so in a word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from alliance_core.across_sentences import all_given_one, rows_of
from alliance_core.manager.figures import ServiceFigures
from alliance_core.manager.over_time import GAP, OVERALL
from alliance_core.manager.words import OVER_TIME, SPREAD
from alliance_core.measures.across import TOGETHER
from alliance_core.measures.closed_periods import SESSIONS, Stretch
from alliance_core.measures.suppression import WAYS
from alliance_core.service_sentences import FEW_FALLS, SHARES_OF_FALLS, TITLES
from alliance_core.tables import MANAGER, shaped
from alliance_core.terms import TERMS, Terms

Line = dict[str, Any]
SHOWN, WITH_OTHERS, FEW_BESIDE, NOT_YET = (
    "shown",
    "counted with others",
    "too few on either side",
    "not told yet",
)
SAME = "shown: the mean of all, as no difference is detectable"
_OF_RATINGS = tuple(TITLES)[tuple(TITLES).index("latest_lower") :]
_PCT, _SHARE = "% of maximum", "%"


class GroupFigure(NamedTuple):
    """One figure of groups: its title, unit, base (measures.closed_periods), and the columns of ACROSS that it stands in; `times` brings it to its unit."""

    title: str
    unit: str
    base: str
    value: str = ""
    ends: str = ""
    number: str = ""
    of: str = ""
    times: int = 1


GROUP_FIGURES = (
    GroupFigure("Cases", "cases", SESSIONS, number="cases"),
    GroupFigure("Clients who rated", "clients", SESSIONS, number="rated_clients", of="cases"),
    GroupFigure(
        "Practitioners with a client who rated", "practitioners", SESSIONS, number="practitioners"
    ),
    GroupFigure("Sessions known", "sessions", SESSIONS, number="sessions"),
    GroupFigure("Clients' mean rating, drawn towards that of all, overall", _PCT, OVERALL, OVERALL, OVERALL),
    *(
        GroupFigure(f"Clients' mean rating, drawn towards that of all, {part}", _PCT, name, name, name)
        for part in ("goal", "task", "bond")
        for name in (f"client_{part}",)
    ),
    GroupFigure("Usual gap, practitioner − client", "points", GAP, GAP, GAP),
    GroupFigure("Possible ruptures found", "falls", OVERALL, number="episodes"),
    GroupFigure("Expected in a chance order of the sessions", "falls", OVERALL, "expected"),
    GroupFigure("Possible ruptures per 100 rated sessions", "falls per 100", OVERALL, "falls", "falls"),
    GroupFigure(
        "Came back, of those known", _SHARE, OVERALL, "repaired_share", "repaired", "repaired", "followed", 100,
    ),
    GroupFigure(
        "Registered by the practitioner too", _SHARE, OVERALL,
        "recognised_share", "recognised", "recognised", "recognisable", 100,
    ),
)  # fmt: skip


def manager_rows(found: ServiceFigures, terms: Terms = TERMS) -> pd.DataFrame:
    """MANAGER, in reading order; no rows where nothing is told."""
    lines = [*_service(found, terms), *_spread(found, terms), *_over_time(found, terms)] if found.told else []
    for way in WAYS if found.told else ():
        lines += _groups(found, way, terms)
    frame = shaped(pd.DataFrame(lines, columns=MANAGER.names), MANAGER)
    return frame.assign(unit=frame["unit"].map(terms.termed, na_action="ignore").astype("str"))


def _when(stretch: Stretch | None) -> Line:
    return {
        "from": _month(stretch.first if stretch else None),
        "through": _month(stretch.last if stretch else None),
    }


def _month(day: date | None) -> str | None:
    return None if day is None or pd.isna(day) else f"{day.year:04}-{day.month:02}"


def _whole(found: ServiceFigures, base: str) -> Stretch | None:
    blocks = found.closed.blocks.get(base)
    return Stretch(blocks[0].first, blocks[-1].last) if blocks else None


def _service(found: ServiceFigures, terms: Terms) -> Iterator[Line]:
    own = set(TITLES.values())
    rows: Any = found.service[found.service["figure"] != "period"].to_dict("records")
    for row in rows:
        base = OVERALL if row["figure"] in _OF_RATINGS else SESSIONS
        there = pd.notna(row["value"]) or pd.notna(row["count"])
        title = TITLES[row["figure"]]
        word = FEW_FALLS if row["figure"] in SHARES_OF_FALLS else FEW_BESIDE
        yield {
            **row, **_when(_whole(found, base)),
            "part": "service", "group": "", "figure": terms.termed(title) if title in own else title,
            "shown": SHOWN if there else word,
        }  # fmt: skip


def _spread(found: ServiceFigures, terms: Terms) -> Iterator[Line]:
    """Quarters and middle; those of the latest overall rating stand among the figures of the service already."""
    rows: Any = found.spread[found.spread["figure"] != OVERALL].to_dict("records")
    for row in rows:
        for end, name in (("lower", "lower quarter"), ("middle", "middle"), ("upper", "upper quarter")):
            yield {
                **_when(_whole(found, row["figure"])),
                "part": "distribution", "group": "", "figure": terms.termed(f"{SPREAD[row['figure']]}: {name}"),
                "value": row[end], "of": row["clients"], "unit": row["unit"],
                "shown": SHOWN if pd.notna(row[end]) else FEW_BESIDE,
            }  # fmt: skip


def _over_time(found: ServiceFigures, terms: Terms) -> Iterator[Line]:
    rows: Any = found.trend.to_dict("records")
    for row in rows:
        yield {
            **_when(Stretch(row["first_day"], row["last_day"])),
            "part": "over time", "group": "", "figure": terms.termed(OVER_TIME[row["figure"]]),
            "value": row["value"], "of": row["clients"] if row["figure"] != "clients" else None,
            "unit": row["unit"], "shown": SHOWN,
        }  # fmt: skip


def _groups(found: ServiceFigures, way: str, terms: Terms) -> Iterator[Line]:
    same = all_given_one(found.groups, way)
    for row in rows_of(found.groups, way):
        for figure in GROUP_FIGURES:
            cells = group_cells(found, row, figure)
            given = cells["shown"] == SHOWN and figure.value in same
            yield {
                **_when(found.closed.groups.get(figure.base)),
                "part": way, "group": row["name"], "figure": terms.termed(figure.title),
                **cells, "shown": SAME if given else cells["shown"],
            }  # fmt: skip
    word = WITH_OTHERS if SESSIONS in found.closed.groups else NOT_YET
    for name in held_groups(found, way):
        yield {"part": way, "group": name, "figure": "all", "shown": word}


def held_groups(found: ServiceFigures, way: str) -> list[str]:
    """The names of the groups that are counted with others, in order."""
    names = found.groups.names
    own = names[(names["by"] == way).to_numpy(bool) & (names["status"] == "held back").to_numpy(bool)]
    return [str(name) for name in own["group"]]


def group_cells(found: ServiceFigures, row: dict[str, Any], figure: GroupFigure) -> Line:
    """value, low, high, count, of, unit, and shown: of one row of ACROSS."""

    def cell(column: str) -> Any:
        return row[column] if column and pd.notna(row[column]) else None

    def brought(column: str) -> float | None:
        value = cell(column)
        return None if value is None else round(value * figure.times, 1)

    told = cell(figure.number) if figure.number else cell(figure.value)
    word = SHOWN if told is not None else WITH_OTHERS
    if told is None and figure.number in ("repaired", "recognised") and cell("episodes") is not None:
        word = FEW_FALLS
    if figure.base not in found.closed.groups:
        word = NOT_YET
    ends = {end: brought(f"{figure.ends}_{end}") if figure.ends else None for end in ("low", "high")}
    return {
        "value": brought(figure.value), **ends,
        "count": cell(figure.number), "of": cell(figure.of), "unit": figure.unit, "shown": word,
    }  # fmt: skip


def is_together(row: dict[str, Any]) -> bool:
    """Whether a row of ACROSS is of the groups that are held back, counted as one."""
    return row["group"] == TOGETHER
