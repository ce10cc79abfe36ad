"""The obvious way to the same numbers: pandas, one case at a time, and a loop over the sessions of each series.

This is what somebody writes who has one case in mind and then asks for all of them. It is an oracle, held against `analyse` whenever it is
timed, and the measure of what working on all cases at once is worth: python benchmarks/obvious.py (or make bench).
"""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import dataclass, field
from math import isclose, isnan, sqrt
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

HOME = Path(__file__).parent.parent
if str(HOME) not in sys.path:
    sys.path.insert(0, str(HOME))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from alliance_core import Analysis, analyse  # noqa: E402
from alliance_core.instruments import Instrument, instruments  # noqa: E402
from alliance_core.measures import TIE  # noqa: E402
from alliance_core.settings import EpisodeSettings, Settings  # noqa: E402
from alliance_core.tables import FACETS, SCALES, Ratings  # noqa: E402
from benchmarks.profiled import SIZES, tidy  # noqa: E402

RATERS = ("client", "practitioner")
SAME = 1e-9
REPEATS = 5
SHARE = 300  # cases that the obvious way is timed on: it takes as long for each, however many there are

Key = tuple[str, str]  # rater and scale


class Fall(NamedTuple):
    """One episode of one series, sessions by their number."""

    start: int
    low: int
    repair: int | None
    baseline: float
    lowest: float
    outcome: str


@dataclass
class Obvious:
    """The same as in an Analysis, by case: scores in pct by session, falls by rater and scale, the mean gap (missing under three pairs); and σ by rater and scale."""

    scores: dict[tuple[str, str], pd.DataFrame] = field(default_factory=dict)
    sigma: dict[Key, float] = field(default_factory=dict)
    falls: dict[tuple[str, str, str, str], list[Fall]] = field(default_factory=dict)
    gaps: dict[tuple[str, str], float] = field(default_factory=dict)


def the_obvious_way(forms: pd.DataFrame, settings: Settings) -> Obvious:
    """Scores, σ, the falls that the rule baseline finds, and gaps. In: FORMS by one instrument with items, enough of them to tell σ from.

    The first round over the cases scores them, the second needs σ of everybody.
    """
    (instrument_id,) = forms["instrument"].unique()
    instrument = instruments()[instrument_id]
    found = Obvious()
    squares: dict[Key, list[float]] = {(rater, scale): [] for rater in RATERS for scale in SCALES}
    for case, rows in forms.groupby(["practitioner", "client"]):
        scores = found.scores[case] = scored(rows, instrument)
        for rater, scale in squares:
            squares[rater, scale] += (series(scores, rater, scale).diff().dropna() ** 2).tolist()
    for key, steps in squares.items():
        smallest = max(settings.noise.floor, instrument.step_pct(key[1]) or 0.0)  # type: ignore[arg-type]
        found.sigma[key] = max(sqrt(fmean(steps) / 2), smallest)
    for case, scores in found.scores.items():
        for (rater, scale), sigma in found.sigma.items():
            values = series(scores, rater, scale)
            found.falls[*case, rater, scale] = falls(values, sigma, settings.episodes)
        found.gaps[case] = mean_gap(scores, settings.agreement.mean_from)
    return found


