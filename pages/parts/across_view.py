"""The parts of the page Approaches and teams. Only what may be published leaves the core for it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from alliance_core import across_sentences as said
from alliance_core import charts
from alliance_core.across_sentences import Figure
from alliance_core.charts.intervals import Whose
from alliance_core.manager import ServiceFigures, words
from alliance_core.measures.across import Across
from alliance_core.measures.explained import measures, needed
from alliance_core.notation import digits
from alliance_core.work_sentences import interval
from pages.parts.frame import count, show_chart
from pages.parts.in_use import pair, settings_in_use, termed
from pages.parts.loaded import Loaded
from pages.parts.measure import explained
from pages.parts.plain import plain
from pages.parts.ruling import rule_in_full, rule_link
from pages.parts.shell import BRING_IN
from pages.parts.shown_value import show

PER_PAGE = 12  # groups in one picture
_WAYS = {"Approaches": "approach", "Teams": "team"}
_PICK, _CHOSEN = "pick side by side", "chosen side by side"
_BESIDE = (
    "Groups are in order of their names. They differ in who comes, for how long, and with which form, so where two lie apart there is something to ask, "
    "and nothing is decided. The same rules hold for all of them."
)
_HOW_TO_READ = "A mark is the figure of a group, the pale bar its {interval}; dashed: the figure of all together. Bars that overlap leave open whether there is a difference."
# The mark that a figure has on every chart.
_WHOSE: dict[str, Whose] = {
    **dict.fromkeys(("client_overall", "client_goal", "client_task", "client_bond"), "client"),
    "falls": "episode",
    "recognised": "practitioner",
}
_EXPLAINED = (
    "completion", "latest_ratings", "clients_with_fall",
    "group_mean", "group_gap", "fall_rate", "by_chance", "episode", "repaired_share", "recognition", "held_back", "told_through",
)  # fmt: skip


def pick_way() -> str:
    """By approach or by team; in step with the address, and remembered from page to page."""
    titles = {way: title for title, way in _WAYS.items()}
    asked = st.query_params.get("by", st.session_state.get(_CHOSEN, ""))
    show(_PICK, titles.get(asked, "Approaches"))
    picked = st.segmented_control("Side by side", list(_WAYS), key=_PICK, on_change=_changed, required=True)
    way = _WAYS[picked or "Approaches"]
    st.session_state[_CHOSEN] = way
    if st.query_params.get("by") != way:
        st.query_params["by"] = way
    return way


def _changed() -> None:
    st.query_params["by"] = _WAYS[st.session_state[_PICK]]


def tell(found: Loaded, figures: ServiceFigures, way: str) -> None:
    """The sentence, through when, what is not shown apart, the pictures, the numbers."""
    settings, terms, known = figures.settings, pair(), figures.groups
    waits = words.groups_wait(figures, way)
    st.subheader(plain(waits or said.so_what(known, way, settings, terms)), anchor=False)
    if said.side_by_side(known, way):
        st.caption(plain(" ".join(words.groups_through(figures, terms))))
    for line in said.not_apart(known, way, settings, terms):
        st.text(line)
    if waits:
        pass
    elif not said.side_by_side(known, way):
        _nothing_beside(known, way)
    else:
        st.caption(plain(termed(_BESIDE)))
        _pictures(said.figures(known, way, terms), way)
        with st.expander("The numbers"):
            table = said.numbers(known, way, terms)
            st.dataframe(
                table, hide_index=True, height="content",
                alt=f"All figures of each {way}, with their intervals, and of all together",
            )  # fmt: skip
    with st.expander("How this was computed, and why some groups are not shown apart"):
        rule_link(found)
        rule_in_full(found.analysis.method, settings)
        for name in _EXPLAINED:
            one = measures()[name]
            st.markdown(f"**{plain(termed(one.name))}**")
            explained(one, needs=needed(one, settings))


def _nothing_beside(known: Across, way: str) -> None:
    """The way to a sheet that says more, where nothing is said."""
    if known.names[known.names["by"] == way]["group"].nunique() < 2:
        st.text("Approach and team of a case are read from the sheet cases. The template has one.")
        st.page_link(BRING_IN.file, label="Get the template, or bring in more")


def _pictures(figures: list[Figure], way: str) -> None:
    """Two pictures a row, each with its figure as title; of very many groups a page at a time."""
    groups = len(figures[0].rows) if figures else 0
    pages = -(-groups // PER_PAGE)
    page = max(1, min(st.session_state.get(f"groups page {way}", 1), pages))
    shown = slice((page - 1) * PER_PAGE, page * PER_PAGE)
    for start in range(0, len(figures), 2):
        for figure, column in zip(figures[start : start + 2], st.columns(2, gap="large"), strict=False):
            with column:
                _picture(figure, shown, way)
    st.caption(plain(_HOW_TO_READ.format(interval=interval(settings_in_use()))))
    if pages > 1:
        st.caption(plain(f"Shown: {count(len(range(groups)[shown]), 'group')} of {digits(groups, ',')}."))
        st.pagination(pages, key=f"groups page {way}", persist_state="session")


def _picture(figure: Figure, shown: slice, way: str) -> None:
    st.markdown(f"**{plain(figure.title)}**")
    rows = figure.rows[shown]
    if rows["value"].notna().any():
        show_chart(
            partial(
                charts.intervals, rows, figure.all, figure.axis, figure.ends, whose=_WHOSE.get(figure.column, "ink")
            ),
            f"{figure.title}: each {way} with its interval, and all together",
            figure.title,
            aid=_HOW_TO_READ.format(interval=interval(settings_in_use())),
        )  # fmt: skip
    else:
        st.text("Not shown for any of these groups.")
    if figure.note:
        st.caption(plain(figure.note))
