"""Memory that nobody needs any more goes back to the machine.

Reading and analysing take several times what stays. What was freed the allocator keeps for later, in a place of its own for each thread that ever asked, and every
run of a page is a new thread: with fifty visitors that comes to as much as their ratings. So threads share two places, frames take their text from there too,
and after an upload what is free is handed back. Where the C library is another one, all stays as it is.
"""

from __future__ import annotations

import ctypes
import gc
import sys

import pyarrow as pa

_ARENA_MAX = -8  # the number that the C library knows this choice by
_PLACES = 2  # as many threads as cores can ask at once


def _c_library() -> ctypes.CDLL | None:
    """The GNU C library; None where there is another one."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None


_LIBRARY = _c_library()
if _LIBRARY is not None:
    _LIBRARY.mallopt(_ARENA_MAX, _PLACES)
    pa.set_memory_pool(pa.system_memory_pool())


def hand_back() -> None:
    """Lets go of what was freed; a fraction of a second, so after work that takes longer."""
    gc.collect()
    if _LIBRARY is not None:
        _LIBRARY.malloc_trim(0)
