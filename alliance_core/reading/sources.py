"""What was handed in: paths, folders, uploaded files or (name, bytes) pairs, as named bytes in a fixed order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeAlias, runtime_checkable


@runtime_checkable
class NamedBuffer(Protocol):
    """A binary file with a name; an upload in Streamlit is one."""

    name: str

    def read(self) -> bytes: ...


# The files of a folder that are read; others lie there for other reasons.
ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".parquet")
_NOT_MEANT = (".", "~$")  # how hidden files begin, and those of a spreadsheet program that has one open

Source: TypeAlias = "str | PathLike[str] | NamedBuffer | tuple[str, bytes]"


@dataclass(frozen=True)
class Given:
    """One file: the name shown to the user, its bytes, their SHA-256; `failure` says why there are no bytes."""

    name: str
    content: bytes
    sha256: str
    failure: str = ""


class Collected(NamedTuple):
    """Everything that was handed in: `files` by name, then SHA-256; `twice`: (name, same as) of those whose bytes were given before;
    `aside`: (folder, name) of what lies in a folder and is no workbook, and of folders without one (no name)."""

    files: list[Given]
    twice: list[tuple[str, str]]
    aside: list[tuple[str, str]]


def _given(source: Any, position: int) -> Given:
    if isinstance(source, tuple):
        name, content = source
    elif isinstance(source, str | PathLike):
        path = Path(source)
        name = path.name
        try:
            content = path.read_bytes()
        except OSError as error:
            return Given(name, b"", "", error.strerror or "it is not there")
    elif hasattr(source, "getvalue"):  # an upload, or BytesIO: its place in the buffer does not matter
        name, content = getattr(source, "name", ""), source.getvalue()
    elif isinstance(source, NamedBuffer):
        name, content = source.name, source.read()
    else:
        raise TypeError("a source is a path, a binary file with a name, or a pair (name, bytes)")
    content = bytes(content)
    name = Path(str(name).replace("\\", "/")).name or f"file {position}"
    return Given(name, content, hashlib.sha256(content).hexdigest())


def _each(sources: Any) -> list[Any]:
    pair = isinstance(sources, tuple) and len(sources) == 2 and isinstance(sources[1], bytes | bytearray)
    if pair or isinstance(sources, str | PathLike) or hasattr(sources, "read"):
        return [sources]
    return [*sources]


def opened(sources: list[Any]) -> tuple[list[Any], list[tuple[str, str]]]:
    """The sources with the workbooks of a folder in its place, not those of folders in it; and what is left aside."""
    files: list[Any] = []
    aside: list[tuple[str, str]] = []
    for source in sources:
        if not (isinstance(source, str | PathLike) and Path(source).is_dir()):
            files.append(source)
            continue
        folder = Path(source).resolve().name
        seen = sorted(one for one in Path(source).iterdir() if not one.name.startswith(_NOT_MEANT))
        found = [one for one in seen if one.suffix.lower() in ENDINGS and one.is_file()]
        files += found
        aside += [(folder, one.name) for one in seen if one not in found] if found else [(folder, "")]
    return files, aside


def collect(sources: Source | Iterable[Source]) -> Collected:
    """All files, those of folders too, each once.

    Two different files of one name are told apart by the start of their SHA-256.
    """
    files, aside = opened(_each(sources))
    given = [_given(source, i + 1) for i, source in enumerate(files)]
    given.sort(key=lambda one: (one.name, one.sha256))
    first: dict[str, Given] = {}
    twice: list[tuple[str, str]] = []
    for one in given:
        if one.sha256 and one.sha256 in first:
            twice.append((one.name, first[one.sha256].name))
        else:
            first[one.sha256 or f"missing {one.name}"] = one
    files = list(first.values())
    names = [one.name for one in files]
    told_apart = [
        Given(f"{one.name} ({one.sha256[:8]})", one.content, one.sha256, one.failure)
        if names.count(one.name) > 1
        else one
        for one in files
    ]
    return Collected(told_apart, twice, aside)
