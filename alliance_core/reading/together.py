"""Sheets side by side: what each holds by its headers, which form its answers belong to, and then its rows."""

from __future__ import annotations

from collections.abc import Iterable

from alliance_core.reading.both_raters import Judged
from alliance_core.reading.choices import ReadingChoices
from alliance_core.reading.date_order import settle_date_order
from alliance_core.reading.evidence import lots
from alliance_core.reading.named_files import ask_whose_sheets
from alliance_core.reading.one_sheet import Reading, read_rows, understood
from alliance_core.reading.pooling import recognised
from alliance_core.reading.problems import Problems
from alliance_core.reading.score_sheets import ask_about_unnamed, name_scores
from alliance_core.reading.sheets import Sheet


def read_together(sheets: Iterable[Sheet], choices: ReadingChoices, problems: Problems) -> list[Reading]:
    """Each sheet, read in the light of the others; problems are added to the list."""
    readings = [understood(sheet, choices, problems) for sheet in sheets]
    judged = settled(readings, problems)
    for number, reading in enumerate(readings):
        read_rows(reading, [one for one in judged if one[0].number == number])
    ask_about_unnamed(readings, problems)
    return readings


def settled(readings: list[Reading], problems: Problems) -> Judged:
    """What the answers in each sheet of forms were taken for, whoever rated; with what else the others settle."""
    name_scores(readings, problems)
    ask_whose_sheets(readings, problems)
    settle_date_order(readings)
    return recognised(
        lot
        for number, one in enumerate(readings)
        if one.body and one.plan and one.plan.kind == "forms"
        for lot in lots(number, one.body, one.plan, one.choices)
    )
