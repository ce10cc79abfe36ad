"""What a rule finds by chance: the same rule on the same ratings with the sessions of each case in a random order.

A shuffle keeps how high and how uneven the ratings of a case are, and loses when they were given. So the number tells whether the
order of the sessions has to do with the falls. It does not tell how many of them are real: low ratings of a real fall that lasted are
scattered over the case, and each may look like a fall of its own. For that there is a second number, of steady cases with the same noise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from alliance_core.measures.detectors import DETECTORS, Courses
from alliance_core.measures.detectors.walk import RUPTURE
from alliance_core.measures.draws import CaseDraws, Random
from alliance_core.measures.series import numbered, starts
from alliance_core.settings import Settings

_AT_ONCE = 500_000  # entries walked together: more take memory and save no time


class Expected(NamedTuple):
    """Falls found; how many chance order gives on average, and between which numbers 95 of 100 shuffles lie; how many are
    found on average in steady cases of the same lengths, levels and noise; and the number of shuffles."""

    found: int
    expected: float
    low: int
    high: int
    steady: float
    shuffles: int


@dataclass(frozen=True)
class Chance:
    """Falls of the clients' overall by case: `found`, and copies × cases of `shuffled` sessions and of `steady` cases. `cases`: their ids."""

    cases: pd.DataFrame
    found: np.ndarray
    shuffled: np.ndarray
    steady: np.ndarray

    def by_case(self) -> pd.DataFrame:
        """practitioner, client, and the mean number of falls in chance order (expected) and in steady cases (steady), in order of the ids."""
        return self.cases.assign(expected=self.shuffled.mean(axis=0), steady=self.steady.mean(axis=0))

    def of(self, practitioner: str | None = None, client: str | None = None) -> Expected | None:
        """For everybody, for one practitioner's clients, or for one case; None where nobody there rated an overall."""
        kept = np.ones(len(self.cases), bool)
        for name, wanted in (("practitioner", practitioner), ("client", client)):
            if wanted is not None:
                kept &= (self.cases[name] == wanted).to_numpy()
        if not kept.any():
            return None
        total = self.shuffled[:, kept].sum(axis=1)
        low, high = np.quantile(total, [0.025, 0.975], method="inverted_cdf")
        steady = float(self.steady[:, kept].sum(axis=1).mean())
        found = int(self.found[kept].sum())
        return Expected(found, float(total.mean()), int(low), int(high), steady, len(total))


def by_chance(rows: pd.DataFrame, courses: Courses, method: str, settings: Settings) -> Chance:
    """The rule on shuffled sessions, and on steady cases: as many copies of each as the settings say, or as their budget of ratings allows.

    `rows` of series.rated_series, or a trace of them, with their `courses`. σ and the other spreads stay those of the real order. The sessions of a case
    rated with two instruments are shuffled within each. The same settings give a case the same orders, whatever the order of rows in the workbook and whoever else is in it
    (see CaseDraws); with many ratings loaded they are fewer.
    """
    own, find = settings.chance, DETECTORS[method].find
    kept = ((rows["rater"] == "client") & (rows["facet"] == "overall")).to_numpy()
    mine = courses.of(kept)
    lines = rows[["practitioner", "client", "case"]][kept].take(mine.first)
    of_series = numbered(lines["case"].to_numpy())  # the series of one case are neighbours
    cases = lines.take(starts(of_series))[["practitioner", "client"]].astype("str").reset_index(drop=True)

    def counted(them: Courses, copies: int) -> np.ndarray:
        opened = them.series[find(them, settings).state == RUPTURE]
        copy, series = np.divmod(opened, len(mine.first))
        place = copy * len(cases) + of_series[series]
        return np.bincount(place, minlength=copies * len(cases)).reshape(copies, len(cases))

    def many(made: Callable[[int, Random], Courses]) -> np.ndarray:
        shuffles = max(1, min(own.shuffles, own.budget // max(len(mine.series), 1)))
        at_once = max(1, _AT_ONCE // max(len(mine.series), 1))
        random = CaseDraws(mine.value, of_series[mine.series], own.seed)
        sizes = [min(at_once, shuffles - done) for done in range(0, shuffles, at_once)]
        return np.concatenate([counted(made(copies, random), copies) for copies in sizes])

    return Chance(cases, counted(mine, 1)[0], many(mine.shuffled), many(mine.steady))
