"""What was decided: kept in the visitor's own session, matched to the episodes as they are, counted until a file holds it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from alliance_core.review import (
    DISCUSSED,
    Decisions,
    Subject,
    decided_on,
    said,
    same_decisions,
)
from alliance_core.review.history import History, history_of
from alliance_core.tables import Ratings
from pages.parts.kept import Same, kept
from pages.parts.loaded import Loaded, loaded
from pages.parts.today import today as today

_STORE, _LEFT = "decisions", "decisions left behind"
_NONE = Decisions()  # the same one each time, so that what is worked out from it stays


def decisions() -> Decisions:
    """All decisions at hand."""
    return st.session_state.get(_STORE, _NONE)


def change(store: Decisions) -> None:
    """Makes these the decisions at hand."""
    st.session_state[_STORE] = store


def files_read(ratings: Ratings, others: bool) -> None:
    """Takes in the decisions of files that were read; `others`: they are about other people, so nothing decided before belongs to them."""
    before = Decisions() if others else decisions()
    after = before.read(ratings)
    change(after)
    missed = before.review[said(before.review).to_numpy(bool)]
    st.session_state[_LEFT] = int(
        (~same_decisions(missed, pd.concat([after.everything, after.replaced]))).sum()
    )


def left_behind() -> int:
    """How many decisions stood in the files before, and do not in those that were read last."""
    return st.session_state.get(_LEFT, 0)


def start_over() -> None:
    """Lets go of all decisions, and of everything worked out from them."""
    for key in (_STORE, _LEFT):
        st.session_state.pop(key, None)


def decide(subject: Subject, what: dict[str, Any]) -> None:
    """Records a decision made today. What is written under aliases is kept with the ids that they stand for."""
    practitioner, client = _ids_of(subject.practitioner, subject.client)
    subject = replace(subject, practitioner=practitioner, client=client)
    found = loaded()
    if found is not None and found.aliases is not None:
        behind = found.aliases.text_behind
        what = {name: behind(one) if isinstance(one, str) else one for name, one in what.items()}
    change(decisions().decided(subject, pd.Timestamp(today()), what))


def mark_discussed(subject: Subject) -> None:
    """Notes that a case was talked about today. Kept and found again like any decision."""
    decide(subject, {"note": DISCUSSED})


def discussed_today(found: Loaded) -> set[tuple[str, str]]:
    """Practitioner and client of the cases that were talked about today: anything that was decided about one says so."""
    rows = decided_on(_as_shown(decisions().everything, found), pd.Timestamp(today()))
    return set(rows.itertuples(index=False, name=None))


def note_done(decision: dict[str, Any], done: str | None) -> None:
    """Records what became of a decision's action."""
    practitioner, client = _ids_of(str(decision["practitioner"]), str(decision["client"]))
    change(decisions().done({**decision, "practitioner": practitioner, "client": client}, done))


def _ids_of(practitioner: str, client: str) -> tuple[str, str]:
    """The ids behind what a page shows, those of decisions about nobody who is loaded too; the same where no aliases are in use."""
    found = loaded()
    if found is None or found.aliases is None:
        return practitioner, client
    aliases, every = found.aliases, decisions().everything
    staff = {aliases.practitioner(one): one for one in every["practitioner"].unique()}
    clients = {aliases.client(one): one for one in every["client"].unique()}
    return (
        staff.get(practitioner, aliases.practitioner_behind(practitioner)),
        clients.get(client, aliases.client_behind(client)),
    )


def history(found: Loaded) -> History:
    """All decisions that say anything, with what each is about now, by case; worked out once for each change."""
    store = decisions()
    return kept(
        "decisions matched",
        found,
        Same(store),
        lambda: history_of(_as_shown(store.review, found), found.analysis),
    )


def matched_decisions(found: Loaded) -> pd.DataFrame:
    """The same as one table (review.matched)."""
    return history(found).rows


def unsettled_decisions(found: Loaded) -> pd.DataFrame:
    """Those that contradict each other (UNSETTLED), with the places of their rows."""
    return _as_shown(decisions().unsettled, found)


def _as_shown(rows: pd.DataFrame, found: Loaded) -> pd.DataFrame:
    return rows if found.aliases is None else found.aliases.masked(rows)
