"""The tables of the page "How it works"."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from alliance_core.instruments import Instrument, instruments
from alliance_core.settings import Settings, describe
from alliance_core.tables import FACETS
from pages.parts.loaded import loaded


def _items(numbers: tuple[int, ...]) -> str:
    return " ".join(map(str, numbers)) if numbers else "–"


def _row(one: Instrument) -> dict[str, str]:
    marks = f"{one.range[0]:g}–{one.range[1]:g}" if one.range else "as you state it"
    return {
        "id": one.id,
        "name": one.name,
        "key verified": "yes" if one.verified else "no: please check",
        "for": ", ".join(one.raters),
        "items": str(one.items) if one.items else "none",
        "marks": marks,
        **{facet: _items(one.facets.get(facet, ())) for facet in FACETS},
        "reversed": _items(one.reversed),
        "attention lines": "; ".join(
            f"{line.on} below {line.below:g} ({line.source})" for line in one.thresholds
        )
        or "–",
        "caution": one.caution or "–",
        "source": one.citation,
        "rights": one.rights,
    }


def instruments_table() -> None:
    """Every instrument with its key."""
    frame = pd.DataFrame([_row(one) for one in instruments().values()])
    st.dataframe(frame, hide_index=True, alt="Instruments with range, item key, source and rights")


def settings_table() -> None:
    """The settings in use, and whether any of them differs from what we ship."""
    found = loaded()
    used = found.analysis.settings if found is not None else Settings()
    shipped = {line.key: line.value for line in describe(Settings())}
    lines = describe(used)
    st.text(
        "These settings were used for the ratings that are loaded."
        if found is not None
        else "These settings will be used; no ratings are loaded yet."
    )
    frame = pd.DataFrame(
        [
            {
                "setting": line.meaning,
                "value": f"{line.value:g}"
                + ("" if line.value == shipped[line.key] else f" (shipped: {shipped[line.key]:g})"),
                "unit": line.unit,
                "source": line.source,
                "key": line.key,
            }
            for line in lines
        ]
    )
    st.dataframe(
        frame,
        hide_index=True,
        alt="Settings in use with value, unit and source",
        height=38 * (len(frame) + 1),
    )
