"""The empty workbook: right headers, drop-downs that fit the instrument, help that is not data."""

import openpyxl
import pandas as pd
import pytest

from alliance_core.instruments import instruments
from alliance_core.reading import read_workbooks
from alliance_core.template import TemplateError, known_cases, write_template

KEYS = ["Therapist", "Client", "Session", "Date", "Rated by", "Instrument"]
OPTIONAL = ["markers", "cases", "tasks", "goals"]


def rules(sheet):
    """From a column's header to its validation."""
    found = {}
    for rule in sheet.data_validations.dataValidation:
        for area in rule.sqref.ranges:
            for column in range(area.min_col, area.max_col + 1):
                found[sheet.cell(1, column).value] = rule
    return found


@pytest.mark.parametrize("instrument_id", list(instruments()))
def test_every_instrument_has_a_template_with_its_own_headers(tmp_path, instrument_id):
    write_template(tmp_path / "t.xlsx", instrument_id)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["Ratings", *OPTIONAL, "Help"]
    headers = [cell.value for cell in book["Ratings"][1]]
    expected = {
        "facets": ["Goal", "Task", "Bond"],
        "total": ["Overall"],
        "four-lines": [f"Item {i}" for i in range(1, 5)],
        "sai": [f"Item {i}" for i in range(1, 7)],
        "wai-srt": [f"Item {i}" for i in range(1, 11)],
        "wai-sr": [f"Item {i}" for i in range(1, 13)],
        "wai-s": [f"Item {i}" for i in range(1, 13)],
        "wai-36": [f"Item {i}" for i in range(1, 37)],
    }
    assert headers == KEYS + expected[instrument_id]
    assert all(book[name].max_row == 1 for name in ("Ratings", *OPTIONAL))
    assert all(book[name].freeze_panes == "A2" for name in ("Ratings", *OPTIONAL))


def test_drop_downs_and_ranges_fit_the_instrument(tmp_path):
    write_template(tmp_path / "t.xlsx", "wai-s")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    ratings = rules(book["Ratings"])
    assert ratings["Rated by"].formula1 == '"Client,Therapist"'
    assert ratings["Instrument"].formula1 == '"wai-s"'
    assert (float(ratings["Item 12"].formula1), float(ratings["Item 12"].formula2)) == (1, 7)
    assert "1 to 7" in ratings["Item 1"].error
    markers = rules(book["markers"])
    assert markers["Kind"].formula1 == '"withdrawal,confrontation"'
    assert (markers["Resolution"].formula1, markers["Resolution"].formula2) == ("1", "5")


