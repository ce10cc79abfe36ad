"""A caseload at a glance, in one of two ways: every case in small, or a strip of sessions × cases; what is chosen in one place is chosen in all."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from alliance_core import charts
from alliance_core.notation import digits
from pages.parts import caseload_view
from pages.parts.frame import count, legend, show_chart, theme
from pages.parts.in_use import pair, termed, termed_markdown
from pages.parts.loaded import Loaded, Rows
from pages.parts.plain import plain
from pages.parts.ruling import level_name
from pages.parts.saved_picture import PERCENT, offer
from pages.parts.shell import CASE
from pages.parts.tables import headers, ratings_in_words, table

PER_PAGE = 40  # rows of a strip
SMALL, STRIP = "Small pictures", "Strip of sessions"
_SHOWN: dict[str, charts.Shown] = {"Client's rating": "rating", "Gap": "gap", "What the rule saw": "state"}
_READ = {
    "rating": "Each field is one session: the client's overall rating in percent of the maximum possible, darker is higher. No field: no form.",
    "gap": "Each field is one session that both rated: practitioner − client in points. Blue: the client rates higher than is usual for this pair of raters; "
    "orange: the practitioner does; white: the usual gap.",
    "state": "Each field is one session: ▼ an episode begins, – it goes on, ▲ back, · a smaller fall, ½ one side only, ? too few to say; empty: nothing to say.",
}


def glance(found: Loaded, practitioner: str, rows: Rows) -> None:
    """The choice between the two, and the one chosen."""
    way = st.segmented_control(
        "How to show the cases", [SMALL, STRIP], default=SMALL, key="way to show cases",
        persist_state="session", label_visibility="collapsed", required=True,
    )  # fmt: skip
    if way == STRIP:
        _strip(found, practitioner, rows)
    else:
        caseload_view.small_multiples(found, practitioner, rows)


def _strip(found: Loaded, practitioner: str, rows: Rows) -> None:
    cases = caseload_view.in_reader_s_order(rows)
    cases = cases[cases["sessions"] > 0].reset_index(drop=True)
    pages = -(-len(cases) // PER_PAGE)
    key = f"strip page {practitioner}"
    page = max(1, min(st.session_state.get(key, 1), pages))
    drawn = cases.iloc[(page - 1) * PER_PAGE : page * PER_PAGE]
    titles = {title: termed_markdown(title) for title in _SHOWN}
    named = st.segmented_control(
        "What the fields show", list(_SHOWN), default="Client's rating", key="fields show",
        persist_state="session", required=True, format_func=titles.__getitem__,
    )  # fmt: skip
    shown = _SHOWN[named or "Client's rating"]
    clients = drawn["client"].astype("str").tolist()
    kept = rows.sessions[rows.sessions["client"].isin(clients)]
    st.caption(plain(termed(_READ[shown])))
    draw = partial(
        charts.heat_strip, kept.assign(case=kept["client"]), clients, shown, found.usual_gap(practitioner), terms=pair()
    )  # fmt: skip
    words = f"{termed(named or '')} over sessions, {count(len(clients), 'case')} of {practitioner}, one row a case"
    picked = st.vega_lite_chart(
        draw(theme=theme()), theme=None, width="stretch", key=f"strip {practitioner} {page} {shown}",
        on_select="rerun", alt=words,
    )  # fmt: skip
    offer("strip of sessions", words, draw, aid=termed(_READ[shown]))
    if pages > 1:
        st.caption(plain(f"Shown: {count(len(drawn), 'case')} of {digits(len(cases), ',')}."))
        st.pagination(pages, key=key, persist_state="session")
    rows = table(
        _table(found, practitioner, clients), "The cases of the strip; choose a row to see its timeline",
        on_select="rerun", selection_mode="single-row", key=f"strip table {practitioner} {page}",
        height=min(38 * (len(clients) + 1), 300),
    )  # fmt: skip
    _chosen(found, practitioner, latest(practitioner, _clicked(picked), _row(rows, clients)))


def _clicked(picked: Any) -> str | None:
    points = picked.selection.get(charts.SELECTION, [])
    return str(points[0]["case"]) if points else None


def _row(chosen: Any, clients: list[str]) -> str | None:
    rows = chosen.selection.rows
    return clients[rows[0]] if rows and rows[0] < len(clients) else None


def latest(practitioner: str, *chosen: str | None) -> str | None:
    """Whichever of the two places was used last."""
    key = f"strip chosen {practitioner}"
    before, kept = st.session_state.get(key, ((None, None), None))
    fresh = [now for now, then in zip(chosen, before, strict=True) if now != then and now is not None]
    kept = fresh[0] if fresh else kept if any(chosen) else None
    st.session_state[key] = (chosen, kept)
    return kept


def _table(found: Loaded, practitioner: str, clients: list[str]) -> pd.DataFrame:
    cases = found.caseload(practitioner).cases.set_index("client").loc[clients].reset_index()
    names = {
        "client": "client",
        "sessions": "sessions",
        "client_overall": "latest rating, %",
        "mean_gap": "mean gap, points",
        "state": "state",
    }
    return cases[list(names)].round({"client_overall": 0, "mean_gap": 0}).rename(columns=headers(names))


def _chosen(found: Loaded, practitioner: str, client: str | None) -> None:
    if client is None:
        st.text(
            "Choose a field or a row to see that case over time. In the table, Shift and Space choose the row that the keyboard is on."
        )
        return
    case = found.case(practitioner, client)
    st.page_link(
        CASE.file, label=plain(f"{client} →"), query_params={"practitioner": practitioner, "client": client}
    )
    name = level_name(found)
    show_chart(
        partial(
            charts.timeline, case.sessions, case.trace, case.bands, case.markers, height=220,
            floor=charts.score_floor(case.sessions), level_name=name if name == "own level" else "", terms=pair(),
        ),
        ratings_in_words(practitioner, client, len(case.sessions)),
        "the case chosen",
        aid=f"{legend()} {PERCENT}",
    )  # fmt: skip
