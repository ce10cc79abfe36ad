"""The guide on the page "Learn": signs in words, ideas in pictures, ways to respond."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from alliance_core import analyse, charts, read_workbooks
from alliance_core.analysis import Analysis
from alliance_core.learning.examples import IDEAS, Example, Idea, examples
from alliance_core.learning.words import words
from alliance_core.measures.detectors import DETECTORS
from alliance_core.settings import Settings
from pages.parts.bringing import SAMPLE
from pages.parts.frame import count, legend, show_chart
from pages.parts.in_use import pair, settings_in_use, termed
from pages.parts.kept import kept
from pages.parts.loaded import Loaded, loaded
from pages.parts.plain import plain
from pages.parts.saved_picture import PERCENT, Drawing
from pages.parts.shell import CASE

ALLIANCE, PICTURES, RESPONSES, PRACTISE = "The alliance", "In pictures", "Ways to respond", "Practise"
_OPEN, _LEFT_AT = "part of learn", "part of learn left at"
_HEIGHT = 150  # pixels of an example's chart


def parts() -> Sequence[Any]:
    """The parts of the page; the one that the address asks for (?part=practise) is open, else the one that was left."""
    if _OPEN not in st.session_state:
        by_address = {part.lower(): part for part in (ALLIANCE, PICTURES, RESPONSES, PRACTISE)}
        asked = by_address.get(st.query_params.get("part", ""))
        st.session_state[_OPEN] = asked or st.session_state.get(_LEFT_AT, ALLIANCE)
    tabs = st.tabs(
        [plain(ALLIANCE), plain(PICTURES), plain(RESPONSES), plain(PRACTISE)], key=_OPEN, on_change="rerun"
    )
    st.session_state[_LEFT_AT] = st.session_state[_OPEN]
    return tabs


def signs() -> None:
    """What can be noticed of each part, strong and weak, and of both kinds of rupture."""
    told = words(pair())
    st.header("Signs of a strong and of a weak alliance", anchor=False)
    st.text(told.caution)
    for part, column in zip(told.parts, st.columns(3), strict=True):
        with column.container(border=True):
            st.markdown(f"**{plain(part.part.capitalize())}**")
            st.caption(plain(part.asks))
            for how, seen in (("strong", part.strong), ("weak", part.weak)):
                st.markdown(f"*{plain(how)}*")
                st.text("\n".join(f"– {sign}" for sign in seen))
    st.header("Signs of a rupture", anchor=False)
    for kind, column in zip(told.kinds, st.columns(2), strict=True):
        with column.container(border=True):
            st.markdown(f"**{plain(kind.kind.capitalize())}**")
            st.caption(plain(kind.what))
            for sign in kind.signs:
                st.markdown(f"**{plain(sign.name)}**  \n{plain(sign.looks)}")
    st.caption(
        "Names after the Rupture Resolution Rating System (3RS; Eubanks, Muran & Safran 2015); the descriptions are ours. Written into the sheet "
        "markers, they are shown beside the ratings."
    )


def responses() -> None:
    """Ways to respond to a rupture, by name."""
    st.text(
        "What can be done when something is strained. Some of these take a sentence and the work goes on, others stay with what happened for a while. "
        "None fits always, and more than one may be needed. They are not tied to any approach."
    )
    told = words(pair()).responses
    half = -(-len(told) // 2)
    for column, some in zip(st.columns(2, gap="large"), (told[:half], told[half:]), strict=True):
        with column:
            for one in some:
                st.markdown(f"**{plain(one.name[0].upper() + one.name[1:])}**  \n{plain(one.how)}")
    st.caption(
        "Resolution strategies of the 3RS manual (Eubanks, Muran & Safran 2015; see also Safran & Muran 2000), by name as far as we know them; the "
        "descriptions are ours. Check the names against the manual before you code sessions with them. That a rating came back afterwards does not "
        "show that any of these did it."
    )


def pictures() -> None:
    """Each idea with its clearest example: from the visitor's ratings, else from the sample team, and said so."""
    mine = loaded()
    own = {} if mine is None else kept("pictures", mine, pair(), lambda: _pictures(mine))
    others = {} if len(own) == len(IDEAS) else _of_sample()
    st.text(_whose(mine is not None, len(own)))
    for group in dict.fromkeys(idea.group for idea in IDEAS.values()):
        st.subheader(plain(group.title), anchor=False)
        ideas = [idea for idea in IDEAS.values() if idea.group == group]
        for row in range(0, len(ideas), 2):
            for idea, column in zip(ideas[row : row + 2], st.columns(2), strict=False):
                with column.container(border=True):
                    if mine is not None and idea.id in own:
                        _card(idea, own[idea.id], mine.analysis, own=True)
                    else:
                        _card(idea, *others[idea.id], instead=mine is not None)


