"""Real workbooks with bytes, parts, XML and cells changed at random: they end in data or in one sentence.

A modest number of examples here, always the same; `make fuzz RUNS=5000` tries as many as you like, new ones each time.
"""

import io
import os
import random
import re
import tempfile
import zipfile
import zlib
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliance_core import analyse, read_workbooks
from alliance_core.sample import Design, simulate, write_sample
from alliance_core.tables import PROBLEMS
from tests.reading.written import as_ods, as_xls, as_xlsb

RUNS = int(os.environ.get("FUZZ_RUNS", "0"))
SAMPLES = Path(__file__).parent.parent.parent / "sample_data"
ODD_VALUES = (
    b"", b"-1", b"0", b"1e308", b"-1e999", b"NaN", b"inf", b"99999999999999999999", b"2958466", b"0.1", b"1,5", b"#N/A",
    b"=1+1", b"&#0;", b"&#xFFFF;", b"&x;", b"&amp;", "\u202e\u200b".encode(), "４".encode(), b"\xff\xfe", b"\0", b"x" * 40_000, b"1899-12-30", b"]]>",
)  # fmt: skip
ODD_ATTRIBUTES = (b"e", b"b", b"s", b"str", b"inlineStr", b"d", b"n", b"", b"-1", b"4294967296", b"ZZZZ1", b"A0", b"A1048577", b"1:1")  # fmt: skip


@cache
def seeds():
    """Name and bytes of real workbooks: the sample data, a small one in each layout and in each format."""
    with tempfile.TemporaryDirectory() as made:
        return _seeds(Path(made))


def _seeds(folder):
    ratings = simulate(Design(practitioners=1, cases=2, sessions=4), seed=3)
    for layout in ("long-scores", "long-items", "paired", "paired-items", "two-sheets"):
        write_sample(ratings, folder / f"{layout}.xlsx", layout)
    write_sample(ratings, folder / "long-items.csv", "long-items")
    lines = (folder / "long-items.csv").read_text(encoding="utf-8-sig").split()
    rows = [[float(cell) if cell.isdecimal() else cell for cell in line.split(",")] for line in lines]
    paths = [*sorted(SAMPLES.glob("*.xlsx")), *sorted(folder.iterdir())]
    found = [(path.name, path.read_bytes()) for path in paths]
    sheets = {"Ratings": rows}
    return [*found, ("r.ods", as_ods(sheets)), ("r.xlsb", as_xlsb(sheets)), ("r.xls", as_xls(sheets))]


def changed_bytes(content, luck):
    """A few bytes flipped, a stretch cut out, doubled or overwritten."""
    content = bytearray(content)
    for _ in range(luck.randint(1, 6)):
        at, length = luck.randrange(len(content)), luck.choice((1, 1, 1, 4, 30, 500))
        what = luck.randrange(5)
        if what == 0:
            content[at] ^= luck.randint(1, 255)
        elif what == 1:
            content[at : at + length] = luck.randbytes(length)
        elif what == 2 and len(content) > 600:
            del content[at : at + length]
        elif what == 3:
            content[at:at] = content[at : at + length]
        else:
            content[at : at + 1] = luck.choice(ODD_VALUES)
    return bytes(content)


def changed_xml(text, luck):
    """Elements taken out, doubled or moved; attributes, values and addresses replaced."""
    for _ in range(luck.randint(1, 5)):
        kind = luck.randrange(5)
        wanted = (
            rb'="[^"]*"',
            rb">[^<]+<",
            rb"<[^<>]*>",
            rb"<(\w+)[^<>]*>[^<]*</\1>",
            rb' r="[A-Z]+[0-9]+"',
        )[kind]
        places = list(re.finditer(wanted, text[:400_000]))
        if not places:
            continue
        one, other = luck.choice(places), luck.choice(places)
        new = (
            b'="' + luck.choice(ODD_ATTRIBUTES) + b'"',
            b">" + luck.choice(ODD_VALUES) + b"<",
            luck.choice(
                (b"", one.group() * 2, other.group(), b"<f>A1</f>", b"<!--", b"<![CDATA[", b"<!DOCTYPE x>")
            ),
            luck.choice((b"", one.group() * 3, other.group())),
            b' r="'
            + luck.choice((b"A1", b"XFD1048576", b"ZZZ9", b"B2", b"a1", b"", b"AA", b"Z50000"))
            + b'"',
        )[kind]
        text = text[: one.start()] + new + text[one.end() :]
    return text


