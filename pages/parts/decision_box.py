"""What was decided about an episode or a session, whether it happened, and the form for today's decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from alliance_core.review import DECISIONS, DONE, Subject, told
from alliance_core.review.shown import AS_IT_STANDS, Shown
from alliance_core.sentences import listed
from pages.parts.decided import decide, note_done, today
from pages.parts.in_use import typed_dates
from pages.parts.plain import plain
from pages.parts.shown_value import show

NO_DECISION = "nothing yet"
LONGEST = 500  # characters of one field
_SAVED = "decision saved"
_WRITTEN = {"action": "an action", "owner": "who does it", "note": "a note"}


def decision_box(subject: Subject, before: Sequence[dict[str, Any]], where: str = "") -> None:
    """The decisions so far (rows of review.matched, latest first), and the form for one of today.

    `where` tells two boxes about the same subject on one page apart.
    """
    st.markdown("**Decision**")
    history(before, where)
    decision_form(subject, before, where)


def history(before: Sequence[dict[str, Any]], where: str = "", shown: Shown = AS_IT_STANDS) -> None:
    """What was decided before, latest first, what has changed since, and whether the latest action was done."""
    for decision in before:
        st.text(told.in_words(shown.decision(decision)))
        if decision["latest"]:
            for change in told.changes(decision):
                st.caption(plain(change))
            if decision["decided_on"] != pd.Timestamp(today()):
                done_choice(decision, where, shown)


def done_choice(decision: dict[str, Any], where: str = "", shown: Shown = AS_IT_STANDS) -> None:
    """Whether the action of a decision was done; noted at once. Nothing where no action was agreed."""
    if pd.isna(decision["action"]):
        return
    case = shown.case(str(decision["practitioner"]), str(decision["client"]))
    key = f"done {case} {decision['session']} {decision['decided_on']} {where}"
    show(key, decision["done"] if decision["done"] in DONE else None)
    st.segmented_control(
        "Was it done?",
        DONE,
        key=key,
        on_change=_note_done,
        args=(key, dict(decision)),
        label_visibility="visible",
    )


def _note_done(key: str, decision: dict[str, Any]) -> None:
    note_done(decision, st.session_state[key])


def decision_form(
    subject: Subject, before: Sequence[dict[str, Any]], where: str = "", shown: Shown = AS_IT_STANDS
) -> None:
    """The fields, with what was decided today already; what is entered is saved in the sitting at once."""
    now = pd.Timestamp(today())
    mine = next((one for one in before if one["decided_on"] == now and one["session"] == subject.session), {})
    key = f"decide {shown.key(subject)} {where}"
    stays = {name: _text(mine, name) for name in (shown.kept_back(mine) if mine else ())}
    with st.form(key, border=False):
        options = (NO_DECISION, *DECISIONS)
        st.radio(
            "What do we make of it?",
            options,
            index=options.index(_text(mine, "decision") or NO_DECISION),
            format_func=str.capitalize,
            horizontal=True,
            key=f"{key} decision",
        )
        if "action" not in stays:
            st.text_input("Action", _text(mine, "action"), max_chars=LONGEST, key=f"{key} action")
        if "owner" not in stays:
            st.text_input("Who does it", _text(mine, "owner"), max_chars=LONGEST, key=f"{key} owner")
        due = mine.get("due")
        st.date_input(
            "Until",
            None if due is None or pd.isna(due) else due.date(),
            format=typed_dates(),
            key=f"{key} due",
        )
        if "note" not in stays:
            st.text_area("Note", _text(mine, "note"), max_chars=LONGEST, height=68, key=f"{key} note")
        st.form_submit_button("Save the decision", on_click=_save, args=(subject, key, stays))
    if stays:
        written = listed([words for name, words in _WRITTEN.items() if name in stays])
        st.caption(plain(f"Written earlier today, kept, and not shown here: {written}."))
    if st.session_state.get(_SAVED, ("", ""))[0] == key:
        st.text(st.session_state.pop(_SAVED)[1])


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None or pd.isna(value) else str(value)


def _save(subject: Subject, key: str, stays: dict[str, str]) -> None:
    """Saves what was entered; `stays` are fields that were not shown."""
    entered = {
        name: stays[name] if name in stays else st.session_state[f"{key} {name}"]
        for name in ("decision", "action", "owner", "due", "note")
    }
    if entered["decision"] == NO_DECISION:
        entered["decision"] = None
    empty = not any(entered.values())
    decide(subject, entered)
    words = (
        "Nothing was entered, so there is no decision of today."
        if empty
        else "Saved. It is kept once you download the supervision workbook."
    )
    st.session_state[_SAVED] = (key, words)
