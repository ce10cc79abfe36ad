"""A decision from one sitting to the next, two people's contradicting ones, and the browser that asks before it leaves."""

import io
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.browser.steps import settled

pytestmark = pytest.mark.browser
TEAM = Path(__file__).parents[2] / "sample_data" / "team_long_items.xlsx"
PATIENCE = 30_000


def open_page(page, name):
    page.get_by_test_id("stTopNavLink").filter(has_text=re.compile(f"^{name}$")).click()


def bring(page, server, *files):
    page.goto(server.address)
    page.locator("input[type=file]").set_input_files(list(files))
    expect(page.get_by_text("24 cases of 4 practitioners")).to_be_visible(timeout=PATIENCE)


def to_case(page, client):
    """The case of a client, from the agenda."""
    open_page(page, "Agenda")
    page.get_by_role("link", name=f"{client} · P01").click()
    expect(page.get_by_role("heading", name=f"{client} · P01")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("link", name="All cases of P01")).to_be_visible(
        timeout=PATIENCE
    )  # the page's end


def decide(page, decision, action):
    page.get_by_text(decision, exact=True).click()
    page.get_by_role("textbox", name="Action").fill(action)
    page.get_by_role("button", name="Save the decision").click()
    expect(page.get_by_text("Saved. It is kept once you download the supervision workbook.")).to_be_visible(
        timeout=PATIENCE
    )


def download(page, path):
    with page.expect_download() as made:
        page.get_by_role("button", name="Download the supervision workbook").first.click()
    assert re.fullmatch(r"supervision-\d{4}-\d\d-\d\d-[0-9a-f]{16}\.xlsx", made.value.suggested_filename)
    made.value.save_as(path)
    expect(page.get_by_text("not in any file yet")).to_have_count(0, timeout=PATIENCE)
    expect(page.get_by_test_id("stBidiComponentIsolated")).to_have_count(0, timeout=PATIENCE)
    return path


def answering(page, stay):
    """The questions that the browser asked; each is answered with stay or leave."""
    asked = []

    def answer(dialog):
        asked.append(dialog.type)
        dialog.dismiss() if stay else dialog.accept()

    page.on("dialog", answer)
    return asked


def test_a_decision_is_there_again_in_the_next_sitting(server, page, tmp_path):
    bring(page, server, TEAM)
    to_case(page, "C-003")
    decide(page, "Watch", "Raise the homework")
    expect(page.get_by_text("1 decision not in any file yet")).to_be_visible()
    asked = answering(page, stay=False)
    kept = download(page, tmp_path / "kept.xlsx")

    bring(page, server, kept)  # a new sitting: nothing is asked, as a file holds the decision
    assert asked == []
    open_page(page, "Decisions")
    expect(page.get_by_role("heading", name="1 action open")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="C-003 · P01, session").click()
    expect(page.get_by_text(re.compile(r": watch\. Raise the homework\.$"))).to_be_visible(timeout=PATIENCE)

    bring(page, server, kept, TEAM)  # beside the export, the same forms are used once
    expect(page.get_by_text(re.compile(r"rows read = .* \+ 0 left out"))).to_be_visible()


def with_decision(content, decision, path):
    book = openpyxl.load_workbook(io.BytesIO(content))
    headers = [cell.value for cell in book["review"][1]]
    book["review"].cell(2, headers.index("Decision") + 1).value = decision
    book.save(path)
    return path


def test_two_workbooks_that_contradict_each_other_are_settled(server, page, tmp_path):
    bring(page, server, TEAM)
    to_case(page, "C-003")
    decide(page, "Watch", "Raise the homework")
    content = download(page, tmp_path / "kept.xlsx").read_bytes()
    one = with_decision(content, "watch", tmp_path / "one.xlsx")
    other = with_decision(content, "not a rupture", tmp_path / "other.xlsx")

    bring(page, server, one, other)
    page.get_by_text("Decisions contradict each other").click()
    expect(page.get_by_text("one.xlsx, sheet review, cell D2")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("other.xlsx, sheet review, cell D2")).to_be_visible()
    side = page.get_by_test_id("stColumn").filter(has_text="other.xlsx").last
    side.get_by_role("button", name="This one counts").click()
    expect(page.get_by_text("contradict each other")).to_have_count(0, timeout=PATIENCE)
    page.get_by_role("link", name="C-003 · P01, session").first.click()
    expect(page.get_by_text(re.compile(r": not a rupture\. Raise the homework\.$"))).to_be_visible(
        timeout=PATIENCE
    )
    expect(page.get_by_text("1 decision not in any file yet")).to_be_visible()


def test_the_browser_asks_before_it_leaves_what_no_file_holds(server, page):
    bring(page, server, TEAM)
    asked = answering(page, stay=True)
    to_case(page, "C-003")
    decide(page, "Confirmed", "")
    open_page(page, "How it works")
    expect(page.get_by_text("1 decision not in any file yet")).to_be_visible(timeout=PATIENCE)
    assert asked == []  # from page to page nothing is lost
    with pytest.raises(Exception, match="ERR_ABORTED"):
        page.goto(server.address)
    assert asked == ["beforeunload"]
    expect(page.get_by_text("1 decision not in any file yet")).to_be_visible()

    open_page(page, "Bring in ratings")
    page.get_by_role("button", name="Clear my data").click()
    expect(page.get_by_role("dialog")).to_contain_text("gone for good", timeout=PATIENCE)
    page.get_by_role("button", name="Go on without them").click()
    expect(page.get_by_text("Nothing has been brought in yet.")).to_be_visible(timeout=PATIENCE)
    page.goto(server.address)
    assert asked == ["beforeunload"]


def test_a_decision_can_be_made_with_the_keyboard_alone(server, page):
    bring(page, server, TEAM)
    to_case(page, "C-003")
    settled(page)
    page.get_by_role("radio", name="Nothing yet").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Confirmed")).to_be_focused(timeout=PATIENCE)
    for name, words in (("Action", "Ask"), ("Who does it", "P01")):
        page.keyboard.press("Tab")
        expect(page.get_by_role("textbox", name=name)).to_be_focused(timeout=PATIENCE)
        page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r": confirmed\. Ask \(P01\)\.$"))).to_be_visible(timeout=PATIENCE)
