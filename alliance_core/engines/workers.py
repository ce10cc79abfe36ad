"""Who does the work of an engine: workers of a cluster, or this process itself, one part after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol


class EngineError(RuntimeError):
    """An engine that cannot work, in one sentence that says what would help."""


class Workers(Protocol):
    """Do one thing with each of many items."""

    def each(self, function: Callable[..., Any], items: Sequence[tuple[Any, ...]], *same: Any) -> list[Any]:
        """`function(*item, *same)` for each item; the results in order of the items, whoever was ready first."""
        ...


class ThisProcess:
    """No worker but this process."""

    def each(self, function: Callable[..., Any], items: Sequence[tuple[Any, ...]], *same: Any) -> list[Any]:
        return [function(*item, *same) for item in items]
