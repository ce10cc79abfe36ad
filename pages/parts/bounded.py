"""A cache that is bounded in bytes: what was used longest ago goes first, and what is larger than all of it is not kept at all.

It belongs to one visitor. A key names what was made, the content that it was made from, and whatever else it depends on.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

_EACH = 48  # bytes that an entry of a collection takes besides what it points to: place, hash, number of references


class _Held(NamedTuple):
    value: Any
    size: int


class Bounded:
    """Values by key, of `most` bytes together at most; bytes are those of `size_of`, of both.

    >>> cache = Bounded(100)
    >>> cache.put("a", "value", size=60), cache.put("b", "another", size=60), cache.get("a"), cache.get("b")
    ('value', 'another', None, 'another')
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._held: OrderedDict[Hashable, _Held] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held)

    @property
    def keys(self) -> list[Hashable]:
        """The keys, those used last at the end."""
        return list(self._held)

    def get(self, key: Hashable) -> Any:
        """The value of the key, which counts as used now; None where there is none."""
        held = self._held.get(key)
        if held is None:
            return None
        self._held.move_to_end(key)
        return held.value

    def put(self, key: Hashable, value: Any, size: int | None = None) -> Any:
        """Keeps the value in place of the key's last one, and gives it back; others go until all fit, and where it does not fit alone it is not kept."""
        self._drop(key)
        size = size_of((key, value)) if size is None else size
        if not size > self.most:
            self._held[key] = _Held(value, size)
            self.size += size
            while self.size > self.most:
                self._drop(next(iter(self._held)))
        return value

    def let_go(self, of: Callable[[Hashable], bool]) -> None:
        """Lets go of the keys that this is true of."""
        for key in [key for key in self._held if of(key)]:
            self._drop(key)

    def _drop(self, key: Hashable) -> None:
        held = self._held.pop(key, None)
        if held is not None:
            self.size -= held.size


def size_of(value: Any, beside: Any = None) -> int:
    """Bytes that a value and everything that it points to take, each thing counted once; at least those of its frames, arrays and texts. The frames of the records
    `beside` are there anyway, and not counted.

    >>> size_of(pd.DataFrame({"session": np.arange(1000)})) >= 8000
    True
    """
    return _size(value, set(_frames_of(beside)))


def _frames_of(record: Any) -> Iterable[int]:
    """The ids of a record and of the frames in its fields, and of the records there: no more is looked at, since that would cost more than what it is for."""
    if isinstance(record, pd.DataFrame):
        yield id(record)
    elif is_dataclass(record):
        yield id(record)
        for one in fields(record):
            yield from _frames_of(getattr(record, one.name))


def _size(value: Any, seen: set[int]) -> int:
    if value is None or isinstance(value, bool | int | float) or id(value) in seen:
        return 0
    seen.add(id(value))
    if isinstance(value, pd.DataFrame):
        return int(value.memory_usage(deep=True).sum())
    if isinstance(value, pd.Series | pd.Index):
        return int(value.memory_usage(deep=True))
    if isinstance(value, np.ndarray):
        return value.nbytes + _EACH
    if isinstance(value, str | bytes):
        return sys.getsizeof(value)
    return _EACH + sum(_EACH + _size(part, seen) for part in _parts(value))


def _parts(value: Any) -> Iterable[Any]:
    """What a value points to, as far as it is made of plain things."""
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        return value
    if isinstance(value, partial):
        return [*value.args, *value.keywords.values()]
    if is_dataclass(value):
        own = getattr(
            value, "__dict__", {}
        )  # what was worked out from its fields and stays in it is among these
        return own.values() if own else [getattr(value, one.name) for one in fields(value)]
    return getattr(value, "__dict__", {}).values()
