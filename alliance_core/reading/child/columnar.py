"""The one sheet of a Parquet file: its headers as the first row, and each column's different values once."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from .blocks import numbered
from .encode import Finished, Whole, plain
from .limits import MOST_LETTERS
from .look import RefusedError

_EXACT = 10**15  # whole numbers from here on are ids, which a decimal number would not keep apart
_FIRST_DAY = datetime.date(1970, 1, 1).toordinal()
_NOTHING = ("e", None)
_TEXTS = (pa.types.is_string, pa.types.is_large_string)
_TAKEN = (
    *_TEXTS,
    pa.types.is_integer,
    pa.types.is_floating,
    pa.types.is_decimal,
    pa.types.is_boolean,
    pa.types.is_date,
    pa.types.is_timestamp,
    pa.types.is_time,
    pa.types.is_null,
)


def sheets(path: str, kind: str, limits: dict[str, Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
    """(columns, about) of the one sheet, or ([], {"refused": why})."""
    try:
        with pq.ParquetFile(path) as file:
            texts = [field.name for field in file.schema_arrow if _is(field.type, _TEXTS)]
        with pq.ParquetFile(
            path, read_dictionary=texts, pre_buffer=False, page_checksum_verification=True
        ) as file:
            _check(file, limits)
            found = _Columns(file, limits)
            yield found.whole(), {"name": "", "start": [0, 0], "hidden": False}
    except RefusedError as refused:
        yield [], refused.about
    except pa.ArrowMemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        yield [], {"refused": "encrypted" if "crypt" in str(error).lower() else "damaged parquet"}


def _is(kind: pa.DataType, what: tuple[Callable[[pa.DataType], bool], ...]) -> bool:
    return any(is_it(kind) for is_it in what)


def _check(file: pq.ParquetFile, limits: dict[str, Any]) -> None:
    """RefusedError where the file says that it holds too much, or other things than single values."""
    about, schema = file.metadata, file.schema_arrow
    groups = [about.row_group(number) for number in range(about.num_row_groups)]
    if len(schema) > limits["columns"]:
        raise RefusedError("wide")
    if len(schema) * (about.num_rows + 1) > limits["cells"]:
        raise RefusedError("cells", most=limits["cells"])
    if sum(group.total_byte_size for group in groups) > limits["unpacked"]:
        raise RefusedError("unpacked")
    if not len(schema) or any(group.num_rows < 0 for group in groups):
        raise RefusedError("damaged parquet")
    for field in schema:
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        if not _is(kind, _TAKEN):
            raise RefusedError("nested", column=field.name[:80])


class _Columns:
    """All columns of a file, read one after the other and a group of rows at a time, so that little is in memory."""

    def __init__(self, file: pq.ParquetFile, limits: dict[str, Any]) -> None:
        self._file = file
        self._room = limits["file"]  # letters of all different texts together

    def whole(self) -> Whole:
        height = self._file.metadata.num_rows + 1
        schema = self._file.schema_arrow
        return Whole(
            [self._column(at, field.name, height) for at, field in enumerate(schema)], height, (0, 0)
        )

    def _column(self, at: int, header: str, height: int) -> Finished:
        index = {self._short(plain(header), header): 0}
        codes: list[NDArray[np.int32]] = [np.zeros(1, np.int32)]
        for group in range(self._file.num_row_groups):
            part = self._file.reader.read_row_group(group, column_indices=[at], use_threads=False)
            codes += [self._codes(chunk, index, header) for chunk in part.column(0).chunks]
        every = np.concatenate(codes)
        if len(every) != height:
            raise RefusedError("damaged parquet")
        return numbered(every, list(index))

    def _codes(self, chunk: pa.Array, index: dict[tuple[str, Any], int], header: str) -> NDArray[np.int32]:
        """The number of each value in `index`, to which new ones are added."""
        if not isinstance(chunk, pa.DictionaryArray):
            chunk = _simple(chunk).dictionary_encode()
        values = [self._short(one, header) for one in _plain(_simple(chunk.dictionary))]
        number = [index.setdefault(one, len(index)) for one in [*values, _NOTHING]]
        indices = pc.fill_null(chunk.indices.cast(pa.int64()), len(values))
        return np.array(number, np.int32)[indices.to_numpy(zero_copy_only=False)]

    def _short(self, value: tuple[str, Any], header: str) -> tuple[str, Any]:
        """The value; RefusedError where its text, or all texts together, are longer than is read."""
        if value[0] == "t":
            self._room -= len(value[1])
            if len(value[1]) > MOST_LETTERS:
                raise RefusedError("long", column=header[:80])
            if self._room < 0:
                raise RefusedError("unpacked")
        return value


def _simple(values: pa.Array) -> pa.Array:
    """The values in one of few types: days without their time, numbers as decimal or whole ones, times as text."""
    kind = values.type
    if pa.types.is_timestamp(kind):
        values = pc.call_function("local_timestamp", [values]) if kind.tz else values
        return values.cast(pa.date32(), safe=False)
    if pa.types.is_date(kind):
        return values.cast(pa.date32())
    if pa.types.is_decimal(kind) or pa.types.is_floating(kind):
        return values.cast(pa.float64(), safe=False)
    return values.cast(pa.string()) if pa.types.is_time(kind) else values


def _plain(values: pa.Array) -> list[tuple[str, Any]]:
    """Kind and value of each, as they travel."""
    kind = values.type
    every = values.cast(pa.int32()).to_pylist() if pa.types.is_date32(kind) else values.to_pylist()
    if pa.types.is_date32(kind):
        return [_day(one) for one in every]
    if pa.types.is_integer(kind):
        return [("t", str(one)) if one is not None and abs(one) >= _EXACT else plain(one) for one in every]
    return [_NOTHING if one != one else plain(one) for one in every]  # a number that is none is no answer


def _day(days: int | None) -> tuple[str, Any]:
    if days is None:
        return _NOTHING
    try:
        return "d", datetime.date.fromordinal(_FIRST_DAY + days).isoformat()
    except (ValueError, OverflowError):
        return "x", f"day {days}"
