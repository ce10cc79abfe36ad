"""The one way in which pages show a measure: its name and value, opening to formula, numbers, error, source and limits."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from alliance_core.figures import Figure
from alliance_core.measures.explained import Measure, measures
from alliance_core.notation import rewritten
from pages.parts.in_use import termed, termed_markdown
from pages.parts.plain import plain


def explained(one: Measure, here: Sequence[str] = (), needs: str = "") -> None:
    """A measure in our own words: what it says, the numbers that went in here, formula, error, source and limits."""
    st.markdown(termed_markdown(rewritten(one.meaning)))
    if here:
        st.text("Here:\n" + "\n".join(f"– {line}" for line in here))
    if one.formula:
        st.code(termed(rewritten("\n".join(one.formula))), language=None, wrap_lines=True)
    if needs:
        st.text(termed(f"Needs: {needs}."))
    if one.error:
        st.markdown(termed_markdown(rewritten(f"*How sure:* {one.error}")))
    st.markdown(termed_markdown(rewritten(f"*Source:* {one.source}. *Limits:* {one.limits}")))


def measure(figure: Figure) -> None:
    """One figure as a button that opens; where it is not shown, it opens to why not."""
    one = measures()[figure.measure]
    short = termed(one.short)
    with st.popover(plain(f"{short}: {figure.value}" if figure.value else short)):
        st.markdown(f"**{plain(termed(one.name))}**")
        if figure.why_not:
            st.text(f"Not shown: {figure.why_not}")
        else:
            st.text(" · ".join(part for part in (figure.value, figure.interval) if part))
        explained(one, figure.numbers)


def about(*names: str) -> None:
    """Buttons that open to what these measures are, where their values stand elsewhere on the page."""
    with st.container(horizontal=True, gap="small"):
        for name in names:
            one = measures()[name]
            with st.popover(plain(termed(one.short))):
                st.markdown(f"**{plain(termed(one.name))}**")
                explained(one)


def figures(found: Sequence[Figure]) -> None:
    """The figures that can be given beside each other, then, folded, those that cannot, each with its reason."""
    shown = [figure for figure in found if figure.value]
    silent = [figure for figure in found if not figure.value]
    if shown:
        with st.container(horizontal=True, gap="small"):
            for figure in shown:
                measure(figure)
    if silent:
        count = "1 figure is" if len(silent) == 1 else f"{len(silent)} figures are"
        with st.expander(plain(f"{count} not shown: why not")):
            for figure in silent:
                with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                    measure(figure)
                    st.text(figure.why_not, width="content")
