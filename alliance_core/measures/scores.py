"""Alliance scores of one form: reversal, means of answered items, percent of the maximum possible.

Source: METHODS of the instruments' TOML files (keys, ranges, reversals with citation); the rule for
missing items (three quarters of a facet, five sixths overall and every facet) is our choice.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from alliance_core.instruments import Instrument, instruments
from alliance_core.measures.at_once import both
from alliance_core.tables import FACETS, SCALES, SCORES


def score(forms: pd.DataFrame, known: dict[str, Instrument] | None = None) -> pd.DataFrame:
    """One scored row for every form (FORMS columns in, SCORES columns out; same rows, order and index).

    A score is the mean of the answered items after reversal, in response units; it is missing where
    fewer items are answered than the instrument asks for. Forms that hold scores instead of items keep
    them; an overall that is missing there is the mean of goal, task and bond when all three are
    there (with `facets` that mean comes first, and a supplied overall stands in where it is missing), and a total on the scale of a sum is brought back to the mean's. Nothing is imputed.
    Raises KeyError for an instrument that is not known.
    """
    known = instruments() if known is None else known
    result: dict[str, Any] = {scale: np.full(len(forms), np.nan) for scale in SCALES}
    result["items_answered"] = np.full(len(forms), np.nan)
    result["items_expected"] = np.full(len(forms), np.nan)
    code, ids = pd.factorize(forms["instrument"])
    for number, instrument_id in enumerate(ids):
        rows = np.flatnonzero(code == number)
        part = forms if len(ids) == 1 else forms.take(rows)
        instrument = known[instrument_id]
        found, has_items = _from_items(part, instrument)
        if not has_items.all():
            given = _given(part, instrument)
            found = {name: np.where(has_items, found[name], values) for name, values in given.items()}
        for name, values in found.items():
            if len(ids) == 1:
                result[name] = values
            else:
                result[name][rows] = values
    low = forms["range_min"].to_numpy(float)
    span = forms["range_max"].to_numpy(float) - low
    for scale in SCALES:
        above = result[scale] - low
        above *= 100
        above /= span
        result[f"{scale}_pct"] = above
    for name in ("items_answered", "items_expected"):
        missing = np.isnan(result[name])
        whole = np.where(missing, 1, result[name]).astype(np.int64)  # 1 is what pandas has there, too
        result[name] = pd.arrays.IntegerArray(whole, missing)
    keys = {name: forms[name] for name in (*SCORES.keys, "date", "instrument")}
    return pd.DataFrame({**keys, **result}, columns=SCORES.names, index=forms.index, copy=False)


def answered(scores: pd.DataFrame) -> np.ndarray:
    """Which scored forms hold any answer at all (bool array). The others are sessions without a form."""
    something = scores["items_answered"].fillna(0).to_numpy(float) > 0
    return something | scores[list(SCALES)].notna().any(axis=1).to_numpy()


def _from_items(forms: pd.DataFrame, instrument: Instrument) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Scores from answers, and which forms have any. Both empty-handed for instruments without items."""
    n = len(forms)
    nothing = np.broadcast_to(np.nan, n)
    answers = [
        forms[name].to_numpy(float) if name in forms.columns else nothing
        for name in (f"item_{item}" for item in range(1, instrument.items + 1))
    ]
    for item in instrument.reversed:
        answers[item - 1] = sum(instrument.range or ()) - answers[item - 1]

    def by_facet() -> dict[str, np.ndarray]:
        found = {}
        for facet in FACETS:
            keyed = [answers[item - 1] for item in instrument.facets.get(facet, ())]
            found[facet], _ = _mean(keyed, instrument.minimum_answered.get(facet, len(keyed)), n)
        return found

    least = instrument.minimum_answered.get("overall", instrument.items)
    result, (overall, count) = both(by_facet, lambda: _mean(answers, least, n))
    for facet, keyed in instrument.facets.items():
        if keyed:
            overall[np.isnan(result[facet])] = np.nan
    result["overall"] = overall
    result["items_answered"] = count
    result["items_expected"] = np.full(n, float(instrument.items))
    return result, count > 0


def _mean(answers: list[np.ndarray], needed: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Of n forms: means of the answered ones among these items, missing where fewer than `needed` are there; and how many are there.

    In: an array of answers for each item.
    """
    count = np.full(n, float(len(answers)))
    if not answers:
        return np.full(n, np.nan), count
    total = answers[0].copy()
    for answer in answers[1:]:
        total += answer
    partly = np.flatnonzero(np.isnan(total))  # the sum of what is all there is the sum
    if len(partly):
        some = np.stack([answer[partly] for answer in answers])
        there = ~np.isnan(some)
        count[partly] = there.sum(axis=0)
        total[partly] = np.where(there, some, 0).sum(axis=0)
    enough = (count >= needed) & (count > 0)
    total /= np.maximum(count, 1)
    total[~enough] = np.nan
    return total, count


def _given(forms: pd.DataFrame, instrument: Instrument) -> dict[str, np.ndarray]:
    """Scores as the workbook supplies them, for forms without items."""
    holds = (
        instrument.given or FACETS
    )  # an overall given directly leaves its facets unknown, whatever stands beside it
    result = {f: forms[f].to_numpy(float) if f in holds else np.full(len(forms), np.nan) for f in FACETS}
    from_facets = np.mean([result[facet] for facet in FACETS], axis=0)
    supplied = total_in_response_units(forms, instrument)
    first, second = (from_facets, supplied) if instrument.id == "facets" else (supplied, from_facets)
    result["overall"] = np.where(np.isnan(first), second, first)
    result["items_answered"] = forms["answered"].to_numpy(float)
    result["items_expected"] = np.full(len(forms), instrument.items or np.nan)
    return result


def total_in_response_units(forms: pd.DataFrame, instrument: Instrument) -> np.ndarray:
    """Supplied overall scores in response units; missing where the scale cannot be told.

    The scale is settled for a sheet's whole column, never cell by cell: within the response range it
    is a mean; within items × range it is a sum and is divided by the items; anything else is unknown.
    """
    supplied = forms["overall"].to_numpy(float)
    if np.isnan(supplied).all():
        return supplied
    low, high = forms["range_min"].to_numpy(float), forms["range_max"].to_numpy(float)
    column = forms.groupby(["file", "sheet", "rater"], sort=False, dropna=False).ngroup().to_numpy()
    here = ~np.isnan(supplied)

    def whole_column(fits: np.ndarray) -> np.ndarray:
        misfits = np.bincount(column, weights=here & ~fits, minlength=1)
        return (misfits == 0)[column] if len(column) else fits

    mean_scale = whole_column((supplied >= low) & (supplied <= high))
    n = instrument.items
    sum_scale = whole_column((supplied >= n * low) & (supplied <= n * high)) & ~mean_scale if n else ~here
    as_mean = supplied / max(n, 1)
    return np.where(mean_scale, supplied, np.where(sum_scale, as_mean, np.nan))
