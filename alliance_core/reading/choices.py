"""What the user has settled about a workbook: an import profile, or options of the command line."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from alliance_core.instruments import Rater, instruments
from alliance_core.reading.headers import parse_meaning

DateOrder = Literal["dmy", "mdy"]


class ChoicesError(ValueError):
    """An import profile that cannot be used. The message names the file, the key and what is accepted."""


class ReadingChoices(BaseModel):
    """What a workbook does not say itself. Everything may be left out.

    `instrument`: an id for all ratings, or one per rater; a workbook's own Instrument column goes before it.
    `range`: lowest and highest mark of scores whose instrument has no range of its own (facets, total).
    `date_order`: how to read 3/4/2025. `columns`: from a header, as it stands in the workbook, to its meaning
    ("practitioner", "session", "bond", "client bond", "item 3", "practitioner item 3", "ignore").
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    instrument: str | dict[Rater, str] | None = None
    range: tuple[float, float] | None = None
    date_order: DateOrder | None = None
    columns: dict[str, str] = Field(default_factory=dict)

    @field_validator("instrument")
    @classmethod
    def _known(cls, value: Any) -> Any:
        unknown = [
            one
            for one in (value.values() if isinstance(value, dict) else [value])
            if one and one not in instruments()
        ]
        if unknown:
            raise ValueError(f"{unknown[0]} is not known; accepted are {', '.join(instruments())}")
        return value

    @field_validator("columns")
    @classmethod
    def _meanings(cls, value: dict[str, str]) -> dict[str, str]:
        for meaning in value.values():
            if parse_meaning(meaning) is None:
                raise ValueError(
                    f"{meaning} is no meaning of a column; accepted are for example practitioner, client, session, date, "
                    "rater, instrument, goal, client bond, item 3, practitioner item 3, ignore"
                )
        return value

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.range is not None and not self.range[0] < self.range[1]:
            raise ValueError("range: the lowest mark comes first, and the highest is above it")
        return self

    def instrument_for(self, rater: str) -> str | None:
        """The id chosen for one rater's forms, if any."""
        if isinstance(self.instrument, dict):
            return {str(who): chosen for who, chosen in self.instrument.items()}.get(rater)
        return self.instrument


def load_choices(path: str | Path) -> ReadingChoices:
    """Choices from a TOML file (an import profile).

    Raises ChoicesError with one sentence that names the file, the key and what is accepted.
    """
    name = Path(path).name
    try:
        content = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ChoicesError(f"{name}: cannot be opened ({error.strerror or 'no such file'}).") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ChoicesError(f"{name}: is not a TOML file ({error}).") from None
    try:
        return ReadingChoices.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "profile"
        raise ChoicesError(f"{name}: {where}: {first['msg'].removeprefix('Value error, ')}.") from None