def changed_parts(content, luck, how):
    """The archive written again, with its parts dropped, renamed, doubled, exchanged, cut short or changed inside."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = [(member.filename, book.read(member)) for member in book.infolist()]
    for _ in range(luck.randint(1, 3)):
        at, other = luck.randrange(len(parts)), luck.randrange(len(parts))
        name, text = parts[at]
        if how == "xml":
            parts[at] = (name, changed_xml(text, luck))
            continue
        what = luck.randrange(6)
        if what == 0 and len(parts) > 1:
            del parts[at]
        elif what == 1:
            parts[at] = (
                luck.choice((name.upper(), "../" + name, name.replace("/", "\\"), name + "x", "x")),
                text,
            )
        elif what == 2:
            parts[at] = (name, parts[other][1])
        elif what == 3:
            parts[at] = (name, text[: luck.randrange(len(text) + 1)])
        elif what == 4:
            parts[at] = (name, changed_bytes(text or b" ", luck))
        else:
            parts.append((name + luck.choice(("", "2")), text))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", luck.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as book:
        known = set()
        for name, text in parts:
            if name not in known:
                known.add(name)
                book.writestr(name, text)
    return made.getvalue()


def changed_cells(content, luck):
    """Lines of a text: cells and whole lines exchanged for odd ones."""
    lines = content.split(b"\n")
    for _ in range(luck.randint(1, 8)):
        at = luck.randrange(len(lines))
        cells = lines[at].split(b",")
        cells[luck.randrange(len(cells))] = luck.choice((*ODD_VALUES, b'"', b'""', b";", b"\t"))
        lines[at] = luck.choice((b",", b",", b";", b"\t")).join(cells)
        if luck.random() < 0.2:
            lines.insert(luck.randrange(len(lines)), lines[luck.randrange(len(lines))])
    return b"\n".join(lines)


def changed(content, how, luck):
    """The same file, changed."""
    if how == "bytes" or content.startswith(b"\xd0"):
        return changed_bytes(content, luck)
    return changed_parts(content, luck, how) if content.startswith(b"PK") else changed_cells(content, luck)


@settings(
    max_examples=RUNS or 40,
    derandomize=not RUNS,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    which=st.integers(0, 14),
    how=st.sampled_from(["bytes", "parts", "xml", "xml"]),
    luck=st.integers(0, 2**32),
)
def test_a_changed_workbook_ends_in_data_or_one_sentence(which, how, luck):
    name, content = seeds()[which % len(seeds())]
    content = changed(content, how, random.Random(luck))  # noqa: S311
    ratings, problems = read_workbooks((name, content))
    assert len(ratings.forms) or len(problems) or len(ratings.recognised)  # an empty template has neither
    assert list(problems.columns) == list(PROBLEMS.names)
    assert problems["message"].str.strip().str.endswith((".", "?")).all()
    assert not problems["message"].str.contains("Traceback|panicked", regex=True).any()
    if ratings.recognised.empty:  # no sheet: exactly one sentence says why
        assert problems["severity"].eq("error").sum() == 1
    if len(ratings.forms):
        analyse(ratings)


def test_changes_are_those_of_the_number_they_come_from():
    name, content = seeds()[0]
    first, again, other = (changed(content, "bytes", random.Random(n)) for n in (7, 7, 8))  # noqa: S311
    assert zlib.crc32(first) == zlib.crc32(again) != zlib.crc32(other)
    assert name.endswith(".xlsx")
