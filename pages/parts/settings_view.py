"""Settings kept as a file and brought in again, and the words for the pair."""

from __future__ import annotations

import streamlit as st
from pydantic import ValidationError

from alliance_core.settings import LONGEST_WORD, Settings, SettingsError, TermsSettings
from alliance_core.settings_file import parse_settings, to_toml
from alliance_core.terms import PRESETS, Terms
from pages.parts.bringing import token
from pages.parts.downloads import file_name
from pages.parts.in_use import ON_PAGES, pair, settings_in_use
from pages.parts.plain import plain, unseen_removed
from pages.parts.ruling import use_settings

_OWN = "own words"
_SEEN = "settings seen"
_WORDS, _SHOWN = "words for the pair", "words for the pair that are shown"
_NAMES = {f"{terms.client} and {terms.practitioner}": terms for terms in PRESETS}


def choose_words() -> None:
    """What client and practitioner are called on all pages: three pairs to choose from, and any other."""
    used, names = settings_in_use().terms, [*_NAMES, _OWN]
    now = next((name for name, terms in _NAMES.items() if terms == pair()), _OWN)
    if st.session_state.get(_SHOWN) != used or _WORDS not in st.session_state:
        st.session_state[_SHOWN], st.session_state[_WORDS] = (
            used,
            now,
        )  # what a settings file brings in is shown at once
    picked = st.selectbox(
        "What are the two called?",
        names,
        help="On all pages, in charts and in the template's help. Columns, files and options keep their names.",
        key=_WORDS,
    )
    if picked != _OWN:
        if picked != now:
            _use(_settings_of(_NAMES[picked]))
        return
    with st.form("own words", border=True):
        given = {name: _word(name, label, used) for name, label in _LABELS.items()}
        if not st.form_submit_button("Use these words"):
            return
    try:
        _use(TermsSettings.model_validate(given))
    except ValidationError as error:
        first = error.errors()[0]
        which = f"{_LABELS[str(first['loc'][0])]}: " if first["loc"] else ""
        st.error(plain(f"{which}{first['msg'].removeprefix('Value error, ')}."))


_LABELS = {
    "client": "Who comes for help, care or lessons",
    "clients": "Several of them (empty: with an s)",
    "practitioner": "Who gives it",
    "practitioners": "Several of them (empty: with an s) ",
}


def _word(name: str, label: str, used: TermsSettings) -> str:
    given = st.text_input(
        plain(label), getattr(used, name), max_chars=LONGEST_WORD, key=f"word {name} {used}"
    )
    return given or ""


def _settings_of(terms: Terms) -> TermsSettings:
    return TermsSettings(client=terms.client, practitioner=terms.practitioner)


def _use(words: TermsSettings) -> None:
    """Makes these the words, at once; nothing needs to be computed again."""
    use_settings(settings_in_use().model_copy(update={"terms": words}))
    st.rerun()


def as_file() -> None:
    """All settings as a file, and such a file brought in."""
    st.download_button(
        "Download these settings (TOML)",
        to_toml(settings_in_use()),
        file_name=file_name("settings", "toml", token()),
        mime="application/toml",
        on_click="ignore",
        help="Bring the file in again next time, or pass it to the command line with --settings.",
    )
    given = st.file_uploader("Use settings that you kept", type="toml", key="settings file")
    if given is None or given.file_id == st.session_state.get(_SEEN):
        return
    try:
        said = parse_settings(given.getvalue(), unseen_removed(given.name))
    except SettingsError as error:
        st.error(plain(error))
        return
    st.session_state[_SEEN] = given.file_id
    _bring_in(said)
    st.rerun()


def _bring_in(said: Settings) -> None:
    """What a file does not say stays as pages begin with."""
    if "detection" not in said.model_fields_set:
        said = said.model_copy(update={"detection": ON_PAGES.detection})
    use_settings(said)
