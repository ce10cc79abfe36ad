"""Read what a command was given, and say on stderr what became of it."""

from __future__ import annotations

import argparse

import pandas as pd

from alliance_core.command_line.given import NOTHING_USABLE, status
from alliance_core.command_line.said import say_problems, say_questions, say_what_counts, say_why_nothing
from alliance_core.reading import ReadingChoices, read_workbooks
from alliance_core.reading.answering import worded
from alliance_core.settings import Settings
from alliance_core.tables import Ratings


def read_aloud(
    chosen: argparse.Namespace, settings: Settings, choices: ReadingChoices
) -> tuple[Ratings, pd.DataFrame, int]:
    """Ratings, problems (PROBLEMS), and the exit status so far: where nothing is usable, that is said, and there is nothing to go on with."""
    read = read_workbooks(chosen.inputs, choices, settings=settings)
    ratings, problems = worded(*read, "command line")
    so_far = status(ratings, problems)
    say_questions(ratings)
    if so_far == NOTHING_USABLE:
        say_problems(problems)
        say_why_nothing(ratings, problems)
    else:
        say_what_counts(problems)
    return ratings, problems, so_far