def _whose(brought: bool, own: int) -> str:
    if not brought:
        return "All of these are from the sample team, which is made up. Once you have brought in ratings, they are from your own cases wherever these show the idea."
    if own == len(IDEAS):
        return "All of these are from the ratings that are loaded: for each idea the case that shows it most clearly."
    return (
        f"{own} of these {count(len(IDEAS), 'idea')} are shown on the ratings that are loaded, each on the case that shows it most clearly. The others are from "
        "the sample team, which is made up."
    )


class _Picture(NamedTuple):
    """An example, the rule that its analysis stands on, what is said of it, its chart, and that chart in words; the analysis itself is not held by it."""

    example: Example
    rule: str
    told: str
    chart: Drawing
    alternative: str


def _card(idea: Idea, picture: _Picture, of: Analysis, *, own: bool = False, instead: bool = False) -> None:
    """One idea: which case of `of`, what is seen, the picture. `instead`: the sample team stands in for the visitor's ratings."""
    example = picture.example
    case = f"{example.client} · {example.practitioner}"
    if not own and settings_in_use().display.masked:
        case = "A case"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(termed(idea.title))}**")
        if own:
            st.page_link(
                CASE.file,
                label=plain(f"{case} →"),
                query_params={"practitioner": example.practitioner, "client": example.client},
                width="content",
            )
    if not own:
        why = "none of your cases shows this" if instead else ""
        in_use = settings_in_use().detection.method
        if picture.rule != in_use:
            why += f"{', and ' if why else ''}with the rule {in_use} no case there does, so this is with {picture.rule}"
        st.caption(plain(f"{case} of the sample team{': ' if why else ''}{why}"))
    st.text(picture.told)
    show_chart(
        picture.chart,
        picture.alternative,
        idea.title,
        whose="" if own else "Sample team",
        aid=f"{legend()} {PERCENT}",
        source=of,
    )


def _pictures(of: Loaded) -> dict[str, _Picture]:
    """The examples that these ratings hold, by idea."""
    level = DETECTORS[of.analysis.method].level_name
    return {
        name: _Picture(
            one,
            of.analysis.method,
            " ".join(one.told(of.analysis, pair())),
            *_drawn(one, of, level),
        )
        for name, one in examples(of.analysis).items()
    }


def _drawn(example: Example, of: Loaded, level: str) -> tuple[Drawing, str]:
    rows, group = of.case(example.practitioner, example.client), example.idea.group
    until = rows.sessions["session"].max() if example.until is None else example.until
    sessions = rows.sessions[rows.sessions["session"] <= until]
    chart = partial(
        charts.timeline,
        sessions,
        rows.trace[(rows.trace["session"] <= until) & group.level],
        rows.bands[(rows.bands["start"] <= until) & (rows.bands["rater"] == "client") & group.episodes],
        rows.markers[(rows.markers["session"] <= until) & group.markers],
        height=_HEIGHT,
        level_name=level,
        terms=pair(),
    )
    over = count(len(sessions), "session")
    return chart, termed(f"{example.idea.title}: overall ratings of client and practitioner over {over}")


def _of_sample() -> dict[str, tuple[_Picture, Analysis]]:
    """Every idea on the sample team: with the settings in use, else with those that the command line begins with, which show all of them."""
    found: dict[str, tuple[_Picture, Analysis]] = {}
    for which, settings in (("shipped", Settings()), ("in use", settings_in_use())):
        team = _sample_team(settings.model_dump_json(exclude={"terms", "changes"}))
        pictures = kept(f"sample pictures, {which}", team, pair(), partial(_pictures, team))
        found |= {idea: (picture, team.analysis) for idea, picture in pictures.items()}
    return found


@st.cache_resource(max_entries=16, show_spinner="Looking for examples in the sample team")
def _sample_team(settings: str) -> Loaded:
    """The sample team, analysed with these settings (as JSON); nothing of any visitor is in it."""
    ratings, _ = read_workbooks([(SAMPLE.name, SAMPLE.read_bytes())])
    return Loaded(analyse(ratings, Settings.model_validate_json(settings)), "the sample team")
