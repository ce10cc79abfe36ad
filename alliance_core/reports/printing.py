"""Paper: a layout of ours (`typ`) and content, a plain dict, to the bytes of an accessible PDF (PDF/UA-1).

Content is handed over as data and printed literally, whatever it looks like. The same layout, content, day and size of paper give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import typst

from alliance_core.reports.glyphs import FAMILIES, FONTS, not_printable, printable
from alliance_core.settings import PaperSize

_LAYOUTS = Path(__file__).with_name("typ")
_SIZES: Mapping[PaperSize, str] = {"A4": "a4", "Letter": "us-letter"}
MOST_NAMED = 12  # signs without a glyph that the last page names


class NotPrinted(RuntimeError):
    """Paper that could not be made; the message is for whoever asked for it."""


@dataclass(frozen=True)
class Picture:
    """A chart on paper: SVG, and what it shows in words."""

    svg: str
    words: str


def printed(
    layout: str, content: Mapping[str, Any], *, title: str, day: date, foot: str, size: PaperSize = "A4"
) -> bytes:
    """The PDF of a layout (the name of a file in `typ`, without its ending) with this content.

    `content`: names to text, numbers, yes or no, None, `Picture`s, and dicts, sequences or dataclasses of these. `title` is the document's own, `day`
    its date, `foot` stands at the foot of each page beside the page's number. Text stands on one line each, without control and bidirectional characters;
    signs that the fonts do not have are NO_GLYPH, and the last page names them. Raises NotPrinted where the paper cannot be made.
    """
    missing: set[str] = set()
    data = _as_data(content, missing)
    sheet = {
        "title": printable(title),
        "day": [day.year, day.month, day.day],
        "foot": printable(foot),
        "size": _SIZES[size],
        "fonts": FAMILIES,
        "missing": _named(missing),
        "content": data,
    }
    try:
        return typst.compile(
            str(_LAYOUTS / f"{layout}.typ"),
            root=str(_LAYOUTS),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False, allow_nan=False)},
            pdf_standards=["ua-1"],
            timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
        )
    except typst.TypstError as error:
        raise NotPrinted("The PDF could not be made.") from error


def _as_data(value: Any, missing: set[str]) -> Any:
    """The value as JSON takes it, its texts printable; the signs that no font has go into `missing`."""
    if isinstance(value, str):
        missing |= not_printable(value)
        return printable(value)
    if is_dataclass(value):
        value = {one.name: getattr(value, one.name) for one in fields(value)}
    if isinstance(value, Mapping):
        return {name: _as_data(one, missing) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [_as_data(one, missing) for one in value]
    return value


def _named(signs: set[str]) -> list[str]:
    """Their numbers, as standards name signs; of very many the first ones."""
    told = [f"U+{ord(sign):04X}" for sign in sorted(signs)]
    return told if len(told) <= MOST_NAMED else [*told[:MOST_NAMED], "…"]
