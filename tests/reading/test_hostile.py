"""Files that are damaged, hostile or something else end in data or in one sentence; nothing raises, nothing hangs."""

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliance_core.reading import read_workbooks, sheets
from alliance_core.reading.child.limits import LIMITS
from alliance_core.reading.sheets import Refusal, read_sheets

SHEET = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{}</sheetData></worksheet>"
)
PARTS = {
    "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="R" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<?xml version="1.0"?><Relationships '
    'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def raw_workbook(cells):
    """An .xlsx whose one sheet holds this text between its rows' tags."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in {**PARTS, "xl/worksheets/sheet1.xml": SHEET.format(cells)}.items():
            book.writestr(name, content)
    return buffer.getvalue()


def outcome(name, content):
    ratings, problems = read_workbooks((name, content))
    assert len(ratings.forms) or len(problems)
    assert problems["message"].str.endswith(".").all()
    return problems["code"].tolist()


def test_one_cell_in_the_last_corner():
    text = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    content = raw_workbook(text)
    assert len(content) < 5000
    assert outcome("far.xlsx", content) in (["too_large_or_damaged"], ["too_large"])


def test_a_cell_reference_that_is_none():
    assert outcome("odd.xlsx", raw_workbook('<row r="1"><c r="ZZZZZZ99999999999"><v>1</v></c></row>')) != []


def test_a_bomb():
    assert outcome("bomb.xlsx", raw_workbook(" " * (20 << 20))) == ["unsafe_archive"]


def test_something_protected_by_a_password():
    content = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(504)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(2000)
    )
    ratings, problems = read_workbooks(("locked.xlsx", content))
    assert problems["code"].tolist() == ["password"]
    assert problems.loc[0, "message"].startswith("locked.xlsx is protected by a password.")
    assert len(ratings.forms) == 0


def test_an_open_document_protected_by_a_password():
    """Newer programs put all of it into one encrypted part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("encrypted-package", bytes(range(256)) * 4)
        book.writestr("META-INF/manifest.xml", "<manifest/>")
    _, problems = read_workbooks(("locked.ods", buffer.getvalue()))
    assert problems["code"].tolist() == ["password"]
    assert problems.loc[0, "message"].startswith("locked.ods is protected by a password.")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'Client,Bond\nC1,"4\nC2,5\n', "unbalanced_quotes"),
        (b"Client,Bond\nC1,\0\n" + b"C2,5\n" * 200, "not_a_workbook"),
        (b"\xff\xfe\x00", "not_a_workbook"),
        (b"<table><tr><td>1</td></tr></table>", "web_page"),
        (b"", "empty_file"),
    ],
)
def test_text_that_cannot_be_read(content, code):
    assert outcome("x.csv", content) == [code]


def test_a_good_file_beside_a_bad_one_is_still_read():
    good = b"Therapist,Client,Session,Rated by,Instrument,Goal,Task,Bond\nP01,C-001,1,client,wai-sr,4,3,5\n"
    ratings, problems = read_workbooks([("bad.xlsx", b"PK\x03\x04nonsense"), ("good.csv", good)])
    assert len(ratings.forms) == 1
    assert problems["code"].tolist() == ["damaged"]


def test_user_text_in_a_file_is_nowhere_in_the_sentence_of_a_refusal():
    _, problems = read_workbooks(("x.csv", b'secret name,"unclosed'))
    assert "secret" not in problems.loc[0, "message"]


def test_a_file_that_takes_too_long_is_given_up():
    found = read_sheets("slow.csv", b"a,b\n1,2\n", "text", LIMITS._replace(wall=0.001))
    assert isinstance(found, Refusal)
    assert found.code == "too_large_or_damaged"


def test_nothing_stays_in_the_temporary_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets.tempfile, "tempdir", str(tmp_path))
    read_workbooks([("a.csv", b"a,b\n1,2\n"), ("b.xlsx", b"PK\x03\x04"), ("c.xlsx", raw_workbook("<row"))])
    assert list(tmp_path.iterdir()) == []


STARTS = [
    b"",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"Client,Session\n",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"<?xml",
]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([".xlsx", ".csv", ".xls", ".xlsb", ".ods", ".tsv"]),
    st.sampled_from(STARTS),
    st.binary(max_size=400),
)
def test_any_bytes_under_any_ending(ending, start, rest):
    outcome("x" + ending, start + rest)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_workbook_with_flipped_bytes(data):
    content = bytearray(
        raw_workbook(
            '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e"><v>#N/A</v></c><c r="C1"><f>A1</f></c></row>'
        )
    )
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[place] ^= data.draw(st.integers(1, 255))
    outcome("x.xlsx", bytes(content))


def test_a_hundred_thousand_bad_cells_are_each_named(read):
    header = b"Therapist,Client,Session,Rated by,Instrument,Goal,Task,Bond\n"
    lines = [f"P01,C-{n},1,client,wai-sr,{n % 7 + 11},x{n},3" for n in range(50_000)]
    lines += [f"P02,C-{n},1,client,wai-sr,3,3,3" for n in range(1_000_000 // 10)]
    ratings, problems = read_workbooks(("bad.csv", header + "\n".join(lines).encode()))
    assert (problems["code"] == "not_a_number").sum() == 50_000
    assert ratings.recognised.loc[0, "rows_left_out"] == 50_000 or "range_conflict" in set(problems["code"])
