"""Each download of every page is found, clicked, and its bytes are opened and checked; one that nobody has a check for fails."""

import csv
import io
import json
import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from PIL import Image
from playwright.sync_api import expect
from pypdf import PdfReader

from pages.parts.shell import PAGES
from tests.browser.steps import PATIENCE, settled, titled, to_another_page
from tests.browser.test_accessibility import unfolded
from tests.reports.papers import embedded_fonts, streams_of, text_of

pytestmark = pytest.mark.browser
TEAM = Path(__file__).parents[2] / "sample_data" / "team_long_items.xlsx"
NAMED = re.compile(r"([a-z0-9-]+?)-\d{4}-\d\d-\d\d-[0-9a-f]{16}\.([a-z]+)")
ID = re.compile(r"\bC-\d{3}\b|\bP\d\d\b")
MAKES = re.compile(r"^(Make|Mark) ")  # buttons that a download comes after

# What a workbook, a table or a file of settings holds, by the beginning of its name. A new one needs a line here.
SHEETS = {
    "supervision": {"How to read this", "review", "Case"},
    "meeting": {"Cards", "Actions"},
    "template-wai-sr": {"Ratings"},
    "workbook-marked": {"Problems"},
    "manager-summary": {"Method"},
}
COLUMNS = {"problems": {"severity", "cell", "message"}, "manager-summary": {"figure", "value", "count"}}
KEYS = {"settings": {"detection"}}
WITHOUT_IDS = ("manager-summary",)


def known(name, checks):
    found = [check for beginning, check in checks.items() if name.startswith(beginning)]
    assert found, f"there is no check for {name}: say in this file what it holds"
    return found[0]


def xlsx(name, content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert known(name, SHEETS) <= set(book.sheetnames), book.sheetnames
    return " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


def table(name, content):
    text = content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert known(name, COLUMNS) <= set(rows[0])
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])}
    assert not [cell for row in rows for cell in row if cell.strip()[:1] in ("=", "@")]
    return text


def toml(name, content):
    assert known(name, KEYS) <= set(tomllib.loads(content.decode()))
    return content.decode()


def as_json(name, content):
    return json.dumps(json.loads(content))


def png(name, content):
    picture = Image.open(io.BytesIO(content))
    picture.load()
    assert (picture.format, picture.width) == ("PNG", 1815)
    return ""


def svg(name, content):
    root = ElementTree.fromstring(content)  # noqa: S314 - our own
    assert root.get("width") == "605"
    assert not re.search(rb"href|<script|<image|url\(", content)
    texts = ["".join(one.itertext()) for one in root.iter() if one.tag.endswith("}text")]
    assert re.match(r"\d{1,2} [A-Z][a-z]{2} \d{4} · ", texts[-1])  # the day, and where it comes from
    return " ".join(texts)


def pdf(name, content):
    paper = PdfReader(io.BytesIO(content))
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]  # it can be read aloud
    assert paper.metadata is not None
    assert paper.metadata.title
    assert all(embedded_fonts(content).values())
    assert b"/URI" not in content + streams_of(content)
    assert text_of(content)
    return text_of(content)


def html(name, content):
    text = content.decode()
    assert "Content-Security-Policy" in text
    assert not re.search(r"<script|<iframe|(?:src|href)\s*=\s*[\"']?(?:https?:)?//", text)
    return text


OPENED = {"xlsx": xlsx, "csv": table, "toml": toml, "json": as_json, "png": png, "svg": svg, "pdf": pdf, "html": html}  # fmt: skip


def take(page, button):
    """Clicks a download; its bytes are opened. Gives the beginning of its name, and its ending."""
    with page.expect_download(timeout=PATIENCE) as made:
        button.click()
    named = NAMED.fullmatch(made.value.suggested_filename)
    assert named, made.value.suggested_filename
    name, ending = named.groups()
    text = OPENED[ending](name, Path(made.value.path()).read_bytes())
    if name.startswith(WITHOUT_IDS):
        assert not ID.search(text)
    return f"{name}.{ending}"


