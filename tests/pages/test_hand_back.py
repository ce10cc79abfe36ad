"""The user's own workbook handed back: cells corrected on the page, marked and corrected workbooks to download."""

import io

import openpyxl
import pytest

from alliance_core.reading import read_workbooks

HEADER = ["Practitioner", "Client", "Session", "Rated by", "Instrument", "Goal", "Task", "Bond"]


def rating(session, bond, client="C-001"):
    return ["P01", client, session, "client", "wai-sr", 4, 3, bond]


def saved(*rows):
    book = openpyxl.Workbook()
    for row in (HEADER, *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def with_errors(app):
    return app.bring(("team.xlsx", saved(rating(1, 5), rating(2, 9), rating(3, 4), rating(3, 2))))


def fill(app, **rows):
    """Entries of the editor, as the browser sends them: r0={"new value": "4"} is its first row."""
    key = app.at.data_editor[0].key
    edits = {int(name[1:]): entry for name, entry in rows.items()}
    app.at.session_state[key] = {"edited_rows": edits, "added_rows": [], "deleted_rows": []}
    return app.click("Read again with these corrections")


def labels(app):
    return [one.label.replace("\\", "").replace("\u2060", "") for one in app.at.get("download_button")]


def test_errors_are_offered_with_what_stands_there_and_what_is_accepted(with_errors):
    table = with_errors.at.data_editor[0].value
    assert table[["file", "sheet", "cell", "column", "value"]].fillna("").to_numpy().tolist() == [
        ["team.xlsx", "Sheet", "H3", "Bond", "9"],
        ["team.xlsx", "Sheet", "F4", "Goal", ""],
        ["team.xlsx", "Sheet", "F5", "Goal", ""],
    ]
    assert table["message"][0] == "Client bond is 9; wai-sr goes from 1 to 5."


def test_corrections_are_read_again_and_the_corrected_workbook_has_no_problems(with_errors):
    app = fill(with_errors, r0={"new value": "4"}, r2={"instead": "remove the row"})
    assert "3 rows read = 3 used + 0 left out" in app.words
    assert "No problems found." in app.words
    assert len(app.at.data_editor) == 0
    assert "Download the corrected team.xlsx" in labels(app)
    files = app.at.session_state["brought"].files
    ratings, problems = read_workbooks(files)
    assert problems.empty
    assert ratings.forms["bond"].tolist() == [5, 4, 4]


def test_what_is_still_wrong_is_offered_again(with_errors):
    app = fill(with_errors, r0={"new value": "8"})
    assert app.at.data_editor[0].value["message"][0] == "Client bond is 8; wai-sr goes from 1 to 5."
    assert [one.label for one in app.at.button if "Mark the problems" in one.label] != []


def test_a_corrected_workbook_can_be_had_while_something_is_still_to_be_looked_at(with_errors):
    app = fill(with_errors, r0={"new value": "8"})
    assert "team.xlsx as corrected here: 3 problems left." in app.words
    assert "Download the corrected team.xlsx" in labels(app)
    next(one for one in app.at.button if one.key == "mark the problems").click()
    app.run()
    assert {"Download the corrected team.xlsx", "Download team.xlsx with its problems marked"} <= set(
        labels(app)
    )


def test_a_column_that_is_missing_is_no_cell_to_correct(app):
    app.bring(("team.csv", b"Practitioner,Client,Rated by,Instrument,Goal\nP01,C-001,client,wai-sr,4"))
    assert "No column for the session or date was found" in app.words
    assert not app.at.get("data_editor")


def test_nothing_entered_is_said(with_errors):
    app = with_errors.click("Read again with these corrections")
    assert "Nothing was entered" in app.words
    assert "4 rows read = 1 used + 3 left out" in app.words


def test_the_marked_workbook_can_be_had(with_errors):
    button = next(one for one in with_errors.at.button if one.key == "mark the problems")
    button.click()
    with_errors.run()
    assert "Download team.xlsx with its problems marked" in labels(with_errors)
    (made,) = with_errors.at.session_state["marked files"].values()
    sheet = openpyxl.load_workbook(io.BytesIO(made.content))["Sheet"]
    assert "Client bond is 9" in sheet["H3"].comment.text


def test_with_several_files_the_user_says_which(app):
    app.bring(
        ("a.xlsx", saved(rating(1, 9))), ("b.xlsx", saved(rating(1, 7, "C-002"), rating(2, 4, "C-002")))
    )
    app.at.selectbox(key="file to hand back").select("b.xlsx")
    app.run()
    next(one for one in app.at.button if one.key == "mark the problems").click()
    app.run()
    assert "Download b.xlsx with its problems marked" in labels(app)


def test_a_csv_comes_back_as_a_workbook_and_that_is_said(app):
    app.bring(
        (
            "team.csv",
            "\n".join(",".join(map(str, row)) for row in (HEADER, rating(1, 9), rating(2, 4))).encode(),
        )
    )
    next(one for one in app.at.button if one.key == "mark the problems").click()
    app.run()
    assert "team.csv comes back as .xlsx" in app.words
    app = fill(app, r0={"new value": "5"})
    assert "No problems found." in app.words
    assert "Download the corrected team.xlsx" in labels(app)


def test_hostile_names_and_values_stay_text(app):
    name = "![x](http:a.example).xlsx"
    app.bring(
        (name, saved(["P01", "=1+1", 1, "client", "wai-sr", 4, 3, "![x](http://a.example/b)"], rating(2, 4)))
    )
    button = next(one for one in app.at.button if one.key == "mark the problems")
    assert "\\!\\[x\\]" in button.label


def test_without_problems_there_is_nothing_to_hand_back(loaded):
    assert "Your workbook back" not in loaded.words
    assert len(loaded.at.data_editor) == 0


def test_a_workbook_that_cannot_be_written_back_gets_a_sentence(with_errors, monkeypatch):
    monkeypatch.setattr("alliance_core.reading.marking._run", lambda orders, content: None)
    next(one for one in with_errors.at.button if one.key == "mark the problems").click()
    with_errors.run()
    assert "team.xlsx is too large or too unusual to be written back" in with_errors.words
    fill(with_errors, r0={"new value": "4"})
    assert "team.xlsx is too large or too unusual to be written back" in with_errors.words
