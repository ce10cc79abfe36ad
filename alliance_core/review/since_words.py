"""What has changed since the ratings were read before, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import pandas as pd

from alliance_core.notation import digits
from alliance_core.review.since import BOTH, GONE, NEW, Since
from alliance_core.review.told import OUTCOMES
from alliance_core.sentences import listed

Row = Mapping[str, Any]

# What a number of things is called: one, several.
_COUNTED = {
    "new_sessions": ("new session", "new sessions"),
    "new_forms": ("form that was missing came in", "forms that were missing came in"),
    "changed_forms": ("rating was changed", "ratings were changed"),
    "gone_sessions": ("session is not there any more", "sessions are not there any more"),
}
_OVER = {"repaired": "repaired", "strengthened": "repaired and stronger", "unrepaired": "not repaired"}
_OF_FALLS: dict[str, Callable[[Row], str]] = {
    NEW: lambda one: f"a fall from session {one['start_session']} that was not there before",
    "over": lambda one: f"the fall from session {one['start_session']} is {_OVER[one['outcome_now']]} by now",
    "outcome": lambda one: (
        f"the fall from session {one['start_session']} reads differently: {_outcome(one['outcome_now'])}; before: {_outcome(one['outcome_then'])}"
    ),
    "deepened": lambda one: f"the fall from session {one['start_session']} has become deeper",
    "shallower": lambda one: f"the fall from session {one['start_session']} is smaller now",
    "moved": lambda one: (
        f"the fall from session {one['session_then']} is found from session {one['start_session']} on now"
    ),
    GONE: lambda one: f"the fall from session {one['session_then']} is not found any more",
}


def of_case(changes: Since) -> str:
    """One case (Since.case) in one line: "new on the agenda; 2 new sessions"; empty where nothing has changed."""
    if changes.cases.empty:
        return ""
    case = _rows(changes.cases)[0]
    if case["case"] == NEW:
        return "this case is new"
    told = ["new on the agenda"] if case["agenda"] == NEW else []
    told += [_OF_FALLS[fall["change"]](fall) for fall in _rows(changes.falls)]
    told += [_counted(name, int(case[name])) for name in _COUNTED if case[name]]
    return "; ".join(told)


def overview(changes: Since, name: str) -> str:
    """All cases together, in one or two sentences. `name`: what the ratings are compared with."""
    if not changes.comparable:
        return f"There is nothing to compare with: these files hold no case of {name}."
    if not changes.cases["changed"].any():
        return f"Nothing has changed since {name}."
    told = [_of_agenda(changes, name), _of_cases(changes.cases)]
    return " ".join(text for text in told if text) or f"Since {name}, falls read differently only."


def _of_agenda(changes: Since, name: str) -> str:
    cases, falls = changes.cases, changes.falls
    on, off = (cases["agenda"] == NEW).sum(), len(off_the_agenda(changes))
    new, over = (
        (falls["change"] == NEW).sum(),
        falls["outcome_now"][(falls["change"] == "over").to_numpy(bool)],
    )
    lasting = (over == "unrepaired").sum()
    told = {
        ("case new on the agenda", "cases new on the agenda"): on,
        ("case not on it any more", "cases not on it any more"): off,
        ("new fall", "new falls"): new,
        ("open fall repaired by now", "open falls repaired by now"): len(over) - lasting,
        ("open fall that was not repaired", "open falls that were not repaired"): lasting,
        **{words: cases[column].sum() for column, words in _COUNTED.items()},
    }
    said = "; ".join(_many(int(number), *words) for words, number in told.items() if number)
    return f"Since {name}: {said}." if said else ""


def _of_cases(cases: pd.DataFrame) -> str:
    new, gone = (int((cases["case"] == side).sum()) for side in (NEW, GONE))
    told = [
        f"{_many(new, 'case is', 'cases are')} here for the first time" if new else "",
        f"{_many(gone, 'case', 'cases')} of then {'is' if gone == 1 else 'are'} not in these files"
        if gone
        else "",
    ]
    said = listed([text for text in told if text])
    return f"{said}." if said else ""


def off_the_agenda(changes: Since) -> list[tuple[str, str, str]]:
    """Cases that were on the agenda then and are not now, though they are in these files: practitioner, client, the reason then; in key order."""
    gone = changes.cases[((changes.cases["agenda"] == GONE) & (changes.cases["case"] == BOTH)).to_numpy(bool)]
    return [
        (str(p), str(c), str(why))
        for p, c, why in gone[["practitioner", "client", "reason_then"]].itertuples(index=False)
    ]


def _counted(name: str, number: int) -> str:
    return _many(number, *_COUNTED[name])


def _many(number: int, one: str, several: str) -> str:
    return f"{digits(number, ',')} {one if number == 1 else several}"


def _outcome(name: Any) -> str:
    return OUTCOMES.get(str(name), str(name))


def _rows(frame: pd.DataFrame) -> list[Row]:
    return cast("list[Row]", frame.to_dict("records"))