def test_tasks_and_goals_have_drop_downs_and_their_scale(tmp_path):
    write_template(tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    tasks, goals = rules(book["tasks"]), rules(book["goals"])
    assert tasks["Kind"].formula1 == '"session,home,environmental"'
    assert tasks["Set by"].formula1 == '"client,therapist,both,other"'
    assert (tasks["Tried before"].formula1, tasks["Done"].formula1) == ('"yes,no"', '"yes,partly,no"')
    for rule in (tasks["Client relevance"], tasks["Therapist relevance"], goals["Agreement"]):
        assert (rule.formula1, rule.formula2) == ("0", "10")


def test_what_the_drop_downs_of_tasks_offer_is_read(tmp_path):
    write_template(tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    for number, setter in enumerate(["client", "therapist", "both", "other"], start=1):
        book["tasks"].append(["P01", "C-1", number, "Walk", "home", setter, 0, 10, "yes", "no", "partly"])
    book["goals"].append(["P01", "C-1", 1, "Sleep", "Rest", 7.5])
    book.save(tmp_path / "t.xlsx")
    ratings, problems = read_workbooks(tmp_path / "t.xlsx")
    assert not problems["severity"].eq("error").any()
    assert ratings.tasks["set_by"].tolist() == ["client", "practitioner", "both", "other"]
    assert ratings.goals["agreement"].tolist() == [7.5]


def test_only_those_who_fill_in_the_instrument_can_be_chosen(tmp_path):
    write_template(tmp_path / "t.xlsx", "wai-srt")
    assert rules(openpyxl.load_workbook(tmp_path / "t.xlsx")["Ratings"])["Rated by"].formula1 == '"Therapist"'


def test_help_says_that_an_instrument_is_unverified(tmp_path):
    write_template(tmp_path / "t.xlsx", "wai-srt")
    sentences = [row[0].value for row in openpyxl.load_workbook(tmp_path / "t.xlsx")["Help"]]
    assert any(sentence.startswith("Please note: ") for sentence in sentences)
    write_template(tmp_path / "u.xlsx", "wai-sr")
    sentences = [row[0].value for row in openpyxl.load_workbook(tmp_path / "u.xlsx")["Help"]]
    assert not any(sentence.startswith("Please note: ") for sentence in sentences)


def test_same_instrument_same_bytes(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_template(tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_what_cannot_be_written_is_said(tmp_path):
    with pytest.raises(TemplateError, match="Instrument wai is not known; accepted are facets"):
        write_template(tmp_path / "t.xlsx", "wai")
    with pytest.raises(TemplateError, match=r"t\.csv: a template is written as \.xlsx"):
        write_template(tmp_path / "t.csv")
    with pytest.raises(OSError, match=r"^t\.xlsx cannot be written \(No such file or directory\)$"):
        write_template(tmp_path / "nowhere" / "t.xlsx")


def test_own_practitioners_and_clients_are_filled_in_and_offered(tmp_path):
    header = "Therapist,Client,Session,Rated by,Instrument,Goal,Task,Bond"
    lines = [
        header,
        *(f"P01,{c},1,client,wai-sr,4,4,4" for c in ("=1+1", "C-002")),
        "P02,C-003,1,client,wai-sr,4,4,4",
    ]
    ratings, _ = read_workbooks(
        [("a.csv", "\n".join(lines).encode()), ("b.csv", b"Therapist,Client,Team\nP01,C-002,North")]
    )
    write_template(tmp_path / "t.xlsx", "wai-sr", cases=known_cases(ratings))
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    cases = [[cell.value for cell in row[:3]] for row in book["cases"].iter_rows(min_row=2)]
    assert cases == [["P01", "=1+1", None], ["P01", "C-002", "North"], ["P02", "C-003", None]]
    assert book["cases"]["B2"].data_type == "s"  # text, never a formula
    for name in ("Ratings", "markers", "tasks", "goals"):
        offered = rules(book[name])
        assert offered["Therapist"].formula1 == '"P01,P02"'
        assert offered["Client"].formula1 == "cases!$B$2:$B$4"
        assert not offered["Client"].showErrorMessage
    _, problems = read_workbooks(tmp_path / "t.xlsx")
    assert not problems["severity"].eq("error").any()


def test_a_case_that_is_closed_stays_closed_when_its_day_is_not_known(tmp_path):
    lines = ["Therapist,Client,Session,Rated by,Instrument,Goal,Task,Bond"]
    lines += [f"P01,C-{n},1,client,wai-sr,4,4,4" for n in range(4)]
    closed = b"Therapist,Client,Closed\nP01,C-0,ja\nP01,C-1,2025-03-04\nP01,C-2,no"
    ratings, problems = read_workbooks([("a.csv", "\n".join(lines).encode()), ("b.csv", closed)])
    assert len(problems) == 0
    write_template(tmp_path / "t.xlsx", "wai-sr", cases=known_cases(ratings))
    cells = [
        row[5].value for row in openpyxl.load_workbook(tmp_path / "t.xlsx")["cases"].iter_rows(min_row=2)
    ]
    assert [str(cell)[:10] for cell in cells] == ["yes", "2025-03-04", "None", "None"]
    again, problems = read_workbooks(tmp_path / "t.xlsx")
    assert again.cases[["closed", "ended"]].equals(known_cases(ratings)[["closed", "ended"]])
    assert len(problems) == 0


def test_lists_that_a_spreadsheet_cannot_hold_are_left_away(tmp_path):
    many = pd.DataFrame(
        {"practitioner": [f"P{n:03}" for n in range(100)], "client": [f"C{n}" for n in range(100)]}
    )
    write_template(tmp_path / "t.xlsx", "wai-sr", cases=many)
    offered = rules(openpyxl.load_workbook(tmp_path / "t.xlsx")["Ratings"])
    assert "Therapist" not in offered
    assert offered["Client"].formula1 == "cases!$B$2:$B$101"
