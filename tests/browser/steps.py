"""Steps that several journeys share."""

from contextlib import contextmanager

from playwright.sync_api import expect

PATIENCE = 60_000  # milliseconds


def titled(page, words):
    """The page's title says this (a part of it, or a pattern). While one page makes way for another, the titles of both may stand there."""
    title = page.get_by_role("heading", level=1)
    expect(title.filter(has_text=words).first).to_be_visible(timeout=PATIENCE)
    expect(title).to_have_count(1, timeout=PATIENCE)
    expect(title).to_contain_text(words, timeout=PATIENCE)


@contextmanager
def to_another_page(page):
    """What is done within leads to another page: afterwards it is there, drawn, and nothing of the one before is left.

    That nothing runs is so, too, before the new page has begun. Its title tells: no two pages have the same.
    """
    before = page.evaluate("() => document.querySelector('h1')?.textContent")
    yield
    page.wait_for_function(
        """before => {
            const titles = [...document.querySelectorAll('h1')].map(one => one.textContent)
            return titles.length && !titles.includes(before)
        }""",
        arg=before,
        timeout=PATIENCE,
    )
    settled(page)
    expect(page.locator("[data-stale='true']")).to_have_count(0, timeout=PATIENCE)
    settled(page)


FRAMES = 20  # one after the other in which nothing goes on: what was clicked has come to the server, and its answer has begun


def settled(page):
    """The script has run, and all that is in sight is drawn: widgets and charts come in pieces of their own."""
    page.evaluate("() => { window.framesAtRest = 0 }")
    page.wait_for_function(
        """frames => {
            const seen = what => [...document.querySelectorAll(what)].filter(one => one.checkVisibility())
            const rests = document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
                && seen('.stVegaLiteChart').every(one => one.querySelector('svg, canvas'))
                && !seen('[data-testid=stSkeleton]').length
            window.framesAtRest = rests ? window.framesAtRest + 1 : 0
            return window.framesAtRest > frames
        }""",
        arg=FRAMES,
        timeout=PATIENCE,
    )
