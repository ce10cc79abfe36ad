"""An episode as people read it: its name, the plain sentences, and the rule behind them one click away."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from alliance_core import sentences
from alliance_core.settings import Settings
from pages.parts.in_use import pair, termed
from pages.parts.plain import plain


def shown(episodes: pd.DataFrame) -> pd.DataFrame:
    """The episodes that get a card, newest first: those of an overall rating, and recorded markers.

    A practitioner's own episode that belongs to one of the client's is told there.
    """
    own = (episodes["rater"] == "practitioner") & (episodes["seen_by"] != "practitioner only")
    kept = episodes[(episodes["facet"] == "overall") & ~own]
    return kept.sort_values("start_session", ascending=False, kind="stable")


def facets_alone(episodes: pd.DataFrame) -> pd.DataFrame:
    """Falls of a single facet, in order; they are told on the side, since facets are noisier than the overall."""
    return episodes[episodes["facet"] != "overall"].sort_values("start_session", kind="stable")


def _session_first(name: str) -> str:
    """ "Session 6–8 repaired"; "Since session 6: open"."""
    return name.replace("since ", "since session ") if name.startswith("since") else f"session {name}"


def episode_card(episode: dict, settings: Settings) -> None:
    """One card."""
    with st.container(border=True):
        whose = termed("Practitioner's rating, ") if episode["rater"] == "practitioner" else ""
        told = whose + _session_first(sentences.episode_name(episode))
        st.markdown(f"**{plain(told[0].upper() + told[1:])}**")
        st.text(" ".join(sentences.episode_sentences(episode, settings, pair())))
        with st.popover("The rule behind this", width="stretch"):
            st.text(sentences.rule(episode, settings))
            unknown = sentences.unknowns(episode, pair())
            if unknown:
                st.text("What the ratings do not tell:\n" + "\n".join(f"– {line}" for line in unknown))
