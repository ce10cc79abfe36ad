"""What every page is framed by: its empty state, its theme, the one way to put a chart on it."""

from __future__ import annotations

import streamlit as st

from alliance_core import charts
from alliance_core.analysis import Analysis
from alliance_core.charts import Theme, enlarged, in_notation
from alliance_core.notation import day as day
from alliance_core.notation import digits, in_use
from pages.parts.in_use import pair, termed_markdown
from pages.parts.loaded import Loaded, answer_needed, loaded
from pages.parts.pickers import remember_address
from pages.parts.saved_picture import Drawing, offer
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


def show_chart(
    chart: Drawing,
    alternative: str,
    name: str = "",
    *,
    whose: str = "",
    aid: str = "",
    source: Analysis | str | None = None,
    by: float = 1.0,
) -> None:
    """A chart in its column's width, in our own colours, so many times as large, with what it shows in words; below it, to be saved as a picture. Nothing where nothing is drawn.

    `name`, `aid` and `source` are those of `offer`; without a name the chart is offered with others. `whose`: whose it is, where the words do not say it.
    """
    drawn = chart(theme=theme())
    if drawn is None:
        return
    sized = drawn if by == 1 else enlarged(drawn, by)
    st.vega_lite_chart(in_notation(sized, in_use()), theme=None, width="stretch", alt=alternative)
    if name:
        offer(name, f"{whose}: {alternative}" if whose else alternative, chart, aid=aid, source=source)


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 case", "1,200 cases"."""
    return f"{digits(number, ',')} {one if number == 1 else many or one + 's'}"
