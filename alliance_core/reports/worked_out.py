"""The sheets of the supervision workbook that are worked out from the ratings: to be looked at, and never read back.

What stands in one row of a table only depends on that row, so a table can be sorted and filtered; sheets find each other's rows
by numbers that stand in the rows, never by their place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from alliance_core.analysis import Analysis
from alliance_core.instruments import instruments
from alliance_core.measures.series import in_key_order
from alliance_core.reports.formulas_out import ROW, from_items, gap, mean_of_facets, pct
from alliance_core.tables import EPISODES, FACETS, SCALES, SCORES, SESSIONS, Column, Table
from alliance_core.terms import Terms, capital

# Formulas are written for up to so many forms (about 450 cases): each is a cell that a spreadsheet works out when it opens the
# workbook, and that takes ten times as long to write and to read as a number.
FOLLOWED = 10_000
TOP = 2  # rows above the headers: what the sheet is, and that it is not read back
_DECIMALS = 10
KEY = 1_000_000  # sessions are numbered below it, so that a case's number times it, and a session's number, make one number

_CASE = Column("case", "whole", "number of the case in this workbook, as on the sheet Overview")
_KEY = Column("key", "whole", "number of the case × 1,000,000 + session: by it the sheet Case finds this row")
_RANGE = (
    Column("range_min", "number", "lowest mark of the response range"),
    Column("range_max", "number", "highest mark of the response range"),
)
_OVERVIEW = Table(
    "overview",
    "one client with one practitioner",
    (
        _CASE,
        Column("label", "text", "what the case is called in the drop-down of the sheet Case"),
        Column("practitioner", "text", "identifier of the practitioner"),
        Column("client", "text", "identifier of the client"),
        Column("team", "text", "team or service, where given"),
        Column("approach", "text", "approach of the work, where given"),
        Column("sessions", "whole", "sessions known: rows of the sheet sessions"),
        Column("first_session", "whole", "number of the first of them"),
        Column("last_session", "whole", "number of the last"),
        Column("latest_rated", "whole", "last session that the client rated overall"),
        Column("client_overall", "number", "the client's overall at that session, pct"),
        Column("mean_gap", "number", "mean of practitioner − client overall, pct points; from 3 pairs on"),
        Column("open_episode", "text", "yes when an episode of the client's overall is open, else no"),
        Column("actions_not_done", "whole", "rows of the sheet review with an action, and Done not yes"),
        Column(
            "actions_past_their_day",
            "whole",
            "those of them whose day, Due, was before the day in the cell As of",
        ),
        Column("flags", "text", "reasons to talk about the case, separated by ;"),
        Column("state", "text", "active, closed or quiet; empty where undated"),
    ),
)


# Headers that say more than the column's name does.
_SAID = {
    "label": "Case, in the list",
    "flags": "To talk about",
    "latest_rated": "Latest session rated by the client",
    "range_min": "Lowest mark",
    "range_max": "Highest mark",
    "depth_sigma": "Depth (σ)",
}


class Formula(NamedTuple):
    """Formulas of one column: their rows (from 0, of the table), their texts, and the values that are stored with them."""

    column: str
    rows: list[int]
    texts: list[str]


@dataclass(frozen=True)
class WorkedOut:
    """One such table: its rows, its columns with their meaning and headers, its formulas, how its numbers are written."""

    name: str
    frame: pd.DataFrame
    table: Table
    headers: dict[str, str]
    formulas: tuple[Formula, ...] = ()
    keys: int = 3

    @property
    def rounded(self) -> WorkedOut:
        """With as many decimals as are sure: the last bits are others once a workbook was read, and its bytes should not be."""
        numbers = self.frame.select_dtypes("float64")
        surely = numbers.round(_DECIMALS) + 0.0  # no −0
        return replace(self, frame=self.frame.assign(**{str(name): surely[name] for name in surely}))

    @property
    def cells(self) -> int:
        """How many cells it fills."""
        return int(self.frame.notna().to_numpy().sum())


def case_numbers(analysis: Analysis) -> pd.Series:
    """The number of each case, from 1 in order of the cases, by practitioner and client."""
    index = pd.MultiIndex.from_frame(analysis.cases[["practitioner", "client"]].astype("str"))
    return pd.Series(np.arange(1, len(index) + 1), index=index)


def scores_sheet(analysis: Analysis, followed: bool, terms: Terms) -> WorkedOut:
    """SCORES, and where they can be `followed` the response range and the answers that they are made of, with formulas over them."""
    forms = in_key_order(analysis.ratings.forms)
    keys = SCORES.keys
    more = forms[[*keys, "range_min", "range_max", *_items(forms)]] if followed else forms[keys]
    frame = analysis.scores.merge(more, how="left", on=keys)
    rated_by_item = frame.loc[frame[_items(frame)].notna().any(axis=1), "instrument"].unique().tolist()
    last = max((instruments()[name].items for name in rated_by_item), default=0)
    answers = [f"item_{n}" for n in range(1, last + 1)]
    frame = frame.reindex(
        columns=[*SCORES.names, *(["range_min", "range_max", *answers] if followed else [])]
    )
    described = [
        Column(n, "number", f"answer to {n.replace('_', ' ')}, in response units, as it was given")
        for n in answers
    ]
    table = SCORES._replace(columns=(*SCORES.columns, *(_RANGE if followed else ()), *described))
    made = WorkedOut("scores", frame, table, headers_of(table, terms), keys=4)
    return made if not followed else replace(made, formulas=tuple(_score_formulas(made, forms)))


def sessions_sheet(analysis: Analysis, followed: bool, terms: Terms) -> WorkedOut:
    """SESSIONS, with the number of the case before them and the key after them."""
    rows = analysis.sessions
    case = _numbers_of(rows, case_numbers(analysis))
    frame = rows.assign(case=case, key=case * KEY + rows["session"].astype("int64"))
    table = SESSIONS._replace(columns=(_CASE, *SESSIONS.columns, _KEY))
    made = WorkedOut("sessions", frame[table.names], table, headers_of(table, terms), keys=4)
    if not followed:
        return made
    at = letters(table.names)
    found = []
    for scale in SCALES:
        there = np.flatnonzero(frame[f"gap_{scale}"].notna().to_numpy()).tolist()
        found.append(_filled(f"gap_{scale}", there, gap(scale, at)))
    return replace(made, formulas=tuple(found))


def episodes_sheet(analysis: Analysis, terms: Terms) -> WorkedOut:
    """EPISODES, with the number of the case before them."""
    rows = analysis.episodes
    frame = rows.assign(case=_numbers_of(rows, case_numbers(analysis)))
    table = EPISODES._replace(columns=(_CASE, *EPISODES.columns))
    made = WorkedOut("episodes", frame[table.names], table, headers_of(table, terms), keys=3)
    at = letters(table.names)
    there = np.flatnonzero(frame["depth_pct"].notna().to_numpy()).tolist()
    depth = _filled("depth_pct", there, f"={at['baseline']}{ROW}-{at['low']}{ROW}")
    return replace(made, formulas=(depth,))


def overview_sheet(analysis: Analysis, review: pd.DataFrame, day: pd.Timestamp, terms: Terms) -> WorkedOut:
    """One row a case, without its formulas, which name cells of other sheets."""
    cases, rows = analysis.cases, analysis.sessions
    numbers = case_numbers(analysis)
    case = _numbers_of(rows, numbers)
    by = rows.assign(case=case).groupby("case")["session"]
    rated = rows.assign(case=case)[rows["client_overall"].notna().to_numpy()].groupby("case")["session"]
    frame = cases.assign(
        case=np.arange(1, len(cases) + 1),
        first_session=numbers_in(by.min(), len(cases)),
        last_session=numbers_in(by.max(), len(cases)),
        latest_rated=numbers_in(rated.max(), len(cases)),
    )
    frame["label"] = (
        frame["case"].astype("str")
        + " · "
        + frame["client"].astype("str")
        + " · "
        + frame["practitioner"].astype("str")
    )
    waiting = review["action"].notna() & review["done"].ne("yes").fillna(True)
    late = waiting & (review["due"] < day).fillna(False)
    for name, which in (("actions_not_done", waiting), ("actions_past_their_day", late)):
        own = review.loc[which.to_numpy(bool), ["practitioner", "client"]].astype("str")
        counted = own.groupby(["practitioner", "client"]).size()
        frame[name] = counted.reindex(numbers.index).fillna(0).astype("int64").to_numpy()
    return WorkedOut("Overview", frame[_OVERVIEW.names], _OVERVIEW, headers_of(_OVERVIEW, terms), keys=2)


def headers_of(table: Table, terms: Terms) -> dict[str, str]:
    """From a column's name to its header: in words, with the unit, in the terms in use.

    >>> from alliance_core.terms import TERMS
    >>> [headers_of(SESSIONS, TERMS)[name] for name in ("client_overall", "gap_goal", "state")]
    ['Client overall (%)', 'Gap goal (points)', 'State']
    """
    plain = {
        column.name: _SAID.get(column.name, capital(column.name.replace("_", " ")))
        for column in table.columns
    }
    found: dict[str, str] = {}
    for column in table.columns:
        name, unit = plain[column.name].removesuffix(" pct"), _unit(column)
        found[column.name] = terms.termed(name) + (f" ({unit})" if unit else "")
    several = len({header.casefold() for header in found.values()}) < len(found)
    return plain if several else found


def _unit(column: Column) -> str:
    if column.kind != "number" or column.name in _SAID:
        return ""
    if column.name.startswith(("gap", "mean_gap", "depth_pct")):
        return "points"
    return "%" if column.name.endswith("_pct") or re.search(r"\bpct\b", column.meaning) else ""


def form_of(name: str, header: str) -> str:
    """How numbers of a column are written (a name of excel_tables.NUMBERS); empty where they are text."""
    if name.startswith(("gap", "mean_gap")):
        return "signed"
    if header.endswith(("(%)", "(points)")):
        return "points"
    return {"date": "date", "drop_z": "ratio", "depth_sigma": "ratio"}.get(
        name, "score" if name in SCALES else ""
    )


def letters(names: Sequence[str]) -> dict[str, str]:
    """From a column's name to its letters."""
    return {name: xl_col_to_name(at) for at, name in enumerate(names)}


