"""A whole run over parts: what each adds, what all share, everything of each part, the summaries. The same for every kind of workers."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from alliance_core import stages
from alliance_core.analysis import for_all, known_methods, named_beside
from alliance_core.engines.gathering import Gathered, gather, look, stated_by
from alliance_core.engines.work import WRITTEN, Added, Job, Written, add_up, case_numbers, joined, measure
from alliance_core.engines.workers import EngineError, Workers
from alliance_core.measures import chance, work
from alliance_core.reading import ReadingChoices
from alliance_core.reading.problems import WARNING
from alliance_core.settings import Settings
from alliance_core.stages import Beside
from alliance_core.tables import (
    CASELOADS,
    CHANCE,
    PRACTITIONERS,
    PROBLEMS,
    RECOGNISED,
    SERVICE,
    InputFile,
    Ratings,
    shaped,
)

_CASE = ["practitioner", "client"]


@dataclass(frozen=True)
class Run:
    """What came of a run. `rest`: the ratings without their forms (`forms` of them were used); `noise` σ with its source; `rows` written by table.

    `practitioners`, `caseloads`, `service`: as of analysis.Analysis; `chance` (CHANCE, one row): what the rule finds by chance. `parts` that there were; `brought_together`: whether
    forms had to be put into them by case.
    """

    rest: Ratings
    problems: pd.DataFrame
    settings: Settings
    methods: tuple[str, ...]
    forms: int
    noise: pd.DataFrame
    practitioners: pd.DataFrame
    caseloads: pd.DataFrame
    service: pd.DataFrame
    chance: pd.DataFrame
    rows: dict[str, int]
    parts: int
    brought_together: bool


def run(
    inputs: Sequence[Path],
    out: Path,
    choices: ReadingChoices,
    settings: Settings,
    methods: Sequence[str],
    workers: Workers,
) -> Run:
    """Everything of the inputs; the tables of work.WRITTEN are folders of Parquet files in `out`, which all workers see. They are there when the run is over, all of them or none.

    Raises DatasetError, EngineError, and OSError where something cannot be read or written.
    """
    handed = look(inputs)
    _can_be_replaced(out)
    out.mkdir(parents=True, exist_ok=True)
    making = out.resolve() / f".making-{secrets.token_hex(8)}"
    making.mkdir(mode=0o700)
    try:
        job = Job(settings, known_methods(methods), stated_by(choices), str(making))
        gathered = gather(handed, choices, settings, making / "forms", workers)
        added = workers.each(add_up, [(part,) for part in gathered.parts], job)
        if _spread(added):
            gathered = gather(handed, choices, settings, making / "forms", workers, by_case=True)
            added = workers.each(add_up, [(part,) for part in gathered.parts], job)
        found = _measured(gathered, added, job, workers)
        if found.forms:
            _put_in_place(making, out)
        return found
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _spread(added: Sequence[Added]) -> bool:
    """Whether any case has forms in several parts."""
    every = np.concatenate([part.cases for part in added])
    return len(np.unique(every)) < len(every)


def _measured(gathered: Gathered, added: Sequence[Added], job: Job, workers: Workers) -> Run:
    settings, rest = job.settings, gathered.rest
    common = stages.shared([part.sums for part in added], settings)
    beside, strangers = _beside(rest, added, settings)
    draws = chance.among([part.alike for part in added], sum(part.entries for part in added))
    items = [*zip(gathered.parts, beside, draws, strict=True)]
    written: list[Written] = workers.each(measure, items, job, common)
    people, loads, service = stages.practitioners([part.counts for part in written], common, settings)
    told = chance.together([part.falls for part in written]).told()
    inputs = _inputs(rest, added)
    strangers = (
        strangers if len(inputs) > 1 else strangers.iloc[:0]
    )  # a file alone has named them with their cells
    recognised = joined([rest.recognised, *(part.recognised for part in added)], RECOGNISED)
    problems = joined([gathered.problems, *(part.problems for part in added), strangers], PROBLEMS)
    return Run(
        rest=replace(
            rest,
            recognised=recognised.sort_values(RECOGNISED.keys, ignore_index=True),
            inputs=inputs,
        ),
        problems=problems.sort_values("file", kind="stable", na_position="first", ignore_index=True),
        settings=settings,
        methods=job.methods,
        forms=sum(part.forms for part in added),
        noise=common.noise,
        practitioners=shaped(people, PRACTITIONERS),
        caseloads=shaped(for_all(loads, people[["practitioner"]]), CASELOADS),
        service=shaped(service, SERVICE),
        chance=shaped(pd.DataFrame([told._asdict()]), CHANCE),
        rows={table.name: sum(part.rows[table.name] for part in written) for table in WRITTEN},
        parts=len(gathered.parts),
        brought_together=any(part.brought for part in gathered.parts),
    )


def _beside(rest: Ratings, added: Sequence[Added], settings: Settings) -> tuple[list[Beside], pd.DataFrame]:
    """What the optional sheets say, each case where its forms are; and warnings of cases that no form is about, which stand in the first part."""
    readings = work.work(rest.tasks, rest.goals, settings).readings
    named = named_beside(rest)
    cases = np.concatenate([part.cases for part in added])
    home = np.repeat(np.arange(len(added)), [len(part.cases) for part in added])
    order = np.argsort(cases)

    def homes(frame: pd.DataFrame) -> np.ndarray:
        """The part of each row's case; −1 where no part has it."""
        number = case_numbers(frame)
        at = np.searchsorted(cases[order], number).clip(max=max(len(cases) - 1, 0))
        known = cases[order][at] == number if len(cases) else np.zeros(len(frame), bool)
        return np.where(known, home[order][at], -1) if len(cases) else np.full(len(frame), -1)

    frames = (rest.markers, rest.cases, readings)
    places = [np.maximum(homes(frame), 0) for frame in frames]
    strangers = named[homes(named) < 0].reset_index(drop=True)
    parts = [
        Beside(
            *(
                frame[place == number].reset_index(drop=True)
                for frame, place in zip(frames, places, strict=True)
            ),
            unrated=strangers if number == 0 else strangers.iloc[:0],
        )
        for number in range(len(added))
    ]
    told = (
        "No ratings were found for practitioner " + strangers["practitioner"] + ", client " + strangers["client"]
        + "; check how both are written. The case is listed with 0 sessions."
    )  # fmt: skip
    warned = pd.DataFrame({"severity": WARNING, "code": "case_without_ratings", "message": told})
    return parts, shaped(warned, PROBLEMS)


def _inputs(rest: Ratings, added: Sequence[Added]) -> tuple[InputFile, ...]:
    return tuple(dict.fromkeys([*rest.inputs, *(file for part in added for file in part.inputs)]))


def _can_be_replaced(out: Path) -> None:
    """Folders of an earlier run give way; anything else that has their names does not."""
    for table in WRITTEN:
        home = out / table.name
        if home.exists() and not (home.is_dir() and all(_is_part(one) for one in home.iterdir())):
            raise EngineError(
                f"{home} holds other things than an earlier run wrote: choose another folder with --out."
            )


def _is_part(path: Path) -> bool:
    return path.name.startswith("part-") and path.suffix == ".parquet"


def _put_in_place(making: Path, out: Path) -> None:
    """The folders of all tables get their names; those of an earlier run go."""
    for table in WRITTEN:
        home = out / table.name
        for half in (making / table.name).glob(".*"):  # what a lost worker was about to write
            half.unlink()
        if home.exists():
            home.rename(making / f"former-{table.name}")
        (making / table.name).rename(home)
