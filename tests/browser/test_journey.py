"""From an upload to a case with an episode, in a real browser that may not leave this machine."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
TEAM = Path(__file__).parents[2] / "sample_data" / "team_long_items.xlsx"
PATIENCE = 30_000


def open_page(page, name):
    page.get_by_test_id("stTopNavLink").filter(has_text=name).click()


def heading(page, words):
    return page.get_by_role("heading", name=words)


def test_from_upload_to_a_case_with_an_episode(server, page):
    page.goto(server.address)
    page.locator("input[type=file]").set_input_files(TEAM)
    expect(page.get_by_text("24 cases of 4 practitioners")).to_be_visible(timeout=PATIENCE)

    page.get_by_text("Go to the agenda").click()
    expect(heading(page, "cases to talk about in the whole team")).to_be_visible(timeout=PATIENCE)

    # The simulation planted a rupture in this case that was repaired and that the practitioner missed.
    page.get_by_role("link", name="C-003 · P01").click()
    expect(heading(page, "C-003 · P01")).to_be_visible(timeout=PATIENCE)
    expect(page).to_have_url(re.compile(r"/case\?practitioner=P01&client=C-003$"))
    expect(page.get_by_text("The practitioner's rating did not register it.").first).to_be_visible()
    timeline = page.get_by_label("Overall ratings of client and practitioner over")
    expect(timeline.first).to_be_visible()
    expect(page.get_by_text("repaired, as far as ratings show").first).to_be_visible()

    page.get_by_role("button", name="The rule behind this").first.click()
    rule = re.compile(
        "^Own level .* An episode opens when a rating lies, by itself or together with up to 2 before it, at least 2.8"
    )
    expect(page.get_by_text(rule).first).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Escape")

    open_page(page, "How it works")
    expect(heading(page, "What this does not claim")).to_be_visible(timeout=PATIENCE)
    open_page(page, "Case")
    expect(heading(page, "C-003 · P01")).to_be_visible(timeout=PATIENCE)
    expect(page).to_have_url(re.compile(r"client=C-003"))


def test_a_deep_link_on_a_fresh_server_does_not_skip_the_door(cold_server, page):
    page.goto(f"{cold_server.address}/case?practitioner=P01&client=C-004")
    expect(page.get_by_text("No ratings have been brought in yet")).to_be_visible(timeout=PATIENCE)
    # The navigation is app.py's: a page that runs bare has none.
    expect(page.get_by_test_id("stTopNavLink").filter(has_text="Agenda")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/case\?practitioner=P01&client=C-004$"))

    open_page(page, "Bring in ratings")
    page.get_by_role("button", name="Look around with the sample team").click()
    expect(page.get_by_text("24 cases of 4 practitioners")).to_be_visible(timeout=PATIENCE)
    open_page(page, "Case")
    expect(heading(page, "C-004 · P01")).to_be_visible(timeout=PATIENCE)


@pytest.mark.parametrize("server_fixture", ["cold_server", "server"])
def test_every_page_has_an_address_that_arrives(request, page, server_fixture):
    address = request.getfixturevalue(server_fixture).address
    for name, title in (("bring_in", "Bring in ratings"), ("agenda", "Agenda"), ("", "Bring in ratings")):
        page.goto(f"{address}/{name}")
        expect(heading(page, title)).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_text("Page not found")).to_have_count(0)
        expect(page).to_have_url(re.compile(f"/{name or 'bring_in'}$"))


def test_cells_that_are_markup_fetch_nothing_and_are_shown_as_they_stand(server, page, tmp_path):
    practitioner, client = (
        "![p](http://example.invalid/p.png)",
        "<img src=http://example.invalid/c.png> :smile: **x**",
    )
    rows = [
        f'"{practitioner}","{client}",{number},Client,wai-sr,{mark},{mark},"{mark}"'
        for number, mark in enumerate(
            [4, 4, 4, 4, 4, 4, 4, 4, 2, 9, "![v](http://example.invalid/v.png)"], start=1
        )
    ]
    hostile = tmp_path / "![f](http:example.invalid).csv"
    hostile.write_text(
        "Therapist,Client,Session,Rated by,Instrument,Goal,Task,Bond\n" + "\n".join(rows), encoding="utf-8"
    )
    page.goto(server.address)
    page.locator("input[type=file]").set_input_files(hostile)
    expect(page.get_by_text("11 rows read = 9 used + 2 left out", exact=True)).to_be_visible(timeout=PATIENCE)
    open_page(page, "Agenda")
    expect(heading(page, "1 case to talk about in the whole team")).to_be_visible(timeout=PATIENCE)
    for name in ("Practitioner", "Case"):
        open_page(page, name)
        expect(heading(page, "![p]")).to_be_visible(timeout=PATIENCE)
    expect(heading(page, "<img src")).to_be_visible()
    page.get_by_test_id("stSelectbox").last.click()
    expect(page.get_by_role("option").first).to_be_visible()
    assert page.locator("img[src*=example]").count() == 0
    links = page.locator("a").evaluate_all("all => all.map(one => one.href)")
    assert links
    assert all(link.startswith(server.address) for link in links)
