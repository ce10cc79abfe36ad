"""From headers to a plan: which column holds what, for whom, and where the rows begin.

LAYOUTS is the list of known layouts, tried in order; another layout is another line there: a name, what it
looks like in words, and one function that gives a plan, or None where the sheet is not of that kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from alliance_core.reading import named_sheets, session_columns, wordings
from alliance_core.reading.cells import has_words
from alliance_core.reading.headers import Meaning
from alliance_core.reading.plans import Found, Plan, Side, is_rating, standing_twice
from alliance_core.reading.sheet_names import rater_in
from alliance_core.reading.survey import texts_of
from alliance_core.tables import RATERS, SCALES

MIN_RATINGS = 3  # columns of ratings that make a sheet one of ratings when only one of its keys is understood


def _enough(found: Found) -> bool:
    """Whether a sheet with rating-like headers can be one of ratings: a list with a Date and a Total is none."""
    keys = sum(found.has(name) for name in ("practitioner", "client", "session", "rater"))
    ratings = sum(is_rating(m) for m in found.fields)
    return keys >= 2 or (keys == 1 and ratings >= MIN_RATINGS)


def _ratings(found: Found, items: bool) -> dict[str, dict[str, int]]:
    """Rating columns by rater ("" where the header names none), where there are columns of that kind."""
    result: dict[str, dict[str, int]] = {}
    for rater in ("", *RATERS):
        columns = found.columns(
            rater,
            lambda m: is_rating(m) or m.field == "answered" or (bool(m.rater) and m.field == "instrument"),
        )
        if any((name.startswith("item_") if items else name in SCALES) for name in columns):
            result[rater] = columns
    return result


def _paired(found: Found, items: bool) -> Plan | None:
    if not any(_ratings(found, items).keys() & set(RATERS)) or not _enough(found):
        return None
    every = _ratings(found, items=False) | _ratings(
        found, items=True
    )  # one side may have items, the other scores
    sided = {rater: every[rater] for rater in RATERS if rater in every}
    whose = " and ".join(sided)
    what = "items" if items else "scores"
    return Plan(
        "paired items" if items else "paired",
        "forms",
        f"one row is one session, with {what} of {whose} in columns of their own",
        found.shared(),
        tuple(Side(rater, columns) for rater, columns in sided.items()),
    )


def _long(found: Found, items: bool) -> Plan | None:
    columns = _ratings(found, items).get("")
    if not columns or not _enough(found):
        return None
    what = "items" if items else "scores"
    shared = found.shared()
    if "rater" in shared:
        reason = f"one row is one form with {what}; a column says whose rating it is"
        return Plan(f"long {what}", "forms", reason, shared, (Side("", columns),))
    rater = rater_in(found.sheet.label)
    if rater and "rater" not in found.names:
        reason = f"one row is one form with {what}; the sheet's name says that the ratings are the {rater}'s"
        return Plan("two sheets", "forms", reason, shared, (Side(rater, columns),))
    return Plan(f"long {what}", "forms", f"one row is one form with {what}", shared, (Side("", columns),))


def _markers(found: Found) -> Plan | None:
    rated = any(is_rating(m) for m in found.fields)
    if rated or not found.has("client") or not (found.has("kind") or found.has("marker")):
        return None
    return Plan("markers", "markers", "one row is one recorded marker", found.shared())


def _cases(found: Found) -> Plan | None:
    rated = any(is_rating(m) for m in found.fields)
    known = any(found.has(name) for name in ("team", "approach", "started", "closed"))
    if rated or not known or not found.has("client") or found.has("session"):
        return None
    return Plan("cases", "cases", "one row is one case", found.shared())


def _matrix(found: Found) -> Plan | None:
    above = texts_of(found.sheet, found.row - 1) if found.row else [""] * len(found.headers)
    for at in range(1, len(above)):
        above[at] = above[at] or above[at - 1]  # merged cells hold their text in the first one
    return session_columns.plan(found, above)


def _four_lines(found: Found) -> Plan | None:
    names = wordings.names("four_lines")
    lines = {
        name: at
        for at, header in enumerate(found.headers)
        for name in names
        if wordings.key(header) in wordings.known("four_lines", name)
    }
    others = {at for at, m in enumerate(found.meanings) if m and is_rating(m)} - set(lines.values())
    sums = [at for at in sorted(others) if _is_sum(found, at)]
    again = tuple(one for one in standing_twice(found) if one[2] != "overall")
    again += tuple((at, sums[0], "overall") for at in sums[1:])
    if len(lines) < len(names) or others - set(sums) or not _enough(found):
        return None
    shared = {name: at for name, at in found.shared().items() if at not in lines.values()}
    said = found.names.get("rater") or rater_in(found.sheet.label)
    rater = "" if "rater" in shared else said or "client"
    reason = (
        "one row is one form with four lines: relationship, goals and topics, approach or method, overall"
    )
    whose = "" if "rater" in shared else f"; nothing says that anybody but the {rater} filled it in"
    fields = {f"item_{number}": lines[name] for number, name in enumerate(names, 1)}
    told = {at: f"item {number}" for number, at in enumerate(fields.values(), 1)}
    sides = (Side(rater, {**fields, **({"overall": sums[0]} if sums else {})}),)
    reason += whose
    return Plan("four lines", "forms", reason, shared, sides, told=told, twice=again, form="four-lines")


def _is_sum(found: Found, at: int) -> bool:
    """Whether a column beside the four lines is their sum or mean: Total is, another Overall is not."""
    line = wordings.key(found.headers[at]) in wordings.known("four_lines", "overall")
    return found.meanings[at] == Meaning("overall") and not line


def _survey(found: Found) -> Plan | None:
    inner = (_one_each(found) or _forms(found)) if found.below else None
    if inner is None:
        return None
    reason = f"headers stand in {found.below + 1} rows, as survey tools write them; {inner.reason}"
    return replace(inner, layout="survey export", reason=reason)


def _one_each(found: Found) -> Plan | None:
    return named_sheets.one_each(found, _forms)


def _one_score(found: Found) -> Plan | None:
    return named_sheets.one_score(found, _forms)


def _tasks(found: Found) -> Plan | None:
    own = ("set_by", "client_relevance", "practitioner_relevance", "tried_before", "worked_before", "done")
    at = found.fields.get(Meaning("task"))
    others = {m.field for m in found.fields if is_rating(m)} - {"task"}
    if at is None or others or not found.has("client") or not any(found.has(name) for name in own):
        return None
    return Plan("tasks", "tasks", "one row is one task", {**found.shared(), "task": at}, told={at: "task"})


def _goals(found: Found) -> Plan | None:
    """Goals in words; goal scores have numbers."""
    sided = {f"{rater}_goal": found.fields.get(Meaning("goal", rater)) for rater in RATERS[:2]}
    goals = {name: at for name, at in sided.items() if at is not None}
    others = {m for m in found.fields if is_rating(m)} - {Meaning("goal", rater) for rater in RATERS[:2]}
    named = wordings.key(found.sheet.label) in wordings.known("sheet_names", "goals")
    if not goals or others or not found.has("client") or not (named or found.has("agreement")):
        return None
    below = [found.sheet.columns[at].part(found.row + 1) for at in goals.values()]
    if not named and not any(map(has_words, below)):
        return None
    told = {at: name.replace("_", " ") + " in words" for name, at in goals.items()}
    return Plan("goals", "goals", "one row is one goal", {**found.shared(), **goals}, told=told)


def _review(found: Found) -> Plan | None:
    if any(is_rating(m) for m in found.fields) or not found.has("client", "decision"):
        return None
    return Plan("review", "review", "one row is what was decided about one session", found.shared())


class Layout(NamedTuple):
    """A layout that is recognised: its name, what it looks like, and the function that plans it."""

    name: str
    looks_like: str
    plan: Callable[[Found], Plan | None]


_FORMS = (
    Layout("session matrix", "Client, Rated by, S1, S2, S3", _matrix),
    Layout(
        "four lines",
        "Client, Session, Relationship, Goals and topics, Approach or method, Overall",
        _four_lines,
    ),
    Layout("paired items", "Client, Session, C1 … C12, T1 … T12", lambda found: _paired(found, items=True)),
    Layout(
        "paired",
        "Client, Session, Client goal, Client task, Therapist goal …",
        lambda found: _paired(found, items=False),
    ),
    Layout(
        "long items",
        "Therapist, Client, Session, Rated by, Item 1 … Item 12",
        lambda found: _long(found, items=True),
    ),
    Layout(
        "long scores",
        "Therapist, Client, Session, Rated by, Goal, Task, Bond",
        lambda found: _long(found, items=False),
    ),
)
LAYOUTS = (
    Layout("tasks", "Therapist, Client, Session, Task, Kind, Set by, Client relevance, Done", _tasks),
    Layout("goals", "Therapist, Client, Session, Client goal, Therapist goal, Agreement", _goals),
    Layout("review", "Therapist, Client, Session, Decision, Action, Owner, Due, Note", _review),
    Layout(
        "sheet per score",
        "sheets Goal, Task, Bond with Therapist, Client, Session, Rated by, Score",
        _one_score,
    ),
    Layout("survey export", 'Q1_1 …, below them the question texts, and {"ImportId": …}', _survey),
    Layout(
        "sheet per practitioner or case", "sheets P07, P08 with Client, Session, Rated by, Goal", _one_each
    ),
    *_FORMS,
    Layout("markers", "Therapist, Client, Session, Kind, Marker", _markers),
    Layout("cases", "Therapist, Client, Team, Approach, Started, Closed", _cases),
)


def plan_for(found: Found, stated: Mapping[tuple[str, ...], Meaning]) -> Plan | None:
    """The first layout that the headers fit. `stated`: the user's own meanings, of a sheet's name too."""
    return _first(LAYOUTS, replace(found, about=named_sheets.about(found.sheet.label, stated)))


def _forms(found: Found) -> Plan | None:
    return _first(_FORMS, found)


def _first(layouts: Iterable[Layout], found: Found) -> Plan | None:
    return next((plan for layout in layouts if (plan := layout.plan(found))), None)


def body_rows(found: Found) -> np.ndarray:
    """Rows below the header with anything in them, counted from 0 within the sheet's cells."""
    filled = np.zeros(found.sheet.height, bool)
    for cells in found.sheet.columns:
        filled |= ~cells.empty[cells.codes]
    filled[: found.row + 1 + found.below] = False
    return np.flatnonzero(filled)
