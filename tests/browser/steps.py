"""Steps that several journeys share."""

from playwright.sync_api import expect

PATIENCE = 60_000  # milliseconds


def titled(page, words):
    """The page's title says this (a part of it, or a pattern). While one page makes way for another, the titles of both may stand there."""
    title = page.get_by_role("heading", level=1)
    expect(title.filter(has_text=words).first).to_be_visible(timeout=PATIENCE)
    expect(title).to_have_count(1, timeout=PATIENCE)
    expect(title).to_contain_text(words, timeout=PATIENCE)


def settled(page):
    """The script has run, and all that is in sight is drawn: widgets and charts come in pieces of their own."""
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=PATIENCE
    )
    page.wait_for_function(
        """() => {
            const seen = what => [...document.querySelectorAll(what)].filter(one => one.checkVisibility())
            return seen('.stVegaLiteChart').every(one => one.querySelector('svg, canvas')) && !seen('[data-testid=stSkeleton]').length
        }""",
        timeout=PATIENCE,
    )
