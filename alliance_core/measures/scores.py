"""Alliance scores of one form: reversal, means of answered items, percent of the maximum possible.

Source: METHODS of the instruments' TOML files (keys, ranges, reversals with citation); the rule for
missing items (three quarters of a facet, five sixths overall and every facet) is our choice.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from alliance_core.instruments import Instrument, instruments
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
        given = _given(part, instrument)
        from_items, has_items = _from_items(part, instrument)
        for name, values in given.items():
            result[name][rows] = np.where(has_items, from_items[name], values)
    low = forms["range_min"].to_numpy(float)
    span = forms["range_max"].to_numpy(float) - low
    for scale in SCALES:
        result[f"{scale}_pct"] = 100 * (result[scale] - low) / span
    for name in ("items_answered", "items_expected"):
        result[name] = pd.array(result[name], dtype="Int64")
    keys = {name: forms[name].array for name in (*SCORES.keys, "date", "instrument")}
    return pd.DataFrame({**keys, **result}, columns=SCORES.names, index=forms.index)


def answered(scores: pd.DataFrame) -> np.ndarray:
    """Which scored forms hold any answer at all (bool array). The others are sessions without a form."""
    something = scores["items_answered"].fillna(0).to_numpy(float) > 0
    return something | scores[list(SCALES)].notna().any(axis=1).to_numpy()


def _from_items(forms: pd.DataFrame, instrument: Instrument) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Scores from answers, and which forms have any. Both empty-handed for instruments without items."""
    n = len(forms)
    names = [f"item_{i}" for i in range(1, instrument.items + 1)]
    present = [name for name in names if name in forms.columns]
    answers = np.full((n, instrument.items), np.nan)
    if present:
        columns = [names.index(name) for name in present]
        answers[:, columns] = forms[present].to_numpy(float)
    turned = [item - 1 for item in instrument.reversed]
    answers[:, turned] = sum(instrument.range or ()) - answers[:, turned]
    result: dict[str, np.ndarray] = {}
    complete = np.ones(n, bool)
    for facet in FACETS:
        keyed = [item - 1 for item in instrument.facets.get(facet, ())]
        result[facet] = _mean(answers[:, keyed], instrument.minimum_answered.get(facet, len(keyed)))
        if keyed:
            complete &= ~np.isnan(result[facet])
    overall = _mean(answers, instrument.minimum_answered.get("overall", instrument.items))
    result["overall"] = np.where(complete, overall, np.nan)
    count = (~np.isnan(answers)).sum(axis=1)
    result["items_answered"] = count.astype(float)
    result["items_expected"] = np.full(n, float(instrument.items))
    return result, count > 0


def _mean(answers: np.ndarray, needed: int) -> np.ndarray:
    """Row means of the answered items, missing where fewer than `needed` are there."""
    there = ~np.isnan(answers)
    count = there.sum(axis=1)
    total = np.where(there, answers, 0).sum(axis=1)
    enough = (count >= needed) & (count > 0)
    return np.where(enough, total / np.maximum(count, 1), np.nan)


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
