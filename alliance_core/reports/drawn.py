"""Charts as vectors for paper: SVG in the fonts of paper, the same each time."""

from __future__ import annotations

from functools import cache

import vl_convert

from alliance_core import notation
from alliance_core.charts import Spec, in_notation, on_paper
from alliance_core.reports.glyphs import FONTS
from alliance_core.reports.printing import Picture


def drawn(chart: Spec | None, words: str, width: int) -> Picture | None:
    """A chart of the theme "print", so many pixels wide, with what it shows in words; None where there is no chart."""
    if chart is None:
        return None
    _with_our_fonts()
    return Picture(vl_convert.vegalite_to_svg(in_notation(on_paper(chart, width), notation.in_use())), words)


@cache
def _with_our_fonts() -> None:
    """Texts are measured in the fonts that they are set in."""
    vl_convert.register_font_directory(str(FONTS))
