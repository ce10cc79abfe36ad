"""The layers that a chart over sessions is made of: bands, lines, level, ticks, flags, labels."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

import altair as alt
import numpy as np
import pandas as pd

from alliance_core.charts.roles import ROLES, SIDES, Theme, colour
from alliance_core.measures.episodes import last_sessions
from alliance_core.notation import day
from alliance_core.sentences import episode_name
from alliance_core.terms import Terms

LABEL_GAP_PX = 15  # two labels at the right edge stay this far apart

Rows = pd.DataFrame | alt.NamedData
_SPAN = ["practitioner", "client", "rater", "facet", "outcome", "start", "end", "name"]
_LONGEST = 1000  # session numbers farther apart than this are dates or ids; nobody sees gaps between them


def spans(trace: pd.DataFrame, episodes: pd.DataFrame) -> pd.DataFrame:
    """Where each episode begins and ends, for any number of cases, in the episodes' order.

    Columns: practitioner, client, rater, facet, outcome, start, end (sessions), name (in words). The end is
    the last session that the trace counts to the episode; an open one has reached the case's last rated
    session. A practitioner's own episode is kept only where the client had none nearby, and those that only
    a recorded marker made have no span.
    """
    by_client = episodes["rater"] == "client"
    kept = (episodes["source"] == "score") & (by_client | (episodes["seen_by"] == "practitioner only"))
    wanted = episodes[kept].reset_index(drop=True)
    return wanted.assign(
        start=wanted["start_session"], end=last_sessions(trace, wanted), name=_names(wanted)
    )[_SPAN]


def _names(scored: pd.DataFrame) -> pd.Series:
    """The name of each episode; those of the same sessions and outcome, of whichever case, have the same one."""
    told = ["source", "start_session", "repair_session", "outcome"]
    number = scored.groupby(told, sort=False, observed=True, dropna=False).ngroup().to_numpy()
    different = cast("list[dict[str, Any]]", scored[told].drop_duplicates().to_dict("records"))
    names = pd.Series([episode_name(one) for one in different], dtype="str")
    return names.take(number).set_axis(scored.index)


def every_session(sessions: pd.DataFrame, facet: str) -> pd.DataFrame:
    """Session, day, client, practitioner: one row for each number from first to last, unrated ones empty."""
    numbers = sessions["session"].to_numpy(dtype="int64")
    first, last = numbers.min(), numbers.max()
    whole = np.arange(first, last + 1) if last - first < _LONGEST else np.sort(numbers)
    at = np.searchsorted(whole, numbers)
    days = np.full(len(whole), "unknown", dtype=object)
    dated = sessions["date"].notna().to_numpy()
    days[at[dated]] = [day(moment) for moment in sessions["date"][dated]]
    sides = {side: np.full(len(whole), np.nan) for side in SIDES}
    for side, values in sides.items():
        values[at] = sessions[f"{side}_{facet}"].to_numpy(dtype="float64")
    return pd.DataFrame({"session": whole, "day": days, **sides})


def score_floor(sessions: pd.DataFrame, facets: tuple[str, ...] = ("overall",)) -> float:
    """Lowest pct that a shared axis needs for both sides, at most 60, in steps of 10; 0 where nobody rated."""
    sides = sessions[[f"{side}_{facet}" for side in SIDES for facet in facets]]
    lowest = float(sides.min().min())
    return 0.0 if np.isnan(lowest) else float(np.clip(np.floor((lowest - 5) / 10) * 10, 0, 60))


class Frame(NamedTuple):
    """The coordinate system that all layers of one chart share."""

    first: float
    last: float
    low: float
    high: float
    x_axis: alt.Axis | None
    y_axis: alt.Axis | None
    theme: Theme

    def x(self, field: str) -> alt.X:
        domain = [self.first - 0.5, self.last + 0.5]
        return alt.X(f"{field}:Q", axis=self.x_axis, scale=alt.Scale(domain=domain, nice=False))

    def y(self, field: str) -> alt.Y:
        return alt.Y(
            f"{field}:Q", axis=self.y_axis, scale=alt.Scale(domain=[self.low, self.high], nice=False)
        )


def session_axis(first: float, last: float) -> alt.Axis:
    every = list(range(int(first), int(last) + 1)) if last - first < 16 else alt.Undefined
    return alt.Axis(title="session", grid=False, format="d", tickMinStep=1, values=every)


def lines(rows: pd.DataFrame, frame: Frame, size: int, terms: Terms) -> list[alt.Chart]:
    """The lines and marks of the sides that rated at all."""
    placed = rows.assign(place=rows["session"])
    return lines_of(placed, tuple(side for side in SIDES if rows[side].notna().any()), frame, size, terms)


def lines_of(rows: Rows, sides: tuple[str, ...], frame: Frame, size: int, terms: Terms) -> list[alt.Chart]:
    """Lines and marks over `place`; the client's filled circles lie on top of the hollow squares."""
    layers: list[alt.Chart] = []
    tooltip = [
        alt.Tooltip("session:Q", title="session"),
        alt.Tooltip("day:N", title="date"),
        *(alt.Tooltip(f"{side}:Q", title=terms.of(side), format=".0f") for side in SIDES),
    ]
    for side in reversed(sides):
        role, own = ROLES[side], colour(side, frame.theme)
        base = alt.Chart(rows).encode(frame.x("place"), frame.y(side))
        fill = own if role.filled else colour("paper", frame.theme)
        marks = base.transform_filter(f"isValid(datum.{side})").mark_point(
            shape=role.shape, size=size, fill=fill, stroke=own, strokeWidth=1.8, opacity=1
        )
        line = base.mark_line(color=own, strokeDash=list(role.dash), strokeWidth=2)
        layers += [line, marks.encode(tooltip=tooltip)]
    return layers


