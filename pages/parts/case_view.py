"""The parts of the Case page."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from alliance_core import case_sentences, charts, sentences
from alliance_core.episode_words import title
from alliance_core.measures.detectors import DETECTORS
from alliance_core.notation import rewritten
from alliance_core.review import subject_of_session
from alliance_core.review.talk import meant_episode
from alliance_core.tables import FACETS
from pages.parts.decided import history as decided
from pages.parts.decision_box import decision_box, history
from pages.parts.episode_card import episode_card, facets_alone
from pages.parts.frame import count, day, legend, show_chart
from pages.parts.in_use import pair, termed
from pages.parts.loaded import Loaded, Rows, records
from pages.parts.measure import about
from pages.parts.pickers import pick_episode
from pages.parts.plain import plain
from pages.parts.ruling import how_found
from pages.parts.saved_picture import PERCENT, Named, offer
from pages.parts.shell import HOW_IT_WORKS
from pages.parts.tables import table

_WHEN_KNOWN = {
    "sudden_loss": "This rule looks ahead: an episode is shown at the session at which it began, and could be told only after the third rated session from there on."
}


_GAP = (
    "Practitioner minus client. A bar starts at this practitioner's usual gap, or at zero where that is not known: a gap is "
    "judged against what is usual and not against zero. Sessions without both ratings have no bar."
)


def pictures(rows: Rows, usual_gap: float, found: Loaded) -> None:
    """The timeline, the three facets, and the gap."""
    name = DETECTORS[found.analysis.method].level_name
    sessions, whose = (
        rows.sessions,
        " · ".join(records(rows.cases)[0][name] for name in ("client", "practitioner")),
    )
    floor = charts.score_floor(sessions, ("overall", *FACETS))
    bands = int((rows.bands["facet"] == "overall").sum())
    show_chart(
        partial(
            charts.timeline,
            sessions,
            rows.trace,
            rows.bands,
            rows.markers,
            floor=floor,
            level_name=name,
            terms=pair(),
        ),
        termed(
            f"Overall ratings of client and practitioner over {count(len(sessions), 'session')}, with {count(bands, 'episode')} shaded"
        ),
        "overall ratings",
        whose=whose,
        aid=f"{legend()} {case_sentences.reading_aid(rows.trace, name, pair())} {PERCENT}",
    )
    st.caption(plain(case_sentences.reading_aid(rows.trace, name, pair())))
    beyond = rows.markers[
        ~rows.markers["session"].between(sessions["session"].min(), sessions["session"].max())
    ]
    if len(beyond):
        st.text(sentences.recorded_beyond(records(beyond)))
    has_facets = (
        sessions[[f"{side}_{facet}" for side in charts.SIDES for facet in FACETS]].notna().any(axis=None)
    )
    if has_facets:
        parts = [
            Named("", partial(
                charts.timeline, sessions, rows.trace, rows.bands, rows.markers, facet=facet,
                height=130, floor=floor, named=False, level_name=name, terms=pair(),
            ))
            for facet in FACETS
        ]  # fmt: skip
        for facet, part, column in zip(FACETS, parts, st.columns(3), strict=True):
            with column:
                show_chart(part.draw, termed(f"{facet.capitalize()} ratings of client and practitioner"))
        title = termed("Goal, task and bond ratings of client and practitioner")
        offer("goal, task and bond", f"{whose}: {title}", parts, aid=f"{legend()} {PERCENT}")
    else:
        st.text("This workbook holds overall scores only, so goal, task and bond are unknown.")
    if sessions["gap_overall"].notna().any():
        st.subheader("Gap by session")
        case = records(rows.cases)[0]
        st.text(sentences.gap_of_case(case, sessions["gap_overall"], found.analysis.settings, pair()))
        show_chart(
            partial(charts.gap_bars, sessions, usual_gap, terms=pair()),
            termed(
                "Gap between practitioner and client in each session that both rated, as bars from the usual gap"
            ),
            "gap by session",
            whose=whose,
            aid=termed(_GAP),
        )
        st.caption(plain(termed(_GAP)))


def has_something_beside(rows: Rows, found: Loaded, practitioner: str, client: str) -> bool:
    """Whether there is an episode, or a decision about none of today."""
    return bool(len(rows.episodes) or decided(found).of_no_episode(practitioner, client))


def beside(rows: Rows, found: Loaded, practitioner: str, client: str) -> None:
    """The card of the episode that is picked, decisions about none, and falls of single facets."""
    settings = found.analysis.settings
    cards = found.cards_of(practitioner, client)
    if cards:
        meant = meant_episode(found, practitioner, client)
        starts = [card["start_session"] for card in cards]
        first = starts.index(meant["start_session"]) if meant and meant["start_session"] in starts else 0
        names, beneath = [title(card, pair()) for card in cards], [_decided(found, card) for card in cards]
        # the whole timeline stands beside it
        episode_card(found, cards[pick_episode(cards, names, beneath, first)], picture=False)
    others = decided(found).of_no_episode(practitioner, client)
    if others:
        with st.container(border=True):
            st.markdown("**Other decisions about this case**")
            history(others)
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


def decide_without_episode(rows: Rows, found: Loaded, practitioner: str, client: str) -> None:
    """A decision about the latest session, folded, where there is no episode to decide about."""
    if rows.sessions.empty or found.cards_of(practitioner, client):
        return
    subject = subject_of_session(rows.sessions, practitioner, client, int(rows.sessions["session"].max()))
    with st.expander("Decide something about this case"):
        st.text(f"It is noted at the latest session, {subject.session}.")
        decision_box(subject, decided(found).of_session(subject), "no episode")


def _decided(found: Loaded, episode: dict[str, Any]) -> str:
    """What was decided about an episode last, and when."""
    latest = next(iter(decided(found).of_episode(episode)), None)
    if latest is None:
        return "nothing decided yet"
    decision = latest["decision"] if isinstance(latest["decision"], str) else "decided"
    return decision if pd.isna(latest["decided_on"]) else f"{decision}, {day(latest['decided_on'])}"


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
        columns = ["instrument", "rater", "facet", "sigma", "differences", "source"]
        table(
            noise[columns].assign(source=noise["source"].map(rewritten)).rename(columns={"sigma": "σ"}),
            "Spread of one rating by instrument, rater and facet",
            {"σ": ".1f"},
            height="content",
        )
        st.page_link(HOW_IT_WORKS.file, label="All rules, sources and settings")
