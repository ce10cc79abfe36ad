"""Plain values as TOML text, for files that people keep, edit and bring in again (the standard library only reads TOML)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def to_toml(said: Mapping[str, Any], head: str = "") -> str:
    """Text that tomllib reads as the same values: numbers, text, true and false, lists, tables, lists of tables. None is left out.

    >>> print(to_toml({"range": (0, 10), "columns": {"Fach kraft": "practitioner"}, "sheets": [{"header_row": 3}]}), end="")
    range = [0, 10]
    <BLANKLINE>
    [columns]
    "Fach kraft" = "practitioner"
    <BLANKLINE>
    [[sheets]]
    header_row = 3
    """
    return "\n".join(block for block in [head, *_blocks(said, ())] if block)


def _blocks(said: Mapping[str, Any], path: tuple[str, ...], name: str = "") -> list[str]:
    """A table's own lines under its name, then the tables in it."""
    inner = {key: value for key, value in said.items() if isinstance(value, Mapping) and value}
    many = {key: value for key, value in said.items() if _is_tables(value)}
    lines = "".join(
        f"{_key(key)} = {_value(value)}\n"
        for key, value in said.items()
        if value is not None and not isinstance(value, Mapping) and key not in many
    )
    blocks = [f"{name}\n{lines}" if name and (lines or not (inner or many)) else lines]
    for key, value in inner.items():
        blocks += _blocks(value, (*path, key), f"[{_dotted(*path, key)}]")
    for key, values in many.items():
        for value in values:
            blocks += _blocks(value, (*path, key), f"[[{_dotted(*path, key)}]]")
    return blocks


def _is_tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _dotted(*keys: str) -> str:
    return ".".join(_key(key) for key in keys)


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
