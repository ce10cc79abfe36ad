"""Parse one file and write its cells to standard output, as plain data.

Started as ``python -I -B FOLDER KIND FILE LIMITS TASK``; LIMITS is JSON. It imports the standard library and
python-calamine, for large files numpy and for Parquet pyarrow, and sets its own limits before it opens anything: a hostile
file then kills this process and nothing else. TASK is "read", or "look" to say only which limit the file meets, where reading has failed.
Exit status 0 with a last message that says how it went; anything else means "too large or damaged".
"""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path


def main() -> int:
    del sys.path[0]  # the folder itself: its modules are those of the package
    sys.path.append(str(Path(__file__).parent.parent))
    from child import encode, limits  # pyright: ignore[reportMissingImports]

    kind, path, allowed, task = sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), sys.argv[4]
    limits.apply(allowed["memory"], allowed["cpu"])
    gc.disable()  # millions of cells and no cycles: looking for them costs a tenth of the time
    out = sys.stdout.buffer
    refused: dict[str, object] = {}
    if task == "look":
        from child import workbooks  # pyright: ignore[reportMissingImports]

        refused = workbooks.only_look(path, kind, allowed)
    else:
        if kind == "text":
            from child import delimited as reader  # pyright: ignore[reportMissingImports]
        elif kind == "parquet":
            from child import columnar as reader  # pyright: ignore[reportMissingImports]
        else:
            from child import workbooks as reader  # pyright: ignore[reportMissingImports]
        for rows, about in reader.sheets(path, kind, allowed):
            if "refused" in about:
                refused = about
                break
            encode.write(out, rows, about)
    encode.message(out, {"end": True, **refused})
    out.flush()
    return 0


if __name__ == "__main__":
    try:
        status = main()
    except (MemoryError, ImportError):  # a library that is there and cannot be loaded has no room
        status = 3
    os._exit(status)  # all is written; taking millions of cells apart one by one would only cost time
