"""The funnel: practitioners' means over their number of clients, within what chance alone allows. Nobody is named but oneself."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from alliance_core.charts.layers import LABEL_GAP_PX, apart
from alliance_core.charts.roles import ROLES, Room, Spec, Theme, assembled, colour
from alliance_core.measures.funnel import LIMITS, limits
from alliance_core.notation import rewritten
from alliance_core.settings import PractitionerSettings
from alliance_core.terms import TERMS, Terms

_NAMES = {"outer_high": "99.8 %", "inner_high": "95 %", "mean": "all"}


def funnel(
    loads: pd.DataFrame,
    service: pd.DataFrame,
    settings: PractitionerSettings,
    own: str | None,
    *,
    theme: Theme = "light",
    height: int = 260,
    terms: Terms = TERMS,
) -> Spec:
    """Means of clients' ratings (pct) over the number of rated clients, one mark a practitioner.

    `loads` are CASELOADS of everybody, `service` the row of SERVICE with its over-dispersion. `own` is the practitioner who is
    looked at, or None where that mean may not be named; no other identifier goes into the chart, and marks come in the order of their size.
    """
    whole = service.iloc[0]
    rated = loads[(loads["rated_clients"] > 0).to_numpy(bool)]
    marks = pd.DataFrame(
        {
            "clients": rated["rated_clients"].to_numpy(float),
            "mean": rated["mean_client_overall"].to_numpy(float),
            "name": np.where((rated["practitioner"] == own).to_numpy(bool), own or "", ""),
        }
    ).sort_values(["clients", "mean"], ignore_index=True)
    most = float(marks["clients"].max())
    sizes = np.linspace(1, most, 200) if most > 1 else np.array([1.0, 2.0])
    lines = limits(sizes, whole["mean"], whole["within"], whole["overdispersion"], settings)
    low, high = _ends(marks, lines)
    lines = lines.clip(low, high).assign(clients=sizes, mean=float(whole["mean"]))
    x_axis = alt.Axis(title=f"{terms.clients} with ratings", tickMinStep=1, format="d", grid=False)
    y_axis = alt.Axis(title="mean, % of maximum", tickCount=5, domain=False, ticks=False)

    def x() -> alt.X:
        return alt.X("clients:Q", axis=x_axis, scale=alt.Scale(domain=[0, sizes[-1] * 1.03], nice=False))

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", axis=y_axis, scale=alt.Scale(domain=[low, high], nice=False))

    level, muted = colour("level", theme), colour("muted", theme)
    pale = {"color": level, "opacity": ROLES["level"].opacity(theme)}
    base = alt.Chart(lines).encode(x())
    others, mine = marks[marks["name"] == ""], marks[marks["name"] != ""]
    ends = pd.DataFrame(
        {
            "at": [lines[name].iloc[-1] for name in _NAMES],
            "name": [rewritten(name) for name in _NAMES.values()],
        }
    )
    ends["at"] = apart(ends["at"], LABEL_GAP_PX * (high - low) / height)
    layers = [
        base.mark_area(**pale).encode(y("outer_low"), alt.Y2("outer_high")),
        base.mark_area(**pale).encode(y("inner_low"), alt.Y2("inner_high")),
        *(base.mark_line(color=level, strokeDash=[2, 3], strokeWidth=1.2).encode(y(name)) for name in LIMITS),
        base.mark_line(color=level, strokeWidth=1.5).encode(y("mean")),
        alt.Chart(ends)
        .mark_text(align="left", dx=8, color=muted)
        .encode(y("at"), x=alt.XValue("width"), text=alt.Text("name:N")),
        alt.Chart(others)
        .mark_point(shape="circle", size=46, stroke=muted, strokeWidth=1.4, opacity=0.9)
        .encode(x(), y("mean")),
    ]
    if len(mine):
        role = colour("client", theme)
        here = alt.Chart(mine).encode(x(), y("mean"))
        layers += [
            here.mark_point(shape="circle", size=110, fill=role, stroke=role, opacity=1),
            here.mark_text(align="right", dx=-10, color=colour("ink", theme), fontWeight=600).encode(
                text=alt.Text("name:N")
            ),
        ]
    return assembled(layers, theme, height=height, room=Room())


def _ends(marks: pd.DataFrame, lines: pd.DataFrame) -> tuple[float, float]:
    """The ends of the axis: all marks, and the limits from a fifth of the largest caseload on, in steps of five within 0–100."""
    drawn = lines.iloc[len(lines) // 5 :]
    low = min(marks["mean"].min(), drawn["outer_low"].min())
    high = max(marks["mean"].max(), drawn["outer_high"].max())
    return float(max(0, np.floor(low / 5) * 5)), float(min(100, np.ceil(high / 5) * 5))
