"""Every report as a file: for whom, in which formats, under which name. The command line and its help go by this one list."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from alliance_core.analysis import Analysis
from alliance_core.manager import ServiceFigures, every_summary, manager_rows, service_figures, words
from alliance_core.notation import written
from alliance_core.reports.brief import brief_html, brief_pdf
from alliance_core.reports.case_sheet import case_sheet_html, case_sheet_pdf
from alliance_core.reports.manager_paper import manager_html, manager_pdf
from alliance_core.reports.manager_workbook import manager_workbook
from alliance_core.reports.meeting_pack import meeting_pack_html, meeting_pack_pdf
from alliance_core.reports.meeting_paper import meeting_record_html, meeting_record_pdf
from alliance_core.reports.meeting_workbook import meeting_workbook
from alliance_core.reports.supervision_workbook import supervision_workbook
from alliance_core.reports.tables_out import to_csv
from alliance_core.review import (
    Decisions,
    Masks,
    MeetingRecord,
    Sitting,
    key_of,
    masks,
    record,
)
from alliance_core.review.by_case import ByCase, records
from alliance_core.review.history import History, history_of
from alliance_core.review.meetings import of_day, to_come
from alliance_core.review.talk import talk, why
from alliance_core.settings import DisplaySettings
from alliance_core.tables import AGENDA_LINES, MEETING_CARDS, MEETING_LAST
from alliance_core.tables import MANAGER as MANAGER_ROWS
from alliance_core.terms import Terms, terms_of

Progress = Callable[[int, int], None]
SUPERVISOR, MEETING, MANAGER = "supervisor", "meeting", "manager"
_CASE = ["practitioner", "client"]


class ReportError(ValueError):
    """A report that there is not, or that cannot be made of these ratings; the message is one sentence for whoever asked."""


@dataclass(frozen=True)
class Order:
    """What a report is made of, and whom it is about.

    `practitioner`, `client`: one of them, or one case, instead of all; `held`: the day of a meeting whose record is wanted; `word`: what the names of a
    meeting are made from (without it, they are made from the files and hold for these). `progress` is told how many are done, of how many. `told`: what a manager is told, where that is not
    what may be told on the day.
    """

    analysis: Analysis
    day: date
    practitioner: str | None = None
    client: str | None = None
    held: date | None = None
    word: str | None = None
    progress: Progress = field(default=lambda done, of: None)
    told: ServiceFigures | None = None

    @cached_property
    def found(self) -> ByCase:
        return ByCase(self.analysis)

    @cached_property
    def decisions(self) -> Decisions:
        return Decisions().read(self.analysis.ratings)

    @cached_property
    def history(self) -> History:
        return history_of(self.decisions.review, self.analysis)

    @cached_property
    def figures(self) -> ServiceFigures:
        return self.told or service_figures(self.analysis, self.day)

    @property
    def about(self) -> list[str] | None:
        """The practitioner, where only one is asked for."""
        return None if self.practitioner is None else [self.practitioner]


class Report(NamedTuple):
    """The name of its file, without the ending, and what makes it."""

    name: str
    make: Callable[[Order], bytes]


def report(audience: str, ending: str, order: Order) -> bytes:
    """The bytes of the report for an audience in a format, such as pdf. Same order, same bytes.

    Raises ReportError where there is no such report or nobody of that id, and NotPrinted where a PDF cannot be made.
    """
    _check_people(order)
    kinds = _kinds(order)
    if (audience, ending) not in kinds:
        there = " or ".join(f".{one}" for who, one in kinds if who == audience)
        which = f"for {_WHO[audience]}{_about(order)}"
        raise ReportError(
            f"There is no report {which} as .{ending}; there is {there}."
            if there
            else f"There is no report {which}."
        )
    return kinds[audience, ending].make(order)


def why_empty(audience: str, order: Order) -> str:
    """Why a table for an audience has no rows, in one sentence; empty where it has some."""
    if audience == MANAGER:
        return "" if order.figures.told else words.so_what(order.figures, terms_of(order.analysis.settings))
    if audience == SUPERVISOR and order.found.lines.empty:
        return "No case is on the agenda."
    return ""


def reports_of(audience: str, order: Order) -> list[str]:
    """The names of the files of all reports for an audience that there are of such an order."""
    return [f"{made.name}.{ending}" for (who, ending), made in _kinds(order).items() if who == audience]


def each_month(order: Order) -> dict[str, Order]:
    """The order of the summary that could be told after each month that closed a stretch of time, by that month ("2024-06"), the latest at the end."""
    every = every_summary(order.analysis, order.day)
    return {f"{end:%Y-%m}": replace(order, told=told) for end, told in every.items()}


def _kinds(order: Order) -> Mapping[tuple[str, str], Report]:
    if order.client is not None:
        return OF_A_CASE
    return OF_A_MEETING if order.held is not None else REPORTS


def _about(order: Order) -> str:
    if order.client is not None:
        return " about one case"
    return " about a meeting that was held" if order.held is not None else ""


def _check_people(order: Order) -> None:
    """Raises ReportError for a practitioner or a case that is not loaded."""
    clients, who = order.found.clients, order.practitioner
    if who is None and order.client is not None:
        raise ReportError(f"Whose client is {order.client}? Say so with --practitioner.")
    if who is not None and who not in clients:
        raise ReportError(f"There is no practitioner {who} in these files.")
    if order.client is not None and order.client not in clients.get(who or "", []):
        raise ReportError(f"There is no client {order.client} of a practitioner {who} in these files.")


def _workbook(order: Order) -> bytes:
    """Everything that is loaded, whomever else the order is about: half of it could not be read back as the whole."""
    if order.practitioner is not None:
        raise ReportError("The supervision workbook holds all practitioners: leave out --practitioner.")
    return supervision_workbook(order.analysis, order.decisions.everything, order.day)


def _agenda(order: Order) -> bytes:
    """Today's agenda, a line a case, in order of need."""
    found = order.found
    rows = found.lines if order.about is None else found.lines[found.lines["practitioner"].isin(order.about)]
    with written(_display(order).notation):
        said_of = [talk(found, p, c).sentence for p, c in _pairs(rows)]
    return to_csv(rows.assign(said=pd.array(said_of, dtype="str")), AGENDA_LINES).encode()


