"""Charts of tasks and goals: relevance to both sides, goal agreement over sessions, cases of a caseload with a reading.

Nobody's words are drawn: tasks stand by the number that the table beside the chart gives them.
"""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from alliance_core.charts import layers as of
from alliance_core.charts.roles import ROLES, SIDES, Room, Spec, Theme, assembled, colour
from alliance_core.notation import digits
from alliance_core.terms import TERMS, Terms

MOST_TASKS = 12  # that are drawn; the table has all
MOST_NAMED = 12  # sessions of which the agreement is written beside its mark
_ROW = 26  # pixels for a task or a reading
_TEN = [0, 10]


def _line(at: float) -> pd.DataFrame:
    """The line of a setting, with what it is."""
    return pd.DataFrame({"at": [at], "name": [f"{digits(at)} or less"]})


def relevance(
    tasks: pd.DataFrame, doubt_line: float, *, theme: Theme = "light", terms: Terms = TERMS
) -> Spec:
    """Each task's relevance to client and practitioner on 0–10, joined by a line, one task a row.

    `tasks`: number (as in the table), kind (in words), client_relevance, practitioner_relevance, at least one of them in some row. Those that nobody rated have no
    row, and of very many the first ones are drawn. A side that gave none has no mark.
    """
    given = tasks[[f"{side}_relevance" for side in SIDES]].notna().any(axis=1)
    drawn = ["number", "kind", *(f"{side}_relevance" for side in SIDES)]  # nobody's words travel with a chart
    rows = tasks.loc[given.to_numpy(), drawn].head(MOST_TASKS)
    rows = rows.assign(row=rows["number"].astype("str") + " · " + rows["kind"])
    order, height = rows["row"].tolist(), _ROW * len(rows)
    axis = alt.Axis(title="relevance, 0–10", values=list(range(0, 11, 2)), domain=False, ticks=False)
    y = alt.Y("row:N", sort=order, axis=alt.Axis(title=None, domain=False, ticks=False, labelLimit=200))
    y = y.scale(domain=order)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", axis=axis, scale=alt.Scale(domain=_TEN, nice=False))

    tooltip = [
        alt.Tooltip("row:N", title="task"),
        *(alt.Tooltip(f"{s}_relevance:Q", title=terms.of(s)) for s in SIDES),
    ]
    limit, muted = alt.Chart(_line(doubt_line)), colour("muted", theme)
    both = rows[rows[[f"{side}_relevance" for side in SIDES]].notna().all(axis=1).to_numpy()]
    layers = [
        alt.Chart(both)
        .mark_rule(color=colour("level", theme), strokeWidth=1.5)
        .encode(x("client_relevance"), alt.X2("practitioner_relevance"), y),
        limit.mark_rule(color=muted, strokeDash=[4, 3]).encode(x("at")),
        limit.mark_text(align="left", baseline="bottom", dx=-2, color=muted).encode(
            x("at"), y=alt.YValue(-4), text=alt.Text("name:N")
        ),
    ]
    for side in reversed(SIDES):
        role, own, field = ROLES[side], colour(side, theme), f"{side}_relevance"
        marks = alt.Chart(rows[rows[field].notna().to_numpy()])
        fill = own if role.filled else colour("paper", theme)
        layers.append(
            marks.mark_point(
                shape=role.shape, size=70, fill=fill, stroke=own, strokeWidth=1.8, opacity=1
            ).encode(x(field), y, tooltip=tooltip)
        )
    return assembled(layers, theme, height=height, room=Room(top=26, right=14))


def goal_agreement(sessions: pd.DataFrame, line: float, *, theme: Theme = "light", height: int = 150) -> Spec:
    """Goal agreement of each session that has one, on 0–10; where several goals were rated, a line down to the lowest.

    `sessions`: the case's rows of GOAL_SESSIONS, at least one with an agreement. Marks are not joined: sessions between them are not known.
    """
    rows = sessions.loc[sessions["agreement"].notna().to_numpy(), ["session", "rated", "agreement", "lowest"]]
    rows = rows.astype({"session": "float64"})
    rows["name"] = [digits(value, ".3g") for value in rows["agreement"].to_numpy(float)]
    first, last = float(rows["session"].min()), float(rows["session"].max())
    axis = alt.Axis(title="goal agreement, 0–10", values=list(range(0, 11, 2)), domain=False, ticks=False)
    frame = of.Frame(first, last, 0, 10.8, of.session_axis(first, last), axis, theme)
    ink, muted = colour("ink", theme), colour("muted", theme)
    limit = alt.Chart(_line(line))
    tooltip = [
        alt.Tooltip("session:Q"),
        alt.Tooltip("agreement:Q", title="agreement, mean where several", format=".3g"),
        alt.Tooltip("lowest:Q", title="lowest", format=".3g"),
        alt.Tooltip("rated:Q", title="goals rated"),
    ]
    base = alt.Chart(rows).encode(frame.x("session"))
    layers = [
        limit.mark_rule(color=muted, strokeDash=[4, 3]).encode(frame.y("at")),
        limit.mark_text(align="left", dx=8, color=muted).encode(
            frame.y("at"), x=alt.XValue("width"), text=alt.Text("name:N")
        ),
        base.mark_rule(color=ink, strokeWidth=1.5).encode(frame.y("lowest"), alt.Y2("agreement")),
        base.mark_tick(color=ink, width=12, thickness=2).encode(frame.y("lowest")),
        base.mark_point(shape="diamond", size=80, fill=ink, stroke=ink, opacity=1).encode(
            frame.y("agreement"), tooltip=tooltip
        ),
    ]
    if len(rows) <= MOST_NAMED:
        layers.append(base.mark_text(dy=-13, color=ink).encode(frame.y("agreement"), text=alt.Text("name:N")))
    return assembled(layers, theme, height=height, room=Room())


def shares(readings: pd.DataFrame, *, theme: Theme = "light") -> Spec:
    """In how many of the cases that could be judged each reading is raised, with the interval of that share.

    `readings`: name (in words), raised, judged, low, high (proportions), at least one row, in the order to draw.
    """
    rows = readings[["name", "raised", "judged"]].assign(
        share=100 * readings["raised"].astype("float64") / readings["judged"].astype("float64"),
        low=100 * readings["low"],
        high=100 * readings["high"],
        told=readings["raised"].astype("str") + " of " + readings["judged"].astype("str"),
    )
    rows["row"], ink = np.arange(len(rows)), colour("ink", theme)
    axis = alt.Axis(title="share of cases with its interval, %", tickCount=5, domain=False, ticks=False)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", axis=axis, scale=alt.Scale(domain=[0, 100], nice=False))

    y = alt.Y("row:O", axis=None).scale(paddingInner=0, paddingOuter=0)
    base = alt.Chart(rows)
    layers = [
        base.mark_rule(color=colour("level", theme), strokeWidth=5, opacity=0.45, yOffset=8).encode(
            x("low"), alt.X2("high"), y
        ),
        base.mark_point(shape="diamond", size=70, fill=ink, stroke=ink, opacity=1, yOffset=8).encode(
            x("share"),
            y,
            tooltip=[alt.Tooltip("name:N", title="reading"), alt.Tooltip("told:N", title="cases")],
        ),
        base.mark_text(align="left", color=ink, dy=-10).encode(y, x=alt.XValue(0), text=alt.Text("name:N")),
        base.mark_text(align="right", color=colour("muted", theme), dy=-10).encode(
            y, x=alt.XValue("width"), text=alt.Text("told:N")
        ),
    ]
    return assembled(layers, theme, height=2 * _ROW * len(rows), room=Room(right=14))
