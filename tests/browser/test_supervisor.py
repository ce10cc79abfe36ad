"""The supervisor's journey: upload, agenda, case, decision, download; next time upload again, and the decision is there."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
TEAM = Path(__file__).parents[2] / "sample_data" / "team_long_items.xlsx"
PATIENCE = 30_000


def upload(page, server, *files):
    page.goto(server.address)
    page.locator("input[type=file]").set_input_files(list(files))
    expect(page.get_by_text("24 cases of 4 practitioners")).to_be_visible(timeout=PATIENCE)
    page.get_by_text("Go to the agenda").click()


def to_talk_about(page, cases):
    words = re.compile(rf"^{cases} cases to talk about in the whole team · about {cases * 3} minutes$")
    expect(page.get_by_role("heading", name=words)).to_be_visible(timeout=PATIENCE)


def cases_on_the_agenda(page):
    heading = page.get_by_role("heading", name=re.compile("cases to talk about in the whole team"))
    expect(heading).to_be_visible(timeout=PATIENCE)
    return int(heading.inner_text().split()[0])


def test_from_an_upload_to_the_next_meeting(server, page, tmp_path):
    upload(page, server, TEAM)
    cases = cases_on_the_agenda(page)
    expect(page.get_by_text("Nothing to compare with yet.")).to_be_visible()

    page.get_by_role("link", name="C-003 · P01").click()
    expect(page.get_by_role("link", name="All cases of P01")).to_be_visible(timeout=PATIENCE)
    page.get_by_text("Watch", exact=True).click()
    page.get_by_role("textbox", name="Action").fill("Raise the homework")
    page.get_by_role("button", name="Save the decision").click()
    expect(page.get_by_text("Saved. It is kept once you download")).to_be_visible(timeout=PATIENCE)

    page.get_by_test_id("stTopNavLink").filter(has_text="Agenda").click()
    to_talk_about(page, cases - 1)
    expect(page.get_by_text("Discussed today · 1 case")).to_be_visible()
    with page.expect_download() as made:
        page.get_by_role("button", name="Download the supervision workbook").click()
    kept = tmp_path / "kept.xlsx"
    made.value.save_as(kept)
    expect(page.get_by_text("not in any file yet")).to_have_count(0, timeout=PATIENCE)

    upload(page, server, TEAM, kept)
    to_talk_about(page, cases - 1)
    expect(
        page.get_by_text("Nothing has changed since kept.xlsx, brought in along with them.")
    ).to_be_visible()
    page.get_by_text("Discussed today · 1 case").click()
    expect(page.get_by_text(re.compile(r": watch\. Raise the homework\.$"))).to_be_visible(timeout=PATIENCE)


def test_a_card_is_opened_in_place_and_a_case_ticked_off_with_the_keyboard_alone(server, page):
    upload(page, server, TEAM)
    cases = cases_on_the_agenda(page)
    first = page.get_by_role("button", name="Open card").first
    expect(first).to_be_visible(timeout=PATIENCE)
    first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("A question to ask")).to_be_visible(timeout=PATIENCE)
    expect(page).to_have_url(re.compile(r"/agenda\?practitioner=P\d\d&client=C-\d\d\d$"))
    page.get_by_role("button", name="Close card").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("A question to ask")).to_have_count(0, timeout=PATIENCE)
    page.get_by_role("button", name="Discussed", exact=True).first.focus()
    page.keyboard.press("Enter")
    to_talk_about(page, cases - 1)
    expect(page.get_by_text("1 decision not in any file yet")).to_be_visible()


def test_filters_are_in_the_address_and_stay_when_another_page_was_open(server, page):
    upload(page, server, TEAM)
    cases_on_the_agenda(page)
    page.get_by_role("button", name="Filter and sort").click()
    page.get_by_role("combobox", name=re.compile("Reason")).click()
    page.get_by_role("option", name="A fall that has not come back").click()
    expect(page).to_have_url(re.compile(r"reason=open\+episode"), timeout=PATIENCE)
    expect(page.get_by_text(re.compile("shown: reason A fall that has not come back"))).to_be_visible(
        timeout=PATIENCE
    )
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.get_by_test_id("stTopNavLink").filter(has_text="How it works").click()
    expect(page.get_by_role("heading", name="What this does not claim")).to_be_visible(timeout=PATIENCE)
    page.get_by_test_id("stTopNavLink").filter(has_text="Agenda").click()
    expect(page.get_by_text(re.compile("shown: reason A fall that has not come back"))).to_be_visible(
        timeout=PATIENCE
    )
    expect(page).to_have_url(re.compile(r"reason=open\+episode"))
