"""A workbook with headers of no language: mapped, corrected, analysed, and handed back without problems."""

from contextlib import suppress

import pytest
import xlsxwriter
from playwright.sync_api import TimeoutError as TookTooLong
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PATIENCE = 60_000
TRIES = 5
HEADERS = ["zurv", "plok", "trin", "whem", *(f"g{letter}" for letter in "abcdefghijkl")]


def written(path):
    """2 practitioners, 4 clients, 6 sessions, rated by zul and mak; client C-000 falls at session 5; cell F6 is a slip."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Blad")
        sheet.write(0, 0, "Made by our own tool")
        sheet.write_row(1, 0, HEADERS)
        row = 2
        for c in range(4):
            for n in range(1, 7):
                for who in ("zul", "mak"):
                    mark = 1 if (c, n, who) == (0, 5, "zul") else 4
                    items = [mark, 5 if c else mark] + [mark] * 10
                    if row == 5:
                        items[1] = 9
                    sheet.write_row(row, 0, [f"P0{1 + c // 2}", f"C-00{c}", n, who, *items])
                    row += 1
    return path


def choose(page, label, option):
    box = page.get_by_role("combobox", name=label)
    box.click()
    box.fill(option)
    expect(page.get_by_role("option", name=option, exact=True)).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Enter")
    expect(box).to_have_value(option, timeout=PATIENCE)


def type_into_editor(page, value):
    """Types a new value for the first cell with an error. The grid is a canvas: it takes keys only once it is drawn and still."""
    editor = page.get_by_test_id("stForm").get_by_test_id("stDataFrame")
    entry = page.locator(".gdg-input")
    for _ in range(TRIES):
        editor.scroll_into_view_if_needed()
        expect(editor.locator("canvas").first).to_be_visible(timeout=PATIENCE)
        place = editor.bounding_box()
        page.mouse.click(place["x"] + 40, place["y"] + 52)
        # The cell, its column, its value, then the new value.
        for key in ("ArrowRight", "ArrowRight", "ArrowRight", "Enter"):
            page.keyboard.press(key)
        with suppress(TookTooLong):
            entry.wait_for(timeout=5_000)
            if entry.is_enabled():  # a key that the grid missed leads to a cell that cannot be changed
                break
        page.keyboard.press("Escape")
    entry.fill(value)
    page.keyboard.press("Enter")
    expect(entry).to_have_count(0, timeout=PATIENCE)


def saved(page, button, path):
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    download.value.save_as(path)
    return path


def test_unknown_headers_are_mapped_corrected_analysed_and_handed_back(server, page, tmp_path):
    page.goto(server.address)
    page.locator("input[type=file]").set_input_files(written(tmp_path / "ours.xlsx"))
    expect(page.get_by_text("3. What does each column hold?")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_label("In which row do the headers stand?")).to_have_value("2", timeout=PATIENCE)
    expect(page.get_by_text("48 rows looked at = 0 used + 48 left out")).to_be_visible(timeout=PATIENCE)

    choose(page, "Whose rating is zul?", "client")
    expect(page.get_by_text("48 rows looked at = 24 used + 24 left out")).to_be_visible(timeout=PATIENCE)
    choose(page, "Whose rating is mak?", "practitioner")
    expect(page.get_by_text("48 rows looked at = 47 used + 1 left out")).to_be_visible(timeout=PATIENCE)
    choose(page, "Instrument", "WAI-SR, 12 items, 1–5")
    page.get_by_role("button", name="Read with this mapping").click()
    expect(page.get_by_text("48 rows read = 47 used + 1 left out")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Client item 2 is 9; wai-sr goes from 1 to 5.").or_(
        page.get_by_text("Practitioner item 2 is 9; wai-sr goes from 1 to 5.")).first).to_be_visible(timeout=PATIENCE)  # fmt: skip

    type_into_editor(page, "4")
    again = page.get_by_role("button", name="Read again with these corrections")
    corrected_sum = page.get_by_text("48 rows read = 48 used + 0 left out")
    nothing_yet = page.get_by_text("Nothing was entered.")
    for _ in range(TRIES):
        # The editor hands over what was typed a moment later, so the form may have asked too early, and its answer is still there when
        # the next one comes; once the corrections are read, the button is gone.
        with suppress(TookTooLong):
            again.click(timeout=5_000)
        expect(corrected_sum.or_(nothing_yet).first).to_be_visible(timeout=PATIENCE)
        if corrected_sum.is_visible():
            break
    expect(corrected_sum).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("No problems found.")).to_be_visible(timeout=PATIENCE)

    corrected = saved(page, "Download the corrected ours.xlsx", tmp_path / "corrected.xlsx")
    page.get_by_role("button", name="Import profile").click()
    profile = saved(page, "Download the profile (TOML)", tmp_path / "profile.toml")
    assert 'plok = "client"' in profile.read_text(encoding="utf-8")
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Clear my data").click()
    expect(page.get_by_text("Nothing has been brought in yet")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Import profile").click()
    page.locator("input[type=file]").last.set_input_files(profile)
    expect(page.get_by_text("Holds 1 confirmed mapping")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Escape")
    page.locator("input[type=file]").first.set_input_files(corrected)
    expect(page.get_by_text("48 rows read = 48 used + 0 left out")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("No problems found.")).to_be_visible(timeout=PATIENCE)

    page.get_by_text("Go to the agenda").click()
    page.get_by_role("link", name="C-000 · P01").first.click()
    expect(page.get_by_role("heading", name="C-000 · P01")).to_be_visible(timeout=PATIENCE)
