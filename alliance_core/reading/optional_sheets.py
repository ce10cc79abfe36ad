"""The optional sheets: markers, cases, tasks, goals and reviews, checked cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliance_core.reading import cells, wordings
from alliance_core.reading.body import Body
from alliance_core.reading.cells import BLANK, Read
from alliance_core.reading.choices import ReadingChoices
from alliance_core.reading.dates import AMBIGUOUS, dates
from alliance_core.reading.problems import ERROR, WARNING
from alliance_core.reading.sheets import Cells
from alliance_core.tables import RATERS

_OF_MARKERS = (1, 5)  # significance and resolution, 3RS manual (Eubanks, Muran & Safran 2015)
_OF_TEN = (0, 10)  # relevance and agreement
_YES_NO = ("yes", "no")


def _word(options: tuple[str, ...]) -> Callable[[str], str | None]:
    """Which of the lists in [values] or [raters] a cell's word belongs to."""

    def one(text: str) -> str | None:
        key = wordings.key(text)
        groups = [(name, "raters" if name in RATERS else "values") for name in options]
        name = next((name for name, group in groups if key in wordings.known(group, name)), None)
        return None if name is None else _SHOWN.get(name, name)

    return one


_SHOWN = {"not_a_rupture": "not a rupture", "in_session": "session"}  # values that are no names of lists


def _case_keys(body: Body, shared: dict[str, int]) -> dict[str, Any]:
    return {
        name: body.needed(
            name,
            shared[name],
            cells.identifiers(body.column(shared[name])),
            "any name or code, stored as text where it has more than 15 digits",
        )
        for name in ("practitioner", "client")
    }


def _text(body: Body, shared: dict[str, int], name: str) -> Any:
    if name not in shared:
        return pd.array([None] * len(body.rows), dtype="str")
    column = body.column(shared[name])
    return cells.texts(column).values[column.codes]


def read_markers(body: Body, shared: dict[str, int], choices: ReadingChoices) -> pd.DataFrame:
    """MARKERS with `_line` and `_column`; a marker needs practitioner, client, session and kind."""
    data = {**_case_keys(body, shared), "session": _session(body, shared)}
    at = shared["kind"]
    data["kind"] = body.needed(
        "kind",
        at,
        cells.choice(body.column(at), _word(("withdrawal", "confrontation"))),
        "withdrawal or confrontation",
    )
    for name in ("significance", "resolution"):
        data[name] = _mark(body, shared, name, _OF_MARKERS)
    for name in ("marker", "noted_by", "note"):
        data[name] = _text(body, shared, name)
    return body.frame({**data, "_column": np.full(len(body.rows), shared["kind"])})


def _session(body: Body, shared: dict[str, int]) -> Any:
    at = shared["session"]
    return body.needed("session", at, cells.sessions(body.column(at)), "a whole number from 1")


def _mark(body: Body, shared: dict[str, int], name: str, limits: tuple[int, int]) -> Any:
    """A number within the limits, or nothing; anything else is an error."""
    if name not in shared:
        return np.full(len(body.rows), np.nan)
    at = shared[name]
    column = body.column(at)
    values, states = cells.numbers(column).spread(column.codes)
    low, high = limits
    wrong = ~np.isnan(values) & ~((values >= low) & (values <= high))
    wrong |= ~np.isin(states, (cells.GOOD, BLANK))
    body.name_cells(
        ERROR,
        "out_of_range",
        wrong,
        at,
        lambda shown: (
            f"{_spoken(name)} is {shown or 'not readable'}; it goes from {low} to {high}, or stays empty."
        ),
    )
    return values


