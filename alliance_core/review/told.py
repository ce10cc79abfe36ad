"""Decisions in plain words: what was decided, what became of it, and what has changed since."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from alliance_core import notation
from alliance_core.review.decisions import DISCUSSED
from alliance_core.review.matching import GONE, NO_CASE
from alliance_core.review.subjects import RECORDED_MARKER
from alliance_core.sentences import points

Row = Mapping[str, Any]

OUTCOMES = {
    "open": "it has not come back",
    "ended open": "it was not back at the last form",
    "repaired": "repaired",
    "strengthened": "repaired and stronger",
    "unrepaired": "not repaired",
    RECORDED_MARKER: "a recorded marker without a fall",
}
_NOT_KNOWN = ("open", "ended open")
_DONE = {"yes": "done", "partly": "partly done", "no": "not done"}


def day(moment: Any) -> str:
    """A date as people write it; empty where there is none.

    >>> day(pd.Timestamp(2025, 11, 3))
    '3 Nov 2025'
    """
    return "" if moment is None or pd.isna(moment) else notation.day(moment)


def in_words(decision: Row) -> str:
    """What was decided, in one line: "3 Nov 2025: watch. Raise the homework (P03, until 10 Nov 2025): partly done. Note: …"."""
    when = day(decision["decided_on"]) or "Day not known"
    if only_discussed(decision):
        return f"{when}: discussed, nothing decided."
    told = [f"{when}: {decision['decision']}." if _there(decision["decision"]) else f"{when}:"]
    if _there(decision["action"]) or _there(decision["owner"]) or _there(decision["due"]):
        told.append(action(decision) + ".")
    if _there(decision["note"]):
        told.append(f"Note: {decision['note']}")
    return " ".join(told)


def only_discussed(decision: Row) -> bool:
    """Whether it says no more than that the case was talked about."""
    rest = [decision[name] for name in ("decision", "action", "owner", "due", "done")]
    return _there(decision["note"]) and decision["note"] == DISCUSSED and not any(map(_there, rest))


def action(decision: Row) -> str:
    """The action with who does it, until when, and what became of it, as far as each is known."""
    named = str(decision["action"]) if _there(decision["action"]) else "No action named"
    until = f"until {day(decision['due'])}" if _there(decision["due"]) else ""
    who = ", ".join(str(part) for part in (decision["owner"], until) if _there(part) and part)
    became = f": {_DONE[decision['done']]}" if _there(decision["done"]) else ""
    return f"{named}{f' ({who})' if who else ''}{became}"


def changes(decision: Row) -> list[str]:
    """What has changed since it was decided (a row of `matched`), a sentence each; none where nothing has."""
    found = [_CHANGES[name](decision) for name in str(decision["changed"]).split(";") if name]
    if decision["match"] == NO_CASE:
        found.append("No ratings of this case are loaded. The decision is kept.")
    if decision["match"] == GONE:
        session = decision["session_now"]
        found.append(
            f"No fall is found at session {session} any more, because the ratings or the rule changed. The decision is kept."
            if _there(decision["outcome_then"])
            else f"No fall is found at session {session}. The decision is kept."
        )
    return found


def _depth(words: str, decision: Row) -> str:
    return f"{words}: {points(decision['depth_now'])}; {points(decision['fall_then'])} when this was decided."


def _outcome(decision: Row) -> str:
    then, now = (str(decision[name]) for name in ("outcome_then", "outcome_now"))
    if then in _NOT_KNOWN and now not in _NOT_KNOWN:
        return f"What followed is known now: {OUTCOMES.get(now, now)}."
    return f"It reads differently now: {OUTCOMES.get(now, now)}; when this was decided: {OUTCOMES.get(then, then)}."


_CHANGES: dict[str, Callable[[Row], str]] = {
    "renumbered": lambda one: f"Session {one['session']} has the number {one['session_now']} now.",
    "new day": lambda one: f"Session {one['session']} has another day now than when this was decided.",
    "moved": lambda one: f"The fall is found from session {one['start_session']} on now.",
    "near": lambda one: (
        f"No fall begins at session {one['session_now']}; this is taken to be about the one from session {one['start_session']} on."
    ),
    "found": lambda one: "A fall is found there now; there was none when this was decided.",
    "deepened": lambda one: _depth("It has become deeper since", one),
    "shallower": lambda one: _depth("It is smaller now", one),
    "outcome": lambda one: _outcome(one),
}


def _there(value: Any) -> bool:
    return value is not None and not pd.isna(value)
