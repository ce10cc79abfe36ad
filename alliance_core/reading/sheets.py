"""The parent's side of the limited process: bytes in, sheets out, each column as distinct values and codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

WALL_SECONDS = 30
_AT_ONCE = threading.BoundedSemaphore(2)
_CHILD = Path(__file__).parent / "child"
_SAVE_AGAIN = "Open it in your spreadsheet program, check it and save it again as .xlsx."


@dataclass(frozen=True)
class Cells:
    """One column of a sheet. `codes` has one number a row, pointing into `kinds` and `values`.

    `kinds` is one letter a distinct value: e empty, t text, n number, b boolean, d date (ISO text),
    h time or duration, x error cell, f formula without a stored result.
    """

    codes: NDArray[Any]
    kinds: str
    values: list[Any]

    @property
    def empty(self) -> NDArray[np.bool_]:
        """Per distinct value: nothing in it."""
        return np.array([kind == "e" for kind in self.kinds], dtype=bool)

    def shown(self) -> list[str]:
        """Per distinct value: as the user would see it."""
        return [show(kind, value) for kind, value in zip(self.kinds, self.values, strict=True)]


def show(kind: str, value: Any) -> str:
    """One cell's value as text; whole numbers without a decimal point, long text cut."""
    if kind == "n":
        return f"{value:.15g}"
    if kind in "ef":
        return ""
    if kind == "x":
        return str(value or "error")
    if kind == "b":
        return "TRUE" if value else "FALSE"
    text = str(value)
    return text if len(text) <= 80 else text[:79] + "…"


@dataclass(frozen=True)
class Sheet:
    """One sheet. `top` and `left` are the place of its first cell, counted from 0."""

    file: str
    name: str
    position: int
    top: int
    left: int
    height: int
    columns: tuple[Cells, ...]
    hidden: bool = False
    hidden_rows: int = 0
    from_1904: bool = False
    encoding: str = ""

    @property
    def label(self) -> str:
        return self.name or Path(self.file).stem


class Refusal(NamedTuple):
    """Why a file gave no sheets: a code and a sentence that begins after the file's name."""

    code: str
    message: str


_REFUSALS = {
    "password": Refusal(
        "password", "is protected by a password. Remove the password, save it and bring it in again."
    ),
    "damaged": Refusal("damaged", f"is damaged or no workbook. {_SAVE_AGAIN}"),
    "not text": Refusal(
        "not_a_workbook",
        "is no workbook that can be read. Accepted are .xlsx, .xlsm, .xlsb, .xls, .ods, .csv and .tsv files.",
    ),
    "nul": Refusal("not_a_workbook", "is no text file: it holds NUL bytes. Save it as .xlsx or .csv."),
    "empty": Refusal("empty_file", "holds no cells."),
    "unsafe": Refusal("too_large_or_damaged", f"is too large or damaged to read safely. {_SAVE_AGAIN}"),
}


def _refusal(answer: dict[str, Any]) -> Refusal:
    code = answer["refused"]
    if code == "quotes":
        return Refusal(
            "unbalanced_quotes",
            f"has a quotation mark that is opened and not closed properly; reading stopped at line {answer['line']}. "
            "Correct it, or save it as .xlsx.",
        )
    if code == "too many cells":
        where = f"line {answer['line']}" if "line" in answer else f"row {answer['end'][0] + 1:,}"
        return Refusal(
            "too_large",
            f"has cells as far as {where}, which is too large. Delete what stands far away from your ratings.",
        )
    return _REFUSALS[code]


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


def _environment() -> dict[str, str]:
    # nothing of the server's own settings or secrets reaches the process that parses
    return {k: os.environ[k] for k in ("SYSTEMROOT", "PATH", "LD_LIBRARY_PATH") if k in os.environ}


def _run(kind: str, path: str) -> bytes | None:
    command = [sys.executable, "-I", "-B", str(_CHILD), kind, path]
    with (
        _AT_ONCE,
        subprocess.Popen(  # noqa: S603  # our own program, a kind of ours, a random path
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        ) as child,
    ):
        try:
            output, _ = child.communicate(timeout=WALL_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            return None
        except BaseException:
            child.kill()
            raise
    return output if child.returncode == 0 else None


class _Torn(Exception):
    """The child's output ends too early."""


def _messages(output: bytes) -> list[tuple[dict[str, Any], tuple[Cells, ...]]]:
    found: list[tuple[dict[str, Any], tuple[Cells, ...]]] = []
    at = 0
    while at < len(output):
        size = int.from_bytes(output[at : at + 8], "little")
        about = json.loads(output[at + 8 : at + 8 + size])
        at += 8 + size
        columns: list[Cells] = []
        for column in about.pop("columns", ()):
            codes = np.frombuffer(output, dtype=column["type"], count=about["height"], offset=at)
            columns.append(Cells(codes, column["values"][0], column["values"][1]))
            at += column["size"]
        found.append((about, tuple(columns)))
    if not found or "end" not in found[-1][0]:
        raise _Torn
    return found


def read_sheets(file: str, content: bytes, kind: str) -> list[Sheet] | Refusal:
    """All sheets of one file that hold anything, read in a limited process of their own.

    `kind` is what the guard found: xlsx, xlsb, xls, ods or text. Never raises for any content.
    """
    handle, path = tempfile.mkstemp(
        suffix="." + ("csv" if kind == "text" else kind)
    )  # only the owner may read it
    try:
        with os.fdopen(handle, "wb") as copy:
            copy.write(content)
        output = _run(kind, path)
    finally:
        Path(path).unlink(missing_ok=True)
    try:
        messages = _messages(output or b"")
    except (_Torn, ValueError):
        return _REFUSALS["unsafe"]
    if "refused" in messages[-1][0]:
        return _refusal(messages[-1][0])
    sheets = [_sheet(file, i, about, columns) for i, (about, columns) in enumerate(messages[:-1])]
    return sheets or _REFUSALS["empty"]


def _sheet(file: str, position: int, about: dict[str, Any], columns: tuple[Cells, ...]) -> Sheet:
    top, left = about["start"]
    return Sheet(
        file=file,
        name=about["name"],
        position=position,
        top=top,
        left=left,
        height=about["height"],
        columns=columns,
        hidden=about.get("hidden", False),
        hidden_rows=about.get("hidden_rows", 0),
        from_1904=about.get("from_1904", False),
        encoding=about.get("encoding", ""),
    )
