"""What commands that read workbooks have in common: their inputs and options, and how they end."""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from alliance_core.instruments import instruments
from alliance_core.measures.detectors import DETECTORS
from alliance_core.reading import ReadingChoices, load_choices
from alliance_core.settings import Settings
from alliance_core.settings_file import load_settings
from alliance_core.tables import Ratings

DONE, SOME_LEFT_OUT, NOTHING_USABLE = 0, 1, 2
ALL_METHODS = "all"


def add_reading(command: argparse.ArgumentParser) -> None:
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


def choices_of(chosen: argparse.Namespace) -> ReadingChoices:
    """The profile, where there is one; what the command line says goes before it."""
    choices = load_choices(chosen.profile) if chosen.profile else ReadingChoices()
    said = {name: getattr(chosen, name) for name in ("instrument", "range") if getattr(chosen, name)}
    return choices.model_copy(update=said)


def status(ratings: Ratings, problems: pd.DataFrame) -> int:
    if ratings.forms.empty:
        return NOTHING_USABLE
    return SOME_LEFT_OUT if problems["severity"].eq("error").any() else DONE


def add_settings(command: argparse.ArgumentParser, methods: list[str]) -> None:
    """The options that say how ratings are analysed, with the names that --method takes."""
    command.add_argument(
        "--settings", metavar="FILE", type=Path, help="TOML file with thresholds that differ"
    )
    beside = f", or {ALL_METHODS} of them beside each other" if ALL_METHODS in methods else ""
    command.add_argument(
        "--method",
        metavar="NAME",
        choices=methods,
        help=f"rule that finds possible ruptures: {', '.join(DETECTORS)}{beside}; "
        f"default: the settings', which is {Settings().detection.method} unless they say otherwise",
    )
    command.add_argument(
        "--strict", action="store_true", help="exit with 2 instead of 1 where rows were left out"
    )


def settings_of(chosen: argparse.Namespace) -> Settings:
    """The settings' file, where there is one. Raises SettingsError."""
    return load_settings(chosen.settings) if chosen.settings else Settings()


def ended(chosen: argparse.Namespace, so_far: int) -> int:
    """The exit status; strict where that was asked for."""
    return NOTHING_USABLE if chosen.strict and so_far == SOME_LEFT_OUT else so_far
