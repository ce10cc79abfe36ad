"""Large sheets are cut apart, and calamine reads each different cell once: what comes out is what calamine reads in the whole."""

import datetime
import io
import json
import zipfile

import numpy as np
import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_core.reading.child import encode, large_workbook, plain_sheet, slices, workbooks
from alliance_core.reading.child.limits import LIMITS
from alliance_core.reading.child.look import NotPlainError

DAY = datetime.datetime(2025, 3, 1, 9, 30)
MIXED = [
    "C-001",
    "001",
    1,
    1.0,
    2.5,
    True,
    False,
    DAY,
    "n/a",
    " ",
    "x" * 70,
    "Zoë & Ann <1>",
    1e300,
    0.1 + 0.2,
    -3,
    None,
]


def written(content, limits=LIMITS):
    """What the limited process writes about each sheet: (about, columns as [kinds and values, codes])."""
    found = []
    for rows, about in content:
        out = io.BytesIO()
        encode.write(out, rows, dict(about))
        whole = out.getvalue()
        size = int.from_bytes(whole[:8], "little")
        head, at = json.loads(whole[8 : 8 + size]), 8 + size
        columns = []
        for one in head.pop("columns", []):
            codes = np.frombuffer(whole, one["type"], head["height"], at).tolist()
            kinds, values = one["values"]
            columns.append([(kinds[code], values[code]) for code in codes])
            at += one["size"]
        found.append((head, columns))
    return found


def both_ways(tmp_path, content, monkeypatch):
    """The sheets of a workbook, cut apart and as calamine reads it."""
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    limits = LIMITS._asdict()
    monkeypatch.setattr(large_workbook, "LARGE", 1_000)
    apart = workbooks._large(str(path), limits)
    monkeypatch.setattr(large_workbook, "LARGE", 1 << 60)
    whole = written(workbooks.sheets(str(path), "xlsx", limits))
    assert apart is not None
    return written(apart), whole


def by_xlsxwriter(fill, options=None):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False, **(options or {})}
    ) as book:
        fill(book)
    return buffer.getvalue()


def some_rows(seed=1, rows=400, columns=12, gaps=0.1):
    rng = np.random.default_rng(seed)
    picked = rng.integers(0, len(MIXED), (rows, columns))
    left_out = rng.random((rows, columns)) < gaps
    return [
        [None if gap else MIXED[one] for one, gap in zip(*both, strict=True)]
        for both in zip(picked, left_out, strict=True)
    ]


def filled(sheet, rows, top=0, left=0):
    for r, row in enumerate(rows, top):
        for c, value in enumerate(row, left):
            if value is not None:
                sheet.write(r, c, value)


@pytest.mark.parametrize("options", [{}, {"in_memory": True, "constant_memory": True}, {"date_1904": True}])
def test_every_kind_of_cell_comes_out_as_calamine_reads_it(tmp_path, monkeypatch, options):
    content = by_xlsxwriter(lambda book: filled(book.add_worksheet(), some_rows()), options)
    apart, whole = both_ways(tmp_path, content, monkeypatch)
    assert apart == whole
    assert apart[0][0]["height"] == 400


def test_a_sheet_may_begin_anywhere_and_be_wide(tmp_path, monkeypatch):
    def fill(book):
        filled(book.add_worksheet("far"), some_rows(2, 60, 40), top=1_233, left=690)
        filled(book.add_worksheet("gaps"), some_rows(3, 60, 9, gaps=0.9), top=3, left=1)
        book.add_worksheet("empty")
        filled(book.add_worksheet("one"), [["only"]], top=9_999, left=2)

    apart, whole = both_ways(tmp_path, by_xlsxwriter(fill), monkeypatch)
    assert apart == whole
    assert next(about["start"] for about, _ in apart)[0] >= 1_233


