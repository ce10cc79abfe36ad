"""What a command says on stderr: one line each, whatever stands in a cell."""

from __future__ import annotations

import sys

import pandas as pd

from alliance_core.reading.asking import in_words
from alliance_core.reading.one_sheet import WORKED_OUT
from alliance_core.tables import Ratings

LEFT_ASIDE = "file_left_aside"


def say(message: str) -> None:
    """One line on stderr; a control character of a cell does not reach the terminal."""
    shown = "".join(letter if letter.isprintable() else " " for letter in message)
    print(" ".join(shown.split()), file=sys.stderr)


def say_problems(problems: pd.DataFrame) -> None:
    """One line on stderr for each kind of problem in each sheet: its first place, and how many more."""
    kinds = problems.groupby(["file", "sheet", "code"], sort=False, dropna=False)
    more = kinds["code"].transform("size") - 1
    for index, line in problems.loc[kinds.cumcount().eq(0)].iterrows():
        message = str(line["message"])
        place = ", ".join(line[["file", "sheet", "cell"]].dropna().loc[lambda part: part.ne("")])
        place = "" if message.startswith(place) else f"{place}: "  # a file's own problem begins with its name
        rest = f" (and {more[index]} more like it)" if more[index] else ""
        say(f"{place}{message}{rest}")


def say_what_counts(problems: pd.DataFrame) -> None:
    """What was left out, and what in a folder was left aside."""
    say_problems(problems[problems["severity"].eq("error") | problems["code"].eq(LEFT_ASIDE)])


def say_questions(ratings: Ratings) -> None:
    """One line on stderr for each thing that reading did not settle by itself."""
    for question in ratings.questions:
        say(in_words(question))


def say_why_nothing(ratings: Ratings, problems: pd.DataFrame) -> None:
    recognised = (
        not ratings.recognised["layout"].isin(["not recognised", "help", "ignored", WORKED_OUT]).all()
    )
    if recognised and not problems["severity"].eq("error").any():
        say("No ratings yet: there are headers, but no rows below them.")
    else:
        say("No ratings could be used.")
