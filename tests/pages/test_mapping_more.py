"""The mapping screen where sessions are columns, headers stand in several rows, and names of sheets count."""

import pytest

from alliance_core.reading import parse_profile, read_workbooks, to_toml
from pages.parts import mapping_columns
from tests.pages.test_mapping import named
from tests.reading.conftest import made_workbook

MARKS = [5, 4, 3, 1] * 3


def matrix(words=("mol", "opg"), sessions=3):
    """Words of no language, numbered by session: scores of 3 clients, rated by the client alone."""
    header = ["zurv", "plok", *(f"{word} {n}" for n in range(1, sessions + 1) for word in words)]
    rows = [
        ["P01", f"C-00{c}", *(1 + (c + n + i) % 5 for n in range(sessions) for i in range(len(words)))]
        for c in range(3)
    ]
    return made_workbook({"Blad": [header, *rows]}, name="matrix.xlsx")


def switched(app, label, value=True):
    named(app.at.toggle, label).set_value(value)
    return app.run()


def test_a_column_can_be_a_score_of_a_session_and_others_follow_the_first(app):
    app.bring(matrix())
    assert not any("Session of" in one.label for one in app.at.number_input)
    switched(app, "Each session has columns of its own")
    named(app.at.selectbox, "A: zurv").select("practitioner")
    named(app.at.selectbox, "B: plok").select("client")
    named(app.at.selectbox, "C: mol 1").select("goal")
    named(app.at.selectbox, "D: opg 1").select("bond")
    named(app.at.selectbox, "Whose ratings does this sheet hold?").select("client")
    named(app.at.selectbox, "Instrument").select("wai-sr")
    app.run()
    assert [named(app.at.selectbox, f"{letter}: ").value for letter in "EFGH"] == ["goal", "bond"] * 2
    assert [one.value for one in app.at.number_input if "Session of" in one.label] == [1, 1, 2, 2, 3, 3]
    assert "3 rows looked at = 3 used + 0 left out" in app.words
    app.click("Read with this mapping")
    assert "9 forms from matrix.xlsx: 3 cases of 1 practitioner." in app.words
    assert "layout session matrix" in app.words
    profile = app.at.session_state["profile"]
    assert profile.sheets[0].columns["opg 3"] == "session 3 bond"
    ratings, problems = read_workbooks(matrix(), parse_profile(to_toml(profile).encode()))
    assert len(problems) == 0
    assert ratings.forms.equals(app.at.session_state["brought"].ratings.forms)


def test_columns_that_do_not_fit_on_the_screen_follow_too(app, monkeypatch):
    monkeypatch.setattr(mapping_columns, "MOST_COLUMNS", 4)
    app.bring(matrix())
    switched(app, "Each session has columns of its own")
    for label, meaning in {"A: ": "practitioner", "B: ": "client", "C: ": "goal", "D: ": "bond"}.items():
        named(app.at.selectbox, label).select(meaning)
    named(app.at.selectbox, "Whose ratings does this sheet hold?").select("client")
    named(app.at.selectbox, "Instrument").select("wai-sr")
    app.run().click("Read with this mapping")
    assert app.at.session_state["profile"].sheets[0].columns["mol 3"] == "session 3 goal"


def test_a_session_can_be_said_otherwise_than_the_header_has_it(app):
    app.bring(matrix(("uge",)))
    assert named(app.at.toggle, "Each session has columns of its own").value
    assert named(app.at.selectbox, "C: uge 1").value == "overall"
    named(app.at.number_input, "Session of E").set_value(7)
    named(app.at.number_input, "Lowest mark").set_value(1.0)
    named(app.at.number_input, "Highest mark").set_value(5.0)
    named(app.at.selectbox, "Whose ratings does this sheet hold?").select("client")
    app.run().click("Read with this mapping")
    assert app.at.session_state["brought"].ratings.forms["session"].tolist() == [1, 2, 7] * 3


def test_the_preview_speaks_of_the_page_and_of_no_option(app):
    app.bring(matrix(("uge",)))
    named(app.at.selectbox, "Whose ratings does this sheet hold?").select("client")
    words = app.run().words
    assert "left out until it is stated on this page; or name the instrument." in words
    assert "--" not in words


def test_more_rows_can_be_said_to_be_headers(app):
    header = [
        "Therapist",
        "Client",
        "Session",
        "Rated by",
        "Instrument",
        *(f"Item {n}" for n in range(1, 13)),
    ]
    units = ["code", "code", "number", "who", "id", *["mark"] * 12]
    rows = [["P01", "C-001", n, "client", "wai-sr", *MARKS] for n in (1, 2)]
    app.bring(made_workbook({"Blad": [header, units, *rows]}, name="units.xlsx"))
    assert "1 left out" in app.words
    if not any("How many rows" in one.label for one in app.at.number_input):
        switched(app, "Say yourself what the columns hold")
    named(app.at.number_input, "How many rows, from there on, are headers?").set_value(2)
    app.run().click("Read with this mapping")
    assert "2 rows read = 2 used + 0 left out" in app.words
    assert app.at.session_state["profile"].sheets[0].header_rows == 2


