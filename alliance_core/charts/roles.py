"""How each role looks: one colour, line and mark, the same on every chart, page and report."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import altair as alt
import numpy as np
import pandas as pd
from altair.utils import schemapi

from alliance_core.charts.read_aloud import read_aloud
from alliance_core.notation import Notation

Theme = Literal["light", "dark", "print"]
Spec = dict[str, Any]


class Room(NamedTuple):
    """Space around a plot, in pixels, for what is written beside it."""

    left: int = 4
    top: int = 8
    right: int = 8
    bottom: int = 4


# Altair refuses more than 5,000 rows; a very long case is to be drawn, not to end in an error.
alt.data_transformers.disable_max_rows()
# It would check every part of a chart as it is made, which takes a third of the time; tests hold whole charts against the schema.
schemapi.disable_debug_mode()

FONT = '"Source Sans", "Source Sans Pro", "Segoe UI", sans-serif'
PRINT_FONT = "Noto Sans, Noto Sans Math, sans-serif"  # those that reports bring along
TEXT_SIZE = 13


class Role(NamedTuple):
    """How one role is drawn: colour on a light and on a dark screen and in print, line, mark, and its label."""

    light: str
    dark: str
    printed: str
    label: str
    dash: tuple[int, int] = (1, 0)
    shape: str = "circle"
    filled: bool = True
    light_opacity: float = 1.0
    dark_opacity: float = 1.0

    def colour(self, theme: Theme) -> str:
        return {"light": self.light, "dark": self.dark, "print": self.printed}[theme]

    def opacity(self, theme: Theme) -> float:
        return self.dark_opacity if theme == "dark" else self.light_opacity


# In print every ink is darker than on a light screen: printers and copiers make thin lines and small words paler.
ROLES = {
    "client": Role("#0A5E9C", "#6CB4EE", "#084A7C", "client"),
    "practitioner": Role("#B45F06", "#F2A65A", "#8F4A04", "practitioner", (6, 4), "square", False),
    "episode": Role("#A3154B", "#F27BA2", "#8A103F", "episode", light_opacity=0.14, dark_opacity=0.22),
    "strain": Role("#6B6256", "#B9AFA3", "#4F483E", "strain"),
    "level": Role("#6F6B66", "#A8A6A2", "#55514C", "own level", (2, 3), light_opacity=0.13, dark_opacity=0.2),
    "ink": Role("#24221F", "#ECE9E4", "#121110", ""),
    "muted": Role("#5C574F", "#B9B4AC", "#45413A", ""),
    "grid": Role("#E7E4DE", "#2E333A", "#D3CEC6", ""),
    "paper": Role("#FFFFFF", "#15171A", "#FFFFFF", ""),
}
SIDES = ("client", "practitioner")


def colour(role: str, theme: Theme) -> str:
    return ROLES[role].colour(theme)


def _config(theme: Theme) -> Spec:
    """The type, the quiet axes and the ground that all charts share: see-through on a screen, white in print."""
    muted, grid = colour("muted", theme), colour("grid", theme)
    return {
        "font": PRINT_FONT if theme == "print" else FONT,
        "background": colour("paper", theme) if theme == "print" else "transparent",
        "view": {"stroke": None},
        "text": {"fontSize": TEXT_SIZE},
        "title": {
            "color": colour("ink", theme),
            "fontSize": TEXT_SIZE + 2,
            "fontWeight": 600,
            "anchor": "start",
            "offset": 8,
        },
        "axis": {
            "labelColor": muted,
            "titleColor": muted,
            "gridColor": grid,
            "domainColor": grid,
            "tickColor": grid,
            "labelFontSize": TEXT_SIZE,
            "titleFontSize": TEXT_SIZE,
            "titleFontWeight": "normal",
            "labelOverlap": True,
        },
    }


def in_notation(chart: Spec, notation: Notation) -> Spec:
    """The chart with the numbers on its axes and in its boxes written so; what it writes as text was written so already."""
    locale = {
        "decimal": notation.decimal,
        "thousands": notation.thousands,
        "grouping": [3],
        "currency": ["", ""],
    }
    return {**chart, "config": {**chart.get("config", {}), "locale": {"number": locale}}}


def assembled(layers: list[alt.Chart], theme: Theme, *, height: int, room: Room, title: str = "") -> Spec:
    """The layers as one Vega-Lite specification. `height` is that of the plot; `room` is what stands around it.

    Screen readers hear the marks with rows of their own; a chart whose rows are put in later is told as a whole by its page.

    Put together from the layers' own specifications: `alt.layer` copies and checks every layer again, and each layer its rows, which
    for thirty small charts takes longer than a page may. A frame that several layers draw from is written once.
    """
    frames = {id(layer.data): layer.data for layer in layers if isinstance(layer.data, pd.DataFrame)}
    names = {own: f"rows {number}" for number, own in enumerate(frames, 1)}
    datasets = {names[own]: as_rows(frame) for own, frame in frames.items()}
    parts = [_drawn_from(layer, names).to_dict(validate=False) for layer in layers]
    for part in parts:
        rows = datasets.get(part["data"].get("name"))
        part["mark"] = read_aloud(part["mark"], part.get("encoding", {}), empty=not rows)
    return {
        "$schema": alt.SCHEMA_URL,
        "config": _config(theme),
        "autosize": {"type": "fit-x", "contains": "padding"},
        "height": height,
        "padding": room._asdict(),
        **({"title": title} if title else {}),
        "layer": [
            {key: value for key, value in part.items() if key in ("data", "mark", "encoding", "transform")}
            for part in parts
        ],
        "datasets": datasets,
    }


def _drawn_from(layer: alt.Chart, names: dict[int, str]) -> alt.Chart:
    """The layer with its frame's name in place of the frame; as it is where its rows are put in later."""
    if id(layer.data) not in names:
        return layer
    named = layer.copy(deep=False)
    named.data = alt.NamedData(name=names[id(layer.data)])
    return named


