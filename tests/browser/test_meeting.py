"""A team meeting through five cards, by keyboard and by button, and its record opened."""

import io
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.browser.steps import settled, titled
from tests.browser.test_accessibility import findings

pytestmark = pytest.mark.browser
TEAM = Path(__file__).parents[2] / "sample_data" / "team_long_items.xlsx"
PATIENCE = 30_000
NAME = re.compile(r"^[A-Z][a-z]+ [A-Z][a-z]+ [1-9]\d\d$")
ID = re.compile(r"\bC-\d{3}\b")


def begin(page, server, word=""):
    """The meeting about the whole sample team; the names that come up in it, in order."""
    page.goto(server.address)
    page.locator("input[type=file]").set_input_files(TEAM)
    expect(page.get_by_text("24 cases of 4 practitioners")).to_be_visible(timeout=PATIENCE)
    page.get_by_test_id("stTopNavLink").filter(has_text=re.compile("^Meeting$")).click()
    titled(page, re.compile("^9 cases for the meeting, of 9 to talk about$"))
    if word:
        page.get_by_text("Names instead of ids").click()
        page.get_by_label("A word or sentence that the team knows").fill(word)
        page.keyboard.press("Enter")
        expect(page.get_by_text("Cases have names of the series")).to_be_visible(timeout=PATIENCE)
    settled(page)
    names = [label.split(" · ")[0] for label in page.get_by_test_id("stCheckbox").all_inner_texts()]
    assert len(set(names)) == 9
    page.get_by_role("button", name="Begin the meeting").click()
    return names


def at(page, number, names):
    """The card is there, under its name, and nothing on the page is an id of a client."""
    titled(page, re.compile(f"^{names[number - 1]}$"))
    expect(page.get_by_text(f"{number} of {len(names)}", exact=True)).to_be_visible()
    settled(page)
    assert NAME.match(names[number - 1])
    assert not ID.search(page.content())


def press(page, key):
    page.get_by_role("heading", level=1).click()  # nothing that has a use for the key has the focus
    page.keyboard.press(key)


def decide(page, decision, action=""):
    page.get_by_text(decision, exact=True).click()
    page.get_by_role("textbox", name="Action").fill(action)
    page.get_by_role("textbox", name="Who does it").fill("P01" if action else "")
    page.get_by_role("button", name="Save the decision").click()
    expect(page.get_by_text("Saved. It is kept once you download")).to_be_visible(timeout=PATIENCE)


def test_five_cards_by_keyboard_and_by_button_and_the_record(server, page):
    names = begin(page, server, "our own word")
    at(page, 1, names)
    assert findings(page, "card") == []
    clock = page.get_by_role("timer")
    expect(clock).to_have_text(re.compile(r"^\d\d:\d\d on this card, \d\d:\d\d in all$"))
    decide(page, "Confirmed", "=Raise it with C-003")
    press(page, "ArrowRight")
    at(page, 2, names)
    page.get_by_role("button", name="Next →").click()
    at(page, 3, names)
    decide(page, "Not a rupture")
    press(page, "ArrowRight")
    at(page, 4, names)
    press(page, "ArrowLeft")
    at(page, 3, names)
    page.get_by_role("button", name="Next →").click()
    at(page, 4, names)
    press(page, "ArrowRight")
    at(page, 5, names)
    page.get_by_role("button", name="Stop the clock").click()
    expect(clock).to_contain_text("paused", timeout=PATIENCE)
    settled(page)

    page.get_by_role("button", name="End the meeting").click()
    titled(page, re.compile("^The meeting is over, with 2 decisions and 1 action$"))
    expect(page.get_by_text("5 of 9 were shown")).to_be_visible()
    assert findings(page, "end") == []
    with page.expect_download() as made:
        page.get_by_role("button", name="Download the record").click()
    assert re.fullmatch(r"meeting-\d{4}-\d\d-\d\d-[0-9a-f]{16}\.xlsx", made.value.suggested_filename)
    content = Path(made.value.path()).read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(content))
    cards = list(book["Cards"].iter_rows(min_row=3, values_only=True))
    assert [row[1] for row in cards] == names
    assert [row[4] for row in cards] == ["yes"] * 5 + ["no"] * 4
    assert [row[6] for row in cards][:3] == ["confirmed", None, "not a rupture"]
    (action,) = book["Actions"].iter_rows(min_row=3, values_only=True)
    assert action[0] == names[0]
    assert action[1].startswith("=Raise it with ")
    assert action[2] == "P01"
    texts = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert not any(ID.search(str(cell)) for cell in texts)
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)

    # whose the names are is on the supervisor's own page, and the decisions are not in any file before they are kept
    page.get_by_role("link", name="Who is who, and all decisions").click()
    titled(page, re.compile("^1 action open$"))
    expect(page.get_by_text("Who is who in the meeting")).to_be_visible()
    expect(page.get_by_text("2 decisions not in any file yet")).to_be_visible()


def test_the_keys_are_left_to_what_has_a_use_for_them(server, page):
    names = begin(page, server)
    at(page, 1, names)
    page.get_by_role("radio", name="Nothing yet").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Confirmed")).to_be_focused(timeout=PATIENCE)
    page.get_by_role("textbox", name="Action").fill("Ask")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("Control+ArrowRight")
    settled(page)
    at(page, 1, names)
    press(page, "ArrowRight")
    at(page, 2, names)


def test_the_same_word_gives_the_same_names_next_time_and_type_is_large_on_a_screen(server, visitors):
    first = begin(visitors(), server, "our own word")
    page = visitors()
    page.set_viewport_size({"width": 1920, "height": 1080})
    assert begin(page, server, "our own word") == first
    at(page, 1, first)
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    assert page.evaluate(size) == 24  # one and a half times 16
    page.get_by_test_id("stTopNavLink").filter(has_text="Agenda").click()
    titled(page, "cases to talk about")
    assert page.evaluate(size) == 16
