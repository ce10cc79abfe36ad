"""Personal data on the page: the warning, and the click that puts pseudonyms in its place."""

import io

import openpyxl
import pytest

from alliance_core.reading.child.limits import LIMITS

CSV = (
    "Practitioner,Client,Session,Rated by,Instrument,Goal,Task,Bond\n"
    "P01,Bravo Kilo,1,client,wai-sr,4,3,5\nP01,Bravo Kilo,2,client,wai-sr,4,3,5\nP01,Tango Zulu,1,client,wai-sr,4,3,5"
)


@pytest.fixture
def personal(app):
    return app.bring(("team.csv", CSV.encode()))


def as_workbook(text):
    book = openpyxl.Workbook()
    for line in text.decode().splitlines():
        book.active.append(line.split(","))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def clients(app):
    return set(app.at.session_state["loaded"].analysis.cases["client"])


def test_the_column_is_named_and_the_ratings_are_used(personal):
    assert "These files seem to hold personal data" in personal.words
    assert "team.csv: Column Client seems to hold names." in personal.words
    assert clients(personal) == {"Bravo Kilo", "Tango Zulu"}


def test_one_click_replaces_them_and_the_result_can_be_downloaded(personal):
    app = personal.click("Replace by pseudonyms")
    assert "2 values replaced by pseudonyms" in app.words
    assert "These files seem to hold personal data" not in app.words
    assert "3 rows read = 3 used + 0 left out" in app.words
    assert len(clients(app)) == 2
    assert not clients(app) & {"Bravo Kilo", "Tango Zulu"}
    labels = [one.label.replace("\\", "").replace("\u2060", "") for one in app.at.get("download_button")]
    assert "Download the corrected pseudonymised 1.xlsx" in labels


def test_a_file_that_is_too_large_for_it_is_named_and_everything_stays(personal, monkeypatch):
    personal.bring(("team.csv", CSV.encode()), ("more.csv", CSV.replace(",1,", ",7,").encode() * 2))
    monkeypatch.setattr("alliance_core.reading.pseudonyms.UPLOAD", LIMITS._replace(cells=40))
    before = personal.at.session_state["brought"].files
    app = personal.click("Replace by pseudonyms")
    assert (
        "more.csv is too large to be written anew here, which files of up to 3,000,000 cells are."
        in app.words
    )
    assert app.at.session_state["brought"].files is before
    assert clients(app) == {"Bravo Kilo", "Tango Zulu"}


def test_the_old_values_are_gone_from_the_session(personal):
    app = personal.click("Replace by pseudonyms")
    assert app.at.file_uploader[0].value == []
    (_, content), *more = app.at.session_state["brought"].files
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    cells = [str(cell.value) for line in sheet.iter_rows() for cell in line]
    assert more == []
    assert len(cells) == 32
    assert not {"Bravo Kilo", "Tango Zulu"} & set(cells)


def test_names_are_gone_from_notes_sheet_and_file_names_and_from_everything_shown(app):
    notes = CSV.replace("Bond", "Bond,Notes").replace("4,3,5", "4,3,5,Tango was here; bravo kilo knows")
    assert "Tango was here" in notes
    app.bring(("Bravo Kilo.csv", notes.encode()))
    app.click("Replace by pseudonyms")
    (name, content), *more = app.at.session_state["brought"].files
    assert (name, more) == ("pseudonymised 1.xlsx", [])
    book = openpyxl.load_workbook(io.BytesIO(content))
    text = " ".join(str(cell.value) for line in book.active.iter_rows() for cell in line)
    for word in ("Bravo", "Kilo", "Tango", "Zulu", "bravo"):
        assert word not in text
        assert word not in book.active.title
        assert word not in app.words
    assert "What this page cannot find: names in notes" in app.words


def test_what_was_left_out_is_counted_and_not_named(app):
    app.bring(("team.csv", CSV.encode()), ("Minutes of Sierra.csv", b"Sierra was late\nso was Quebec"))
    app.click("Replace by pseudonyms")
    assert "Left out, because not recognised: 1 sheet or file." in app.words
    assert "Sierra" not in app.words


def test_another_click_gives_other_pseudonyms(personal):
    first = clients(personal.click("Replace by pseudonyms"))
    again = personal.bring(("team.csv", CSV.encode())).click("Replace by pseudonyms")
    assert not first & clients(again)


def test_without_personal_data_nothing_is_said(loaded):
    assert "personal data" not in loaded.words
