"""Supplied subscale and total columns beside items: recomputed, and each mismatch named with its cell."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliance_core.measures.scores import score
from alliance_core.reading.body import Body
from alliance_core.reading.layouts import Side
from alliance_core.reading.problems import WARNING
from alliance_core.reading.scale_cells import Group
from alliance_core.tables import FACETS, FORMS, shaped

TOLERANCE = 0.005  # response units


def audited(body: Body, side: Side, groups: list[Group], forms: pd.DataFrame) -> pd.DataFrame:
    """The same forms; a supplied column on another scale than the answers' (a sum, pct) is emptied after comparison."""
    if not side.scales:
        return forms
    result = forms
    for group in groups:
        wanted = _comparable(side, group)
        rows = np.flatnonzero(group.where & ~body.bad)
        if not wanted or not len(rows):
            continue
        part = forms.take(rows)
        computed = score(shaped(part.drop(columns=["_line", "_column"]), FORMS))
        for scale in wanted:
            supplied = part[scale].to_numpy(float)
            result = _compare(
                body,
                group,
                scale,
                side.scales[scale],
                rows,
                supplied,
                computed[scale].to_numpy(float),
                result,
            )
    return result


def _comparable(side: Side, group: Group) -> list[str]:
    """Scales that can be recomputed: all beside items; the overall beside goal, task and bond."""
    if side.items and group.instrument.items:
        return list(side.scales)
    if group.instrument.id == "facets" and all(scale in side.scales for scale in (*FACETS, "overall")):
        return ["overall"]
    return []


def _parts(group: Group, scale: str) -> int:
    """How many values a sum on this scale adds up."""
    if not group.instrument.items:
        return len(FACETS)
    keyed = {str(facet): len(items) for facet, items in group.instrument.facets.items()}
    return group.instrument.items if scale == "overall" else keyed.get(scale, 0)


def _compare(
    body: Body,
    group: Group,
    scale: str,
    at: int,
    rows: NDArray[np.intp],
    supplied: NDArray[np.float64],
    computed: NDArray[np.float64],
    forms: pd.DataFrame,
) -> pd.DataFrame:
    both = ~np.isnan(supplied) & ~np.isnan(computed)
    n = _parts(group, scale)
    span = group.high - group.low
    scales = {
        "mean": (computed, 1.0),
        f"sum of {n}": (computed * n, float(max(n, 1))),
        "percent of the range": (100 * (computed - group.low) / span, 100 / span),
    }
    if not both.any():
        # nothing to tell the scale by: keep what fits the response range only
        fits = bool(np.all(np.isnan(supplied) | ((supplied >= group.low) & (supplied <= group.high))))
        return forms if fits else _emptied(forms, scale, rows)
    off = {name: np.abs(supplied - value)[both] / unit for name, (value, unit) in scales.items()}
    chosen = min(off, key=lambda name: (float(np.median(off[name])), name != "mean"))
    value, unit = scales[chosen]
    wrong = np.zeros(len(body.rows), bool)
    wrong[rows] = both & ~(np.abs(supplied - value) / unit <= TOLERANCE + 1e-9)
    _name(body, group, scale, at, wrong, rows, value, chosen)
    return forms if chosen == "mean" else _emptied(forms, scale, rows)


def _name(
    body: Body,
    group: Group,
    scale: str,
    at: int,
    wrong: NDArray[np.bool_],
    rows: NDArray[np.intp],
    value: NDArray[np.float64],
    chosen: str,
) -> None:
    if not wrong.any():
        return
    source = body.sheet.columns[at]
    lines = body.rows[wrong]
    shown = np.array(source.shown(), object)[source.codes[lines]]
    where_from = "the answers" if group.instrument.items else "goal, task and bond"
    messages = [
        f"{group.rater.capitalize()} {scale} is {there}, but {where_from} give {here:.6g} ({chosen}); the recomputed value is used."
        for there, here in zip(shown.tolist(), value[wrong[rows]].tolist(), strict=True)
    ]
    body.problems.add_cells(
        WARNING, body.sheet, "score_mismatch", messages, lines, at, body.header(at), shown
    )


def _emptied(forms: pd.DataFrame, scale: str, rows: NDArray[np.intp]) -> pd.DataFrame:
    column = forms[scale].to_numpy(float).copy()
    column[rows] = np.nan
    return forms.assign(**{scale: column})
