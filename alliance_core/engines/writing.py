"""What is written beside the parts: the tables that one file can hold, and the record of the run."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from alliance_core.engines.running import Run
from alliance_core.reports.tables_out import record_of, to_csv, write_record
from alliance_core.tables import (
    CASELOADS,
    CASES,
    CHANCE,
    EPISODES,
    OUTPUTS,
    PRACTITIONERS,
    PROBLEMS,
    SERVICE,
    Table,
)

MOST_ROWS = (
    200_000  # of a table that is written as one CSV file too: more is for programs, and they read the parts
)
_WHOLE = (PRACTITIONERS, CASELOADS, SERVICE, CHANCE, PROBLEMS)


def write_summaries(found: Run, folder: Path) -> None:
    """practitioners, caseloads, service, chance and problems as CSV; cases and episodes too where they have no more than MOST_ROWS rows.

    Tables of an earlier run in the folder that this one does not write as CSV go. Raises OSError where something cannot be written.
    """
    for table in _WHOLE:
        _write(getattr(found, table.name), table, folder)
    for table in OUTPUTS:
        if table in (CASES, EPISODES) and found.rows[table.name] <= MOST_ROWS:
            _write(whole(folder, table), table, folder)
        elif table not in _WHOLE:
            (folder / f"{table.name}.csv").unlink(missing_ok=True)


def whole(folder: Path, table: Table) -> pd.DataFrame:
    """All parts of a table, in key order."""
    parts = [
        pq.read_table(path, use_threads=False).to_pandas() for path in sorted((folder / table.name).iterdir())
    ]
    return pd.concat(parts, ignore_index=True).sort_values(table.keys, ignore_index=True)


def _write(frame: pd.DataFrame, table: Table, folder: Path) -> None:
    (folder / f"{table.name}.csv").write_text(to_csv(frame, table), encoding="utf-8", newline="")


def write_run(found: Run, folder: Path, choices: dict[str, Any], version: str, when: datetime) -> None:
    """run.json, with what became of the parts."""
    said = {"method": found.methods[0], "methods": list(found.methods), **choices}
    record = record_of(
        found.rest, found.forms, found.settings, found.noise, found.problems, said, version, when
    )
    engine = {"parts": found.parts, "brought_together": found.brought_together, "rows_written": found.rows}
    write_record({**record, "engine": engine}, folder)
