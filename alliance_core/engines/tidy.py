"""Parquet files of tidy forms: one row a form, in columns named as in FORMS or SCORES. Read as they are, and checked whole columns at a time.

Columns: practitioner, client, session, rater; any of goal, task, bond, overall, item_1 …; where there are any also date, instrument, range_min and range_max, answered
(or items_answered). A folder named `practitioner=P01` holds the forms of that practitioner. Everything else is left aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from alliance_core.instruments import Instrument, instruments
from alliance_core.measures.scores import total_in_response_units
from alliance_core.reading.problems import ERROR
from alliance_core.tables import FORMS, PROBLEMS, RATERS, SCALES, shaped

ENDING = ".parquet"
_KEYS = ("practitioner", "client", "session", "rater")
_TEXT = ("practitioner", "client", "rater", "instrument")
_ITEMS = tuple(name for name in FORMS.names if name.startswith("item_"))
_RANGE = ("range_min", "range_max")
_NUMBERS = (*_RANGE, *_ITEMS, *SCALES, "answered")
_AS_NAMED = {"items_answered": "answered"}


class DatasetError(ValueError):
    """A dataset that cannot be used. The message names the file and what would be accepted."""


@dataclass(frozen=True)
class TidyFile:
    """One Parquet file: its path, the name it is told by, its rows and bytes, and what the folders that it lies in say of all its rows."""

    path: str
    name: str
    rows: int
    bytes: int
    stated: tuple[tuple[str, str], ...] = ()


def tidy_files(source: Path) -> list[TidyFile] | None:
    """The files of a dataset, in order of their names; None where this is no Parquet file of tidy forms, nor a folder that holds nothing but such files.

    Files and folders that begin with . or _ are no part of a dataset. Raises DatasetError for a damaged file, and where some of the files are tidy forms and others are not.
    """
    if not source.is_dir():
        found = _tidy(source, source.parent) if source.suffix.lower() == ENDING else None
        return None if found is None else [found]
    every = sorted(one for one in source.rglob("*") if one.is_file() and not _hidden(one.relative_to(source)))
    if not every or any(one.suffix.lower() != ENDING for one in every):
        return None
    found = [_tidy(one, source) for one in every]
    if all(one is None for one in found):
        return None
    for path, one in zip(every, found, strict=True):
        if one is None:
            raise DatasetError(
                f"{path}: has no columns {', '.join(_KEYS)} and scores or items, as other files of {source} have."
            )
    return [one for one in found if one is not None]


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.parts)


def _tidy(path: Path, folder: Path) -> TidyFile | None:
    try:
        about = pq.read_metadata(path)
        names = set(pq.read_schema(path).names)
    except (pa.ArrowInvalid, OSError) as error:
        if isinstance(error, FileNotFoundError | PermissionError):
            raise
        raise DatasetError(f"{path}: is no Parquet file, or is damaged.") from None
    inside = path.relative_to(folder)
    stated = tuple(
        (name, unquote(value))
        for name, _, value in (part.partition("=") for part in inside.parts[:-1])
        if value
    )
    names |= {name for name, _ in stated}
    if not (names.issuperset(_KEYS) and names.intersection([*SCALES, *_ITEMS])):
        return None
    return TidyFile(str(path.resolve()), inside.as_posix(), about.num_rows, path.stat().st_size, stated)


@dataclass(frozen=True)
class Stated:
    """What the command says where the files do not: the instrument, and the response range of one that has none of its own."""

    instrument: str = ""
    range: tuple[float, float] | None = None


def read_tidy(
    file: TidyFile, stated: Stated, row_groups: Sequence[int] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The forms of a file (FORMS), or of some of its row groups, without rows that have an error; and those errors (PROBLEMS).

    Supplied totals are brought to response units, by all that is read of the file. Nothing is imputed. Raises DatasetError where a column is of a wrong kind.
    """
    source = pq.ParquetFile(file.path)
    wanted = [str(name) for name in source.schema_arrow.names if name in (*FORMS.names, *_AS_NAMED)]
    wanted = [name for name in wanted if name not in ("file", "sheet", "row")]
    table = (
        source.read(columns=wanted, use_threads=False)
        if row_groups is None
        else source.read_row_groups(list(row_groups), columns=wanted, use_threads=False)
    )
    columns: dict[str, Any] = {_AS_NAMED.get(name, name): table[name] for name in wanted}
    columns |= {
        name: pa.array([value]).take(pa.array(np.zeros(len(table), np.int8))) for name, value in file.stated
    }
    frame = pd.DataFrame({name: _of_kind(name, column, file) for name, column in columns.items()})
    before = sum(source.metadata.row_group(i).num_rows for i in range(min(row_groups))) if row_groups else 0
    frame = _completed(frame, stated).assign(file=file.name, sheet="", row=np.arange(len(frame)) + before + 1)
    return _checked(as_forms(frame), file)


