"""While a meeting is on: one card, large enough for a room, with the clock and what was agreed so far."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from alliance_core.review import Sitting, told
from pages.parts.frame import count
from pages.parts.loaded import Loaded, records
from pages.parts.meeting_card import case_card
from pages.parts.plain import plain
from pages.parts.sitting import end, now, pause, record_of, turn_to

_large_type = component(
    "large_type",
    css=Path(__file__).with_name("meeting.css").read_text(encoding="utf-8"),
    isolate_styles=False,
)

# Left and right turn the cards, unless something that has a use for these keys has the focus. No letters: they are for typing, and
# some people's devices send them by chance. The script is ours; it is told the place of the card and says which one is wanted, so that
# what is said twice changes nothing. A script is called anew for each change of what it is told, so it first lets go of what it did before;
# and it listens as long as what it belongs to stands on the page.
_arrow_keys = component(
    "arrow_keys",
    js="""
const OWN = "input, textarea, select, [contenteditable], [role=radiogroup], [role=listbox], [role=dialog], [role=grid], [role=tablist]"
const BY = { ArrowLeft: -1, ArrowRight: 1 }
export default function ({ data, parentElement, setTriggerValue }) {
  const turn = (event) => {
    if (!parentElement.isConnected) return window.removeEventListener("keydown", turn)
    const modified = event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.repeat
    const by = BY[event.key]
    if (!by || modified || event.defaultPrevented || event.composedPath()[0].closest?.(OWN)) return
    setTriggerValue("wanted", data.at + by)
  }
  parentElement.letGo?.()
  parentElement.letGo = () => window.removeEventListener("keydown", turn)
  window.addEventListener("keydown", turn)
  return parentElement.letGo
}
""",
)

# The clock runs in the browser, on from the seconds that it is told, so that the page need not run again every second.
_clock = component(
    "meeting_clock",
    css=":host, span { font-family: var(--st-font); color: var(--st-text-color); font-variant-numeric: tabular-nums }",
    js="""
const told = (seconds) => {
  const whole = Math.floor(seconds), hours = Math.floor(whole / 3600)
  const rest = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"))
  return hours ? [hours, ...rest].join(":") : rest.join(":")
}
export default function ({ data, parentElement }) {
  let clock = parentElement.querySelector("span")
  if (!clock) {
    clock = document.createElement("span")
    clock.setAttribute("role", "timer")
    parentElement.append(clock)
  }
  const from = performance.now()
  const show = () => {
    const gone = data.running ? (performance.now() - from) / 1000 : 0
    const halted = data.running ? "" : ", paused"
    clock.textContent = `${told(data.card + gone)} on this card, ${told(data.all + gone)} in all${halted}`
  }
  parentElement.letGo?.()
  const every = setInterval(() => parentElement.isConnected ? show() : clearInterval(every), 1000)
  parentElement.letGo = () => clearInterval(every)
  show()
  return parentElement.letGo
}
""",
)


def large_type() -> None:
    """Type for a room, as long as this stands on the page."""
    _large_type(key="large type", height=0)


def sit(found: Loaded, sitting: Sitting) -> None:
    """The card, between the way through the meeting and what was agreed so far."""
    large_type()
    _way_through(sitting)
    case_card(found, sitting)
    agreed(found, sitting)


def _way_through(sitting: Sitting) -> None:
    """Back and on, where we are, the time, and the end."""
    moment, timer = now(), sitting.timer
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("← Previous", on_click=turn_to, args=(sitting.at - 1,), disabled=sitting.at == 0)
        st.button(
            "Next →",
            on_click=turn_to,
            args=(sitting.at + 1,),
            disabled=sitting.last,
            type="secondary" if sitting.last else "primary",
        )
        st.text(f"{sitting.at + 1} of {len(sitting.lines)}", width="content")
        st.button("End the meeting", on_click=end, type="primary" if sitting.last else "secondary")
        # what grows and shrinks stands behind what is clicked
        st.button("Stop the clock" if timer.running else "Start the clock", on_click=pause, type="tertiary")
        _clock(
            key="meeting clock",
            data={"card": timer.on_card(moment), "all": timer.total(moment), "running": timer.running},
            width="content",
        )
        _arrow_keys(key="arrow keys", data={"at": sitting.at}, on_wanted_change=_turned, width="content")


def _turned() -> None:
    wanted = st.session_state["arrow keys"]["wanted"]
    if isinstance(wanted, int):
        turn_to(wanted)


def agreed(found: Loaded, sitting: Sitting) -> None:
    """The actions of this meeting so far."""
    actions = records(record_of(found, sitting).actions.assign(done=None))
    with st.expander(
        plain(f"Agreed in this meeting · {count(len(actions), 'action')}"), expanded=bool(actions)
    ):
        for action in actions:
            st.text(f"{action['case']}: {told.action(action)}")
        if not actions:
            st.text("No action so far. What is agreed on a card stands here once its decision is saved.")
