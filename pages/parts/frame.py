"""What every page is framed by: its empty state, its theme, the one way to put a chart on it."""

from __future__ import annotations

import streamlit as st

from alliance_core import charts
from alliance_core.charts import Spec, Theme, in_notation
from alliance_core.notation import day as day
from alliance_core.notation import digits, in_use
from pages.parts.in_use import pair, termed_markdown
from pages.parts.loaded import Loaded, answer_needed, loaded
from pages.parts.pickers import remember_address
from pages.parts.shell import BRING_IN, PageEntry


def legend() -> str:
    """What lines, marks and shades are, on every chart of ratings."""
    return charts.legend(pair())


def title_of(page: PageEntry) -> str:
    """A page's name in the navigation."""
    return termed_markdown(page.title)


def ratings_or_stop(page: PageEntry) -> Loaded:
    """The visitor's ratings; where there are none, the page says what to do and ends here."""
    found = loaded()
    if found is None:
        remember_address()
        st.title(termed_markdown(page.title))
        if answer_needed():
            st.text(
                "Your files are here, but they could not be read without an answer from you, so there is nothing to show yet."
            )
            st.page_link(BRING_IN.file, label="Answer what is asked")
        else:
            st.text("No ratings have been brought in yet, so there is nothing to show here.")
            st.page_link(
                BRING_IN.file, label="Bring in ratings, or look around with the sample team", icon="➡️"
            )
        st.stop()
    return found


def theme() -> Theme:
    """Whether the visitor's page is light or dark."""
    return "dark" if st.context.theme.type == "dark" else "light"


def show_chart(chart: Spec, alternative: str) -> None:
    """A chart in its column's width, in our own colours, with what it shows in words."""
    st.vega_lite_chart(in_notation(chart, in_use()), theme=None, width="stretch", alt=alternative)


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 case", "1,200 cases"."""
    return f"{digits(number, ',')} {one if number == 1 else many or one + 's'}"
