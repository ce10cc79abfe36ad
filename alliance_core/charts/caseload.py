"""Charts of a caseload."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from alliance_core.charts.roles import AnyChart, Theme, colour, dress
from alliance_core.tables import FACETS


def facet_strips(sessions: pd.DataFrame, *, theme: Theme = "light", height: int = 130) -> AnyChart:
    """Goal, task and bond over a caseload: each client's latest score as a tick, the middle half, the median.

    `sessions` are the practitioner's rows of that frame. A facet that no client rated has no marks.
    """
    latest = (
        sessions.sort_values(["client", "session"]).groupby("client")[[f"client_{f}" for f in FACETS]].last()
    )
    long = (
        latest.rename(columns={f"client_{f}": f for f in FACETS})
        .melt(var_name="facet", value_name="score")
        .dropna()
    )
    middle = (
        long.groupby("facet")["score"]
        .quantile(np.array([0.25, 0.5, 0.75]))
        .rename_axis(["facet", "share"])
        .reset_index()
        .pivot_table(index="facet", columns="share", values="score")
        .set_axis(["low", "median", "high"], axis=1)
        .reset_index()
    )
    middle["name"] = "median " + middle["median"].round().astype("int64").astype("str")
    own = colour("client", theme)
    y = alt.Y("facet:N", sort=list(FACETS), axis=alt.Axis(title=None, domain=False, ticks=False)).scale(
        domain=list(FACETS)
    )
    x_axis = alt.Axis(title="latest client score, % of the maximum possible", tickCount=5)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", axis=x_axis).scale(domain=[0, 100], nice=False)

    layers = [
        alt.Chart(middle).mark_bar(color=own, opacity=0.16, height=20).encode(x("low"), alt.X2("high"), y),
        alt.Chart(long).mark_tick(color=own, opacity=0.55, height=14, thickness=1.5).encode(x("score"), y),
        alt.Chart(middle)
        .mark_tick(color=colour("ink", theme), height=24, thickness=3)
        .encode(x("median"), y),
        alt.Chart(middle)
        .mark_text(align="left", dx=8, color=colour("muted", theme))
        .encode(y, x=alt.value("width"), text="name:N"),
    ]
    padding = {"left": 4, "top": 4, "right": 84, "bottom": 4}
    return dress(alt.layer(*layers).properties(height=height, padding=padding), theme)
