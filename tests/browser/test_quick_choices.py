"""What a visitor chooses while the page before is still on its way is not taken back by that page."""

import re

import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.steps import PATIENCE, settled, titled

pytestmark = pytest.mark.browser


class SlowLine:
    """The server's messages of a page, kept back until they are let through."""

    def __init__(self, page):
        self.kept, self.holds, self.browser = [], False, None
        page.route_web_socket(re.compile("_stcore/stream"), self._connected)

    def _connected(self, browser):
        self.browser, server = browser, browser.connect_to_server()
        browser.on_message(server.send)
        server.on_message(self._came)

    def _came(self, message):
        if self.holds:
            self.kept.append(message)
        else:
            self.browser.send(message)

    def runs(self):
        """How many runs of the page have ended among what is kept back."""
        return sum(self._ends(message) for message in self.kept)

    @staticmethod
    def _ends(message):
        return ForwardMsg.FromString(message).WhichOneof("type") == "script_finished"

    def let_one_run_through(self):
        while self.kept:
            message = self.kept.pop(0)
            self.browser.send(message)
            if self._ends(message):
                return

    def let_through(self):
        self.holds = False
        while self.kept:
            self.browser.send(self.kept.pop(0))


def pick(page, label, option):
    page.get_by_role("combobox", name=re.compile(label)).click()
    page.get_by_role("option", name=option, exact=True).click()


def until(page, what):
    """Frame by frame, so that the browser's messages go on."""
    for _ in range(PATIENCE // 16):
        if what():
            return
        page.evaluate("() => new Promise(requestAnimationFrame)")
    raise AssertionError("it did not come")


def test_a_choice_made_before_the_last_one_is_answered_stays(server, page):
    line = SlowLine(page)
    page.goto(f"{server.address}/settings")
    titled(page, "Settings")
    settled(page)
    line.holds = True
    pick(page, "How are numbers written", "1.234,5")
    until(page, lambda: line.runs() == 1)
    pick(page, "How are days written", "3.2.2026")
    until(page, lambda: line.runs() == 2)
    line.let_one_run_through()  # made when nothing was known of the second choice
    page.get_by_text("Show aliases in the place of all ids").click()
    until(page, lambda: line.runs() == 2)
    line.let_through()
    expect(page.get_by_text("On all pages now: aliases.")).to_be_visible(timeout=PATIENCE)
    settled(page)
    expect(page.get_by_role("combobox", name=re.compile("How are numbers written"))).to_have_value("1.234,5")
    expect(page.get_by_role("combobox", name=re.compile("How are days written"))).to_have_value("3.2.2026")
