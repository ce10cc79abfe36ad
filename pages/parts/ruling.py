"""The rule that finds falls: the one place to choose it, and how every page says which it is."""

from __future__ import annotations

import secrets
from typing import get_args

import streamlit as st

from alliance_core import benchmarked, rules_in_words
from alliance_core.measures.detectors import DETECTORS
from alliance_core.notation import rewritten
from alliance_core.settings import Method, Settings
from alliance_core.settings_file import adopted
from pages.parts.frame import count
from pages.parts.in_use import keep_settings, settings_in_use, termed, termed_markdown
from pages.parts.loaded import Loaded, as_read, keep, loaded, show_with
from pages.parts.pickers import remember_under_aliases
from pages.parts.plain import plain
from pages.parts.shell import HOW_IT_WORKS
from pages.parts.today import today

_ONLY_SHOWN = {"terms", "display", "changes"}  # settings that no number depends on


def use_settings(chosen: Settings) -> None:
    """Makes these the settings. The ratings that are loaded are analysed anew where they ask for other numbers; words, ids and forms of numbers cost nothing."""
    before, shown, found = settings_in_use(), loaded(), as_read()
    chosen = _with_alias_key(chosen)
    keep_settings(chosen)
    if found is not None:
        if chosen.model_dump(exclude=_ONLY_SHOWN) == before.model_dump(exclude=_ONLY_SHOWN):
            show_with(chosen)
        else:
            with st.spinner(plain(f"Working out {count(len(found.analysis.ratings.forms), 'form')}")):
                keep(found.analysed_with(chosen))
        remember_under_aliases(shown.aliases if shown else None, loaded())


def mask_ids(masked: bool) -> None:
    """Puts aliases in the place of all ids on all pages, or the ids back."""
    used = settings_in_use()
    use_settings(used.model_copy(update={"display": used.display.model_copy(update={"masked": masked})}))


def _with_alias_key(chosen: Settings) -> Settings:
    """With a new key for aliases where ids are masked and there is none; one that is there stays, and aliases with it."""
    if not chosen.display.masked or chosen.display.alias_key:
        return chosen
    display = chosen.display.model_copy(update={"alias_key": secrets.token_hex(32)})
    return chosen.model_copy(update={"display": display})


def choose_rule() -> str:
    """The choice of the rule, and its name; the ratings that are loaded are analysed anew with it, and the change is noted with its day."""
    used = settings_in_use()
    names: list[Method] = list(get_args(Method))
    picked = st.selectbox(
        termed_markdown("Rule that Agenda, Practitioner and Case stand on"),
        names,
        index=names.index(used.detection.method),
        format_func=lambda name: f"{name}: {DETECTORS[name].title}",
        key="rule",
    )
    found = loaded()
    if picked != used.detection.method:
        use_settings(adopted(used, {"detection.method": picked}, "chosen on How it works", today()))
        st.rerun()
    if found is not None and found.analysis.trace["level"].isna().all():
        st.info(
            plain(
                "With the ratings that are loaded this rule can say nothing: too few sessions, or no line is stated for their instrument."
            )
        )
    return picked


def level_name(found: Loaded) -> str:
    """What a table calls the level that falls are measured from, shortly."""
    name = DETECTORS[found.analysis.method].level_name
    return name if name == "own level" else "level"


def chance_line(found: Loaded, practitioner: str | None = None) -> str:
    """How many falls were found, and how many chance order gives; empty where no client rated an overall."""
    with st.spinner("Working out what chance alone gives"):
        told = found.chance.of(practitioner)
    return "" if told is None else rules_in_words.by_chance(told)


def rule_in_full(method: str, settings: Settings) -> None:
    """The rule with its numbers: in words, as a formula, how often it is wrong, its weakness and source."""
    one = DETECTORS[method]
    st.text(f"Rule {one.name}. {rules_in_words.opens(method, settings)}")
    st.code("\n".join(rules_in_words.formula(method, settings)), language=None, wrap_lines=True)
    how_sure = benchmarked.in_words(benchmarked.said_with(method, settings))
    st.text(
        f"How sure: {how_sure}\nKnown weakness: {rewritten(one.weakness)}\nSource: {rewritten(one.source)}."
    )


def how_found(found: Loaded, practitioner: str | None = None, client: str | None = None) -> None:
    """The rule in use in full, and what it finds by chance: for a page's folded part."""
    settings = found.analysis.settings
    rule_in_full(found.analysis.method, settings)
    told = found.chance.of(practitioner, client)
    if told is None:
        st.text(termed("How many falls chance alone gives is not shown: no client rated an overall here."))
    else:
        st.text(f"{rules_in_words.by_chance(told)} {rules_in_words.why_by_chance(told, settings)}")


def rule_link(found: Loaded) -> None:
    """Which rule the page stands on, as the way to its explanation and to the choice."""
    st.page_link(
        HOW_IT_WORKS.file, label=plain(f"rule: {found.analysis.method} →"), query_params={"part": "rules"}
    )