def as_forms(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame shaped as FORMS, without items that it does not have."""
    kept = tuple(one for one in FORMS.columns if one.name not in _ITEMS or one.name in frame)
    return shaped(frame, FORMS._replace(columns=kept))


def _of_kind(name: str, column: Any, file: TidyFile) -> Any:
    """A column as FORMS has it. Ids stay text; whole numbers become text as they are."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    try:
        if name in _TEXT:
            if pa.types.is_floating(kind):
                raise pa.ArrowInvalid
            return pc.cast(column, pa.large_string()).to_pandas().astype("str")
        if name == "date":
            if pa.types.is_string(kind) or pa.types.is_large_string(kind):
                column = pc.cast(column, pa.date32())
            return pc.cast(column, pa.timestamp("us"), safe=False).to_pandas()
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            raise pa.ArrowInvalid
        value = pc.cast(column, pa.float64(), safe=False).to_pandas()
        return value.where(value % 1 == 0) if name == "session" else value
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        wants = "text" if name in _TEXT else "a day" if name == "date" else "a number"
        raise DatasetError(f"{file.path}: the column {name} holds {kind}; it should be {wants}.") from None


def _completed(frame: pd.DataFrame, stated: Stated) -> pd.DataFrame:
    """With an instrument and a response range in every row where they are known."""
    given = frame["instrument"] if "instrument" in frame else pd.Series(None, frame.index, dtype="str")
    frame = frame.assign(instrument=given.fillna(stated.instrument) if stated.instrument else given)
    code, names = pd.factorize(frame["instrument"])
    known = instruments()
    for place, name in enumerate(_RANGE):
        own = [_range_of(known.get(one), stated) for one in names]
        ends = np.array([*(one[place] for one in own), np.nan])[code]  # −1, no instrument, picks the last
        there = frame[name].to_numpy() if name in frame else np.full(len(frame), np.nan)
        frame[name] = np.where(
            np.isnan(ends) | _ranged(known, names)[code], np.where(np.isnan(there), ends, there), ends
        )
    return frame


def _ranged(known: dict[str, Instrument], names: Iterable[str]) -> np.ndarray:
    """Which instruments leave their range to the one who fills them in; the last is none."""
    return np.array([*(one in known and known[one].range is None for one in names), True])


def _range_of(instrument: Instrument | None, stated: Stated) -> tuple[float, float]:
    if instrument is None:
        return np.nan, np.nan
    return instrument.range or stated.range or (np.nan, np.nan)


def _checked(forms: pd.DataFrame, file: TidyFile) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The forms that can be used, in their order, and why the others cannot; a row is named once, with its first error."""
    known = instruments()
    session = forms["session"]
    errors = [
        *((name, "id_missing", f"There is no {name}.", forms[name].isna() | (forms[name].str.strip() == "")) for name in _KEYS[:2]),
        ("session", "session_unknown", "The number of a session is a whole number from 1 up.", ~(session >= 1).fillna(False).astype(bool)),
        ("rater", "rater_unknown", f"A rater is {', '.join(RATERS)}.", ~forms["rater"].isin(RATERS)),
        ("instrument", "instrument_unknown", f"The instrument is not known; there are {', '.join(known)}.", ~forms["instrument"].isin(known)),
        ("range_min", "range_needed", "The response range is not known: give it as range_min and range_max, or with --range.", ~(forms["range_min"] < forms["range_max"])),
        *(
            (name, "out_of_range", f"{name} lies outside of the response range.", _outside(forms, name))
            for name in (*_ITEMS, *SCALES[:3])
            if name in forms
        ),
    ]  # fmt: skip
    bad = np.zeros(len(forms), bool)
    found = []
    for column, code, message, here in errors:
        new = np.asarray(here, bool) & ~bad
        bad |= new
        if new.any():
            at = forms[new]
            found.append(pd.DataFrame({"severity": ERROR, "file": file.name, "row": at["row"], "column": column,
                "value": at[column].astype("str"), "code": code, "message": message}))  # fmt: skip
    problems = shaped(pd.concat(found) if found else {}, PROBLEMS)
    used = forms[~bad].reset_index(drop=True) if bad.any() else forms
    return settled_totals(used), problems


def _outside(forms: pd.DataFrame, name: str) -> np.ndarray:
    value, low, high = (forms[one].to_numpy(float) for one in (name, *_RANGE))
    return (value < low) | (value > high)  # False where it is missing


def settled_totals(forms: pd.DataFrame) -> pd.DataFrame:
    """The forms with supplied totals in response units, as scoring would bring them there: by the whole of their sheet, which is no longer together later."""
    if not forms["overall"].notna().any():
        return forms
    known, overall = instruments(), np.full(len(forms), np.nan)
    code, names = pd.factorize(forms["instrument"])
    for number, name in enumerate(names):
        rows = np.flatnonzero(code == number)
        overall[rows] = total_in_response_units(forms.take(rows), known[name])
    return forms.assign(overall=overall)
