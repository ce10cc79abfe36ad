"""Why a file is not read, in words."""

from __future__ import annotations

from typing import Any, NamedTuple

from alliance_core.reading.child.limits import LIMITS, MOST_LETTERS, TO_SPARE, Limits

SAVE_AGAIN = "Open it in your spreadsheet program, check it and save it again as .xlsx."


class Refusal(NamedTuple):
    """Why a file gave no sheets: a code and a sentence that begins after the file's name."""

    code: str
    message: str


ACCEPTED = "Accepted are .xlsx, .xlsm, .xlsb, .xls, .ods, .csv, .tsv and .parquet files."
_REFUSALS = {
    "password": Refusal(
        "password", "is protected by a password. Remove the password, save it and bring it in again."
    ),
    "damaged": Refusal("damaged", f"is damaged or no workbook. {SAVE_AGAIN}"),
    "not text": Refusal("not_a_workbook", f"is no workbook that can be read. {ACCEPTED}"),
    "nul": Refusal("not_a_workbook", "is no text file: it holds NUL bytes. Save it as .xlsx or .csv."),
    "encrypted": Refusal("password", "is encrypted. Save it without encryption and bring it in again."),
    "damaged parquet": Refusal(
        "damaged", "is damaged or no Parquet file that can be read. Make it again, or save its table as .csv."
    ),
    "empty": Refusal("empty_file", "holds no cells."),
    "torn": Refusal("too_large_or_damaged", f"is too large or damaged to read safely. {SAVE_AGAIN}"),
    "entities": Refusal(
        "unsafe_archive",
        f"is not read, because a part of it declares a document type, which no spreadsheet program writes. {SAVE_AGAIN}",
    ),
    "same part": Refusal(
        "unsafe_archive",
        f"is not read, because two of its sheets stand for the same part of the file. {SAVE_AGAIN}",
    ),
}


# by the limit that was met; "most" is the limit itself, "where" what stands beyond it
_LIMIT_MET = {
    "sheets": "has more than {limits.sheets:,} sheets, which is the limit. Bring in only those that hold ratings.",
    "cells": "has more than {most:,} cells, formatted empty ones included, which is the limit. "
    "Delete rows and columns that hold no ratings, or split the file.",
    "columns": "is too wide. {where} is more than {limits.columns:,} columns from the first, which is the limit. "
    "Delete what stands far away from your ratings.",
    "area": "is too large. {where} stands so far from the others that they span more than {most:,} cells, which is the "
    "limit. Delete what stands far away from your ratings, or split the file.",
    "area together": "is too large. Its sheets together span more than {most:,} cells, which is the limit. Split the file.",
    "wide": "has more than {limits.columns:,} columns, which is the limit. Keep only those that hold ratings.",
    "nested": "has a column, {column}, of lists, structures or bytes, which no spreadsheet has. Leave it out.",
    "long": f"has a text of more than {MOST_LETTERS:,} letters in the column {{column}}, which is the limit.",
    "unpacked": "unpacks to more than {most} MB, which is the limit. Split the file.",
    "whole": "is larger than a file of its kind may be, {whole} MB once it is unpacked. Save it as .xlsx in your spreadsheet "
    "program, or as .csv.",
}


def refusal(answer: dict[str, Any], limits: Limits = LIMITS) -> Refusal:
    """In words, why the limited process did not read the file: the limit it met, and what to do."""
    code = answer["refused"]
    where = f"Line {answer['line']:,}" if "line" in answer else ""
    if "cell" in answer:
        row, column = answer["cell"]
        where = f"Cell {address(row, column)} of its sheet number {answer['number'] + 1}"
    if code == "quotes":
        return Refusal(
            "unbalanced_quotes",
            f"has a quotation mark that is opened and not closed properly; reading stopped at line {answer['line']}. "
            "Correct it, or save it as .xlsx.",
        )
    if code in _REFUSALS:
        return _REFUSALS[code]
    most = limits.unpacked >> 20 if code == "unpacked" else answer.get("most", getattr(limits, code, 0))
    told = _LIMIT_MET[code].format(
        where=where, most=most, column=answer.get("column"), limits=limits, whole=limits.whole >> 20
    )
    more = elsewhere(limits) if code in ("cells", "area together", "unpacked") else ""
    return Refusal("not_a_workbook" if code == "nested" else "too_large", told + more)


def elsewhere(limits: Limits) -> str:
    """A sentence where the limits are lower than they need be, as they are on the page where memory is short; else nothing."""
    if limits.cells >= LIMITS.cells:
        return ""
    return f" Larger files are read here when this machine has {TO_SPARE >> 30} GB of memory to spare, and from the command line at any time."


def address(row: int, column: int) -> str:
    """The address of a cell, both counted from 0.

    >>> address(16, 2), address(0, 26)
    ('C17', 'AA1')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