def go(page, title):
    """Another page, by the navigation, once all that the page before has left behind is gone."""
    link = page.get_by_test_id("stTopNavLink").filter(has_text=re.compile(f"^{title}$"))
    if link.get_attribute("aria-current") != "page":
        with to_another_page(page):
            link.click()
            expect(link).to_have_attribute("aria-current", "page", timeout=PATIENCE)


def every_download(page):
    """All of the page: in each tab, with folded parts open, made first where they have to be, and in what opens beside buttons."""
    settled(page)
    tabs, taken = page.get_by_role("tab"), []
    for tab in range(max(tabs.count(), 1)):
        if tabs.count():
            tabs.nth(tab).click()
        unfolded(page)
        buttons = page.get_by_test_id("stDownloadButton").filter(visible=True)
        make = page.get_by_role("button", name=MAKES).filter(visible=True)
        for _ in range(make.count()):
            before = buttons.count()
            make.first.click()
            expect(buttons).not_to_have_count(before, timeout=PATIENCE)
            settled(page)
        for place in range(buttons.count()):
            taken.append(take(page, buttons.nth(place).get_by_role("button")))
            settled(page)
        beside = page.get_by_test_id("stPopoverButton").filter(visible=True)
        for place in range(beside.count()):
            beside.nth(place).click()
            body = page.get_by_test_id("stPopoverBody")
            expect(body).to_be_visible(timeout=PATIENCE)
            settled(page)
            inside = body.get_by_test_id("stDownloadButton")
            taken += [take(page, inside.nth(one).get_by_role("button")) for one in range(inside.count())]
            page.keyboard.press("Escape")
            expect(body).to_have_count(0, timeout=PATIENCE)
    # a table's own CSV would keep formulas live
    expect(page.get_by_role("button", name="Download as")).to_have_count(0)
    return taken


def test_each_download_of_every_page_is_what_it_says(server, page):
    page.goto(f"{server.address}/bring_in")
    page.locator("input[type=file]").set_input_files(TEAM)
    expect(page.get_by_text("24 cases of 4 practitioners")).to_be_visible(timeout=PATIENCE)
    taken = {}
    for entry in PAGES:
        go(page, entry.title)
        taken[Path(entry.file).stem] = every_download(page)

    go(page, "Meeting")
    page.get_by_role("button", name="Begin the meeting").click()
    expect(page.get_by_text("1 of 9", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[data-stale='true']")).to_have_count(0, timeout=PATIENCE)
    taken["meeting"] += every_download(page)
    page.get_by_role("button", name="End the meeting").click()
    titled(page, "The meeting is over")
    taken["meeting"] += every_download(page)
    go(page, "What if")
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Adopt this setting")).to_be_visible(timeout=PATIENCE)
    settled(page)
    page.get_by_role("textbox", name="Why is this to be the setting").fill("tried together")
    page.keyboard.press("Enter")
    expect(page.get_by_text("What was changed, and why")).to_be_visible(timeout=PATIENCE)
    taken["what_if"] += every_download(page)

    assert {"problems.csv", "workbook-marked.xlsx", "template-wai-sr.xlsx"} <= set(taken["bring_in"])
    for path in ("agenda", "practitioner", "case", "meeting", "across", "what_if", "learn", "how_it_works"):
        endings = [name.rpartition(".")[2] for name in taken[path]]
        assert endings.count("png") == endings.count("svg") >= (path != "across"), path
    for path in ("agenda", "case", "meeting"):
        assert {"pdf", "html"} <= {name.rpartition(".")[2] for name in taken[path]}, path
    assert "meeting.xlsx" in taken["meeting"]
    assert "supervision.xlsx" in taken["decisions"]
    assert {"manager-summary.xlsx", "manager-summary.pdf", "manager-summary.csv"} <= set(taken["across"])
    assert "settings.toml" in taken["settings"]
    assert "settings.toml" in taken["what_if"]
