"""What the theme in .streamlit/config.toml cannot say.

Streamlit writes the words of what is chosen in the accent, which is made for white words on it; on dark ground that is too faint to read
(3.5 : 1 instead of 4.5 : 1). Where the keyboard is, it shows by a paler ground only, or not at all: here everything has a frame then.
What opens beside a button stands at the page's end, dozens of Tabs away: here one Tab leads into it, and the last one back.
A chart's own tools offer the screen's picture without title or source, and the chart as code: pages give charts for paper instead.
"""

from __future__ import annotations

from streamlit.components.v2 import component

_look = component(
    "look",
    css="""
button[data-selected="true"] p,
[data-testid="stSliderThumbValue"] p,
[role="tab"][aria-selected="true"] p,
button[kind="tertiary"]:is(:hover, :active, :focus, [aria-expanded="true"]) p {
  color: light-dark(#0A5E9C, #6CB4EE);
}
:is(a, button, summary, [role="tab"], [role="slider"], [role="radio"], [role="spinbutton"]):focus-visible,
label:has(:focus-visible),
[data-testid="stSlider"] :has(> div > input:focus-visible) {
  outline: 2px solid light-dark(#0A5E9C, #6CB4EE);
  outline-offset: 2px;
}
[data-testid="stElementToolbarButton"]:has(:is([aria-label^="Download as PNG"], [aria-label^="Copy Vega-Lite"])) {
  display: none;
}
.st-key-look {
  position: absolute; /* it takes no room */
}
""",
    js="""
export default function ({ parentElement }) {
  const STOPS = 'a[href], button, input, textarea, summary, [tabindex="0"]'
  const stopsOf = (beside) => {
    const found = [...beside.querySelectorAll(STOPS)].filter((one) =>
      one.checkVisibility() && !one.disabled && one.tabIndex >= 0 && !(one.type === "radio" && !one.checked))
    beside.tabIndex = -1
    return found.length ? found : [beside]
  }
  const step = (event) => {
    if (!parentElement.isConnected) return window.removeEventListener("keydown", step, true)
    if (event.key !== "Tab" || event.altKey || event.ctrlKey || event.metaKey) return
    const button = document.querySelector('[data-testid="stPopoverButton"][aria-expanded="true"]')
    const beside = document.querySelector('[data-testid="stPopoverBody"]')
    if (!button || !beside) return
    const stops = stopsOf(beside), at = document.activeElement
    if (at === button && !event.shiftKey) { event.preventDefault(); stops[0].focus() }
    else if (at === stops[0] && event.shiftKey) { event.preventDefault(); button.focus() }
    else if (at === stops.at(-1) && !event.shiftKey) button.focus()
  }
  window.addEventListener("keydown", step, true)
  return () => window.removeEventListener("keydown", step, true)
}
""",
    isolate_styles=False,
)


def look() -> None:
    """Puts it on the page; nothing of it is seen by itself."""
    _look(key="look", height=0)
