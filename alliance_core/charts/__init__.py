"""Frames to charts, for pages and reports alike.

Each role has one colour, line and mark on every chart (`ROLES`). Nothing is told by colour alone, lines
are labelled where they end, and an unrated session breaks the line: no session is imputed. A `theme` is
"light" or "dark", for screens, or "print": white ground and darker inks. A chart is a Vega-Lite specification, a plain dict, and
fetches nothing.
"""

from alliance_core.charts.case import SESSIONS_AFTER, around_episode, gap_bars, timeline
from alliance_core.charts.caseload import facet_strips, sparkline
from alliance_core.charts.funnel import funnel
from alliance_core.charts.glimpse import SPAN, glimpse
from alliance_core.charts.heat import SELECTION, Shown, heat_strip
from alliance_core.charts.intervals import intervals
from alliance_core.charts.layers import score_floor, spans
from alliance_core.charts.paper import legend, on_paper
from alliance_core.charts.practice import practice
from alliance_core.charts.roles import ROLES, SIDES, Spec, Theme, enlarged, in_notation
from alliance_core.charts.rules import along_thresholds, rules_compared
from alliance_core.charts.work import MOST_TASKS, goal_agreement, relevance, shares

__all__ = [
    "MOST_TASKS",
    "ROLES",
    "SELECTION",
    "SESSIONS_AFTER",
    "SIDES",
    "SPAN",
    "Shown",
    "Spec",
    "Theme",
    "along_thresholds",
    "around_episode",
    "enlarged",
    "facet_strips",
    "funnel",
    "gap_bars",
    "glimpse",
    "goal_agreement",
    "heat_strip",
    "in_notation",
    "intervals",
    "legend",
    "on_paper",
    "practice",
    "relevance",
    "rules_compared",
    "score_floor",
    "shares",
    "spans",
    "sparkline",
    "timeline",
]
