"""One cause for a whole column of mismatches: another key, reversal list or rounding that fits every cell of it.

Each candidate changes one thing only. Candidates are tried on a few rows at once, and those that fit there on all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliance_core.instruments import Instrument, instruments

FEWEST = 3  # mismatches from which on one cause is looked for; fewer may fit by chance
_TRIED_ON = 40  # mismatching rows on which all candidates are tried
_SLACK = 1e-9


class Column(NamedTuple):
    """A supplied column: its scale's name, what was supplied, and each form's answers (NaN: not answered), by item."""

    scale: str
    supplied: NDArray[np.float64]
    answers: NDArray[np.float64]
    low: float
    high: float
    instrument: Instrument


class _Key(NamedTuple):
    """A way to score: items and, among them, reversed ones (both from 0), and the words for it."""

    items: tuple[int, ...]
    turned: frozenset[int]
    words: str


def explanation(column: Column, wrong: NDArray[np.bool_], tolerance: float) -> str:
    """What would explain every mismatch of a column, as "it fits if …"; empty where nothing simple does.

    `wrong` marks the rows that do not fit the instrument's own key. A cause counts where, with it, all rows fit that
    have a supplied value and any answer of the items it uses, on the scale of a mean, a sum (`nearest_sum`) or percent of
    the range, within `tolerance` response units (≤). Of several causes at most two are named, the smallest changes first.
    """
    rows = ~np.isnan(column.supplied)
    if np.count_nonzero(wrong & rows) < FEWEST:
        return ""
    few = np.flatnonzero(wrong & rows)[:_TRIED_ON]
    found: list[str] = []
    for key in _keys(column):
        if _fits(column, key, few, tolerance) and _fits(column, key, np.flatnonzero(rows), tolerance):
            found.append(key.words)
            if len(found) == 2:
                break
    every = np.flatnonzero(rows)
    return " or ".join(found) or _rounded(column, every) or _counted_as_nothing(column, every, tolerance)


def nearest_sum(
    supplied: NDArray[np.float64],
    mean: NDArray[np.float64],
    answered: NDArray[np.float64],
    items: int,
) -> NDArray[np.float64]:
    """Of the sums that may fairly stand for each form, the one nearest to what was supplied.

    A sum is over the answered items only, or brought up to all `items` (mean × items); where answers are missing, that
    may be rounded to a whole number. `answered` counts the answers behind each mean.

    >>> mean, answered = np.array([40 / 11] * 3), np.array([11.0] * 3)
    >>> nearest_sum(np.array([40, 43.6, 44]), mean, answered, 12).round(2).tolist()
    [40.0, 43.64, 44.0]
    """
    brought_up = mean * items
    result = brought_up
    rounded = np.where(answered < items, np.floor(brought_up + 0.5), brought_up)
    for other in (mean * answered, rounded):
        result = np.where(np.abs(supplied - other) < np.abs(supplied - result), other, result)
    return result


def _own(column: Column) -> _Key:
    instrument = column.instrument
    keyed = (
        range(1, instrument.items + 1)
        if column.scale == "overall"
        else instrument.facets.get(column.scale, ())  # type: ignore[call-overload]
    )
    items = tuple(item - 1 for item in keyed)
    return _Key(items, frozenset(items) & {item - 1 for item in instrument.reversed}, "")


def _keys(column: Column) -> Iterator[_Key]:
    """Keys that differ in one thing from the instrument's own, the smallest changes first."""
    own = _own(column)
    if not own.items:
        return
    straight = [item for item in own.items if item not in own.turned]
    turned = sorted(own.turned)
    for item in turned:
        yield own._replace(turned=own.turned - {item}, words=f"item {item + 1} was not reversed")
    for item in straight:
        yield own._replace(turned=own.turned | {item}, words=f"item {item + 1} was reversed")
    for instead in turned:
        for item in straight:
            yield own._replace(
                turned=own.turned - {instead} | {item},
                words=f"item {item + 1} was reversed instead of {instead + 1}",
            )
    if len(turned) > 1:
        yield own._replace(turned=frozenset(), words="no item was reversed")
    yield from _other_items(column, own)
    yield from _other_facets_and_instruments(column, own)


def _other_items(column: Column, own: _Key) -> Iterator[_Key]:
    reversed_ = {item - 1 for item in column.instrument.reversed}
    for out in own.items:
        for item in range(column.instrument.items):
            if item not in own.items:
                items = tuple(sorted({*own.items} - {out} | {item}))
                yield _Key(
                    items, frozenset(items) & reversed_, f"item {item + 1} was counted instead of {out + 1}"
                )
    if len(own.items) > 1:
        for out in own.items:
            items = tuple(item for item in own.items if item != out)
            yield _Key(items, own.turned - {out}, f"item {out + 1} was left out")


def _other_facets_and_instruments(column: Column, own: _Key) -> Iterator[_Key]:
    instrument = column.instrument
    if column.scale != "overall":
        for facet in instrument.facets:
            if facet != column.scale:
                other = _own(column._replace(scale=facet))
                yield other._replace(words=f"it holds the {facet} scores")
    for another in instruments().values():
        if another.id != instrument.id and another.items == instrument.items:
            key = _own(column._replace(instrument=another))
            if key.items and key[:2] != own[:2]:
                yield key._replace(words=f"it was scored with the key of {another.id}")


def _scored(
    column: Column, key: _Key, rows: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The mean of the answered items with this key, and how many they are."""
    answers = column.answers[rows][:, list(key.items)]
    turned = np.array([item in key.turned for item in key.items], dtype=bool)
    answers = np.where(turned, column.low + column.high - answers, answers)
    there = ~np.isnan(answers)
    count = there.sum(axis=1)
    total = np.where(there, answers, 0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan), count.astype(float)


def _fits(column: Column, key: _Key, rows: NDArray[np.intp], tolerance: float) -> bool:
    (mean, answered), supplied = _scored(column, key, rows), column.supplied[rows]
    known = ~np.isnan(mean)
    if not known.any():
        return False
    span = column.high - column.low
    n = len(key.items)
    total = nearest_sum(supplied, mean, answered, n)
    scales = ((mean, 1.0), (total, float(n)), (100 * (mean - column.low) / span, 100 / span))
    return any(
        bool((np.abs(supplied - value)[known] / unit <= tolerance + _SLACK).all()) for value, unit in scales
    )


def _rounded(column: Column, rows: NDArray[np.intp]) -> str:
    """Means that were rounded more than the tolerance allows."""
    key = _own(column)
    if not key.items:
        return ""
    (mean, _), supplied = _scored(column, key, rows), column.supplied[rows]
    known = ~np.isnan(mean)
    for decimals, words in ((1, "one decimal"), (0, "whole numbers")):
        coarse = np.abs(supplied - np.round(supplied, decimals)) <= _SLACK
        close = np.abs(supplied - mean) <= 0.5 * 10.0**-decimals + _SLACK
        if known.any() and bool((coarse & close)[known].all()):
            return f"it was rounded to {words}"
    return ""


def _counted_as_nothing(column: Column, rows: NDArray[np.intp], tolerance: float) -> str:
    """Means that divide by all items, whatever was answered."""
    key = _own(column)
    if not key.items:
        return ""
    (mean, answered), supplied = _scored(column, key, rows), column.supplied[rows]
    known = ~np.isnan(mean)
    off = np.abs(supplied - mean * answered / len(key.items))
    fits = known.any() and bool((off[known] <= tolerance + _SLACK).all())
    return "unanswered items were counted as 0" if fits else ""
