"""What was handed in: paths, uploaded files or (name, bytes) pairs, as named bytes in a fixed order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, Protocol, TypeAlias, runtime_checkable


@runtime_checkable
class NamedBuffer(Protocol):
    """A binary file with a name; an upload in Streamlit is one."""

    name: str

    def read(self) -> bytes: ...


Source: TypeAlias = "str | PathLike[str] | NamedBuffer | tuple[str, bytes]"


@dataclass(frozen=True)
class Given:
    """One file: the name shown to the user, its bytes, their SHA-256; `failure` says why there are no bytes."""

    name: str
    content: bytes
    sha256: str
    failure: str = ""


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


def collect(sources: Source | Iterable[Source]) -> tuple[list[Given], list[tuple[str, str]]]:
    """All files by name, then SHA-256, and (name, same as) of those whose bytes were given before.

    Two different files of one name are told apart by the start of their SHA-256.
    """
    given = [_given(source, i + 1) for i, source in enumerate(_each(sources))]
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
    return [
        Given(f"{one.name} ({one.sha256[:8]})", one.content, one.sha256, one.failure)
        if names.count(one.name) > 1
        else one
        for one in files
    ], twice
