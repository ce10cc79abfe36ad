"""What a screen reader says of the marks of a chart: the words of the tip that the pointer gets, and nothing of lines and grounds.

Without this every mark is read out with the raw names and decimals of its columns, and marks without rows are pictures without a name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

_SINGLE = (
    "point",
    "rect",
    "rule",
    "tick",
    "bar",
)  # marks of one row each; a line or area is one mark of many


def read_aloud(mark: Any, encoding: Mapping[str, Any], empty: bool) -> dict[str, Any]:
    """A layer's mark, with its description: the fields of its tip, or its text; hidden from screen readers where it has neither.

    `empty`: the layer has no rows.

    >>> read_aloud("point", {"tooltip": [{"field": "gap", "title": "gap, points", "format": "+.0f"}]}, empty=False)["description"]
    {'expr': '"gap, points" + " " + (isValid(datum["gap"]) ? format(datum["gap"], "+.0f") : "unknown")'}
    >>> read_aloud("line", {}, empty=False)
    {'type': 'line', 'aria': False}
    """
    mark = dict(mark) if isinstance(mark, Mapping) else {"type": mark}
    tip, text = encoding.get("tooltip"), encoding.get("text")
    if not empty and mark["type"] in _SINGLE and tip:
        return {**mark, "description": {"expr": _words(tip if isinstance(tip, Sequence) else [tip])}}
    if not empty and mark["type"] == "text" and isinstance(text, Mapping) and "field" in text:
        return {**mark, "description": {"expr": _value(text)}}
    return {**mark, "aria": False}


def _words(fields: Sequence[Mapping[str, Any]]) -> str:
    """ "session 4, client 71" as an expression."""
    named = [f'{_quoted(field.get("title", field["field"]))} + " " + {_value(field)}' for field in fields]
    return ' + ", " + '.join(named)


def _value(field: Mapping[str, Any]) -> str:
    datum = f"datum[{_quoted(field['field'])}]"
    shown = f"format({datum}, {_quoted(field['format'])})" if "format" in field else datum
    return f'(isValid({datum}) ? {shown} : "unknown")'


def _quoted(text: str) -> str:
    return json.dumps(text)
