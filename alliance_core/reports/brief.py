"""The supervision brief: for each practitioner what there is to talk about, with a picture, a question and room to write. No verdict, no ranking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from alliance_core import agenda_sentences, charts, sentences
from alliance_core.figures.wording import counted
from alliance_core.notation import written
from alliance_core.reports.cards import PaperCard, card_of_case
from alliance_core.reports.printing import printed
from alliance_core.reports.source_line import source_line
from alliance_core.reports.web import page
from alliance_core.review import told
from alliance_core.review.by_case import ByCase, records
from alliance_core.review.history import History
from alliance_core.terms import terms_of

Progress = Callable[[int, int], None]
_LAYOUT, _TITLE = "brief", "Supervision brief"


@dataclass(frozen=True)
class Brief:
    """What is printed for one practitioner. `nothing`: why there are no cards, where there are none; `others`: the cases with nothing to raise."""

    title: str
    facts: str
    nothing: str
    cards: tuple[PaperCard, ...]
    actions: tuple[tuple[str, str], ...]
    others_title: str
    others: str


def brief_pdf(
    found: ByCase,
    decisions: History,
    day: date,
    practitioners: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> bytes:
    """The briefs of these practitioners (of all without them) one after the other, each on a page of its own; in order of their ids.

    `progress` is told after each practitioner how many are done, of how many; laying out the pages comes after the last. The size of paper is the
    settings' (`display.paper`). Same analysis, decisions and day: same bytes. Raises NotPrinted.
    """
    settings = found.analysis.settings
    with written(settings.display.notation):
        content = _content(found, decisions, practitioners, progress)
        return printed(
            _LAYOUT,
            content,
            title=_TITLE,
            day=day,
            foot=source_line(found.analysis, day),
            size=settings.display.paper,
        )


def brief_html(
    found: ByCase,
    decisions: History,
    day: date,
    practitioners: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> bytes:
    """The same as one HTML file that needs nothing else."""
    with written(found.analysis.settings.display.notation):
        content = _content(found, decisions, practitioners, progress)
        return page(_LAYOUT, content, title=_TITLE, foot=source_line(found.analysis, day))


def _content(
    found: ByCase, decisions: History, practitioners: Sequence[str] | None, progress: Progress | None
) -> dict:
    wanted = sorted(found.clients if practitioners is None else practitioners)
    briefs: list[Brief] = []
    for number, practitioner in enumerate(wanted, 1):
        briefs.append(brief_of(found, decisions, practitioner))
        if progress is not None:
            progress(number, len(wanted))
    settings = found.analysis.settings
    caution = f"{agenda_sentences.CAUTION} {agenda_sentences.assumed(settings)}. {charts.legend(terms_of(settings))}"
    return {"briefs": briefs, "caution": caution, "no_verdict": agenda_sentences.NO_VERDICT}


def brief_of(found: ByCase, decisions: History, practitioner: str) -> Brief:
    """The brief of one practitioner; cards in the order of the agenda."""
    settings, rows = found.analysis.settings, found.caseload(practitioner)
    lines = found.lines[(found.lines["practitioner"] == practitioner).to_numpy(bool)]
    listed = lines["client"].tolist()
    others = [client for client in found.clients[practitioner] if client not in set(listed)]
    return Brief(
        title=agenda_sentences.headline(len(listed), 0, practitioner, rows.trace, settings),
        facts=_facts(found, practitioner),
        nothing="" if listed else agenda_sentences.nothing(rows.trace, settings),
        cards=tuple(card_of_case(found, decisions, practitioner, client) for client in listed),
        actions=_open_elsewhere(decisions, practitioner, set(listed)),
        others_title=f"Nothing to raise for {counted(len(others), 'other case')}" if others else "",
        others=", ".join(others),
    )


def _facts(found: ByCase, practitioner: str) -> str:
    """Cases, sessions, and the usual gap in words."""
    line, settings = found.summary(practitioner), found.analysis.settings
    gap = sentences.usual_gap(line["mean_gap"], int(line["paired_sessions"]), settings, terms_of(settings))
    return f"{counted(int(line['cases']), 'case')}, {counted(int(line['sessions']), 'session')}. {gap}"


def _open_elsewhere(decisions: History, practitioner: str, listed: set[str]) -> tuple[tuple[str, str], ...]:
    """Actions still open in cases that are not on the agenda: whose, and what."""
    rows = decisions.rows
    here = rows["open_action"].to_numpy(bool) & (rows["practitioner"] == practitioner).to_numpy(bool)
    waiting = rows[here & ~rows["client"].isin(listed).to_numpy(bool)]
    return tuple(
        (str(one["client"]), told.in_words(one))
        for one in records(waiting.sort_values(["client", "session", "decided_on"], kind="stable"))
    )
