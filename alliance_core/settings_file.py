"""Settings as a file to keep: read, written, and changed with the day and the reason beside the change."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from alliance_core import toml_text
from alliance_core.notation import Notation, written
from alliance_core.settings import Change, Settings, SettingsError, describe

_HEAD = """# Settings: what differs from the program's own, and when and why it was changed.
# Pass it with --settings, or bring it in on the page.
"""


def load_settings(path: str | Path) -> Settings:
    """Settings from a TOML file; keys that are left out keep their default.

    Raises SettingsError with one sentence that names the file, the key and what is accepted.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise SettingsError(
            f"{Path(path).name}: cannot be opened ({error.strerror or 'no such file'})."
        ) from None
    return parse_settings(content, Path(path).name)


def parse_settings(content: bytes, name: str = "settings") -> Settings:
    """Settings from the bytes of a TOML file called `name`; errors as in `load_settings`."""
    try:
        said = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(f"{name}: is not a TOML file ({error}).") from None
    return _validated(said, name)


def _validated(said: dict[str, Any], name: str) -> Settings:
    try:
        return Settings.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        told = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{name}: {key}: {told}.") from None


def to_toml(settings: Settings) -> str:
    """What differs from the program's own settings, as text: `parse_settings` gives the same settings again."""
    return toml_text.to_toml(settings.model_dump(exclude_defaults=True), _HEAD)


def changed(settings: Settings, key: str, value: Any) -> Settings:
    """The settings with another value of one key, such as "episodes.z_open".

    Raises SettingsError with what is accepted.
    """
    group, _, name = key.partition(".")
    said = settings.model_dump()
    said[group][name] = value
    return _validated(said, "settings")


def adopted(settings: Settings, values: dict[str, Any], reason: str, when: date) -> Settings:
    """The settings with other values of some keys, each noted with day and reason under `changes`. Values that are no change are not noted.

    Raises SettingsError with what is accepted.
    """
    after = settings
    for key, value in values.items():
        after = changed(after, key, value)
    with written(Notation()):  # the same in every file, whoever reads it
        old = {line.key: line.shown for line in describe(settings)}
        new = {line.key: line.shown for line in describe(after)}
    notes = [
        Change(date=when.isoformat(), key=key, before=old[key], after=shown, reason=reason)
        for key, shown in new.items()
        if shown != old[key]
    ]
    return after.model_copy(update={"changes": (*settings.changes, *notes)})
