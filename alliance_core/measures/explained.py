"""What each measure is called, says, is computed from and does not say: one place for pages, reports and this core.

The texts are in explained.toml, so that a measure reads the same wherever it is shown.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from alliance_core.settings import Settings, describe


class Measure(BaseModel):
    """One measure, as explained.toml has it. `short` is its name where there is little room, `needs` is the key of a setting; `formula` may have no line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    short: str
    formula: tuple[str, ...]
    meaning: str
    error: str = ""
    needs: str = ""
    source: str
    limits: str


@cache
def measures() -> dict[str, Measure]:
    """All measures by id, in the order in which they are told.

    >>> measures()["icc_a1"].needs
    'agreement.correlation_from'
    """
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return {
        name: Measure.model_validate({key: _stripped(value) for key, value in one.items()})
        for name, one in tomllib.loads(text).items()
    }


def _stripped(value: str | list[str]) -> str | list[str]:
    return value.strip() if isinstance(value, str) else value


def needed(measure: Measure, settings: Settings) -> str:
    """From how many of what on a measure is shown; empty where it needs no such number.

    >>> needed(measures()["correlation"], Settings())
    '10 paired sessions'
    """
    lines = {line.key: line for line in describe(settings)}
    return f"{lines[measure.needs].shown} {lines[measure.needs].unit}" if measure.needs else ""
