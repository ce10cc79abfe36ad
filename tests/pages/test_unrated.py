"""A case that only another sheet names is there on every page, with no session and no verdict."""

import pytest

MARKERS = b"Therapist,Client,Session,Kind,Significance\nP1,C-9,3,withdrawal,4\nP8,C-1,2,confrontation,5"
CASES = b"Therapist,Client,Team,Closed\nP1,C-8,North,yes"


@pytest.fixture
def beside(app, workbook):
    return app.bring(("team.csv", workbook), ("markers.csv", MARKERS), ("cases.csv", CASES))


def test_it_is_pointed_out_with_its_cell(beside):
    assert (
        "No ratings were found for this practitioner and client; check how both are written." in beside.words
    )
    assert "32 rows read" not in beside.words
    assert "35 rows read = 35 used + 0 left out" in beside.words


def test_the_case_page_says_what_is_known_of_it(beside):
    beside.open("case", practitioner="P1", client="C-9")
    assert "C-9 · P1" in beside.words
    assert "0 sessions" in beside.words
    assert "No form of this case was read" in beside.words
    assert "Somebody recorded withdrawal at session 3; no rating near it shows a fall" in beside.words
    assert "A question to ask" in beside.words
    assert not beside.charts


def test_a_case_that_only_the_sheet_of_cases_names(beside):
    beside.open("case", practitioner="P1", client="C-8")
    assert "North · 0 sessions · closed" in beside.words
    assert "No form of this case was read" in beside.words
    assert "Too few ratings by the client to say whether anything changed." in beside.words


def test_the_caseload_has_it_without_a_chart(beside):
    beside.open("practitioner", practitioner="P1")
    assert "P1 · 4 cases · 12 sessions" in beside.words
    assert "C-9 →" in beside.words
    assert "no form read" in beside.words
    assert len(beside.charts) == 3  # two cases, and goal, task and bond


def test_a_practitioner_whom_only_another_sheet_names(beside):
    beside.open("practitioner", practitioner="P8")
    assert "P8 · 1 case · 0 sessions" in beside.words
    assert "Too few ratings by the clients to say whether anything changed in these cases." in beside.words
    assert "there is no usual gap" in beside.words
    assert not beside.charts


def test_the_agenda_lists_it_among_the_rest(beside):
    beside.open("agenda")
    rest = next(table.value for table in beside.at.dataframe)
    lines = rest.set_index(["practitioner", "client"])["sessions"].to_dict()
    assert {key: lines[key] for key in (("P1", "C-8"), ("P1", "C-9"), ("P8", "C-1"))} == dict.fromkeys(
        [("P1", "C-8"), ("P1", "C-9"), ("P8", "C-1")], 0
    )


def test_a_marker_of_a_session_beyond_the_forms_is_told_on_the_case_page(app, workbook):
    markers = b"Therapist,Client,Session,Kind,Marker,Significance\nP1,C-1,40,confrontation,defends self,2"
    app.bring(("team.csv", workbook), ("markers.csv", markers))
    assert "No form of session 40 of this case was read" in app.words
    app.open("case", practitioner="P1", client="C-1")
    assert "because no form was read: session 40: confrontation (defends self)." in app.words
    app.open("case", practitioner="P1", client="C-2")
    assert "because no form was read" not in app.words
