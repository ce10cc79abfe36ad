"""The same rows as a file of each format, made by hand and small: what no Python package of ours writes included.

`sheets` is {name: rows}; a cell is text, a number, a date or None. Dates travel as ISO text but in .xlsx and .ods.
"""

import datetime
import io
import struct
import zipfile
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter


def as_xlsx(sheets, hidden=()):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            elif not any(other.selected for other in book.worksheets()):
                sheet.activate()  # the active sheet cannot be hidden
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if isinstance(value, datetime.date):
                        sheet.write_datetime(r, c, datetime.datetime(value.year, value.month, value.day), day)
                    elif isinstance(value, float):
                        sheet.write_formula(r, c, f"={value!r}", None, value)  # keeps all digits
                    elif value is not None:
                        sheet.write(r, c, value)
    return buffer.getvalue()


def as_xlsm(sheets, hidden=()):
    """A workbook with (empty) macros beside its sheets."""
    buffer = io.BytesIO(as_xlsx(sheets, hidden))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/vbaProject.bin", b"\0" * 64)
    return buffer.getvalue()


def as_ods(sheets, hidden=()):
    def cell(value):
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, datetime.date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value!r}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'

    tables = "".join(
        f'<table:table table:name={quoteattr(name)} table:style-name="{"off" if name in hidden else "on"}">'
        + "".join(
            f"<table:table-row>{''.join(map(cell, row)) or cell(None)}</table:table-row>" for row in rows
        )
        + "</table:table>"
        for name, rows in sheets.items()
    )
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text", "style")
    )
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table"><style:table-properties table:display="{shown}"/></style:style>'
        for name, shown in (("on", "true"), ("off", "false"))
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        book.writestr("META-INF/manifest.xml", "<manifest/>")
        book.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}>'
            f"<office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>",
        )
    return buffer.getvalue()


def _extent(rows):
    return len(rows), max((len(row) for row in rows), default=0)


def _cells(rows):
    """(row, column, number or text) of every filled cell."""
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is not None:
                number = isinstance(value, int | float)
                yield r, c, float(value) if number else str(value)


def as_xlsb(sheets, hidden=()):
    """BIFF12 as [MS-XLSB] 2.1.4 describes it: records of type, length, content."""

    def record(kind, content=b""):
        size, length = b"", len(content)
        while True:
            length, low = length >> 7, length & 127
            size += bytes([low | (128 if length else 0)])
            if not length:
                break
        head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
        return head + size + content

    def wide(text):
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    def sheet(rows):
        height, width = _extent(rows)
        out = record(129) + record(148, struct.pack("<4I", 0, height - 1, 0, width - 1)) + record(145)
        last = -1
        for r, c, value in _cells(rows):
            if r != last:
                out += record(0, struct.pack("<I", r) + b"\0" * 21)
                last = r
            place = struct.pack("<II", c, 0)
            text = isinstance(value, str)
            out += record(6, place + wide(value)) if text else record(5, place + struct.pack("<d", value))
        return out + record(146) + record(130)

    overview, relations = record(131) + record(143), ""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
        for number, (name, rows) in enumerate(sheets.items(), 1):
            overview += record(
                156, struct.pack("<II", name in hidden, number) + wide(f"rId{number}") + wide(name)
            )
            relations += f'<Relationship Id="rId{number}" Target="worksheets/sheet{number}.bin"/>'
            book.writestr(f"xl/worksheets/sheet{number}.bin", sheet(rows))
        book.writestr("xl/workbook.bin", overview + record(144) + record(157) + record(132))
        book.writestr("xl/_rels/workbook.bin.rels", f"<Relationships>{relations}</Relationships>")
        book.writestr("[Content_Types].xml", "<Types/>")
    return buffer.getvalue()


def as_xls(sheets, hidden=()):
    """BIFF8 as [MS-XLS] describes it, within a compound file."""

    def record(kind, content=b""):
        return struct.pack("<HH", kind, len(content)) + content

    def start(kind):
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 0))

    def sheet(rows):
        out = start(0x10) + record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, _extent(rows)[1], 0))
        for r, c, value in _cells(rows):
            place = struct.pack("<HHH", r, c, 0)
            if isinstance(value, str):
                out += record(0x204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
            else:
                out += record(0x203, place + struct.pack("<d", value))
        return out + record(0x0A)

    names = [
        (struct.pack("<BBBB", name in hidden, 0, len(name), 1) + name.encode("utf-16-le")) for name in sheets
    ]
    bodies = [sheet(rows) for rows in sheets.values()]
    before = start(5) + record(0x42, struct.pack("<H", 1200))
    at = len(before) + sum(len(name) + 8 for name in names) + 4
    book = before
    for name, body in zip(names, bodies, strict=True):
        book += record(0x85, struct.pack("<I", at) + name)
        at += len(body)
    return _compound(book + record(0x0A) + b"".join(bodies))


def _compound(stream):
    """A compound file with one stream, Workbook, as [MS-CFB] describes it."""
    end, free, own = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    tables = -(-(sectors + 2) // 127)
    chain = [*range(1, sectors), end, end, *[own] * tables]
    chain += [free] * (tables * 128 - len(chain))

    def entry(name, kind, child, first, size):
        raw = (name + "\0").encode("utf-16-le")
        tail = struct.pack("<BBIII", kind, 1, free, free, child) + b"\0" * 36
        return raw.ljust(64, b"\0") + struct.pack("<H", len(raw)) + tail + struct.pack("<IQ", first, size)

    folder = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 0, len(stream))
    places = [*range(sectors + 1, sectors + 1 + tables), *[free] * (109 - tables)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, tables, sectors, 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", *places)
    return head + stream + folder.ljust(512, b"\0") + struct.pack(f"<{len(chain)}I", *chain)


def as_text(rows, delimiter=",", comma=False, encoding="utf-8", first=""):
    """One sheet's rows as text; `comma`: numbers with a decimal comma; `first`: a line on top."""

    def cell(value):
        shown = "" if value is None else str(value)
        shown = shown.replace(".", ",") if comma and isinstance(value, float) else shown
        quoted = any(letter in shown for letter in (delimiter, '"', "\n"))
        return '"' + shown.replace('"', '""') + '"' if quoted else shown

    lines = [first] if first else []
    return "\r\n".join([*lines, *(delimiter.join(map(cell, row)) for row in rows), ""]).encode(encoding)


WORKBOOKS = {"xlsx": as_xlsx, "xlsm": as_xlsm, "xlsb": as_xlsb, "xls": as_xls, "ods": as_ods}