def _sitting(order: Order) -> Sitting:
    """The meeting that is to come."""
    sitting = to_come(
        order.found, order.history.rows, _names(order), pd.Timestamp(order.day), order.practitioner
    )
    if sitting.lines.empty:
        raise ReportError(
            "There is nothing to talk about in a meeting: no case is on the agenda, and no action is open."
        )
    return sitting


def _names(order: Order) -> Masks:
    """The names of all cases: of the word, where there is one; else of the files, so that the same files give the same names."""
    if order.word is not None:
        try:
            return masks(order.analysis.cases, key_of(order.word), lasting=True)
        except ValueError as error:
            raise ReportError(f"For the names of the cases {error}.") from None
    of_files = "".join(sorted(file.sha256 for file in order.analysis.ratings.inputs))
    return masks(order.analysis.cases, hashlib.sha256(of_files.encode()).digest(), lasting=False)


def _record(order: Order) -> MeetingRecord:
    """What was decided on the day of a meeting."""
    day, review = pd.Timestamp(order.held or order.day), order.decisions.review
    with written(_display(order).notation):
        found = of_day(order.found, review, order.history.rows, _names(order), day)
    if found.cards.empty:
        raise ReportError(
            f"Nothing that was decided on {day.date().isoformat()} stands in the sheet review of these files."
        )
    return found


def _pack_workbook(order: Order) -> bytes:
    """The meeting to come as a workbook to write in."""
    sitting = _sitting(order)
    with written(_display(order).notation):
        told = [why(order.found, str(p), str(c), str(r)) for p, c, r in sitting.lines.itertuples(index=False)]
        return meeting_workbook(record(sitting, told, order.decisions.review, 0.0))


