"""What the supervision workbook works out: tables, charts and formulas that open without a repair, and are never read back."""

import datetime
import io
import re
import zipfile
from xml.etree import ElementTree

import pytest

from alliance_core import analyse, read_workbooks
from alliance_core.reports import case_charts, worked_out
from alliance_core.reports import supervision_workbook as of
from alliance_core.reports.supervision_workbook import supervision_workbook
from alliance_core.reports.tables_out import to_csv
from alliance_core.settings import Settings, TermsSettings
from alliance_core.tables import SCORES, Ratings
from tests.measures.made import form, overall, ratings
from tests.reports.books import DAY, all_books, book, decided, marked, team

XML = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
WORKED_OUT = ["Case", "Overview", "Charts", "episodes", "sessions", "scores"]


def made(found, review=None, day=DAY):
    analysis = analyse(found) if isinstance(found, Ratings) else found
    return supervision_workbook(analysis, analysis.ratings.review if review is None else review, day)


def scores(content):
    found, problems = read_workbooks(("supervision.xlsx", content))
    return to_csv(analyse(found).scores, SCORES), problems, found


@pytest.fixture(scope="module")
def read():
    return read_workbooks(("team.xlsx", team()))[0]


@pytest.fixture(scope="module")
def content(read):
    return made(read, decided())


@pytest.fixture(scope="module")
def books():
    return all_books()


def by_header(sheet, top=3):
    """The rows below the headers, as dicts."""
    headers = [cell.value for cell in sheet[top]]
    return [
        dict(zip(headers, row, strict=True)) for row in sheet.iter_rows(min_row=top + 1, values_only=True)
    ]


# -- opens without a repair ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["supervision.xlsx", "meeting.xlsx", "template.xlsx", "sample.xlsx"])
def test_none_of_the_known_reasons_for_a_repair(books, name):
    workbook = book(books[name])
    assert all(len(title) <= 31 and not re.search(r"[\[\]:*?/\\]", title) for title in workbook.sheetnames)
    assert len({title.casefold() for title in workbook.sheetnames}) == len(workbook.sheetnames)
    tables = [(sheet, table) for sheet in workbook for table in sheet.tables.values()]
    names = [table.displayName.casefold() for _, table in tables]
    assert len(set(names)) == len(names)
    for sheet, table in tables:
        rows = list(sheet[table.ref])
        headers = [cell.value for cell in rows[0]]
        assert len(rows) >= 2
        assert headers == [column.name for column in table.tableColumns]
        assert all(isinstance(header, str) and header for header in headers)
        assert len({header.casefold() for header in headers}) == len(headers)
        assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", table.displayName)
        assert not re.fullmatch(r"[A-Za-z]{1,3}[0-9]+", table.displayName)
    for sheet in workbook:
        for rule in sheet.data_validations.dataValidation:
            assert len(rule.formula1 or "") <= 257  # two quotation marks around at most 255 characters
            assert len(rule.error or "") <= 255
            assert len(rule.promptTitle or "") <= 32


@pytest.mark.parametrize("name", ["supervision.xlsx", "meeting.xlsx", "template.xlsx", "sample.xlsx"])
def test_every_part_is_sound_and_nothing_is_newer_than_2010(books, name):
    with zipfile.ZipFile(io.BytesIO(books[name])) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    assert len({part.casefold() for part in parts}) == len(parts)
    for part, text in parts.items():
        ElementTree.fromstring(text)  # noqa: S314  # our own
        assert b"_xlfn" not in text, part
        assert b"externalLink" not in text, part
        assert b't="array"' not in text, part


def test_formulas_name_only_what_all_three_programs_know(content):
    known = {"IF", "AND", "COUNT", "AVERAGE", "SUM", "COUNTIF", "AVERAGEIF", "INDEX", "MATCH", "IFERROR", "N", "MAX", "EXACT", "SUMPRODUCT", "ISNUMBER", "NA", "VALUE", "LEFT", "FIND"}  # fmt: skip
    formulas = [
        cell.value for sheet in book(content) for row in sheet for cell in row if cell.data_type == "f"
    ]
    assert len(formulas) > 500
    assert {name for one in formulas for name in re.findall(r"([A-Z.]+)\(", one)} <= known
    assert not any("[" in one or "#" in one for one in formulas)


# -- what stands in it -----------------------------------------------------------------------------


