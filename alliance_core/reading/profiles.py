"""Import profiles: what the user has settled, as TOML to keep, to pass on and to read again."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from alliance_core.reading.choices import ChoicesError, ReadingChoices

_BARE = re.compile(r"[A-Za-z0-9_-]+")
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
        raise ChoicesError(f"{name}: {where}: {first['msg'].removeprefix('Value error, ')}.") from None


def to_toml(choices: ReadingChoices) -> str:
    """The profile's text: `parse_profile` gives the same choices again.

    >>> print(to_toml(ReadingChoices(range=(0, 10), columns={"Fach kraft": "practitioner"})).split("\\n\\n", 1)[1])
    range = [0, 10]
    <BLANKLINE>
    [columns]
    "Fach kraft" = "practitioner"
    <BLANKLINE>
    """
    said = choices.model_dump(exclude_defaults=True)
    blocks = [_HEAD, _lines(said)]
    blocks += [f"[{name}]\n{_lines(said[name])}" for name in _tables(said)]
    for sheet in said.get("sheets", ()):
        blocks.append(f"[[sheets]]\n{_lines(sheet)}")
        blocks += [f"[sheets.{name}]\n{_lines(sheet[name])}" for name in _tables(sheet)]
    return "\n".join(block for block in blocks if block)


def _tables(said: Mapping[str, Any]) -> Iterable[str]:
    return (name for name, value in said.items() if isinstance(value, dict) and value)


def _lines(said: Mapping[str, Any]) -> str:
    """The plain values of one table, a line each."""
    plain = {name: value for name, value in said.items() if not isinstance(value, dict) and name != "sheets"}
    return "".join(f"{_key(name)} = {_value(value)}\n" for name, value in plain.items())


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(one) for one in value)}]"
    return str(value) if isinstance(value, int) else _text(value)


def _text(text: str) -> str:
    """A basic string. JSON escapes as TOML does, but for DEL, and for halves of surrogate pairs, which are no text."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")