def numbers_in(by_case: pd.Series, cases: int) -> pd.Series:
    """Whole numbers by number of the case, for all cases from 1 on."""
    return by_case.reindex(range(1, cases + 1)).astype("Int64").reset_index(drop=True)


def _numbers_of(rows: pd.DataFrame, numbers: pd.Series) -> np.ndarray:
    index = pd.MultiIndex.from_frame(rows[["practitioner", "client"]].astype("str"))
    return numbers.reindex(index).to_numpy(dtype="int64")


def _items(frame: pd.DataFrame) -> list[str]:
    return [name for name in frame.columns if name.startswith("item_")]


def _filled(column: str, rows: list[int], text: str) -> Formula:
    """The same formula in these rows of the table."""
    return Formula(column, rows, [text.replace(ROW, str(row + TOP + 2)) for row in rows])


def _score_formulas(made: WorkedOut, forms: pd.DataFrame) -> list[Formula]:
    """Goal, task, bond and overall from the answers, an overall from its facets, and all of them as pct."""
    frame, at, found = made.frame, letters(list(made.frame.columns)), list[Formula]()
    items = _items(frame)
    answered = frame[items].notna().any(axis=1).to_numpy() if items else np.zeros(len(frame), bool)
    for name, rows in frame.groupby("instrument", sort=True).indices.items():
        instrument = instruments()[str(name)]
        own = np.asarray(rows)[answered[rows]]
        if len(own):
            found += [
                _filled(score, own.tolist(), text) for score, text in from_items(instrument, at).items()
            ]
    parts = frame[list(FACETS)].to_numpy(float)
    mean = np.isclose(parts.mean(axis=1), frame["overall"].to_numpy(float), rtol=0, atol=1e-12)
    supplied = frame[SCORES.keys].merge(forms[[*SCORES.keys, "overall"]], how="left")["overall"].notna()
    from_facets = np.flatnonzero(mean & ~answered & ~supplied.to_numpy())
    found.append(_filled("overall", from_facets.tolist(), mean_of_facets(at)))
    for scale in SCALES:
        there = np.flatnonzero(frame[f"{scale}_pct"].notna().to_numpy())
        found.append(_filled(f"{scale}_pct", there.tolist(), pct(scale, at)))
    return found
