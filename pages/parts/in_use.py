"""The settings that this visitor's ratings are analysed with, and the words for the pair that they ask for."""

from __future__ import annotations

import streamlit as st

from alliance_core.notation import Notation
from alliance_core.settings import DetectionSettings, Settings
from alliance_core.terms import Terms, terms_of
from pages.parts.plain import plain

_SETTINGS = "settings in use"
# Pages begin with the rule that finds more at the same number of false alarms (benchmarks/results). The tables of the command line
# stay with `baseline` unless a setting says otherwise: scripts stand on them.
ON_PAGES = Settings(detection=DetectionSettings(method="last_three"))


def settings_in_use() -> Settings:
    """What this visitor's ratings are analysed with."""
    return st.session_state.get(_SETTINGS, ON_PAGES)


def keep_settings(chosen: Settings) -> None:
    """Makes these the visitor's settings; what is loaded is not analysed anew by this."""
    st.session_state[_SETTINGS] = chosen


def pair() -> Terms:
    """What client and practitioner are called."""
    return terms_of(settings_in_use())


def notation() -> Notation:
    """How numbers and days are written on pages."""
    return settings_in_use().display.notation


def typed_dates() -> str:
    """The same for a field that a day is typed into, which knows no names of months."""
    return {"D MMM YYYY": "DD/MM/YYYY", "D.M.YYYY": "DD.MM.YYYY"}.get(notation().dates, notation().dates)


def termed(text: str) -> str:
    """A text of ours, written with "client" and "practitioner", in the words in use. Never for text of users."""
    return pair().termed(text)


def termed_markdown(text: str) -> str:
    """The same for a text of ours that is Markdown: the words themselves stand in it as literal text."""
    return pair().termed(text, plain)
