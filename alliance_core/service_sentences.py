"""What is said of a service as a whole: one sentence, and each figure in words. Everything is told from measures.service_summary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from alliance_core.notation import digits, stretch
from alliance_core.settings import Settings
from alliance_core.terms import TERMS, Terms

Row = Mapping[str, Any]

TITLES = {
    "period": "Months with a session",
    "practitioners": "Practitioners with a client who rated",
    "cases": "Cases",
    "rated_clients": "Clients who rated",
    "sessions": "Sessions known",
    "client_forms": "Sessions with a form of the client",
    "practitioner_forms": "Sessions with a form of the practitioner",
    "latest_lower": "Clients' latest overall rating, lower quarter",
    "latest_middle": "Clients' latest overall rating, middle",
    "latest_upper": "Clients' latest overall rating, upper quarter",
    "clients_with_fall": "Clients with a possible rupture",
    "falls": "Possible ruptures found",
    "expected": "Expected in a chance order of the sessions",
    "steady": "Expected in steady cases with the same noise",
    "came_back": "Came back, of those of which it is known",
    "repaired": "Came back near the former level",
    "strengthened": "Came back and settled higher",
    "unrepaired": "Did not come back",
    "open": "Still open, or not back at the last form",
    "recognised": "Registered by the practitioner's rating too, of those it could show in",
}

_OF_FORMS = tuple(TITLES)[: tuple(TITLES).index("clients_with_fall")]
FEW_FALLS = "too few falls"  # of which a share would be told
SHARES_OF_FALLS = ("came_back", "repaired", "strengthened", "unrepaired", "open", "recognised")
_PARTS = {
    "Forms and latest ratings": _OF_FORMS,
    "Possible ruptures and what followed": tuple(name for name in TITLES if name not in _OF_FORMS),
}


def so_what(found: pd.DataFrame, settings: Settings, terms: Terms = TERMS) -> str:
    """How many rated, and how many had a possible rupture, in one sentence; or why nothing is said."""
    own = settings.suppression
    if found.empty:
        return terms.termed(
            f"Too few for a summary: that takes {own.min_clients} clients who rated, of {own.min_practitioners} practitioners."
        )
    rows = _rows(found)
    forms, clients = rows["client_forms"], rows["rated_clients"]
    start = f"{digits(int(clients['count']), ',')} of {digits(int(clients['of']), ',')} clients rated, in {round(float(forms['value']))} % of the sessions known"
    fall = rows.get("clients_with_fall")
    if fall is None:
        return terms.termed(f"{start}. Too few gave overall ratings to say more.")
    return terms.termed(
        f"{start}; {digits(int(fall['count']), ',')} of the {digits(int(fall['of']), ',')} with overall ratings had a possible rupture."
    )


def parts(found: pd.DataFrame, terms: Terms = TERMS) -> list[tuple[str, list[str]]]:
    """The figures in words, a line each, in reading order, under the headings of their parts; a part without figures is left out."""
    rows = _rows(found)
    every = [
        (
            heading,
            [
                f"{terms.termed(TITLES[name])}: {terms.termed(told(rows[name]))}"
                for name in names
                if name in rows
            ],
        )
        for heading, names in _PARTS.items()
    ]
    return [(heading, lines) for heading, lines in every if lines]


def told(row: Row) -> str:
    """One figure in words: "312 of 340 (92 %)", "9 of 24 (38 %, 21 to 57 %)", "71 % of maximum"."""
    if row["figure"] == "period":
        return _months(str(row["months"])) if _there(row["months"]) else "no dates"
    if not _there(row["count"]):
        if row["figure"] in SHARES_OF_FALLS:
            return FEW_FALLS
        if not _there(row["value"]):
            return "not shown: too few clients on either side"
        value = float(row["value"])
        return digits(value, ",.1f") if row["unit"] == "falls" else f"{round(value)} {row['unit']}"
    number = digits(int(row["count"]), ",")
    if not _there(row["of"]):
        return number
    if int(row["of"]) == 0:
        return "none to count"
    ends = f", {round(float(row['low']))} to {round(float(row['high']))} %" if _there(row["low"]) else ""
    share = f" ({round(float(row['value']))} %{ends})" if _there(row["value"]) else ""
    return f"{number} of {digits(int(row['of']), ',')}{share}"


def _months(first_and_last: str) -> str:
    """First and last month, such as 2024-10 to 2025-06, as they are read: Oct 2024–Jun 2025."""
    months = [pd.Timestamp(f"{month}-01") for month in first_and_last.split(" to ")]
    return stretch(months[0], months[-1])


def named(found: pd.DataFrame, terms: Terms = TERMS) -> pd.DataFrame:
    """SERVICE_SUMMARY with the figures' titles, for a file that people read."""
    return found.assign(figure=[terms.termed(TITLES[str(name)]) for name in found["figure"]])


def _rows(found: pd.DataFrame) -> dict[str, Row]:
    records: Any = found.to_dict("records")
    return {str(row["figure"]): row for row in records}


def _there(value: Any) -> bool:
    return value is not None and not pd.isna(value)
