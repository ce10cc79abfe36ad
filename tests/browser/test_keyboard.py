"""Every journey with the keyboard alone: Tab, Enter, Space, arrows and what is typed; the mouse is never moved, and files are put into the field."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import keys
from tests.browser.steps import settled, titled
from tests.browser.test_mapping import written

pytestmark = pytest.mark.browser
TEAM = Path(__file__).parents[2] / "sample_data" / "team_long_items.xlsx"
PATIENCE = 30_000


def heading(page, words):
    titled(page, words)
    settled(page)


def bring(page, server, file=TEAM):
    page.goto(f"{server.address}/bring_in")
    heading(page, "Bring in ratings")
    keys.to(page, "^Upload|upload Upload")
    page.locator("input[type=file]").set_input_files(file)


def in_address(page, words):
    expect(page).to_have_url(re.compile(words), timeout=PATIENCE)
    settled(page)


def saved(page, path):
    """What the button under the keyboard downloads."""
    with page.expect_download() as download:
        keys.press(page, "Enter")
    download.value.save_as(path)
    return path


def test_the_first_minute(server, page):
    page.goto(server.address)
    heading(page, "Bring in ratings")
    keys.to(page, "Empty template")
    keys.press(page, "Enter")
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible(timeout=PATIENCE)
    keys.to(page, ".", most=1)  # one Tab leads into what has opened
    assert page.evaluate("!!document.activeElement.closest('[data-testid=stPopoverBody]')")
    keys.press(page, "Escape")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    keys.to(page, "Look around with the sample team", key="Shift+Tab")
    keys.press(page, "Enter")
    expect(page.get_by_text("Tour, step 1 of 3")).to_be_visible(timeout=PATIENCE)
    settled(page)
    keys.to(page, "Go to Agenda")
    keys.press(page, "Enter")
    heading(page, "to talk about")
    keys.to(page, "On to one case")
    keys.press(page, "Enter")
    expect(page.get_by_text("Tour, step 2 of 3")).to_be_visible(timeout=PATIENCE)
    settled(page)
    assert keys.stops(page)
    keys.to(page, "Leave the tour")
    keys.press(page, "Enter")
    expect(page.get_by_text("Tour, step")).to_have_count(0, timeout=PATIENCE)


def test_a_mapping_and_its_profile(server, page, tmp_path):
    bring(page, server, written(tmp_path / "ours.xlsx"))
    expect(page.get_by_text("48 rows looked at = 0 used + 48 left out")).to_be_visible(timeout=PATIENCE)
    settled(page)
    keys.chosen(page, "Whose rating is zul", "client")
    expect(page.get_by_text("48 rows looked at = 24 used + 24 left out")).to_be_visible(timeout=PATIENCE)
    settled(page)
    keys.chosen(page, "Whose rating is mak", "practitioner")
    expect(page.get_by_text("48 rows looked at = 47 used + 1 left out")).to_be_visible(timeout=PATIENCE)
    settled(page)
    keys.to(page, "Read with this mapping")
    keys.press(page, "Enter")
    expect(page.get_by_text("48 rows read = 47 used + 1 left out")).to_be_visible(timeout=PATIENCE)
    settled(page)
    page.evaluate("document.activeElement.blur()")
    keys.to(page, "^Import profile")
    keys.press(page, "Enter")
    expect(page.get_by_text("Holds 1 confirmed mapping")).to_be_visible(timeout=PATIENCE)
    keys.to(page, "Download the profile", most=2)
    assert 'plok = "client"' in saved(page, tmp_path / "profile.toml").read_text(encoding="utf-8")


def test_agenda_caseload_and_meeting(server, page):
    bring(page, server)
    expect(page.get_by_text("24 cases of 4 practitioners")).to_be_visible(timeout=PATIENCE)
    settled(page)
    keys.to(page, "Go to the agenda")
    keys.press(page, "Enter")
    heading(page, "to talk about")
    assert keys.stops(page)

    page.evaluate("document.activeElement.blur()")
    keys.to(page, "Filter and sort")
    keys.press(page, "Enter")
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible(timeout=PATIENCE)
    settled(page)
    keys.to(page, "^Reason", most=4)
    page.keyboard.type("A fall that has")
    expect(page.get_by_role("option").first).to_contain_text("A fall that has", timeout=PATIENCE)
    keys.press(page, "Enter")
    in_address(page, r"reason=open\+episode")
    keys.press(page, "Escape", "Escape")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0, timeout=PATIENCE)
    keys.to(page, "^Open card")
    keys.press(page, "Enter")
    expect(page.get_by_text("A question to ask")).to_be_visible(timeout=PATIENCE)
    settled(page)
    assert keys.here(page)["name"] == "Close card"
    keys.to(page, "^Discussed$", most=2)
    keys.press(page, "Enter")
    expect(page.get_by_text("1 decision not in any file yet")).to_be_visible(timeout=PATIENCE)

    keys.open_page(page, "Practitioner")
    heading(page, "6 cases")
    keys.to(page, "^Small pictures")
    keys.press(page, "ArrowRight", "Space")
    expect(page.get_by_text("Choose a field or a row")).to_be_visible(timeout=PATIENCE)
    settled(page)
    for _ in range(keys.MOST_STOPS):
        page.keyboard.press("Tab")
        if (keys.here(page) or {}).get("grid"):
            break
    keys.press(page, "ArrowDown", "Shift+Space")
    expect(page.get_by_label("Overall ratings of client C-0").last).to_be_visible(timeout=PATIENCE)
    settled(page)
    keys.to(page, r"^C-\d{3} →$")

    keys.open_page(page, "Meeting")
    heading(page, "for the meeting")
    first = page.get_by_role("checkbox").first.get_attribute("aria-label")
    assert re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z]+ \d{3}", first)
    keys.to(page, f"^{first}$")
    keys.press(page, "Space")
    heading(page, "8 cases for the meeting, of 9")
    keys.to(page, "^Begin the meeting$", key="Shift+Tab")
    keys.press(page, "Enter")
    expect(page.get_by_text("1 of 8", exact=True)).to_be_visible(timeout=PATIENCE)
    settled(page)
    page.evaluate("document.activeElement.blur()")
    keys.press(page, "ArrowRight")
    expect(page.get_by_text("2 of 8", exact=True)).to_be_visible(timeout=PATIENCE)
    settled(page)
    assert keys.stops(page)
    keys.to(page, "^End the meeting$")
    keys.press(page, "Enter")
    heading(page, "The meeting is over")
    keys.to(page, "^Download the record")


def test_settings_and_what_if(server, page, tmp_path):
    bring(page, server)
    expect(page.get_by_text("24 cases of 4 practitioners")).to_be_visible(timeout=PATIENCE)
    settled(page)
    keys.open_page(page, "Settings")
    heading(page, "Settings")
    assert keys.stops(page)
    page.evaluate("document.activeElement.blur()")
    for name, typed in (("^What are the two called", "student"), ("^How are numbers written", "1.234")):
        keys.chosen(page, name, typed)
        expect(page.get_by_role("combobox", name=re.compile(name))).to_be_focused(timeout=PATIENCE)
    keys.to(page, "^Show aliases")
    keys.press(page, "Space")
    expect(page.get_by_text("On all pages now: aliases.")).to_be_visible(timeout=PATIENCE)
    settled(page)
    keys.to(page, "^Words and display$", key="Shift+Tab")
    keys.press(page, "ArrowRight")
    keys.to(page, "What is pointed out")
    keys.press(page, "Enter")
    keys.to(page, "^Sessions that an episode")
    keys.press(page, "ArrowUp")
    keys.to(page, "^Why")
    page.keyboard.type("agreed by the team")
    keys.press(page, "Enter")
    expect(page.get_by_text(re.compile("1 change noted so far"))).to_be_visible(timeout=PATIENCE)
    settled(page)

    keys.open_page(page, "What if")
    heading(page, "What if")
    keys.to(page, "^Fall below the case's own level")
    keys.press(page, "ArrowLeft", "ArrowLeft")
    told = page.get_by_role("heading", level=3).first
    expect(told).to_contain_text("2,7 instead of 2,8", timeout=PATIENCE)
    settled(page)
    keys.to(page, "^Why is this to be the setting")
    page.keyboard.type("tried together")
    keys.press(page, "Enter")
    expect(page.get_by_text("2 changes. Kept only while")).to_be_visible(timeout=PATIENCE)
    settled(page)
    keys.to(page, "^Download these settings")
    text = saved(page, tmp_path / "settings.toml").read_text(encoding="utf-8")
    assert 'client = "student"' in text
    assert text.count("reason = ") == 2