def test_tables_have_filters_headers_in_view_and_meanings(content):
    workbook = book(content)
    for name in ("review", *WORKED_OUT[1:2], *WORKED_OUT[3:], "Ratings wai-sr", "markers", "cases"):
        sheet = workbook[name]
        (table,) = sheet.tables.values()
        assert table.autoFilter.ref == table.ref, name
        assert sheet.freeze_panes, name
        top = int(re.search(r"[0-9]+", table.ref)[0])
        assert all(cell.comment and cell.comment.text for cell in sheet[top]), name
    told = {(row[0], row[1]): row[2] for row in workbook["Columns"].iter_rows(min_row=3, values_only=True)}
    assert (
        told["sessions", "Gap overall (points)"]
        == "practitioner − client, overall, points; positive: the practitioner rates higher"
    )
    assert told["Ratings wai-sr", "Item 3"] == "answer to item 3, in response units"
    for sheet, header in told:
        assert header in {cell.value for row in workbook[sheet].iter_rows(max_row=3) for cell in row}


def test_columns_and_meanings_are_in_the_terms_in_use(read):
    settings = Settings(terms=TermsSettings(client="student", practitioner="teacher"))
    workbook = book(made(analyse(read, settings)))
    headers = [cell.value for cell in workbook["sessions"][3]]
    assert headers[1:3] == ["Teacher", "Student"]
    assert "Student overall (%)" in headers
    assert workbook["sessions"]["B3"].comment.text == "identifier of the teacher, as in the workbook"
    assert workbook["review"]["A1"].value == "Therapist"  # headers that are read stay
    names = [series.tx.v for series in workbook["Charts"]._charts[0].series]
    assert names == ["Student", "Teacher"]


def test_numbers_are_those_of_the_analysis(read, content):
    analysis = analyse(read)
    workbook = book(content, data_only=True)
    rows = by_header(workbook["sessions"])
    assert len(rows) == len(analysis.sessions)
    third = analysis.sessions.iloc[2]
    assert (rows[2]["Session"], rows[2]["State"]) == (third["session"], third["state"])
    assert rows[2]["Client overall (%)"] == pytest.approx(third["client_overall"], abs=1e-9)
    assert len(by_header(workbook["episodes"])) == len(analysis.episodes)
    assert len(by_header(workbook["scores"])) == len(analysis.scores)


def test_the_overview_counts_actions_that_are_not_done_and_those_past_their_day(content):
    workbook = book(content, data_only=True)
    first = by_header(workbook["Overview"])[0]
    assert (first["Client"], first["Actions not done"], first["Actions past their day"]) == ("C-001", 1, 1)
    assert workbook["Overview"]["I2"].value == datetime.datetime(2025, 11, 3)
    assert sum(row["Actions not done"] for row in by_header(workbook["Overview"])) == 1


def test_a_score_with_too_few_answers_is_empty_beside_its_formula():
    answers = [None, None, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5]
    one = form("P1", "C-1", 1, "client", items=answers, instrument="wai-sr")
    content = made(ratings([one]))
    row = by_header(book(content)["scores"])[0]
    assert row["Task"].startswith("=IF(COUNT(")
    known = by_header(book(content, data_only=True)["scores"])[0]
    assert (known["Goal"], known["Task"], known["Overall"], known["Items answered"]) == (
        4.75,
        None,
        None,
        10,
    )  # 2 of 4 and 10 of 12 answered


def test_what_has_a_meaning_is_marked_by_colour_beside_its_word(content):
    rules = {
        name: {
            rule.formula[0].strip('"'): rule.dxf.font.color.rgb
            for area in book(content)[name].conditional_formatting
            for rule in area.rules
        }
        for name in ("sessions", "episodes", "Case", "review")
    }
    assert {"strain", "rupture", "in episode", "repaired"} <= set(rules["sessions"])
    assert rules["sessions"]["rupture"] == "FFA3154B"
    assert {"open", "ended open", "unrepaired", "repaired", "strengthened"} == set(rules["episodes"])
    assert any("TODAY()" in formula for formula in rules["review"])


# -- charts ----------------------------------------------------------------------------------------


def chart_parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = sorted(name for name in archive.namelist() if name.startswith("xl/charts/chart"))
        return [archive.read(name).decode() for name in names], b"".join(
            archive.read(name) for name in archive.namelist() if name.startswith("xl/drawings/drawing")
        ).decode()


