"""What a rule finds by chance: the same rule on the same ratings with the sessions of each case in a random order.

A shuffle keeps how high and how uneven the ratings of a case are, and loses when they were given. So the number tells whether the
order of the sessions has to do with the falls. It does not tell how many of them are real: low ratings of a real fall that lasted are
scattered over the case, and each may look like a fall of its own. For that there is a second number, of steady cases with the same noise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from alliance_core.measures.detectors import DETECTORS, Courses
from alliance_core.measures.detectors.walk import RUPTURE
from alliance_core.measures.draws import CaseDraws, Random, alike
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


class Totals(NamedTuple):
    """Falls of the clients' overall of many cases together: `found`, and in each copy of `shuffled` sessions and of `steady` cases."""

    found: int
    shuffled: np.ndarray
    steady: np.ndarray

    def told(self) -> Expected:
        low, high = np.quantile(self.shuffled, [0.025, 0.975], method="inverted_cdf")
        steady = float(self.steady.mean())
        return Expected(
            self.found, float(self.shuffled.mean()), int(low), int(high), steady, len(self.shuffled)
        )


def together(parts: Sequence[Totals]) -> Totals:
    """The totals of parts of the data, at least one, each with as many copies."""
    found, shuffled, steady = zip(*parts, strict=True)
    return Totals(sum(found), np.sum(shuffled, axis=0), np.sum(steady, axis=0))


class Among(NamedTuple):
    """Where a part of the data stands among all of it: `entries`, the ratings of clients' overall of everybody; and of parts that come before,
    by what ratings are `alike` by (numbers, rising), how many cases have the very same ones (`before`)."""

    entries: int
    alike: np.ndarray
    before: np.ndarray


def among(alike: Sequence[np.ndarray], entries: int) -> list[Among]:
    """Where each part stands, from the numbers that the ratings of its cases are `alike_by`."""
    counted = [np.unique(numbers, return_counts=True) for numbers in alike]
    part = np.repeat(np.arange(len(counted)), [len(numbers) for numbers, _ in counted])
    every = pd.DataFrame(
        {
            "alike": np.concatenate([numbers for numbers, _ in counted]),
            "count": np.concatenate([count for _, count in counted]),
        }
    )
    every["before"] = every.groupby("alike")["count"].cumsum() - every["count"]
    seen = (every["before"] > 0).to_numpy()
    told = (every[seen & (part == number)] for number in range(len(counted)))
    return [Among(entries, one["alike"].to_numpy(), one["before"].to_numpy()) for one in told]


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
        return self._totals(kept).told()

    def totals(self) -> Totals:
        """For everybody."""
        return self._totals(np.ones(len(self.cases), bool))

    def _totals(self, kept: np.ndarray) -> Totals:
        drawn = (every[:, kept].sum(axis=1) for every in (self.shuffled, self.steady))
        return Totals(int(self.found[kept].sum()), *drawn)


def by_chance(
    rows: pd.DataFrame, courses: Courses, method: str, settings: Settings, of: Among | None = None
) -> Chance:
    """The rule on shuffled sessions, and on steady cases: as many copies of each as the settings say, or as their budget of ratings allows.

    `rows` of series.rated_series, or a trace of them, with their `courses`. σ and the other spreads stay those of the real order. The sessions of a case
    rated with two instruments are shuffled within each. The same settings give a case the same orders, whatever the order of rows in the workbook and whoever else is in it
    (see CaseDraws); with many ratings loaded they are fewer. `of`: where these rows stand, when they are a part of the data only.
    """
    own, find = settings.chance, DETECTORS[method].find
    mine = courses.of(_overall(rows))
    lines = rows[["practitioner", "client", "case"]][_overall(rows)].take(mine.first)
    of_series = numbered(lines["case"].to_numpy())  # the series of one case are neighbours
    of_all, *before = of or (len(mine.series), *2 * [np.zeros(0, np.uint64)])
    cases = lines.take(starts(of_series))[["practitioner", "client"]].astype("str").reset_index(drop=True)

    def counted(them: Courses, copies: int) -> np.ndarray:
        opened = them.series[find(them, settings).state == RUPTURE]
        copy, series = np.divmod(opened, len(mine.first))
        place = copy * len(cases) + of_series[series]
        return np.bincount(place, minlength=copies * len(cases)).reshape(copies, len(cases))

    def many(made: Callable[[int, Random], Courses]) -> np.ndarray:
        shuffles = max(1, min(own.shuffles, own.budget // max(of_all, 1)))
        at_once = max(1, _AT_ONCE // max(len(mine.series), 1))
        random = CaseDraws(mine.value, of_series[mine.series], own.seed, *before)
        sizes = [min(at_once, shuffles - done) for done in range(0, shuffles, at_once)]
        return np.concatenate([counted(made(copies, random), copies) for copies in sizes])

    return Chance(cases, counted(mine, 1)[0], many(mine.shuffled), many(mine.steady))


def alike_by(rows: pd.DataFrame) -> np.ndarray:
    """For each case with a rated overall of the client, in order, the number that other cases with the very same ratings have too. In: as for `by_chance`."""
    mine = rows[_overall(rows)]
    return alike(mine["value"].to_numpy(float), numbered(mine["case"].to_numpy()))


def entries(rows: pd.DataFrame) -> int:
    """How many ratings of clients' overall there are. In: as for `by_chance`."""
    return int(_overall(rows).sum())


def _overall(rows: pd.DataFrame) -> np.ndarray:
    return ((rows["rater"] == "client") & (rows["facet"] == "overall")).to_numpy()
