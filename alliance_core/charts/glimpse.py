"""One case in small as SVG, for a card on paper: both raters over the sessions up to one of them, from 0 to 100 %, named and with the sessions' numbers.

A brief has hundreds of these. They are drawn here rather than by way of a specification, which takes a hundred times as long and looks the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np
import pandas as pd

from alliance_core.charts import layers as of
from alliance_core.charts.paper import PAPER_FONT
from alliance_core.charts.roles import ROLES, SIDES, Theme, colour
from alliance_core.terms import TERMS, Terms

SPAN = 12  # sessions that the width stands for
_WIDTH, _HEIGHT, _LEFT, _TOP, _BELOW = 340, 84, 30, 18, 28
_TEXT = 12  # pixels
_LETTER = 6.6  # pixels that a letter takes, on the generous side
_TOP_PCT = (
    102.0  # so that a mark at 100 is whole; every picture begins at 0, so that falls of one size look alike
)
_THEME: Theme = "print"

Point = tuple[float, float]


class _Plot:
    """Where sessions and pct lie, in pixels."""

    def __init__(self, last: int, terms: Terms) -> None:
        longest = max(len(terms.client), len(terms.practitioner)) + len(" (to 12)")
        self.last = last
        self.right = _WIDTH - 8 - min(of.LONGEST_LABEL, round(longest * _LETTER))

    def cut(self, name: str) -> str:
        """A name that is longer than there is room for, cut."""
        most = int((_WIDTH - 8 - self.right) / _LETTER)
        return name if len(name) <= most else f"{name[: most - 1]}…"

    def x(self, session: float) -> float:
        share = (session - self.last + SPAN - 0.5) / SPAN
        return round(_LEFT + share * (self.right - _LEFT), 1)

    def y(self, pct: float) -> float:
        return round(_TOP + (_TOP_PCT - pct) / _TOP_PCT * _HEIGHT, 1)

    def points(self, sessions: Iterable[float], values: Iterable[float]) -> list[Point | None]:
        """None where there is no value, so that a line breaks there."""
        return [
            None if np.isnan(value) else (self.x(session), self.y(value))
            for session, value in zip(sessions, values, strict=True)
        ]


def glimpse(
    sessions: pd.DataFrame,
    trace: pd.DataFrame,
    bands: pd.DataFrame,
    last: int,
    *,
    level_name: str = "own level",
    terms: Terms = TERMS,
) -> str | None:
    """Both sides' overall over SPAN sessions, `last` the last of them, with episodes and the level that falls are measured from.

    The frames are the case's, `bands` its rows of `spans`. Without a `level_name` the level is not drawn. None where nobody rated any of these sessions.
    """
    number = sessions["session"].to_numpy(dtype="int64")
    near = sessions[(number > last - SPAN) & (number <= last)]
    if near[["client_overall", "practitioner_overall"]].isna().all(axis=None):
        return None
    rows, plot = of.every_session(near, "overall"), _Plot(last, terms)
    rater = "client" if rows["client"].notna().any() else "practitioner"
    here = (trace["facet"] == "overall") & (trace["rater"] == rater)
    own = trace[(here & trace["session"].between(last - SPAN + 1, last)).to_numpy(bool)]
    ends = of.ends_of_lines(rows, own["level"], level_name, float(last), _TOP_PCT / _HEIGHT, terms)
    parts = [
        *_axes(plot),
        *_bands(plot, bands),
        *(_level(plot, own) if level_name else []),
        *(part for side in reversed(SIDES) for part in _side(plot, side, rows)),
        *(
            _text(plot.right + 8, plot.y(at) + 4, plot.cut(name), colour(role, _THEME))
            for role, at, name in ends.itertuples(index=False, name=None)
        ),
    ]
    height = _TOP + _HEIGHT + _BELOW
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" '
        f'font-family="{PAPER_FONT}" font-size="{_TEXT}">{"".join(parts)}</svg>'
    )


def _axes(plot: _Plot) -> list[str]:
    """Lines at round pct, with their numbers; the sessions' numbers below; what both are."""
    muted, grid = colour("muted", _THEME), colour("grid", _THEME)
    bottom = _TOP + _HEIGHT
    parts = [
        _text(0, 10, "% of maximum", muted),
        _text((_LEFT + plot.right) / 2, bottom + 26, "session", muted, "middle"),
    ]
    for pct in range(0, 101, 25):
        parts.append(_line(_LEFT, plot.y(pct), plot.right, plot.y(pct), grid))
        parts.append(_text(_LEFT - 5, plot.y(pct) + 4, str(pct), muted, "end"))
    every = 1 if plot.last < 100 else 3 if plot.last < 10_000 else SPAN
    parts += [
        _text(plot.x(session), bottom + 14, str(session), muted, "middle")
        for session in range(plot.last, max(0, plot.last - SPAN), -every)
    ]
    return parts


