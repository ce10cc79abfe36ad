"""Practice in a real browser, by keyboard alone, and back again from another page."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PATIENCE = 30_000
BEGINS, BACK = "A possible rupture begins at session", "The client's rating is back at session"


def radio(page, group, name):
    return page.get_by_role("radiogroup", name=group).get_by_role("radio", name=name, exact=True)


def test_a_series_is_answered_by_keyboard_and_is_still_there_after_a_page_change(server, page):
    page.goto(f"{server.address}/learn?part=practise")
    expect(page.get_by_role("heading", name="Series 1 of 10")).to_be_visible(timeout=PATIENCE)
    onward = page.get_by_role("button", name="Compare")
    expect(onward).to_be_disabled()

    radio(page, BEGINS, "nothing here").focus()
    page.keyboard.press("Space")
    expect(radio(page, BEGINS, "nothing here")).to_be_checked()
    for session in ("1", "2", "3"):
        page.keyboard.press("ArrowRight")
        expect(radio(page, BEGINS, session)).to_be_checked()
        expect(radio(page, BACK, session)).to_have_count(0)
        expect(radio(page, BACK, str(int(session) + 1))).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(radio(page, BACK, "not back")).to_be_checked()
    expect(onward).to_be_enabled()
    page.keyboard.press("Tab")
    expect(onward).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_text("You: from 3, not back.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Simulated:")).to_be_visible()
    expect(page.get_by_label("Overall ratings of client and practitioner in series 1").first).to_be_visible()
    # The same button goes on, and the keyboard is still on it.
    expect(page.get_by_role("button", name="Next series")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Series 2 of 10")).to_be_visible(timeout=PATIENCE)

    page.get_by_test_id("stTopNavLink").filter(has_text="How it works").click()
    expect(page.get_by_role("heading", name="What this does not claim")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="on your own ratings").click()
    expect(page.get_by_role("heading", name="Series 2 of 10")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_text("You: from 3, not back.")).to_be_visible(timeout=PATIENCE)
