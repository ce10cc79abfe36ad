"""Thresholds that a team may reasonably change, in groups: what each does, its unit and source, how it comes, and what a change did."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from alliance_core.notation import rewritten
from alliance_core.settings import SettingLine, Settings, SettingsError, describe
from alliance_core.settings_file import adopted
from alliance_core.terms import capital
from pages.parts.decided import today
from pages.parts.frame import count
from pages.parts.in_use import ON_PAGES, settings_in_use, termed, termed_markdown
from pages.parts.loaded import Loaded, loaded
from pages.parts.plain import plain
from pages.parts.ruling import use_settings
from pages.parts.shell import WHAT_IF

_CHANGED = "what a threshold changed"


class Group(NamedTuple):
    """Thresholds that belong together, and where a change of them is seen."""

    title: str
    where: str
    keys: tuple[str, ...]


GROUPS = (
    Group(
        "What follows a fall",
        "Outcomes of episodes on Agenda, Practitioner and Case, and how many of them were registered.",
        (
            "episodes.return_share",
            "episodes.window",
            "episodes.strengthened_sigma",
            "episodes.strengthened_sessions",
            "episodes.ended_after_days",
            "episodes.registered_share",
            "episodes.nearby_sessions",
            "episodes.marker_significance",
        ),
    ),
    Group(
        "What is pointed out",
        "Which cases stand on the agenda besides those with falls, and for how long.",
        (
            "readings.recent_sessions",
            "readings.missing_sessions",
            "readings.ceiling_sessions",
            "readings.falling_z",
            "readings.falling_from",
            "agreement.widening_last",
            "tasks.doubt_line",
            "tasks.doubt_difference",
            "goals.agreement_line",
            "review.changed_points",
            "agenda.minutes_a_case",
        ),
    ),
    Group(
        "How many sessions a figure needs",
        "From when on Case and Practitioner show a gap, an interval, a correlation and limits of agreement.",
        (
            "agreement.mean_from",
            "agreement.interval_from",
            "agreement.correlation_from",
            "agreement.limits_from",
        ),
    ),
    Group(
        "What is said of practitioners and groups",
        "Whether a practitioner's mean is named, which approaches and teams are shown apart, and through when a service is told.",
        (
            "practitioners.name_from",
            "practitioners.name_reliability",
            "practitioners.funnel_from",
            "suppression.min_clients",
            "suppression.min_practitioners",
            "service.months",
            "service.settle_days",
        ),
    ),
    Group(
        "How much single ratings vary",
        "σ, and with it which falls are found at all, and how many chance alone gives.",
        (
            "noise.min_differences",
            "noise.dependability",
            "noise.fallback_sd",
            "noise.floor",
            "chance.shuffles",
        ),
    ),
)


def thresholds() -> None:
    """Each group folded, with a form; the rule itself and its number are chosen on What if."""
    st.page_link(WHAT_IF.file, label="The rule, and how large a fall must be: What if →")
    said = st.session_state.pop(_CHANGED, "")
    if said:
        st.info(plain(said))
    lines = {line.key: line for line in describe(settings_in_use())}
    shipped = {line.key: line.shown for line in describe(ON_PAGES)}
    for group in GROUPS:
        own = sum(lines[key].shown != shipped[key] for key in group.keys)
        counted = f" · {count(own, 'own number')}" if own else ""
        # the key: it stays open when its title counts another number
        with st.expander(plain(termed(group.title) + counted), key=f"group {group.title}"):
            _form(group, lines, shipped)


def _form(group: Group, lines: dict[str, SettingLine], shipped: dict[str, str]) -> None:
    st.text(termed(group.where))
    with st.form(f"thresholds {group.title}", border=False):
        given: dict[str, float] = {}
        for at in range(0, len(group.keys), 2):
            for key, place in zip(group.keys[at : at + 2], st.columns(2, gap="large"), strict=False):
                with place:
                    given[key] = _field(lines[key], shipped[key])
        reason = st.text_input(
            "Why? It is noted with today's date.", max_chars=500, key=f"reason {group.title}"
        )
        sent = st.form_submit_button("Use these numbers")
    if sent:
        _adopt(given, reason.strip(), lines)


def _field(line: SettingLine, shipped: str) -> float:
    """One number: what it does and its unit, then how it comes and whence."""
    whole, value = isinstance(line.value, int), line.value
    assert isinstance(value, int | float)  # noqa: S101
    given = st.number_input(
        termed_markdown(rewritten(f"{line.meaning[0].upper()}{line.meaning[1:]} ({line.unit})")),
        value=value if whole else float(value),
        step=1 if whole else 0.05,
        format="%d" if whole else "%.2f",
        key=f"{line.key} {value}",  # what a settings file brings in is shown at once
    )
    st.caption(plain(termed(f"As it comes: {shipped}. Source: {rewritten(line.source)}.")))
    return given


def _adopt(given: dict[str, float], reason: str, lines: dict[str, SettingLine]) -> None:
    """Makes these the numbers, with day and reason; one sentence where they cannot be used or nothing differs."""
    values = {key: value for key, value in given.items() if value != lines[key].value}
    if not values:
        st.info("Nothing differs from what is in use.")
        return
    if not reason:
        st.error("Write a reason, in a few words: whoever looks at these numbers later will want to know it.")
        return
    try:
        chosen = adopted(settings_in_use(), values, reason, today())
    except SettingsError as error:
        st.error(plain(_in_words(str(error), lines)))
        return
    before = loaded()
    use_settings(chosen)
    st.session_state[_CHANGED] = _what_changed(before, loaded(), chosen)
    st.rerun()


def _in_words(told: str, lines: dict[str, SettingLine]) -> str:
    """The sentence of an error with what the number does in the place of its key."""
    key = next((key for key in lines if key in told), "")
    return told.replace(f"settings: {key}", capital(lines[key].meaning)) if key else told


def _what_changed(before: Loaded | None, after: Loaded | None, chosen: Settings) -> str:
    noted = count(len(chosen.changes), "change")
    if before is None or after is None:
        return f"In use. {noted} noted so far."
    pairs = [
        (count(_falls(one), "episode"), count(_cases(one), "case") + " to talk about")
        for one in (before, after)
    ]
    if pairs[0] == pairs[1]:
        return f"In use: {' and '.join(pairs[1])}, as before. {noted} noted so far."
    return f"In use: {' and '.join(pairs[1])}; before, {' and '.join(pairs[0])}. {noted} noted so far."


def _falls(found: Loaded) -> int:
    """In clients' overall ratings, as Practitioner and What if count them."""
    return int(found.analysis.practitioners["episodes"].sum())


def _cases(found: Loaded) -> int:
    return len(found.lines)
