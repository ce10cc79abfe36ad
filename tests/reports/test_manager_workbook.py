"""The manager workbook and its paper: what is in them comes from the figures, charts follow cells, words stand where nothing is shown, and names stay text."""

import html
import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import openpyxl
import pypdf
import pytest

from alliance_core.analysis import analyse
from alliance_core.manager import manager_rows, service_figures, words
from alliance_core.reading import read_workbooks
from alliance_core.reading.one_sheet import SUMMARY_TITLE
from alliance_core.reports.manager_paper import manager_html, manager_pdf
from alliance_core.reports.manager_workbook import file_name, manager_workbook
from alliance_core.reports.tables_out import to_csv
from alliance_core.tables import MANAGER, InputFile
from alliance_core.terms import Terms
from tests.manager.made_service import BACK, DAY, FALL, FLAT, service, usual
from tests.office import resaved
from tests.reports.books import book, differences

HOSTILE = (
    "=1+1",
    "@SUM(A1)",
    "https://a.b/c",
    "![x](http://a.b)",
    "*#<b>\u202e\ufffe",
    "[North]:*?/\\",
    "South" * 20,
)


@pytest.fixture(scope="module")
def analysis():
    return replace_inputs(usual())


def replace_inputs(analysis):
    return replace(
        analysis, ratings=replace(analysis.ratings, inputs=(InputFile("P01 Jane.xlsx", "ab" * 32),))
    )


def made(analysis, day=DAY, **more):
    return manager_workbook(service_figures(analysis, day), analysis, day, **more)


@pytest.fixture(scope="module")
def content(analysis):
    return made(analysis)


