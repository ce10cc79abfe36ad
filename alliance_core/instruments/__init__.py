"""Instruments as data: one TOML file an instrument, and their loader.

A file holds keys, ranges and sources, never item wording. A licensed organisation adds its own by
putting a file of the same form into a folder and passing that folder to `load_instruments`.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Facet = Literal["goal", "task", "bond"]
Scale = Literal["goal", "task", "bond", "overall"]
Rater = Literal["client", "practitioner", "observer"]


class InstrumentError(ValueError):
    """An instrument file that cannot be used. The message names the file, the key and what is accepted."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Reliability(_Data):
    """One published reliability, with the kind of reliability that it is."""

    value: Annotated[float, Field(ge=0, le=1)]
    kind: str
    source: str


class Threshold(_Data):
    """A published line below which attention is asked for."""

    on: str
    below: float
    source: str


class Instrument(_Data):
    """One instrument. `range` is missing where the workbook's owner states it (`facets`, `total`).

    `family` is the id of the instrument that this one is a version of; empty: it stands for itself. Only ratings on
    versions of one instrument can agree in absolute marks.
    `facets` maps a facet to its item numbers, counted from 1; `reversed` lists items scored as
    lowest + highest mark − answer; `minimum_answered` says how many items a score needs;
    `answers` are the wordings of the response marks, lowest first; `given` names scores that the
    workbook holds instead of items.
    """

    id: str
    name: str
    family: str = ""
    raters: tuple[Rater, ...]
    range: tuple[float, float] | None = None
    items: Annotated[int, Field(ge=0, le=36)]
    reversed: tuple[int, ...] = ()
    facets: dict[Facet, tuple[int, ...]]
    minimum_answered: dict[Scale, int]
    answers: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    given: tuple[Scale, ...] = ()
    published_sd_pct: dict[Scale, float] = {}
    reliability: tuple[Reliability, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    verified: bool
    caution: str = ""
    citation: str
    rights: str

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        keyed = [item for items in self.facets.values() for item in items]
        if len(keyed) != len(set(keyed)):
            raise ValueError("facets: an item belongs to two facets")
        if any(not 1 <= item <= self.items for item in (*keyed, *self.reversed)):
            raise ValueError(f"facets, reversed: items go from 1 to {self.items}")
        if self.range is not None and not self.range[0] < self.range[1]:
            raise ValueError("range: the lowest mark comes first")
        if self.items and (self.range is None or "overall" not in self.minimum_answered):
            raise ValueError("range and minimum_answered.overall are needed where there are items")
        if self.answers and (self.range is None or len(self.answers) != self.range[1] - self.range[0] + 1):
            raise ValueError("answers: one wording for each mark of the range")
        return self

    def step_pct(self, scale: Scale) -> float | None:
        """Smallest change that the score can make, one step on one item, in pct points; None where unknown."""
        if self.range is None or not self.items:
            return None
        count = self.items if scale == "overall" else len(self.facets.get(scale, ()))
        return 100 / (count * (self.range[1] - self.range[0])) if count else None


def load_instruments(folder: str | Path) -> dict[str, Instrument]:
    """All instruments of a folder by id, in order of their id.

    Raises InstrumentError with one sentence that names the file, the key and what is accepted.
    """
    found: dict[str, Instrument] = {}
    for path in sorted(Path(folder).glob("*.toml")):
        try:
            instrument = Instrument.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InstrumentError(f"{path.name}: is not a TOML file ({error}).") from None
        except ValidationError as error:
            first = error.errors()[0]
            # What concerns several keys has no place of its own: its words name the keys.
            where = [path.name, ".".join(str(part) for part in first["loc"])]
            says = first["msg"].removeprefix("Value error, ")
            raise InstrumentError(": ".join([*filter(None, where), says]) + ".") from None
        if instrument.id in found:
            raise InstrumentError(f"{path.name}: id: {instrument.id} is used by another file too.")
        found[instrument.id] = instrument
    return dict(sorted(found.items()))


@cache
def instruments() -> dict[str, Instrument]:
    """The instruments that are shipped, by id.

    >>> instruments()["wai-sr"].facets["bond"]
    (3, 5, 7, 9)
    >>> list(instruments())
    ['facets', 'four-lines', 'sai', 'total', 'wai-36', 'wai-s', 'wai-sr', 'wai-srt']
    """
    return load_instruments(Path(__file__).parent)
