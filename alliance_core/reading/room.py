"""What a file on the page may hold: as much as anywhere, where this machine has memory to spare, since everybody who is there shares it."""

from __future__ import annotations

from pathlib import Path

import psutil

from alliance_core.reading.child.limits import LIMITS, TO_SPARE, UPLOAD, Limits

_GROUP = Path("/sys/fs/cgroup")  # of a container, whose memory may be less than the machine's


def upload_limits() -> Limits:
    """LIMITS where at least TO_SPARE bytes (≥) of memory are free at this moment, else UPLOAD."""
    return LIMITS if free_memory() >= TO_SPARE else UPLOAD


def free_memory(group: Path = _GROUP) -> int:
    """Bytes that programs may still take without others being moved out of memory: of the machine, or of the container where that has fewer."""
    free = int(psutil.virtual_memory().available)
    most, used = (_text(group / name).strip() for name in ("memory.max", "memory.current"))
    return min(free, max(0, int(most) - int(used))) if most.isdigit() and used.isdigit() else free


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""