def test_each_case_has_a_line_chart_that_tells_the_raters_apart_and_leaves_gaps(read, content):
    charts, drawings = chart_parts(content)
    assert len(charts) == len(analyse(read).cases) + 1
    for chart in charts:
        # an error, which stands for a session without a form where a case is chosen, is a gap along a scale only
        assert ("<c:scatterChart>" if "Case!" in chart else "<c:lineChart>") in chart
        assert "#N/A" not in chart
        assert "dispBlanksAs" not in chart.replace(
            '<c:dispBlanksAs val="gap"/>', ""
        )  # which is what is usual
        assert '<c:max val="100"/><c:min val="0"/>' in chart
        assert "% of maximum" in chart
        client, practitioner = re.findall(r"<c:ser>.*?</c:ser>", chart)
        assert 'prstDash val="solid"' in client or "prstDash" not in client
        assert 'symbol val="circle"' in client
        assert 'prstDash val="dash"' in practitioner
        assert re.search(r'symbol val="square".*?srgbClr val="FFFFFF"', practitioner)
    told = re.findall(r'descr="([^"]*)"', drawings)
    assert len(told) == len(charts)
    assert any("Case 1 · C-001 · P01, sessions 1 to 9" in one for one in told)


def test_a_session_without_a_form_is_an_empty_cell_below_the_line():
    rated = [one for one in overall("C-1", [50, 60, 70, 80, 90]) if one["session"] != 3]
    workbook = book(made(ratings(rated)))
    drawn = [
        [cell.value for cell in row]
        for row in workbook["Charts"].iter_rows(min_row=4, min_col=18, max_col=21)
    ]
    assert [row for row in drawn if row[0]] == [[1, 1, 50, None], [1, 2, 60, None], [1, 3, None, None], [1, 4, 80, None], [1, 5, 90, None]]  # fmt: skip
    known = book(made(ratings(rated)), data_only=True)["Case"]
    shown = [[row[0], row[5]] for row in known.iter_rows(min_row=18, max_row=22, values_only=True)]
    assert shown == [[1, 50], [2, 60], [3, None], [4, 80], [5, 90]]


def test_too_many_cases_have_charts_where_there_is_something_to_talk_about(read, monkeypatch):
    monkeypatch.setattr(case_charts, "MOST_CHARTS", 4)
    content = made(read)
    cases = analyse(read).cases
    flagged = cases.index[cases["flags"].notna()][:4] + 1
    titles = re.findall(r"<a:t>Case ([0-9]+) ", "".join(chart_parts(content)[0]))
    assert sorted(map(int, titles)) == flagged.tolist()
    told = [row[0].value for row in book(content)["How to read this"]]
    assert any(f"{len(flagged)} of {len(cases)} cases" in one for one in told)


def test_a_long_case_shows_its_latest_sessions(monkeypatch):
    for name in ("case_charts", "case_chooser"):
        monkeypatch.setattr(f"alliance_core.reports.{name}.SHOWN", 3)
    workbook = book(made(ratings(overall("C-1", [50, 60, 70, 80, 90]))), data_only=True)
    shown = [row[0] for row in workbook["Case"].iter_rows(min_row=18, max_row=31, values_only=True)]
    assert shown[:3] == [3, 4, 5]
    assert [row[18].value for row in workbook["Charts"].iter_rows(min_row=4, max_row=6)] == [3, 4, 5]


# -- read back -------------------------------------------------------------------------------------


def test_what_is_worked_out_is_left_aside_and_a_changed_score_there_changes_nothing(read, content):
    workbook = book(content)
    for name in WORKED_OUT[1:]:
        workbook[name]["E5"] = 3
    out = io.BytesIO()
    workbook.save(out)
    again, problems, found = scores(out.getvalue())
    assert again == to_csv(analyse(read).scores, SCORES)
    layouts = found.recognised.set_index("sheet")["layout"]
    assert [name for name in layouts.index if layouts[name] == "worked out"] == WORKED_OUT
    assert set(problems["sheet"]) <= {"Ratings wai-sr", "markers"}


