"""What kind of file it is, by its bytes, and whether its table of contents is one of an honest workbook.

Only the archive's directory is looked at here; nothing is unpacked in this process. The limits passed 1,525
of 1,581 real workbooks.
"""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import PurePath
from typing import NamedTuple

from alliance_core.reading.child.limits import LIMITS, Limits
from alliance_core.reading.refusals import ACCEPTED, elsewhere


class Verdict(NamedTuple):
    """What the file is (`kind`: xlsx, xlsb, ods, xls, parquet or text), or why it is not read (`code`, `message`)."""

    kind: str = ""
    code: str = ""
    message: str = ""


_PROTECTED = (
    "is protected by a password. Open it in your spreadsheet program, remove the password (File, Info, "
    "Protect Workbook, Encrypt with Password, leave it empty), save it and bring it in again."
)
_PROTECTED_ODS = (
    "is protected by a password. Open it in your spreadsheet program, save it without the password (File, Save As, "
    "Save with password unticked) and bring it in again."
)
_NOT_A_WORKBOOK = f"is no workbook that can be read. {ACCEPTED}"


# What a text begins with, and what it is then.
_OTHER_TEXT = (
    (b"urn:schemas-microsoft-com:office:spreadsheet", "an XML spreadsheet of 2003"),
    (b"urn:oasis:names:tc:opendocument", "a flat OpenDocument file"),
    (b"<html", "a web page"),
    (b"<table", "a web page"),
    (b"<!doctype html", "a web page"),
)
_OTHER_PARTS = {"word/": "a Word document", "ppt/": "a presentation", "index/document.iwa": "a Numbers file"}
_SAVE_AS = "Open it in your spreadsheet program and save it as .xlsx."
_TEXT_ENDINGS = (".csv", ".tsv", ".tab", ".txt", "")
_KINDS = {
    "xlsx": ("an .xlsx workbook", (".xlsx", ".xlsm", ".xltx", ".xltm", "")),
    "xlsb": ("an .xlsb workbook", (".xlsb", "")),
    "xls": ("an old .xls workbook", (".xls", ".xlt", "")),
    "ods": ("an .ods workbook", (".ods", ".ots", "")),
    "parquet": ("a Parquet file", (".parquet", ".pq", "")),
    "text": ("text with separated columns", _TEXT_ENDINGS),
}


def misnamed(name: str, kind: str) -> str:
    """A sentence where the file's ending says something else than its bytes; it is read by its bytes. Else nothing.

    >>> misnamed("ratings.xls", "text")
    'This file is text with separated columns, though its name ends in .xls; it was read as what it is.'
    """
    what, endings = _KINDS[kind]
    ending = PurePath(name).suffix.lower()
    known = {one for _, all_of_it in _KINDS.values() for one in all_of_it}
    if ending in endings or ending not in known:
        return ""
    return f"This file is {what}, though its name ends in {ending}; it was read as what it is."


def look(content: bytes, limits: Limits = LIMITS) -> Verdict:
    """Sniff the bytes; the file's ending plays no part. Never raises for any bytes."""
    if not content.strip():
        return Verdict(code="empty_file", message="is empty.")
    if len(content) > limits.file:
        message = f"is larger than {limits.file >> 20} MB, which is the limit. Bring in only the sheets that hold ratings."
        return Verdict(code="too_large", message=message)
    if content.startswith(b"PK"):
        return _archive(content, limits)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _compound(content)
    if content.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<"):
        return _markup(content)
    if content.startswith(b"MIME-Version:"):
        return Verdict(code="web_page", message=f"is a web page under a spreadsheet's name. {_SAVE_AS}")
    if content.startswith(b"PAR1"):
        return Verdict(kind="parquet")
    if content.startswith(b"PARE"):
        message = "is encrypted. Save it without encryption and bring it in again."
        return Verdict(code="password", message=message)
    if content[:4] in (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00"):
        return Verdict(code="not_a_workbook", message=f"was made by Excel 4 or older. {_SAVE_AS}")
    if content.startswith(_OTHER_FILES):
        return Verdict(code="not_a_workbook", message=_NOT_A_WORKBOOK)
    return Verdict(kind="text")


_OTHER_FILES = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
    b"SQLite",
)


def _compound(content: bytes) -> Verdict:
    """An old .xls, or one of several other files that are kept the same way; they name their streams in UTF-16."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        return Verdict(code="password", message=_PROTECTED)
    if holds("WordDocument") and not (holds("Workbook") or holds("Book")):
        return Verdict(
            code="not_a_workbook", message=f"is a Word document, no workbook that can be read. {ACCEPTED}"
        )
    return Verdict(kind="xls")


def _markup(content: bytes) -> Verdict:
    start = content[:4_000].replace(b"\0", b"").lower()
    what = next((words for mark, words in _OTHER_TEXT if mark in start), "XML")
    return Verdict(code="web_page", message=f"is {what} under a spreadsheet's name. {_SAVE_AS}")


def _archive(content: bytes, limits: Limits) -> Verdict:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, OSError, struct.error, IndexError):
        return Verdict(
            code="damaged",
            message="is damaged: it looks like a workbook, but its table of contents cannot be read. Save it again.",
        )
    trouble = _trouble(members, limits)
    if trouble:
        return Verdict(
            code="unsafe_archive",
            message=f"is not read, because {trouble.removesuffix('.')}. Save it again as .xlsx.",
        )
    names = {member.filename.lower() for member in members}
    if "xl/workbook.xml" in names:
        return Verdict(kind="xlsx")
    if "xl/workbook.bin" in names:
        return Verdict(kind="xlsb")
    if "content.xml" in names:
        return Verdict(kind="ods")
    if "encrypted-package" in names:
        return Verdict(code="password", message=_PROTECTED_ODS)
    for start, words in _OTHER_PARTS.items():
        if any(name.startswith(start) for name in names):
            return Verdict(
                code="not_a_workbook", message=f"is {words}, no workbook that can be read. {ACCEPTED}"
            )
    if any(name.startswith("xl/") or name == "[content_types].xml" for name in names):
        return Verdict(kind="xlsx")  # other paths are allowed; the child has the last word
    return Verdict(code="not_a_workbook", message=_NOT_A_WORKBOOK)


def _trouble(members: list[zipfile.ZipInfo], limits: Limits) -> str:
    names = [member.filename.lower() for member in members]
    sizes = [member.file_size for member in members]
    checks = (
        (len(members) > limits.members, f"it holds more than {limits.members:,} parts, which is the limit"),
        (len(set(names)) < len(names), "two of its parts have the same name"),
        (
            any(n.startswith("/") or "\\" in n or ".." in n.split("/") or n[1:2] == ":" for n in names),
            "a part's name points outside the file",
        ),
        (any(member.flag_bits & 1 for member in members), "parts of it are encrypted"),
        (
            any(m.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for m in members),
            "it is compressed in an unusual way",
        ),
        (
            sum(sizes) > limits.unpacked,
            f"it unpacks to more than {limits.unpacked >> 20} MB, which is the limit.{elsewhere(limits)}",
        ),
        (
            max(sizes, default=0) > limits.member,
            f"one part unpacks to more than {limits.member >> 20} MB, which is the limit.{elsewhere(limits)}",
        ),
        (
            any(
                m.file_size >= limits.ratio_from and m.file_size > limits.ratio * m.compress_size
                for m in members
            ),
            f"a part unpacks to more than {limits.ratio} times its size, which is the limit",
        ),
    )
    return next((words for wrong, words in checks if wrong), "")
