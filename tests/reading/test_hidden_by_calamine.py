"""Error cells, formulas without a result, hidden rows and columns, passwords: named in every format, each as what it is.

The binary workbooks are written here record by record after MS-CFB, MS-XLS and MS-XLSB.
"""

import io
import struct
import zipfile

import pytest

from alliance_core.reading import read_workbooks
from alliance_core.reading.child import compound, encode, open_document, records
from alliance_core.reading.sheets import Refusal, read_sheets


def compound_file(stream):
    """A compound file whose one stream is called Workbook; large enough for sectors of its own."""
    stream = stream.ljust(4096, b"\0")
    stream += bytes(-len(stream) % 512)
    count = len(stream) // 512
    chain = [2 + i + 1 for i in range(count - 1)] + [0xFFFFFFFE]
    table = [0xFFFFFFFD, 0xFFFFFFFE, *chain]
    fat = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")

    def entry(name, kind, first, size, child=0xFFFFFFFF):
        text = (name + "\0").encode("utf-16-le")
        links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
        return (
            text.ljust(64, b"\0")
            + struct.pack("<HBB", len(text), kind, 1)
            + links
            + bytes(36)
            + struct.pack("<III", first, size, 0)
        )

    directory = entry("Root Entry", 5, 0xFFFFFFFE, 0, 1) + entry("Workbook", 2, 2, len(stream)) + bytes(256)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += bytes(6) + struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    return head.ljust(512, b"\xff") + fat + directory + stream


def record(kind, content=b""):
    return struct.pack("<HH", kind, len(content)) + content


def begin(what):
    return record(0x0809, struct.pack("<HHHHII", 0x0600, what, 0, 1997, 0, 6))


def text_cell(row, column, text):
    return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 0) + text.encode())


def formula(row, column, result):
    return record(
        0x0006, struct.pack("<HHH", row, column, 0) + result + bytes(6) + struct.pack("<HBH", 3, 0x1E, 1)
    )


NO_RESULT, ERROR = b"\x03\0\0\0\0\0\xff\xff", b"\x02\0\x07\0\0\0\xff\xff"


def old_workbook(*cells, before=b""):
    name = b"R"
    sheet = begin(0x0010) + b"".join(cells) + record(0x000A)

    def overview(at):
        return (
            begin(0x0005)
            + before
            + record(0x0085, struct.pack("<IBBBB", at, 0, 0, len(name), 0) + name)
            + record(0x000A)
        )

    return compound_file(overview(len(overview(0))) + sheet)


def kinds(content, kind):
    """By column, the kinds of its cells, in order; and the sheet."""
    found = read_sheets("x", content, kind)
    assert not isinstance(found, Refusal), found
    return ["".join(one.kinds[code] for code in one.codes) for one in found[0].columns], found[0]


def test_old_workbook():
    cells = (
        record(0x0208, struct.pack("<HHHHHHHH", 2, 0, 3, 255, 0, 0, 0x0120, 0x0F)),
        record(0x007D, struct.pack("<HHHHHH", 1, 1, 2000, 0, 1, 0)),
        text_cell(1, 0, "a"),
        record(0x0203, struct.pack("<HHHd", 1, 1, 0, 4.0)),
        record(0x0205, struct.pack("<HHHBB", 2, 0, 0, 0x2A, 1)),
        formula(2, 1, ERROR),
        formula(3, 0, struct.pack("<d", 2.5)),
        record(0x0205, struct.pack("<HHHBB", 3, 1, 0, 1, 0)),
    )
    found, sheet = kinds(old_workbook(*cells), "xls")
    assert found == ["txn", "nxb"]
    assert (sheet.top, sheet.hidden_rows, sheet.hidden_columns) == (1, 1, 1)


def test_formulas_of_an_old_workbook_of_which_none_was_ever_computed():
    cells = (text_cell(0, 0, "a"), text_cell(0, 1, "b"), formula(1, 0, NO_RESULT), text_cell(1, 1, "c"))
    assert kinds(old_workbook(*cells), "xls")[0] == ["tf", "tt"]
    computed = (
        *cells,
        formula(2, 0, struct.pack("<d", 1.0)),
    )  # then an empty text is a result like any other
    assert kinds(old_workbook(*computed), "xls")[0][0] == "ten"


def test_an_old_workbook_with_a_password():
    locked = record(0x002F, struct.pack("<HHHHHH", 0, 1, 2, 3, 4, 5))
    _, problems = read_workbooks(("x.xls", old_workbook(text_cell(0, 0, "a"), before=locked)))
    assert problems["code"].tolist() == ["password"]
    assert "is protected by a password" in problems.loc[0, "message"]


@pytest.mark.parametrize("content", [b"", bytes(600), compound_file(b"")[:512]])
def test_what_is_no_compound_file(content):
    with pytest.raises((ValueError, IndexError, struct.error)):
        compound.workbook_stream(content)


def test_a_compound_file_whose_sectors_go_round_in_circles():
    content = bytearray(old_workbook(text_cell(0, 0, "a")))
    content[512 + 8 : 512 + 12] = struct.pack("<I", 2)  # the stream's first sector follows itself
    assert len(compound.workbook_stream(bytes(content))) <= len(content)
    assert read_workbooks(("x.xls", bytes(content)))[1]["message"].str.endswith(".").all()


