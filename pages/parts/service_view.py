"""The service as a whole, on top of Approaches and teams: the sentence, through when it is told, the figures, the files."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from alliance_core import service_sentences as said
from alliance_core.analysis import Analysis
from alliance_core.manager import ServiceFigures, manager_rows, service_figures, words
from alliance_core.reports.manager_paper import manager_pdf
from alliance_core.reports.manager_workbook import manager_workbook
from alliance_core.reports.tables_out import to_csv
from alliance_core.tables import MANAGER
from alliance_core.work_sentences import interval
from pages.parts.bringing import token
from pages.parts.downloads import file_name
from pages.parts.frame import count
from pages.parts.in_use import pair, termed_markdown
from pages.parts.kept import kept
from pages.parts.loaded import as_read
from pages.parts.plain import plain
from pages.parts.today import today

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def told() -> tuple[ServiceFigures, Analysis]:
    """What may be told today, and the analysis that it is of, which no alias is in."""
    found = as_read()
    assert found is not None  # noqa: S101 - the page has ratings, or does not come here
    with st.spinner("Working out what may be told, and what chance alone gives"):
        return kept(
            "service figures", found, today(), lambda: service_figures(found.analysis, today())
        ), found.analysis


def facts(figures: ServiceFigures) -> str:
    """How much is told of, in one line; empty where nothing is."""
    counts = dict(zip(figures.service["figure"], figures.service["count"], strict=True))
    if not counts:
        return ""
    terms = pair()
    return " · ".join(
        (
            count(int(counts["cases"]), "case"),
            f"{count(int(counts['rated_clients']), terms.client, terms.clients)} who rated",
            count(int(counts["practitioners"]), terms.practitioner, terms.practitioners),
        )
    )


def summary(figures: ServiceFigures, analysis: Analysis) -> None:
    """What may be said of the service as a whole."""
    settings, terms = figures.settings, pair()
    st.subheader(plain(words.so_what(figures, terms)), anchor=False)
    if not figures.told:
        return
    st.caption(plain(" ".join(words.through(figures, terms))))
    if figures.instruments > 1:
        st.caption("Forms of several instruments are in it: their percentages are not the same thing.")
    told = said.parts(figures.service, terms)
    for (heading, lines), column in zip(told, st.columns(len(told), gap="large"), strict=True):
        with column:
            st.markdown(f"**{plain(heading)}**")
            st.text("\n".join(lines))
    _downloads(figures, analysis)
    st.caption(
        termed_markdown(
            f"Intervals are {plain(interval(settings))}s. No client's and no practitioner's figure is in it, "
            "and nobody is compared with anybody."
        )
    )


def _downloads(figures: ServiceFigures, analysis: Analysis) -> None:
    """The same figures as files, each made when it is asked for."""
    terms, day = pair(), today()
    files: dict[str, tuple[str, str, Callable[[], bytes]]] = {
        "Download the summary as a workbook ↓": ("xlsx", _XLSX, lambda: manager_workbook(figures, analysis, day, terms)),
        "Download the summary as a PDF ↓": ("pdf", "application/pdf", lambda: manager_pdf(figures, analysis, day, terms)),
        "Download these figures ↓": ("csv", "text/csv", lambda: to_csv(manager_rows(figures, terms), MANAGER).encode()),
    }  # fmt: skip
    with st.container(horizontal=True):
        for label, (ending, kind, make) in files.items():
            st.download_button(
                plain(label),
                make,
                file_name=file_name("manager summary", ending, token()),
                mime=kind,
                on_click="ignore",
            )
