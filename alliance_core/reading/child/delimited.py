"""Rows of a text file: its encoding, its delimiter, its quotes."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .encode import Whole
from .look import NotPlainError

DELIMITERS = ("\t", ";", ",", "|")  # a comma may be a decimal comma, so ; goes before it
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOK_AT_LINES = 60
_HEAD = 1 << 20  # letters in which these lines stand
_LARGE = 1 << 20  # letters from which on it is worth the start of numpy


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
    head = text if len(text) <= _HEAD else text[: text.rfind("\n", 0, _HEAD) + 1] or text[:_HEAD]
    lines = [line for line in itertools.islice(io.StringIO(head), _LOOK_AT_LINES) if line.strip()]
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


def _lines(text: str) -> Iterator[str]:
    """The lines with their ends, some of the text at a time: all of it at once would take four bytes a letter."""
    at = 0
    while at < len(text):
        end = text.find("\n", at + _HEAD) + 1 or len(text)
        yield from io.StringIO(text[at:end], newline="")
        at = end


class Rows:
    """The rows of a text, filled up to one width; `refused` says why there are none: {"refused": why, "line": n}."""

    def __init__(self, text: str, limits: dict[str, Any]) -> None:
        self._width = 0
        self._delimiter, self._text, self._skipped = _stated_delimiter(text)
        self.refused = self._measured(limits)

    def _read(self) -> Any:
        return csv.reader(_lines(self._text), delimiter=self._delimiter, strict=True)

    def _measured(self, limits: dict[str, Any]) -> dict[str, Any]:
        """How wide the rows are; what is wrong, with the line, where they cannot be read."""
        cells, height = 0, self._skipped
        reader = self._read()
        line = 0
        try:
            for row in reader:
                line = reader.line_num + self._skipped
                height += 1
                self._width = max(self._width, len(row))
                cells += len(row)
                counts = {"columns": self._width, "cells": cells, "area": self._width * height}
                for limit, count in counts.items():
                    if count > limits[limit]:
                        return {"refused": limit, "line": line}
        except csv.Error:
            return {"refused": "quotes", "line": line + 1}
        return {}

    def __iter__(self) -> Iterator[list[str]]:
        if not self.refused and self._width:
            for row in itertools.chain(itertools.repeat([], self._skipped), self._read()):
                yield row + [""] * (self._width - len(row))


def sheets(
    path: str, kind: str, limits: dict[str, Any]
) -> Iterator[tuple[Iterable[list[Any]] | Whole, dict[str, Any]]]:
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
    about = {"name": "", "start": [0, 0], "hidden": False, "encoding": encoding}
    if (large := _large(text, limits)) is not None:
        yield large, about
        return
    rows = Rows(text, limits)
    if rows.refused:
        yield [], rows.refused
    elif any(True for _ in rows):
        yield rows, about


def _large(text: str, limits: dict[str, Any]) -> Whole | None:
    """The cells of a large text; None where it is not large, or the csv module has to read it."""
    if len(text) < _LARGE or _stated_delimiter(text[:_HEAD])[2]:
        return None
    from . import plain_text

    try:
        return plain_text.cut(text.encode("utf-8"), delimiter_of(text), limits)
    except NotPlainError:
        return None