def binary_record(kind, content=b""):
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(content)]) + content


def binary_sheet(*cells):
    return b"".join((binary_record(129), binary_record(145), *cells, binary_record(146), binary_record(130)))


def test_records_of_an_xlsb_sheet(tmp_path):
    def row(number, hidden):
        return binary_record(0, struct.pack("<IIHBBB", number, 0, 300, 0, 0x10 * hidden, 0) + bytes(4))

    columns = binary_record(60, struct.pack("<IIIIH", 2, 3, 2000, 0, 1))
    sheet = binary_sheet(
        columns,
        row(0, False),
        binary_record(5, struct.pack("<IId", 0, 0, 1.5)),
        row(4, True),
        binary_record(3, struct.pack("<IIB", 1, 0, 0x2A)),
        binary_record(11, struct.pack("<IIBHI", 2, 0, 7, 0, 0) + bytes(4)),
    )
    about, cells = records._xlsb_sheet(sheet)
    assert about == {"marks": {(4, 1): "x", (4, 2): "x"}, "hidden_rows": 1, "hidden_columns": [[2, 3]]}
    assert cells == 3


def test_open_document():
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    cell = "table:table-cell"
    text = (
        f'<office:document-content xmlns:office="{office}office:1.0" xmlns:table="{office}table:1.0" xmlns:text="{office}text:1.0" '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        '<office:body><office:spreadsheet><table:table table:name="R">'
        '<table:table-column/><table:table-column table:visibility="collapse"/>'
        '<table:table-column table:visibility="collapse" table:number-columns-repeated="16000"/>'
        f'<table:table-row><{cell} office:value-type="string"><text:p>a</text:p></{cell}><{cell} office:value-type="float" office:value="2"/></table:table-row>'
        f'<table:table-row table:visibility="filter"><{cell} table:formula="of:=1/0" office:value-type="string" calcext:value-type="error"><text:p>#DIV/0!</text:p></{cell}>'
        f'<{cell} table:formula="of:=[.A1]"/></table:table-row>'
        f'<table:table-row table:number-rows-repeated="2"><{cell} office:value-type="float" office:value="2"/><{cell} table:formula="of:=1"/></table:table-row>'
        f'<table:table-row><{cell} office:value-type="float" office:value="3"/><{cell} office:value-type="float" office:value="3"/></table:table-row>'
        '<table:table-row table:visibility="collapse" table:number-rows-repeated="1000"/>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("content.xml", text)
        book.writestr("META-INF/manifest.xml", "<manifest/>")
    found, sheet = kinds(made.getvalue(), "ods")
    assert found == ["txnnn", "nfffn"]
    assert (sheet.hidden_rows, sheet.hidden_columns) == (1, 1)
    assert open_document._repeated(b' table:number-rows-repeated="7"', b"rows") == 7


def test_hidden_columns_of_an_xlsx_are_said(workbook, scores_header):
    name, content = workbook({"Ratings": [scores_header, ["P01", "C-001", 1, "client", "wai-sr", 4, 3, 5]]})
    source, made = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(made, "w") as book:
        for member in source.namelist():
            text = source.read(member)
            if member.endswith("sheet1.xml"):
                columns = (
                    b'<cols><col min="7" max="16384" width="0" hidden="1" customWidth="1"/></cols><sheetData>'
                )
                text = text.replace(b"<sheetData>", columns)
            book.writestr(member, text)
    ratings, problems = read_workbooks((name, made.getvalue()))
    assert len(ratings.forms) == 1
    told = problems[problems["code"] == "hidden_columns"]
    assert told["message"].tolist() == ["2 columns are hidden in the workbook, and read all the same."]


def test_text_under_an_excel_name_is_read_and_said_so():
    text = b"Therapist,Client,Session,Rated by,Instrument,Goal,Task,Bond\nP01,C-001,1,client,wai-sr,4,3,5\n"
    ratings, problems = read_workbooks(("ratings.xls", text))
    assert len(ratings.forms) == 1
    assert problems["code"].tolist() == ["file_name_misleads"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html><body><table>", "is a web page"),
        (b"\r\n<TABLE border=1>", "is a web page"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "is an XML spreadsheet of 2003"),
        (b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">', "is a flat OpenDocument file"),
        ("<html>".encode("utf-16"), "is a web page"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "is a web page"),
        (b"<data/>", "is XML"),
    ],
)  # fmt: skip
def test_markup_under_an_excel_name_is_named(content, words):
    _, problems = read_workbooks(("ratings.xls", content))
    assert problems["code"].tolist() == ["web_page"]
    assert words in problems.loc[0, "message"]
    assert "save it as .xlsx" in problems.loc[0, "message"]


@pytest.mark.parametrize(
    ("part", "words"),
    [("word/document.xml", "a Word document"), ("ppt/presentation.xml", "a presentation"), ("Index/Document.iwa", "a Numbers file")],
)  # fmt: skip
def test_other_documents_are_named(part, words):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr(part, "x")
    _, problems = read_workbooks(("ratings.xlsx", made.getvalue()))
    assert problems["code"].tolist() == ["not_a_workbook"]
    assert words in problems.loc[0, "message"]


def test_an_infinite_number_is_no_number():
    assert encode.plain(float("inf")) == ("x", "inf")
    assert encode.plain(float("nan")) == ("x", "nan")
