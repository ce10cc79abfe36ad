"""What is said of approaches and teams, in plain words: never an order, never a verdict on a group.

Everything here is told from what may be published (measures.across).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from alliance_core.measures.across import ALL, NOT_STATED, TOGETHER, Across
from alliance_core.measures.suppression import enough
from alliance_core.notation import digits
from alliance_core.sentences import listed, signed
from alliance_core.service_sentences import FEW_FALLS
from alliance_core.settings import Settings
from alliance_core.terms import TERMS, Terms
from alliance_core.work_sentences import interval

Row = Mapping[str, Any]

MANY = {"approach": "approaches", "team": "teams"}
MOST_NAMED = 4  # groups whose means a sentence lists; the picture has all
_PCT = "% of the maximum possible"
_NOT_SHOWN = "not shown"


class Figure(NamedTuple):
    """One figure as it is shown: its title, its measure in measures.explained, what is said of all groups together, and where it is drawn.

    `rows`: name, value, low, high (in the axis' unit; missing where not shown), told (the figure in words), one row a group. `all`: the value of all as one.
    `ends` of the axis: None where the data say.
    """

    column: str
    title: str
    measure: str
    note: str
    axis: str
    ends: tuple[float | None, float | None]
    rows: pd.DataFrame
    all: float


class _Kind(NamedTuple):
    title: str
    measure: str
    axis: str
    ends: tuple[float | None, float | None]
    unit: float = 1


_FIGURES = {
    "client_overall": _Kind("Clients' mean rating, overall", "group_mean", _PCT, (None, 100)),
    "client_goal": _Kind("Clients' mean rating, goal", "group_mean", _PCT, (None, 100)),
    "client_task": _Kind("Clients' mean rating, task", "group_mean", _PCT, (None, 100)),
    "client_bond": _Kind("Clients' mean rating, bond", "group_mean", _PCT, (None, 100)),
    "gap": _Kind("Usual gap, practitioner − client", "group_gap", "points", (None, None)),
    "falls": _Kind("Falls per 100 sessions that clients rated", "fall_rate", "falls", (0, None)),
    "repaired": _Kind("Falls that were repaired", "repaired_share", "%", (0, 100), 100),
    "recognised": _Kind("Falls that the practitioner's rating registered", "recognition", "%", (0, 100), 100),
}


def _there(value: Any) -> bool:
    return value is not None and not pd.isna(value)


def rows_of(found: Across, way: str) -> list[dict[str, Any]]:
    """The groups of one kind as they are shown, each with what it is called."""
    rows: Any = found.groups[found.groups["by"] == way].to_dict("records")
    together = "others together" if len(rows) > 1 else "together"
    return [
        {**row, "name": f"{row['groups']} {together}" if row["group"] == TOGETHER else str(row["group"])}
        for row in rows
    ]


def _all(found: Across) -> dict[str, Any]:
    return rows_of(found, ALL)[0] if len(found.groups) else {"rated_clients": 0, "practitioners": 0}


def _names(found: Across, way: str, *status: str) -> list[str]:
    own = found.names[(found.names["by"] == way) & found.names["status"].isin(status)]
    return [str(name) for name in own["group"]]


def side_by_side(found: Across, way: str) -> bool:
    """Whether there are two groups or more to show beside each other."""
    return len(rows_of(found, way)) > 1


def so_what(found: Across, way: str, settings: Settings, terms: Terms = TERMS) -> str:
    """Whether clients' overall ratings differ between the groups, or why nothing can be said."""
    own, whole, many = settings.suppression, _all(found), MANY[way]
    groups = _names(found, way, "shown", "held back")
    if _names(found, way, "shown", "held back", "no ratings") in ([], [NOT_STATED]):
        return f"No {way} is stated for any case, so there is nothing to put side by side."
    if not enough(whole["rated_clients"], whole["practitioners"], own):
        return terms.termed(
            f"Too few to put {many} side by side: that takes {own.min_clients} clients who rated, of {own.min_practitioners} practitioners."
        )
    if len(groups) == 1:
        what = f"of one {way}, {groups[0]}" if groups != [NOT_STATED] else f"without a stated {way}"
        return f"All cases with ratings are {what}, so there is nothing to put beside it."
    if not side_by_side(found, way):
        return f"These {len(groups)} {many} are too small to be shown apart."
    return _difference(found, way, settings, terms)


def _difference(found: Across, way: str, settings: Settings, terms: Terms) -> str:
    rows = [row for row in rows_of(found, way) if _there(row["client_overall"])]
    many, said = MANY[way], _said(found, way, "overall")
    level = interval(settings)
    if said == "none detectable":
        return terms.termed(
            f"No difference between {many} can be told from chance: clients' overall ratings lie at {round(rows[0]['client_overall'])} % of the maximum "
            f"possible in all of them ({level} {_ends(rows[0])})."
        )
    if said != "detectable":
        return terms.termed(f"Whether clients' overall ratings differ between {many} cannot be told.")
    start = terms.termed(f"Clients' overall ratings may differ between {many}")
    if len(rows) > MOST_NAMED:
        return f"{start}: the picture has each of them with its interval."
    each = [f"{row['name']} {_mean(row)}" for row in rows]
    return f"{start}: {listed(each)} of the maximum possible, with {level}s."


def all_given_one(found: Across, way: str) -> list[str]:
    """The means (columns of ACROSS) that are one number in all groups of a kind, as no difference between them can be told from chance."""
    own = found.differences
    here = (own["by"] == way).to_numpy(bool) & (own["difference"] == "none detectable").to_numpy(bool)
    return [f"client_{scale}" for scale in own.loc[here, "scale"]]


def means_drawn(found: Across, way: str, terms: Terms = TERMS) -> str:
    """How the means of groups are made, and which of them are one number in all groups; empty where no groups stand side by side."""
    if not side_by_side(found, way):
        return ""
    same = [column.removeprefix("client_") for column in all_given_one(found, way)]
    drawn = "Clients' mean ratings are drawn towards that of all."
    one = f" No detectable difference ({listed(same)}): all are given the mean of all." if same else ""
    return terms.termed(drawn + one)


def _said(found: Across, way: str, scale: str) -> str:
    here = (found.differences["by"] == way) & (found.differences["scale"] == scale)
    return str(found.differences.loc[here, "difference"].iloc[0])


def _mean(row: Row) -> str:
    return f"{round(row['client_overall'])} % ({_ends(row)})"


def _ends(row: Row) -> str:
    low, high = row["client_overall_low"], row["client_overall_high"]
    return f"{round(low)} to {round(high)}" if _there(low) else "not known"


def not_apart(found: Across, way: str, settings: Settings, terms: Terms = TERMS) -> list[str]:
    """Which groups are not shown apart, and why; which have no ratings. Not which of them were too small."""
    own, lines = settings.suppression, list[str]()
    together, silent = _names(found, way, "held back"), _names(found, way, "no ratings")
    if together and _names(found, way, "shown"):
        lines.append(
            f"Counted together: {listed(together)}. A group is shown apart from {own.min_clients} {terms.clients} who rated, of "
            f"{own.min_practitioners} {terms.practitioners}, and only where nobody can work out from what is shown how fewer than that rated."
        )
    if silent:
        lines.append(f"No {terms.client} has rated so far: {listed(silent)}.")
    return lines


def figures(found: Across, way: str, terms: Terms = TERMS) -> list[Figure]:
    """The figures of one kind of groups, in reading order; those that nothing is known of are left out."""
    rows, whole = rows_of(found, way), _all(found)
    if not rows:
        return []
    made = [_figure(found, way, column, rows, whole, terms) for column in _FIGURES]
    return [one for one in made if one.rows["value"].notna().any()]


def _figure(
    found: Across, way: str, column: str, rows: list[dict[str, Any]], whole: Row, terms: Terms
) -> Figure:
    kind = _FIGURES[column]
    value = f"{column}_share" if column in ("repaired", "recognised") else column
    drawn = pd.DataFrame(
        [
            {
                "name": row["name"],
                "value": row[value],
                "low": row[f"{column}_low"],
                "high": row[f"{column}_high"],
                "told": told(row, column),
            }
            for row in rows
        ]
    )
    drawn[["value", "low", "high"]] *= kind.unit
    note = _chance(whole) if column == "falls" else ""
    if column in all_given_one(found, way):
        note = "No detectable difference: all are given the mean of all."
    whole_value = whole[value] * kind.unit
    return Figure(
        column, terms.termed(kind.title), kind.measure, note, kind.axis, kind.ends, drawn, whole_value
    )


def _whole(value: float) -> str:
    return str(round(value))


def _chance(whole: Row) -> str:
    """How many falls chance gives, over all groups."""
    if not _there(whole["expected"]) or not _there(whole["episodes"]):
        return ""
    return f"In all {digits(int(whole['episodes']), ',')} found; {digits(whole['expected'], ',.1f')} expected from chance order, {digits(whole['steady'], ',.1f')} in steady cases with the same noise."


def told(row: Row, column: str) -> str:
    """One figure of one row with its interval, or what it is of; why there is none where there is none."""
    if column in ("repaired", "recognised"):
        return _share(row, column)
    value, low, high = (row[f"{column}{end}"] for end in ("", "_low", "_high"))
    if not _there(value):
        return "no session rated by both" if column == "gap" and row["paired_clients"] == 0 else _NOT_SHOWN
    if column == "falls":
        return f"{digits(value, '.1f')} ({digits(low, '.1f')} to {digits(high, '.1f')})"
    number = signed if column == "gap" else _whole
    return number(value) + (f" ({number(low)} to {number(high)})" if _there(low) else "")


def _share(row: Row, name: str) -> str:
    of = row["followed" if name == "repaired" else "recognisable"]
    if not _there(of):
        return FEW_FALLS if _there(row["episodes"]) else _NOT_SHOWN
    if not int(of):
        return "none to count"
    low, high = (round(100 * float(row[f"{name}_{end}"])) for end in ("low", "high"))
    return f"{int(row[name])} of {int(of)} ({low} to {high} %)"


def numbers(found: Across, way: str, terms: Terms = TERMS) -> pd.DataFrame:
    """All figures in words, one row a group and one for all as one: what a table shows."""
    lines = list[dict[str, Any]]()
    for row in [*rows_of(found, way), *rows_of(found, ALL)]:
        chance = digits(row["expected"], ",.1f") if _there(row["expected"]) else _NOT_SHOWN
        lines.append(
            {
                way: row["name"],
                "clients who rated": int(row["rated_clients"]),
                "practitioners": int(row["practitioners"]),
                "sessions they rated": int(row["rated_sessions"]),
                **{kind.title: told(row, column) for column, kind in _FIGURES.items()},
                "falls found": str(row["episodes"]) if _there(row["episodes"]) else _NOT_SHOWN,
                "falls expected by chance": chance,
            }
        )
    table = pd.DataFrame(lines)
    return table.rename(columns={name: terms.termed(name) for name in table.columns if name != way})