def edges(found: pd.DataFrame) -> pd.DataFrame:
    """The spans with the left and right edge of their bands, half a session beyond start and end."""
    return found.assign(left=found["start"] - 0.5, right=found["end"] + 0.5)


def bands(found: pd.DataFrame, frame: Frame) -> list[alt.Chart]:
    """Episodes as shaded bands; a practitioner's own one has edges only."""
    return bands_of(edges(found)[["rater", "left", "right"]], frame) if len(found) else []


def bands_of(rows: Rows, frame: Frame) -> list[alt.Chart]:
    role = ROLES["episode"]
    own = role.colour(frame.theme)
    base = alt.Chart(rows).encode(frame.x("left"), alt.X2("right"))
    filled = {"fill": own, "fillOpacity": role.opacity(frame.theme)}
    return [
        base.transform_filter("datum.rater == 'client'").mark_rect(**filled),
        base.transform_filter("datum.rater != 'client'").mark_rect(
            fillOpacity=0, stroke=own, strokeDash=[3, 3]
        ),
    ]


def band_names(found: pd.DataFrame, frame: Frame, terms: Terms) -> list[alt.Chart]:
    """The episodes' names above the chart, on two lines in turn; late ones end at their band's right edge. A practitioner's own one says so."""
    middle = (frame.first + frame.last) / 2
    whose = f"{terms.practitioner}: "
    rows = found.assign(
        name=[
            name if rater == "client" else whose + name
            for rater, name in zip(found["rater"], found["name"], strict=True)
        ],
        late=found["start"] > middle,
        line=np.arange(len(found)) % 2,
        at=np.where(found["start"] > middle, found["end"] + 0.5, found["start"] - 0.5),
    )
    return [
        alt.Chart(part[["name", "at"]])
        .mark_text(
            align="right" if late else "left",
            color=ROLES["episode"].colour(frame.theme),
            fontWeight=600,
            baseline="bottom",
        )
        .encode(frame.x("at"), y=alt.YValue(-6 - 17 * cast("int", line)), text=alt.Text("name:N"))
        for (late, line), part in rows.groupby(["late", "line"])
    ]


def own_level(trace: pd.DataFrame, frame: Frame) -> list[alt.Chart]:
    """The case's own level as thin dashes, and ±σ around it as a pale band."""
    if trace["level"].notna().sum() < 2:
        return []
    role = ROLES["level"]
    sigma = trace["sigma"]
    rows = pd.DataFrame(
        {
            "session": trace["session"].astype("float64"),
            "level": trace["level"],
            "low": (trace["level"] - sigma).clip(frame.low, 100),
            "high": (trace["level"] + sigma).clip(frame.low, 100),
        }
    )
    base = alt.Chart(rows).encode(frame.x("session"))
    return [
        base.mark_area(color=role.colour(frame.theme), opacity=role.opacity(frame.theme)).encode(
            frame.y("low"), alt.Y2("high")
        ),
        base.mark_line(color=role.colour(frame.theme), strokeDash=list(role.dash), strokeWidth=1.3).encode(
            frame.y("level")
        ),
    ]