def as_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame of numbers, words and yes or no, as a chart takes them: what is missing or infinite is None.

    >>> as_rows(pd.DataFrame({"session": [1, 2], "client": [71.5, float("nan")], "day": ["6 Jan 2025", None]}))
    [{'session': 1, 'client': 71.5, 'day': '6 Jan 2025'}, {'session': 2, 'client': None, 'day': None}]
    """
    columns = [_as_list(frame[name]) for name in frame]
    return [dict(zip(map(str, frame), row, strict=True)) for row in zip(*columns, strict=True)]


def _as_list(column: pd.Series) -> list[Any]:
    values = column.to_numpy()
    if values.dtype.kind in "iub":
        return values.tolist()
    known = np.isfinite(values) if values.dtype.kind == "f" else column.notna().to_numpy(bool)
    return [value if there else None for value, there in zip(values.tolist(), known.tolist(), strict=True)]


def enlarged(spec: Spec, by: float) -> Spec:
    """The same chart with everything but its width so many times as large, for a room to read."""
    config = spec["config"]
    sizes = ("fontSize", "labelFontSize", "titleFontSize", "offset")
    grown = {
        name: {key: value * by if key in sizes else value for key, value in part.items()}
        for name, part in config.items()
        if isinstance(part, dict)
    }
    marks = {"size": by * by, "strokeWidth": by, "dx": by, "limit": by}
    layers = [
        {
            **layer,
            "mark": {
                key: value * marks[key] if key in marks else value for key, value in layer["mark"].items()
            },
            "encoding": {
                channel: _farther(channel, where, by) for channel, where in layer["encoding"].items()
            },
        }
        for layer in spec["layer"]
    ]
    return {
        **spec,
        "config": {**config, **grown},
        "layer": layers,
        "height": spec["height"] * by,
        "padding": {side: room * by for side, room in spec["padding"].items()},
    }


def _farther(channel: str, where: Any, by: float) -> Any:
    """A place in pixels from the top, so many times as far; other encodings as they are."""
    in_pixels = (
        channel in ("y", "y2") and isinstance(where, dict) and isinstance(where.get("value"), int | float)
    )
    return {**where, "value": where["value"] * by} if in_pixels else where
