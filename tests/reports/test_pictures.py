"""Charts as pictures: the right size, on white, with title, source and day, in our fonts, always the same, and nothing fetched."""

import re
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from alliance_core import charts
from alliance_core.charts.roles import PRINT_FONT
from alliance_core.notation import Notation
from alliance_core.reports import pictures
from alliance_core.reports.glyphs import FAMILIES
from alliance_core.reports.pictures import SCALE, WIDTH, Chart, Small, as_png, as_svg

SESSIONS = pd.DataFrame(
    {
        "session": [1, 2, 3, 4],
        "client_overall": [80.0, 82, 50, 81],
        "practitioner_overall": [70.0, 70, np.nan, 70],
        "gap_overall": [-10.0, -12, np.nan, -11],
        "date": pd.NaT,
    }
)
GAPS = charts.gap_bars(SESSIONS, -8.0, theme="print")
SMALL = charts.sparkline(
    SESSIONS, pd.DataFrame(columns=["facet", "rater", "start", "end"]), theme="print", span=4
)
PICTURE = Chart("C-1: the gap, session by session", GAPS, "31 Mar 2026 · file 1f09a2b3", "How to read it.")


def texts(drawing):
    """Everything that is written in an SVG."""
    root = ElementTree.fromstring(drawing)  # noqa: S314 - our own
    return ["".join(one.itertext()) for one in root.iter() if one.tag.endswith("}text")]


def image(picture, **more):
    return Image.open(BytesIO(as_png(picture, **more)))


def test_a_png_is_160_mm_wide_at_288_pixels_an_inch_and_white():
    shown = image(PICTURE)
    assert (shown.format, shown.width) == ("PNG", SCALE * WIDTH)
    assert pytest.approx(160, abs=0.5) == WIDTH / 96 * 25.4
    assert shown.convert("RGBA").getpixel((2, 2)) == (255, 255, 255, 255)


def test_an_svg_says_what_it_is_how_to_read_it_and_where_it_comes_from():
    drawing = as_svg(PICTURE)
    written = texts(drawing)
    assert written[:2] == ["C-1: the gap, session by session", "How to read it."]
    assert written[-1] == "31 Mar 2026 · file 1f09a2b3"
    assert "usual gap −8" in written
    root = ElementTree.fromstring(drawing)  # noqa: S314 - our own
    assert [root.find(f"{{http://www.w3.org/2000/svg}}{name}").text for name in ("title", "desc")] == [
        PICTURE.title,
        "How to read it. 31 Mar 2026 · file 1f09a2b3",
    ]


def test_nothing_is_fetched_and_nothing_is_live():
    drawing = as_svg(replace(PICTURE, title="see http://a.test <script>x</script>")).decode()
    assert not re.search(r"href|<script|<image|<style|url\(|@font-face|<foreignObject", drawing)
    assert "&lt;script&gt;" in drawing


@pytest.mark.parametrize("made", [as_svg, as_png])
def test_the_same_picture_gives_the_same_bytes(made):
    assert made(PICTURE) == made(PICTURE)


def test_numbers_on_axes_are_written_in_the_notation_in_use():
    chart = charts.along_thresholds(
        pd.DataFrame({"threshold": [1.0, 1.5, 2.0], "falls": [3, 2, 1]}), None, 1.5, "points", theme="print"
    )
    assert "1,4" in texts(as_svg(replace(PICTURE, charts=chart), Notation("1.234,5", "D.M.YYYY")))
    assert "1.4" in texts(as_svg(replace(PICTURE, charts=chart)))


def test_what_users_wrote_is_text_whatever_it_looks_like():
    hostile = '<b>&"x" \u202e![p](http://a.test)\x07'
    drawing = as_svg(Chart(hostile, [Small(hostile, SMALL)], hostile, hostile))
    assert texts(drawing).count('<b>&"x" ![p](http://a.test)') >= 3
    as_png(Chart(hostile, [Small(hostile, SMALL)], hostile, hostile))


def test_long_words_stay_inside():
    lines = texts(as_svg(replace(PICTURE, title="word " * 60, source="x" * 400)))
    assert max(len(line) for line in lines) <= 112
    assert sum(line.count("word") for line in lines) == 60


def test_small_charts_stand_beside_each_other_each_under_its_name():
    picture = Chart("Cases", [Small(f"C-{number}", SMALL) for number in range(7)], "source")
    drawing = as_svg(picture).decode()
    assert [text for text in texts(drawing) if text.startswith("C-")] == [
        f"C-{number}" for number in range(7)
    ]
    assert drawing.count('class="marks"') == 7
    assert image(picture).height > image(replace(picture, charts=picture.charts[:3])).height


def test_pixels_are_drawn_in_our_fonts_alone(monkeypatch):
    """A text with a sign that the first family has not would be drawn in any font of the machine."""
    handed = []
    monkeypatch.setattr(
        pictures.vl_convert, "svg_to_png", lambda drawing, scale: handed.append(drawing) or b""
    )
    as_png(replace(PICTURE, title="from −8 to ≥ 5 → and ↓ 漢"))
    as_png(replace(PICTURE, title="↓"))
    for drawing in handed:
        for text in texts(drawing):
            assert all(ord(sign) in pictures.first_signs() for sign in text) or text == "↓"
    assert "from –8 to >= 5 – and ¤ ¤" in texts(handed[0])
    assert f'<tspan font-family="{FAMILIES[1]}">↓</tspan>' in handed[1]
    assert set(re.findall(r'font-family="([^"]+)"', handed[0])) == {PRINT_FONT}


def test_the_fonts_of_print_are_those_that_are_shipped():
    assert tuple(PRINT_FONT.split(", ")) == (*FAMILIES, "sans-serif")
    assert GAPS["config"]["font"] == PRINT_FONT


def test_the_signs_of_a_strip_are_told_apart_in_print():
    frame = SESSIONS.assign(case="C-1", state=["rated", "rupture", "in episode", "repaired"])
    strip = charts.heat_strip(frame, ["C-1"], "state", -5.0, theme="print")
    assert {"↓", "–", "↑"} <= set(texts(as_svg(replace(PICTURE, charts=strip))))


def test_a_chart_that_is_handed_in_is_not_changed():
    before = repr(GAPS)
    as_svg(PICTURE)
    assert repr(GAPS) == before
