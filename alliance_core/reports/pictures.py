"""A chart as a picture to put into a report: PNG or SVG, on white, with its title, how to read it, and where it comes from.

The look is that of print (theme "print" of charts), whatever the screen's is; fonts are those of paper. The same picture gives the same bytes, and fetches nothing.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import vl_convert

from alliance_core import notation
from alliance_core.charts import Spec, enlarged, in_notation
from alliance_core.charts.roles import PRINT_FONT, colour
from alliance_core.notation import Notation
from alliance_core.reports.glyphs import FAMILIES, FONTS, first_signs, printable

WIDTH = 605  # pixels: 160 mm at 96 pixels an inch, the width of the text on A4
LARGER = 1.15  # so many times the type of a screen
SCALE = 3  # pixels of a PNG for each of these: 288 an inch
EDGE = 14  # pixels of white around everything
BESIDE = 3  # small charts in a row
_GAP = 16  # pixels between them, and between a chart and what is written


@dataclass(frozen=True)
class Small:
    """One small chart of several, with what it is called above it."""

    name: str
    chart: Spec


@dataclass(frozen=True)
class Chart:
    """What a picture shows: charts of the theme "print", one alone or small ones beside each other; and its words.

    `aid`: how to read it; `source`: from what and when, as of reports.source_line. Words may be users': they are text.
    """

    title: str
    charts: Spec | Sequence[Small]
    source: str
    aid: str = ""


@dataclass(frozen=True)
class _Words:
    """One kind of text: pixels, weight, ink, and how many signs of it there are in a line of WIDTH."""

    size: int
    weight: int
    role: str
    signs: int

    def lines(self, text: str) -> list[str]:
        return textwrap.wrap(printable(text), self.signs)

    def written(self, lines: Sequence[str], top: float) -> str:
        """The lines as SVG, one below the other."""
        return "".join(
            f'<text x="{EDGE}" y="{top + self.size + place * self.line:g}" font-family={quoteattr(PRINT_FONT)} font-size="{self.size}" '
            f'font-weight="{self.weight}" fill="{colour(self.role, "print")}">{escape(line)}</text>'
            for place, line in enumerate(lines)
        )

    @property
    def line(self) -> int:
        return round(1.4 * self.size)


_TITLE, _NAME = _Words(16, 700, "ink", 70), _Words(12, 700, "ink", 26)
_AID, _SOURCE = _Words(12, 400, "muted", 106), _Words(11, 400, "muted", 112)


def as_svg(picture: Chart, style: Notation | None = None) -> bytes:
    """The picture as SVG, WIDTH pixels wide, with title and description for those who do not see it. `style`: how numbers on axes are written."""
    with notation.written(style or notation.in_use()):
        drawn, height = _drawn(picture.charts)
    title, aid, source = (
        kind.lines(text)
        for kind, text in ((_TITLE, picture.title), (_AID, picture.aid), (_SOURCE, picture.source))
    )
    under_title = EDGE + len(title) * _TITLE.line
    top = under_title + len(aid) * _AID.line + (_GAP if aid else 8)
    under = top + height + _GAP
    whole = under + len(source) * _SOURCE.line + EDGE
    told = escape(printable(picture.title)), escape(printable(" ".join((picture.aid, picture.source))))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{WIDTH}" height="{whole:g}" viewBox="0 0 {WIDTH} {whole:g}">'
        f"<title>{told[0]}</title><desc>{told[1]}</desc>"
        f'<rect width="100%" height="100%" fill="{colour("paper", "print")}"/>'
        f"{_TITLE.written(title, EDGE)}{_AID.written(aid, under_title + 4)}"
        f'<g transform="translate({EDGE},{top:g})">{drawn}</g>'
        f"{_SOURCE.written(source, under)}</svg>\n"
    ).encode()


def as_png(picture: Chart, style: Notation | None = None) -> bytes:
    """The same as PNG, SCALE times as many pixels."""
    _with_our_fonts()
    return vl_convert.svg_to_png(_in_one_font(as_svg(picture, style).decode()), scale=SCALE)


def _drawn(charts: Spec | Sequence[Small]) -> tuple[str, float]:
    """The charts as SVG, and how high they are together."""
    room = WIDTH - 2 * EDGE
    if isinstance(charts, Mapping):
        return _as_svg(enlarged(charts, LARGER), room)
    each = (room - (BESIDE - 1) * _GAP) // BESIDE
    parts, top = [], 0.0
    for start in range(0, len(charts), BESIDE):
        row = [(one.name, *_as_svg(one.chart, each)) for one in charts[start : start + BESIDE]]
        for place, (name, drawn, _) in enumerate(row):
            named = replace(_NAME).written(_NAME.lines(name)[:1], -2).replace(f'x="{EDGE}"', 'x="0"')
            parts.append(
                f'<g transform="translate({place * (each + _GAP)},{top:g})">{named}<g transform="translate(0,{_NAME.line})">{drawn}</g></g>'
            )
        top += _NAME.line + max(height for *_, height in row) + _GAP
    return "".join(parts), max(top - _GAP, 0.0)


def _as_svg(chart: Spec, width: float) -> tuple[str, float]:
    """One chart so many pixels wide, as a part of another SVG, and its height."""
    _with_our_fonts()
    spec = in_notation(
        {**chart, "datasets": _printable(chart["datasets"]), "width": width}, notation.in_use()
    )
    drawn = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    height = re.match(r'<svg[^>]* height="([\d.]+)"', drawn)
    assert height is not None  # noqa: S101
    return drawn, float(height[1])


_ALIKE = str.maketrans({"−": "–", "→": "–", "←": "–", "≥": "&gt;=", "≤": "&lt;="})


def _in_one_font(drawing: str) -> str:
    """The drawing with each text in signs of one font: what turns it into pixels takes any font of the machine for all of a text with another sign in it.

    A minus is a dash then; a sign alone, such as an arrow, is drawn in the second family, and one that nothing is alike is "¤".
    """
    return re.sub(r">([^<>]*[^\x00-\x7f][^<>]*)</text>", _of_one_font, drawing)


def _of_one_font(found: re.Match[str]) -> str:
    text = found[1]
    if not any(ord(sign) in first_signs() for sign in text):
        return f'><tspan font-family="{FAMILIES[1]}">{text}</tspan></text>'
    alike = text.translate(_ALIKE)
    return ">" + "".join(sign if ord(sign) in first_signs() else "¤" for sign in alike) + "</text>"


def _printable(rows: Any) -> Any:
    """All texts of a chart's rows as the fonts can show them."""
    if isinstance(rows, str):
        return printable(rows)
    if isinstance(rows, Mapping):
        return {name: _printable(one) for name, one in rows.items()}
    return [_printable(one) for one in rows] if isinstance(rows, list) else rows


@cache
def _with_our_fonts() -> None:
    """Texts are measured and drawn in the fonts that are shipped."""
    vl_convert.register_font_directory(str(FONTS))
