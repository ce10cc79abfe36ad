"""Problems, collected whole columns at a time: masks and one small frame per kind, never one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliance_core.reading.sheets import Sheet, address
from alliance_core.tables import PROBLEMS, Question, shaped

ERROR, WARNING, NOTE = "error", "warning", "note"
_WIDTH = 80
MOST_EXAMPLES = 10  # example values that a question shows


def counted(n: int, thing: str, verb: str = "") -> str:
    """A count in words: "1 row is", "3 rows are".

    >>> counted(1, "row", "is"), counted(1200, "row", "is"), counted(2, "column")
    ('1 row is', '1,200 rows are', '2 columns')
    """
    plural = {"is": "are", "was": "were"}.get(verb, verb)
    return f"{n:,} {thing}{'' if n == 1 else 's'} {verb if n == 1 else plural}".strip()


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


class Problems:
    """A growing list of problems; `frame` gives them in order of file, sheet, row and column."""

    def __init__(self) -> None:
        self._parts: list[pd.DataFrame] = []
        self._sorted: tuple[int, pd.DataFrame] | None = (
            None  # how many parts were put in order, and the result
        )
        self.questions: list[Question] = []

    def add_file(self, severity: str, file: str, code: str, message: str) -> None:
        """A problem of a whole file."""
        self._parts.append(
            pd.DataFrame({"severity": [severity], "file": [file], "code": [code], "message": [message]})
        )

    def ask(
        self,
        sheet: Sheet,
        code: str,
        words: str,
        column: str = "",
        candidates: Iterable[str] = (),
        examples: Iterable[str] = (),
    ) -> None:
        """A question about a sheet or one of its columns; `examples` are cut to ten different ones."""
        shown = tuple(dict.fromkeys(_cut(one) for one in examples if one))[:MOST_EXAMPLES]
        self.questions.append(
            Question(code, sheet.file, sheet.label, _cut(column), words, tuple(candidates), shown)
        )

    def add_sheet(
        self,
        severity: str,
        sheet: Sheet,
        code: str,
        message: str,
        at: tuple[int, int] | None = None,
        header: str = "",
        value: str = "",
    ) -> None:
        """One problem of a sheet, or of one cell: `at` is (row, column) within the sheet's own cells, from 0.

        An error of a sheet may leave out any number of its rows.
        """
        row = None if at is None else np.array([at[0]])
        self.add_cells(severity, sheet, code, [message], row, at[1] if at else None, header, [value])
        self._parts[-1] = self._parts[-1].assign(_many=True)

    def add_cells(
        self,
        severity: str,
        sheet: Sheet,
        code: str,
        messages: Sequence[str] | NDArray[Any],
        rows: NDArray[Any] | None,
        column: int | None,
        header: str = "",
        values: Sequence[str] | NDArray[Any] | None = None,
    ) -> None:
        """One problem for each of the rows (counted from 0 within the sheet's own cells), all in one column."""
        n = len(messages)
        if not n:
            return
        numbers = None if rows is None else rows.astype(np.int64) + sheet.top + 1
        place = None if column is None else column + sheet.left
        letters = None if place is None else address(0, place)[:-1]
        self._parts.append(
            pd.DataFrame(
                {
                    "severity": severity,
                    "file": sheet.file,
                    "sheet": sheet.label,
                    "cell": None
                    if numbers is None or letters is None
                    else [f"{letters}{r}" for r in numbers.tolist()],
                    "row": numbers,
                    "column": _cut(header) or None,
                    "value": None if values is None else [_cut(v) or None for v in values],
                    "code": code,
                    "message": messages,
                    "_position": sheet.position,
                    "_column": -1 if place is None else place,
                },
                index=range(n),
            )
        )

    def extend(self, other: Problems) -> None:
        """Take over another list's problems."""
        self._parts.extend(other._parts)
        self.questions.extend(other.questions)

    def frame(self) -> pd.DataFrame:
        """PROBLEMS, in order of file, sheet, row and column."""
        return shaped(self._ordered(), PROBLEMS)

    def errors(self) -> pd.DataFrame:
        """The errors of sheets and cells in that order: file, position (of the sheet), row, code, many (not of one row only)."""
        every = self._ordered().reindex(columns=["severity", "file", "_position", "row", "code", "_many"])
        errors = every[every["severity"].eq("error") & every["_position"].notna()]
        errors = errors.assign(_many=errors["_many"].eq(True)).drop(columns="severity")
        kinds = {"file": "str", "_position": "int64", "row": "float64", "code": "str"}
        return errors.astype(kinds).rename(columns={"_position": "position", "_many": "many"})

    def _ordered(self) -> pd.DataFrame:
        if self._sorted is None or self._sorted[0] != len(self._parts):
            self._sorted = len(self._parts), self._put_in_order()
        return self._sorted[1]

    def _put_in_order(self) -> pd.DataFrame:
        if not self._parts:
            return pd.DataFrame(columns=PROBLEMS.names)
        every = pd.concat([part.dropna(axis="columns", how="all") for part in self._parts], ignore_index=True)
        order = [
            name
            for name in ("file", "_position", "sheet", "row", "_column", "code", "message")
            if name in every
        ]
        return every.sort_values(order, kind="stable", na_position="first", ignore_index=True)
