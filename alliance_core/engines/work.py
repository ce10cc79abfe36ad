"""What a worker does with one part of the data. Each function may run again, anywhere, after a worker was lost: the same part gives the same bytes."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from alliance_core import stages
from alliance_core.engines.settling import settled
from alliance_core.engines.tidy import Stated, TidyFile, as_forms, read_tidy
from alliance_core.measures import chance, series
from alliance_core.measures.at_once import one_thread
from alliance_core.reading.recognised import AS_IN_THE_SHEET
from alliance_core.settings import Settings
from alliance_core.stages import Beside, Shared, Sums
from alliance_core.tables import (
    CASES,
    EPISODES,
    FORMS,
    PROBLEMS,
    RECOGNISED,
    SCORES,
    SESSIONS,
    InputFile,
    Table,
    empty,
    shaped,
)

WRITTEN = (SCORES, SESSIONS, EPISODES, CASES)  # the tables that are written part by part
_CASE = ["practitioner", "client"]
_ODD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class PartFiles:
    """Where the forms of a part stand: files of a dataset, and what was brought together for it (`settling`); `number` from 0."""

    number: int
    files: tuple[TidyFile, ...] = ()
    brought: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """What all parts are done with: settings, the rules (names of DETECTORS), what the command states, and the folder for what is written."""

    settings: Settings
    methods: tuple[str, ...]
    stated: Stated
    folder: str


@dataclass(frozen=True)
class Added:
    """Of one part: what it adds (stages.Sums), its cases (`case_numbers`) and what their ratings are alike by (chance.alike_by), how many of them there are (chance.entries), how many forms it has, PROBLEMS; and of the dataset's own
    files RECOGNISED and what they are."""

    sums: Sums
    cases: np.ndarray
    alike: np.ndarray
    entries: int
    forms: int
    problems: pd.DataFrame
    recognised: pd.DataFrame
    inputs: tuple[InputFile, ...]


@dataclass(frozen=True)
class Written:
    """Of one part: what it adds to PRACTITIONERS (summaries.counts), falls found and found by chance, and rows written by table."""

    counts: pd.DataFrame
    falls: chance.Totals
    rows: Mapping[str, int]


def case_numbers(frame: pd.DataFrame) -> np.ndarray:
    """A number (64 bits) for the practitioner and client of every row: the same for the same ids, in any process, on any machine."""
    found = np.zeros(len(frame), np.uint64)
    for name in _CASE:
        codes, ids = pd.factorize(frame[name].astype("str"))
        number = pd.util.hash_array(np.asarray(ids, dtype=object))
        found = ((found ^ number[codes]) * _ODD) if len(frame) else found
    return found ^ (found >> np.uint64(32))


def forms_of(part: PartFiles, stated: Stated) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The forms of a part, one a session and rater; PROBLEMS; and RECOGNISED of the dataset's own files."""
    read = [read_tidy(file, stated) for file in part.files]
    brought = [as_forms(pq.read_table(path, use_threads=False).to_pandas()) for path in part.brought]
    every = [*(forms for forms, _ in read), *brought]
    forms, more = settled(pd.concat(every, ignore_index=True) if every else empty(FORMS))
    problems = [*(found for _, found in read), more]
    told = [
        recognised_tidy(file, file.rows, own, found)
        for file, (own, found) in zip(part.files, read, strict=True)
    ]
    return forms, joined(problems, PROBLEMS), joined(told, RECOGNISED)


def recognised_tidy(file: TidyFile, rows: int, forms: pd.DataFrame, problems: pd.DataFrame) -> pd.DataFrame:
    """RECOGNISED of a file of tidy forms, or of so many rows of it: the forms used, and problems that leave a row out each."""
    line = {
        "file": file.name,
        "layout": "tidy forms",
        "instrument": ", ".join(sorted(forms["instrument"].unique())),
        "rows_read": rows,
        "rows_used": rows - len(problems),
        "rows_left_out": len(problems),
        "forms": len(forms),
        "numbered": AS_IN_THE_SHEET,
        "raters": ", ".join(sorted(forms["rater"].unique())),
        "first_date": forms["date"].min(),
        "last_date": forms["date"].max(),
    }
    return shaped(pd.DataFrame([line]), RECOGNISED)


def joined(frames: Sequence[pd.DataFrame], table: Table) -> pd.DataFrame:
    there = [frame for frame in frames if len(frame)]
    return shaped(pd.concat(there, ignore_index=True) if there else {}, table)


@one_thread()
def add_up(part: PartFiles, job: Job) -> Added:
    """The first step of a part."""
    _arrow_in_one_thread()
    forms, problems, told = forms_of(part, job.stated)
    ready = stages.prepared(forms)
    first = ready.sessions.take(series.starts(series.case_numbers(ready.sessions)))
    return Added(
        sums=stages.added(ready, job.settings),
        cases=case_numbers(first),
        alike=chance.alike_by(ready.rows),
        entries=chance.entries(ready.rows),
        forms=len(forms),
        problems=problems,
        recognised=told,
        inputs=tuple(InputFile(file.name, sha256(file.path)) for file in part.files),
    )


def sha256(path: str) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@one_thread()
def measure(part: PartFiles, beside: Beside, draws: chance.Among, job: Job, common: Shared) -> Written:
    """The second step: all there is to say of the part's cases, written as part-00000.parquet into the folder of each table."""
    _arrow_in_one_thread()
    forms, _, _ = forms_of(part, job.stated)
    ready = stages.prepared(forms)
    found = stages.measured(ready, beside, common, job.settings, job.methods)
    tables = (ready.scored, found.sessions, found.episodes, found.cases)
    rows = {}
    for table, frame in zip(WRITTEN, tables, strict=True):
        write_part(shaped(frame, table), table, Path(job.folder), part.number)
        rows[table.name] = len(frame)
    falls = chance.by_chance(found.trace, found.courses, job.methods[0], job.settings, draws).totals()
    return Written(found.counts, falls, rows)


def write_part(frame: pd.DataFrame, table: Table, folder: Path, number: int) -> None:
    """The rows as one Parquet file, whole or not at all: it gets its name when all of it is there."""
    home = folder / table.name
    home.mkdir(parents=True, exist_ok=True)
    write_whole(pa.Table.from_pandas(frame, preserve_index=False), home / f"part-{number:05}.parquet")


def write_whole(rows: Any, target: Path) -> None:
    """An Arrow table as a Parquet file that is there at once."""
    being_made = target.with_name(f".{target.name}-{secrets.token_hex(8)}")
    try:
        pq.write_table(rows, being_made)
        os.replace(being_made, target)  # noqa: PTH105 - a path may be there already, which Path.rename does not say
    finally:
        being_made.unlink(missing_ok=True)


def _arrow_in_one_thread() -> None:
    """Workers are many, so each uses one thread, of Arrow's too."""
    if pa.cpu_count() != 1:
        pa.set_cpu_count(1)
