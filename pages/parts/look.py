"""What the theme in .streamlit/config.toml cannot say.

Streamlit writes the words of what is chosen in the accent, which is made for white words on it; on dark ground that is too faint to read
(3.5 : 1 instead of 4.5 : 1).
"""

from __future__ import annotations

from streamlit.components.v2 import component

_look = component(
    "look",
    css="""
button[data-selected="true"] p,
[data-testid="stSliderThumbValue"] p,
[role="tab"][aria-selected="true"] p {
  color: light-dark(#0A5E9C, #6CB4EE);
}
.st-key-look {
  position: absolute; /* it takes no room */
}
""",
    isolate_styles=False,
)


def look() -> None:
    """Puts it on the page; nothing of it is seen by itself."""
    _look(key="look", height=0)