def strains(trace: pd.DataFrame, frame: Frame, height: int) -> list[alt.Chart]:
    """A small tick on the axis at every session noted as a strain."""
    rows = trace.loc[trace["state"] == "strain", ["session"]].assign(
        what="strain: a fall just short of an episode"
    )
    if rows.empty:
        return []
    tick = alt.Chart(rows).mark_rule(color=colour("strain", frame.theme), strokeWidth=4)
    return [
        tick.encode(
            frame.x("session"),
            y=alt.YValue(height),
            y2=alt.Y2Value(height - 10),
            tooltip=alt.Tooltip("what:N", title="noted"),
        )
    ]


def flags(markers: pd.DataFrame, frame: Frame, height: int) -> list[alt.Chart]:
    """Recorded markers as labelled flags standing on the axis, one a session and kind."""
    drawn = markers[markers["session"].between(frame.first, frame.last)]
    if drawn.empty:
        return []
    rows = (
        drawn.assign(marker=drawn["marker"].fillna("marker not named"))
        .groupby(["session", "kind"], as_index=False)
        .agg(marker=("marker", "; ".join), count=("marker", "size"))
    )
    told = rows["kind"] + (" ×" + rows["count"].astype("str")).where(rows["count"] > 1, "")
    late = rows["session"] > (frame.first + frame.last) / 2
    rows["name"] = (told + " ⚑").where(late, "⚑ " + told)
    rows["line"] = (
        np.arange(len(rows)) % 3
    )  # neighbours on lines of their own: on a phone a name spans many sessions
    return [
        alt.Chart(part)
        .mark_text(
            align="right" if end else "left",
            color=colour("ink", frame.theme),
            baseline="bottom",
            dx=6 if end else -6,
        )
        .encode(
            frame.x("session"),
            y=alt.YValue(height - 14 - 16 * cast("int", line)),
            text=alt.Text("name:N"),
            tooltip=[alt.Tooltip("session:Q"), alt.Tooltip("marker:N", title="recorded")],
        )
        for (end, line), part in rows.groupby([late.rename("end"), "line"])
    ]


LONGEST_LABEL = 160  # pixels; a longer one is cut there


def same_room(terms: Terms, theme: Theme) -> list[alt.Chart]:
    """A label that nobody sees, as long as the longest: charts below each other with the same terms get plots of the same width.

    What is written beside a plot takes its room from the plot by itself. On paper there is none: what nobody sees would be read aloud, found and copied there.
    """
    if theme == "print":
        return []
    longest = max(terms.client, terms.practitioner, key=len) + " (to 12)"
    return [
        alt.Chart(pd.DataFrame({"one": [1]}))
        .mark_text(align="left", dx=8, opacity=0, limit=LONGEST_LABEL)
        .encode(x=alt.XValue("width"), y=alt.YValue(0), text=alt.TextValue(longest))
    ]


def apart(heights: pd.Series, gap: float) -> pd.Series:
    """Heights moved apart to at least `gap`, keeping their order and as near to their place as that allows."""
    if heights.empty:
        return heights
    ordered = heights.sort_values(kind="stable")
    steps = np.arange(len(ordered)) * gap
    pushed = np.maximum.accumulate(ordered.to_numpy() - steps) + steps
    return pd.Series(pushed - (pushed - ordered.to_numpy()).mean(), index=ordered.index).reindex(
        heights.index
    )


def line_ends(
    rows: pd.DataFrame, level: pd.Series, level_name: str, frame: Frame, height: int, terms: Terms
) -> list[alt.Chart]:
    """What each line is, written at the right edge; a line that ended early says where. A level without a name has no line."""
    table = ends_of_lines(rows, level, level_name, frame.last, (frame.high - frame.low) / height, terms)
    return [
        alt.Chart(table[table["role"] == role])
        .mark_text(align="left", dx=8, color=colour(role, frame.theme), limit=LONGEST_LABEL)
        .encode(frame.y("at"), x=alt.XValue("width"), text=alt.Text("name:N"))
        for role in table["role"]
    ]


def ends_of_lines(
    rows: pd.DataFrame, level: pd.Series, level_name: str, last: float, each: float, terms: Terms
) -> pd.DataFrame:
    """role, at (pct, moved apart), name of each line that is there. `last`: the axis' last session; `each`: pct that a pixel stands for."""
    ends = []
    for side in SIDES:
        rated = rows[rows[side].notna()]
        if len(rated):
            at = int(rated["session"].iloc[-1])
            note = "" if at == last else f" (to {at})"
            ends.append((side, rated[side].iloc[-1], terms.of(side) + note))
    if level_name and level.notna().sum() >= 2:
        ends.append(("level", level.dropna().iloc[-1], level_name))
    table = pd.DataFrame(ends, columns=["role", "at", "name"])
    table["at"] = apart(table["at"], LABEL_GAP_PX * each)
    return table
