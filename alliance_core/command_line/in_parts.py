"""The command analyse with an engine for more than one process: its options, and the run."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime

from alliance_core import __version__
from alliance_core.command_line.given import DONE, NOTHING_USABLE, SOME_LEFT_OUT, ended
from alliance_core.command_line.said import say, say_problems, say_questions, say_what_counts, say_why_nothing
from alliance_core.reading import ReadingChoices
from alliance_core.settings import Settings

PANDAS, DASK = "pandas", "dask"


def add_engine(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--engine",
        metavar="NAME",
        choices=[PANDAS, DASK],
        default=PANDAS,
        help="pandas, in one process (default), or dask, in parts by workers, for millions of forms",
    )
    command.add_argument(
        "--scheduler", metavar="ADDRESS", help="dask: a cluster that is there, as tcp://HOST:PORT"
    )
    command.add_argument(
        "--workers", metavar="N", type=_workers, help="dask: how many on this machine; default: one a core"
    )


def _workers(text: str) -> int:
    if not (text.isdecimal() and int(text) >= 1):
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 up")
    return int(text)


def misused(chosen: argparse.Namespace) -> str:
    """What is wrong with the options of the engine, in a sentence; empty where nothing is."""
    if chosen.engine == PANDAS and (chosen.scheduler or chosen.workers):
        return "--scheduler and --workers belong to --engine dask."
    if chosen.scheduler and chosen.workers:
        return "--workers is of this machine, and --scheduler has workers of its own: give one of the two."
    return ""


def analyse_in_parts(
    chosen: argparse.Namespace, settings: Settings, choices: ReadingChoices, methods: Sequence[str]
) -> int:
    """Run it, say what counts, and give the exit status."""
    from alliance_core.engines import cluster, running, tidy, workers, writing

    try:
        with cluster.dask_workers(chosen.scheduler, chosen.workers) as those:
            found = running.run(chosen.inputs, chosen.out, choices, settings, methods, those)
    except (workers.EngineError, tidy.DatasetError) as error:
        say(str(error))
        return NOTHING_USABLE
    say_questions(found.rest)
    if not found.forms:
        say_problems(found.problems)
        say_why_nothing(found.rest, found.problems)
        return NOTHING_USABLE
    say_what_counts(found.problems)
    writing.write_summaries(found, chosen.out)
    said = {"engine": DASK, **choices.model_dump()}
    writing.write_run(found, chosen.out, said, __version__, datetime.now().astimezone())
    lost = found.problems["severity"].eq("error").any()
    return ended(chosen, SOME_LEFT_OUT if lost else DONE)
