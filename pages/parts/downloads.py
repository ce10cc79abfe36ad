"""Names of downloads: what is in the file, the day, and what tells it from everybody else's."""

from __future__ import annotations

import re

from pages.parts.today import today


def file_name(content: str, ending: str, token: str) -> str:
    """Such as problems-2026-03-31-1f09a2b3c4d5e6f7.csv. `content`: words of ours; `token`: large downloads are told apart by their name only."""
    return f"{re.sub(r'[^a-z0-9]+', '-', content.lower()).strip('-')}-{today().isoformat()}-{token}.{ending}"
