"""Charts of a caseload: every case in small, and goal, task and bond over all."""

from __future__ import annotations

from functools import cache

import altair as alt
import pandas as pd

from alliance_core.charts import layers as of
from alliance_core.charts.roles import SIDES, Room, Spec, Theme, as_rows, assembled, colour
from alliance_core.tables import FACETS
from alliance_core.terms import TERMS, Terms

MOST_TICKS = 400  # clients with a tick of their own


@cache
def _small(theme: Theme, height: int, floor: float, span: int, terms: Terms) -> Spec:
    """The small chart without its data: built once for each look, since a page shows thirty of them."""
    y_axis = alt.Axis(title=None, values=[floor, 100], domain=False, ticks=False, labelFontSize=11)
    frame = of.Frame(1.0 - span, 0.0, floor, 102, None, y_axis, theme)
    ratings, bands = alt.NamedData(name="ratings"), alt.NamedData(name="bands")
    layers = [*of.bands_of(bands, frame), *of.lines_of(ratings, SIDES, frame, 22, terms)]
    return assembled(layers, theme, height=height, room=Room(2, 4, 6, 4))


def sparkline(
    sessions: pd.DataFrame,
    bands: pd.DataFrame,
    *,
    theme: Theme = "light",
    height: int = 70,
    floor: float = 0.0,
    span: int = 12,
    terms: Terms = TERMS,
) -> Spec:
    """One case in small: both sides and the episodes, the last session at the right edge.

    `sessions` are the case's rows, `bands` its rows of `spans`. `span` is how many sessions the width stands for, so that charts beside each other share a scale; of a
    longer case the latest ones are drawn.
    """
    ratings = as_rows(of.every_session(sessions, "overall").iloc[-span:])
    last = ratings[-1]["session"]
    # A few rows at most, thirty times on a page: lists are far quicker here than frames.
    spans = zip(*(bands[name].tolist() for name in ("facet", "rater", "start", "end")), strict=True)
    found = [
        {"rater": rater, "left": max(start - 0.5 - last, 0.5 - span), "right": end + 0.5 - last}
        for facet, rater, start, end in spans
        if facet == "overall" and end > last - span
    ]
    return {
        **_small(theme, height, floor, max(span, 2), terms),
        "datasets": {
            "ratings": [{**row, "place": row["session"] - last} for row in ratings],
            "bands": found,
        },
    }


def facet_strips(
    sessions: pd.DataFrame, *, theme: Theme = "light", height: int = 130, terms: Terms = TERMS
) -> Spec:
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
    # In a large caseload a tick stands for all clients within the same whole point.
    ticks = long if len(latest) <= MOST_TICKS else long.round({"score": 0}).drop_duplicates()
    scores = long.groupby("facet")["score"]
    quarters = {"low": scores.quantile(0.25), "median": scores.median(), "high": scores.quantile(0.75)}
    middle = pd.DataFrame(quarters).reset_index()
    middle["name"] = "median " + middle["median"].round().astype("int64").astype("str")
    own = colour("client", theme)
    y = alt.Y("facet:N", sort=list(FACETS), axis=alt.Axis(title=None, domain=False, ticks=False)).scale(
        domain=list(FACETS)
    )
    x_axis = alt.Axis(title=f"latest {terms.client} score, % of the maximum possible", tickCount=5)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", axis=x_axis, scale=alt.Scale(domain=[0, 100], nice=False))

    layers = [
        alt.Chart(middle).mark_bar(color=own, opacity=0.16, height=20).encode(x("low"), alt.X2("high"), y),
        alt.Chart(ticks).mark_tick(color=own, opacity=0.55, height=14, thickness=1.5).encode(x("score"), y),
        alt.Chart(middle)
        .mark_tick(color=colour("ink", theme), height=24, thickness=3)
        .encode(x("median"), y),
        alt.Chart(middle)
        .mark_text(align="left", dx=8, color=colour("muted", theme))
        .encode(y, x=alt.XValue("width"), text=alt.Text("name:N")),
    ]
    return assembled(layers, theme, height=height, room=Room())
