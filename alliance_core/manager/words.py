"""What is said of a service to a manager: through when, why nothing is said, what may not be concluded, and each figure with its name."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from alliance_core import notation, service_sentences
from alliance_core.across_sentences import MANY
from alliance_core.manager.figures import ServiceFigures
from alliance_core.manager.over_time import GAP, OVERALL
from alliance_core.measures.across import NOT_STATED
from alliance_core.measures.closed_periods import LONGEST_WAIT, SESSIONS, Stretch
from alliance_core.notation import stretch
from alliance_core.sentences import interval, listed
from alliance_core.terms import TERMS, Terms

OVER_TIME = {
    "clients": "Clients with a session",
    "sessions": "Sessions",
    "client_forms": "Sessions with a form of the client",
    "practitioner_forms": "Sessions with a form of the practitioner",
    "level": "Clients' mean overall rating",
    "falls": "Possible ruptures that began",
    "fall_rate": "Possible ruptures per 100 rated sessions",
    "gap": "Usual gap, practitioner − client",
}
SPREAD = {
    OVERALL: "Clients' latest overall rating",
    "client_goal": "Clients' latest rating, goal",
    "client_task": "Clients' latest rating, task",
    "client_bond": "Clients' latest rating, bond",
    GAP: "Clients' mean gap, practitioner − client",
}
_BASES = {
    OVERALL: "overall ratings and possible ruptures",
    "client_goal": "goal",
    "client_task": "task",
    "client_bond": "bond",
    GAP: "gaps",
}


def so_what(found: ServiceFigures, terms: Terms = TERMS) -> str:
    """The one sentence on top: how many rated and had a possible rupture, or why nothing is said."""
    if found.closed.state == "waiting":
        own = found.settings.suppression
        return terms.termed(
            f"Nothing is told yet: a summary begins when a month is over in which, or up to which, {own.min_clients} clients "
            f"of {own.min_practitioners} practitioners had a session."
        )
    return service_sentences.so_what(found.service, found.settings, terms)


def through(found: ServiceFigures, terms: Terms = TERMS) -> list[str]:
    """Through when everything is told, and what is left out."""
    if not found.told:
        return []
    if not found.closed.dated:
        return [
            "No session has a date, so all of them are in it. Two summaries without dates give away what lies between them: hand out one."
        ]
    last, lines = found.last_day(), list[str]()
    lines.append(f"Told through {_day(last)}. What came later is not in it yet.")
    lines += _later(found, last, terms)
    if found.closed.undated:
        lines.append("Sessions without a date are left out.")
    return lines


def groups_wait(found: ServiceFigures, way: str) -> str:
    """Why nothing is told of approaches, or teams, yet; empty where something is, or where there is nothing to tell."""
    names = found.groups.names
    stated = set(names.loc[(names["by"] == way).to_numpy(bool), "group"]) - {NOT_STATED}
    if SESSIONS in found.closed.groups or found.closed.state == "too few" or not stated:
        return ""
    return (
        f"{many(way).capitalize()} are not told yet: that takes the end of a quarter at which each of them is large enough, "
        f"or {LONGEST_WAIT} months."
    )


def groups_through(found: ServiceFigures, terms: Terms = TERMS) -> list[str]:
    """Through when groups are told."""
    if SESSIONS not in found.closed.groups or not found.closed.dated:
        return []
    last = found.closed.groups[SESSIONS].last
    others = {
        base: found.closed.groups[base].last if base in found.closed.groups else None
        for base in (OVERALL, GAP)
    }
    return [f"Told through {_day(last)}.", *_others(others, last, terms)]


def _later(found: ServiceFigures, last: date | None, terms: Terms) -> list[str]:
    return _others({base: found.last_day(base) for base in (OVERALL, GAP)}, last, terms)


def _others(ends: dict[str, date | None], last: date | None, terms: Terms) -> list[str]:
    """Figures that are told through another day, or not at all."""
    lines = list[str]()
    for base, end in ends.items():
        what = _BASES[base].capitalize()
        if end is None:
            lines.append(f"{what} are not told yet: too few gave one.")
        elif end != last:
            lines.append(f"{what}: through {_day(end)}, as too few gave one since.")
    return [terms.termed(line) for line in lines]


def _day(day: date | None) -> str:
    return "" if day is None else notation.day(pd.Timestamp(day))


def period(found: ServiceFigures) -> str:
    """The months that the service as a whole is told of."""
    blocks = found.closed.blocks.get(SESSIONS)
    return stretch(*Stretch(blocks[0].first, blocks[-1].last)) if blocks else "nothing told yet"


def facts(found: ServiceFigures, terms: Terms = TERMS) -> list[tuple[str, str | int]]:
    """What a reader looks for first: the period, and how much is in it (numbers)."""
    counts = {str(row["figure"]): row["count"] for row in _records(found.service)}
    return [
        ("Period", period(found)),
        ("Teams", found.teams or "none stated"),
        *(
            (terms.termed(title), int(counts[name]))
            for name, title in (
                ("practitioners", "Practitioners"),
                ("cases", "Cases"),
                ("sessions", "Sessions"),
            )
            if name in counts
        ),
    ]


def not_apart(found: ServiceFigures, way: str) -> str:
    """Which groups are counted together; empty where none are."""
    names = found.groups.names
    held = names[(names["by"] == way).to_numpy(bool) & (names["status"] == "held back").to_numpy(bool)][
        "group"
    ]
    return f"Counted together: {listed([str(name) for name in held])}." if len(held) else ""


def not_concluded(terms: Terms = TERMS) -> list[str]:
    """What no figure here says."""
    return [
        terms.termed(line)
        for line in (
            "A possible rupture is a rating that fell by more than ratings vary by. It says: look at this session. It does not say that a rupture occurred.",
            "Few possible ruptures are not quality, and many are no failing: they are found only where clients rate, and most where they rate freely.",
            "A rating that came back is no proof of repair: in pure noise more than half of such falls come back.",
            "Nothing here compares practitioners, and no order of approaches or teams follows from it: who comes to them, for how long, and with which form, differs.",
            "A gap is judged against what is usual: clients commonly rate higher than practitioners. Nothing on outcome follows from its direction.",
            "Forms that are missing are unknown, neither good nor bad. It is not a medical device, and not validated for decisions about single people.",
        )
    ]


def how_it_is_guarded(found: ServiceFigures, terms: Terms = TERMS) -> list[str]:
    """How nobody is given away, in plain sentences."""
    own = found.settings.suppression
    many = f"{own.min_clients} clients of {own.min_practitioners} practitioners"
    return [
        terms.termed(line)
        for line in (
            f"Every figure is of {many} or more, or counts possible ruptures among so many, which may be few; the same holds of what adding and subtracting gives.",
            f"A share of possible ruptures is told only of {own.min_clients} or more, of approaches or teams only where each of them (and those counted together) has so many. Else: too few falls.",
            f"Time moves in steps: a step ends with a month, {found.settings.service.settle_days} days after it, once {many} had a session in it. Everything is told through the end of the last step, so two summaries never differ by fewer.",
            f"Approaches and teams move in steps of quarters, which end when every group is large enough, or has not changed, and a month minus a group would give nobody away; after {LONGEST_WAIT} months those that are not are counted with others, from then on.",
            "Figures that only some sessions have, such as the gap, end their steps on their own. No quarter or middle is given where too few lie on either side, and nothing has more digits than are shown.",
            "What ratings vary by changes with each summary, so falls of earlier months may be counted a little differently in a later one.",
            "It cannot guard against ratings that are entered or corrected after their month was told, or cases that change their team. Summaries made with another rule, or with other limits, are other summaries: hand out only one of such two.",
        )
    ]


def level(found: ServiceFigures) -> str:
    """Such as 95 % interval."""
    return interval(found.settings.agreement.interval_level)


def many(way: str) -> str:
    """approaches, teams."""
    return MANY[way]


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows: Any = frame.to_dict("records")
    return rows
