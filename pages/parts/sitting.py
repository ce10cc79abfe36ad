"""The meeting that is on, in the visitor's own session: its names, its clock, and every change to it."""

from __future__ import annotations

import secrets
import time
from dataclasses import replace

import pandas as pd
import streamlit as st

from alliance_core.review import Masks, MeetingRecord, Sitting, Timer, coming_up, key_of, masks, record
from alliance_core.review.shown import Masked
from alliance_core.review.talk import why
from pages.parts.decided import decisions, matched_decisions, today
from pages.parts.kept import last_kept
from pages.parts.loaded import Loaded, as_read, loaded

_SITTING, _KEY, _TOKEN = "sitting", "key of the names", "token of the meeting"
_TEAM, _PRACTITIONER = "team", "practitioner"
EVERYBODY = ("", "")
Whom = tuple[str, str]


def now() -> float:
    """Seconds of a clock that never goes back."""
    return time.monotonic()


def for_the_room(found: Loaded) -> Loaded:
    """The ratings that a meeting is about: those with the ids of the files, since names, not aliases, stand in their place."""
    return as_read() or found


def sitting_of(found: Loaded) -> Sitting | None:
    """The meeting about these ratings; None while there is none, and after others were brought in."""
    of, sitting = st.session_state.get(_SITTING, (None, None))
    return sitting if of == for_the_room(found).source else None


def names(found: Loaded) -> Masks:
    """The names of all cases under the key in use, which is random until a word is typed."""
    key, lasting = st.session_state.setdefault(_KEY, (secrets.token_bytes(32), False))
    analysis = found.analysis
    return last_kept("names", found, (key, lasting), lambda: masks(analysis.cases, key, lasting))


def use_word(word: str) -> None:
    """Names from a word, or from nothing that lasts where it is empty. Raises ValueError for one that is too short. The word itself is not kept."""
    st.session_state[_KEY] = (key_of(word), True) if word.strip() else (secrets.token_bytes(32), False)


def groups(found: Loaded) -> list[Whom]:
    """Whose cases a meeting may be about: everybody's, a team's where several are stated, one practitioner's."""
    teams = sorted(found.analysis.cases["team"].dropna().unique().tolist())
    return [
        EVERYBODY,
        *((_TEAM, str(team)) for team in (teams if len(teams) > 1 else ())),
        *((_PRACTITIONER, practitioner) for practitioner in found.clients),
    ]


def lines(found: Loaded, whom: Whom) -> pd.DataFrame:
    """What there is to talk about with them (review.coming_up)."""
    kind, which = whom
    cases = found.analysis.cases
    every = coming_up(found.lines, matched_decisions(found), cases)
    if kind == _PRACTITIONER:
        return every[(every["practitioner"] == which).to_numpy(bool)].reset_index(drop=True)
    if kind == _TEAM:
        own = cases.loc[(cases["team"] == which).fillna(False).to_numpy(bool), ["practitioner", "client"]]
        return every.merge(own.astype("str"), on=["practitioner", "client"], how="inner")
    return every


def trace_of(found: Loaded, whom: Whom) -> pd.DataFrame:
    """What the rule saw of their ratings (rows of Analysis.trace)."""
    kind, which = whom
    if kind == _PRACTITIONER:
        return found.caseload(which).trace
    trace, cases = found.analysis.trace, found.analysis.cases
    if kind == _TEAM:
        own = cases.loc[(cases["team"] == which).fillna(False).to_numpy(bool), ["practitioner", "client"]]
        return trace.merge(own.astype("str"), on=["practitioner", "client"], how="inner")
    return trace


def in_words(found: Loaded, whom: Whom) -> str:
    """Whose cases, for the room: a practitioner by a name, a team by its own."""
    kind, which = whom
    if kind == _PRACTITIONER:
        return names(found).practitioners[which]
    return f"team {which}" if kind == _TEAM else "the whole team"


def on_the_picker(whom: Whom) -> str:
    """Whose cases, for the supervisor who chooses: a practitioner as on all other pages."""
    kind, which = whom
    if kind == _PRACTITIONER:
        shown = loaded()
        return which if shown is None or shown.aliases is None else shown.aliases.practitioner(which)
    return f"team {which}" if kind == _TEAM else "the whole team"


def about(found: Loaded, whom: Whom, chosen: pd.DataFrame) -> Sitting:
    """A meeting about these lines that has not begun."""
    return Sitting(
        day=pd.Timestamp(today()),
        whom=in_words(found, whom),
        lines=chosen.reset_index(drop=True),
        masks=names(found),
        before=matched_decisions(found),
    )


def begin(found: Loaded, whom: Whom, chosen: pd.DataFrame) -> None:
    """A meeting about these lines, from now on."""
    made = replace(about(found, whom, chosen), timer=Timer(since=now()))
    st.session_state[_SITTING] = (found.source, made)
    st.session_state[_TOKEN] = secrets.token_hex(8)


def turn_to(place: int) -> None:
    """To another card, by its place from 0."""
    _change(_at_hand().turned_to(place, now()))


def pause() -> None:
    """Stops the clock, or lets it go on."""
    _change(_at_hand().paused(now()))


def end() -> None:
    """The meeting is over."""
    _change(_at_hand().ended(now()))


def resume() -> None:
    """Back to the cards."""
    _change(_at_hand().resumed(now()))


def leave() -> None:
    """To the choice of another meeting. Decisions stay; the record is let go of."""
    st.session_state.pop(_SITTING, None)


def record_of(found: Loaded, sitting: Sitting) -> MeetingRecord:
    """The record of the meeting as it is now."""
    told = [why(found, str(p), str(c), str(r)) for p, c, r in sitting.lines.itertuples(index=False)]
    return record(sitting, told, decisions().review, now())


def shown(sitting: Sitting) -> Masked:
    """How ids and words of users are shown in the room."""
    return Masked(sitting)


def token() -> str:
    """What tells the record from those of others: large downloads are told apart by their name only."""
    return st.session_state.setdefault(_TOKEN, secrets.token_hex(8))


def _at_hand() -> Sitting:
    return st.session_state[_SITTING][1]


def _change(sitting: Sitting) -> None:
    st.session_state[_SITTING] = (st.session_state[_SITTING][0], sitting)
