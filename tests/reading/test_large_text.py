"""A large text file is cut into cells by whole blocks: what comes out is what the csv module reads."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_core.reading.child import delimited, encode, plain_text
from alliance_core.reading.child.limits import LIMITS
from alliance_core.reading.child.look import NotPlainError

LIMIT = LIMITS._asdict()
CELLS = st.text(st.sampled_from('abé0123.;" '), max_size=12)


def rows_of(content):
    """The rows of the one sheet as its codes say."""
    whole = plain_text.cut(content, ",", LIMIT)
    columns = []
    for one in whole.columns:
        kinds, values = one.values
        codes = memoryview(one.codes).cast({"u1": "B", "u2": "H", "i4": "i"}[one.type]).tolist()
        columns.append(["" if kinds[code] == "e" else values[code] for code in codes])
    assert all(len(column) == whole.height for column in columns)
    return [list(row) for row in zip(*columns, strict=True)]


def shown(rows):
    width = max([1, *map(len, rows)])
    return [[cell if cell.strip() else "" for cell in row + [""] * (width - len(row))] for row in rows]


@settings(deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=30),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.booleans(),
)
def test_as_the_csv_module_reads(rows, end, quoting, ended):
    out = io.StringIO()
    csv.writer(out, lineterminator=end, quoting=quoting).writerows(rows)
    content = out.getvalue() if ended else out.getvalue().removesuffix(end)
    try:
        found = rows_of(content.encode())
    except NotPlainError:
        assert any('"' in cell for row in rows for cell in row)
        return
    assert found == shown(list(csv.reader(io.StringIO(content, newline=""), strict=True)) or [[""]])


@settings(deadline=None)
@given(st.text(st.sampled_from('a,"\n\r'), min_size=1, max_size=24))
def test_whatever_stands_there_is_read_alike_or_left_alone(text):
    try:
        found = rows_of(text.encode())
    except NotPlainError:
        return
    assert found == shown(list(csv.reader(io.StringIO(text, newline=""), strict=True)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_large_and_small_files_give_the_same(tmp_path, monkeypatch, encoding, end):
    lines = [f"Zoë {n % 9};{n};{n % 5},5;" + ("x" * 70 if n % 50 == 0 else "") for n in range(900)]
    path = tmp_path / "x.csv"
    path.write_bytes(end.join(["Client;Session;Goal;Note", *lines, ""]).encode(encoding))
    written = []
    for large in (1, 1 << 40):
        monkeypatch.setattr(delimited, "_LARGE", large)
        monkeypatch.setattr(plain_text, "_BLOCK", 700)
        out = io.BytesIO()
        for rows, about in delimited.sheets(str(path), "text", LIMIT):
            assert isinstance(rows, encode.Whole) == (large == 1)
            encode.write(out, rows, about)
        written.append(out.getvalue().replace(b'"u2"', b'"i4"'))
    assert len(written[0]) > 1_000
    assert len({one[:200] for one in written}) == 1


def test_lines_are_cut_where_they_end(monkeypatch):
    monkeypatch.setattr(delimited, "_HEAD", 8)
    text = 'a,b\r\nccccccccccccccccc,d\ne,\r\n\n"f\ng",h'
    assert list(delimited._lines(text)) == list(io.StringIO(text, newline=""))


def test_limits_are_named_with_their_line_by_the_slower_way():
    for limit in ("cells", "columns", "area"):
        with pytest.raises(NotPlainError):
            plain_text.cut(b"a,b\n1,2\n", ",", {**LIMIT, limit: 1})
