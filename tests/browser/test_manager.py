"""A manager: from the first page with ratings to the summary of the service, and its figures as a file, in two clicks."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.steps import settled
from tests.browser.test_accessibility import findings

pytestmark = pytest.mark.browser
TEAM = Path(__file__).parents[2] / "sample_data" / "team_long_items.xlsx"
PATIENCE = 30_000
ID = re.compile(r"\bC-\d{3}\b|\bP\d\d\b")


def test_the_summary_is_reached_in_two_clicks(server, page):
    page.goto(server.address)
    page.locator("input[type=file]").set_input_files(TEAM)
    expect(page.get_by_text("24 cases of 4 practitioners")).to_be_visible(timeout=PATIENCE)

    page.get_by_test_id("stTopNavLink").filter(has_text="Approaches and teams").click()  # the first click
    summary = page.get_by_role("heading", level=3).first
    expect(summary).to_have_text(
        re.compile(r"^24 of 24 clients rated, in \d\d % of the sessions known; \d+ of the 24 with overall ratings had a possible rupture\.$"),
        timeout=PATIENCE,
    )  # fmt: skip
    settled(page)
    expect(summary).to_be_in_viewport()
    assert findings(page, "summary") == []
    assert not ID.search(page.locator("[data-testid=stMain]").inner_html())

    with page.expect_download() as made:
        page.get_by_role("button", name="Download these figures").click()  # the second
    assert re.fullmatch(r"manager-summary-\d{4}-\d\d-\d\d-[0-9a-f]{16}\.csv", made.value.suggested_filename)
    text = Path(made.value.path()).read_text(encoding="utf-8")
    assert not ID.search(text)
    rows = {row["figure"]: row for row in csv.DictReader(io.StringIO(text)) if row["part"] == "service"}
    assert rows["Cases"]["count"] == "24"
    assert rows["Clients who rated"]["of"] == "24"
    falls, of = rows["Clients with a possible rupture"], rows["Possible ruptures found"]
    assert f"{falls['count']} of the 24 with overall" in summary.inner_text()
    assert float(falls["low"]) < float(falls["value"]) < float(falls["high"])
    assert int(of["count"]) >= int(falls["count"])
    ends = ("Came back near the former level", "Came back and settled higher", "Did not come back", "Still open, or not back at the last form")  # fmt: skip
    assert int(of["count"]) < 10  # so few falls are not told apart by what followed
    assert [(rows[end]["count"], rows[end]["shown"]) for end in ends] == [("", "too few falls")] * len(ends)
    assert rows["Clients' latest overall rating, middle"]["value"] != ""
    assert (
        rows["Clients' latest overall rating, upper quarter"]["value"] == ""
    )  # 24 clients are too few for it
