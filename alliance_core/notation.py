"""How numbers and days are written in words: with a decimal point or comma, day or year first. One way at a time, for all that is written.

It holds for what people read. Files for other programs are written by those who make them, with points and ISO dates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal, get_args

import pandas as pd

Numbers = Literal["1,234.5", "1.234,5", "1 234,5", "1’234.5"]
Dates = Literal["D MMM YYYY", "D.M.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "YYYY-MM-DD"]
NUMBERS: tuple[Numbers, ...] = get_args(Numbers)
DATES: tuple[Dates, ...] = get_args(Dates)


@dataclass(frozen=True)
class Notation:
    """How numbers and days are written."""

    numbers: Numbers = "1,234.5"
    dates: Dates = "D MMM YYYY"

    @property
    def thousands(self) -> str:
        """What stands between thousands; a space that allows no line break where it is a space."""
        return self.numbers[1].replace(" ", "\u00a0")

    @property
    def decimal(self) -> str:
        """What stands before decimals."""
        return self.numbers[-2]

    def signs(self, text: str) -> str:
        """A number as Python writes it, such as -1,234.5, in these signs."""
        return text.translate({ord(","): self.thousands, ord("."): self.decimal})


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WRITTEN: dict[Dates, Callable[[pd.Timestamp], str]] = {
    "D MMM YYYY": lambda day: f"{day.day} {_MONTHS[day.month - 1]} {day.year}",
    "D.M.YYYY": lambda day: f"{day.day}.{day.month}.{day.year}",
    "DD/MM/YYYY": lambda day: f"{day.day:02}/{day.month:02}/{day.year}",
    "MM/DD/YYYY": lambda day: f"{day.month:02}/{day.day:02}/{day.year}",
    "YYYY-MM-DD": lambda day: f"{day.year:04}-{day.month:02}-{day.day:02}",
}
_USUAL = Notation()
_IN_USE = ContextVar("notation in use", default=_USUAL)


def in_use() -> Notation:
    """How what is written now is written."""
    return _IN_USE.get()


@contextmanager
def written(notation: Notation) -> Generator[None]:
    """Everything that is written within is written so.

    >>> with written(Notation("1.234,5", "D.M.YYYY")):
    ...     digits(1234.5, ",.1f"), day(pd.Timestamp(2026, 3, 31))
    ('1.234,5', '31.3.2026')
    """
    before = _IN_USE.set(notation)
    try:
        yield
    finally:
        _IN_USE.reset(before)


def digits(value: float, form: str = "g") -> str:
    """A number in a form of Python's own ("g", ".1f", ",", ".0%"), with the thousands and decimals in use.

    >>> digits(1234.5, ",.1f"), digits(0.25, ".0%"), digits(-3, "+.0f")
    ('1,234.5', '25%', '-3')
    """
    return _IN_USE.get().signs(format(value, form))


def month(moment: pd.Timestamp) -> str:
    """The short name of a day's month, whatever the language of the machine."""
    return _MONTHS[moment.month - 1]


def stretch(first: Any, last: Any) -> str:
    """A stretch of whole months: "Jan 2024", "Jan–Mar 2024", "Nov 2023–Jan 2024"; "all" where there are no dates.

    >>> stretch(pd.Timestamp(2024, 1, 1), pd.Timestamp(2024, 3, 31))
    'Jan–Mar 2024'
    """
    if pd.isna(first):
        return "all"
    first, last = pd.Timestamp(first), pd.Timestamp(last)
    end = f"{month(last)} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return end
    start = month(first) + ("" if first.year == last.year else f" {first.year}")
    return f"{start}–{end}"


_IN_TEXT = re.compile(
    r"(?<![\w.,/])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w/]|[.,]\d)|(?<![\w.,/])\d*\.\d+(?![\w/]|[.,]\d)"
)


def rewritten(text: str) -> str:
    """A text of ours that was written with points, in the notation in use. Never for text of users, nor for what `digits` wrote.

    Numbers of chapters, versions and addresses stay.

    >>> with written(Notation("1.234,5")):
    ...     rewritten("From 1,200 on: .5, 0.77 and 95 %; handbook 6.3.2.2, 10.1037/a1, 1.96·SD.")
    'From 1.200 on: ,5, 0,77 and 95 %; handbook 6.3.2.2, 10.1037/a1, 1,96·SD.'
    """
    now = _IN_USE.get()
    return text if now.numbers == _USUAL.numbers else _IN_TEXT.sub(lambda found: now.signs(found[0]), text)


def day(moment: pd.Timestamp) -> str:
    """A day as it is written; "date unknown" where there is none.

    >>> day(pd.Timestamp(2026, 3, 31)), day(pd.NaT)
    ('31 Mar 2026', 'date unknown')
    """
    return "date unknown" if pd.isna(moment) else _WRITTEN[_IN_USE.get().dates](moment)
