"""Names of downloads: what is in the file, the day, and what tells it from everybody else's."""

from __future__ import annotations

import re
import secrets

import streamlit as st

from pages.parts.today import today


def token() -> str:
    """What tells this visitor's downloads from everybody else's: large ones are told apart by their name only."""
    return st.session_state.setdefault("download token", secrets.token_hex(8))


def file_name(content: str, ending: str, token: str) -> str:
    """Such as problems-2026-03-31-1f09a2b3c4d5e6f7.csv. `content`: words of ours; `token`: large downloads are told apart by their name only."""
    return f"{re.sub(r'[^a-z0-9]+', '-', content.lower()).strip('-')}-{today().isoformat()}-{token}.{ending}"
