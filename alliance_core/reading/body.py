"""The rows of one sheet while they are read: which there are, which are left out, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliance_core.reading import cells
from alliance_core.reading.cells import BAD, BLANK, ERROR_CELL, GOOD, NO_RESULT, Read
from alliance_core.reading.layouts import Found, body_rows
from alliance_core.reading.problems import ERROR, NOTE, Problems
from alliance_core.reading.sheets import Cells

_KEY_FIELDS = ("practitioner", "client", "session", "date", "rater")
_WHY = {
    BLANK: "is empty",
    BAD: "cannot be read",
    ERROR_CELL: "is an error cell",
    NO_RESULT: "is a formula whose result was not saved",
}


def _total_words(shown: str) -> str:
    return f"The row headed {shown} is a total or an average and was not read as a rating."


def _remark_words(shown: str) -> str:
    return f"The row that holds only the text {shown} was not read as a rating."


def _again_words(shown: str) -> str:
    return "This row holds the headers once more and was not read as a rating."


class Body:
    """Rows below the header that hold ratings (`rows`, from 0 within the sheet's cells); `bad` marks those left out."""

    def __init__(self, found: Found, shared: dict[str, int], problems: Problems) -> None:
        self.found = found
        self.sheet = found.sheet
        self.problems = problems
        every = body_rows(found)
        every = every[~self._headers(every)]
        every = every[~self._totals(every, shared)]
        self.rows = every[~self._remarks(every)]
        self.bad = np.zeros(len(self.rows), bool)

    def _headers(self, every: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Rows that are the headers once more, as at the top of a page."""
        again = np.ones(len(every), bool)
        for source in self.sheet.columns:
            again &= source.codes[every] == source.codes[self.found.row]
        self.name_cells(NOTE, "headers_again", again, 0, _again_words, every)
        return again

    def _totals(self, every: NDArray[np.intp], shared: dict[str, int]) -> NDArray[np.bool_]:
        """Rows whose id, session or date says total or average: they are no ratings."""
        total = np.zeros(len(every), bool)
        # A day may be unknown in any rating; it tells a total only where nothing else numbers the sessions.
        telling = [name for name in _KEY_FIELDS if name != "date" or "session" not in shared]
        keys = sorted(shared[name] for name in telling if name in shared)
        gap = np.zeros(len(every), bool)  # a row with all its keys is a rating, whatever a client is called
        for at in keys:
            source = self.sheet.columns[at]
            gap |= source.empty[source.codes[every]]
        if not gap.any():
            return total
        for at in sorted({*keys, *range(keys[0] if keys else 0)}):
            source = self.sheet.columns[at]
            pairs = zip(source.kinds, source.values, strict=True)
            says = np.array([kind == "t" and cells.is_total_word(value) for kind, value in pairs], dtype=bool)
            here = says[source.codes[every]] & gap & ~total
            self.name_cells(NOTE, "total_row", here, at, _total_words, every)
            total |= here
        return total

    def _remarks(self, every: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Rows with a single filled cell, and that a text: a footnote, not a rating."""
        count = np.zeros(len(every), np.int32)
        for source in self.sheet.columns:
            count += ~source.empty[source.codes[every]]
        single = count == 1
        remark = np.zeros(len(every), bool)
        if not single.any():
            return remark
        for at, source in enumerate(self.sheet.columns):
            says = np.array([kind == "t" for kind in source.kinds], dtype=bool)
            here = single & says[source.codes[every]]
            self.name_cells(NOTE, "remark_row", here, at, _remark_words, every)
            remark |= here
        return remark

    def column(self, at: int) -> Cells:
        """One column over these rows only."""
        source = self.sheet.columns[at]
        return Cells(source.codes[self.rows], source.kinds, source.values)

    def header(self, at: int) -> str:
        return self.found.headers[at]

    def name_cells(
        self,
        severity: str,
        code: str,
        where: NDArray[np.bool_],
        column: int,
        message: Callable[[str], str],
        rows: NDArray[np.intp] | None = None,
    ) -> None:
        """A problem for each marked row's cell in a column; an error leaves the row out.

        `message` gives the sentence for a cell as it is shown; it is asked once for each distinct value.
        """
        if not where.any():
            return
        if severity == ERROR:
            self.bad |= where
        at = (self.rows if rows is None else rows)[where]
        source = self.sheet.columns[column]
        codes = source.codes[at]
        shown = source.shown()
        used = np.unique(codes)
        words = np.empty(len(shown), object)
        words[used] = [message(shown[code]) for code in used]
        values = np.array(shown, object)
        self.problems.add_cells(
            severity, self.sheet, code, words[codes], at, column, self.header(column), values[codes]
        )

    def needed(self, field: str, at: int, read: Read, accepted: str) -> Any:
        """Values of a column without which a row says nothing: whatever is not GOOD is an error."""
        codes = self.column(at).codes
        values, states = read.spread(codes)
        for state, why in _WHY.items():
            tail = f"accepted is {accepted}"
            self.name_cells(
                ERROR,
                f"{field}_missing" if state == BLANK else f"{field}_unreadable",
                states == state,
                at,
                lambda shown, why=why, state=state, tail=tail: (
                    f"{field.capitalize()} {why}{': ' + shown if state == BAD else ''}; {tail}."
                ),
            )
        return values

    def good(self, read: Read, codes: NDArray[Any]) -> NDArray[np.bool_]:
        """Per row: the value was understood."""
        return read.states[codes] == GOOD

    def frame(self, data: dict[str, Any]) -> pd.DataFrame:
        """A frame of these rows with their place in the workbook."""
        n = len(self.rows)
        return pd.DataFrame(
            {
                **data,
                "file": pd.array([self.sheet.file], dtype="str").take(np.zeros(n, int)),
                "sheet": pd.array([self.sheet.label], dtype="str").take(np.zeros(n, int)),
                "row": self.rows + self.sheet.top + 1,
                "_line": self.rows,
            },
            index=range(n),
            copy=False,  # columns of a million rows stay where they are
        )
