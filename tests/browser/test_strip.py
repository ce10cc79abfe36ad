"""The strip of sessions: a click on a field, or a row of the table, shows that case over time."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import settled

pytestmark = pytest.mark.browser
PATIENCE = 30_000


def test_strip_table_and_timeline_belong_together(server, page):
    page.goto(server.address)
    page.get_by_role("button", name="Look around with the sample team").click()
    expect(page.get_by_text("24 cases of 4 practitioners")).to_be_visible(timeout=PATIENCE)
    page.get_by_test_id("stTopNavLink").filter(has_text="Practitioner").click()
    page.get_by_text("Strip of sessions").click()
    page.get_by_label("case C-003, session 5").first.click(timeout=PATIENCE)
    timeline = page.get_by_label("Overall ratings of client C-003").last
    expect(timeline).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("link", name="C-003")).to_be_visible()


@pytest.mark.parametrize("cases", [5, 50, 500])
def test_they_belong_together_for_few_and_for_very_many_cases(server, page, tmp_path, cases):
    marks = [4, 3, 4, 3, 4]
    rows = [
        f"P01,C-{case:03},{session},{rater},wai-sr,{mark},{mark},{mark}"
        for case in range(1, cases + 1)
        for rater in ("Client", "Therapist")
        for session, mark in enumerate(marks, 1)
    ]
    many = tmp_path / "many.csv"
    many.write_text(
        "\n".join(["Therapist,Client,Session,Rated by,Instrument,Goal,Task,Bond", *rows]), encoding="utf-8"
    )
    page.goto(f"{server.address}/bring_in")
    page.locator("input[type=file]").set_input_files(many)
    expect(page.get_by_text(re.compile(rf"{cases} cases of 1 practitioner"))).to_be_visible(timeout=PATIENCE)
    page.get_by_test_id("stTopNavLink").filter(has_text="Practitioner").click()
    page.get_by_text("Strip of sessions").click()
    expect(page.get_by_text("What the fields show")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[data-stale='true']")).to_have_count(0, timeout=PATIENCE)  # the small pictures
    settled(page)
    last = "C-005"
    if cases > 40:  # the last page of forty rows a page
        page.get_by_role("button", name=f"Page {-(-cases // 40)}", exact=True).click()
        last = f"C-{cases:03}"
    page.get_by_label(re.compile(rf"case {last}, session 5")).first.click(timeout=PATIENCE)
    expect(page.get_by_label(re.compile(f"Overall ratings of client {last}")).last).to_be_visible(
        timeout=PATIENCE
    )
    expect(page.get_by_role("link", name=last)).to_be_visible()
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    table.click(position={"x": 16, "y": 56})  # the box of the first row
    first = "C-001" if cases < 40 else f"C-{40 * ((cases - 1) // 40) + 1:03}"
    expect(page.get_by_label(re.compile(f"Overall ratings of client {first}")).last).to_be_visible(
        timeout=PATIENCE
    )
    expect(page.get_by_role("link", name=first)).to_be_visible()