def cells(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def texts(content):
    return [
        str(value) for sheet in book(content) for row in cells(sheet) for value in row if value is not None
    ]


def test_sheets_tables_and_charts(content):
    workbook = book(content)
    assert workbook.sheetnames == ["Summary", "Over time", "Approaches", "Teams", "Method"]
    tables = {
        table.displayName: (sheet.title, table) for sheet in workbook for table in sheet.tables.values()
    }
    assert list(tables) == ["Figures", "Spread", "OverTime", "Approaches1", "Approaches2", "Approaches3", "Teams1", "Teams2", "Teams3", "Settings"]  # fmt: skip
    for name, (title, table) in tables.items():
        rows = list(workbook[title][table.ref])
        headers = [cell.value for cell in rows[0]]
        assert headers == [column.name for column in table.tableColumns], name
        assert len(set(headers)) == len(headers)
    assert {sheet.title: len(sheet._charts) for sheet in workbook} == {"Summary": 2, "Over time": 5, "Approaches": 2, "Teams": 2, "Method": 0}  # fmt: skip
    assert workbook["Approaches"].freeze_panes
    assert workbook["Summary"]["A1"].value == SUMMARY_TITLE
    assert workbook["Summary"]["A2"].value.startswith(
        "48 of 48 clients rated, in 100 % of the sessions known; 24 of the 48"
    )


def test_charts_have_titles_axes_with_units_and_a_text_for_those_who_do_not_see_them(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        charts = [
            archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")
        ]
        drawings = "".join(
            archive.read(name).decode()
            for name in archive.namelist()
            if name.startswith("xl/drawings/drawing")
        )
    assert len(charts) == 11
    for chart in charts:
        told = re.findall(r"<a:t>([^<]+)</a:t>", chart)
        assert len(told) == 2, told  # the title, and the axis
        assert re.search(r"%|points|sessions", told[1]), told
        assert "<c:f>" in chart
    assert drawings.count("descr=") == 11
    assert "The numbers are in the table of this sheet." in drawings


def test_numbers_are_those_of_the_figures(analysis, content):
    found = service_figures(analysis, DAY)
    sheet = cells(book(content)["Summary"])
    told = {row[0]: row for row in sheet if row[0]}
    assert told["Clients with a possible rupture"][1:7] == [24, 48, 50, 36, 64, "%"]
    assert told["Clients' latest overall rating"][1:6] == [48, 64, 72, 74, "% of maximum"]
    assert told["Clients' mean gap, practitioner − client"][2:5] == ["too few on either side", 0, "too few on either side"]  # fmt: skip
    every = manager_rows(found)
    numbers = {
        round(float(n), 1) for name in ("value", "low", "high", "count", "of") for n in every[name].dropna()
    }
    whole = service_figures(analysis, DAY).groups.groups
    numbers |= {round(float(n), 1) for name in whole.select_dtypes("number") for n in (whole[name].dropna(), 100 * whole[name].dropna()) for n in n}  # fmt: skip
    for name in ("Summary", "Over time", "Approaches", "Teams"):
        for row in cells(book(content)[name]):
            for value in row:
                assert not isinstance(value, int | float) or round(float(value), 1) in numbers, (name, row)


def test_facts_are_numbers_and_settings_have_their_digits(content):
    told = {row[0]: row[1] for row in cells(book(content)["Summary"]) if row[0]}
    assert [told[name] for name in ("Teams", "Practitioners", "Sessions")] == [2, 3, 288]
    method = "\n".join(str(value) for row in cells(book(content)["Method"]) for value in row)
    assert "e+0" not in method
    assert "pct" not in method


def test_nothing_but_the_method_says_how(content):
    method = {row[0]: row[1] for row in cells(book(content)["Method"]) if row[0]}
    assert method["Made on"] == "31 Mar 2026"
    assert method["Files, by SHA-256"] == "ab" * 32
    assert method["Rule that finds possible ruptures"].startswith("baseline. An episode opens when")
    assert "σ = 10.0 points, assumed" in method["What ratings vary by"]
    assert "suppression.min_clients" in method
    said = "\n".join(texts(content))
    for line in (*words.not_concluded(), *words.how_it_is_guarded(service_figures(usual(), DAY))):
        assert line in said
    assert "Jane" not in said
    assert not re.search(r"\bC-\d|\bP\d", said)


def test_what_is_counted_with_others_is_a_word_in_its_cell():
    some = service(("North", "ACT", 14, FALL, 1), ("South", "ACT", 6, FALL, 1), ("West", "ACT", 14, FLAT, 1))
    teams = cells(book(made(some))["Teams"])
    south = [row for row in teams if row[0] == "South"]
    assert len(south) == 3
    for row, width in zip(south, (11, 14, 10), strict=True):
        assert set(row[1:width]) == {"counted with others"}
    assert ["2 others together", 20] in [row[:2] for row in teams]


def test_means_that_are_one_number_in_all_groups_say_so_in_workbook_and_paper():
    alike = service(("North", "ACT", 14, FLAT, 1), ("South", "CBT", 14, FLAT, 1))
    apart = service(("North", "ACT", 14, FLAT, 1), ("South", "CBT", 14, [20, 22, 20, 22, 20, 22], 1))
    drawn = "Clients' mean ratings are drawn towards that of all."
    same = "No detectable difference (overall): all are given the mean of all."
    for analysis in (alike, apart):
        found = service_figures(analysis, DAY)
        pdf = pypdf.PdfReader(io.BytesIO(manager_pdf(found, analysis, DAY)))
        paper = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
        web = html.unescape(manager_html(found, analysis, DAY).decode())
        for told in (
            paper.replace("’", "'"),
            web.replace("’", "'"),
            cells(book(made(analysis))["Teams"])[2][0],
        ):
            assert drawn in told
            assert (same in told) == (analysis is alike)


def test_a_series_is_drawn_where_all_its_cells_are_numbers(analysis):
    early = book(made(analysis, date(2025, 7, 20)))  # the gap is told through March, all else through June
    column = [row[8] for row in cells(early["Over time"])[5:7]]
    assert [value if isinstance(value, str) else "number" for value in column] == [
        "number",
        "told with a later line",
    ]
    assert len(early["Over time"]._charts) == 5


@pytest.mark.parametrize("state", ["too few", "waiting", "undated"])
def test_states(state):
    if state == "too few":
        analysis, day, said = service(("N", "A", 5, FLAT, 1)), DAY, "Too few for a summary"
    elif state == "waiting":
        analysis, day, said = service(("N", "A", 20, FLAT, 1)), date(2025, 1, 20), "Nothing is told yet"
    else:
        some = usual()
        forms = some.ratings.forms.assign(
            date=some.ratings.forms["date"].mask(some.ratings.forms["client"].notna())
        )
        analysis, day, said = (
            analyse(replace(some.ratings, forms=forms), some.settings),
            DAY,
            "48 of 48 clients rated",
        )
    workbook = book(made(analysis, day))
    assert workbook["Summary"]["A2"].value.startswith(said)
    assert workbook.sheetnames == (["Summary", "Over time", "Approaches", "Teams", "Method"] if state == "undated" else ["Summary", "Method"])  # fmt: skip
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(manager_pdf(service_figures(analysis, day), analysis, day))).pages)  # fmt: skip
    assert said in " ".join(text.split())


