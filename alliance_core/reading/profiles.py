"""Import profiles: what the user has settled, as TOML to keep, to pass on and to read again."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import ValidationError

from alliance_core import toml_text
from alliance_core.reading.choices import ChoicesError, ReadingChoices, SheetChoices

_HEAD = """# Import profile: how workbooks are read. Pass it with --profile, or bring it in on the page.
# It holds headers of your workbooks, and words from their column of raters, but no ratings.
"""


def load_choices(path: str | Path) -> ReadingChoices:
    """Choices from a TOML file (an import profile).

    Raises ChoicesError with one sentence that names the file, the key and what is accepted.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise ChoicesError(
            f"{Path(path).name}: cannot be opened ({error.strerror or 'no such file'})."
        ) from None
    return parse_profile(content, Path(path).name)


def parse_profile(content: bytes, name: str = "profile") -> ReadingChoices:
    """Choices from the bytes of a TOML file called `name`; errors as in `load_choices`."""
    try:
        said = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ChoicesError(f"{name}: is not a TOML file ({error}).") from None
    try:
        return ReadingChoices.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "profile"
        says = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            known = (SheetChoices if first["loc"][0] == "sheets" else ReadingChoices).model_fields
            says = f"there is no such key; known are {', '.join(known)}"
        raise ChoicesError(f"{name}: {where}: {says}.") from None


def to_toml(choices: ReadingChoices) -> str:
    """The profile's text: `parse_profile` gives the same choices again.

    >>> print(to_toml(ReadingChoices(range=(0, 10), columns={"Fach kraft": "practitioner"})).split("\\n\\n", 1)[1])
    range = [0, 10]
    <BLANKLINE>
    [columns]
    "Fach kraft" = "practitioner"
    <BLANKLINE>
    """
    return toml_text.to_toml(choices.model_dump(exclude_defaults=True), _HEAD)
