"""The user's own workbook handed back: problem cells marked, problems on a sheet of their own, corrections applied.

The workbook is opened and written in a limited process of its own, as for reading. Everything that is not
marked or corrected stays as it was, formulas and their stored results included.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from alliance_core.reading import guard
from alliance_core.reading.cells import to_number
from alliance_core.reading.child.limits import UPLOAD
from alliance_core.reading.limited import QUEUE
from alliance_core.reading.problems import counted
from alliance_core.reading.sheets import Refusal, read_sheets
from alliance_core.reading.sources import Source, collect
from alliance_core.reading.values_copy import names_for, values_copy

PROBLEMS_TITLE = (
    "Problems that were found in this workbook"  # by it our own sheet is known again, and not read
)
MOST_LISTED = 20_000
WALL_SECONDS = 30
SEVERITIES = {"error": "row left out", "warning": "used, please look", "note": "for your information"}
REPLACE, EMPTY, REMOVE_ROW = "write the new value", "empty the cell", "remove the row"
_PROGRAM = Path(__file__).parent / "child" / "mark.py"
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_DAY = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
_TOO_LARGE = Refusal(
    "not_marked", "is too large or too unusual to be written back. Take the list of problems (CSV) instead."
)


class Marked(NamedTuple):
    """A workbook to hand back: its name, its bytes, and in sentences what is different from the one given."""

    name: str
    content: bytes
    notes: tuple[str, ...]


def marked_workbook(
    name: str, content: bytes, problems: pd.DataFrame, corrections: pd.DataFrame | None = None
) -> Marked | Refusal:
    """The workbook with corrections applied, problem cells marked and the problems listed on a sheet of their own.

    `problems` (PROBLEMS): those of this file; others must be taken out before. Errors and warnings are marked in
    their cells with a colour and a comment, notes are only listed. Without problems no sheet is added, and marks of an
    earlier round are taken away. `corrections` (columns sheet, cell, action, new): `action` is one of REPLACE, EMPTY,
    REMOVE_ROW (which empties its cells; the row's place stays), `new` the text of the new value: a number, an ISO date
    or text, never a formula. A file other than .xlsx or .xlsm comes back as .xlsx with its values only, and a note says so.
    A Refusal where the file cannot be written back; never raises for any content.
    """
    kind = guard.look(content, UPLOAD).kind
    if not kind:
        return _TOO_LARGE
    corrections = (
        pd.DataFrame(columns=["sheet", "cell", "action", "new"]) if corrections is None else corrections
    )
    notes: list[str] = []
    title_of: dict[str, str] = {}
    if kind != "xlsx":
        sheets = read_sheets(name, content, kind, UPLOAD)
        if isinstance(sheets, Refusal):
            return _TOO_LARGE if sheets.code == "too_large" else sheets
        title_of = dict(zip([sheet.label for sheet in sheets], names_for(sheets), strict=True))
        content = values_copy(sheets)
        ending = Path(name).suffix
        notes.append(
            f"{name} comes back as .xlsx, because a {ending or 'file of its kind'} cannot be marked here: "
            "every value stands at its address; formats, formulas and comments are not in it."
        )
        name = f"{Path(name).stem}.xlsx"
    marks, listed = _placed(problems, title_of), _listed(problems)
    orders = {
        "title": PROBLEMS_TITLE,
        "sheet": "Problems",
        "marks": marks,
        "rows": listed,
        "bold": [1, 4],
        "corrections": _ordered(corrections, title_of),
    }
    answer = _run(orders, content)
    if answer is None:
        return _TOO_LARGE
    about, made = answer
    if about["lost"]:
        notes.append(
            f"Not carried over from {name}: {', '.join(about['lost'])}. Your own file still has them."
        )
    return Marked(name, made, tuple(notes))


def corrected(sources: Sequence[Source], corrections: pd.DataFrame) -> list[tuple[str, bytes]] | Refusal:
    """The files (name, bytes) with the corrections applied (columns file, sheet, cell, action, new); others as they were.

    `file` is the file's name as problems give it. A Refusal names the first file that cannot be written back.
    """
    nothing = pd.DataFrame({"severity": []})
    found: list[tuple[str, bytes]] = []
    for given in collect(sources)[0]:
        own = corrections[corrections["file"] == given.name]
        if own.empty:
            found.append((given.name, given.content))
            continue
        made = marked_workbook(given.name, given.content, nothing, own)
        if isinstance(made, Refusal):
            return made._replace(message=f"{given.name} {made.message}")
        found.append((made.name, made.content))
    return found


def position(cell: str) -> tuple[int, int]:
    """Row and column of an address, both counted from 1.

    >>> position("C17"), position("AA1")
    ((17, 3), (1, 27))
    """
    found = _CELL.fullmatch(cell)
    if not found:
        raise ValueError(f"{cell} is no address of a cell")
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - 64
    return int(found.group(2)), column


def _placed(problems: pd.DataFrame, title_of: dict[str, str]) -> dict[str, list[list[Any]]]:
    """By sheet: [row, column, severity, text] of each cell with an error or a warning, all its messages together."""
    if problems.empty:
        return {}
    seen = problems[problems["cell"].notna() & problems["severity"].isin(("error", "warning"))]
    words = seen["severity"].map(SEVERITIES).str.capitalize() + ": " + seen["message"]
    cells = seen.assign(words=words).groupby(["sheet", "cell"], sort=False)
    together = cells.agg(
        severity=("severity", "min"), words=("words", "\n".join)
    )  # "error" comes before "warning"
    found: dict[str, list[list[Any]]] = {}
    for (sheet, cell), severity, text in zip(
        together.index.tolist(), together["severity"].tolist(), together["words"].tolist(), strict=True
    ):
        found.setdefault(str(title_of.get(sheet, sheet)), []).append([*position(cell), severity, text[:2000]])
    return found


def _listed(problems: pd.DataFrame) -> list[list[str]]:
    """The rows of the Problems sheet; none where there is no problem."""
    if problems.empty:
        return []
    kinds = problems["severity"].value_counts()
    sums = ", ".join(f"{kinds[name]:,} × {words}" for name, words in SEVERITIES.items() if name in kinds)
    shown = problems.head(MOST_LISTED)
    table = shown[["severity", "sheet", "cell", "column", "value", "message"]].astype(object)
    table["severity"] = table["severity"].map(SEVERITIES)
    rows = table.where(table.notna(), "").astype(str).to_numpy().tolist()
    tail = [] if len(shown) == len(problems) else [[f"The first {MOST_LISTED:,} are listed."]]
    total = f"{counted(len(problems), 'problem')}: {sums}. This sheet is not read as ratings."
    return [
        [PROBLEMS_TITLE],
        [total],
        [],
        ["what happens", "sheet", "cell", "column", "value", "what is wrong"],
        *rows,
        *tail,
    ]


def _ordered(corrections: pd.DataFrame, title_of: dict[str, str]) -> dict[str, list[list[Any]]]:
    found: dict[str, list[list[Any]]] = {}
    columns = (corrections[name].tolist() for name in ("sheet", "cell", "action", "new"))
    for sheet, cell, action, new in zip(*columns, strict=True):
        row, column = position(cell)
        order = (
            [row, 0, "nothing", None]
            if action == REMOVE_ROW
            else [row, column, *(("nothing", None) if action == EMPTY else typed(str(new)))]
        )
        found.setdefault(str(title_of.get(sheet, sheet)), []).append(order)
    return found


def typed(text: str) -> tuple[str, Any]:
    """What a new value is: number, ISO date or text. Codes with leading zeros and long numbers stay text.

    >>> typed("3,5"), typed("007"), typed("2025-11-03"), typed("=1+1")
    (('number', 3.5), ('text', '007'), ('date', '2025-11-03'), ('text', '=1+1'))
    """
    plain = text.strip()
    if _DAY.fullmatch(plain) and not np.isnat(_day(plain)):
        return "date", plain
    number = to_number(plain)
    coded = re.match(r"0[0-9]", plain) or len(plain) > 15 or plain.startswith("+")
    return ("text", plain) if number is None or coded else ("number", number)


def _day(text: str) -> np.datetime64:
    try:
        return np.datetime64(text, "D")
    except ValueError:
        return np.datetime64("NaT", "D")


def _environment() -> dict[str, str]:
    kept = {k: os.environ[k] for k in ("SYSTEMROOT", "PATH", "LD_LIBRARY_PATH") if k in os.environ}
    return {**kept, "OPENBLAS_NUM_THREADS": "1"}  # openpyxl looks for numpy, whose threads reserve memory


def _no_words() -> None:
    """Nobody is told that the workbook waits for its turn."""


def _run(orders: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes] | None:
    """The child's answer; None where it failed or met a limit."""
    asked = json.dumps(orders).encode("ascii")
    with (
        QUEUE.place(large=True, waiting=_no_words),  # it takes more memory than reading
        subprocess.Popen(  # noqa: S603  # our own program, the workbook on its standard input
            [sys.executable, "-I", "-B", str(_PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        ) as child,
    ):
        try:
            output, _ = child.communicate(
                len(asked).to_bytes(8, "little") + asked + content, timeout=WALL_SECONDS
            )
        except subprocess.TimeoutExpired:
            child.kill()
            return None
        except BaseException:
            child.kill()
            raise
    if child.returncode != 0:
        return None
    size = int.from_bytes(output[:8], "little")
    return json.loads(output[8 : 8 + size]), output[8 + size :]
