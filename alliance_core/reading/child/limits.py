"""What one file may cost. The wall clock is the parent's business."""

from __future__ import annotations

ADDRESS_SPACE = 1 << 30  # bytes
CPU_SECONDS = 20


def apply() -> None:
    """Limit this process. Where the system has no such limits (Windows), the wall clock remains."""
    try:
        import resource
    except ImportError:
        return
    for which, value in (
        (resource.RLIMIT_AS, ADDRESS_SPACE),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(which)
        low = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (low, low))
