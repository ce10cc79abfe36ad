"""A practitioner's own caseload over time: these clients with themselves earlier, nobody with anybody else."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from alliance_core import charts, figures
from alliance_core.work_sentences import interval
from pages.parts import measure
from pages.parts.frame import show_chart
from pages.parts.in_use import pair, settings_in_use, termed, termed_markdown
from pages.parts.loaded import Loaded
from pages.parts.plain import plain
from pages.parts.tables import headers

MOST_PERIODS = 8  # that are drawn; the table has all


def over_time(found: Loaded, practitioner: str) -> None:
    """The sentences, then the pictures, the figures, and the periods one by one."""
    rows, parts = found.over_time(practitioner)
    settings = found.analysis.settings
    st.subheader("Over time", anchor=False)
    st.caption(
        termed_markdown(
            "For the practitioner's own eyes first: it holds these clients' ratings against what the same clients gave earlier, and never against anybody else's. "
            "Falls belong to good work, too; what follows them is what can be worked on."
        )
    )
    for sentence in figures.over_time(rows, parts, settings, pair()):
        st.text(sentence)
    left, right = st.columns(2, gap="large")
    with left:
        _picture(rows, "moved", "movement since the period before, points", "no change", practitioner)
    with right:
        _picture(rows, "gap", termed("gap (practitioner − client), points"), "no gap", practitioner)
    measure.figures(figures.of_periods(rows, parts, settings, pair()))
    if rows:
        with st.expander("Period by period"):
            _table(rows)


def _picture(rows: list[dict[str, Any]], name: str, axis: str, line: str, practitioner: str) -> None:
    drawn = figures.drawn(rows[-MOST_PERIODS:], name)
    if drawn["value"].isna().all():
        return
    title = termed(
        {"moved": "The clients' ratings, within the same clients", "gap": "The gap in each period"}[name]
    )
    st.markdown(f"**{plain(title)}**")
    whose = "client" if name == "moved" else "ink"
    show_chart(
        partial(charts.intervals, drawn, 0.0, axis, line=line, whose=whose),
        f"{title}: each period with its interval",
        {"moved": "movement over time", "gap": "gap over time"}[name],
        whose=practitioner,
    )


def _table(rows: list[dict[str, Any]]) -> None:
    table = figures.table(rows)
    st.dataframe(
        table.rename(columns=headers({name: name for name in table.columns})),
        hide_index=True,
        placeholder="–",
        alt="The periods of this caseload, latest first",
        height="content",
    )
    st.text(
        termed(
            f"In brackets: {interval(settings_in_use())}s over clients. –: too few clients to say. Falls are counted in the period in which they began; registered: by the practitioner's own "
            "rating, of those in which the practitioner rated at the time."
        )
    )
