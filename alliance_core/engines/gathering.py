"""What was handed in, as parts of whole cases: a Parquet dataset whose files hold whole cases as it stands, everything else brought together by case first."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from alliance_core.engines.settling import settled_notes
from alliance_core.engines.tidy import Stated, TidyFile, as_forms, read_tidy, settled_totals, tidy_files
from alliance_core.engines.work import PartFiles, case_numbers, joined, recognised_tidy, sha256, write_whole
from alliance_core.engines.workers import Workers
from alliance_core.reading import ReadingChoices, read_workbooks
from alliance_core.reading.answering import worded
from alliance_core.reading.recognised import BY_DATE
from alliance_core.reading.sources import opened
from alliance_core.reading.workbooks import aside_problems
from alliance_core.settings import Settings
from alliance_core.tables import FORMS, LEFT_OUT, PROBLEMS, RECOGNISED, InputFile, Ratings, empty, shaped

ROWS_A_PART = 200_000  # forms of a part: about 300 MB while it is worked on
LEAST_ROWS = 20_000  # where files are so small, several are one part
_PARTS_AT_LEAST = 16  # if that leaves none smaller than LEAST_ROWS
MOST_ROWS = 1_000_000  # of one file of a dataset that is worked on as it stands
BYTES_A_PART = 16 << 20  # of files that are no tidy forms, whose rows are not known beforehand


@dataclass(frozen=True)
class Handed:
    """What was handed in: files of tidy forms, other files, and notes on what lies beside them in folders (PROBLEMS)."""

    tidy: list[TidyFile]
    others: list[Path]
    aside: pd.DataFrame


def look(inputs: Iterable[Path]) -> Handed:
    """Raises DatasetError, and OSError where a Parquet file is not there."""
    tidy: list[TidyFile] = []
    others: list[Path] = []
    for source in inputs:
        found = tidy_files(source)
        if found is None:
            others.append(source)
        else:
            tidy += found
    files, aside = opened(list(others))
    return Handed(tidy, [Path(one) for one in files], aside_problems(aside))


@dataclass(frozen=True)
class Gathered:
    """What is known before the first step. `rest`: everything but the forms, of the files that were read (optional sheets, what was recognised, inputs)."""

    parts: list[PartFiles]
    rest: Ratings = field(default_factory=lambda: Ratings(empty(FORMS)))
    problems: pd.DataFrame = field(default_factory=lambda: empty(PROBLEMS))


def _grouped(files: Sequence[TidyFile]) -> list[PartFiles]:
    """Neighbours share a part while they have no more rows than a part has; of a small dataset that is less, so that there are parts for all workers."""
    rows = [file.rows for file in files]
    size = min(ROWS_A_PART, max(LEAST_ROWS, sum(rows) // _PARTS_AT_LEAST))
    part = (np.cumsum(rows) - 1) // size
    shared = [
        [file for file, at in zip(files, part, strict=True) if at == number] for number in np.unique(part)
    ]
    return [PartFiles(number, tuple(own)) for number, own in enumerate(shared)] or [PartFiles(0)]


@dataclass(frozen=True)
class Brought:
    """Of one file, or some row groups of one: where its forms went, by part, and everything else that was read."""

    pieces: dict[int, str]
    rest: Ratings
    problems: pd.DataFrame


def gather(
    handed: Handed,
    choices: ReadingChoices,
    settings: Settings,
    folder: Path,
    workers: Workers,
    *,
    by_case: bool = False,
) -> Gathered:
    """All files as parts of whole cases.

    Files of a dataset are parts as they stand, as long as no other file holds forms, none is too large, and nobody has found that cases are spread over several of them (`by_case`).
    Else every file is read by a worker and its forms are put into parts by case, in `folder`, which all workers see.
    """
    size = sum(path.stat().st_size for path in handed.others if path.is_file())
    rows = sum(file.rows for file in handed.tidy)
    parts = int(np.ceil(size / BYTES_A_PART) + np.ceil(rows / ROWS_A_PART)) or 1
    others = [(str(path), choices, settings) for path in handed.others]
    found: list[Brought] = workers.each(_bring_other, others, str(folder), parts)
    by_case = (
        by_case or any(one.pieces for one in found) or any(file.rows > MOST_ROWS for file in handed.tidy)
    )
    if by_case:
        runs = [(file, groups) for file in handed.tidy for groups in _row_groups(file)]
        found += workers.each(_bring_tidy, runs, stated_by(choices), str(folder), parts)
    rest, contradicting = _rest([one.rest for one in found])
    several = len(handed.others) + len(handed.tidy) > 1
    told = [_without_guesses(one.problems) if several else one.problems for one in found]
    problems = joined([handed.aside, *told, contradicting], PROBLEMS)
    if not by_case:
        return Gathered(_grouped(handed.tidy), rest, problems)
    pieces = [tuple(one.pieces[number] for one in found if number in one.pieces) for number in range(parts)]
    return Gathered([PartFiles(number, brought=own) for number, own in enumerate(pieces)], rest, problems)


def stated_by(choices: ReadingChoices) -> Stated:
    """What the choices say of forms that name neither instrument nor range."""
    named = choices.instrument if isinstance(choices.instrument, str) else ""
    return Stated(named or "", choices.range)


def _without_guesses(problems: pd.DataFrame) -> pd.DataFrame:
    """Without what a file misses that may stand in another one; cases without forms are named when all files are known."""
    return problems[~problems["code"].isin(["case_without_ratings", "session_without_ratings"]).to_numpy()]


def _row_groups(file: TidyFile) -> list[tuple[int, ...]]:
    """The row groups of a file, in runs of no more rows than a part may have, or one group."""
    about = pq.read_metadata(file.path)
    run = np.cumsum([about.row_group(i).num_rows for i in range(about.num_row_groups)]) // ROWS_A_PART
    return [tuple(np.flatnonzero(run == number).tolist()) for number in np.unique(run)]


def _bring_tidy(file: TidyFile, groups: tuple[int, ...], stated: Stated, folder: str, parts: int) -> Brought:
    forms, problems = read_tidy(file, stated, groups)
    about = pq.read_metadata(file.path)
    rows = sum(about.row_group(group).num_rows for group in groups)
    inputs = (InputFile(file.name, sha256(file.path)),) if 0 in groups else ()
    rest = Ratings(empty(FORMS), recognised=recognised_tidy(file, rows, forms, problems), inputs=inputs)
    return Brought(_put(forms, Path(folder), parts, f"{file.path} {groups}"), rest, problems)


def _bring_other(path: str, choices: ReadingChoices, settings: Settings, folder: str, parts: int) -> Brought:
    ratings, problems = worded(*read_workbooks([path], choices, settings=settings), "command line")
    by_date = ratings.recognised[ratings.recognised["numbered"].eq(BY_DATE).to_numpy()]
    here = pd.MultiIndex.from_frame(ratings.forms[["file", "sheet"]])
    numbered = here.isin(pd.MultiIndex.from_frame(by_date[["file", "sheet"]]))
    # Other files may hold sessions of the same cases: they are numbered when all are together.
    forms = ratings.forms.assign(session=ratings.forms["session"].mask(numbered))
    rest = replace(ratings, forms=empty(FORMS))
    return Brought(_put(settled_totals(forms), Path(folder), parts, path), rest, problems)


def _put(forms: pd.DataFrame, folder: Path, parts: int, name: str) -> dict[int, str]:
    """The forms of each part as a file of its own; the same forms go to the same part and file whenever this is done."""
    part = (case_numbers(forms) % np.uint64(parts)).astype(np.int64)
    whole = pa.Table.from_pandas(as_forms(forms), preserve_index=False)
    number = hashlib.sha256(name.encode()).hexdigest()[:16]
    pieces: dict[int, str] = {}
    order = np.argsort(part, kind="stable")
    ends = np.searchsorted(part[order], np.arange(parts + 1))
    for at, (start, end) in enumerate(pairwise(ends.tolist())):
        if start < end:
            home = folder / f"{at:05}"
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(whole.take(order[start:end]), home / f"{number}.parquet")
            pieces[at] = str(home / f"{number}.parquet")
    return pieces


_OPTIONAL = ("markers", "cases", "tasks", "goals", "review", "unsettled")


def _rest(files: Sequence[Ratings]) -> tuple[Ratings, pd.DataFrame]:
    """The optional sheets of all files, settled, and what was left out of them because it contradicts (PROBLEMS)."""
    found, problems = settled_notes({name: [getattr(one, name) for one in files] for name in _OPTIONAL})
    left_out = joined([one.left_out for one in files], LEFT_OUT).groupby("code", sort=True)["rows"].sum()
    rest = Ratings(
        empty(FORMS),
        **found,
        recognised=joined([one.recognised for one in files], RECOGNISED),
        left_out=shaped(left_out.reset_index(), LEFT_OUT),
        inputs=tuple(dict.fromkeys(file for one in files for file in one.inputs)),
        questions=tuple(dict.fromkeys(question for one in files for question in one.questions)),
    )
    return rest, problems
