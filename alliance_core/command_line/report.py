"""The command report: read workbooks, and make what goes on paper, into a meeting or to a manager."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from alliance_core.analysis import Analysis, analyse
from alliance_core.command_line.given import (
    NOTHING_USABLE,
    add_reading,
    add_settings,
    choices_of,
    ended,
    settings_of,
)
from alliance_core.command_line.read import read_aloud
from alliance_core.command_line.said import say
from alliance_core.measures.detectors import DETECTORS

if TYPE_CHECKING:
    from alliance_core.reporting import Order

AUDIENCES = ("supervisor", "meeting", "manager")
FORMATS = ("xlsx", "pdf", "html", "csv")


def add(command: argparse.ArgumentParser) -> None:
    """The arguments and options of the command."""
    add_reading(command)
    command.add_argument(
        "--out",
        required=True,
        metavar="OUT",
        type=_target,
        help="FILE.xlsx, FILE.pdf, FILE.html or FILE.csv for one report; a folder for each that there is, made where missing",
    )
    command.add_argument(
        "--for",
        dest="audience",
        metavar="WHOM",
        choices=AUDIENCES,
        help=f"{', '.join(AUDIENCES)}; default: supervisor, and in a folder all of them",
    )
    command.add_argument(
        "--monthly",
        action="store_true",
        help="for a manager, into a folder: a summary as of each month after which one could be told",
    )
    command.add_argument("--practitioner", metavar="ID", help="this one's only, instead of everybody's")
    command.add_argument("--client", metavar="ID", help="with --practitioner: the sheet of this case")
    command.add_argument(
        "--held", metavar="DAY", type=_day, help="the record of a meeting: what was decided on this day"
    )
    command.add_argument(
        "--word",
        metavar="FILE",
        type=Path,
        help="text file with the word that the names of cases in meetings are made from",
    )
    command.add_argument(
        "--day", metavar="DAY", type=_day, help="the day that is stated, as 2026-03-31; default: today"
    )
    add_settings(command, [*DETECTORS])
    command.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Make the reports; the exit status."""
    if chosen.monthly and (chosen.audience not in (None, AUDIENCES[-1]) or not _is_folder(chosen.out)):
        say("--monthly makes summaries for a manager, into a folder.")
        return NOTHING_USABLE
    settings, choices = settings_of(chosen), choices_of(chosen)
    word = _word(chosen.word)
    ratings, _, so_far = read_aloud(chosen, settings, choices)
    if so_far == NOTHING_USABLE:
        return so_far
    analysis = analyse(ratings, settings, [chosen.method or settings.detection.method])
    return ended(chosen, so_far) if _made(chosen, analysis, word) else NOTHING_USABLE


def _made(chosen: argparse.Namespace, analysis: Analysis, word: str | None) -> bool:
    """Writes what was asked for; whether anything was written."""
    # Laying out paper takes packages that no other command waits for.
    from alliance_core.reporting import Order, ReportError, report, why_empty
    from alliance_core.reports.printing import NotPrinted

    order = Order(
        analysis=analysis,
        day=chosen.day or date.today(),
        practitioner=chosen.practitioner,
        client=chosen.client,
        held=chosen.held,
        word=word,
        progress=_progress,
    )
    written = 0
    for audience, target, own in _wanted(chosen, order):
        try:
            content = report(audience, target.suffix[1:].lower(), own)
        except (ReportError, NotPrinted) as error:
            say(f"{target.name}: {error}")
            continue
        if _is_folder(chosen.out):
            target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        written += 1
        why = (
            why_empty(audience, own) if target.suffix.lower() == ".csv" else ""
        )  # other formats say it themselves
        if why:
            say(f"{target.name}: {why}")
    if chosen.monthly and not written:
        say(
            "No summary can be told yet: that takes a month that is over, and enough clients and practitioners."
        )
    return written > 0


def _wanted(chosen: argparse.Namespace, order: Order) -> Iterator[tuple[str, Path, Order]]:
    """For whom, into which file and of what, one by one: the one that was named, all that there are in a folder, or a summary for each month."""
    from alliance_core.reporting import each_month, reports_of

    if chosen.monthly:
        for month, own in each_month(order).items():
            for name in reports_of(AUDIENCES[-1], own):
                yield AUDIENCES[-1], chosen.out / f"{AUDIENCES[-1]}-{month}{Path(name).suffix}", own
    elif _is_folder(chosen.out):
        for audience in [chosen.audience] if chosen.audience else AUDIENCES:
            for name in reports_of(audience, order):
                yield audience, chosen.out / name, order
    else:
        yield chosen.audience or AUDIENCES[0], chosen.out, order


def _progress(done: int, of: int) -> None:
    """How far it is, where somebody watches."""
    if sys.stderr.isatty():
        print(f"\r{done} of {of}", end="\n" if done == of else "", file=sys.stderr, flush=True)


def _is_folder(target: Path) -> bool:
    return target.is_dir() or not target.suffix


def _target(text: str) -> Path:
    target = Path(text)
    if text.endswith(("/", os.sep)) or _is_folder(target) or target.suffix[1:].lower() in FORMATS:
        return target
    raise argparse.ArgumentTypeError(
        f"{target.name} is neither a folder nor a report; give a name that ends with .{', .'.join(FORMATS[:-1])} or .{FORMATS[-1]}"
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a day; give it as 2026-03-31") from None


def _word(path: Path | None) -> str | None:
    """The word in a file, without its outer spaces. Raises OSError."""
    try:
        return None if path is None else path.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        raise OSError(f"{path} is not a text file in UTF-8") from None