def _bands(plot: _Plot, bands: pd.DataFrame) -> list[str]:
    """Episodes as shaded bands; a practitioner's own one has edges only."""
    role, first = ROLES["episode"], plot.last - SPAN + 1
    parts: list[str] = []
    columns = (bands[name].tolist() for name in ("facet", "rater", "start", "end"))
    for facet, rater, start, end in zip(*columns, strict=True):
        if facet == "overall" and end >= first and start <= plot.last:
            left, right = plot.x(max(start, first) - 0.5), plot.x(min(end, plot.last) + 0.5)
            look = (
                f'fill="{role.colour(_THEME)}" fill-opacity="{role.opacity(_THEME)}"'
                if rater == "client"
                else f'fill="none" stroke="{role.colour(_THEME)}" stroke-dasharray="3 3"'
            )
            parts.append(
                f'<rect x="{left}" y="{_TOP}" width="{round(right - left, 1)}" height="{_HEIGHT}" {look}/>'
            )
    return parts


def _level(plot: _Plot, own: pd.DataFrame) -> list[str]:
    """The level as thin dashes, and ±σ around it as a pale band; nothing where fewer than two sessions have one."""
    known = own[own["level"].notna().to_numpy(bool)]
    if len(known) < 2:
        return []
    role, sessions = ROLES["level"], known["session"].tolist()
    level, sigma = known["level"].to_numpy(float), known["sigma"].to_numpy(float)
    above = plot.points(sessions, np.clip(level + sigma, 0, 100).tolist())
    below = plot.points(sessions, np.clip(level - sigma, 0, 100).tolist())
    edge = " ".join(f"{x},{y}" for x, y in (one for one in [*above, *reversed(below)] if one))
    line = plot.points(own["session"].tolist(), own["level"].tolist())
    return [
        f'<polygon points="{edge}" fill="{role.colour(_THEME)}" fill-opacity="{role.opacity(_THEME)}"/>',
        _path(line, role.colour(_THEME), role.dash, 1.3),
    ]


def _side(plot: _Plot, side: str, rows: pd.DataFrame) -> list[str]:
    """A rater's line and marks, as on every chart."""
    role = ROLES[side]
    points = plot.points(rows["session"].tolist(), rows[side].tolist())
    fill = role.colour(_THEME) if role.filled else colour("paper", _THEME)
    look = f'fill="{fill}" stroke="{role.colour(_THEME)}" stroke-width="1.6"'
    marks = [
        f'<circle cx="{x}" cy="{y}" r="2.8" {look}/>'
        if role.shape == "circle"
        else f'<rect x="{round(x - 2.8, 1)}" y="{round(y - 2.8, 1)}" width="5.6" height="5.6" {look}/>'
        for x, y in (one for one in points if one)
    ]
    return [_path(points, role.colour(_THEME), role.dash, 2), *marks]


def _path(points: Sequence[Point | None], stroke: str, dash: tuple[int, int], width: float) -> str:
    steps: list[str] = []
    before: Point | None = None
    for point in points:
        if point:
            steps.append(f"{'L' if before else 'M'}{point[0]} {point[1]}")
        before = point
    dashes = "" if dash == (1, 0) else f' stroke-dasharray="{dash[0]} {dash[1]}"'
    return f'<path d="{"".join(steps)}" fill="none" stroke="{stroke}" stroke-width="{width}"{dashes}/>'


def _line(left: float, top: float, right: float, bottom: float, stroke: str) -> str:
    return f'<line x1="{left}" y1="{top}" x2="{right}" y2="{bottom}" stroke="{stroke}"/>'


def _text(x: float, y: float, words: str, fill: str, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{round(y, 1)}" fill="{fill}" text-anchor="{anchor}">{escape(words)}</text>'
