"""The parts of the Practitioner page."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from alliance_core import charts, sentences
from alliance_core.measures.agenda_lines import first_lines
from alliance_core.measures.summaries import wilson
from alliance_core.notation import digits
from alliance_core.review.talk import reason_titles
from alliance_core.settings import Settings
from alliance_core.tables import FACETS
from pages.parts.frame import count, legend, show_chart
from pages.parts.in_use import pair, termed
from pages.parts.loaded import Loaded, Rows
from pages.parts.plain import plain
from pages.parts.saved_picture import Drawing, Named, offer
from pages.parts.shell import CASE
from pages.parts.tables import episodes_table, ratings_in_words

PER_PAGE = 30
A_ROW = 5
# Why a case is not for today, where its state alone says so.
_NOT_TODAY = {"closed": "closed", "quiet": "no session lately"}
LONGEST = 24  # sessions that a small chart is wide at most, unless its own case is longer
HOW = (
    "The usual gap is the mean of practitioner minus client over all sessions that both rated. An episode is a fall of the client's "
    "overall rating that the rule below finds. It was registered when the practitioner's own rating fell at that session or the "
    "next, or had a fall of its own within one session. The interval is Wilson's (1927): with few episodes it is wide, and it says so. "
    "No practitioner is ranked, and a caseload without episodes is not a better one."
)


def headline(summary: dict[str, Any]) -> str:
    return f"{summary['practitioner']} · {count(summary['cases'], 'case')} · {count(summary['sessions'], 'session')}"


def so_what(summary: dict[str, Any], rows: Rows) -> str:
    """Episodes and what followed, in one sentence."""
    found = int(summary["episodes"])
    if not found and rows.sessions["baseline"].isna().all():
        return termed("Too few ratings by the clients to say whether anything changed in these cases.")
    if not found:
        return "No fall clearly beyond what single ratings vary by was found in these cases. That is not proof that all is well."
    repaired = int(summary["repaired"] + summary["strengthened"])
    stronger = f", {summary['strengthened']} of them stronger than before" if summary["strengthened"] else ""
    parts = [
        f"{repaired} repaired{stronger}" if repaired else "none repaired",
        f"{summary['unrepaired']} not repaired" if summary["unrepaired"] else "",
        f"{summary['open']} not back at the last form" if summary["open"] else "",
    ]
    return (
        termed(f"{count(found, 'episode')} found in clients' ratings: ")
        + "; ".join(part for part in parts if part)
        + "."
    )


def gap_and_recognition(summary: dict[str, Any], settings: Settings) -> list[str]:
    """The usual gap and recognised out of recognisable, in words."""
    seen, of = int(summary["recognised"]), int(summary["recognisable"])
    level = settings.agreement.interval_level
    gap = sentences.usual_gap(summary["mean_gap"], int(summary["paired_sessions"]), settings, pair())
    pairs = f"Over {count(int(summary['paired_sessions']), 'session')} that both rated."
    return [
        *([gap, pairs] if summary["paired_sessions"] else [gap]),
        sentences.recognised(seen, of, *wilson(seen, of, level), level, pair()),
    ]


def in_reader_s_order(rows: Rows) -> pd.DataFrame:
    """The cases, those to talk about first, then by id: client, sessions, state, order, reason."""
    lines = first_lines(rows.agenda)[["client", "order", "reason"]]
    cases = rows.cases[["client", "sessions", "state"]].merge(lines, on="client", how="left")
    return cases.sort_values(["order", "client"], kind="stable", na_position="last", ignore_index=True)


_EDGE = "The last session stands at the right edge; all charts share one scale, in percent of the maximum possible."


def small_multiples(found: Loaded, practitioner: str, rows: Rows) -> None:
    """Every case in small."""
    cases = in_reader_s_order(rows)
    pages = -(-len(cases) // PER_PAGE)
    key = f"caseload page {practitioner}"
    page = min(st.session_state.get(key, 1), pages)
    drawn = cases.iloc[(page - 1) * PER_PAGE : page * PER_PAGE]
    floor = charts.score_floor(rows.sessions)
    span = int(min(cases["sessions"].max(), LONGEST))
    quiet = (
        drawn["state"].map(_NOT_TODAY).fillna("nothing to raise").mask(drawn["sessions"] == 0, "no form read")
    )
    words = drawn["reason"].map(reason_titles(pair())).fillna(quiet)
    cells = list(zip(drawn["client"], words, strict=True))
    for start in range(0, len(cells), A_ROW):
        for column, (client, why) in zip(st.columns(A_ROW), cells[start : start + A_ROW], strict=False):
            with column:
                _cell(found, practitioner, str(client), why, floor, span)
    st.caption(plain(legend()))
    st.caption(plain(_EDGE))
    offer(
        "cases of the caseload",
        f"{practitioner}: {count(len(drawn), 'case')} over time",
        [
            Named(str(client), _small(found, practitioner, str(client), floor, span))
            for client in drawn["client"][(drawn["sessions"] > 0).to_numpy(bool)]
        ],
        aid=f"{legend()} {_EDGE}",
    )
    if pages > 1:
        st.caption(plain(f"Shown: {count(len(drawn), 'case')} of {digits(len(cases), ',')}."))
        st.pagination(pages, key=key, persist_state="session")


def _cell(found: Loaded, practitioner: str, client: str, why: str, floor: float, span: int) -> None:
    case = found.case(practitioner, client)
    st.page_link(
        CASE.file, label=plain(f"{client} →"), query_params={"practitioner": practitioner, "client": client}
    )
    if len(case.sessions):
        show_chart(
            _small(found, practitioner, client, floor, span),
            ratings_in_words(practitioner, client, len(case.sessions)),
        )
    st.caption(plain(why))


def _small(found: Loaded, practitioner: str, client: str, floor: float, span: int) -> Drawing:
    case = found.case(practitioner, client)
    return partial(
        charts.sparkline, case.sessions, case.bands, height=64, floor=floor, span=span, terms=pair()
    )


_TICKS = "One tick a client; pale: the middle half; thick: the median. There is no target: what is usual differs between services."


def facets(rows: Rows, practitioner: str) -> None:
    """The latest client scores of goal, task and bond."""
    if rows.sessions[[f"client_{facet}" for facet in FACETS]].notna().any(axis=None):
        show_chart(
            partial(charts.facet_strips, rows.sessions, terms=pair()),
            termed(
                "Latest client scores for goal, task and bond, one tick a client, with median and middle half"
            ),
            "latest goal, task and bond",
            whose=practitioner,
            aid=termed(_TICKS),
        )
        st.caption(plain(termed(_TICKS)))
    else:
        st.text(termed("No client rated goal, task or bond separately here, so they are unknown."))


def episodes(rows: Rows) -> None:
    """The client's episodes of the caseload as a table."""
    kept: pd.DataFrame = rows.episodes[
        (rows.episodes["facet"] == "overall") & (rows.episodes["rater"] == "client")
    ]
    if kept.empty:
        st.text("None were found.")
    else:
        episodes_table(kept, "Episodes in this caseload and what followed")
