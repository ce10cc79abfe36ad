"""A visitor who has a keyboard and no mouse."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError as TookTooLong
from playwright.sync_api import expect

from tests.browser.steps import PATIENCE, settled

MOST_STOPS = 120

# Where the keyboard is: what it is, what a screen reader calls it, and whether it can be seen there.
_HERE = """() => {
  const one = document.activeElement
  if (!one || one === document.body) return null
  const framed = what => {
    const look = getComputedStyle(what)
    return (look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 1) || look.boxShadow !== 'none'
  }
  const typed = ['INPUT', 'TEXTAREA'].includes(one.tagName)
  let seen = framed(one), around = one
  for (let step = 0; step < 5 && !seen && around.parentElement; step++) {
    around = around.parentElement
    seen = framed(around) || (typed && ['rgb(10, 94, 156)', 'rgb(40, 120, 181)'].includes(getComputedStyle(around).borderTopColor))
  }
  const labels = [...(one.labels || [])].map(label => label.innerText).join(' ')
  const by = (one.getAttribute('aria-labelledby') || '').split(' ').map(id => document.getElementById(id)?.innerText || '').join(' ')
  const whole = one.tagName === 'MAIN'  // the page itself can be scrolled by arrow keys
  const name = whole ? '' : (one.getAttribute('aria-label') || by.trim() || labels || one.innerText || one.title || '').replace(/\\s+/g, ' ').trim()
  return {tag: one.tagName, name: name, seen: seen, grid: ['CANVAS', 'TD'].includes(one.tagName), whole: whole}
}"""


def here(page):
    """What the keyboard is on; None: nowhere."""
    return page.evaluate(_HERE)


def _is_seen(page, at):
    """Whether anything shows where the keyboard is, once frames have faded in."""
    with suppress(TookTooLong):
        if not at["seen"]:
            page.wait_for_function(f"() => ({_HERE})()?.seen", timeout=2_000)
        return True
    return False


def to(page, name, key="Tab", most=MOST_STOPS):
    """Goes on with Tab until the keyboard is on what is called so."""
    passed = []
    for _ in range(most):
        page.keyboard.press(key)
        at = here(page)
        if at is not None and re.search(name, at["name"]):
            assert _is_seen(page, at), f"the keyboard is on {at['name']!r}, and nothing shows it"
            return
        passed.append(at and at["name"][:60])
    pytest.fail(f"{name!r} was not reached in {most} steps; passed: {passed}")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def chosen(page, name, typed):
    """Goes to a field with a list, and chooses what begins so."""
    to(page, name)
    page.keyboard.type(typed)
    expect(page.get_by_role("option").first).to_contain_text(typed, timeout=PATIENCE)
    page.keyboard.press("Enter")
    settled(page)


def open_page(page, name):
    """Another page, by the navigation on top."""
    page.evaluate("document.activeElement.blur()")
    to(page, f"^{name}$")
    page.keyboard.press("Enter")


def stops(page):
    """Every stop of the page, once around; each has a name and is seen, tables' cells and the page as a whole aside."""
    page.evaluate("document.activeElement.blur()")
    found = []
    for _ in range(3 * MOST_STOPS):
        page.keyboard.press("Tab")
        at = here(page)
        if at is None:
            break
        if not (at["grid"] or at["whole"]):
            found.append({**at, "seen": _is_seen(page, at)})
    else:
        pytest.fail("the keyboard never came to the page's end")
    assert [one for one in found if not (one["name"] and one["seen"])] == []
    return found
