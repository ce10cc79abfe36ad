"""The parts of the Case page."""

from __future__ import annotations

import streamlit as st

from alliance_core import charts, sentences
from alliance_core.measures.detectors import DETECTORS
from alliance_core.tables import FACETS
from pages.parts.episode_card import episode_card, facets_alone, shown
from pages.parts.frame import count, day, show_chart, theme
from pages.parts.in_use import pair, termed, termed_markdown
from pages.parts.loaded import Loaded, Rows, records
from pages.parts.measure import about
from pages.parts.plain import plain
from pages.parts.ruling import how_found
from pages.parts.shell import HOW_IT_WORKS

# What the thin dashes are, by their name on the chart.
_LEVELS = {
    "own level": "{whose}'s own level before each session",
    "first sessions": "mean of the {whose}'s first sessions",
    "stated line": "stated line",
}
_WHEN_KNOWN = {
    "sudden_loss": "This rule looks ahead: an episode is shown at the session at which it began, and could be told only after the third rated session from there on."
}


def facts(rows: Rows) -> str:
    """Approach, number of sessions, last date, state: one line."""
    case = records(rows.cases)[0]
    known = [case["approach"], case["team"]]
    told = [str(word) for word in known if isinstance(word, str) and word]
    told.append(count(len(rows.sessions), "session"))
    if rows.sessions["date"].notna().any():
        told.append("last " + day(rows.sessions["date"].max()))
    if isinstance(case["state"], str) and case["state"]:
        told.append(case["state"])
    return " · ".join(told)


def pictures(rows: Rows, usual_gap: float, found: Loaded) -> None:
    """The timeline, the three facets, and the gap."""
    name = DETECTORS[found.analysis.method].level_name
    sessions = rows.sessions
    floor = charts.score_floor(sessions, ("overall", *FACETS))
    bands = int((rows.bands["facet"] == "overall").sum())
    show_chart(
        charts.timeline(
            sessions,
            rows.trace,
            rows.bands,
            rows.markers,
            theme=theme(),
            floor=floor,
            level_name=name,
            terms=pair(),
        ),
        termed(
            f"Overall ratings of client and practitioner over {count(len(sessions), 'session')}, with {count(bands, 'episode')} shaded"
        ),
    )
    st.caption(plain(_reading_aid(rows, name)))
    beyond = rows.markers[
        ~rows.markers["session"].between(sessions["session"].min(), sessions["session"].max())
    ]
    if len(beyond):
        st.text(sentences.recorded_beyond(records(beyond)))
    has_facets = (
        sessions[[f"{side}_{facet}" for side in charts.SIDES for facet in FACETS]].notna().any(axis=None)
    )
    if has_facets:
        for facet, column in zip(FACETS, st.columns(3), strict=True):
            with column:
                show_chart(
                    charts.timeline(
                        sessions, rows.trace, rows.bands, rows.markers, facet=facet, theme=theme(),
                        height=130, floor=floor, named=False, level_name=name, terms=pair(),
                    ),
                    termed(f"{facet.capitalize()} ratings of client and practitioner"),
                )  # fmt: skip
    else:
        st.text("This workbook holds overall scores only, so goal, task and bond are unknown.")
    if sessions["gap_overall"].notna().any():
        st.subheader("Gap by session")
        case = records(rows.cases)[0]
        st.text(sentences.gap_of_case(case, sessions["gap_overall"], found.analysis.settings, pair()))
        show_chart(
            charts.gap_bars(sessions, usual_gap, theme=theme(), terms=pair()),
            termed(
                "Gap between practitioner and client in each session that both rated, as bars from the usual gap"
            ),
        )
        st.caption(
            termed_markdown(
                "Practitioner minus client. A bar starts at this practitioner's usual gap, or at zero where that is not known: a gap is "
                "judged against what is usual and not against zero. Sessions without both ratings have no bar."
            )
        )


def _reading_aid(rows: Rows, level_name: str) -> str:
    """How to read the timeline, with the numbers that hold here."""
    overall = rows.trace[rows.trace["facet"] == "overall"]
    by_client = overall[overall["rater"] == "client"]
    whose, own = ("client", by_client) if len(by_client) else ("practitioner", overall)
    told = ["A line breaks where a form is missing."]
    if level_name and own["level"].notna().sum() >= 2:
        level = termed(_LEVELS[level_name].format(whose=whose))
        told.insert(
            0,
            f"Thin dashes: the {level}; pale band: the ±{own['sigma'].iloc[-1]:.0f} points that single ratings vary by.",
        )
    if (own["state"] == "strain").any():
        told.append("A tick on the axis: a strain, a fall just short of an episode.")
    return " ".join(told)


def beside(rows: Rows, found: Loaded) -> None:
    """Episode cards, one question to ask, and falls of single facets."""
    settings = found.analysis.settings
    cards = records(shown(rows.episodes))
    if cards:
        with st.container(border=True):
            st.markdown("**A question to ask**")
            st.text(sentences.question(cards[0]))
    for card in cards:
        episode_card(card, settings)
    alone = records(facets_alone(rows.episodes))
    if alone:
        with st.expander(plain(f"Single facets: {count(len(alone), 'fall')}")):
            st.text("Single facets are noisier than the overall rating; read them as hints.")
            for episode in alone:
                st.text(
                    "– "
                    + sentences.fall(episode, settings, pair())
                    + " "
                    + sentences.followed(episode, settings)
                )


def how_computed(found: Loaded, practitioner: str, client: str) -> None:
    """The numbers behind the page, folded."""
    with st.expander("How this was computed"):
        st.text(
            "Scores are means of the answered items after reversal, as percent of the maximum possible (0–100). "
            f"{_WHEN_KNOWN.get(found.analysis.method, 'All charts show what was known at each session, never what came later.')}"
        )
        how_found(found, practitioner, client)
        about("score", "sigma", "episode", "recognition", "by_chance")
        noise = found.analysis.noise
        noise = noise.assign(rater=noise["rater"].astype("str").map(pair().of))
        st.text("What one rating varies by (σ, in points), from the ratings that are loaded:")
        st.dataframe(
            noise[["instrument", "rater", "facet", "sigma", "differences", "source"]],
            hide_index=True,
            alt="Spread of one rating by instrument, rater and facet",
            column_config={"sigma": st.column_config.NumberColumn("σ", format="%.1f")},
            height="content",
        )
        st.page_link(HOW_IT_WORKS.file, label="All rules, sources and settings")
