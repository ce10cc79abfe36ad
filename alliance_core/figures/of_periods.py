"""What may be said of one practitioner's own caseload over time: in sentences, as figures, and as a table in words."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from alliance_core.figures.wording import Figure, Row, counted, interval, known, told, too_few
from alliance_core.notation import month
from alliance_core.sentences import TERMS, Terms, listed, signed
from alliance_core.settings import Settings
from alliance_core.tables import FACETS


def period(row: Row) -> str:
    """A period's name: "Jan–Mar 2025", "Mar 2025", "Nov 2024–Mar 2025"."""
    return _name(row["first_day"], row["last_day"])


def _name(first: pd.Timestamp, last: pd.Timestamp) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return f"{month(first)} {first.year}"
    return (
        f"{month(first)}–{month(last)} {last.year}"
        if first.year == last.year
        else f"{month(first)} {first.year}–{month(last)} {last.year}"
    )


def _before(row: Row, settings: Settings) -> str:
    first = row["first_day"]
    return _name(first - pd.DateOffset(months=settings.over_time.months), first - pd.Timedelta(days=1))


def over_time(rows: Sequence[Row], parts: Row | None, settings: Settings, terms: Terms = TERMS) -> list[str]:
    """The sentences that come first. `rows`: the practitioner's PERIODS in order; `parts`: the line of PARTS_FALLEN, None where nothing fell."""
    if not rows:
        return [
            "None of these sessions has a day, so nothing can be said over time.",
            which_part(parts, settings),
        ]
    if len(rows) == 1:
        only = f"All sessions with a day lie in {period(rows[0])}, so there is no earlier period to compare with yet."
        return [only, which_part(parts, settings)]
    latest = rows[-1]
    return [_movement(latest, settings, terms), _gap(latest, settings, terms), which_part(parts, settings)]


def _between(row: Row, settings: Settings) -> str:
    return f"from {_before(row, settings)} to {period(row)}"


def _movement(row: Row, settings: Settings, terms: Terms) -> str:
    n = int(row["moved_clients"])
    if not known(row["moved"]):
        return (
            f"How the {terms.clients}' ratings moved {_between(row, settings)} cannot be told: "
            f"{counted(n, terms.client, terms.clients)} rated in both; from {settings.over_time.clients_from} on."
        )
    return (
        f"The same {n} {terms.clients} rated {_moved(row, 'moved')} {_between(row, settings)} "
        f"({_interval(row, 'moved', settings)}): {_beyond(row, 'moved')}."
    )


def _gap(row: Row, settings: Settings, terms: Terms) -> str:
    n = int(row["gap_moved_clients"])
    now = f"The gap was {signed(row['gap'])} points in {period(row)}" if known(row["gap"]) else ""
    if not known(row["gap_moved"]):
        why = f"{counted(n, terms.client, terms.clients)} with a pair in both periods; from {settings.over_time.clients_from} on"
        return (
            f"{now}; whether it moved cannot be told: {why}."
            if now
            else f"Whether the gap moved cannot be told: {why}."
        )
    return (
        f"{now}; within the {n} {terms.clients} with a pair in both periods it moved by {signed(row['gap_moved'])} points "
        f"({_interval(row, 'gap_moved', settings)}): {_beyond(row, 'gap_moved')}."
    )


def _moved(row: Row, name: str) -> str:
    size = round(abs(float(row[name])))
    if size == 0:
        return "about as before"
    return f"{counted(size, 'point')} {'higher' if row[name] > 0 else 'lower'} on average"


def _interval(row: Row, name: str, settings: Settings) -> str:
    return interval(row[f"{name}_low"], row[f"{name}_high"], settings, signed)


def _beyond(row: Row, name: str) -> str:
    inside = row[f"{name}_low"] <= 0 <= row[f"{name}_high"]
    return (
        "no more than chance allows"
        if inside
        else "more than chance allows, and worth asking what went with it"
    )


