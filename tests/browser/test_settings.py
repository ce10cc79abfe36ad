"""Settings that were chosen, kept as a file, and brought in on another visit: the same words, numbers, days and aliases."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.steps import settled, titled

pytestmark = pytest.mark.browser
TEAM = Path(__file__).parents[2] / "sample_data" / "team_long_items.xlsx"
PATIENCE = 30_000


def open_page(page, name):
    page.get_by_test_id("stTopNavLink").filter(has_text=name).click()
    expect(page.get_by_test_id("stTopNavLink").filter(has_text=name)).to_have_attribute(
        "aria-current", "page", timeout=PATIENCE
    )


def choose(page, label, option):
    """Picks an option and waits until the page that comes back has it, with the keyboard still on its widget."""
    fresh = page.locator(
        "[data-stale='false']"
    )  # not what the page before left behind while this one is made
    fresh.get_by_role("combobox", name=re.compile(label)).click()
    page.get_by_role("option", name=option, exact=True).click()
    settled(page)
    chosen = page.get_by_role("combobox", name=re.compile(label))
    expect(chosen).to_have_value(option, timeout=PATIENCE)
    expect(chosen).to_be_focused()


def bring(page):
    page.locator("input[type=file]").first.set_input_files(TEAM)
    expect(page.get_by_text("Go to the agenda")).to_be_visible(timeout=PATIENCE)


def told(page):
    """What two pages say: the agenda's lines, and the sentences and caption of a case."""
    open_page(page, "Agenda")
    titled(page, "to talk about")
    expect(page.get_by_text("Nothing to raise for")).to_be_visible(timeout=PATIENCE)
    settled(page)
    lines = page.get_by_test_id("stText").all_inner_texts()
    open_page(page, "Case")
    titled(page, "·")
    expect(page.get_by_text(re.compile(r"last \d")).first).to_be_visible(timeout=PATIENCE)
    return (
        lines,
        page.get_by_role("heading", level=1).inner_text(),
        page.get_by_text(re.compile(r"last \d")).first.inner_text(),
    )


def test_settings_that_were_kept_give_the_same_words_and_numbers_on_another_visit(server, page, tmp_path):
    page.goto(f"{server.address}/bring_in")
    bring(page)
    open_page(page, "Settings")
    choose(page, "What are the two called", "student and teacher")
    choose(page, "How are numbers written", "1.234,5")
    choose(page, "How are days written", "3.2.2026")
    page.get_by_text("Show aliases in the place of all ids").click()
    expect(page.get_by_text("On all pages now: aliases.")).to_be_visible(timeout=PATIENCE)
    before = told(page)
    assert re.fullmatch(r"[A-Z]{2}-\d{3} · [A-Z]{3}", before[1])
    assert re.search(r"last \d{1,2}\.\d{1,2}\.\d{4}", before[2])
    assert any("student" in line for line in before[0])

    open_page(page, "Settings")
    page.get_by_role("tab", name="Keep as a file").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download these settings").click()
    assert re.fullmatch(r"settings-\d{4}-\d\d-\d\d-[0-9a-f]{16}\.toml", download.value.suggested_filename)
    kept = tmp_path / "settings.toml"
    download.value.save_as(kept)

    page.goto(f"{server.address}/settings")  # another visit: nothing of the one before is there
    page.get_by_role("tab", name="Keep as a file").click()
    page.locator("input[type=file]").last.set_input_files(kept)
    page.get_by_role("tab", name="Words and display").click()
    expect(page.get_by_role("combobox", name=re.compile("How are numbers written"))).to_have_value(
        "1.234,5", timeout=PATIENCE
    )
    open_page(page, "Bring in ratings")
    bring(page)
    assert told(page) == before


def test_the_tour_goes_by_keyboard_and_covers_nothing(server, page):
    page.goto(f"{server.address}/bring_in")
    page.get_by_role("button", name="Look around with the sample team").click()
    expect(page.get_by_text("Tour, step 1 of 3")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Go to Agenda").focus()
    page.keyboard.press("Enter")
    for step, button in enumerate(("On to one case", "On to what was decided", "End the tour"), 1):
        expect(page.get_by_text(f"Tour, step {step} of 3")).to_be_visible(timeout=PATIENCE)
        forward = page.get_by_role("button", name=button)
        expect(forward).to_be_visible(timeout=PATIENCE)
        box = page.locator(".st-key-tour").bounding_box()
        title = page.get_by_role("heading", level=1).first.bounding_box()
        assert box["y"] + box["height"] <= title["y"]
        forward.focus()
        page.keyboard.press("Enter")
    expect(page.get_by_text("Tour, step")).to_have_count(0, timeout=PATIENCE)
