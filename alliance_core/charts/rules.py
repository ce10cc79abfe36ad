"""What a rule finds against how often it is wrong: one line a rule, over all its thresholds."""

from __future__ import annotations

import altair as alt
import pandas as pd

from alliance_core.charts.layers import apart
from alliance_core.charts.roles import Room, Spec, Theme, assembled, colour
from alliance_core.notation import digits

MOST_FALSE_ALARMS = 5.0
_MOST_FOUND = 0.8
LABEL_GAP = 4.5  # percent found; two names stay this far apart


def rules_compared(ladder: pd.DataFrame, chosen: str, *, theme: Theme = "light", height: int = 340) -> Spec:
    """Share of planted ruptures found over false alarms per 100 sessions, the chosen rule drawn strongly, each named at its right end.

    `ladder` of benchmarked.ladder. Higher and farther left is better.
    """
    drawn = ladder[ladder["false_alarms"] <= MOST_FALSE_ALARMS].sort_values(["rule", "false_alarms"])
    drawn = drawn.assign(found=100 * drawn["found"], chosen=drawn["rule"] == chosen)
    ends = drawn.drop_duplicates("rule", keep="last").sort_values("found")
    ends = ends.assign(label_at=apart(ends["found"], LABEL_GAP))
    x = alt.X(
        "false_alarms:Q",
        title="false alarms per 100 sessions",
        scale=alt.Scale(domain=[0, MOST_FALSE_ALARMS]),
    )
    y = alt.Y(
        "found:Q", title="planted ruptures found, percent", scale=alt.Scale(domain=[0, 100 * _MOST_FOUND])
    )
    ink, strong = colour("muted", theme), colour("client", theme)
    tone = alt.ColorValue(ink, condition=[{"test": "datum.chosen", "value": strong}])
    columns = ["rule", "false_alarms", "found", "threshold", "chosen"]
    lines = (
        alt.Chart(drawn[columns])
        .mark_line()
        .encode(
            x,
            y,
            detail=alt.Detail("rule:N"),
            color=tone,
            size=alt.SizeValue(1.2, condition=[{"test": "datum.chosen", "value": 3}]),
            tooltip=[
                alt.Tooltip("rule:N"),
                alt.Tooltip("threshold:Q", format=".2f"),
                alt.Tooltip("false_alarms:Q", title="false alarms per 100 sessions", format=".1f"),
                alt.Tooltip("found:Q", title="found, percent", format=".0f"),
            ],
        )
    )
    names = (
        alt.Chart(ends[["rule", "false_alarms", "label_at", "chosen"]])
        .mark_text(align="left", dx=8)
        .encode(x, alt.Y("label_at:Q"), text=alt.Text("rule:N"), color=tone)
    )
    return assembled([lines, names], theme, height=height, room=Room(right=26))


def along_thresholds(
    along: pd.DataFrame,
    now: float | None,
    then: float,
    unit: str,
    *,
    theme: Theme = "light",
    height: int = 220,
) -> Spec:
    """How many falls a rule finds at each threshold, with the one in use (where it is this rule's) and the one looked at.

    `along` of what_if.along; `unit` what the threshold counts.
    """
    strong, quiet = colour("client", theme), colour("muted", theme)
    x = alt.X("threshold:Q", title=f"threshold, {unit}", scale=alt.Scale(zero=False, nice=False))
    most = max(1, int(along["falls"].max()))  # without any fall, too, the axis counts whole falls
    y = alt.Y(
        "falls:Q",
        title="falls found",
        axis=alt.Axis(tickMinStep=1, format="d"),
        scale=alt.Scale(domain=[0, most]),
    )
    line = alt.Chart(along).mark_line(color=quiet).encode(x, y)
    marked = [(then, "looked at", strong)] + ([] if now is None or now == then else [(now, "in use", quiet)])
    layers = [line]
    for value, name, tone in marked:
        at = pd.DataFrame({"threshold": [value], "name": [f"{name}: {digits(value)}"]})
        layers.append(
            alt.Chart(at)
            .mark_rule(color=tone, strokeDash=[1, 0] if name == "looked at" else [4, 3])
            .encode(x)
        )
        layers.append(
            alt.Chart(at)
            .mark_text(color=tone, align="left", dx=5, baseline="top" if name == "looked at" else "bottom")
            .encode(x, y=alt.YValue(0 if name == "looked at" else height), text=alt.Text("name:N"))
        )
    return assembled(layers, theme, height=height, room=Room())
