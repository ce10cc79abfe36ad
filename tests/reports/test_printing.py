"""Paper in general: what users wrote is printed as it stands, and the PDF is tagged, dated, in our fonts and always the same."""

import shutil
from datetime import date
from unicodedata import category

import pytest

from alliance_core.reports import printing
from alliance_core.reports.glyphs import FONTS, NO_GLYPH, not_printable, printable, printed_signs
from alliance_core.reports.printing import NotPrinted, Picture, printed
from tests.reports.papers import A4, LETTER, embedded_fonts, opened, size_of, streams_of, text_of

DAY = date(2026, 3, 31)
LAYOUT = """#import "common.typ": *
#show: on-paper
= #content.title
#content.text
#picture(content.picture, width: 4cm)
#table(columns: 2, table.header([Name], [Text]), [one], [#content.text])
#ruled(2)
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text y="15" font-family="Noto Sans">{}</text></svg>'


@pytest.fixture(autouse=True)
def layouts(tmp_path, monkeypatch):
    """A folder with the shared layout and a small one of its own."""
    shutil.copy(printing._LAYOUTS / "common.typ", tmp_path)
    (tmp_path / "small.typ").write_text(LAYOUT, encoding="utf-8")
    monkeypatch.setattr(printing, "_LAYOUTS", tmp_path)
    return tmp_path


def small(text="plain", drawn="session", **more):
    content = {"title": "Paper", "text": text, "picture": Picture(SVG.format(drawn), "a small picture")}
    return printed("small", content, **{"title": "A title", "day": DAY, "foot": "the foot", **more})


HOSTILE = [
    "#eval(\"1\")", "$x^2$", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "![x](http://example.test/x)",
    "*bold* _it_ `raw` @ref <label> // no comment /* none */ \\ #import \"x\"", "= Heading", "https://example.test",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_what_users_wrote_is_printed_as_it_stands(text):
    made = small(text)
    assert text_of(made).count(" ".join(text.split())) == 2
    assert b"/URI" not in made + streams_of(made)


def test_what_nobody_sees_is_gone():
    assert printable("a\u202eb\u2066c\x00d\x1be\ud800f\ng\u200bh") == "abcdef g\u200bh"
    assert "abc d" in text_of(small("a\u202eb\u2066c\x00\td"))


@pytest.mark.parametrize("text", ["😀", "سلام", "漢字", "ok \U000e0041\ufe0f", "\ue000\uffff", "\u0b95"])
def test_a_sign_without_a_glyph_is_seen_and_named(text):
    made = text_of(small(text, drawn=text))
    for sign in not_printable(text):
        assert NO_GLYPH in made
        assert f"U+{ord(sign):04X}" in made
    assert ("stands for a sign" in made) == (NO_GLYPH in made)


def test_of_very_many_signs_the_first_are_named():
    made = text_of(small("".join(map(chr, range(0x4E00, 0x4E40)))))
    assert "U+4E0B, …." in made
    assert "U+4E0C" not in made


def test_every_sign_that_is_said_to_be_there_can_be_set():
    """The layout refuses a text with a sign that no font has."""
    signs = [chr(one) for one in sorted(printed_signs()) if category(chr(one)) not in ("Cc", "Zl", "Zp")]
    small(" ".join(signs))
    with pytest.raises(NotPrinted):
        printed_raw("漢")


def printed_raw(text):
    """Past the guard."""
    (printing._LAYOUTS / "raw.typ").write_text(LAYOUT + f"\n{text}\n", encoding="utf-8")
    content = {"title": "Paper", "text": "", "picture": Picture(SVG.format(""), "a picture")}
    return printed("raw", content, title="t", day=DAY, foot="f")


def test_our_own_signs_have_glyphs():
    assert not_printable("→←≥≤√σ·–−±×…“”’τ²μκ₁λ x̄ ½ †") == set()


def test_a_layout_that_fails_is_one_sentence(layouts):
    (layouts / "small.typ").write_text("#nothing-of-this-name", encoding="utf-8")
    with pytest.raises(NotPrinted, match=r"^The PDF could not be made\.$"):
        small()


def test_the_pdf_is_tagged_titled_and_in_our_fonts():
    made = small("Bold and → plain")
    root = opened(made).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/StructTreeRoot" in root
    assert b"pdfuaid:part" in streams_of(made)
    assert opened(made).metadata.title == "A title"
    assert opened(made).metadata.creation_date.date() == DAY
    fonts = embedded_fonts(made)
    assert all(fonts.values())
    assert {name.partition("-")[0] for name in fonts} == {"NotoSans", "NotoSansMath"}


def test_pictures_and_headers_of_tables_are_there_for_a_reader():
    tree = streams_of(small()) + small()
    assert b"a small picture" in tree.replace(b"\\040", b" ")
    assert b"/TH" in tree


def test_the_same_bytes_each_time():
    assert small() == small()
    assert small() != small(foot="another foot")


@pytest.mark.parametrize(("size", "points"), [("A4", A4), ("Letter", LETTER)])
def test_sizes_of_paper(size, points):
    assert size_of(small(size=size)) == points


def test_the_foot_and_the_number_of_the_page():
    made = text_of(small(" ".join(["word"] * 3000)))
    assert "the foot page 1 of" in made
    assert "Paper, continued" in made


def test_a_word_longer_than_a_line_stays_on_the_paper():
    lines = opened(small("x" * 400)).pages[0].extract_text().splitlines()
    broken = [line for line in lines if line.startswith("xxx")]
    assert "".join(broken).count("x") >= 400
    assert max(map(len, broken)) < 120


def test_the_fonts_come_with_their_licence():
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
