"""The mapping screen and import profiles: every step, by the words and widgets that a visitor meets."""

import json

import pytest

from alliance_core.reading import parse_profile, to_toml
from pages.parts import bringing, mapping_columns

HEADERS = ["zurv", "plok", "trin", "whem", *(f"g{letter}" for letter in "abcdefghijkl")]


def unknown(headers=HEADERS, title="Our tool's export\n"):
    """Words of no language: 2 practitioners, 4 clients, 5 sessions, rated by zul and mak."""
    rows = [
        f"P0{1 + c // 2},C-00{c},{n},{who},{','.join(['5', '4', '3', '1'] * 3)}"
        for c in range(4)
        for n in range(1, 6)
        for who in ("zul", "mak")
    ]
    return (title + ",".join(headers) + "\n" + "\n".join(rows)).encode()


def named(elements, words):
    return next(one for one in elements if words in one.label.replace("\\", "").replace("\u2060", ""))


@pytest.fixture
def mapping(app):
    return app.bring(("export.csv", unknown()))


def confirm(app):
    """Whose ratings and which form: the two things that the values do not tell."""
    named(app.at.selectbox, "Whose rating is zul").select("client")
    named(app.at.selectbox, "Whose rating is mak").select("practitioner")
    named(app.at.selectbox, "Instrument").select("wai-sr")
    return app.run()


def test_unknown_headers_open_the_mapping_with_our_guesses_filled_in(mapping):
    assert "What does each column hold?" in mapping.words.replace("**", "")
    assert named(mapping.at.number_input, "In which row").value == 2
    assert named(mapping.at.selectbox, "A: zurv").value == "practitioner"
    assert named(mapping.at.selectbox, "B: plok").value == "client"
    assert named(mapping.at.selectbox, "P: gl").value == "item 12"
    assert "columns E–P hold whole numbers 1 to 5, twelve of them: wai-s or wai-sr" in mapping.words
    assert "loaded" not in mapping.at.session_state


def test_the_preview_follows_each_answer(mapping):
    assert "40 rows looked at = 0 used + 40 left out" in mapping.words
    confirm(mapping)
    assert "40 rows looked at = 40 used + 0 left out" in mapping.words
    named(mapping.at.selectbox, "B: plok").select("ignore")
    mapping.run()
    assert "0 used + 40 left out" in mapping.words
    assert "No column for the client was found" in mapping.words


def test_the_preview_shows_days_without_a_time_and_marks_by_their_words(app):
    header = "zurv,Client,Session,Date,Rated by,Instrument,Goal\n"
    app.bring(("days.csv", (header + "P01,C-001,1,2026-02-03,client,wai-sr,4\n").encode()))
    named(app.at.selectbox, "A: zurv").select("practitioner")
    app.run()
    shown = next(one for one in app.at.dataframe if "lowest mark" in one.value.columns)
    assert shown.value["lowest mark"].tolist() == [1]
    assert json.loads(shown.proto.columns)["date"]["type_config"]["type"] == "date"


def test_a_confirmed_mapping_reads_and_analyses_and_becomes_a_profile(mapping):
    confirm(mapping).click("Read with this mapping")
    assert "40 forms from export.csv: 4 cases of 2 practitioners." in mapping.words
    assert "40 rows read = 40 used + 0 left out" in mapping.words
    assert "No problems found." in mapping.words
    assert "loaded" in mapping.at.session_state
    assert "Holds 1 confirmed mapping" in mapping.words
    kept = mapping.at.session_state["profile"]
    assert kept.sheets[0].headers == tuple(HEADERS)
    assert kept.sheets[0].header_row == 2


def test_the_same_headers_are_read_without_asking_again_in_this_sitting(mapping):
    confirm(mapping).click("Read with this mapping")
    mapping.bring(("next.csv", unknown(title="")))
    assert "40 forms from next.csv" in mapping.words
    assert "No problems found." in mapping.words


def test_a_profile_that_was_kept_is_brought_in(app, mapping):
    confirm(mapping).click("Read with this mapping")
    kept = mapping.at.get("download_button")
    assert any(one.label == "Download the profile (TOML)" for one in kept)
    written = to_toml(mapping.at.session_state["profile"]).encode()
    assert parse_profile(written) == mapping.at.session_state["profile"]
    app.click("Clear my data")
    assert "profile" not in app.at.session_state
    assert "opened sheets" not in app.at.session_state
    app.bring(("export.csv", unknown()))
    assert "loaded" not in app.at.session_state
    named(app.at.file_uploader, "profile").set_value([("team.toml", written, "application/toml")])
    app.run()
    assert "40 forms from export.csv" in app.words


