"""Datasets for the tests of engines: forms of made-up cases that are odd in every way, as Parquet files of whole cases."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from alliance_core.analysis import analyse
from alliance_core.engines import running, work, writing
from alliance_core.engines.workers import ThisProcess
from alliance_core.measures import chance
from alliance_core.reading import ReadingChoices
from alliance_core.sample import Design, simulate
from alliance_core.settings import Settings
from alliance_core.tables import FORMS, shaped
from tests.measures.made import form, overall, ratings

START = datetime(2025, 1, 6)
SUMMARIES = ("practitioners", "caseloads", "service", "noise")


def odd_forms() -> pd.DataFrame:
    """Simulated cases of twelve practitioners, and beside them: one side only, forms without an answer, several instruments and a change of them, scores at the top, equal
    ratings in several cases, ties, an observer, no dates, a slip of the year."""
    forms = [
        *overall("C-top", [100] * 6),
        *overall("C-top", [100] * 6, practitioner="P09"),
        *overall("C-alone", [70, 71, 40, 42, 70, 71], rater="practitioner"),
        *overall("C-gaps", [80, None, 78, None, None]),
        *overall("C-tie", [60, 62, 61, 37, 61, 62, 60]),
        *overall("C-far", [60, 61], date=START + timedelta(days=40 * 365)),
        *(
            form("P09", "C-changed", s, "client", given={"goal": 4, "task": 3, "bond": 5}, date=START)
            for s in (1, 2, 3)
        ),
        *overall("C-changed", [50, 51, 20, 22], practitioner="P09", date=START)[3:],
        *(form("P-10", "C-1", s, "observer", given={"goal": 4}) for s in (1, 2)),
        *(
            form("P-10", "C-1", s, "client", instrument="wai-sr", items=[4, 5] * 6 if s != 3 else [1, 2] * 6)
            for s in range(1, 6)
        ),
    ]
    more = simulate(Design(12, 5, 14), seed=5).forms.assign(file="made", sheet="S")
    return shaped(pd.concat([ratings(forms).forms, more], ignore_index=True), FORMS)


def write_dataset(folder: Path, forms: pd.DataFrame, parts: int, seed: int = 0, empty: int = 0) -> Path:
    """The forms in so many files of whole cases, rows and cases in a random order, and further files without a row."""
    folder.mkdir()
    shuffled = forms.sample(frac=1, random_state=seed)
    number = (work.case_numbers(shuffled) >> np.uint64(seed % 7)) % np.uint64(parts)
    for part in range(parts):
        shuffled[number == part].to_parquet(folder / f"part-{part}.parquet", index=False)
    for part in range(empty):
        forms.iloc[:0].to_parquet(folder / f"empty-{part}.parquet", index=False)
    return folder


def run(inputs, out, *, settings=None, methods=("baseline",), workers=None, choices=None) -> running.Run:
    inputs = [inputs] if isinstance(inputs, Path) else inputs
    return running.run(
        inputs, out, choices or ReadingChoices(), settings or Settings(), methods, workers or ThisProcess()
    )


def assert_same(alone, found: running.Run, out: Path) -> None:
    """Keys and words the same, numbers to 1e-9; chance too."""
    for name in SUMMARIES:
        _same(getattr(alone, name), getattr(found, name), name)
    for table in work.WRITTEN:
        _same(getattr(alone, table.name), shaped(writing.whole(out, table), table), table.name)
    told = chance.by_chance(alone.of_clients, alone.courses, alone.method, alone.settings).of()
    if told is not None:
        assert found.chance.to_dict("records") == [told._asdict()]


def _same(one: pd.DataFrame, other: pd.DataFrame, name: str) -> None:
    pd.testing.assert_frame_equal(one, other, rtol=1e-9, atol=1e-9, obj=name)


__all__ = ["analyse", "assert_same", "odd_forms", "run", "write_dataset"]
