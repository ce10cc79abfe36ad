"""Text of users is text in every file that is written: no formula, no link, no part of another file, whatever it begins with; numbers stay numbers."""

import csv
import io
import re
import zipfile
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest

from alliance_core import analyse, read_workbooks
from alliance_core.reading.sheets import read_sheets
from alliance_core.reading.values_copy import names_for, values_copy
from alliance_core.reports.meeting_workbook import meeting_workbook
from alliance_core.reports.sheets_out import LONGEST, as_name
from alliance_core.reports.supervision_workbook import only_decisions, supervision_workbook
from alliance_core.reports.tables_out import to_csv
from alliance_core.settings import Settings, TermsSettings
from alliance_core.tables import OUTPUTS, PROBLEMS, REVIEW, shaped
from alliance_core.template import known_cases, write_template
from tests.measures.made import goal, marker, overall, ratings, task
from tests.reports.books import DAY, book, marked, record

LINK = '=HYPERLINK("http://example.invalid","click")'
HOSTILE = [
    LINK, "+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "-2+3", "＝1+1", "{=1+1}", "\t=1+1", "\r\n=1+1", " =1+1",
    "http://example.invalid/x", "https://example.invalid/?q=1&b=2", "mailto:a@example.invalid", "ftp://example.invalid", "external:c.xlsx", "internal:review!A1",
    "file:///c:/x", "//example.invalid/share", "a\r\nb", "a\x00b", "a\x07\x1bb", "\u202egnp.exe\u202c", "'=1+1", "A1", "$B$3", "R1C1", "review!A1", "true", "FALSE",
    "1e5", "007", "#N/A", "#REF!", "_xlfn.SUM", "{row}", "{{x}}", "%s", "&A&P", "]]>&<b>", '"quoted"', "a,b;c", "*", "?", "~", ">5", "=", "\ufffe\uffff", "👩‍⚕️" * 3, "x" * (LONGEST + 5),
]  # fmt: skip
OURS = {"Case", "Overview", "episodes", "sessions", "scores"}
KNOWN = re.compile(r"=(?:IF|AVERAGE|AVERAGEIF|COUNT|COUNTIF|INDEX|MATCH|SUMPRODUCT|MAX|N|[A-Z]{1,3}[0-9]+-)")
# What no workbook can hold is replaced or cut, and nothing else.
_EXPECTED = {"\ufffe\uffff": "\ufffd\ufffd", "x" * (LONGEST + 5): "x" * LONGEST}


def as_text(cell):
    """A cell's text; control characters are written as _xHHHH_ in a workbook, and openpyxl leaves them so."""
    found = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), str(cell))
    return found.replace("\r\n", "\n").replace("\r", "\n")


def expected(text):
    """The same text as a workbook has it; lines end in one way."""
    return _EXPECTED.get(text, text).replace("\r\n", "\n").replace("\r", "\n")


def texts(workbook):
    return {
        as_text(cell.value)
        for sheet in workbook
        for row in sheet
        for cell in row
        if isinstance(cell.value, str)
    }


def hostile_ratings():
    """A case for each such text, by that name and with that practitioner, and the same text wherever somebody can write."""
    forms, notes, markers, tasks, goals = [], [], [], [], []
    for text in HOSTILE:
        forms += overall(text, [70, 80, 40], practitioner=text)
        notes.append({"practitioner": text, "client": text, "team": text, "approach": text})
        markers.append(
            marker(text, text, 2, "withdrawal", 3) | {"marker": text, "note": text, "noted_by": text}
        )
        tasks.append(task(text, 1, text, text))
        goals.append(goal(text, 1, text, text, practitioner=text))
    return ratings(forms, markers, notes, tasks, goals)


def hostile_reviews():
    rows = [
        {"practitioner": text, "client": text, "session": 3, "action": text, "owner": text, "note": text, "decision": "watch", "decided_on": DAY}
        for text in HOSTILE
    ]  # fmt: skip
    return shaped(pd.DataFrame(rows), REVIEW)


