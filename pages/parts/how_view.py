"""The tables and lists of the page "How it works"."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from alliance_core import rules_in_words
from alliance_core.instruments import Instrument, instruments
from alliance_core.measures.detectors import DETECTORS
from alliance_core.measures.explained import measures, needed
from alliance_core.notation import digits, rewritten
from alliance_core.settings import Settings, describe
from alliance_core.tables import FACETS
from pages.parts.in_use import ON_PAGES, pair, settings_in_use, termed
from pages.parts.loaded import loaded
from pages.parts.measure import explained
from pages.parts.plain import plain


def _items(numbers: tuple[int, ...]) -> str:
    return " ".join(map(str, numbers)) if numbers else "–"


def _widths(pixels: dict[str, int]) -> dict[str, Any]:
    """Columns wide enough for their longest cell."""
    return {name: st.column_config.TextColumn(width=width) for name, width in pixels.items()}


def _key(one: Instrument) -> dict[str, str]:
    return {
        "id": one.id,
        "key verified": "yes" if one.verified else "no: check",
        "for": ", ".join(map(pair().of, one.raters)),
        "marks": f"{digits(one.range[0])}–{digits(one.range[1])}" if one.range else "as you state",
        "items": str(one.items) if one.items else "none",
        **{facet: _items(one.facets.get(facet, ())) for facet in FACETS},
        "reversed": _items(one.reversed),
    }


def instruments_table() -> None:
    """Every instrument with its key, then what else its file says."""
    st.dataframe(
        pd.DataFrame([_key(one) for one in instruments().values()]),
        hide_index=True,
        height="content",
        alt="Instruments with range and item key",
        column_config=_widths({"for": 140, **dict.fromkeys(FACETS, 184), "reversed": 240}),
    )
    for one in instruments().values():
        lines = "; ".join(f"{line.on} below {digits(line.below)}, {line.source}" for line in one.thresholds)
        told = [
            termed(rewritten(one.caution)),
            f"Attention: {lines}." if lines else "",
            f"Source: {one.citation}",
            f"Rights: {one.rights}",
        ]
        st.text(f"{one.id} ({one.name}): " + " ".join(part for part in told if part))


def every_measure() -> None:
    """Every measure: what it says, its formula, from when it is shown, how sure it is, its source and limits."""
    used = _settings()
    for one in measures().values():
        st.subheader(plain(termed(one.name)), anchor=False)
        explained(one, needs=needed(one, used))


def rules(in_use: str) -> None:
    """Every rule that finds falls, the one in use first: what it does, what is known to go wrong with it, whence it is, and its single number."""
    shown = {line.key: line for line in describe(_settings())}
    for one in sorted(DETECTORS.values(), key=lambda one: one.name != in_use):
        number, used = shown[one.threshold], ", in use" if one.name == in_use else ""
        st.markdown(f"**{plain(termed(one.title))}** (rule {plain(one.name)}{plain(used)})")
        st.text(
            termed(
                rewritten(f"{one.explanation}\nKnown weakness: {one.weakness}\nSource: {one.source}.\n")
                + f"Its number is {number.shown} ({number.unit}): {rewritten(number.meaning)}."
            )
        )
        st.code("\n".join(rules_in_words.formula(one.name, _settings())), language=None, wrap_lines=True)


def _settings() -> Settings:
    """Those in use for the ratings that are loaded, else ours."""
    found = loaded()
    return found.analysis.settings if found is not None else settings_in_use()


def settings_table() -> None:
    """The settings in use, and whether any of them differs from what we ship."""
    used = _settings()
    shipped = {line.key: line.shown for line in describe(ON_PAGES)}
    lines = describe(used)
    st.text(
        "These settings were used for the ratings that are loaded."
        if loaded() is not None
        else "These settings will be used; no ratings are loaded yet."
    )
    frame = pd.DataFrame(
        [
            {
                "setting": termed(rewritten(line.meaning)),
                "value": line.shown
                + ("" if line.shown == shipped[line.key] else f" (shipped: {shipped[line.key]})"),
                "unit": termed(line.unit),
                "source": termed(rewritten(line.source)),
                "key": line.key,
            }
            for line in lines
        ]
    )
    st.dataframe(
        frame,
        hide_index=True,
        alt="Settings in use with value, unit and source",
        height="content",
        column_config=_widths({"setting": 480, "value": 120, "unit": 125, "source": 360}),
    )
