"""A series to practise on: both ratings without a name, and above them what was marked in it."""

from __future__ import annotations

import altair as alt
import pandas as pd

from alliance_core.charts import layers as of
from alliance_core.charts.roles import Room, Spec, Theme, assembled, colour
from alliance_core.terms import TERMS, Terms

_LINE = 19  # pixels from one row of bars to the next
_BAR = 9  # pixels


def practice(
    sessions: pd.DataFrame,
    marked: dict[str, pd.DataFrame | None],
    *,
    theme: Theme = "light",
    height: int = 200,
    terms: Terms = TERMS,
) -> Spec:
    """Both sides in pct over the sessions of one series; above, a row of bars for each of `marked`, named at its right end.

    `sessions`: session, client_overall, practitioner_overall. `marked`: marks (start, back) by whose they are; a bar ends at the last session
    where the rating is not back, and a row without marks says so; None: nobody has said anything yet.
    """
    shown = sessions.assign(date=pd.Series(pd.NaT, index=sessions.index))
    rows = of.every_session(shown, "overall").assign(day="not shown")
    first, last = float(rows["session"].iloc[0]), float(rows["session"].iloc[-1])
    y_axis = alt.Axis(title="% of maximum", tickCount=5, domain=False, ticks=False)
    frame = of.Frame(first, last, of.score_floor(shown), 102, of.session_axis(first, last), y_axis, theme)
    layers = of.lines(rows, frame, 55, terms)
    layers += of.line_ends(rows, pd.Series(dtype=float), "", frame, height, terms)
    for place, (name, marks) in enumerate(reversed(marked.items())):
        layers += _row(name, marks, -12 - _LINE * place, frame)
    return assembled(layers, theme, height=height, room=Room())


def _row(name: str, marks: pd.DataFrame | None, at: int, frame: of.Frame) -> list[alt.Chart]:
    """One row of bars, `at` so many pixels below the plot's top."""
    own, muted = colour("episode", frame.theme), colour("muted", frame.theme)
    label = alt.Chart(pd.DataFrame({"name": [name]})).mark_text(align="left", dx=8, color=muted)
    layers = [label.encode(y=alt.YValue(at), x=alt.XValue("width"), text=alt.Text("name:N"))]
    if marks is None or marks.empty:
        told = pd.DataFrame({"told": ["not marked yet" if marks is None else "nothing"]})
        empty = alt.Chart(told).mark_text(align="left", color=muted)
        return [*layers, empty.encode(y=alt.YValue(at), x=alt.XValue(2), text=alt.Text("told:N"))]
    bars = pd.DataFrame(
        {
            "left": marks["start"].astype("float64") - 0.5,
            "right": marks["back"].astype("float64").fillna(frame.last) + 0.5,
        }
    )
    drawn = alt.Chart(bars).mark_bar(color=own, height=_BAR, cornerRadius=2)
    return [*layers, drawn.encode(frame.x("left"), alt.X2("right"), y=alt.YValue(at))]
