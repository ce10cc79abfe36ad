"""A server of our own on a free port, and Debian's Chromium, which may talk to nobody else."""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import sync_playwright

HOME = Path(__file__).parents[2]
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
QUIET = (
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-gpu",
)  # fmt: skip
PATIENCE = 60


def free_port():
    with socket.socket() as one:
        one.bind(("localhost", 0))
        return one.getsockname()[1]


class Server:
    """The app as `make run` starts it. `address` answers once it says so itself."""

    def __init__(self):
        port = free_port()
        self.address = f"http://localhost:{port}"
        self.said, self.ready = [], threading.Event()
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "streamlit",
                "run",
                "app.py",
                "--server.port",
                str(port),
                "--server.headless",
                "true",
            ],
            cwd=HOME,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.listener = threading.Thread(target=self._listen)
        self.listener.start()

    def _listen(self):
        for line in self.process.stdout:
            self.said.append(line)
            if self.address in line:
                self.ready.set()
        self.ready.set()

    def wait(self):
        assert self.ready.wait(PATIENCE), "The server did not start:\n" + "".join(self.said)
        with urlopen(f"{self.address}/_stcore/health", timeout=PATIENCE) as answer:  # noqa: S310 - our own server
            assert answer.read() == b"ok"
        return self

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.listener.join(PATIENCE)
        self.process.stdout.close()


@pytest.fixture
def cold_server():
    """A server that nobody has visited."""
    server = Server()
    try:
        yield server.wait()
    finally:
        server.stop()


@pytest.fixture(scope="session")
def server():
    """A server shared by the tests that do not mind earlier visitors."""
    running = Server()
    try:
        yield running.wait()
    finally:
        running.stop()


@pytest.fixture(scope="session")
def chromium():
    if not CHROMIUM.exists():
        pytest.fail(
            f"Chromium is missing at {CHROMIUM}: run make test, which installs it, or apt-get install chromium."
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def visitors(chromium):
    """Makes fresh visitors. The test fails when anything asked for comes from elsewhere than this machine."""
    contexts, left_the_machine = [], []

    def watch(route):
        if urlsplit(route.request.url).hostname == "localhost":
            route.continue_()
        else:
            left_the_machine.append(route.request.url)
            route.abort()

    def watch_socket(socket):
        if urlsplit(socket.url).hostname != "localhost":
            left_the_machine.append(socket.url)

    def visitor(**look):
        context = chromium.new_context(viewport={"width": 1366, "height": 768}, **look)
        context.set_default_timeout(PATIENCE * 1000)
        context.route(lambda url: not url.startswith(("data:", "blob:")), watch)
        contexts.append(context)
        opened = context.new_page()
        opened.on("websocket", watch_socket)
        return opened

    yield visitor
    for context in contexts:
        context.close()
    assert left_the_machine == []


@pytest.fixture
def page(visitors):
    """A fresh visitor."""
    return visitors()
