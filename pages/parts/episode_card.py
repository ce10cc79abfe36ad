"""An episode as people read it, on every page alike: the sentence, the picture, what is known and what is not, a question, the decision."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from alliance_core import charts, episode_words
from alliance_core.episode_words import Card
from alliance_core.measures.detectors import DETECTORS
from alliance_core.review import subject_of
from alliance_core.review.shown import AS_IT_STANDS, Shown
from pages.parts.decided import history
from pages.parts.decision_box import decision_box
from pages.parts.frame import legend, show_chart
from pages.parts.in_use import pair, termed
from pages.parts.loaded import Loaded
from pages.parts.plain import plain
from pages.parts.saved_picture import PERCENT


def facets_alone(episodes: pd.DataFrame) -> pd.DataFrame:
    """Falls of a single facet, in order; they are told on the side, since facets are noisier than the overall."""
    return episodes[episodes["facet"] != "overall"].sort_values("start_session", kind="stable")


def episode_card(
    found: Loaded, episode: dict[str, Any], where: str = "", picture: bool = True, wide: bool = False
) -> None:
    """The card of an episode (a row of `review.carded`). `where` tells two cards of the same episode on one page apart.

    Without a `picture` where the case's whole timeline stands beside it. `wide` where it has the page's width: the decision stands
    beside what is known then, and not below it.
    """
    rows, told = found.case(str(episode["practitioner"]), str(episode["client"])), words_of(found, episode)
    with st.container(border=True):
        st.markdown(f"**{plain(told.title)}**")
        st.text(told.summary)
        known, decided = st.columns([3, 2], gap="large") if wide else (st.container(), st.container())
        with known:
            if picture:
                episode_picture(found, episode)
            what_is_known(told)
        with decided:
            what_to_ask(told)
            decision_box(subject_of(rows.sessions, episode), history(found).of_episode(episode), where)
        rule_behind(told)


def words_of(found: Loaded, episode: dict[str, Any], shown: Shown = AS_IT_STANDS) -> Card:
    """The words of the card."""
    rows = found.case(str(episode["practitioner"]), str(episode["client"]))
    return episode_words.card(
        episode, rows.sessions, shown.markers(rows.markers), found.analysis.settings, pair()
    )


def what_is_known(told: Card) -> None:
    """Part by part what is known of the episode, and what is not."""
    st.text("\n".join(f"{name}: {text}" for name, text in told.facts))
    if told.unknown:
        st.text("What the ratings do not tell:\n" + "\n".join(f"– {line}" for line in told.unknown))


def what_to_ask(told: Card) -> None:
    """One neutral question."""
    st.markdown("**A question to ask**")
    st.text(told.question)


def rule_behind(told: Card) -> None:
    """The rule with its numbers, folded."""
    with st.popover("The rule behind this", width="stretch"):
        st.text(told.rule)


def episode_picture(found: Loaded, episode: dict[str, Any], masked: str = "", by: float = 1.0) -> None:
    """Both raters' lines around the episode, so many times as large; nothing where nobody rated near it. `masked`: what the case is called in a room."""
    practitioner, client = str(episode["practitioner"]), str(episode["client"])
    rows = found.case(practitioner, client)
    first, last = int(episode["start_session"]), int(episode["end_session"])
    show_chart(
        partial(
            charts.around_episode, rows.sessions, rows.trace, rows.bands, first, last,
            level_name=DETECTORS[found.analysis.method].level_name, terms=pair(),
        ),
        termed(f"Overall ratings of client and practitioner around sessions {first} to {last}"),
        f"around session {first}",
        whose=masked or f"{client} · {practitioner}",
        aid=f"{legend()} {PERCENT}",
        by=by,
    )  # fmt: skip
