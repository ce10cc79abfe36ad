"""What axe-core finds on every page, light and dark, with everything on it opened, and without ratings."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from pages.parts.shell import BRING_IN, PAGES
from tests.browser.steps import PATIENCE, settled, titled, to_another_page

pytestmark = pytest.mark.browser
TEAM = Path(__file__).parents[2] / "sample_data" / "team_long_items.xlsx"
GRAVE = ("serious", "critical")
PATHS = [Path(entry.file).stem for entry in PAGES if entry is not BRING_IN]


def findings(page, where):
    """What is serious or critical, in words."""
    settled(page)
    result = Axe().run(page, options={"resultTypes": ["violations"]}).response
    return [
        f"{where}: {one['id']} at {node['target']}: {node.get('failureSummary')}"
        for one in result["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


def go(page, path):
    """Another page of the same sitting, by its address."""
    with to_another_page(page):
        page.evaluate("path => history.pushState({}, '', path)", f"/{quote(path)}")
        page.evaluate("window.dispatchEvent(new PopStateEvent('popstate'))")
        expect(page.get_by_test_id("stTopNavLink").first).to_be_attached(timeout=PATIENCE)
        expect(page).to_have_url(re.compile(f"/{path}"))


def unfolded(page):
    """Opens all folded parts in sight."""
    folded = page.locator("details:not([open]) > summary").filter(visible=True)
    while folded.count():
        folded.first.click()
    settled(page)


def everything_opened(page, where):
    """Findings of a page, of each of its tabs if there are any, with all folded parts open."""
    settled(page)
    tabs = page.get_by_role("tab")
    found = []
    for tab in range(max(tabs.count(), 1)):
        if tabs.count():
            tabs.nth(tab).click()
        unfolded(page)
        found += findings(page, f"{where}, tab {tab + 1}")
    beside = page.get_by_test_id("stPopoverButton").filter(visible=True)
    if beside.count():
        beside.first.click()
        expect(page.get_by_test_id("stPopoverBody")).to_be_visible(timeout=PATIENCE)
        found += findings(page, f"{where}, beside it")
        page.keyboard.press("Escape")
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_on_any_page(server, visitors, scheme):
    page = visitors(color_scheme=scheme)
    page.goto(server.address)
    titled(page, "")
    found = everything_opened(page, "nothing brought in")
    go(page, "agenda")
    found += findings(page, "agenda without ratings")
    go(page, "")
    page.locator("input[type=file]").set_input_files(TEAM)
    expect(page.get_by_text("24 cases of 4 practitioners")).to_be_visible(timeout=PATIENCE)
    found += everything_opened(page, "ratings brought in")
    for path in PATHS:
        go(page, path)
        found += everything_opened(page, path)
    assert found == []


def test_axe_sees_what_is_wrong(page):
    """The look itself is tried on a page with a fault."""
    page.set_content(
        "<main><h1>One</h1><img src='data:,'><p style='color:#999;background:#fff'>faint</p></main>"
    )
    found = Axe().run(page).response["violations"]
    assert {one["id"] for one in found if one["impact"] in GRAVE} >= {"image-alt", "color-contrast"}