def _open_actions(order: Order) -> bytes:
    """What was agreed before and is not known to be done, under the names of the meeting."""
    sitting = _sitting(order)
    open_ones = sitting.before[sitting.before["open_action"].to_numpy(bool)]
    rows = sitting.lines[_CASE].merge(open_ones, on=_CASE, how="inner")
    shown = [sitting.in_the_room(row) for row in records(rows)]
    return to_csv(
        pd.DataFrame(shown, columns=rows.columns).rename(columns={"client": "case"}), MEETING_LAST
    ).encode()


def _case(order: Order) -> tuple[str, str]:
    return str(order.practitioner), str(order.client)


def _display(order: Order) -> DisplaySettings:
    return order.analysis.settings.display


def _pairs(rows: pd.DataFrame) -> list[tuple[str, str]]:
    return [(str(p), str(c)) for p, c in rows[_CASE].itertuples(index=False)]


_WHO = {SUPERVISOR: "the supervisor", MEETING: "a meeting", MANAGER: "a manager"}


def _manager(order: Order) -> tuple[ServiceFigures, Analysis, date, Terms]:
    """What a manager's summary is made of: the whole service, whomever else the order is about."""
    if order.practitioner is not None:
        raise ReportError("A manager's summary is of the whole service: leave out --practitioner.")
    return order.figures, order.analysis, order.day, terms_of(order.analysis.settings)


def _manager_csv(order: Order) -> bytes:
    figures, _, _, terms = _manager(order)
    return to_csv(manager_rows(figures, terms), MANAGER_ROWS).encode()


REPORTS: Mapping[tuple[str, str], Report] = {
    (SUPERVISOR, "pdf"): Report(
        "supervision-brief", lambda o: brief_pdf(o.found, o.history, o.day, o.about, o.progress)
    ),
    (SUPERVISOR, "html"): Report(
        "supervision-brief", lambda o: brief_html(o.found, o.history, o.day, o.about, o.progress)
    ),
    (SUPERVISOR, "xlsx"): Report("supervision-workbook", _workbook),
    (SUPERVISOR, "csv"): Report("agenda", _agenda),
    (MEETING, "pdf"): Report("meeting-pack", lambda o: meeting_pack_pdf(o.found, _sitting(o), o.day)),
    (MEETING, "html"): Report("meeting-pack", lambda o: meeting_pack_html(o.found, _sitting(o), o.day)),
    (MEETING, "xlsx"): Report("meeting-pack", _pack_workbook),
    (MEETING, "csv"): Report("open-actions", _open_actions),
    (MANAGER, "pdf"): Report("manager-summary", lambda o: manager_pdf(*_manager(o))),
    (MANAGER, "html"): Report("manager-summary", lambda o: manager_html(*_manager(o))),
    (MANAGER, "xlsx"): Report("manager-summary", lambda o: manager_workbook(*_manager(o))),
    (MANAGER, "csv"): Report("manager-summary", _manager_csv),
}
OF_A_MEETING: Mapping[tuple[str, str], Report] = {
    (MEETING, "pdf"): Report("meeting-record", lambda o: meeting_record_pdf(_record(o), o.analysis)),
    (MEETING, "html"): Report("meeting-record", lambda o: meeting_record_html(_record(o), o.analysis)),
    (MEETING, "xlsx"): Report("meeting-record", lambda o: meeting_workbook(_record(o))),
    (MEETING, "csv"): Report("meeting-record", lambda o: to_csv(_record(o).cards, MEETING_CARDS).encode()),
}
OF_A_CASE: Mapping[tuple[str, str], Report] = {
    (SUPERVISOR, "pdf"): Report("case-sheet", lambda o: case_sheet_pdf(o.found, o.history, *_case(o), o.day)),
    (SUPERVISOR, "html"): Report(
        "case-sheet", lambda o: case_sheet_html(o.found, o.history, *_case(o), o.day)
    ),
}
