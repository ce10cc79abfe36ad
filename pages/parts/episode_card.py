"""An episode as people read it, on every page alike: the sentence, the picture, what is known and what is not, a question, the decision."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from alliance_core import charts, episode_words
from alliance_core.measures.detectors import DETECTORS
from alliance_core.review import subject_of
from pages.parts.decided import about_episode
from pages.parts.decision_box import decision_box
from pages.parts.frame import show_chart, theme
from pages.parts.in_use import pair, termed
from pages.parts.loaded import Loaded
from pages.parts.plain import plain


def facets_alone(episodes: pd.DataFrame) -> pd.DataFrame:
    """Falls of a single facet, in order; they are told on the side, since facets are noisier than the overall."""
    return episodes[episodes["facet"] != "overall"].sort_values("start_session", kind="stable")


def episode_card(
    found: Loaded, episode: dict[str, Any], where: str = "", picture: bool = True, wide: bool = False
) -> None:
    """The card of an episode (a row of `decided.cards`). `where` tells two cards of the same episode on one page apart.

    Without a `picture` where the case's whole timeline stands beside it. `wide` where it has the page's width: the decision stands
    beside what is known then, and not below it.
    """
    rows = found.case(str(episode["practitioner"]), str(episode["client"]))
    told = episode_words.card(episode, rows.sessions, rows.markers, found.analysis.settings, pair())
    with st.container(border=True):
        st.markdown(f"**{plain(told.title)}**")
        st.text(told.summary)
        known, decided = st.columns([3, 2], gap="large") if wide else (st.container(), st.container())
        with known:
            if picture:
                _picture(found, episode)
            st.text("\n".join(f"{name}: {text}" for name, text in told.facts))
            if told.unknown:
                st.text("What the ratings do not tell:\n" + "\n".join(f"– {line}" for line in told.unknown))
        with decided:
            st.markdown("**A question to ask**")
            st.text(told.question)
            decision_box(subject_of(rows.sessions, episode), about_episode(found, episode), where)
        with st.popover("The rule behind this", width="stretch"):
            st.text(told.rule)


def _picture(found: Loaded, episode: dict[str, Any]) -> None:
    """Both raters' lines around the episode; nothing where nobody rated near it."""
    rows = found.case(str(episode["practitioner"]), str(episode["client"]))
    first, last = int(episode["start_session"]), int(episode["end_session"])
    chart = charts.around_episode(
        rows.sessions, rows.trace, rows.bands, first, last,
        theme=theme(), level_name=DETECTORS[found.analysis.method].level_name, terms=pair(),
    )  # fmt: skip
    if chart is not None:
        show_chart(
            chart, termed(f"Overall ratings of client and practitioner around sessions {first} to {last}")
        )
