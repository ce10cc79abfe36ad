"""What stands at the foot of whatever is printed: the day, the files it was made from, the rule and the settings."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import pandas as pd

from alliance_core import __version__, notation
from alliance_core.analysis import Analysis
from alliance_core.notation import digits
from alliance_core.settings import Settings

SHORT = 8  # characters of a hash that are shown
_ONLY_SHOWN = ("terms", "display", "changes")  # settings that no number depends on
_RULE = "detection.method"  # is named by itself


def source_line(analysis: Analysis, day: date) -> str:
    """Such as "31 Mar 2026 · file 1f09a2b3 · rule baseline · 2 settings changed, 5b1c90aa · version 0.1.0"."""
    return " · ".join(
        part
        for part in (
            notation.day(pd.Timestamp(day)),
            _of_files(analysis),
            f"rule {analysis.method}",
            _of_settings(analysis.settings),
            f"version {__version__}",
        )
        if part
    )


def files_hash(analysis: Analysis) -> str:
    """The SHA-256 of the one file that the ratings come from; of several, that of their hashes in order; empty where there was no file."""
    hashes = sorted(file.sha256 for file in analysis.ratings.inputs)
    if len(hashes) < 2:
        return "".join(hashes)
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def _of_files(analysis: Analysis) -> str:
    many, told = len(analysis.ratings.inputs), files_hash(analysis)[:SHORT]
    if not many:
        return ""
    return f"file {told}" if many == 1 else f"{digits(many, ',')} files {told}"


def _of_settings(settings: Settings) -> str:
    """How many numbers of the settings are a team's own, with what tells these settings from others."""
    own, usual = (_flat(one) for one in (settings, Settings()))
    changed = sorted(name for name, value in own.items() if value != usual[name] and name != _RULE)
    if not changed:
        return "usual settings"
    told = hashlib.sha256("\n".join(f"{name}={own[name]!r}" for name in changed).encode()).hexdigest()[:SHORT]
    return f"{len(changed)} {'setting' if len(changed) == 1 else 'settings'} changed, {told}"


def _flat(settings: Settings) -> dict[str, Any]:
    groups = settings.model_dump(exclude=set(_ONLY_SHOWN))
    return {f"{group}.{name}": value for group, values in groups.items() for name, value in values.items()}
