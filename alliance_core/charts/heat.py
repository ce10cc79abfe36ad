"""Sessions × cases as a strip of small fields: how high, how far apart, or what the rule saw, for a caseload at a glance."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from alliance_core.charts.roles import Room, Spec, Theme, assembled, colour
from alliance_core.notation import digits
from alliance_core.terms import TERMS, Terms

Shown = Literal["rating", "gap", "state"]
SELECTION = "case"  # the name under which a click on a field is reported: its column `case`
ROW_PX = 22
MOST_NUMBERS = 16  # sessions up to which the number is written into its field


class Look(NamedTuple):
    """How a state is drawn: its sign, which tells it without colour, and the role whose colour it has."""

    sign: str
    role: str
    strong: bool


LOOKS = {
    "rated": Look("", "level", False),
    "strain": Look("·", "strain", False),
    "rupture": Look("▼", "episode", True),
    "in episode": Look("–", "episode", False),
    "repaired": Look("▲", "client", False),
    "one side only": Look("½", "level", False),
    "too few": Look("?", "level", False),
}


def heat_strip(
    sessions: pd.DataFrame,
    cases: list[str],
    shown: Shown,
    usual_gap: float,
    *,
    theme: Theme = "light",
    terms: Terms = TERMS,
) -> Spec:
    """One row a case, in the order given, one field a session; a click on a field selects its case.

    `sessions` have the columns of SESSIONS and `case` (a label, as in `cases`). "rating": the client's overall, pct; "gap": practitioner − client, pct points, coloured
    by its distance from `usual_gap` (from zero where that is missing); "state": what the rule saw, as a sign. A session without a form has no field.
    """
    value, sign = _values(sessions, shown)
    rows = sessions.assign(
        value=value, sign=sign, rated=value.notna() if shown != "state" else sessions["state"] != ""
    )
    rows = rows[rows["rated"]]
    if shown != "state" and rows["session"].nunique() <= MOST_NUMBERS:
        told = [digits(value, ".0f") for value in rows["value"].round().to_numpy(float)]
        rows = rows.assign(sign=rows["sign"].where(rows["sign"] != "", np.array(told, object)))
    axis = alt.Axis(title="session", orient="top", labelAngle=0, domain=False, ticks=False, labelOverlap=True)
    x = alt.X("session:O", axis=axis)
    y = alt.Y(
        "case:N",
        sort=cases,
        scale=alt.Scale(domain=cases),
        axis=alt.Axis(title=None, domain=False, ticks=False, labelLimit=160),
    )
    tooltip = [
        alt.Tooltip("case:N", title="case"), alt.Tooltip("session:O", title="session"),
        alt.Tooltip("client_overall:Q", title=f"{terms.client}, %", format=".0f"),
        alt.Tooltip("practitioner_overall:Q", title=f"{terms.practitioner}, %", format=".0f"),
        alt.Tooltip("gap_overall:Q", title="gap, points", format="+.0f"), alt.Tooltip("state:N", title="what the rule saw"),
    ]  # fmt: skip
    columns = [
        "case",
        "session",
        "value",
        "sign",
        "client_overall",
        "practitioner_overall",
        "gap_overall",
        "state",
    ]
    base = alt.Chart(rows[columns])
    fields = base.mark_rect(cornerRadius=2, stroke=colour("paper", theme), strokeWidth=1.5)
    layers = [
        fields.encode(x, y, color=_colour(shown, usual_gap, theme), tooltip=tooltip),
        base.mark_text(fontSize=11, color=colour("ink", theme)).encode(x, y, text=alt.Text("sign:N")),
    ]
    spec = assembled(layers, theme, height=ROW_PX * max(len(cases), 1), room=Room(top=4))
    spec["layer"][0]["name"] = "fields"
    spec["params"] = [
        {
            "name": SELECTION,
            "select": {"type": "point", "fields": ["case"], "on": "click"},
            "views": ["fields"],
        }
    ]
    return spec


def _values(sessions: pd.DataFrame, shown: Shown) -> tuple[pd.Series, pd.Series]:
    """What colours a field, and the sign in it."""
    nothing = pd.Series("", sessions.index)
    if shown == "state":
        return sessions["client_overall"], sessions["state"].map(
            {name: look.sign for name, look in LOOKS.items()}
        ).fillna("")
    if shown == "gap":
        gap = sessions["gap_overall"].astype(float)
        return gap, pd.Series([_signed(float(one)) for one in gap], gap.index)
    return sessions["client_overall"], nothing


def _signed(gap: float) -> str:
    return "" if np.isnan(gap) else "0" if round(gap) == 0 else digits(gap, "+.0f").replace("-", "−")


def _colour(shown: Shown, usual_gap: float, theme: Theme) -> Any:
    paper, client, practitioner = (colour(role, theme) for role in ("paper", "client", "practitioner"))
    if shown == "state":
        tones = [
            _mixed(colour(look.role, theme), paper, 0.75 if look.strong else 0.28) for look in LOOKS.values()
        ]
        return alt.Color("state:N", legend=None, scale=alt.Scale(domain=list(LOOKS), range=tones))
    if shown == "gap":
        middle = 0.0 if np.isnan(usual_gap) else usual_gap
        ends = [_mixed(client, paper, 0.7), paper, _mixed(practitioner, paper, 0.7)]
        scale = alt.Scale(
            domain=[middle - 30, middle, middle + 30], range=ends, clamp=True, interpolate="rgb"
        )
        return alt.Color("value:Q", legend=None, scale=scale)
    ends = [_mixed(client, paper, 0.08), _mixed(client, paper, 0.75)]  # the lowest is a field, too
    scale = alt.Scale(domain=[30, 100], range=ends, clamp=True, interpolate="rgb")
    return alt.Color("value:Q", legend=None, scale=scale)


def _mixed(one: str, other: str, share: float) -> str:
    """A colour between two, with so much of the first."""
    parts = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02X}" for a, b in parts)