def test_a_profile_that_cannot_be_used_is_one_sentence(app):
    named(app.at.file_uploader, "profile").set_value([("team.toml", b"range = [5, 1]", "application/toml")])
    app.run()
    assert "team.toml: profile: range: the lowest mark comes first" in app.words


def test_cells_are_taken_apart_once_however_often_an_answer_changes(mapping, monkeypatch):
    monkeypatch.setattr(bringing, "open_sheets", lambda files: pytest.fail("opened again"))
    confirm(mapping)
    assert "40 rows looked at = 40 used" in mapping.words


def test_a_sheet_can_be_left_out(mapping):
    mapping.click("Leave this sheet out")
    assert "layout ignored" in mapping.words
    assert "This sheet was left out, as you said" in mapping.words


def test_another_header_row_can_be_said(mapping):
    named(mapping.at.number_input, "In which row").set_value(1)
    mapping.run()
    assert named(mapping.at.selectbox, "A: Our tool's export").value in ("ignore", "practitioner")


def test_scores_need_their_range_and_the_wrong_way_round_is_said(app):
    content = "zurv,plok,trin,blix\n" + "\n".join(
        f"P01,C-00{c},{n},{4 + n % 2}" for c in (1, 2) for n in (1, 2, 3)
    )
    app.bring(("scores.csv", content.encode()))
    for column, meaning in {"A": "practitioner", "B": "client", "C": "session", "D": "overall"}.items():
        named(app.at.selectbox, f"{column}: ").select(meaning)
    named(app.at.selectbox, "Whose ratings does this sheet hold?").select("client")
    app.run()
    named(app.at.number_input, "Lowest mark").set_value(10.0)
    named(app.at.number_input, "Highest mark").set_value(0.0)
    app.run()
    assert "The lowest mark must be below the highest mark." in app.words
    named(app.at.number_input, "Lowest mark").set_value(0.0)
    named(app.at.number_input, "Highest mark").set_value(10.0)
    app.run().click("Read with this mapping")
    assert "6 forms from scores.csv: 2 cases of 1 practitioner." in app.words


def test_what_was_recognised_can_be_corrected_all_the_same(loaded):
    assert not any("What does each column hold" in one.value for one in loaded.at.markdown)
    named(loaded.at.toggle, "Say yourself what the columns hold").set_value(True)
    loaded.run()
    named(loaded.at.selectbox, "B: Client").select("practitioner")
    named(loaded.at.selectbox, "A: Therapist").select("client")
    loaded.run().click("Read with this mapping")
    assert "32 forms from team.csv: 3 cases of 3 practitioners." in loaded.words


def test_headers_of_users_are_shown_as_they_stand(app):
    hostile = "![x](http://example.invalid/x.png)"
    app.bring(("export.csv", unknown([hostile, *HEADERS[1:]])))
    labels = [one.label for one in app.at.selectbox if "example" in one.label]
    assert labels
    assert all(r"\!\[x\]" in label for label in labels)


def test_more_columns_than_fit_are_taken_as_guessed(app, monkeypatch):
    monkeypatch.setattr(mapping_columns, "MOST_COLUMNS", 6)
    app.bring(("export.csv", unknown()))
    confirm(app)
    assert "Columns after the first 6 are taken as guessed." in app.words
    assert "40 rows looked at = 40 used" in app.words


def test_the_template_can_hold_the_visitors_own_cases(loaded, app):
    label = "With my own practitioners and clients filled in"
    named(loaded.at.checkbox, label).set_value(True)
    loaded.run()
    found = loaded.at.session_state["brought"]
    with_cases = bringing.own_template("wai-sr", found)
    ratings, problems = bringing.read_workbooks(("template.xlsx", with_cases))
    assert ratings.cases[["practitioner", "client"]].to_numpy().tolist() == [
        ["P1", "C-1"],
        ["P1", "C-2"],
        ["P2", "C-3"],
    ]
    assert not problems["severity"].eq("error").any()
    app.click("Clear my data")
    assert not any(one.label == label for one in app.at.checkbox)
