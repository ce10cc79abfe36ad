"""The layers that a chart over sessions is made of: bands, lines, level, ticks, flags, labels."""

from __future__ import annotations

from typing import NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from alliance_core.charts.roles import ROLES, SIDES, Theme, colour
from alliance_core.sentences import episode_name

LABEL_GAP_PX = 15  # two labels at the right edge stay this far apart


def spans(trace: pd.DataFrame, episodes: pd.DataFrame, facet: str = "overall") -> pd.DataFrame:
    """Where each episode of one case begins and ends: rater, outcome, seen_by, start, end, name.

    The end is the last session that the trace counts to the episode; an open one has reached the case's
    last rated session. A practitioner's own episode is kept only where the client had none nearby.
    Episodes that only a recorded marker made have no span.
    """
    wanted = episodes[
        (episodes["facet"] == facet)
        & (episodes["source"] == "score")
        & ((episodes["rater"] == "client") | (episodes["seen_by"] == "practitioner only"))
    ]
    inside = trace[(trace["facet"] == facet) & trace["episode"].notna()]
    ends = (
        inside.groupby(["rater", "episode"], sort=False)["session"].max().rename("end").reset_index()
        if len(inside)
        else pd.DataFrame({"rater": [], "episode": [], "end": []})
    )
    found = wanted[["rater", "outcome", "seen_by", "start_session", "low_session", "repair_session"]].merge(
        ends.astype({"rater": "str", "episode": "Int64", "end": "Int64"}),
        how="left",
        left_on=["rater", "start_session"],
        right_on=["rater", "episode"],
    )
    found["start"] = found["start_session"].astype("Int64")
    found["end"] = (
        found[["start_session", "low_session", "repair_session", "end"]].max(axis=1).astype("Int64")
    )
    found["name"] = [
        ("practitioner: " if episode["rater"] == "practitioner" else "") + episode_name(episode)
        for episode in wanted.to_dict("records")
    ]
    return found[["rater", "outcome", "seen_by", "start", "end", "name"]].reset_index(drop=True)


def every_session(sessions: pd.DataFrame, facet: str) -> pd.DataFrame:
    """Session, day, client, practitioner: one row for each number from first to last, unrated ones empty."""
    numbers = sessions["session"].astype("int64").to_numpy()
    days = pd.to_datetime(sessions["date"]).dt.strftime("%d %b %Y").fillna("unknown").to_numpy()
    sides = {side: sessions[f"{side}_{facet}"].to_numpy(dtype="float64") for side in SIDES}
    known = pd.DataFrame({"session": numbers, "day": days, **sides})
    whole = pd.DataFrame({"session": np.arange(numbers.min(), numbers.max() + 1)})
    return whole.merge(known, how="left", on="session")