def _spoken(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _one_of(body: Body, shared: dict[str, int], name: str, options: tuple[str, ...]) -> Any:
    """A word of a list, or nothing; anything else is an error."""
    if name not in shared:
        return pd.array([None] * len(body.rows), dtype="str")
    at = shared[name]
    column = body.column(at)
    words, states = cells.choice(column, _word(options)).spread(column.codes)
    accepted = ", ".join(_SHOWN.get(option, option) for option in options)
    body.name_cells(
        ERROR,
        f"{name}_unreadable",
        ~np.isin(states, (cells.GOOD, BLANK)),
        at,
        lambda shown: (
            f"{_spoken(name)} is {shown or 'not readable'}; accepted are {accepted}, or an empty cell."
        ),
    )
    return words


def read_tasks(body: Body, shared: dict[str, int], choices: ReadingChoices) -> pd.DataFrame:
    """TASKS with `_line` and `_column`; a task needs practitioner, client, session and its own words."""
    data = {**_case_keys(body, shared), "session": _session(body, shared)}
    at = shared["task"]
    data["task"] = body.needed("task", at, cells.identifiers(body.column(at)), "the task in a few words")
    data["kind"] = _one_of(body, shared, "kind", ("in_session", "home", "environmental"))
    data["set_by"] = _one_of(body, shared, "set_by", ("client", "practitioner", "both", "other"))
    for name in ("client_relevance", "practitioner_relevance"):
        data[name] = _mark(body, shared, name, _OF_TEN)
    for name in ("tried_before", "worked_before"):
        data[name] = _one_of(body, shared, name, _YES_NO)
    data["done"] = _one_of(body, shared, "done", ("yes", "partly", "no"))
    return body.frame({**data, "_column": np.full(len(body.rows), at)})


def read_goals(body: Body, shared: dict[str, int], choices: ReadingChoices) -> pd.DataFrame:
    """GOALS with `_line` and `_column`; a goal needs practitioner, client and session."""
    data = {**_case_keys(body, shared), "session": _session(body, shared)}
    for name in ("client_goal", "practitioner_goal"):
        data[name] = _text(body, shared, name)
    data["agreement"] = _mark(body, shared, "agreement", _OF_TEN)
    return body.frame({**data, "_column": np.full(len(body.rows), shared["session"])})


def read_review(body: Body, shared: dict[str, int], choices: ReadingChoices) -> pd.DataFrame:
    """REVIEW with `_line` and `_column`; it needs practitioner, client and session. No decision yet is an empty cell."""
    data = {**_case_keys(body, shared), "session": _session(body, shared)}
    data["decision"] = _one_of(body, shared, "decision", ("confirmed", "not_a_rupture", "watch"))
    data["done"] = _one_of(body, shared, "done", ("yes", "partly", "no"))
    for name in ("action", "owner", "note", "outcome_then"):
        data[name] = _text(body, shared, name)
    for name in ("due", "decided_on"):
        data[name] = _day(body, shared, name, choices)
    data["session_date"] = _day(
        body, {"session_date": shared["date"]} if "date" in shared else {}, "session_date", choices
    )
    data["until_session"] = _known_then(body, shared, "until_session", cells.sessions)
    data["fall_then"] = _known_then(body, shared, "fall_then", cells.numbers)
    return body.frame({**data, "_column": np.full(len(body.rows), shared["decision"])})


def _known_then(
    body: Body, shared: dict[str, int], name: str, read: Callable[[Cells], Read]
) -> NDArray[np.float64]:
    """A number of our own that says what a decision was about; one that cannot be read is pointed out, and left out of account."""
    if name not in shared:
        return np.full(len(body.rows), np.nan)
    column = body.column(shared[name])
    values, states = read(column).spread(column.codes)
    body.name_cells(
        WARNING,
        "known_then_unreadable",
        ~np.isin(states, (cells.GOOD, BLANK)),
        shared[name],
        lambda shown: (
            f"{shown or 'This cell'} cannot be read and is left out of account: our own export writes this column. The decision itself is used."
        ),
    )
    return values


def read_cases(body: Body, shared: dict[str, int], choices: ReadingChoices) -> pd.DataFrame:
    """CASE_NOTES with `_line` and `_column`; a date that cannot be read is left unknown. Closed may say yes or no instead."""
    data = _case_keys(body, shared)
    for name in ("team", "approach"):
        data[name] = _text(body, shared, name)
    data["started"] = _day(body, shared, "started", choices)
    words = wordings.known("values", "yes") | wordings.known("values", "no")
    data["closed"] = _day(body, shared, "closed", choices, words)
    data["ended"] = _ended(body, shared, data["closed"])
    return body.frame({**data, "_column": np.full(len(body.rows), shared["client"])})


def _ended(body: Body, shared: dict[str, int], day: NDArray[Any]) -> NDArray[Any]:
    """yes where Closed has a day, or says anything but no: a case marked closed is no open case."""
    said = ~np.isnat(day)
    if "closed" in shared:
        column = body.column(shared["closed"])
        going_on = wordings.known("values", "no") | wordings.known("values", "blank")
        words = [wordings.key(shown) for shown in column.shown()]
        ends = np.array([bool(word) and word not in going_on for word in words]) & ~column.empty
        said = said | ends[column.codes]
    return np.array([None, "yes"], object)[said.astype(np.intp)]


def _day(
    body: Body,
    shared: dict[str, int],
    name: str,
    choices: ReadingChoices,
    words: frozenset[tuple[str, ...]] = frozenset(),
) -> Any:
    """Days of one column; `words` may stand there instead, and need no remark."""
    if name not in shared:
        return np.full(len(body.rows), np.datetime64("NaT", "us"), "datetime64[us]")
    at = shared[name]
    column = body.column(at)
    days, states = dates(column, choices.date_order, body.sheet.from_1904).read.spread(column.codes)
    said = np.array([wordings.key(shown) in words for shown in column.shown()], dtype=bool)[column.codes]
    body.name_cells(
        WARNING,
        "date_order_needed",
        states == AMBIGUOUS,
        at,
        lambda shown: (
            f"{shown} can be read day first or month first and is left unknown. State the order: date_order "
            "in a profile, or on the page."
        ),
    )
    body.name_cells(
        WARNING,
        "date_unreadable",
        np.isnat(days) & ~np.isin(states, (BLANK, AMBIGUOUS)) & ~said,
        at,
        lambda shown: (
            f"The date cannot be read: {shown}; it is left unknown. Accepted are 2025-11-03, 3.11.2025 or a date cell."
        ),
    )
    return days
