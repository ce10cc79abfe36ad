"""The figures of one case or caseload as people read them: value, interval, what went in, and, where one is not shown, why.

What a measure is, is told by measures.explained; here is what it comes to. Nothing is computed but the wording.
"""

from alliance_core.figures.of_case import of_case
from alliance_core.figures.of_caseload import FunnelNote, funnel_note, of_caseload, standing
from alliance_core.figures.of_periods import drawn, of_periods, over_time, table
from alliance_core.figures.of_work import of_case_work, of_caseload_work
from alliance_core.figures.wording import Figure

__all__ = [
    "Figure",
    "FunnelNote",
    "drawn",
    "funnel_note",
    "of_case",
    "of_case_work",
    "of_caseload",
    "of_caseload_work",
    "of_periods",
    "over_time",
    "standing",
    "table",
]
