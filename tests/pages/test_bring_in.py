"""Bring in ratings: every state of the page."""

import hashlib

import pytest

from alliance_core.reading.child.limits import TO_SPARE, UPLOAD
from pages.parts.bringing import SAMPLE


def test_at_first_there_is_an_invitation_and_nothing_to_clear(app):
    assert "Nothing has been brought in yet" in app.words
    labels = [button.label for button in app.at.button]
    assert labels == ["Look around with the sample team"]
    assert len(app.at.file_uploader) == 2  # the place to drop files, and, folded, that of an import profile


def test_the_sample_team_is_read_like_any_upload(app):
    app.click("Look around with the sample team")
    assert "24 cases of 4 practitioners" in app.words
    assert SAMPLE.name in app.words
    assert "instrument wai-sr" in app.words
    assert "Go to the agenda" in app.words


def test_the_sum_of_rows_is_shown(loaded):
    # 7 + 7 + 5 + 5 + 4 + 4
    assert "32 rows read = 32 used + 0 left out" in loaded.words
    assert "32 forms from team.csv: 3 cases of 2 practitioners." in loaded.words
    assert "layout long scores" in loaded.words
    assert "rated by client, practitioner" in loaded.words
    assert "No problems found." in loaded.words


def test_sessions_that_we_numbered_are_said_to_be(app):
    content = (
        "Therapist,Client,Date,Rated by,Instrument,Goal,Task,Bond\nP1,C-1,2025-04-03,Client,wai-sr,4,4,4"
    )
    app.bring(("team.csv", content.encode()))
    assert "1 session, numbered by date because the sheet has no numbers;" in app.words


def test_several_files_are_read_together(app, made):
    csv, rows_of = made
    app.bring(
        ("a.csv", csv(rows_of("P1", "C-1", "Client", [4, 4]))),
        ("b.csv", csv(rows_of("P1", "C-1", "Therapist", [3, 3]))),
    )
    assert "4 forms from 2 files: 1 case of 1 practitioner." in app.words


def test_problems_are_grouped_with_their_cells_and_can_be_downloaded(app, made):
    csv, rows_of = made
    app.bring(("team.csv", csv(rows_of("P1", "C-1", "Client", [4, 9, 4, 8, 4]))))
    # Three parts in each of rows 3 and 5, one kind of problem; each row is left out once.
    assert "6 problems of 1 kind: 6 errors that leave out 2 rows" in app.words
    assert "6 errors: 2 rows left out" in app.words
    assert "G3, H3, I3, G5, H5, I5" in app.words
    assert "5 rows read = 3 used + 2 left out" in app.words
    assert "No problems found" not in app.words
    download = app.at.get("download_button")[-1]
    assert download.label == "Download all problems (CSV)"


def test_an_error_that_stands_for_many_rows_says_so_and_the_sums_agree(app):
    lines = ["Therapist,Client,Session,Goal,Task,Bond", *(f"P1,C-1,{n},4,4,4" for n in range(1, 25))]
    used = "Therapist,Client,Session,Rated by,Instrument,Goal,Task,Bond\nP1,C-2,1,Client,wai-sr,4,4,4\nP1,C-2,2,Client,wai-sr,9,9,4"
    app.bring(("whose.csv", "\n".join(lines).encode()), ("used.csv", used.encode()))
    assert "26 rows read = 1 used + 25 left out" in app.words
    assert "3 problems of 2 kinds: 3 errors that leave out 25 rows" in app.words
    assert "2 errors: 1 row left out" in app.words
    assert "1 error: 24 rows left out" in app.words


def test_errors_in_the_same_row_are_counted_with_the_first(app):
    content = "Therapist,Client,Session,Rated by,Instrument,Goal,Task,Bond\nP1,C-2,1,Client,wai-sr,4,4,4\nP1,C-2,2,Client,wai-sr,9,good,4"
    app.bring(("used.csv", content.encode()))
    assert "2 problems of 2 kinds: 2 errors that leave out 1 row" in app.words
    assert "1 error: 1 row left out" in app.words
    assert "1 error: rows counted with another error" in app.words


def test_cells_of_several_sheets_name_their_sheet(app):
    app.open("bring_in")
    app.bring(("problems.xlsx", (SAMPLE.parent / "problems.xlsx").read_bytes()))
    assert "Ratings!B28" in app.words


def test_two_readings_never_share_a_download_name(app, made):
    csv, rows_of = made
    tokens = set()
    for _ in range(2):
        app.bring(("team.csv", csv(rows_of("P1", "C-1", "Client", [4, 9]))))
        tokens.add(app.at.session_state["brought"].token)
    assert len(tokens) == 2


def scores_without_a_range():
    return b"Therapist,Client,Session,Rated by,Goal,Task,Bond\nP1,C-1,1,Client,4,4,4\nP1,C-1,2,Client,4,4,4"


def test_a_missing_response_range_is_asked_for_and_the_answer_reads_again(app):
    app.bring(("scores.csv", scores_without_a_range()))
    assert "Something is needed from you" in app.words
    assert "1 problem of 1 kind: 1 error that leaves out 2 rows" in app.words
    assert len(app.at.data_editor) == 0  # no cell is wrong
    assert "loaded" not in app.at.session_state
    app.at.number_input(key="lowest mark").set_value(1.0)
    app.at.number_input(key="highest mark").set_value(5.0)
    app.click("Read again with these answers")
    assert "Something is needed from you" not in app.words
    assert "2 rows read = 2 used + 0 left out" in app.words


