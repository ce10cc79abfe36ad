"""Mark cells in a user's own workbook, list the problems on a sheet of their own, apply corrections.

Started as ``python -I -B mark.py``. Standard input: eight bytes of length (little endian), the orders as JSON of
that length, then the workbook. Standard output: the same form with {"lost": […]} and the new workbook. It
sets its own limits before it opens anything and writes no file; exit status 0, or it failed as a whole.
"""

from __future__ import annotations

import datetime
import io
import json
import os
import re
import sys
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

SIGNATURE = (
    "[alliance supervision]"  # our part of a comment begins with it, so that it can be taken away again
)
FILLS = {"error": "FFF3CFDC", "warning": "FFFFEFBF"}
MOST_COMMENTS = 3_000  # each is a drawing of its own: more of them make a workbook slow to open
_CARRIED = {
    "xl/media/": "pictures",
    "xl/charts/chart": "charts",
    "xl/slicers/": "slicers",
    "xl/ctrlprops/": "form controls",
    "xl/activex/": "form controls",
    "xl/diagrams/": "diagrams",
    "xl/embeddings/": "embedded documents",
    "xl/threadedcomments/": "comment threads (their text stays)",
    "xl/connections.xml": "data connections",
    "xl/querytables/": "data connections",
}
_NEWER = {
    "x14:conditionalFormatting": "newer kinds of conditional formats",
    "x14:dataValidation": "drop-downs fed from another sheet",
    "x14:sparkline": "sparklines",
}
_STORED = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*<(?:\w+:)?v[^>]*>([^<]+)</"
)
_NUMBER = re.compile(rb"-?[0-9]+(?:\.[0-9]+)?(?:[Ee][+-]?[0-9]+)?")
_WRITTEN = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f[^>]*>[^<]*</f>|<f[^>]*/>)<v ?/></c>')


class Result(NamedTuple):
    """A stored result of a formula: the type letter of the cell and the raw text."""

    kind: str
    text: bytes


def stored_results(content: bytes) -> dict[str, dict[str, Result]]:
    """By sheet and address, the results that the spreadsheet program stored beside its formulas."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    parts = {sheet.title: getattr(sheet, "_worksheet_path", "") for sheet in book.worksheets}
    book.close()
    found: dict[str, dict[str, Result]] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = {name.lower(): name for name in archive.namelist()}
        for title, part in parts.items():
            name = names.get(part.lstrip("/").lower())
            text = archive.read(name) if name else b""
            if b"<f" in text or b":f" in text:
                found[title] = {r: one for r, one in map(_result, _STORED.finditer(text)) if r}
    return found


def _result(match: re.Match[bytes]) -> tuple[str, Result]:
    attributes = dict(re.findall(rb"(\w+)=[\"']([^\"']*)[\"']", match.group(1)))
    kind = attributes.get(b"t", b"n").decode()
    return attributes.get(b"r", b"").decode(), Result(kind, match.group(2))


class Writer(ExcelWriter):
    """openpyxl's writer without temporary files, which keeps the stored results of formulas."""

    results: dict[str, dict[str, Result]]
    _archive: zipfile.ZipFile

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts = ws._charts
        ws._drawing.images = ws._images
        out = io.BytesIO()
        writer: Any = WorksheetWriter(ws, out=out)
        writer.write()
        ws._rels = writer._rels
        results = self.results.get(ws.title, {})

        def with_result(match: re.Match[bytes]) -> bytes:
            address, more, formula = match.groups()
            result = results.get(address.decode())
            if result is None:
                return match.group(0)
            kind = b"" if result.kind == "n" else b' t="%s"' % result.kind.encode()
            return b'<c r="%s"%s%s>%s<v>%s</v></c>' % (address, more, kind, formula, result.text)

        text = out.getvalue()
        self._archive.writestr(ws.path[1:], _WRITTEN.sub(with_result, text) if results else text)
        self.manifest.append(ws)


def bring_up_to_date(
    book: Any, changed: dict[str, set[tuple[int, int]]], results: dict[str, dict[str, Result]]
) -> None:
    """Results that the changed cells may have changed: worked out anew, or taken away where that cannot be done here."""
    import formulas  # pyright: ignore[reportMissingImports]

    stale = formulas.out_of_date(book, changed)
    for title, addresses in stale.items():
        results[title] = {at: one for at, one in results.get(title, {}).items() if at not in addresses}
    known = {
        title: {
            at: float(one.text) for at, one in own.items() if one.kind == "n" and _NUMBER.fullmatch(one.text)
        }
        for title, own in results.items()
    }
    for title, values in formulas.recalculated(book, stale, known).items():
        results[title] |= {at: Result("n", repr(value).encode("ascii")) for at, value in values.items()}


def clean(text: object) -> str:
    """Text that a workbook may hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", str(text))


def cell_at(sheet: Any, row: int, column: int) -> Any:
    """The cell; of merged ones the one that holds their content."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        for area in sheet.merged_cells.ranges:
            if cell.coordinate in area:
                return sheet.cell(area.min_row, area.min_col)
    return cell