def test_what_calamine_hides_is_found_among_the_cells(tmp_path, monkeypatch):
    def fill(book):
        sheet = book.add_worksheet()
        filled(
            sheet,
            [["Client", "Goal", "Task", "Bond", "Note"]] + [[f"C{n}", n % 5, 3, 4, "-"] for n in range(50)],
        )
        sheet.write_formula(3, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(4, 2, "=A1", None, "")
        sheet.write_formula(5, 3, "=B6+1", None, 4)
        sheet.set_row(7, None, None, {"hidden": True})
        sheet.set_column(2, 3, None, None, {"hidden": True})

    apart, whole = both_ways(tmp_path, by_xlsxwriter(fill), monkeypatch)
    assert apart == whole
    assert (apart[0][0]["hidden_rows"], apart[0][0]["hidden_columns"]) == (1, 2)
    assert apart[0][1][1][3] == ("x", None)


@pytest.mark.parametrize("written_only", [False, True])
def test_as_openpyxl_writes(tmp_path, monkeypatch, written_only):
    book = openpyxl.Workbook(write_only=written_only)
    sheet = book.create_sheet("Ratings") if written_only else book.active
    for row in [["=A1", "=1+1"], *some_rows(4, 200, 8)]:
        sheet.append(["first", *row])
    out = io.BytesIO()
    book.save(out)
    apart, whole = both_ways(tmp_path, out.getvalue(), monkeypatch)
    assert apart == whole


def rewritten(content, change):
    """The workbook with the text of its first sheet changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text) if name == "xl/worksheets/sheet1.xml" else text)
    return out.getvalue()


PLAIN = by_xlsxwriter(lambda book: filled(book.add_worksheet(), some_rows(5, 90, 6)))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b"</row><row", b"</row>\n  <row"),
        lambda text: text.replace(b'<row r="9"', b'<row r="9" hidden="true"'),
        lambda text: text.replace(b"</c><c", b"</c>\r\n<c"),
        lambda text: (
            text.replace(b'<row r="20"', b'<row r="19" ht="3"/><row r="20"')
            .replace(b'<row r="19" spans', b'<row r="18" spans')
            .replace(b'<row r="18" spans="1:6"><c r="A18"', b'<row r="18" spans="1:6"><c r="A18"')
        ),
        lambda text: text.replace(b' t="s"', b" t='s'"),
        lambda text: text.replace(b"</sheetData>", b"</sheetData><!-- the end -->"),
        lambda text: text.replace(b"<v>", b"<v xml:space='preserve'>"),
        lambda text: text.replace(
            b"</sheetData>",
            b'<row r="95"><c r="B95" t="str"><f t="shared" si="7"/><v/></c></row></sheetData>',
        ),
        lambda text: text.replace(
            b"</sheetData>", b'<row r="95"><c r="I95" t="inlineStr"><is><t/></is></c></row></sheetData>'
        ),
    ],
)
def test_other_ways_to_write_the_same(tmp_path, monkeypatch, change):
    content = rewritten(PLAIN, change)
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    monkeypatch.setattr(large_workbook, "LARGE", 1_000)
    apart = workbooks._large(str(path), LIMITS._asdict())
    monkeypatch.setattr(large_workbook, "LARGE", 1 << 60)
    assert apart is None or written(apart) == written(workbooks.sheets(str(path), "xlsx", LIMITS._asdict()))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b'<c r="B', b'<c  r="B'),
        lambda text: text.replace(b'<c r="B3"', b"<c"),
        lambda text: text.replace(b'<c r="B3"', b'<c r="B4"'),
        lambda text: text.replace(b'<c r="C3"', b'<c r="A3"'),
        lambda text: text.replace(b'<row r="9"', b"<row"),
        lambda text: text.replace(b'<row r="9"', b'<row r="12"'),
        lambda text: text.replace(b"<sheetData>", b"<sheetData><!-- x -->"),
        lambda text: text.replace(b"</v></c></row>", b"<![CDATA[7]]></v></c></row>", 1),
        lambda text: text.replace(b"<sheetData>", b"<sheetData >"),
        lambda text: text.replace(b"<c ", b"<x:c ").replace(b"</c>", b"</x:c>"),
        lambda text: text[:-400],
        lambda text: text.replace(b'<row r="9" spans="1:6">', b'<row r="9" spans="1:6"><v>1</v></c>'),
        lambda text: text.replace(b'<row r="9" spans="1:6">', b'<row r="9" spans="1:6"/>'),
        lambda text: text.replace(b'</row><row r="9" spans="1:6">', b'<row r="9" spans="1:6">'),
        lambda text: text.replace(b'<c r="B9"', b'</row><c r="B9"'),
        lambda text: text.replace(b'<row r="50"', b'</sheetData><row r="50"'),
        lambda text: text.replace(b' t="s">', b' t="s>', 1),
        lambda text: text.replace(b"</v></c>", b"</c>", 1),
        lambda text: text.replace(b"<sheetViews>", b"<sheet<sheetData>Views>"),
    ],
)
def test_what_is_written_in_another_manner_is_left_to_calamine(tmp_path, monkeypatch, change):
    path = tmp_path / "book.xlsx"
    path.write_bytes(rewritten(PLAIN, change))
    monkeypatch.setattr(large_workbook, "LARGE", 1_000)
    assert workbooks._large(str(path), LIMITS._asdict()) is None


def test_a_sheet_cut_into_many_blocks_gives_the_same(tmp_path, monkeypatch):
    content = by_xlsxwriter(lambda book: filled(book.add_worksheet(), some_rows(6, 900, 8)))
    monkeypatch.setattr(plain_sheet, "_BLOCK", 500)
    monkeypatch.setattr(large_workbook, "_PIECE", 333)
    apart, whole = both_ways(tmp_path, content, monkeypatch)
    assert apart == whole


def test_formatted_cells_around_the_filled_ones_do_not_count(tmp_path, monkeypatch):
    def fill(book):
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        filled(sheet, some_rows(7, 300, 5, gaps=0.0), top=40, left=3)
        for row in (0, 5, 39, 345, 900):
            for column in range(12):
                sheet.write_blank(row, column, None, bold)
        sheet.write_blank(100, 11, None, bold)

    monkeypatch.setattr(plain_sheet, "_BLOCK", 500)
    monkeypatch.setattr(large_workbook, "_PIECE", 333)
    apart, whole = both_ways(tmp_path, by_xlsxwriter(fill), monkeypatch)
    assert apart == whole


def test_limits_hold_for_sheets_cut_apart(tmp_path, monkeypatch):
    path = tmp_path / "book.xlsx"
    path.write_bytes(PLAIN)
    monkeypatch.setattr(large_workbook, "LARGE", 1_000)
    for few in ({"cells": 100}, {"area": 100}, {"columns": 3}):
        apart = workbooks._large(str(path), {**LIMITS._asdict(), **few})
        refused = apart and apart[-1][1].get("refused")
        assert (
            apart is None or refused == "cells"
        )  # the others are named by the way that takes cells one by one


@settings(deadline=None)
@given(
    st.lists(st.binary(max_size=90).filter(lambda one: b"\0" not in one), min_size=1, max_size=60),
    st.integers(1, 5),
)
def test_slices_have_one_code_where_they_are_the_same(texts, times):
    """Against a dict, with slices of every length and more of them than a table first has room for."""
    every = texts * times
    whole = b"".join(every)
    start = np.cumsum([0, *map(len, every)])
    found = slices.Slices(1_000)
    codes = found.codes(whole + slices.PADDING, start[:-1], np.diff(start))
    known = found.texts()
    assert [known[code] for code in codes.tolist()] == every
    assert found.count == len(set(texts))


def test_more_slices_than_a_table_has_room_for():
    texts = [b"%d" % n for n in range(20_000)] * 2
    whole = b"".join(texts)
    start = np.cumsum([0, *map(len, texts)])
    found = slices.Slices(20_000)
    for _ in range(2):
        codes = found.codes(whole + slices.PADDING, start[:-1], np.diff(start))
        assert codes.max() == 19_999
        known = found.texts()
        assert [known[code] for code in codes[:20_000].tolist()] == texts[:20_000]
    with pytest.raises(slices.TooManyError):
        slices.Slices(19_999).codes(whole + slices.PADDING, start[:-1], np.diff(start))
    with pytest.raises(NotPlainError):
        plain_sheet.cut([b"nothing here"], 10, 10)