def test_the_same_input_and_day_give_the_same_bytes(analysis, content):
    again = analyse(analysis.ratings, analysis.settings)
    assert made(again) == content
    found = service_figures(again, DAY)
    assert manager_pdf(found, again, DAY) == manager_pdf(service_figures(analysis, DAY), analysis, DAY)


def test_names_of_teams_and_approaches_are_text_in_every_format():
    groups = [(name, HOSTILE[-1 - n], 12, (FALL, BACK)[n % 2], 1) for n, name in enumerate(HOSTILE)]
    analysis = service(*groups)
    found = service_figures(analysis, DAY)
    content = made(analysis)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            ElementTree.fromstring(part)  # noqa: S314  # our own
            assert b"<f>" not in part.replace(b"<c:f>", b"")
            assert b"<hyperlink" not in part
    names = {row[0] for row in cells(book(content)["Teams"])}
    assert {"=1+1", "@SUM(A1)", "https://a.b/c", "![x](http://a.b)", "[North]:*?/\\"} <= names
    text = to_csv(manager_rows(found), MANAGER)
    assert "\nteam,'=1+1,Cases," in text
    assert "\nteam,'@SUM(A1),Cases," in text
    paper = pypdf.PdfReader(io.BytesIO(manager_pdf(found, analysis, DAY)))
    assert not any(
        "/A" in (note.get_object() or {}) for page in paper.pages for note in page.get("/Annots") or []
    )
    assert len(paper.pages) == 2
    printed = "".join(page.extract_text() for page in paper.pages).replace("\n", "").replace(" ", "")
    assert "=1+1" in printed
    assert "![x](http://a.b)" in printed


def test_two_pages_whatever_there_is():
    many = service(*[(f"Team {n:02}", f"Approach {n:02}", 12, FALL, 1) for n in range(12)])
    for analysis in (usual(), many):
        found = service_figures(analysis, DAY)
        for paper in ("A4", "Letter"):
            own = replace(found, settings=found.settings.model_copy(update={"display": found.settings.display.model_copy(update={"paper": paper})}))  # fmt: skip
            pages = pypdf.PdfReader(io.BytesIO(manager_pdf(own, analysis, DAY))).pages
            assert len(pages) == 2
    assert "7 more are in the workbook." in " ".join(pages[1].extract_text().split())


def test_in_the_words_in_use(analysis):
    pair = Terms("student", "teacher")
    own = "\n".join(texts(made(analysis, terms=pair)))
    assert "Sessions with a form of the student" in own
    method = own.index("Made on")
    assert not re.search(r"\b(clients?|practitioners?)\b", own[:method], re.IGNORECASE)


def test_libreoffice_keeps_tables_charts_and_values(content):
    after = resaved({"manager.xlsx": content})["manager.xlsx"]
    assert differences(content, after) == []


def test_a_name_says_the_last_month():
    assert file_name(date(2024, 6, 30)) == "manager-2024-06.xlsx"
    assert file_name(None) == "manager.xlsx"


def test_among_ratings_it_is_left_aside_without_a_question(content):
    ratings, problems = read_workbooks([("manager-summary.xlsx", content)])
    assert ratings.forms.empty
    assert not ratings.questions
    assert problems.empty


def test_every_axis_of_values_shows_zero(content):
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    axes = [chart.y_axis.scaling for sheet in workbook for chart in sheet._charts]
    assert axes
    for scaling in axes:
        assert scaling.min == 0 or scaling.max == 0 or (scaling.min is None and scaling.max is None)
    assert any(scaling.min == 0 and scaling.max is None for scaling in axes)


def test_figures_with_an_interval_are_marks_and_both_ends_from_cells_and_no_bars(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        charts = [
            archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")
        ]
    with_interval = [chart for chart in charts if "95 % interval" in chart]
    assert (
        len(with_interval) == 5
    )  # what followed; overall rating and gap or falls of approaches and of teams
    for chart in with_interval:
        assert "<c:hiLowLines>" in chart
        assert "<c:barChart>" not in chart
        assert re.findall(r'<c:symbol val="(\w+)"/>', chart) == ["dash", "circle", "dash"]
        assert len(re.findall(r"<c:val><c:numRef><c:f>", chart)) == 3
    assert not any("errBars" in chart for chart in charts)
