"""Paper to download: as PDF and as one HTML file, made when it is asked for. What takes longer is made first, with a bar, and then offered."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable
from dataclasses import dataclass

import streamlit as st

from alliance_core.notation import digits
from alliance_core.reports.brief import Progress, brief_html, brief_pdf
from alliance_core.reports.case_sheet import case_sheet_html, case_sheet_pdf
from alliance_core.reports.meeting_pack import meeting_pack_html, meeting_pack_pdf
from alliance_core.reports.meeting_paper import meeting_record_html, meeting_record_pdf
from alliance_core.reports.printing import NotPrinted
from alliance_core.review import MeetingRecord, Sitting
from alliance_core.review.history import history_of
from pages.parts.decided import decisions, today
from pages.parts.downloads import file_name
from pages.parts.frame import count
from pages.parts.in_use import pair, settings_in_use
from pages.parts.kept import Same, held_file, hold_file, kept
from pages.parts.loaded import Loaded, as_read
from pages.parts.plain import plain

AT_ONCE = 40  # cases that are printed within a second; more are made first
MOST = 1000  # cases of one paper: half a minute and a gigabyte; nobody turns the pages of more
_REFUSED = "paper refused"
Make = Callable[[Progress], bytes]


@dataclass(frozen=True)
class _Paper:
    """What it is called and, where that is not plain, holds, in words; how many cases that is; how it is made; and what tells its content from others."""

    name: str
    holds: str
    cases: int
    as_pdf: Make
    as_page: Make
    key: Hashable


def offer_brief(found: Loaded, practitioner: str | None, cases: int) -> None:
    """The supervision brief of a practitioner, or of the whole team; `cases`: how many of theirs are on the agenda."""
    whole, review, day = _with_ids(found), decisions().review, today()
    ids = None if practitioner is None else [_id_of(found, practitioner)]
    if cases > MOST:
        st.caption(plain(_too_many(cases)), width="content")
        return

    def brief(make: Callable[..., bytes]) -> Make:
        return lambda progress: make(whole, history_of(review, whole.analysis), day, ids, progress)

    people = f", {count(len(found.clients), 'brief')}" if ids is None else ""
    holds = count(cases, "case") + people
    _offer(
        _Paper("supervision brief", holds, cases, brief(brief_pdf), brief(brief_html), (day, practitioner))
    )
    _say_ids(found)


def _too_many(cases: int) -> str:
    """Why there is no brief, and what there is."""
    return (
        f"A supervision brief holds up to {count(MOST, 'case')}, and {digits(cases, ',')} are on the agenda: "
        f"choose one {pair().practitioner} to print theirs."
    )


def offer_case_sheet(found: Loaded, practitioner: str, client: str) -> None:
    """The sheet of a case."""
    whole, review, day = _with_ids(found), decisions().review, today()
    who, whom = _id_of(found, practitioner), client
    if found.aliases is not None:
        whom = found.aliases.client_behind(client)

    def sheet(make: Callable[..., bytes]) -> Make:
        return lambda _: make(whole, history_of(review, whole.analysis), who, whom, day)

    key = (day, practitioner, client)
    _offer(_Paper("case sheet", "", 1, sheet(case_sheet_pdf), sheet(case_sheet_html), key))
    _say_ids(found)


def offer_pack(found: Loaded, sitting: Sitting) -> None:
    """The pack of a meeting that is about to begin, under its names."""
    day = today()

    def pack(make: Callable[..., bytes]) -> Make:
        return lambda _: make(found, sitting, day)

    cases = tuple(sitting.lines.itertuples(index=False, name=None))
    key = (day, sitting.masks.series, sitting.whom, cases)
    holds = count(len(cases), "case")
    _offer(_Paper("meeting pack", holds, len(cases), pack(meeting_pack_pdf), pack(meeting_pack_html), key))


def offer_record(found: Loaded, kept: MeetingRecord) -> None:
    """The record of a meeting that is over."""
    _offer(
        _Paper(
            "meeting record",
            count(int(kept.cards["card"].nunique()), "case"),
            1,
            lambda _: meeting_record_pdf(kept, found.analysis),
            lambda _: meeting_record_html(kept, found.analysis),
            kept.facts,
        )
    )


def _offer(paper: _Paper) -> None:
    """Both files in a row; of many cases, first the button that makes them."""
    token = _token(paper)
    made = held_file(paper.name, token)
    if paper.cases > AT_ONCE and made is None:
        asked = st.button(
            plain(f"Make the {paper.name}: {paper.holds}"), key=f"make the {paper.name}", type="tertiary"
        )
        if asked:
            _make(paper, token)
        if st.session_state.pop(_REFUSED, None) == paper.name:
            st.warning(plain(f"The {paper.name} could not be made from these ratings."))
        return
    size, holds = settings_in_use().display.paper, f" ({paper.holds})" if paper.holds else ""
    first = f"{paper.name.capitalize()}{holds}: PDF, {size} ↓"
    for place, (ending, make, label) in enumerate(
        (("pdf", paper.as_pdf, first), ("html", paper.as_page, "as HTML ↓"))
    ):
        st.download_button(
            plain(label),
            _later(make) if made is None else made[place],
            file_name=file_name(paper.name, ending, token),
            on_click="ignore",
            type="tertiary",
            key=f"{paper.name} {ending}",
        )


def _later(make: Make) -> Callable[[], bytes]:
    return lambda: make(lambda done, of: None)


def _make(paper: _Paper, token: str) -> None:
    """Makes both files, with a bar that tells how far they are."""
    bar = st.progress(0.0, plain(f"Making the {paper.name}"))

    def halves(first: float) -> Progress:
        return lambda done, of: bar.progress(first + done / of / 2) and None

    try:
        files = paper.as_pdf(halves(0.0)), paper.as_page(halves(0.5))
    except NotPrinted:
        st.session_state[_REFUSED] = paper.name
    else:
        hold_file(paper.name, token, *files)
    st.rerun()


def _token(paper: _Paper) -> str:
    """Another one for each content."""
    found = as_read()
    assert found is not None  # noqa: S101 - paper is made from ratings
    return kept(paper.name, found, (paper.key, Same(decisions())), lambda: secrets.token_hex(8))


def _with_ids(found: Loaded) -> Loaded:
    """Files keep the ids, whatever the screen shows."""
    return as_read() or found


def _id_of(found: Loaded, practitioner: str) -> str:
    return practitioner if found.aliases is None else found.aliases.practitioner_behind(practitioner)


def _say_ids(found: Loaded) -> None:
    if found.aliases is not None:
        st.caption("These files have the ids, not the aliases.", width="content")
