"""Supplied subscale and total columns beside items: recomputed, and each mismatch named with its cell."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliance_core.measures.scores import score
from alliance_core.reading.body import Body
from alliance_core.reading.explained import Column, explanation
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
            _explain(body, side, group, scale, rows, part, computed[scale].to_numpy(float))
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
    if not (~np.isnan(supplied) & ~np.isnan(computed)).any():
        # nothing to tell the scale by: keep what fits the response range only
        fits = bool(np.all(np.isnan(supplied) | ((supplied >= group.low) & (supplied <= group.high))))
        return forms if fits else _emptied(forms, scale, rows)
    (chosen, value), differs = _against(group, scale, supplied, computed)
    wrong = np.zeros(len(body.rows), bool)
    wrong[rows] = differs
    _name(body, group, scale, at, wrong, rows, value, chosen)
    return forms if chosen == "mean" else _emptied(forms, scale, rows)


def _against(
    group: Group, scale: str, supplied: NDArray[np.float64], computed: NDArray[np.float64]
) -> tuple[tuple[str, NDArray[np.float64]], NDArray[np.bool_]]:
    """The scale that supplied values come closest to, what would stand there on it, and which rows differ."""
    both = ~np.isnan(supplied) & ~np.isnan(computed)
    n = _parts(group, scale)
    span = group.high - group.low
    scales = {
        "mean": (computed, 1.0),
        f"sum of {n}": (computed * n, float(max(n, 1))),
        "percent of the range": (100 * (computed - group.low) / span, 100 / span),
    }
    if not both.any():
        return ("mean", computed), both
    off = {name: np.abs(supplied - value)[both] / unit for name, (value, unit) in scales.items()}
    chosen = min(off, key=lambda name: (float(np.median(off[name])), name != "mean"))
    value, unit = scales[chosen]
    return (chosen, value), both & ~(np.abs(supplied - value) / unit <= TOLERANCE + 1e-9)


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


def _explain(
    body: Body,
    side: Side,
    group: Group,
    scale: str,
    rows: NDArray[np.intp],
    part: pd.DataFrame,
    computed: NDArray[np.float64],
) -> None:
    """Where one other key would explain every mismatch of a column, that is said once, at its header."""
    if not group.instrument.items:
        return
    supplied = part[scale].to_numpy(float)
    _, wrong = _against(group, scale, supplied, computed)
    names = [f"item_{number}" for number in range(1, group.instrument.items + 1)]
    if not wrong.any():
        return
    answers = part.reindex(columns=names).to_numpy(float)
    known = np.where(np.isnan(computed), np.nan, supplied)
    column = Column(scale, known, answers, group.low, group.high, group.instrument)
    cause = explanation(column, wrong, TOLERANCE)
    if not cause:
        return
    at = side.scales[scale]
    body.problems.add_sheet(
        WARNING,
        body.sheet,
        "scores_explained",
        f"Your {group.rater} {scale} column fits if {cause}: that would explain all {int(wrong.sum()):,} of its mismatches. "
        f"The recomputed values, with {group.instrument.id}'s own key, are used; please check how the column was made.",
        (body.found.row, at),
        body.header(at),
    )


def _emptied(forms: pd.DataFrame, scale: str, rows: NDArray[np.intp]) -> pd.DataFrame:
    column = forms[scale].to_numpy(float).copy()
    column[rows] = np.nan
    return forms.assign(**{scale: column})
