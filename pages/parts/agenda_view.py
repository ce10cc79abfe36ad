"""The parts of the Agenda page."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from alliance_core import agenda_sentences, charts
from alliance_core.notation import digits
from alliance_core.review import told
from alliance_core.review.talk import reason_titles, subject_of_line, talk
from alliance_core.settings import Settings
from pages.parts.agenda_choices import show_all
from pages.parts.agenda_open import is_open, opened_card, place_of_open, toggle
from pages.parts.decided import decide, discussed_today, history, mark_discussed, today
from pages.parts.frame import count, legend, show_chart
from pages.parts.in_use import pair
from pages.parts.loaded import Loaded, at_hand
from pages.parts.plain import plain
from pages.parts.saved_picture import Drawing, Named, offer
from pages.parts.shell import CASE
from pages.parts.since_view import of_case
from pages.parts.tables import headers, in_parts, ratings_in_words

PER_PAGE = 15
_CASE = ["practitioner", "client"]


def lines_of(found: Loaded, practitioner: str | None) -> pd.DataFrame:
    """Today's agenda (agenda_lines.lines) of one practitioner, or of the whole team."""
    lines = found.lines
    return lines if practitioner is None else lines[(lines["practitioner"] == practitioner).to_numpy(bool)]


def parted(found: Loaded, lines: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The lines that are still to be talked about, and those that were today; the open one stays where it is until it is closed."""
    done = pd.MultiIndex.from_frame(lines[_CASE]).isin(
        [one for one in discussed_today(found) if not is_open(found, *one)]
    )
    return lines[~done], lines[done]


def headline(found: Loaded, left: pd.DataFrame, discussed: pd.DataFrame, practitioner: str | None) -> str:
    """How many cases are still to be talked about with whom, and how long that is assumed to take."""
    trace, settings = _trace(found, practitioner), found.analysis.settings
    return agenda_sentences.headline(len(left), len(discussed), practitioner, trace, settings)


def assumed(settings: Settings) -> str:
    """What the minutes rest on."""
    return f"{agenda_sentences.assumed(settings)}; the number is changed on Settings."


def nothing(found: Loaded, practitioner: str | None, discussed: pd.DataFrame) -> str:
    """Why there is nothing to talk about: all was, nothing can be said yet, or nothing stands out."""
    if len(discussed):
        return f"{_all_of(len(discussed))} on the agenda was talked about today."
    return agenda_sentences.nothing(_trace(found, practitioner), found.analysis.settings)


def _trace(found: Loaded, practitioner: str | None) -> pd.DataFrame:
    return found.analysis.trace if practitioner is None else found.caseload(practitioner).trace


def _all_of(number: int) -> str:
    return "The one case" if number == 1 else f"Each of the {digits(number, ',')} cases"


def what_is_shown(shown: pd.DataFrame, left: pd.DataFrame, words: str) -> None:
    """Which filters are on, how many cases fit, and the way back to all of them."""
    with st.container(horizontal=True, vertical_alignment="center"):
        fit = (
            f"{digits(len(shown), ',')} of {count(len(left), 'case')} shown"
            if len(shown)
            else f"None of {count(len(left), 'case')} fits"
        )
        st.text(f"{fit}: {words}.", width="content")
        st.button("Show all", on_click=show_all)


def draw(found: Loaded, lines: pd.DataFrame, practitioner: str | None, by_reason: bool) -> None:
    """One page of cases; under a heading for each reason where they are in order of need."""
    if lines.empty:
        return
    pages = -(-len(lines) // PER_PAGE)
    key = f"agenda page {practitioner}"
    of_open = 1 + place_of_open(found, lines) // PER_PAGE
    page = max(1, min(st.session_state.get(key, of_open), pages))
    drawn = lines.iloc[(page - 1) * PER_PAGE : page * PER_PAGE]
    counts = lines["reason"].value_counts()
    span = int(min(found.analysis.cases["sessions"].max(), 24))
    rows = list(drawn[[*_CASE, "reason"]].itertuples(index=False, name=None))
    floor = min(charts.score_floor(found.case(p, c).sessions) for p, c, _ in rows)
    heading = None
    for who, client, reason in rows:
        if by_reason and reason != heading:
            st.subheader(
                plain(f"{reason_titles(pair())[reason]} · {digits(counts[reason], ',')}"), anchor=False
            )
            heading = reason
        _line(found, who, client, floor, span, reason="" if by_reason else reason)
    offer(
        "cases on the agenda",
        f"{count(len(rows), 'case')} to talk about, in the order of the agenda",
        [Named(f"{client} · {who}", _small(found, who, client, floor, span)) for who, client, _ in rows],
        aid=f"{legend()} The last session stands at the right edge; all charts share one scale, in percent of the maximum possible.",
    )
    if pages > 1:
        st.caption(plain(f"Shown: {count(len(drawn), 'case')} of {digits(len(lines), ',')}."))
        st.pagination(pages, default=of_open, key=key, persist_state="session")


def _line(found: Loaded, practitioner: str, client: str, floor: float, span: int, reason: str) -> None:
    """One case: who, the picture, why, what has changed, and its card in place."""
    rows = found.case(practitioner, client)
    who, picture, why, do = st.columns([1, 1.5, 4, 1.2])
    with who:
        _link(practitioner, client)
    with picture:
        show_chart(
            _small(found, practitioner, client, floor, span),
            ratings_in_words(practitioner, client, len(rows.sessions)),
        )
    with why:
        _why(found, practitioner, client, reason)
    here = is_open(found, practitioner, client)
    with do, st.container(horizontal=True, gap="small"):
        name = f"{practitioner} {client}"
        st.button(
            plain("Close card" if here else "Open card"),
            key=f"open {name}",
            on_click=_toggle,
            args=(practitioner, client),
        )
        st.button("Discussed", key=f"discussed {name}", on_click=_discussed, args=(practitioner, client))
    if here:
        opened_card(found, practitioner, client)


def _small(found: Loaded, practitioner: str, client: str, floor: float, span: int) -> Drawing:
    rows = found.case(practitioner, client)
    return partial(
        charts.sparkline, rows.sessions, rows.bands, height=54, floor=floor, span=span, terms=pair()
    )


def _why(found: Loaded, practitioner: str, client: str, reason: str) -> None:
    """The sentence; further reasons, what has changed, and what was decided last, where there is any of it."""
    said = talk(found, practitioner, client)
    if reason:
        st.markdown(f"**{plain(reason_titles(pair())[reason])}**")
    st.text(said.sentence)
    since, now = of_case(found, practitioner, client), pd.Timestamp(today())
    before = [one for one in history(found).of_case(practitioner, client) if one["decided_on"] != now]
    for caption in (
        "Also: " + ", ".join(reason_titles(pair())[one].lower() for one in said.further)
        if said.further
        else "",
        f"Since the ratings before: {since}" if since else "",
        *(f"Last time: {told.in_words(one)}" for one in before[:1]),
    ):
        if caption:
            st.caption(plain(caption))


def _link(practitioner: str, client: str) -> None:
    st.page_link(
        CASE.file,
        label=plain(f"{client} · {practitioner} →"),
        query_params={"practitioner": practitioner, "client": client},
    )


def _toggle(practitioner: str, client: str) -> None:
    toggle(at_hand(), practitioner, client)


def _discussed(practitioner: str, client: str) -> None:
    found = at_hand()
    mark_discussed(subject_of_line(found, practitioner, client))
    if is_open(found, practitioner, client):
        toggle(found, practitioner, client)


def talked_about(found: Loaded, discussed: pd.DataFrame) -> None:
    """The cases that were talked about today, folded, each with what was decided, and the way back for those only ticked off."""
    if discussed.empty:
        return
    now = pd.Timestamp(today())
    with st.expander(plain(f"Discussed today · {count(len(discussed), 'case')}")):
        for who, client in discussed[_CASE].itertuples(index=False, name=None):
            made = [one for one in history(found).of_case(who, client) if one["decided_on"] == now]
            link, what, back = st.columns([1, 4, 1.1])
            with link:
                _link(who, client)
            with what:
                st.text("\n".join(told.in_words(one) for one in made) or "Decided today.")
            with back:
                if made and all(told.only_discussed(one) for one in made):
                    st.button("Not yet", key=f"not yet {who} {client}", on_click=_not_yet, args=(who, client))


def _not_yet(practitioner: str, client: str) -> None:
    decide(subject_of_line(at_hand(), practitioner, client), {})


def nothing_to_raise(found: Loaded, practitioner: str | None) -> pd.DataFrame:
    """The cases that are not on today's agenda."""
    cases = found.analysis.cases if practitioner is None else found.caseload(practitioner).cases
    there = pd.MultiIndex.from_frame(cases[_CASE].astype("str")).isin(
        pd.MultiIndex.from_frame(found.lines[_CASE])
    )
    return cases[~there]


def table_of_rest(rest: pd.DataFrame) -> None:
    """Their ids, sessions and state; old flags of closed and quiet cases are named."""
    columns = headers(
        {
            "practitioner": "practitioner",
            "client": "client",
            "sessions": "sessions",
            "state": "state",
            "flags": "noted earlier",
        }
    )

    def show(some: pd.DataFrame) -> None:
        frame = some[list(columns)].assign(flags=some["flags"].map(pair().termed))
        st.dataframe(
            frame.rename(columns=columns),
            hide_index=True,
            alt="Cases with nothing to raise",
            height=min(38 * (len(some) + 1), 400),
        )

    in_parts(rest, "part of nothing to raise", show)
