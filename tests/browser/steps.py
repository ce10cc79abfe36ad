"""Steps that several journeys share."""

from playwright.sync_api import expect

PATIENCE = 60_000  # milliseconds


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
