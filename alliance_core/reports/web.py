"""The same content as paper as one HTML file that needs nothing else: no script, no request, no link out; text of users is text."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from alliance_core.plain_text import unseen_removed
from alliance_core.reports.printing import Picture

_LAYOUTS = Path(__file__).with_name("html")


def page(layout: str, content: Mapping[str, Any], *, title: str, foot: str) -> bytes:
    """The file of a layout (the name of a file in `html`, without its ending) with this content, in UTF-8.

    `content` as in `printing.printed`; dataclasses are reached by their names. Nothing but the style below may be loaded or run.
    """
    style = (_LAYOUTS / "paper.css").read_text(encoding="utf-8")
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    made = _layouts().get_template(f"{layout}.html")
    text = made.render(
        **content,
        title=title,
        foot=foot,
        style=Markup(style),  # noqa: S704 - our own file
        policy=f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'",
    )
    return text.encode()


def _layouts() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_LAYOUTS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    made.filters["drawing"] = _drawing
    return made


def _shown(value: Any) -> Any:
    """What is put into the file: texts without what nobody sees; markup is our own only."""
    return unseen_removed(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _drawing(picture: Picture) -> Markup:
    """The SVG itself, made by our charts; a reader hears its words instead."""
    return Markup(picture.svg)  # noqa: S704
