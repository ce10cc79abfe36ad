"""The workbook stream of an old .xls: a compound file is a small file system of sectors (MS-CFB)."""

from __future__ import annotations

import struct

_NO_SECTOR = 0xFFFFFFFA  # and above: free, end of chain and the like
_NAMES = ("Workbook", "Book")


def _chain(first: int, following: tuple[int, ...]) -> list[int]:
    found: list[int] = []
    while first < _NO_SECTOR and first < len(following) and len(found) <= len(following):
        found.append(first)
        first = following[first]
    return found


def _numbers(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])


def workbook_stream(content: bytes) -> bytes:
    """The bytes of the stream that holds the sheets; ValueError where there is none."""
    if len(content) < 512:
        raise ValueError("no compound file")
    shift, mini_shift = struct.unpack_from("<HH", content, 30)
    first_directory, _, cutoff, first_mini, _, first_more, more = struct.unpack_from("<I4sIIIII", content, 48)
    if not 7 <= shift <= 16 or not 4 <= mini_shift <= 12:
        raise ValueError("no compound file")
    size, mini = 1 << shift, 1 << mini_shift

    def sector(number: int) -> bytes:
        return content[(number + 1) * size : (number + 2) * size]

    tables = [number for number in _numbers(content[76:512]) if number < _NO_SECTOR]
    for _ in range(min(more, len(content) // size)):
        listed = _numbers(sector(first_more))
        if not listed:
            break
        tables += [number for number in listed[:-1] if number < _NO_SECTOR]
        first_more = listed[-1]
    following = _numbers(b"".join(map(sector, tables[: len(content) // size + 1])))

    def stream(first: int) -> bytes:
        return b"".join(map(sector, _chain(first, following)))

    directory = stream(first_directory)
    small = b""
    for at in range(0, len(directory) - 127, 128):
        name_size, kind = struct.unpack_from("<HB", directory, at + 64)
        first, length = struct.unpack_from("<II", directory, at + 116)
        name = directory[at : at + max(0, name_size - 2)].decode("utf-16-le", "replace")
        if kind == 5:
            small = stream(first)
        if name in _NAMES and kind == 2:
            if length >= cutoff:
                return stream(first)[:length]
            places = _chain(first, _numbers(stream(first_mini)))
            return b"".join(small[one * mini : (one + 1) * mini] for one in places)[:length]
    raise ValueError("no workbook in it")