def test_sheets_can_be_named_after_practitioners(app):
    header = ["plok", "trin", *(f"g{letter}" for letter in "abcdefghijkl")]
    sheets = {
        house: [header, *([f"C-00{c}", n, *MARKS] for c in range(2) for n in range(1, 4))]
        for house in ("Haus Nord", "Haus Süd")
    }
    app.bring(made_workbook(sheets, name="houses.xlsx"))
    assert "1 other sheet with the same headers: Haus Süd" in app.words
    named(app.at.selectbox, "A: plok").select("client")
    named(app.at.selectbox, "Whom is the sheet Haus Nord named after?").select("practitioner")
    named(app.at.selectbox, "Whose ratings does this sheet hold?").select("client")
    app.run()
    assert named(app.at.selectbox, "B: trin").value == "session"
    app.click("Read with this mapping")
    assert "12 forms from houses.xlsx: 4 cases of 2 practitioners." in app.words


def test_words_that_sheets_are_named_after_are_asked_for(app):
    header = ["zurv", "plok", "trin", *(f"g{letter}" for letter in "abcdefghijkl")]
    rows = [
        [f"P0{c}", f"C-00{2 * c + d}", n, *MARKS] for c in range(2) for d in range(2) for n in range(1, 5)
    ]
    app.bring(made_workbook({"zul": [header, *rows], "mak": [header, *rows]}, name="two.xlsx"))
    named(app.at.selectbox, "Whom is the sheet zul named after?").select("rater")
    app.run()
    named(app.at.selectbox, "Whose rating is zul?").select("client")
    named(app.at.selectbox, "Whose rating is mak?").select("practitioner")
    app.run().click("Read with this mapping")
    assert "32 forms from two.xlsx: 4 cases of 2 practitioners." in app.words


def scores(first, header="Score"):
    names = ["Therapist", "Client", "Session", "Rated by", "Instrument", header]
    return [names, *(["P01", "C-001", n, "client", "wai-sr", 1 + (first + n) % 5] for n in range(1, 6))]


def test_a_sheet_whose_score_is_not_named_is_asked_about_and_mapped_alone(app):
    sheets = {"Goal": scores(0), "Task": scores(1), "Blad3": scores(2)}
    app.bring(made_workbook(sheets, name="scores.xlsx"))
    assert "Which score does this sheet hold?" in app.words
    assert "Candidates: goal, task, bond, overall." in app.words
    assert named(app.at.selectbox, "1. Which sheet?").value == 2
    named(app.at.selectbox, "F: Score").select("bond")
    switched(app, "What is said here holds for this sheet only")
    app.click("Read with this mapping")
    assert "15 rows read = 15 used + 0 left out" in app.words
    assert "No problems found." in app.words
    forms = app.at.session_state["brought"].ratings.forms
    assert forms[["goal", "task", "bond"]].iloc[0].tolist() == [2, 3, 4]


def test_what_was_confirmed_is_filled_in_when_it_is_opened_again(app):
    app.bring(matrix(("uge",)))
    named(app.at.number_input, "Lowest mark").set_value(1.0)
    named(app.at.number_input, "Highest mark").set_value(5.0)
    named(app.at.selectbox, "Whose ratings does this sheet hold?").select("practitioner")
    app.run().click("Read with this mapping")
    switched(app, "Say yourself what the columns hold")
    assert [one.value for one in app.at.number_input if one.label.startswith("Highest")][-1] == 5
    assert named(app.at.selectbox, "Whose ratings does this sheet hold?").value == "practitioner"
    assert named(app.at.number_input, "Session of E").value == 3


def test_each_rater_may_have_a_form_of_its_own(app):
    header = ",".join(["Therapist,Client,Session,Rated by", *(f"Item {n}" for n in range(1, 13))])
    marks = {"client": "2,3,4,2,3,4,2,3,4,2,3,4", "therapist": "6,7,5,6,7,5,6,7,5,6,7,5"}
    rows = [f"P01,C-001,{n},{who},{own}" for n in range(1, 7) for who, own in marks.items()]
    app.bring(("both.csv", "\n".join([header, *rows]).encode()))
    switched(app, "Say yourself what the columns hold")
    switched(app, "Client and practitioner filled in different forms")
    named(app.at.selectbox, "Instrument of the client's ratings").select("wai-sr")
    app.run().click("Read with this mapping")
    assert "instrument wai-s, wai-sr" in app.words
    assert app.at.session_state["profile"].sheets[0].instrument == {"client": "wai-sr"}


@pytest.mark.parametrize("same", ["practitioner", "client"])
def test_a_sheet_and_its_file_are_not_named_after_the_same(app, same):
    app.bring(matrix())
    named(app.at.selectbox, "Whom is the sheet Blad named after?").select(same)
    named(app.at.selectbox, "Whom is the file matrix named after?").select(same)
    app.run()
    assert "The sheet and its file cannot both be named after the same." in app.words


def test_all_rows_can_be_said_to_be_one_practitioner_s(app):
    header = ["Client", "Rater", "S1", "S2", "S3"]
    rows = [[f"C-00{c}", who, 4, 3, 2] for c in range(3) for who in ("client", "therapist")]
    app.bring(made_workbook({"Sheet1": [header, *rows]}, name="mine.xlsx"))
    assert "Which column holds the practitioner? Or are all rows one's, and whose?" in app.words
    assert not any(one.label.startswith("Code of the client") for one in app.at.text_input)
    named(app.at.text_input, "Code of the practitioner, where all rows are of one").set_value("P07")
    named(app.at.selectbox, "Instrument").select("total")
    app.run()
    for label, mark in (("Lowest mark", 1.0), ("Highest mark", 5.0)):
        [one for one in app.at.number_input if one.label.startswith(label)][-1].set_value(mark)
    app.run().click("Read with this mapping")
    assert "18 forms from mine.xlsx: 3 cases of 1 practitioner." in app.words
    assert app.at.session_state["profile"].sheets[0].practitioner == "P07"
