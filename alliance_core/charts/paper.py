"""How a chart looks on paper, and what its signs are in words."""

from __future__ import annotations

from alliance_core.charts.roles import Spec
from alliance_core.terms import Terms

PAPER_FONT = "Noto Sans"


def legend(terms: Terms) -> str:
    """What lines, marks and shades are, on every chart of ratings."""
    return terms.termed(
        "Solid line and filled circles: client. Dashed line and hollow squares: practitioner. Shaded: episodes; "
        "a dashed frame: a fall of the practitioner's rating alone."
    )


def on_paper(spec: Spec, width: int) -> Spec:
    """A chart of the theme "print" for paper: in the fonts of paper, and so many pixels wide, what is written beside the plot included."""
    config = {**spec["config"], "font": PAPER_FONT}
    return {**spec, "config": config, "width": width}
