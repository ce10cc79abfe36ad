"""The strip of sessions: a click on a field, or a row of the table, shows that case over time."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PATIENCE = 30_000


def test_strip_table_and_timeline_belong_together(server, page):
    page.goto(server.address)
    page.get_by_role("button", name="Look around with the sample team").click()
    expect(page.get_by_text("24 cases of 4 practitioners")).to_be_visible(timeout=PATIENCE)
    page.get_by_test_id("stTopNavLink").filter(has_text="Practitioner").click()
    page.get_by_text("Strip of sessions").click()
    page.get_by_label("session: 5; case: C-003").first.click(timeout=PATIENCE)
    timeline = page.get_by_label("Overall ratings of client C-003").last
    expect(timeline).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("link", name="C-003")).to_be_visible()
