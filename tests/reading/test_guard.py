import io
import zipfile

import pytest

from alliance_core.reading.guard import LIMITS, look


def archive(members, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as book:
        for name, content in members:
            book.writestr(name, content)
    return buffer.getvalue()


WORKBOOK = ("xl/workbook.xml", "<workbook/>")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (archive([WORKBOOK]), "xlsx"),
        (archive([("xl/workbook.bin", "x")]), "xlsb"),
        (archive([("content.xml", "x")]), "ods"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "xls"),
        (b"Client;Session\nC-001;1\n", "text"),
        ("Client,Bond\n".encode("utf-16"), "text"),
    ],
)
def test_the_bytes_say_what_it_is(content, kind):
    assert look(content).kind == kind


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b" \r\n\t", "empty_file"),
        (b"<html><table>", "web_page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "web_page"),
        (b"%PDF-1.7", "not_a_workbook"),
        (b"PK\x03\x04" + b"x" * 50, "damaged"),
        (archive([("notes.txt", "x")]), "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_what_is_no_workbook_is_refused_with_a_sentence(content, code):
    verdict = look(content)
    assert (verdict.kind, verdict.code) == ("", code)
    assert verdict.message.endswith(".")


def test_a_password_is_named_with_the_way_to_remove_it():
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    assert "protected by a password" in look(content).message
    assert "remove the password" in look(content).message


@pytest.mark.parametrize("name", ["/etc/x", "../x", "xl\\x", "C:/x", "a/../../x"])
def test_a_part_that_points_outside_is_refused(name):
    # zipfile would tidy a backslash away on writing, so the name is put in afterwards
    content = archive([WORKBOOK, ("Q" * len(name), "x")]).replace(b"Q" * len(name), name.encode())
    assert look(content).code == "unsafe_archive"


def test_two_parts_of_one_name_are_refused_whatever_their_case():
    verdict = look(archive([WORKBOOK, ("xl/Sheet.xml", "x"), ("XL/sheet.xml", "y")]))
    assert verdict.code == "unsafe_archive"
    assert "same name" in verdict.message


def test_an_encrypted_part_is_refused():
    content = bytearray(archive([WORKBOOK]))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert look(bytes(content)).code == "unsafe_archive"


def test_an_unusual_compression_is_refused():
    assert look(archive([WORKBOOK], zipfile.ZIP_LZMA)).code == "unsafe_archive"


def test_a_bomb_is_refused_by_its_ratio_without_unpacking():
    verdict = look(archive([WORKBOOK, ("xl/worksheets/sheet1.xml", bytes(8 << 20))]))
    assert verdict.code == "unsafe_archive"
    assert "200 times" in verdict.message


def test_sizes_and_counts_have_limits():
    content = archive([WORKBOOK, ("a", "12345")])
    assert look(content, LIMITS._replace(members=1)).code == "unsafe_archive"
    assert look(content, LIMITS._replace(unpacked=10)).code == "unsafe_archive"
    assert look(content, LIMITS._replace(member=4)).code == "unsafe_archive"
    assert look(content, LIMITS._replace(file=20)).code == "too_large"
    assert look(content).kind == "xlsx"
