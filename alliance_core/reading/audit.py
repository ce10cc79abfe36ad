"""Supplied subscale and total columns beside items: recomputed, and each mismatch named with its cell."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliance_core.measures import TIE
from alliance_core.measures.scores import score
from alliance_core.reading.body import Body
from alliance_core.reading.explained import Column, explanation, nearest_sum
from alliance_core.reading.layouts import Side
from alliance_core.reading.problems import NOTE, WARNING, counted
from alliance_core.reading.scale_cells import Group
from alliance_core.tables import FACETS, FORMS, shaped

TOLERANCE = 0.005  # response units
SUM = "sum"


class _Supplied(NamedTuple):
    """A supplied column of one group: where it stands, its values, and what the answers give, per row of `rows`.

    `answered` counts the values behind each computed one, of `parts` that there are.
    """

    scale: str
    at: int
    rows: NDArray[np.intp]
    values: NDArray[np.float64]
    computed: NDArray[np.float64]
    answered: NDArray[np.float64]
    parts: int


class _Compared(NamedTuple):
    """The scale that a column stands on, what would stand there, and which of its rows differ."""

    scale: str
    value: NDArray[np.float64]
    differs: NDArray[np.bool_]


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
        computed = score(shaped(part, FORMS))
        for scale in wanted:
            keyed = _keyed(group, scale)
            answers = part.reindex(columns=keyed).to_numpy(float)
            column = _Supplied(
                scale,
                side.scales[scale],
                rows,
                part[scale].to_numpy(float),
                computed[scale].to_numpy(float),
                (~np.isnan(answers)).sum(axis=1).astype(float),
                len(keyed),
            )
            result = _compare(body, group, column, result)
            _explain(body, group, column, part)
    return result


def _comparable(side: Side, group: Group) -> list[str]:
    """Scales that can be recomputed: all beside items; the overall beside goal, task and bond."""
    if side.items and group.instrument.items:
        return list(side.scales)
    if group.instrument.id == "facets" and all(scale in side.scales for scale in (*FACETS, "overall")):
        return ["overall"]
    return []


def _keyed(group: Group, scale: str) -> list[str]:
    """Columns of FORMS whose values a score on this scale is made of."""
    if not group.instrument.items:
        return list(FACETS)
    keyed = {str(facet): items for facet, items in group.instrument.facets.items()}
    every = range(1, group.instrument.items + 1)
    return [f"item_{number}" for number in (every if scale == "overall" else keyed.get(scale, ()))]


def _compare(body: Body, group: Group, column: _Supplied, forms: pd.DataFrame) -> pd.DataFrame:
    supplied = column.values
    if not (~np.isnan(supplied) & ~np.isnan(column.computed)).any():
        # nothing to tell the scale by: keep what fits the response range only
        fits = bool(np.all(np.isnan(supplied) | ((supplied >= group.low) & (supplied <= group.high))))
        return forms if fits else _emptied(forms, column)
    compared = _against(group, column)
    _name(body, group, column, compared)
    if compared.scale == SUM:
        _say_sums_of_fewer(body, group, column, compared)
    return forms if compared.scale == "mean" else _emptied(forms, column)


def _against(group: Group, column: _Supplied) -> _Compared:
    """The scale that supplied values come closest to. A sum may be over the answered items or brought up to all."""
    supplied, computed, n = column.values, column.computed, column.parts
    both = ~np.isnan(supplied) & ~np.isnan(computed)
    span = group.high - group.low
    scales = {
        "mean": (computed, 1.0),
        SUM: (nearest_sum(supplied, computed, column.answered, n), float(max(n, 1))),
        "percent of the range": (100 * (computed - group.low) / span, 100 / span),
    }
    if not both.any():
        return _Compared("mean", computed, both)
    off = {name: np.abs(supplied - value)[both] / unit for name, (value, unit) in scales.items()}
    chosen = min(off, key=lambda name: (float(np.median(off[name])), name != "mean"))
    value, unit = scales[chosen]
    return _Compared(chosen, value, both & ~(np.abs(supplied - value) / unit <= TOLERANCE + TIE))


def _name(body: Body, group: Group, column: _Supplied, compared: _Compared) -> None:
    """Each value that differs, at its cell."""
    differs = compared.differs
    if not differs.any():
        return
    source = body.sheet.columns[column.at]
    lines = body.rows[column.rows[differs]]
    shown = np.array(source.shown(), object)[source.codes[lines]]
    where_from = "the answers" if group.instrument.items else "goal, task and bond"
    messages = [
        f"{group.rater.capitalize()} {column.scale} is {there}, but {where_from} give {here}; the recomputed value is used."
        for there, here in zip(shown.tolist(), _should_be(column, compared), strict=True)
    ]
    body.problems.add_cells(
        WARNING, body.sheet, "score_mismatch", messages, lines, column.at, body.header(column.at), shown
    )


def _should_be(column: _Supplied, compared: _Compared) -> list[str]:
    """What would stand there instead of each value that differs, with its scale."""
    differs, n = compared.differs, column.parts
    if compared.scale != SUM:
        return [f"{value:.6g} ({compared.scale})" for value in compared.value[differs].tolist()]
    pairs = zip(column.computed[differs].tolist(), column.answered[differs].tolist(), strict=True)
    return [
        f"{mean * n:.6g} (sum of {n})"
        if count == n
        else f"{mean * count:.6g} (sum of the {count:g} answered) or {mean * n:.6g} (brought up to {n})"
        for mean, count in pairs
    ]


def _say_sums_of_fewer(body: Body, group: Group, column: _Supplied, compared: _Compared) -> None:
    """Sums over fewer items than the form has are right, and lower than those of whole forms: said once, at the first."""
    fewer = (column.answered < column.parts) & (column.answered > 0) & ~compared.differs
    as_answered = np.abs(column.values - column.computed * column.answered)
    here = fewer & (as_answered <= TOLERANCE * column.parts + TIE)
    if not here.any():
        return
    line = int(body.rows[column.rows[here][0]])
    source = body.sheet.columns[column.at]
    body.problems.add_sheet(
        NOTE,
        body.sheet,
        "sum_of_answered",
        f"{group.rater.capitalize()} {column.scale} adds up the answered items only in {counted(int(here.sum()), 'form')} with "
        f"unanswered ones, this one first; that makes it lower than a whole form's. The mean of the answered items is used.",
        (line, column.at),
        body.header(column.at),
        source.shown()[int(source.codes[line])],
    )


def _explain(body: Body, group: Group, column: _Supplied, part: pd.DataFrame) -> None:
    """Where one other key would explain every mismatch of a column, that is said once, at its header."""
    if not group.instrument.items:
        return
    wrong = _against(group, column).differs
    if not wrong.any():
        return
    names = [f"item_{number}" for number in range(1, group.instrument.items + 1)]
    answers = part.reindex(columns=names).to_numpy(float)
    known = np.where(np.isnan(column.computed), np.nan, column.values)
    cause = explanation(
        Column(column.scale, known, answers, group.low, group.high, group.instrument), wrong, TOLERANCE
    )
    if not cause:
        return
    body.problems.add_sheet(
        WARNING,
        body.sheet,
        "scores_explained",
        f"Your {group.rater} {column.scale} column fits if {cause}: that would explain all {int(wrong.sum()):,} of its mismatches. "
        f"The recomputed values, with {group.instrument.id}'s own key, are used; please check how the column was made.",
        (body.found.row, column.at),
        body.header(column.at),
    )


def _emptied(forms: pd.DataFrame, column: _Supplied) -> pd.DataFrame:
    values = forms[column.scale].to_numpy(float).copy()
    values[column.rows] = np.nan
    return forms.assign(**{column.scale: values})
