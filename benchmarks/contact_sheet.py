"""Pictures of every page in every state, on sheets to look at: python benchmarks/contact_sheet.py (or make contact-sheet).

States: nothing brought in, one session, one rater, 6, 300 and 5,000 cases; light and dark; a phone, 1366 × 768 and a projector. Each
sheet shows all pages of one state, scheme and width; the pictures themselves lie beside it in full size. --only takes words that a
sheet's name must hold ("dark", "phone", "one-rater"). Needs Chromium and the app; nothing leaves the machine.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

HOME = Path(__file__).parent.parent
sys.path.insert(0, str(HOME))

import pandas as pd  # noqa: E402
from PIL import Image, ImageDraw  # noqa: E402
from playwright.sync_api import Page, expect, sync_playwright  # noqa: E402

from alliance_core.sample import Design, simulate, write_sample  # noqa: E402
from pages.parts.shell import PAGES  # noqa: E402
from tests.browser.steps import settled  # noqa: E402

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = ("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu")  # fmt: skip
SCHEMES = ("light", "dark")
WIDTHS = {"phone": (390, 844), "laptop": (1366, 768), "projector": (1920, 1080)}
PATIENCE = 120_000
TALLEST = 6000  # pixels of one picture
THUMB, GAP, HEAD, A_LINE = 420, 16, 28, 5  # pixels on a sheet, and pages in a line of it


RATERS = ("client", "practitioner")


class State(NamedTuple):
    """What was brought in: a simulated service, both raters or the client alone; no design: nothing."""

    design: Design | None = None
    raters: tuple[str, ...] = RATERS


STATES = {
    "empty": State(),
    "one-session": State(Design(1, 1, 1)),
    "one-rater": State(Design(1, 6, 12), ("client",)),
    "6-cases": State(Design(2, 3, 12)),
    "300-cases": State(Design(10, 30, 15)),
    "5000-cases": State(Design(100, 50, 20)),
}


def workbook(state: State, folder: Path) -> Path | None:
    """The state's ratings as a file."""
    if state.design is None:
        return None
    made = simulate(state.design, seed=5)
    if len(state.raters) == len(RATERS):
        write_sample(made, path := folder / "ratings.xlsx", "long-scores")
    else:
        write_sample(made, path := folder / "ratings.csv", "long-scores")
        every = pd.read_csv(path)
        every[every["Rated by"].str.lower().isin(state.raters)].to_csv(path, index=False)
    return path


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The address of the app, started for this."""
    with socket.socket() as one:
        one.bind(("localhost", 0))
        port = one.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.headless", "true"]  # fmt: skip
    process = subprocess.Popen(  # noqa: S603 - our own app
        command, cwd=HOME, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        for line in process.stdout or ():
            if str(port) in line:
                break
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait()


def go(page: Page, path: str) -> None:
    """Another page of the same sitting, by its address."""
    page.evaluate(
        "path => { history.pushState({}, '', path); window.dispatchEvent(new PopStateEvent('popstate')) }",
        f"/{path}",
    )
    expect(page).to_have_url(re.compile(f"/{path}(\\?|$)"), timeout=PATIENCE)
    page.wait_for_timeout(500)  # until the script of that page has begun
    settled(page)


def whole(page: Page, width: int, height: int, path: Path) -> None:
    """A picture of all of the page, however long."""
    tall = page.evaluate(
        "Math.max(...[...document.querySelectorAll('[data-testid=stMain] > *')].map(one => one.scrollHeight)) + 90"
    )
    page.set_viewport_size({"width": width, "height": int(min(max(tall, height), TALLEST))})
    page.wait_for_timeout(500)  # until charts have their new width
    settled(page)
    page.screenshot(path=path)
    page.set_viewport_size({"width": width, "height": height})


def pictures(
    browser: Any, address: str, file: Path | None, scheme: str, width: str, folder: Path
) -> dict[str, Path]:
    """One picture of each page."""
    wide, high = WIDTHS[width]
    context = browser.new_context(viewport={"width": wide, "height": high}, color_scheme=scheme)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE)
    if file is not None:
        page.locator("input[type=file]").set_input_files(file)
        expect(page.get_by_text("rows read =").first).to_be_visible(timeout=PATIENCE)
    made = {}
    for entry in PAGES:
        name = Path(entry.file).stem
        go(page, name)
        made[entry.title] = folder / f"{name}.png"
        whole(page, wide, high, made[entry.title])
        if page.get_by_test_id("stException").count():
            print(f"An error stands on {made[entry.title]}", file=sys.stderr, flush=True)
    context.close()
    return made


def sheet(made: dict[str, Path], path: Path) -> None:
    """All pictures beside each other, small, with their pages' names."""
    small = {}
    for title, one in made.items():
        with Image.open(one) as picture:
            small[title] = picture.convert("RGB").resize(
                (THUMB, max(1, picture.height * THUMB // picture.width))
            )
    lines = [list(small.items())[start : start + A_LINE] for start in range(0, len(small), A_LINE)]
    heights = [GAP + HEAD + max(one.height for _, one in line) for line in lines]
    drawn = Image.new("RGB", (GAP + A_LINE * (THUMB + GAP), sum(heights) + GAP), "#808080")
    for number, line in enumerate(lines):
        top = GAP + sum(heights[:number])
        for place, (title, one) in enumerate(line):
            left = GAP + place * (THUMB + GAP)
            ImageDraw.Draw(drawn).text((left, top), title, fill="#FFFFFF", font_size=18)
            drawn.paste(one, (left, top + HEAD))
    drawn.save(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=HOME / "out" / "contact-sheet")
    parser.add_argument(
        "--only", nargs="*", default=[], metavar="WORD", help="words that a sheet's name must hold"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        for state, what in STATES.items():
            wanted = [
                (scheme, width, name)
                for scheme in SCHEMES
                for width in WIDTHS
                if all(word in (name := f"{state} {scheme} {width}").split() for word in asked.only)
            ]
            file = workbook(what, Path(folder)) if wanted else None
            for scheme, width, name in wanted:
                place = asked.out / name.replace(" ", "-")
                place.mkdir(parents=True, exist_ok=True)
                sheet(pictures(browser, address, file, scheme, width, place), place.with_suffix(".png"))
                print(place.with_suffix(".png"), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
