"""Parse one file and write its cells to standard output, as plain data.

Started as ``python -I -B FOLDER KIND FILE``. It imports the standard library and python-calamine only, and
sets its own limits before it opens anything: a hostile file then kills this process and nothing else.
Exit status 0 with a last message that says how it went; anything else means "too large or damaged".
"""

from __future__ import annotations

import gc
import os
import sys

import limits  # pyright: ignore[reportMissingImports]  # siblings: the folder is the program


def main() -> int:
    kind, path = sys.argv[1], sys.argv[2]
    limits.apply()
    gc.disable()  # millions of cells and no cycles: looking for them costs a tenth of the time
    if kind == "text":
        import delimited as reader  # pyright: ignore[reportMissingImports]
    else:
        import workbooks as reader  # pyright: ignore[reportMissingImports]
    import encode  # pyright: ignore[reportMissingImports]

    out = sys.stdout.buffer
    refused: dict[str, object] = {}
    for rows, about in reader.sheets(path, kind):
        if "refused" in about:
            refused = about
            break
        encode.write(out, rows, about)
    encode.message(out, {"end": True, **refused})
    out.flush()
    return 0


if __name__ == "__main__":
    status = main()
    os._exit(status)  # all is written; taking millions of cells apart one by one would only cost time