def scored(rows: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """One case's forms as pct of the maximum, by rater and session."""
    items = [f"item_{number}" for number in range(1, instrument.items + 1)]
    answers = rows[items].copy()
    for number in instrument.reversed:
        answers[f"item_{number}"] = sum(instrument.range or ()) - answers[f"item_{number}"]
    scores = rows[["rater", "session"]].copy()
    for facet in FACETS:
        own = answers[[f"item_{number}" for number in instrument.facets[facet]]]
        enough = own.notna().sum(axis=1) >= instrument.minimum_answered[facet]
        scores[facet] = own.mean(axis=1).where(enough)
    enough = answers.notna().sum(axis=1) >= instrument.minimum_answered["overall"]
    every_facet = scores[list(FACETS)].notna().all(axis=1)
    scores["overall"] = answers.mean(axis=1).where(enough & every_facet)
    low, high = rows["range_min"], rows["range_max"]
    for scale in SCALES:
        scores[scale] = 100 * (scores[scale] - low) / (high - low)
    return scores.set_index(["rater", "session"]).sort_index()


def series(scores: pd.DataFrame, rater: str, scale: str) -> pd.Series:
    """What one rater gave on one scale, rated sessions in order."""
    if rater not in scores.index:
        return pd.Series(dtype=float)
    return scores.loc[rater, scale].dropna()


def falls(values: pd.Series, sigma: float, settings: EpisodeSettings) -> list[Fall]:
    """METHODS of the rule baseline: a session below the mean of the usual ones by more than ratings vary by, and what followed."""
    found: list[Fall] = []
    usual: list[float] = []
    since_low = -1  # outside
    for session, x in values.items():
        if since_low < 0:
            m = len(usual)
            drop = fmean(usual) - x if m >= settings.min_baseline else np.nan
            large = drop >= settings.min_drop_sigma * sigma - TIE
            if large and drop / (sigma * sqrt(1 + 1 / m)) >= settings.z_open - TIE:
                found.append(Fall(session, session, None, fmean(usual), x, "open"))  # type: ignore[arg-type]
                since_low = 0
            else:
                usual.append(x)
            continue
        fall = found[-1]
        since_low += 1
        if x < fall.lowest - TIE:
            found[-1] = fall._replace(low=session, lowest=x)
            since_low = 0
        elif x >= fall.baseline - (1 - settings.return_share) * (fall.baseline - fall.lowest) - TIE:
            found[-1] = fall._replace(
                repair=session, outcome=_repaired(values, session, fall, sigma, settings)
            )
            usual.append(x)
            since_low = -1
        elif since_low >= settings.window:
            found[-1] = fall._replace(outcome="unrepaired")
            usual, since_low = [], -1
    return found


def _repaired(values: pd.Series, session: Any, fall: Fall, sigma: float, settings: EpisodeSettings) -> str:
    first = values[values.index >= session].iloc[: settings.strengthened_sessions]
    above = first.mean() >= fall.baseline + settings.strengthened_sigma * sigma - TIE
    return "strengthened" if len(first) == settings.strengthened_sessions and above else "repaired"


def mean_gap(scores: pd.DataFrame, least: int) -> float:
    """Practitioner − client over the sessions that both rated, pct points."""
    gap = (series(scores, "practitioner", "overall") - series(scores, "client", "overall")).dropna()
    return float(gap.mean()) if len(gap) >= least else np.nan


# -- held against analyse ---------------------------------------------------------------------------


def differences(found: Obvious, analysis: Analysis) -> list[str]:
    """Where the two say different things, in words; none where they are the same to SAME."""
    told = [
        f"σ of {line.rater} {line.facet}"
        for line in analysis.noise.itertuples()
        if not _alike(found.sigma[line.rater, line.facet], line.sigma)
    ]
    for line in analysis.scores.itertuples():
        own = found.scores[line.practitioner, line.client].loc[(line.rater, line.session)]
        if not all(_alike(own[scale], getattr(line, f"{scale}_pct")) for scale in SCALES):
            told.append(f"scores of {line.client}, session {line.session}")
    for line in analysis.cases.itertuples():
        if not _alike(found.gaps[line.practitioner, line.client], line.mean_gap):
            told.append(f"gap of {line.client}")
    listed = {
        (*key, fall.start): fall for key, several in found.falls.items() for fall in several
    }  # fmt: skip
    own_keys = ["practitioner", "client", "rater", "facet", "start_session"]
    rows = analysis.episodes.set_index(own_keys)
    if set(listed) != set(rows.index):
        told.append(f"which episodes there are: {sorted(set(listed) ^ set(rows.index))[:3]}")
    for key, fall in listed.items():
        if key in rows.index and not _same_fall(fall, rows.loc[key]):
            told.append(f"episode {key}")
    return told


def _same_fall(fall: Fall, row: pd.Series) -> bool:
    repair = None if pd.isna(row["repair_session"]) else int(row["repair_session"])
    outcome = "open" if row["outcome"] == "ended open" else row["outcome"]
    same = (fall.low, fall.repair, fall.outcome) == (row["low_session"], repair, outcome)
    return same and _alike(fall.baseline, row["baseline"]) and _alike(fall.lowest, row["low"])


def _alike(one: float, other: float) -> bool:
    return (isnan(one) and isnan(other)) or isclose(one, other, rel_tol=0, abs_tol=SAME)


def share_of(forms: pd.DataFrame, cases: int) -> pd.DataFrame:
    """The forms of so many cases, as far apart from each other as they lie, in order."""
    ids = forms[["practitioner", "client"]].drop_duplicates()
    kept = ids.iloc[np.linspace(0, len(ids) - 1, min(cases, len(ids))).astype(int)]
    return forms.merge(kept, on=["practitioner", "client"])


def compared(ratings: Ratings, cases: int = SHARE) -> float:
    """Seconds a form that the obvious way takes on a share of the cases. Raises SystemExit where its numbers are not those of `analyse`."""
    forms = share_of(ratings.forms, cases)
    start = time.perf_counter()
    found = the_obvious_way(forms, Settings())
    taken = time.perf_counter() - start
    if told := differences(found, analyse(Ratings(forms))):
        raise SystemExit(f"The obvious way finds something else: {'; '.join(told[:5])}")
    return taken / len(forms)


def main() -> None:
    ratings = Ratings(pd.read_parquet(tidy(SIZES[-1])))
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        analyse(Ratings(ratings.forms))
        times.append(time.perf_counter() - start)
    ours = statistics.median(times) / len(ratings.forms)
    theirs = compared(ratings)
    print(
        f"the obvious way, {SHARE} cases one by one: {1e6 * theirs:8.1f} µs a form; "
        f"analyse, {len(ratings.forms):,} forms: {1e6 * ours:.2f} µs a form, {theirs / ours:,.0f} times as fast (at least 100)"
    )


if __name__ == "__main__":
    main()
