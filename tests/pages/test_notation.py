"""Numbers and days as a team writes them: chosen once, and on every page, in every sentence, table and chart at once."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from alliance_core.notation import DATES, NUMBERS, Notation, written
from alliance_core.sample import Design, simulate, write_sample
from alliance_core.settings_file import adopted, to_toml
from pages.parts.in_use import ON_PAGES
from pages.parts.shell import PAGES
from tests.pages.seen import cells, written_in

GERMAN = '[display]\nnumbers = "1.234,5"\ndates = "D.M.YYYY"\n'
# Decimals and thousands with English signs; not days, chapters, versions, names of files.
ENGLISH = re.compile(r"(?<![\w.,/])(?:\d{1,3}(?:,\d{3})+|\d*\.(?!\d{3}(?!\d))\d+)(?![\w/]|[.,]\d)")
MONTH = re.compile(r"\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}")


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    """Ten practitioners with twelve cases each: above a thousand forms, with tasks, goals and markers."""
    path = tmp_path_factory.mktemp("sample") / "team.xlsx"
    write_sample(simulate(Design(practitioners=10, cases=8, sessions=12), 5), path, "long-scores")
    return path.read_bytes()


# How days may be written in a workbook, and the choice itself.
TYPED = {"day first (25.3., 25/3)", "3 Feb 2026", *NUMBERS}


def use(app, settings):
    app.open("settings")
    place = next(one for one in app.at.file_uploader if one.label == "Use settings that you kept")
    place.set_value([("mine.toml", settings.encode(), "application/toml")])
    return app.run()


def bring(app, content):
    app.open("bring_in")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    app.at.file_uploader[0].set_value([("team.xlsx", content, kind)])
    return app.run()


def left(app, pattern):
    every = {text.replace("\\", "").replace("\u2060", "") for text in written_in(app.at.main)} - TYPED
    return {text for text in every if pattern.search(text)}


def every_state(app):
    """Every page, and the parts of pages that are shown one at a time."""
    for entry in PAGES:
        yield entry.title, app.open(Path(entry.file).stem)
    for part in ("In pictures", "Ways to respond", "Practise"):
        app.at.session_state["part of learn"] = part
        yield part, app.open("learn")
    for case in range(1, 9):
        yield f"case {case}", app.open("case", practitioner="P01", client=f"C-{case:03}")
    app.open("practitioner").at.segmented_control(key="way to show cases").set_value("Strip of sessions")
    yield "strip", app.run()


def test_all_pages_write_numbers_and_days_as_the_settings_say(app, team):
    bring(app, team)
    assert left(app, ENGLISH)  # so that this can fail
    use(app, GERMAN)
    for where, page in every_state(app):
        assert left(page, ENGLISH) == set(), where
        assert left(page, MONTH) == set(), where
    assert "1.763 forms from team.xlsx" in app.open("bring_in").words


@pytest.mark.parametrize("numbers", NUMBERS)
def test_tables_write_their_numbers_so_and_keep_them_as_numbers(app, team, numbers):
    bring(app, team)
    use(app, f'[display]\nnumbers = "{numbers}"\n')
    app.open("how_it_works")
    table = next(one for one in app.at.dataframe if "threshold" in one.value.columns)
    assert table.value["false alarms per 100 sessions"].dtype == float
    shown = [cell for cell in cells(table) if re.fullmatch(r"\d[.,]\d\d", cell)]
    assert shown
    assert all(cell[1] == numbers[-2] for cell in shown)


@pytest.mark.parametrize(
    ("dates", "day"),
    list(zip(DATES, ["3 Feb 2025", "3.2.2025", "03/02/2025", "02/03/2025", "2025-02-03"], strict=True)),
)
def test_days_are_written_so_in_words_and_tables(app, made, dates, day):
    csv, rows_of = made
    app.bring(("team.csv", csv(rows_of("P1", "C-1", "Client", [4] * 6, start=28))))
    use(app, f'[display]\ndates = "{dates}"\n')
    app.open("case")
    table = next(one for one in app.at.dataframe if "date" in one.value.columns)
    assert day in set(cells(table))
    days = {
        cell for chart in app.charts for frame in app.drawn(chart) if "day" in frame for cell in frame["day"]
    }
    assert day in days


def test_charts_are_told_how_numbers_are_written(loaded):
    use(loaded, GERMAN)
    for page in ("case", "practitioner", "what_if"):
        charts = loaded.open(page).charts
        assert charts
        for chart in charts:
            told = json.loads(chart.proto.spec)["config"]["locale"]["number"]
            assert (told["decimal"], told["thousands"]) == (",", ".")


def test_a_field_for_a_day_asks_for_it_in_the_same_order(loaded):
    use(loaded, '[display]\ndates = "MM/DD/YYYY"\n')
    loaded.open("case", practitioner="P1", client="C-1")
    assert {one.proto.format for one in loaded.at.date_input} == {"MM/DD/YYYY"}


def test_numbers_of_a_file_stay_as_programs_read_them():
    """The notes of changes are the same whoever makes them."""
    with written(Notation("1.234,5")):
        after = adopted(ON_PAGES, {"last_three.z_open": 2.25}, "less often", date(2026, 3, 31))
    assert after.changes[0].after == "2.25"
    assert "z_open = 2.25" in to_toml(after)
