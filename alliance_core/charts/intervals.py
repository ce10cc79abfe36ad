"""One figure of several groups: a mark and an interval each, in the order given, with a line at the figure of all."""

from __future__ import annotations

from typing import Literal

import altair as alt
import numpy as np
import pandas as pd

from alliance_core.charts.roles import ROLES, Room, Spec, Theme, assembled, colour

ROW = 46  # pixels for a group: its name above, its interval below
_TOP = 22
Whose = Literal["client", "practitioner", "episode", "ink"]


def intervals(
    rows: pd.DataFrame,
    whole: float,
    axis: str,
    ends: tuple[float | None, float | None] = (None, None),
    *,
    line: str = "all",
    whose: Whose = "ink",
    theme: Theme = "light",
) -> Spec:
    """A mark at each group's value, its interval as a pale bar, its name and the figure in words above; dashed: all as one, or what else `line` says.

    `rows`: name, value, low, high (missing where not shown), told, at least one row with a value. `axis`: what is drawn, with its unit. `ends` of the axis; None: so
    that everything fits. `whose` colour and mark.
    """
    drawn = rows[["name", "value", "low", "high", "told"]].reset_index(drop=True)
    drawn["row"] = np.arange(len(drawn))
    low, high = _domain(drawn[["value", "low", "high"]].to_numpy(float), whole, ends)
    role = ROLES.get(whose)
    own, muted, ink = colour(whose, theme), colour("muted", theme), colour("ink", theme)
    scale = alt.Axis(title=axis, tickCount=5, domain=False, ticks=False)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", axis=scale, scale=alt.Scale(domain=[low, high], nice=False))

    y = alt.Y("row:O", axis=None).scale(domain=drawn["row"].tolist(), paddingInner=0, paddingOuter=0)
    base = alt.Chart(drawn)
    known = base.transform_filter("isValid(datum.value)")
    filled = role is None or role.filled
    mark = {
        "shape": {"ink": "diamond", "episode": "diamond"}.get(whose, role.shape if role else "diamond"),
        "size": 75,
        "fill": own if filled else colour("paper", theme),
        "stroke": own,
        "strokeWidth": 1.8,
        "opacity": 1,
        "yOffset": 9,
    }
    layers = [
        known.mark_rule(color=own, strokeWidth=5, opacity=0.32, yOffset=9).encode(
            x("low"), alt.X2("high"), y
        ),
        known.mark_point(**mark).encode(
            x("value"),
            y,
            tooltip=[alt.Tooltip("name:N", title="group"), alt.Tooltip("told:N", title="figure")],
        ),
        base.mark_text(align="left", color=ink, dy=-9, limit=190).encode(
            y, x=alt.XValue(0), text=alt.Text("name:N")
        ),
        base.mark_text(align="right", color=muted, dy=-9).encode(
            y, x=alt.XValue("width"), text=alt.Text("told:N")
        ),
    ]
    if not np.isnan(whole):
        of_all = alt.Chart(pd.DataFrame({"all": [whole], "label": [line]}))
        beside = base.transform_calculate(all=f"{whole}")  # beside each interval, and through no name
        layers = [
            beside.mark_rule(color=muted, strokeDash=[2, 3], yOffset=-1, y2Offset=21).encode(
                x("all"), y, alt.Y2("row")
            ),
            of_all.mark_text(color=muted, baseline="bottom").encode(
                x("all"), y=alt.YValue(-4), text=alt.Text("label:N")
            ),
            *layers,
        ]
    return assembled(layers, theme, height=ROW * len(drawn), room=Room(top=_TOP, right=14))


def _domain(values: np.ndarray, whole: float, ends: tuple[float | None, float | None]) -> tuple[float, float]:
    """Ends of the axis in steps of five (of one for small figures), with everything inside them."""
    everything = np.append(values[~np.isnan(values)], whole if not np.isnan(whole) else [])
    step = 5.0 if np.ptp(everything) > 5 else 1.0
    low = float(np.floor(everything.min() / step) * step) if ends[0] is None else ends[0]
    high = float(np.ceil(everything.max() / step) * step) if ends[1] is None else ends[1]
    if low < high:
        return low, high
    return low if ends[0] == low else low - step, high if ends[1] == high else high + step
