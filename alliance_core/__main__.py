"""The command line: python -m alliance_core analyse | check | report | template | sample."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from alliance_core import __version__
from alliance_core.analysis import analyse
from alliance_core.command_line import in_parts, report
from alliance_core.command_line.given import (
    ALL_METHODS,
    DONE,
    NOTHING_USABLE,
    add_reading,
    add_settings,
    choices_of,
    ended,
    settings_of,
    status,
)
from alliance_core.command_line.read import read_aloud
from alliance_core.command_line.said import say, say_questions, say_why_nothing
from alliance_core.instruments import instruments
from alliance_core.measures.detectors import DETECTORS
from alliance_core.reading import ChoicesError, read_workbooks
from alliance_core.reading.answering import worded
from alliance_core.reports.tables_out import run_record, to_csv, write_record, write_tables
from alliance_core.sample import LAYOUTS, Design, SampleError, simulate, write_sample
from alliance_core.settings import Settings, SettingsError
from alliance_core.tables import PROBLEMS
from alliance_core.template import TemplateError, write_template


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status. What the user can cause ends in one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", newline="\n")
    chosen = _parser().parse_args(arguments)
    try:
        return chosen.run(chosen)
    except (ChoicesError, SettingsError, SampleError, TemplateError) as error:
        return _fail(str(error))
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return DONE
    except KeyboardInterrupt:
        return _fail("Stopped.")
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        return _fail(f"{name}{error.strerror or error}")


def _fail(message: str) -> int:
    say(message)
    return NOTHING_USABLE


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Wrong usage in one line; argparse itself would print the usage before it."""
        self.exit(NOTHING_USABLE, f"{self.prog}: {message}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m alliance_core",
        description="Alliance ratings from workbooks: scores, gaps between client and practitioner, possible ruptures.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    command = commands.add_parser("analyse", help="read workbooks and write the tables as CSV, with run.json")
    add_reading(command)
    command.add_argument(
        "--out", required=True, metavar="DIR", type=Path, help="folder for the files; made where missing"
    )
    add_settings(command, [*DETECTORS, ALL_METHODS])
    in_parts.add_engine(command)
    command.set_defaults(run=_analyse)

    command = commands.add_parser("check", help="read workbooks and list their problems as CSV")
    add_reading(command)
    command.set_defaults(run=_check)

    report.add(
        commands.add_parser("report", help="make a report: for supervisors, for a meeting, for managers")
    )

    command = commands.add_parser("template", help="write an empty workbook to fill in")
    command.add_argument("target", metavar="OUT.xlsx", type=Path)
    command.add_argument(
        "--instrument", metavar="ID", choices=list(instruments()), default="wai-sr", help="default: wai-sr"
    )
    command.set_defaults(run=_template)

    command = commands.add_parser("sample", help="write synthetic ratings with known ruptures")
    command.add_argument(
        "target", metavar="OUT", type=Path, help="OUT.xlsx; OUT.csv or OUT.tsv for the ratings alone"
    )
    command.add_argument("--practitioners", metavar="N", type=_count, default=4, help="default: 4")
    command.add_argument(
        "--cases", metavar="N", type=_count, default=6, help="cases of each practitioner; default: 6"
    )
    command.add_argument(
        "--sessions", metavar="N", type=_count, default=12, help="sessions of each case; default: 12"
    )
    command.add_argument(
        "--seed", metavar="N", type=_seed, default=1, help="same seed, same file; default: 1"
    )
    command.add_argument(
        "--layout", metavar="NAME", choices=LAYOUTS, default="long-items", help=", ".join(LAYOUTS)
    )
    command.set_defaults(run=_sample)
    return parser


def _count(text: str) -> int:
    if not (text.isdecimal() and int(text) >= 1):
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 up")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 0 up")
    return int(text)


def _methods(named: str | None, settings: Settings) -> list[str]:
    """The rule that was named; the settings' own where none was, and first where all are wanted."""
    own = settings.detection.method
    return [own, *DETECTORS] if named == ALL_METHODS else [named or own]


def _analyse(chosen: argparse.Namespace) -> int:
    if wrong := in_parts.misused(chosen):
        return _fail(wrong)
    settings = settings_of(chosen)
    choices = choices_of(chosen)
    methods = _methods(chosen.method, settings)
    if chosen.engine == in_parts.DASK:
        return in_parts.analyse_in_parts(chosen, settings, choices, methods)
    ratings, problems, so_far = read_aloud(chosen, settings, choices)
    if so_far == NOTHING_USABLE:
        return so_far
    analysis = analyse(ratings, settings, methods)
    write_tables(analysis, problems, chosen.out)
    said = {"method": analysis.method, "methods": list(analysis.methods), **choices.model_dump()}
    record = run_record(analysis, problems, said, __version__, datetime.now().astimezone())
    write_record(record, chosen.out)
    return ended(chosen, so_far)


def _check(chosen: argparse.Namespace) -> int:
    ratings, problems = worded(*read_workbooks(chosen.inputs, choices_of(chosen)), "command line")
    print(to_csv(problems, PROBLEMS), end="", flush=True)
    say_questions(ratings)
    if problems.empty:
        say("No problems found.")
    so_far = status(ratings, problems)
    if so_far == NOTHING_USABLE:
        say_why_nothing(ratings, problems)
    return so_far


def _template(chosen: argparse.Namespace) -> int:
    write_template(chosen.target, chosen.instrument)
    return DONE


def _sample(chosen: argparse.Namespace) -> int:
    design = Design(chosen.practitioners, chosen.cases, chosen.sessions)
    write_sample(simulate(design, chosen.seed), chosen.target, chosen.layout)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
