"""Every chart of every page can be saved as PNG and SVG, drawn for print when it is asked for: with title, source and day, and with aliases where ids are masked."""

import re
from io import BytesIO

import pytest
import streamlit as st
from PIL import Image

from pages.parts.shell import PAGES
from tests.reports.test_pictures import texts

SHEETS = {
    "cases.csv": b"Therapist,Client,Team,Approach\nP1,C-1,North,CBT\nP1,C-2,South,CBT",
    "tasks.csv": b"Therapist,Client,Session,Task,Kind,Set by,Client relevance,Therapist relevance,Tried before,Worked before,Done\nP1,C-1,1,walk,home,both,3,9,no,,yes",
    "goals.csv": b"Therapist,Client,Session,Client goal,Therapist goal,Agreement\nP1,C-1,1,sleep,rest,6",
    "markers.csv": b"Therapist,Client,Session,Kind,Marker,Significance\nP1,C-1,5,withdrawal,denial,4",
}
WHERE = [
    ("agenda", {}), ("practitioner", {"practitioner": "P1"}), ("case", {"practitioner": "P1", "client": "C-1"}),
    ("what_if", {}), ("how_it_works", {"part": "rules"}), ("learn", {"part": "in pictures"}), ("learn", {"part": "practise"}),
]  # fmt: skip


@pytest.fixture
def offered(monkeypatch):
    """What the download buttons of the page give: the file's content by the file's name; emptied by the test."""
    given = {}
    button = st.delta_generator.DeltaGenerator.download_button

    def seen(self, label, data, *arguments, **more):
        given[more["file_name"]] = data
        return button(self, label, data, *arguments, **more)

    monkeypatch.setattr(st, "download_button", lambda *a, **more: seen(st._main, *a, **more))
    monkeypatch.setattr(st.delta_generator.DeltaGenerator, "download_button", seen)
    return given


def pictures(given, ending):
    return {name: data for name, data in given.items() if name.endswith(f".{ending}") and callable(data)}


def opened(app, offered, page, **query):
    offered.clear()
    app.open(page, **query)
    return pictures(offered, "svg")


@pytest.fixture
def whole(app, workbook):
    """The small workbook with all its sheets."""
    return app.bring(("team.csv", workbook), *SHEETS.items())


@pytest.mark.parametrize(
    ("page", "query"), WHERE, ids=lambda value: "".join(value) if isinstance(value, dict) else value
)
def test_each_chart_of_a_page_is_in_a_picture(whole, offered, page, query):
    drawings = opened(whole, offered, page, **query)
    assert len(pictures(offered, "png")) == len(drawings)
    made = [data() for data in drawings.values()]  # outside the page's run, as a browser asks for it
    drawn = sum(one.count(b'class="marks"') for one in made)
    assert drawn == len(whole.charts) > 0
    for one in made:
        written = texts(one)
        assert written[-1][:1].isdigit()  # the day comes first in the last line
        assert not re.search(rb"href|<script|<image|url\(", one)


def test_the_pages_without_charts_are_those_expected(whole, offered):
    """A chart that comes to another page has to be tried above."""
    tried = {page for page, _ in WHERE} | {"meeting", "across"}
    for entry in PAGES:
        name = entry.file.removeprefix("pages/").removesuffix(".py")
        if name not in tried:
            whole.open(name)
            assert not whole.charts, name


def test_a_case_s_picture_says_whose_it_is_from_what_and_when(whole, offered):
    drawings = opened(whole, offered, "case", practitioner="P1", client="C-1")
    name, make = next((name, data) for name, data in drawings.items() if name.startswith("overall-ratings-"))
    assert re.fullmatch(r"overall-ratings-\d{4}-\d\d-\d\d-[0-9a-f]{16}\.svg", name)
    written = texts(make())
    assert " ".join(written).startswith(
        "C-1 · P1: Overall ratings of client and practitioner over 7 sessions"
    )
    assert re.fullmatch(
        r"\d{1,2} \w{3} \d{4} · 5 files [0-9a-f]{8} · rule last_three · .* · version .*", written[-1]
    )
    assert "Scores are in percent of the maximum possible" in " ".join(written)
    assert make() == make()


def test_a_png_is_drawn_when_it_is_asked_for(whole, offered):
    opened(whole, offered, "case", practitioner="P1", client="C-1")
    content = next(data for name, data in pictures(offered, "png").items() if name.startswith("gap-by-"))()
    shown = Image.open(BytesIO(content))
    assert (shown.format, shown.width) == ("PNG", 1815)


def test_an_open_card_and_groups_side_by_side_can_be_saved(app, made, offered):
    csv, rows_of = made
    parts = [
        rows_of(f"P{who}", f"C-{who}{case}", "Client", [4, 4, 4, 4, 2 + case % 3])
        for who in range(1, 4) for case in range(8)
    ]  # fmt: skip
    cases = [
        "Therapist,Client,Approach",
        *(f"P{who},C-{who}{case},{'CBT' if case < 4 else 'ACT'}" for who in range(1, 4) for case in range(8)),
    ]
    app.bring(("team.csv", csv(*parts)), ("cases.csv", "\n".join(cases).encode()))
    drawings = opened(app, offered, "across")
    assert len(drawings) == len(app.charts) >= 2
    assert all("CBT" in texts(data()) for data in drawings.values())
    drawings = opened(app, offered, "agenda", practitioner="P1", client="C-10")
    assert any(name.startswith("around-session-") for name in drawings)


def test_with_aliases_no_id_is_in_a_picture(whole, offered):
    whole.open("settings")
    whole.at.toggle[0].set_value(True)
    whole.run()
    for page in ("agenda", "practitioner", "case"):
        drawings = opened(whole, offered, page)
        assert drawings
        for data in drawings.values():
            told = data().decode()
            assert not re.search(r"\bC-[123]\b|\bP[12]\b", told)


def test_in_a_meeting_pictures_are_under_its_names(whole, offered):
    whole.open("meeting")
    name = whole.at.checkbox[0].label
    whole.click("Begin the meeting")
    drawings = pictures(offered, "svg")
    assert drawings
    for data in drawings.values():
        told = data().decode()
        assert name in told
        assert not re.search(r"\bC-[123]\b|\bP[12]\b", told)


def test_in_other_words_and_numbers(whole, offered):
    whole.open("settings")
    whole.at.selectbox[0].set_value("student and teacher")
    whole.run()
    whole.at.selectbox(key="numbers written").set_value("1.234,5")
    whole.at.selectbox(key="dates written").set_value("D.M.YYYY")
    whole.run()
    drawings = opened(whole, offered, "case", practitioner="P1", client="C-1")
    written = texts(next(iter(drawings.values()))())
    assert "Overall ratings of student and teacher over 7 sessions" in " ".join(written[:3])
    assert re.match(r"\d{1,2}\.\d{1,2}\.\d{4} · ", written[-1])
    assert {"student", "teacher"} <= set(written)
