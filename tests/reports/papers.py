"""What a PDF holds, for tests: its text, its facts, its fonts."""

from __future__ import annotations

import re
from collections import Counter
from io import BytesIO

from pypdf import PdfReader


def opened(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """All that can be read in it, on one line."""
    return " ".join(" ".join(page.extract_text() for page in opened(pdf).pages).split())


def numbered_words(letters: int) -> str:
    """A text of this length or a little less, no word of it twice."""
    return " ".join(f"word{number:04}" for number in range(letters // 9))


def lost(words: str, pdf: bytes, times: int = 1) -> list[str]:
    """The words of a text that cannot be read so many times on the paper of the pages."""
    there: list[str] = []
    for page in opened(pdf).pages:
        _, low, _, high = page.mediabox

        def on_paper(text, page_at, at, *more, low=low, high=high):
            if low <= at[4] * page_at[1] + at[5] * page_at[3] + page_at[5] <= high:
                there.append(text)

        page.extract_text(visitor_text=on_paper)
    told = Counter(re.findall(r"word\d+", "".join(there)))
    return [word for word in words.split() if told[word] < times]


def embedded_fonts(pdf: bytes) -> dict[str, bool]:
    """The names of its fonts without the marks of subsets, and whether each is embedded."""
    found: dict[str, bool] = {}
    for page in opened(pdf).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            for inner in font.get_object()["/DescendantFonts"]:
                described = inner.get_object()["/FontDescriptor"].get_object()
                name = str(inner.get_object()["/BaseFont"]).rpartition("+")[2]
                found[name] = any(key in described for key in ("/FontFile2", "/FontFile3"))
    return found


def size_of(pdf: bytes) -> tuple[int, int]:
    """Width and height of its first page, whole points."""
    box = opened(pdf).pages[0].mediabox
    return round(box.width), round(box.height)


A4, LETTER = (595, 842), (612, 792)


def streams_of(pdf: bytes) -> bytes:
    """All streams of the file, decompressed, one after the other."""
    reader = opened(pdf)
    objects = (reader.get_object(number) for number in range(1, reader.trailer["/Size"]))
    return b"\n".join(one.get_data() for one in objects if hasattr(one, "get_data"))
