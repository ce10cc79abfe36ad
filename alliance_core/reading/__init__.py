"""Spreadsheets in: guard → limited child process → headers and layouts → cells → tidy ratings and problems."""

from alliance_core.reading.choices import ChoicesError, ReadingChoices, SheetChoices
from alliance_core.reading.profiles import load_choices, parse_profile, to_toml
from alliance_core.reading.workbooks import read_workbooks

__all__ = [
    "ChoicesError",
    "ReadingChoices",
    "SheetChoices",
    "load_choices",
    "parse_profile",
    "read_workbooks",
    "to_toml",
]
