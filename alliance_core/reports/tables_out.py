"""Write an analysis as CSV files and a record of the run. Same analysis, same bytes (but for the time)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from alliance_core.analysis import Analysis
from alliance_core.reading.recognised import BY_DATE
from alliance_core.settings import Settings
from alliance_core.tables import OUTPUTS, PROBLEMS, InputFile, Ratings, Table, shaped

# What a spreadsheet takes for a formula when it opens a CSV file, at a cell's start or after spaces.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_CONTROL = ("\t", "\r", "\n")

# More digits than ratings have; the last bits, which differ with the order of adding up, are left behind.
_DECIMALS = 9
_NUMBERS = "%.10g"


def harmless(text: pd.Series) -> pd.Series:
    """Text with ' before what a spreadsheet would take for a formula; missing stays missing.

    Looked for after leading spaces: = + - @, their full-width forms, tab, carriage return, line feed.

    >>> harmless(pd.Series(["=1+1", "C-017", " @x"], dtype="str")).tolist()
    ["'=1+1", 'C-017', "' @x"]
    """
    risky = text.str.lstrip().str.startswith(_FORMULA) | text.str.lstrip(" ").str.startswith(_CONTROL)
    return text.mask(risky.fillna(False).astype(bool), "'" + text)


def to_csv(frame: pd.DataFrame, table: Table) -> str:
    """The frame as CSV text in the table's columns: header row, LF, ISO dates, empty for unknown.

    Rows keep their order. Text cells are harmless to a spreadsheet; numbers stay numbers.
    """
    written = shaped(frame, table)
    for column in table.columns:
        if column.kind == "text":
            written[column.name] = harmless(written[column.name])
        elif column.kind == "number":
            written[column.name] = written[column.name].round(_DECIMALS) + 0.0  # no −0
    return written.to_csv(index=False, date_format="%Y-%m-%d", float_format=_NUMBERS, lineterminator="\n")


def write_tables(analysis: Analysis, problems: pd.DataFrame, folder: str | Path) -> None:
    """Write the CSV files of tables.OUTPUTS into the folder, made where missing.

    The tables keep the analysis's key order, the problems the reader's. Raises OSError where that cannot be.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for table in OUTPUTS:
        frame = problems if table is PROBLEMS else getattr(analysis, table.name)
        (target / f"{table.name}.csv").write_text(to_csv(frame, table), encoding="utf-8", newline="")


def run_record(
    analysis: Analysis, problems: pd.DataFrame, choices: dict[str, Any], version: str, when: datetime
) -> dict[str, Any]:
    """`record_of` an analysis and the problems of its reading."""
    ratings = analysis.ratings
    return record_of(
        ratings, len(ratings.forms), analysis.settings, analysis.noise, problems, choices, version, when
    )


def record_of(
    ratings: Ratings,
    forms: int,
    settings: Settings,
    noise: pd.DataFrame,
    problems: pd.DataFrame,
    choices: dict[str, Any],
    version: str,
    when: datetime,
) -> dict[str, Any]:
    """What was run, on what, with which settings, and what became of every row.

    `choices` is what the command line said besides settings; `noise` σ with its source; `when` the time to note down. Of the ratings their forms are not looked at.
    """
    recognised = ratings.recognised
    by_date = recognised[recognised["numbered"].eq(BY_DATE)]
    sigma = noise.astype(object).where(noise.notna(), None)
    return {
        "version": version,
        "time": when.isoformat(timespec="seconds"),
        "inputs": [{"name": file.name, "sha256": file.sha256} for file in _ordered(ratings.inputs)],
        "choices": choices,
        "settings": settings.model_dump(exclude={"display": {"alias_key"}}),
        "rows": {
            "read": int(recognised["rows_read"].sum()),
            "used": int(recognised["rows_used"].sum()),
            "left_out": int(recognised["rows_left_out"].sum()),
        },
        "sessions_numbered_by_date": [f"{line.file}, {line.sheet}" for line in by_date.itertuples()],
        "forms": forms,
        "problems": problems["severity"].value_counts().sort_index().to_dict(),
        "sigma": sigma.to_dict(orient="records"),
    }


def write_record(record: dict[str, Any], folder: str | Path) -> None:
    """Write run.json into the folder. Raises OSError where that cannot be."""
    text = json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False)
    (Path(folder) / "run.json").write_text(text + "\n", encoding="utf-8", newline="")


def _ordered(inputs: Sequence[InputFile]) -> list[InputFile]:
    return sorted(inputs, key=lambda file: (file.name, file.sha256))