def test_a_changed_rating_counts(read, content):
    workbook = book(content)
    sheet = workbook["Ratings wai-sr"]
    headers = [cell.value for cell in sheet[1]]
    items = [headers.index(f"Item {number}") for number in range(1, 13)]
    for at in items:
        sheet.cell(2, at + 1).value = 1
    out = io.BytesIO()
    workbook.save(out)
    _, _, found = scores(out.getvalue())
    first = analyse(found).scores.iloc[0]
    assert first["overall"] == 1
    assert analyse(read).scores["overall"].iloc[0] != 1


def test_sorted_and_filtered_tables_are_read_as_before(read, content):
    workbook = book(content)
    sheet = workbook["Ratings wai-sr"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for at, row in enumerate(reversed(rows), 2):
        for column, value in enumerate(row, 1):
            sheet.cell(at, column).value = value
    sheet.row_dimensions[5].hidden = True
    workbook["sessions"].row_dimensions[6].hidden = True
    out = io.BytesIO()
    workbook.save(out)
    again, problems, _ = scores(out.getvalue())
    assert again == to_csv(analyse(read).scores, SCORES)
    assert not problems["severity"].eq("error").any()


def test_a_decision_that_was_written_into_the_review_sheet_is_read(content):
    workbook = book(content)
    sheet = workbook["review"]
    for column, value in enumerate(["P02", "C-004", 2, "confirmed"], 1):
        sheet.cell(4, column).value = value
    out = io.BytesIO()
    workbook.save(out)
    _, _, found = scores(out.getvalue())
    assert found.review["client"].tolist() == ["C-001", "C-001", "C-004"]


def test_a_corrected_supervision_workbook_is_read_with_the_correction(read, content):
    fixed = marked(content)
    again, _, found = scores(fixed)
    assert again == to_csv(analyse(read).scores, SCORES)
    assert len(found.review) == 2


def test_the_filled_template_gives_the_same_scores(read, books):
    assert scores(books["template.xlsx"])[0] == to_csv(analyse(read).scores, SCORES)


# -- many ------------------------------------------------------------------------------------------


def test_with_many_forms_numbers_stand_without_formulas_and_say_the_same(read, monkeypatch):
    before = made(read)
    monkeypatch.setattr(of, "FOLLOWED", 3)
    content = made(read)
    assert worked_out.FOLLOWED > 3
    workbook, followed = (book(one, data_only=True) for one in (content, before))
    assert not [cell for row in book(content)["scores"] for cell in row if cell.data_type == "f"]
    assert by_header(workbook["Overview"]) == by_header(followed["Overview"])
    plain = by_header(workbook["scores"])
    assert plain == [{name: row[name] for name in plain[0]} for row in by_header(followed["scores"])]


def test_what_there_is_no_room_for_is_left_away_and_said(read, monkeypatch):
    kept = of.kept_sheets(read, read.review).values()
    room = sum(rows[[*headers]].notna().to_numpy().sum() for rows, _, headers in kept) + of._BESIDE_TABLES
    sheets = of._worked_out(analyse(read), read.review, DAY)
    for names, lacking in (
        (["Overview", "episodes", "sessions"], "scores"),
        (["Overview", "episodes"], "scores, sessions"),
        ([], "scores, sessions, episodes, Overview"),
    ):
        cells = room + sum(sheets[name].cells for name in names)
        monkeypatch.setattr(of, "UPLOAD", of.UPLOAD._replace(cells=cells))
        workbook = book(made(read))
        there = [name for name in workbook.sheetnames if name in sheets]
        assert there == names
        assert ("Case" in workbook.sheetnames) == ("sessions" in names)
        assert ("Charts" in workbook.sheetnames) == bool(names)
        told = [row[0].value for row in workbook["How to read this"]]
        assert any(f"no room for the sheets {lacking}:" in one for one in told)
        formulas = [cell for sheet in workbook for row in sheet for cell in row if cell.data_type == "f"]
        assert bool(formulas) == bool(names)
        assert "sessions" in names or not any("sessions!" in cell.value for cell in formulas)


def test_nothing_rated_is_nothing_worked_out():
    found, _ = read_workbooks(("a.csv", b"Therapist,Client,Session,Rated by,Instrument,Goal\n"))
    assert not set(book(made(found)).sheetnames) & set(WORKED_OUT)


def test_how_far_it_is_is_told(read):
    told = []
    supervision_workbook(analyse(read), read.review, DAY, lambda share, words: told.append((share, words)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert (shares[-1], told[0][1]) == (1.0, "Writing the sheet review")
