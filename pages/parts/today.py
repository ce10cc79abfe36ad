"""The day where the visitor is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st


def today() -> date:
    """The day where the visitor is; that of universal time where the browser does not say where it is."""
    now = datetime.now(UTC)
    try:
        return now.astimezone(ZoneInfo(st.context.timezone or "UTC")).date()
    except ZoneInfoNotFoundError:
        return now.date()