def score_floor(sessions: pd.DataFrame, facets: tuple[str, ...] = ("overall",)) -> float:
    """Lowest pct that a shared axis needs for both sides, at most 60, in steps of 10; 0 where nobody rated."""
    lowest = sessions[[f"{side}_{facet}" for side in SIDES for facet in facets]].min(axis=None)
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
        return alt.X(f"{field}:Q", axis=self.x_axis).scale(domain=domain, nice=False)

    def y(self, field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", axis=self.y_axis).scale(domain=[self.low, self.high], nice=False)


def session_axis(first: float, last: float) -> alt.Axis:
    every = list(range(int(first), int(last) + 1)) if last - first < 16 else alt.Undefined
    return alt.Axis(title="session", grid=False, format="d", tickMinStep=1, values=every)


def lines(rows: pd.DataFrame, frame: Frame, size: int = 55) -> list[alt.Chart]:
    """Both sides' lines and marks; the client's filled circles lie on top of the hollow squares."""
    layers: list[alt.Chart] = []
    for side in reversed(SIDES):
        if rows[side].notna().sum() == 0:
            continue
        role = ROLES[side]
        own = role.colour(frame.theme)
        base = alt.Chart(rows).encode(frame.x("session"), frame.y(side))
        fill = own if role.filled else colour("paper", frame.theme)
        marks = base.transform_filter(f"isValid(datum.{side})").mark_point(
            shape=role.shape, size=size, fill=fill, stroke=own, strokeWidth=1.8, opacity=1
        )
        layers += [
            base.mark_line(color=own, strokeDash=list(role.dash), strokeWidth=2),
            marks.encode(
                tooltip=[
                    alt.Tooltip("session:Q", title="session"),
                    alt.Tooltip("day:N", title="date"),
                    alt.Tooltip("client:Q", title="client", format=".0f"),
                    alt.Tooltip("practitioner:Q", title="practitioner", format=".0f"),
                ]
            ),
        ]
    return layers


def bands(found: pd.DataFrame, frame: Frame) -> list[alt.Chart]:
    """Episodes as shaded bands; a practitioner's own one has edges only."""
    role = ROLES["episode"]
    own = role.colour(frame.theme)
    rows = found.assign(left=found["start"] - 0.5, right=found["end"] + 0.5)
    clients, others = rows[rows["rater"] == "client"], rows[rows["rater"] != "client"]
    looks = (
        (clients, {"fill": own, "fillOpacity": role.opacity(frame.theme)}),
        (others, {"fillOpacity": 0, "stroke": own, "strokeDash": [3, 3]}),
    )
    return [
        alt.Chart(part).mark_rect(**look).encode(frame.x("left"), alt.X2("right"))
        for part, look in looks
        if len(part)
    ]


def band_names(found: pd.DataFrame, frame: Frame) -> list[alt.Chart]:
    """The episodes' names above the chart, on two lines in turn; late ones end at their band's right edge."""
    middle = (frame.first + frame.last) / 2
    rows = found.assign(
        late=found["start"] > middle,
        line=np.arange(len(found)) % 2,
        at=np.where(found["start"] > middle, found["end"] + 0.5, found["start"] - 0.5),
    )
    return [
        alt.Chart(part)
        .mark_text(
            align="right" if late else "left",
            color=ROLES["episode"].colour(frame.theme),
            fontWeight=600,
            baseline="bottom",
        )
        .encode(frame.x("at"), y=alt.value(-6 - 17 * line), text="name:N")
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
    return [tick.encode(frame.x("session"), y=alt.value(height), y2=alt.value(height - 10), tooltip="what:N")]


def flags(markers: pd.DataFrame, frame: Frame, height: int) -> list[alt.Chart]:
    """Recorded markers as labelled flags standing on the axis, one a session and kind."""
    if markers.empty:
        return []
    rows = (
        markers.assign(marker=markers["marker"].fillna("marker not named"))
        .groupby(["session", "kind"], as_index=False)
        .agg(marker=("marker", "; ".join), count=("marker", "size"))
    )
    told = rows["kind"] + (" ×" + rows["count"].astype("str")).where(rows["count"] > 1, "")
    late = rows["session"] > (frame.first + frame.last) / 2
    rows["name"] = (told + " ⚑").where(late, "⚑ " + told)
    rows["line"] = rows.groupby("session").cumcount()
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
            y=alt.value(height - 14 - 16 * line),
            text="name:N",
            tooltip=[alt.Tooltip("session:Q"), alt.Tooltip("marker:N", title="recorded")],
        )
        for (end, line), part in rows.groupby([late.rename("end"), "line"])
    ]


def apart(heights: pd.Series, gap: float) -> pd.Series:
    """Heights moved apart to at least `gap`, keeping their order and as near to their place as that allows."""
    ordered = heights.sort_values(kind="stable")
    steps = np.arange(len(ordered)) * gap
    pushed = np.maximum.accumulate(ordered.to_numpy() - steps) + steps
    return pd.Series(pushed - (pushed - ordered.to_numpy()).mean(), index=ordered.index).reindex(
        heights.index
    )


def line_ends(rows: pd.DataFrame, level: pd.Series, frame: Frame, height: int) -> list[alt.Chart]:
    """What each line is, written at the right edge; a line that ended early says where."""
    ends = []
    for side in SIDES:
        rated = rows[rows[side].notna()]
        if len(rated):
            at = int(rated["session"].iloc[-1])
            note = "" if at == frame.last else f" (to {at})"
            ends.append((side, rated[side].iloc[-1], ROLES[side].label + note))
    if level.notna().sum() >= 2:
        ends.append(("level", level.dropna().iloc[-1], ROLES["level"].label))
    table = pd.DataFrame(ends, columns=["role", "at", "name"])
    table["at"] = apart(table["at"], LABEL_GAP_PX * (frame.high - frame.low) / height)
    return [
        alt.Chart(table[table["role"] == role])
        .mark_text(align="left", dx=8, color=colour(role, frame.theme))
        .encode(frame.y("at"), x=alt.value("width"), text="name:N")
        for role in table["role"]
    ]
