"""Charts of one case: the timeline, and the gap by session."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from alliance_core.charts import layers as of
from alliance_core.charts.roles import Room, Spec, Theme, assembled, colour
from alliance_core.sentences import signed
from alliance_core.terms import TERMS, Terms

SESSIONS_BEFORE, SESSIONS_AFTER = 5, 3  # of an episode, on its card


def timeline(
    sessions: pd.DataFrame,
    trace: pd.DataFrame,
    bands: pd.DataFrame,
    markers: pd.DataFrame,
    *,
    facet: str = "overall",
    theme: Theme = "light",
    height: int = 300,
    floor: float | None = None,
    named: bool = True,
    terms: Terms = TERMS,
    level_name: str = "own level",
) -> Spec:
    """One case over its sessions: both sides in pct, the level that falls are measured from ±σ, episodes, strains, markers.

    `sessions` (at least one), `trace`, `markers` are the case's rows of those frames, `bands` its rows of `spans`.
    The level is the client's, or the practitioner's where the client never rated; without a `level_name` it is not drawn. `floor` is the
    lowest pct of the axis; `named=False` leaves names and flags out, for small charts beside a named one.
    """
    rows = of.every_session(sessions, facet)
    first, last = float(rows["session"].iloc[0]), float(rows["session"].iloc[-1])
    low = of.score_floor(sessions, (facet,)) if floor is None else floor
    y_axis = alt.Axis(title="% of maximum" if named else None, tickCount=5, domain=False, ticks=False)
    frame = of.Frame(first, last, low, 102, of.session_axis(first, last), y_axis, theme)
    own = trace[trace["facet"] == facet]
    own = own[own["rater"] == ("client" if rows["client"].notna().any() else "practitioner")]
    found = bands[bands["facet"] == facet]
    layers = (
        of.bands(found, frame)
        + (of.own_level(own, frame) if level_name else [])
        + of.strains(own, frame, height)
        + of.lines(rows, frame, 55 if named else 28, terms)
    )
    if named:
        layers += of.flags(markers, frame, height) + of.band_names(found, frame, terms)
        layers += of.line_ends(rows, own["level"], level_name, frame, height, terms)
        layers += of.same_room(terms, theme)
    room = Room(top=8 + 18 * min(len(found), 2) if named else 8)
    title = "" if facet == "overall" else facet.capitalize()
    return assembled(layers, theme, height=height, room=room, title=title)


def around_episode(
    sessions: pd.DataFrame,
    trace: pd.DataFrame,
    bands: pd.DataFrame,
    first: int,
    last: int,
    *,
    theme: Theme = "light",
    height: int = 140,
    level_name: str = "own level",
    terms: Terms = TERMS,
) -> Spec | None:
    """Both sides' overall around one episode, from session `first` to `last` of it: what a card has room for of `timeline`.

    Shown are SESSIONS_BEFORE sessions before it and SESSIONS_AFTER after it, as far as there are any; the frames are the case's.
    Names of episodes and markers are left to the card's words. None where nobody rated any of these sessions.
    """
    start, end = first - SESSIONS_BEFORE, last + SESSIONS_AFTER
    near = sessions[sessions["session"].between(start, end).to_numpy(bool)]
    if near[["client_overall", "practitioner_overall"]].isna().all(axis=None):
        return None
    rows = of.every_session(near, "overall")
    low, high = float(rows["session"].iloc[0]), float(rows["session"].iloc[-1])
    y_axis = alt.Axis(title=None, tickCount=4, domain=False, ticks=False)
    frame = of.Frame(low, high, of.score_floor(near), 102, of.session_axis(low, high), y_axis, theme)
    own = trace[((trace["facet"] == "overall") & trace["session"].between(low, high)).to_numpy(bool)]
    own = own[own["rater"] == ("client" if rows["client"].notna().any() else "practitioner")]
    drawn = bands[
        ((bands["facet"] == "overall") & (bands["start"] <= high) & (bands["end"] >= low)).to_numpy(bool)
    ]
    drawn = drawn.assign(start=drawn["start"].clip(lower=low), end=drawn["end"].clip(upper=high))
    layers = (
        of.bands(drawn, frame)
        + (of.own_level(own, frame) if level_name else [])
        + of.lines(rows, frame, 40, terms)
        + of.line_ends(rows, own["level"], level_name, frame, height, terms)
    )
    return assembled(layers, theme, height=height, room=Room(), title="Overall, % of maximum")


def gap_bars(
    sessions: pd.DataFrame,
    usual_gap: float,
    *,
    theme: Theme = "light",
    height: int = 170,
    terms: Terms = TERMS,
) -> Spec:
    """Gap (practitioner − client, pct points) of each paired session, as bars from the usual gap.

    Where the usual gap is not known (NaN) the bars start at zero. Sessions rated by one side have no bar. The plot is as wide as
    that of `timeline` with the same terms.
    """
    rows = sessions.loc[sessions["gap_overall"].notna(), ["session", "gap_overall"]].astype("float64")
    start = 0.0 if np.isnan(usual_gap) else float(usual_gap)
    first, last = float(sessions["session"].min()), float(sessions["session"].max())
    half = 0.28 * min(1.0, (last - first + 1) / 8)  # of few sessions a bar is not a block
    rows = rows.assign(left=rows["session"] - half, right=rows["session"] + half, usual=start)
    reach = np.concatenate([rows["gap_overall"].to_numpy(), [start - 5, start + 5, -5, 5]])
    y_axis = alt.Axis(
        title="gap, points",
        labelExpr="datum.value == 0 ? '0' : format(datum.value, '+d')",
        tickCount=5,
        domain=False,
        ticks=False,
    )
    frame = of.Frame(
        first, last, reach.min() - 4, reach.max() + 4, of.session_axis(first, last), y_axis, theme
    )
    ink, muted = colour("ink", theme), colour("muted", theme)
    lines = pd.DataFrame(
        {
            "at": [0.0, start],
            "name": ["no gap", f"usual gap {signed(start)}"],
            "zero": [True, False],
        }
    )
    lines = lines if abs(start) > 0 else lines[:1]
    lines["label"] = of.apart(lines["at"], of.LABEL_GAP_PX * (frame.high - frame.low) / height)
    base = alt.Chart(rows).encode(
        frame.x("left"),
        alt.X2("right"),
        tooltip=[alt.Tooltip("session:Q"), alt.Tooltip("gap_overall:Q", title="gap", format="+.0f")],
    )
    layers = [
        base.mark_rect(fill=muted, fillOpacity=0.45).encode(frame.y("gap_overall"), alt.Y2("usual")),
        base.mark_rule(color=ink, strokeWidth=2.5).encode(frame.y("gap_overall")),
        alt.Chart(lines)
        .mark_rule(color=muted)
        .encode(
            frame.y("at"),
            strokeDash=alt.StrokeDashValue([4, 3], condition=[{"test": "datum.zero", "value": [1, 0]}]),
        ),
        alt.Chart(lines)
        .mark_text(align="left", dx=8, color=muted)
        .encode(frame.y("label"), x=alt.XValue("width"), text=alt.Text("name:N")),
    ]
    layers += of.same_room(terms, theme)
    return assembled(layers, theme, height=height, room=Room())