@pytest.mark.parametrize("page", ["agenda", "practitioner", "case"])
def test_while_an_answer_is_missing_the_other_pages_ask_for_it(app, page):
    app.bring(("scores.csv", scores_without_a_range()))
    app.open(page)
    assert "they could not be read without an answer from you" in app.words
    assert "No ratings have been brought in yet" not in app.words
    assert "Answer what is asked" in [link.proto.label for link in app.at.get("page_link")]
    app.open("bring_in").click("Clear my data")
    app.open(page)
    assert "No ratings have been brought in yet" in app.words


def test_a_range_the_wrong_way_round_is_refused_with_a_sentence(app):
    app.bring(("scores.csv", scores_without_a_range()))
    app.at.number_input(key="lowest mark").set_value(5.0)
    app.at.number_input(key="highest mark").set_value(1.0)
    app.click("Read again with these answers")
    assert "The lowest mark must be below the highest mark." in app.words


def test_an_open_order_of_dates_is_asked_for_and_the_answer_reads_again(app):
    content = (
        "Therapist,Client,Session,Date,Rated by,Instrument,Goal,Task,Bond\n"
        "P1,C-1,1,3/4/2025,Client,wai-sr,4,4,4\nP1,C-1,2,10/4/2025,Client,wai-sr,4,4,4"
    )
    app.bring(("dates.csv", content.encode()))
    assert "day first or month first" in app.words
    app.at.radio(key="date order").set_value("dmy")
    app.click("Read again with these answers")
    assert "3 Apr 2025 to 10 Apr 2025" in app.words


def test_an_instrument_that_is_not_plain_is_asked_for_and_the_answer_reads_again(app):
    items = ",".join(f"Item {number}" for number in range(1, 13))
    marks = ",".join(["4"] * 12)
    content = f"Therapist,Client,Session,Rated by,{items}\nP1,C-1,1,Client,{marks}\nP1,C-1,2,Client,{marks}"
    app.bring(("items.csv", content.encode()))
    # The highest mark of neither 1–5 nor 1–7 was used, so both fit.
    assert "Something is needed from you" in app.words
    app.at.selectbox(key="instrument of client").select("wai-s")
    app.click("Read again with these answers")
    assert "instrument wai-s;" in app.words


@pytest.mark.parametrize("name", ["garbage.xlsx", "garbage.csv", "garbage.xls"])
def test_garbage_gets_a_sentence_and_no_traceback(app, name):
    app.bring((name, hashlib.shake_256(b"garbage").digest(4000)))
    assert app.at.error[0].value.replace("\\", "").startswith(name)
    assert "loaded" not in app.at.session_state


def test_an_unusable_file_takes_the_place_of_what_was_there_before(loaded):
    loaded.bring(("garbage.xlsx", b"no workbook"))
    loaded.open("agenda")
    assert "No ratings have been brought in yet" in loaded.words


def test_clearing_leaves_nothing_behind(loaded):
    loaded.open("case", practitioner="P1", client="C-2")
    loaded.open("bring_in").click("Clear my data")
    for name in ("brought", "loaded", "chosen practitioner", "chosen client", "uploads seen"):
        assert name not in loaded.at.session_state
    assert "Nothing has been brought in yet" in loaded.words


def test_what_was_recognised_is_still_there_after_a_page_change(loaded):
    loaded.open("how_it_works").open("bring_in")
    assert "32 rows read = 32 used + 0 left out" in loaded.words


def test_two_sides_that_fit_different_forms_are_asked_about_and_the_answer_is_used(app):
    header = ",".join(["Therapist,Client,Session", *(f"{who}{n}" for who in "CT" for n in range(1, 13))])
    rows = [f"P1,C-1,{n},{','.join('543152443512')},{','.join('765162473612')}" for n in range(1, 7)]
    app.bring(("pairs.csv", "\n".join([header, *rows]).encode()))
    assert (
        "Which form did the client fill in? 12 items, answers from 1 to 5: this fits wai-sr and wai-s"
        in app.words
    )
    assert "Candidates: wai-sr, wai-s. For example: 1, 2, 3, 4, 5." in app.words
    assert "loaded" not in app.at.session_state
    app.at.selectbox(key="instrument of client").select("wai-s")
    app.click("Read again with these answers")
    assert "12 forms from pairs.csv: 1 case of 1 practitioner." in app.words
    assert "No problems found." in app.words


def test_a_template_can_be_had_for_any_instrument(app):
    app.at.selectbox(key="template for").select("wai-36")
    app.run()
    assert app.at.get("download_button")[0].label == "Download the template"


def test_larger_files_are_read_where_there_is_memory_to_spare(app, workbook, monkeypatch):
    monkeypatch.setattr("alliance_core.reading.room.UPLOAD", UPLOAD._replace(cells=50))
    monkeypatch.setattr("alliance_core.reading.room.free_memory", lambda: 0)
    app.bring(("team.csv", workbook))
    assert "team.csv has more than 50 cells" in app.words
    assert "Larger files are read here when this machine has 4 GB of memory to spare" in app.words
    monkeypatch.setattr("alliance_core.reading.room.free_memory", lambda: TO_SPARE)
    app.bring(("team.csv", workbook))
    assert "32 forms from team.csv" in app.words
