"""A chart as a picture to keep: a quiet button below it that opens to PNG and SVG, drawn for print when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple, Protocol

import pandas as pd
import streamlit as st

from alliance_core.analysis import Analysis
from alliance_core.charts import Spec, Theme
from alliance_core.notation import Notation, day, in_use, written
from alliance_core.reports.pictures import Chart, Small, as_png, as_svg
from alliance_core.reports.source_line import source_line
from pages.parts.downloads import file_name, token
from pages.parts.loaded import loaded
from pages.parts.plain import plain
from pages.parts.today import today

PERCENT = "Scores are in percent of the maximum possible: 0 is the lowest mark of the form, 100 the highest."
_FORMS = (("PNG", "png", "image/png", as_png), ("SVG", "svg", "image/svg+xml", as_svg))


class Drawing(Protocol):
    """A chart that is ready but for the look: everything else was handed in. None where there is nothing to draw."""

    def __call__(self, *, theme: Theme) -> Spec | None: ...


class Named(NamedTuple):
    """One of several small charts, with what it is called."""

    name: str
    draw: Drawing


def offer(
    name: str,
    title: str,
    what: Drawing | Sequence[Named],
    *,
    aid: str = "",
    source: Analysis | str | None = None,
) -> None:
    """The button, for one chart or for small ones beside each other. `name`: words of ours, no two alike on a page; `title` and `aid`: what stands above the picture.

    `source`: the analysis that it is drawn from, or words; without one, the visitor's ratings.
    """
    if source is None:
        found = loaded()
        source = "" if found is None else found.analysis
    picture = partial(_picture, title, what, aid, source, today(), in_use())
    with st.popover(plain(f"Save as a picture: {name}"), type="tertiary", key=f"save {name}"):
        st.text(title)
        with st.container(horizontal=True, gap="small"):
            for label, ending, kind, as_file in _FORMS:
                st.download_button(
                    plain(label),
                    partial(_made, as_file, picture, in_use()),
                    file_name=file_name(name, ending, token()),
                    mime=kind,
                    on_click="ignore",
                    key=f"{ending} of {name}",
                )
        st.caption("Drawn for paper: on white, with title, source and day.")


def _picture(
    title: str, what: Drawing | Sequence[Named], aid: str, source: Analysis | str, now: date, style: Notation
) -> Chart:
    with written(style):
        told = source_line(source, now) if isinstance(source, Analysis) else _dated(source, now)
        many = [Named("", what)] if callable(what) else what
        drawn = [Small(one.name, chart) for one in many if (chart := one.draw(theme="print")) is not None]
        return Chart(title, drawn[0].chart if callable(what) else drawn, told, aid)


def _dated(source: str, now: date) -> str:
    return " · ".join(part for part in (day(pd.Timestamp(now)), source) if part)


def _made(
    as_file: Callable[[Chart, Notation], bytes], picture: Callable[[], Chart], style: Notation
) -> bytes:
    """The file; called when it is asked for, when the page is no longer being made."""
    return as_file(picture(), style)