def put(cell: Any, kind: str, value: Any) -> None:
    """Write a value as what it is; a text is never a formula and never a link."""
    if kind == "date":
        cell.value = datetime.date.fromisoformat(value)
        cell.number_format = "yyyy-mm-dd"
    elif kind == "number":
        cell.value = float(value)
        if cell.value == int(cell.value):
            cell.value = int(cell.value)
    elif kind == "text":
        cell.value = clean(value)
        cell.data_type = "s"
    else:
        cell.value = None


def correct(book: Any, corrections: dict[str, list[list[Any]]]) -> dict[str, set[tuple[int, int]]]:
    """Apply the corrections ([row, column, kind, value]; column 0 is the whole row); the cells that changed, by sheet."""
    changed: dict[str, set[tuple[int, int]]] = {}
    for title, orders in corrections.items():
        sheet = book[title]
        for row, column, kind, value in orders:
            for at in [column] if column else range(1, sheet.max_column + 1):
                cell = sheet.cell(row, at) if not column else cell_at(sheet, row, at)
                if not isinstance(cell, MergedCell):
                    put(cell, kind, value)
                    changed.setdefault(title, set()).add((cell.row, cell.column))
    return changed


def unmark(book: Any, title: str) -> None:
    """Take away what we wrote on an earlier round: our sheet, our comments, our colours."""
    ours = [sheet for sheet in book.worksheets if str(sheet.cell(1, 1).value or "").startswith(title)]
    for sheet in ours:
        if len(book.worksheets) > 1:
            book.remove(sheet)
    if not ours:
        return
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.has_style and cell.fill.fgColor.rgb in FILLS.values():
                    cell.fill = PatternFill()
                if getattr(cell, "comment", None) and SIGNATURE in cell.comment.text:
                    before = cell.comment.text.split(SIGNATURE)[0].rstrip()
                    cell.comment = Comment(before, cell.comment.author) if before else None


def mark(book: Any, marks: dict[str, list[list[Any]]]) -> None:
    """Colour the cells and say in a comment what is wrong ([row, column, severity, text])."""
    fills = {name: PatternFill("solid", fgColor=colour) for name, colour in FILLS.items()}
    written = 0
    for title, orders in marks.items():
        sheet = book[title]
        for row, column, severity, text in orders:
            cell = cell_at(sheet, row, column)
            cell.fill = fills[severity]
            if written < MOST_COMMENTS:
                before = f"{cell.comment.text}\n\n" if cell.comment else ""
                author = cell.comment.author if cell.comment else "Alliance supervision"
                cell.comment = Comment(f"{before}{SIGNATURE}\n{clean(text)}", author, 120, 320)
                written += 1


def list_problems(book: Any, name: str, rows: list[list[str]], bold: list[int]) -> None:
    """A sheet of text only; `bold` are its rows in bold."""
    taken = {sheet.title.casefold() for sheet in book.worksheets}
    free = next(
        one for one in (name, *(f"{name} {n}" for n in range(2, 1000))) if one.casefold() not in taken
    )
    sheet = book.create_sheet(free)
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            if text:
                cell = sheet.cell(number, column)
                put(cell, "text", text)
                if number in bold:
                    cell.font = Font(bold=True)
                if column == len(row) and len(row) > 1:
                    cell.alignment = Alignment(wrap_text=True, vertical="top")
    for column, width in zip("ABCDEF", (16, 20, 8, 20, 24, 90), strict=True):
        sheet.column_dimensions[column].width = width


def lost(before: bytes, after: bytes) -> list[str]:
    """In words, what the new workbook does not carry any more."""
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        was, now = ([name.lower() for name in one.namelist()] for one in (old, new))
        found = [
            words
            for prefix, words in _CARRIED.items()
            if sum(name.startswith(prefix) for name in was) > sum(name.startswith(prefix) for name in now)
        ]
        sheets = [name for name in old.namelist() if name.lower().startswith("xl/worksheets/sheet")]
        tails = b"".join(old.read(name)[-200_000:] for name in sheets)  # extensions stand at the end
    found += [words for tag, words in _NEWER.items() if tag.encode() in tails]
    return list(dict.fromkeys(found))


def main() -> int:
    sys.path.insert(0, str(Path(__file__).parent))  # -I leaves the own folder out
    import limits  # pyright: ignore[reportMissingImports]  # a sibling: the folder is the program

    limits.apply()
    given = sys.stdin.buffer.read()
    size = int.from_bytes(given[:8], "little")
    orders, content = json.loads(given[8 : 8 + size]), given[8 + size :]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        macros = any(name.lower() == "xl/vbaproject.bin" for name in archive.namelist())
    book = openpyxl.load_workbook(io.BytesIO(content), keep_vba=macros, rich_text=True)
    unmark(book, orders["title"])
    results = stored_results(content)
    changed = correct(book, orders["corrections"])
    if changed and results:
        bring_up_to_date(book, changed, results)
    mark(book, orders["marks"])
    if orders["rows"]:
        list_problems(book, orders["sheet"], orders["rows"], orders["bold"])
    book.calculation.fullCalcOnLoad = True
    made = io.BytesIO()
    writer = Writer(book, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED))
    writer.results = results
    writer.save()
    answer = json.dumps({"lost": lost(content, made.getvalue())}).encode("ascii")
    sys.stdout.buffer.write(len(answer).to_bytes(8, "little") + answer + made.getvalue())
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    os._exit(main())