def which_part(parts: Row | None, settings: Settings) -> str:
    """Which of goal, task and bond fell in how many falls; which most often, where there are enough of them."""
    rated = 0 if parts is None else int(parts["rated"])
    if parts is None or not rated:
        return "No fall with goal, task and bond rated at the time, so it is not known which part falls."
    counts = {facet: int(parts[facet]) for facet in FACETS}
    each = listed([f"{facet} in {number}" for facet, number in counts.items()])
    text = f"Of {counted(rated, 'fall')} with goal, task and bond rated, {each}."
    few = too_few(rated, settings.over_time.falls_from, "fall")
    if few:
        return f"{text} Which falls most often cannot be told: {few}"
    most = [facet for facet, number in counts.items() if number == max(counts.values())]
    if not max(counts.values()):
        return f"{text} No single part stands out."
    return f"{text} {listed(most).capitalize()} fell most often{', equally' if len(most) > 1 else ''}."


def of_periods(
    rows: Sequence[Row], parts: Row | None, settings: Settings, terms: Terms = TERMS
) -> list[Figure]:
    """The figures of the latest period, each to be opened to what it is."""
    least, rated = settings.over_time.clients_from, 0 if parts is None else int(parts["rated"])
    no_days = "No session has a day."
    found: list[Figure] = []
    for measure, name, what in (("moved", "moved", "rated"), ("gap_over_time", "gap_moved", "have a pair")):
        if not rows:
            found.append(Figure(measure, "", why_not=no_days))
            continue
        latest = rows[-1]
        n = counted(int(latest[f"{name}_clients"]), terms.client, terms.clients)
        if not known(latest[name]):
            found.append(Figure(measure, "", why_not=f"{n}; from {least} on."))
            continue
        between = f"{_between(latest, settings)}: {n} who {what} in both periods."
        ends = _interval(latest, name, settings)
        found.append(
            Figure(measure, f"{signed(latest[name])} points", ends, told(between[:1].upper() + between[1:]))
        )
    few = too_few(rated, settings.over_time.falls_from, "fall")
    if few or parts is None:
        found.append(Figure("parts_fallen", "", why_not=few))
    else:
        each = listed([f"{facet} {int(parts[facet])}" for facet in FACETS])
        found.append(
            Figure(
                "parts_fallen",
                f"{each} of {rated}",
                numbers=told(f"{counted(int(parts['episodes']), 'fall')} in all."),
            )
        )
    return found


def table(rows: Sequence[Row]) -> pd.DataFrame:
    """The periods as people read them, latest first; numbers of points are whole, and what is too few to give is empty."""
    return pd.DataFrame(
        [
            {
                "period": period(row),
                "sessions": int(row["sessions"]),
                "clients": int(row["clients"]),
                "ratings moved, points": _told(row, "moved"),
                "gap, points": _told(row, "gap"),
                "falls": int(row["episodes"]),
                "came back": int(row["back"]),
                "not repaired": int(row["unrepaired"]),
                "registered": f"{int(row['recognised'])} of {int(row['recognisable'])}" if row["recognisable"] else None,
            }
            for row in reversed(rows)
        ],
        columns=["period", "sessions", "clients", "ratings moved, points", "gap, points", "falls", "came back", "not repaired", "registered"],
    )  # fmt: skip


def _told(row: Row, name: str) -> str | None:
    if not known(row[name]):
        return None
    return f"{signed(row[name])} ({signed(row[f'{name}_low'])} to {signed(row[f'{name}_high'])})"


def drawn(rows: Sequence[Row], name: str) -> pd.DataFrame:
    """The periods as charts.intervals draws them, in order: name, value, low, high, told. `name`: moved or gap."""
    columns = ["name", "value", "low", "high", "told"]
    return pd.DataFrame(
        [
            (period(row), row[name], row[f"{name}_low"], row[f"{name}_high"], signed(row[name]) if known(row[name]) else "not known")
            for row in rows
        ],
        columns=columns,
    ).astype({"value": float, "low": float, "high": float})  # fmt: skip