@pytest.fixture(scope="module")
def hostile():
    return hostile_ratings()


@pytest.fixture(scope="module")
def reviews():
    return hostile_reviews()


@pytest.fixture(scope="module")
def files(hostile, reviews, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    write_template(folder / "template.xlsx", cases=known_cases(hostile))
    sheets = read_sheets("x.csv", b"a,b\n=1+1,http://example.invalid\n", "text")
    return {
        "supervision": supervision_workbook(analyse(hostile), reviews, DAY),
        "decisions": only_decisions(reviews),
        "meeting": meeting_workbook(record(LINK)),
        "template": (folder / "template.xlsx").read_bytes(),
        "values": values_copy(sheets),
        "marked": marked(values_copy(sheets), "A2", LINK),
    }


NAMES = ["supervision", "decisions", "meeting", "template", "values", "marked"]


@pytest.mark.parametrize("name", NAMES)
def test_no_formula_but_ours_no_link_and_no_part_of_another_file(files, name):
    for sheet in book(files[name]):
        for row in sheet:
            for cell in row:
                assert cell.hyperlink is None
                if cell.data_type == "f":
                    assert name == "supervision"
                    assert sheet.title in OURS
                    assert KNOWN.match(cell.value), cell.value
                    assert not any(
                        text in cell.value for text in ("HYPERLINK", "cmd", "example.invalid", "1+1")
                    )
    with zipfile.ZipFile(io.BytesIO(files[name])) as archive:
        for part in archive.namelist():
            text = archive.read(part)
            ElementTree.fromstring(text)  # noqa: S314  # our own
            assert not re.search(
                r"externallink|querytable|connections|activex|oleobject|vbaproject", part.lower()
            )
            if part.endswith(".rels"):
                assert b'TargetMode="External"' not in text
                assert b"hyperlink" not in text


def test_every_text_is_in_the_workbook_as_it_was_written(files):
    workbook = book(files["supervision"])
    for name, columns in (
        ("review", (0, 1, 4, 5, 8)),
        ("cases", (0, 1, 2, 3)),
        ("markers", (0, 1, 4, 7, 8)),
        ("tasks", (0, 3)),
        ("goals", (3, 4)),
    ):
        rows = list(workbook[name].iter_rows(min_row=2, values_only=True))
        for column in columns:
            assert {as_text(row[column]) for row in rows} == set(map(expected, HOSTILE)), (name, column)
    assert {as_text(row[0]) for row in workbook["scores"].iter_rows(min_row=4, values_only=True)} == set(
        map(expected, HOSTILE)
    )
    assert {
        as_text(row[1]) for row in workbook["Ratings total"].iter_rows(min_row=2, values_only=True)
    } == set(map(expected, HOSTILE))


def test_what_was_cut_is_said(files):
    told = [row[0].value for row in book(files["supervision"])["How to read this"]]
    assert any("longer than a cell may be (32,767 characters)" in one for one in told)


def test_numbers_stay_numbers(files):
    workbook = book(files["supervision"], data_only=True)
    marks = [row[-1] for row in workbook["Ratings total"].iter_rows(min_row=2, values_only=True)]
    assert set(marks) == {70, 80, 40}
    assert all(
        isinstance(row[9], int | float) for row in workbook["scores"].iter_rows(min_row=4, values_only=True)
    )


def test_names_of_charts_and_the_drop_down_hold_nothing_unseen(files):
    with zipfile.ZipFile(io.BytesIO(files["supervision"])) as archive:
        charts = [
            archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")
        ]
    titles = [found[1] for chart in charts if (found := re.search(r"<a:t>(Case [^<]*)</a:t>", chart))]
    assert len(titles) == len(HOSTILE)
    assert not any(re.search(r"[\x00-\x1f\u202a-\u202e\u2066-\u2069]", title) for title in titles)
    assert not any("<c:strRef><c:f>=" in chart or "HYPERLINK" in formula for chart in charts for formula in re.findall(r"<c:f>([^<]*)</c:f>", chart))  # fmt: skip
    labels = [row[1] for row in book(files["supervision"])["Overview"].iter_rows(min_row=4, values_only=True)]
    assert all(re.match(r"[0-9]+ · ", label) for label in labels)


def test_words_for_the_pair_are_text_in_headers_comments_and_charts(hostile):
    words = Settings(terms=TermsSettings(client="=client&<b>", practitioner="@teacher"))
    content = supervision_workbook(analyse(hostile, words), hostile.review, DAY)
    workbook = book(content)
    assert "@teacher overall (%)" in [str(cell.value).casefold() for cell in workbook["sessions"][3]]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.namelist():
            ElementTree.fromstring(archive.read(part))  # noqa: S314  # our own
    series = workbook["Charts"]._charts[0].series
    assert [one.tx.strRef or one.tx.v for one in series] == ["=client&<b>", "@teacher"]


def test_it_is_read_back_as_the_same_ids_and_numbers(files, hostile):
    found, problems = read_workbooks(("supervision.xlsx", files["supervision"]))
    assert set(found.forms["client"].unique()) >= {
        LINK,
        "＝1+1",
        "A1",
        "true",
        "007",
        "'=1+1",
        ">5",
        "{row}",
    }
    assert found.forms["overall"].dropna().isin([70, 80, 40]).all()
    assert not {"Case", "Overview", "scores", "sessions", "episodes", "Charts"} & set(
        problems["sheet"].dropna()
    )


def test_lists_of_the_template_are_left_away_where_an_id_cannot_stand_in_one(tmp_path):
    cases = pd.DataFrame({"practitioner": ['P"1', "P2"], "client": ["C1", "=1+1"]})
    write_template(tmp_path / "t.xlsx", "wai-sr", cases=cases)
    rules = [
        rule.formula1
        for rule in openpyxl.load_workbook(tmp_path / "t.xlsx")["Ratings"].data_validations.dataValidation
    ]
    assert not any("P2" in rule for rule in rules)
    assert "cases!$B$2:$B$3" in rules


@pytest.mark.parametrize("table", [*OUTPUTS[:4], REVIEW], ids=lambda table: table.name)
def test_csv_files_hold_text_that_no_spreadsheet_runs(hostile, reviews, table):
    frame = reviews if table is REVIEW else getattr(analyse(hostile), table.name)
    for row in csv.DictReader(io.StringIO(to_csv(frame, table).replace("\x00", ""))):
        for column in table.columns:
            value = row[column.name]
            if column.kind == "text":
                assert not value.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
                assert not value.startswith(("\t", "\r", "\n"))
            elif value and column.kind in ("number", "whole"):
                float(value)


def test_names_of_sheets_are_such_as_a_workbook_may_have():
    made = [
        read_sheets(f"{name}.csv", b"a\n1\n", "text")[0]
        for name in ("=1+1", "[x]:*?/\\", "'a'", "history", "x" * 60, "x" * 61, "a\x00b")
    ]
    names = names_for(made)
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\\x00-\x1f]", name) for name in names)
    assert len({name.casefold() for name in names}) == len(names)
    assert openpyxl.load_workbook(io.BytesIO(values_copy(made))).sheetnames == names


@pytest.mark.parametrize(
    ("text", "name"),
    [("a\x00\u202eb", "a b"), (LINK, LINK[:39] + "…"), ("C-1", "C-1"), ("review!A1", "review!\u2060A1")],
)
def test_a_name_in_a_title_is_seen_and_short(text, name):
    assert as_name(text) == name


def test_problems_quote_cells_harmlessly():
    _, problems = read_workbooks(
        (
            "a.csv",
            f'Therapist,Client,Session,Rated by,Instrument,Goal\nP1,C-1,1,client,wai-sr,"{LINK.replace(chr(34), chr(34) * 2)}"\n'.encode(),
        )
    )
    values = [row["value"] for row in csv.DictReader(io.StringIO(to_csv(problems, PROBLEMS)))]
    assert any(value.startswith("'=HYPERLINK") for value in values)
