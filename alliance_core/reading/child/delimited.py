"""Rows of a text file: its encoding, its delimiter, its quotes."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DELIMITERS = ("\t", ";", ",", "|")  # a comma may be a decimal comma, so ; goes before it
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOK_AT_LINES = 60


def decode(content: bytes) -> tuple[str, str] | None:
    """The text and the name of its encoding; None where it is no text."""
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), "")
    if not encoding:
        start = content[:400]
        nul = start.count(0)
        even = start[::2].count(0)
        encoding = "utf-8" if nul < len(start) / 4 else "utf-16-be" if even > nul / 2 else "utf-16-le"
    try:
        return content.decode(encoding), encoding
    except UnicodeDecodeError:
        if encoding != "utf-8":
            return None
    try:
        return content.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        return None


def delimiter_of(text: str) -> str:
    """The delimiter that cuts most of the first lines into the same number of cells, at least two."""
    lines = [line for line in itertools.islice(io.StringIO(text), _LOOK_AT_LINES) if line.strip()]
    best, best_lines = ",", 0.0
    for delimiter in DELIMITERS:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1)
        agreeing = max(widths.values(), default=0)
        if agreeing > best_lines * 1.25:  # a later delimiter must do clearly better
            best, best_lines = delimiter, agreeing
    return best


def _stated_delimiter(text: str) -> tuple[str, str, int]:
    """The delimiter, the text to read, and how many lines were taken off: Excel writes `sep=;` on top."""
    first, _, rest = text.partition("\n")
    first = first.strip("\r\n ").strip('"')
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4], rest, 1
    return delimiter_of(text), text, 0


def rows_of(text: str, limits: dict[str, Any]) -> tuple[list[list[str]], dict[str, Any]]:
    """All rows, padded to one width, and how it went: {"refused": why, "line": n} where quotes do not close."""
    rows: list[list[str]] = []
    cells = width = line = 0
    try:
        delimiter, text, skipped = _stated_delimiter(text)
        rows = [[] for _ in range(skipped)]
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for row in reader:
            line = reader.line_num + skipped
            rows.append(row)
            width = max(width, len(row))
            cells += len(row)
            if width > limits["columns"]:
                return [], {"refused": "columns", "line": line}
            if cells > limits["cells"]:
                return [], {"refused": "cells", "line": line}
            if width * len(rows) > limits["area"]:
                return [], {"refused": "area", "line": line}
    except csv.Error:
        return [], {"refused": "quotes", "line": line + 1}
    return [row + [""] * (width - len(row)) for row in rows], {}


def sheets(path: str, kind: str, limits: dict[str, Any]) -> Iterator[tuple[list[list[Any]], dict[str, Any]]]:
    """One sheet without a name, or ([], {"refused": why})."""
    decoded = decode(Path(path).read_bytes())
    if decoded is None:
        yield [], {"refused": "not text"}
        return
    text, encoding = decoded
    if "\0" in text:
        yield [], {"refused": "nul"}
        return
    if "\n" not in text:
        text = text.replace("\r", "\n")  # as old Macintosh programs end lines
    rows, refused = rows_of(text, limits)
    if refused:
        yield [], refused
    elif any(rows):
        yield rows, {"name": "", "start": [0, 0], "hidden": False, "encoding": encoding}
