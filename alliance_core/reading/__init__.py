"""Spreadsheets in: guard → limited child process → headers and layouts → cells → tidy ratings and problems."""

from alliance_core.reading.choices import ChoicesError, ReadingChoices, load_choices
from alliance_core.reading.workbooks import read_workbooks

__all__ = ["ChoicesError", "ReadingChoices", "load_choices", "read_workbooks"]
