"""The parts of the limited process, called here directly."""

import datetime
import io
import json

import pytest

from alliance_core.reading.child import delimited, encode, look
from alliance_core.reading.child.limits import LIMITS


def decoded(rows, about=None):
    out = io.BytesIO()
    encode.write(out, rows, {"start": [0, 0], **(about or {})})
    content = out.getvalue()
    size = int.from_bytes(content[:8], "little")
    return json.loads(content[8 : 8 + size]), content[8 + size :]


def test_a_column_travels_as_distinct_values_and_codes():
    about, blob = decoded([["C1", 1.0], ["C2", 1.0], ["C1", 2.5]])
    assert about["columns"][0] == {"values": ["tt", ["C1", "C2"]], "size": 3, "type": "u1"}
    assert about["columns"][1]["values"] == ["nn", [1.0, 2.5]]
    assert list(blob) == [0, 1, 0, 0, 0, 1]


def test_true_is_not_one_and_kinds_are_kept():
    cells = [
        True,
        1.0,
        "",
        " ",
        None,
        datetime.date(2025, 3, 1),
        datetime.datetime(2025, 3, 1, 9, 30),
        "#N/A",
    ]
    about, _ = decoded([[cell] for cell in cells])
    kinds, values = about["columns"][0]["values"]
    assert kinds == "bneeeddx"
    assert values == [True, 1.0, None, None, None, "2025-03-01", "2025-03-01", "#N/A"]


def test_marks_replace_what_calamine_left_empty():
    about, blob = decoded([["a", ""], ["b", ""]], {"marks": {(0, 1): "x", (1, 1): "f", (9, 9): "x"}})
    kinds, _ = about["columns"][1]["values"]
    assert [kinds[code] for code in blob[2:]] == ["x", "f"]


def test_many_distinct_values_take_wider_codes():
    about, blob = decoded([[float(n)] for n in range(300)])
    assert about["columns"][0]["type"] == "i4"
    assert len(blob) == 1200


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Client,Session\nC1,1\n", ","),
        ("Client;Goal\nC1;3,5\nC2;4,5\n", ";"),
        ("Client\tGoal\nC1\t3,5\n", "\t"),
        ("Client|Goal\nC1|3\n", "|"),
        ('Client,Note\nC1,"a;b;c"\nC2,"d;e"\n', ","),
    ],
)
def test_the_delimiter_is_the_one_that_cuts_most_lines_alike(text, delimiter):
    assert delimited.delimiter_of(text) == delimiter


def test_a_stated_delimiter_counts_and_its_line_stays_a_row():
    rows = delimited.Rows("sep=;\nClient;Note\nC1;a,b\n", LIMITS._asdict())
    assert not rows.refused
    assert list(rows) == [["", ""], ["Client", "Note"], ["C1", "a,b"]]


def test_short_rows_are_filled_up():
    assert list(delimited.Rows("a,b,c\n1\n", LIMITS._asdict())) == [["a", "b", "c"], ["1", "", ""]]


def test_quotes_that_do_not_close_are_refused_with_their_line():
    refused = delimited.Rows('a,b\n1,"2\n3,4\n', LIMITS._asdict()).refused
    assert refused["refused"] == "quotes"
    assert refused["line"] >= 2


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Zoë".encode(), "utf-8"),
        ("Zoë".encode("utf-8-sig"), "utf-8-sig"),
        ("Zoë,1".encode("utf-16"), "utf-16"),
        ("Client,1".encode("utf-16-le"), "utf-16-le"),
        ("Client,1".encode("utf-16-be"), "utf-16-be"),
        ("Zoë".encode("cp1252"), "cp1252"),
    ],
)
def test_the_encoding_is_found(content, encoding):
    text, found = delimited.decode(content)
    assert found == encoding
    assert text in ("Zoë", "Zoë,1", "Client,1")


def test_error_cells_and_formulas_without_result_are_found():
    text = (
        b'<sheetData><row r="2" hidden="1"><c r="B2" t="e"><v>#DIV/0!</v></c><c r="C2"><f>A1+1</f></c>'
        b'<c r="D2"><f>A1</f><v></v></c><c r="E2"><f>A1</f><v>3</v></c><c r="AA2" t="str"><f>""</f><v></v></c></row></sheetData>'
    )
    found = look.hidden_by_calamine(text)
    assert found == {"marks": {(1, 1): "x", (1, 2): "f", (1, 3): "f"}, "hidden_rows": 1, "hidden_columns": []}
