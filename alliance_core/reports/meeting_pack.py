"""The meeting pack: what a team has on paper in its meeting. The agenda, a card for each case, what was agreed last time, and lines for what is agreed.

Cases stand under the names of the meeting and nobody under an id, by the same masks as in the room (review.shown.Masked).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from alliance_core import agenda_sentences, charts
from alliance_core.figures.wording import counted
from alliance_core.notation import day as day_in_words
from alliance_core.notation import written
from alliance_core.reports.cards import PaperCard, before_of, paper_card
from alliance_core.reports.printing import printed
from alliance_core.reports.source_line import source_line
from alliance_core.reports.web import page
from alliance_core.review.by_case import ByCase, records
from alliance_core.review.history import History
from alliance_core.review.meeting import Sitting, names_in_words
from alliance_core.review.shown import Masked
from alliance_core.review.talk import why
from alliance_core.review.told import action
from alliance_core.terms import terms_of

EMPTY_LINES = 10  # of the list of actions
_LAYOUT = "meeting_pack"


@dataclass(frozen=True)
class MeetingPack:
    """What is printed. `agenda`: name and reason of each card, in order; `last`: case, and what was agreed, of actions from before."""

    title: str
    facts: tuple[str, ...]
    agenda: tuple[tuple[str, str], ...]
    cards: tuple[PaperCard, ...]
    last: tuple[tuple[str, str], ...]
    empty_lines: int
    legend: str


def meeting_pack_pdf(found: ByCase, sitting: Sitting, day: date) -> bytes:
    """The pack of a meeting that begins with `sitting`; same ratings, sitting and day: same bytes. Raises NotPrinted."""
    settings = found.analysis.settings
    with written(settings.display.notation):
        pack = meeting_pack(found, sitting)
        return printed(
            _LAYOUT,
            {"pack": pack},
            title=pack.title,
            day=day,
            foot=source_line(found.analysis, day),
            size=settings.display.paper,
        )


def meeting_pack_html(found: ByCase, sitting: Sitting, day: date) -> bytes:
    """The same as one HTML file that needs nothing else."""
    with written(found.analysis.settings.display.notation):
        pack = meeting_pack(found, sitting)
        return page(_LAYOUT, {"pack": pack}, title=pack.title, foot=source_line(found.analysis, day))


def meeting_pack(found: ByCase, sitting: Sitting) -> MeetingPack:
    """What a meeting has on paper, masked as in the room."""
    shown, settings, history = Masked(sitting), found.analysis.settings, History(sitting.before)
    cards = tuple(
        _card(found, history, shown, (str(p), str(c)), str(reason))
        for p, c, reason in sitting.lines[["practitioner", "client", "reason"]].itertuples(index=False)
    )
    many = counted(len(cards), "case")
    return MeetingPack(
        title=f"For the meeting of {day_in_words(sitting.day)}: {many}, {agenda_sentences.how_long(len(cards), settings)}",
        facts=(f"Whose cases: {sitting.whom}.", names_in_words(sitting.masks)),
        agenda=tuple((card.case, card.reason) for card in cards),
        cards=cards,
        last=_agreed_before(sitting, shown),
        empty_lines=EMPTY_LINES,
        legend=charts.legend(terms_of(settings)),
    )


def _card(found: ByCase, history: History, shown: Masked, case: tuple[str, str], reason: str) -> PaperCard:
    title, said = why(found, *case, reason)
    earlier = before_of(history.of_case(*case), shown)
    return paper_card(found, case, title, said, before=earlier, question_of=reason, shown=shown)


def _agreed_before(sitting: Sitting, shown: Masked) -> tuple[tuple[str, str], ...]:
    """The open actions of the cases that come up, in their order: the case's name, and what was agreed."""
    before = sitting.before
    open_ones = before[before["open_action"].to_numpy(bool)]
    rows = sitting.lines[["practitioner", "client"]].merge(
        open_ones, on=["practitioner", "client"], how="inner"
    )
    masked = [shown.decision(one) for one in records(rows)]
    return tuple((str(one["client"]), action(one)) for one in masked if not pd.isna(one["action"]))
