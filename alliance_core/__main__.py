"""The command line: python -m alliance_core analyse | check | template | sample."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import pandas as pd

from alliance_core import __version__
from alliance_core.analysis import analyse
from alliance_core.instruments import instruments
from alliance_core.measures.detectors import DETECTORS
from alliance_core.reading import ChoicesError, ReadingChoices, load_choices, read_workbooks
from alliance_core.reading.answering import worded
from alliance_core.reading.asking import in_words
from alliance_core.reading.one_sheet import WORKED_OUT
from alliance_core.reports.tables_out import run_record, to_csv, write_record, write_tables
from alliance_core.sample import LAYOUTS, Design, SampleError, simulate, write_sample
from alliance_core.settings import Settings, SettingsError
from alliance_core.settings_file import load_settings
from alliance_core.tables import PROBLEMS, Ratings
from alliance_core.template import TemplateError, write_template

DONE, SOME_LEFT_OUT, NOTHING_USABLE = 0, 1, 2
ALL_METHODS = "all"


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


def _say(message: str) -> None:
    """One line on stderr; a control character of a cell does not reach the terminal."""
    shown = "".join(letter if letter.isprintable() else " " for letter in message)
    print(" ".join(shown.split()), file=sys.stderr)


def _fail(message: str) -> int:
    _say(message)
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
    _add_reading(command)
    command.add_argument(
        "--out", required=True, metavar="DIR", type=Path, help="folder for the files; made where missing"
    )
    command.add_argument(
        "--settings", metavar="FILE", type=Path, help="TOML file with thresholds that differ"
    )
    command.add_argument(
        "--method",
        metavar="NAME",
        choices=[*DETECTORS, ALL_METHODS],
        help=f"rule that finds possible ruptures: {', '.join(DETECTORS)}, or {ALL_METHODS} of them beside each other; "
        f"default: the settings', which is {Settings().detection.method} unless they say otherwise",
    )
    command.add_argument(
        "--strict", action="store_true", help="exit with 2 instead of 1 where rows were left out"
    )
    command.set_defaults(run=_analyse)

    command = commands.add_parser("check", help="read workbooks and list their problems as CSV")
    _add_reading(command)
    command.set_defaults(run=_check)

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


def _add_reading(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "inputs", nargs="+", metavar="INPUT", type=Path, help="workbook, CSV file, or a folder of them"
    )
    command.add_argument(
        "--profile", metavar="FILE", type=Path, help="TOML file that says what the columns mean"
    )
    command.add_argument(
        "--instrument",
        metavar="ID",
        choices=list(instruments()),
        help=f"where the files do not say: {', '.join(instruments())}",
    )
    command.add_argument(
        "--range", metavar="MIN:MAX", type=_range, help="response range of scores whose instrument has none"
    )


def _count(text: str) -> int:
    if not (text.isdecimal() and int(text) >= 1):
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 up")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 0 up")
    return int(text)


def _range(text: str) -> tuple[float, float]:
    lowest, _, highest = text.partition(":")
    try:
        found = float(lowest), float(highest)
    except ValueError:
        found = (0.0, 0.0)
    if not (found[0] < found[1] and all(abs(mark) < float("inf") for mark in found)):
        raise argparse.ArgumentTypeError(
            f"{text} is not a range; give the lowest and the highest mark as 1:7"
        )
    return found


def _choices(chosen: argparse.Namespace) -> ReadingChoices:
    """The profile, where there is one; what the command line says goes before it."""
    choices = load_choices(chosen.profile) if chosen.profile else ReadingChoices()
    said = {name: getattr(chosen, name) for name in ("instrument", "range") if getattr(chosen, name)}
    return choices.model_copy(update=said)


def _status(ratings: Ratings, problems: pd.DataFrame) -> int:
    if ratings.forms.empty:
        return NOTHING_USABLE
    return SOME_LEFT_OUT if problems["severity"].eq("error").any() else DONE


def _say_problems(problems: pd.DataFrame) -> None:
    """One line on stderr for each kind of problem in each sheet: its first place, and how many more."""
    kinds = problems.groupby(["file", "sheet", "code"], sort=False, dropna=False)
    more = kinds["code"].transform("size") - 1
    for index, line in problems.loc[kinds.cumcount().eq(0)].iterrows():
        message = str(line["message"])
        place = ", ".join(line[["file", "sheet", "cell"]].dropna().loc[lambda part: part.ne("")])
        place = "" if message.startswith(place) else f"{place}: "  # a file's own problem begins with its name
        rest = f" (and {more[index]} more like it)" if more[index] else ""
        _say(f"{place}{message}{rest}")


def _say_questions(ratings: Ratings) -> None:
    """One line on stderr for each thing that reading did not settle by itself."""
    for question in ratings.questions:
        _say(in_words(question))


def _say_why_nothing(ratings: Ratings, problems: pd.DataFrame) -> None:
    recognised = (
        not ratings.recognised["layout"].isin(["not recognised", "help", "ignored", WORKED_OUT]).all()
    )
    if recognised and not problems["severity"].eq("error").any():
        _say("No ratings yet: there are headers, but no rows below them.")
    else:
        _say("No ratings could be used.")


def _methods(named: str | None, settings: Settings) -> list[str]:
    """The rule that was named; the settings' own where none was, and first where all are wanted."""
    own = settings.detection.method
    return [own, *DETECTORS] if named == ALL_METHODS else [named or own]


def _analyse(chosen: argparse.Namespace) -> int:
    settings = load_settings(chosen.settings) if chosen.settings else Settings()
    choices = _choices(chosen)
    read = read_workbooks(chosen.inputs, choices, settings=settings)
    ratings, problems = worded(*read, "command line")
    status = _status(ratings, problems)
    _say_questions(ratings)
    if status == NOTHING_USABLE:
        _say_problems(problems)
        _say_why_nothing(ratings, problems)
        return status
    _say_problems(problems.loc[problems["severity"].eq("error")])
    analysis = analyse(ratings, settings, _methods(chosen.method, settings))
    write_tables(analysis, problems, chosen.out)
    said = {"method": analysis.method, "methods": list(analysis.methods), **choices.model_dump()}
    record = run_record(analysis, problems, said, __version__, datetime.now().astimezone())
    write_record(record, chosen.out)
    return NOTHING_USABLE if chosen.strict and status == SOME_LEFT_OUT else status


def _check(chosen: argparse.Namespace) -> int:
    ratings, problems = worded(*read_workbooks(chosen.inputs, _choices(chosen)), "command line")
    print(to_csv(problems, PROBLEMS), end="", flush=True)
    _say_questions(ratings)
    if problems.empty:
        _say("No problems found.")
    status = _status(ratings, problems)
    if status == NOTHING_USABLE:
        _say_why_nothing(ratings, problems)
    return status


def _template(chosen: argparse.Namespace) -> int:
    write_template(chosen.target, chosen.instrument)
    return DONE


def _sample(chosen: argparse.Namespace) -> int:
    design = Design(chosen.practitioners, chosen.cases, chosen.sessions)
    write_sample(simulate(design, chosen.seed), chosen.target, chosen.layout)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
