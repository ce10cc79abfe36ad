"""Where the lines of the rule `threshold` come from: the settings, else the instrument's own file."""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.instruments import Instrument, instruments
from alliance_core.measures import TIE
from alliance_core.measures.detectors.courses import Lines
from alliance_core.settings import SettingsError, ThresholdSettings

ANY_LINE, TOTAL = "any line", "total"  # what an instrument's file may state a line on


def lines_of(
    rows: pd.DataFrame,
    scored: pd.DataFrame,
    settings: ThresholdSettings,
    known: dict[str, Instrument] | None = None,
) -> Lines | None:
    """The line of every row of series.rated_series; None where there is none for any of their instruments.

    In: the rows, and the scores that they were made from (`form` is the row there) with range_min and range_max. A line of the settings is on
    the overall, reached at or below it. An instrument's own is on the total, and where it has one for any item, on facets of one item too; it is reached
    below it, and by the overall also where any item is below its line. Raises SettingsError for an instrument that is not known.
    """
    known = instruments() if known is None else known
    unknown = [name for name in settings.lines if name not in known]
    if unknown:
        raise SettingsError(
            f"threshold.lines: there is no instrument {unknown[0]}; there are {', '.join(known)}."
        )
    n, names = len(rows), rows["instrument"].cat.categories.astype("str")
    if not any(name in settings.lines or known[name].thresholds for name in names):
        return None
    found = Lines(np.full(n, np.nan), rows["value"].to_numpy(float).copy(), np.zeros(n, bool))
    codes = rows["instrument"].cat.codes.to_numpy()
    for code, name in enumerate(names):
        stated, own = settings.lines.get(name), known[name]
        if stated is not None or own.thresholds:
            here = np.flatnonzero(codes == code)
            part, answered = rows.take(here), scored.take(rows["form"].to_numpy()[here])
            lines = _own(part, answered, own) if stated is None else _stated(part, answered, stated)
            for every, some in zip(found, lines, strict=True):
                every[here] = some
    return found


def _stated(rows: pd.DataFrame, answered: pd.DataFrame, mark: float) -> Lines:
    value = rows["value"].to_numpy(float)
    line = np.where(rows["facet"] == "overall", _pct(mark, answered), np.nan)
    return Lines(line, value, value <= line + TIE)


def _own(rows: pd.DataFrame, answered: pd.DataFrame, instrument: Instrument) -> Lines:
    """What is watched of the overall is as far from its line as the total, or any item that is nearer to, or farther below, its own."""
    below = {one.on: one.below for one in instrument.thresholds}
    total = _pct(below.get(TOTAL, np.nan) / max(instrument.items, 1), answered)
    item = _pct(below.get(ANY_LINE, np.nan), answered)
    single = [name for name, keyed in instrument.facets.items() if len(keyed) == 1]
    overall, of_one_item = (rows["facet"] == "overall").to_numpy(), rows["facet"].isin(single).to_numpy()
    line = np.select([overall, of_one_item], [total, item], default=np.nan)
    margin = rows["value"].to_numpy(float) - line
    lowest = _pct(_lowest_item(answered, instrument, single), answered) - item
    margin = np.where(overall, np.fmin(margin, lowest), margin)
    watched = np.where(np.isnan(line), rows["value"].to_numpy(float), line + margin)
    return Lines(line, watched, margin < -TIE)


def _pct(mark: float | np.ndarray, answered: pd.DataFrame) -> np.ndarray:
    """Marks in response units as pct of each form's range."""
    low, high = (answered[name].to_numpy(float) for name in ("range_min", "range_max"))
    return 100 * (mark - low) / (high - low)


def _lowest_item(answered: pd.DataFrame, instrument: Instrument, single: list[str]) -> np.ndarray:
    """The lowest answer, where every item is a facet of its own, or all but one, which the overall then tells; else missing."""
    items = [answered[name].to_numpy(float) for name in single]
    if len(items) == instrument.items - 1:
        items.append(instrument.items * answered["overall"].to_numpy(float) - np.sum(items, axis=0))
    known = items and len(items) == instrument.items
    return np.minimum.reduce(items) if known else np.full(len(answered), np.nan)
