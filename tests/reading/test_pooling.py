"""Sheets with the same headers are judged together, and both raters of the same cases beside each other."""

from itertools import chain
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.reading import ReadingChoices, read_workbooks
from alliance_core.reading.pooling import _chance

KEYS = ["Client", "Session", "Rated by"]
ITEMS = [f"Item {n}" for n in range(1, 13)]
LOW = [5, 4, 3, 1, 5, 2, 4, 4, 3, 5, 1, 2]  # 1–5
HIGH = [7, 6, 5, 1, 6, 2, 4, 7, 3, 6, 1, 2]  # 1–7
FEW = [4, 4, 3, 2, 4, 2, 4, 4, 3, 4, 2, 2]  # the highest mark of neither range


def sheet(cases, marks, sessions=4, rater="client", keys=KEYS):
    """Forms of so many cases, all alike."""
    rows = [[f"C-{c:03}", n, rater, *marks] for c in range(cases) for n in range(1, sessions + 1)]
    return [[*keys, *ITEMS], *rows]


def instruments(workbook, sheets, **choices):
    """The instrument of each sheet, and reading's answer."""
    ratings, problems = read_workbooks(workbook(sheets), ReadingChoices(**choices))
    return ratings.recognised["instrument"].fillna("").tolist(), ratings, problems


def test_a_small_sheet_takes_the_form_of_its_sisters(workbook):
    sheets = {"P01": sheet(5, HIGH), "P02": sheet(4, HIGH), "P03": sheet(1, LOW, sessions=8)}
    found, ratings, problems = instruments(workbook, sheets)
    assert found == ["wai-s"] * 3
    assert len(problems) == 0
    assert ratings.questions == ()
    assert (
        "12 items, answers from 1 to 7: read as wai-s; judged over 3 sheets with the same headers (answers from 1 to 5 here)"
        in ratings.recognised.loc[2, "reason"]
    )
    alone, _, _ = instruments(workbook, {"P03": sheets["P03"]})
    assert alone == ["wai-sr"]


def test_sheets_that_are_too_small_by_themselves_tell_together(workbook):
    sheets = {f"C-{n:03}": [[*KEYS[1:], *ITEMS], [1, "client", *LOW]] for n in range(6)}
    content = workbook(sheets)[1]
    ratings, problems = read_workbooks(("P01.xlsx", content))
    assert ratings.recognised["instrument"].tolist() == ["wai-sr"] * 6
    assert len(problems) == 0


def test_a_sheet_without_the_highest_mark_is_told_by_its_sisters_in_other_files(workbook):
    sources = [
        workbook({"P01": sheet(6, LOW)}, name="spring.xlsx"),
        workbook({"P02": sheet(3, FEW)}, name="summer.xlsx"),
    ]
    ratings, problems = read_workbooks(sources)
    assert ratings.recognised["instrument"].tolist() == ["wai-sr"] * 2
    assert len(problems) == 0


def test_forms_that_really_differ_stay_apart(workbook):
    found, ratings, problems = instruments(workbook, {"P01": sheet(8, HIGH), "P02": sheet(8, LOW)})
    assert found == ["wai-s", "wai-sr"]
    assert len(problems) == 0
    assert "judged over" not in ratings.recognised.loc[1, "reason"]


def test_a_sheet_with_many_more_headers_is_no_sister(workbook):
    other = [[*KEYS, "Date", *ITEMS], *(["C-100", n, "client", f"2025-03-0{n}", *LOW] for n in range(1, 7))]
    found, _, _ = instruments(workbook, {"P01": sheet(8, HIGH), "P02": other})
    assert found == ["wai-s", "wai-sr"]


def test_where_it_is_not_plain_the_shared_reading_is_to_be_confirmed(workbook):
    """Five cases with marks above 5 and two without: 1 in 21 by chance."""
    found, ratings, problems = instruments(workbook, {"P01": sheet(5, HIGH), "P02": sheet(2, LOW)})
    assert found == ["wai-s", "wai-s"]
    assert problems[["sheet", "code"]].to_numpy().tolist() == [["P02", "instrument_to_confirm"]]
    assert [one.candidates for one in ratings.questions] == [("wai-s", "wai-sr")]
    settled, _, problems = instruments(
        workbook, {"P01": sheet(5, HIGH), "P02": sheet(2, LOW)}, instrument="wai-s"
    )
    assert (settled, len(problems)) == (["wai-s"] * 2, 0)


def test_most_cases_of_a_form_give_marks_above_the_narrower_range(workbook):
    """One case among nine goes above 5: it may be another form, and its sisters are not dragged along."""
    sheets = {f"P{n:02}": sheet(1, HIGH if n == 4 else LOW, sessions=6) for n in range(9)}
    found, ratings, problems = instruments(workbook, sheets)
    assert found == ["wai-s" if n == 4 else "wai-sr" for n in range(9)]
    assert set(problems["code"]) == {"instrument_to_confirm"}
    assert len(ratings.questions) == 1


def test_a_slip_in_one_sheet_makes_no_other_sheet_doubtful(workbook):
    slipped = sheet(4, LOW)
    slipped[3][6] = 6
    found, _, problems = instruments(workbook, {"P01": sheet(4, LOW), "P02": slipped, "P03": sheet(4, LOW)})
    assert found == ["wai-sr", "", "wai-sr"]
    assert problems[["sheet", "code"]].to_numpy().tolist() == [["P02", "instrument_needed"]]


def test_answers_coded_one_mark_lower_are_not_hidden_by_sisters(workbook):
    lower = [mark - 1 for mark in LOW]
    found, _, problems = instruments(workbook, {"P01": sheet(6, LOW), "P02": sheet(2, lower)})
    assert found == ["wai-sr", ""]
    assert "coded one mark lower" in problems.loc[0, "message"]


def test_words_tell_the_form_of_sisters_with_numbers(workbook):
    words = ["Always", "Very often", "Fairly often", "Sometimes", "Seldom", "Fairly often"] * 2
    numbers = sheet(1, FEW, sessions=2)
    found, _, problems = instruments(workbook, {"P01": sheet(2, words), "P02": numbers})
    assert found == ["wai-sr", "wai-sr"]
    assert len(problems) == 0


def test_few_forms_of_a_shorter_version_take_the_length_of_their_sisters(workbook):
    shorter = [*LOW[:10], None, None]
    sheets = {
        "P01": sheet(3, shorter, rater="therapist"),
        "P02": sheet(1, shorter, sessions=2, rater="therapist"),
    }
    assert instruments(workbook, sheets)[0] == ["wai-srt", "wai-srt"]


def test_a_question_about_sister_sheets_is_asked_once_and_every_sheet_is_named(workbook):
    found, ratings, problems = instruments(workbook, {"P01": sheet(2, FEW), "P02": sheet(2, FEW)})
    assert found == ["", ""]
    assert problems[["sheet", "code"]].to_numpy().tolist() == [
        ["P01", "instrument_needed"],
        ["P02", "instrument_needed"],
    ]
    assert len(ratings.questions) == 1


def test_sessions_as_columns_are_one_form_however_many_there_are(workbook):
    """Session 2 alone would fit two forms; the shorter sheet alone would too."""

    def matrix(sessions):
        header = ["Client", "Rated by", *(f"S{n} Q{i}" for n in range(1, sessions + 1) for i in range(1, 13))]
        marks = [LOW, FEW, LOW][:sessions] if sessions > 2 else [FEW] * sessions
        return [header, *([f"C-{c}", "client", *chain(*marks)] for c in range(4))]

    ratings, problems = read_workbooks(workbook({"P01": matrix(3), "P02": matrix(2)}))
    assert ratings.recognised["instrument"].tolist() == ["wai-sr"] * 2
    assert len(problems) == 0


def test_items_that_are_not_numbered_from_one_are_not_taken_for_a_shorter_form(workbook):
    header = ["Therapist", *KEYS, "Item 4", "Item 6", "Item 8", "Item 11"]
    rows = [["P01", f"C-{n}", 1, "client", 5, 4, 1, 5] for n in range(9)]
    ratings, problems = read_workbooks(workbook({"Goal items": [header, *rows]}))
    assert problems["code"].tolist() == ["instrument_needed"]
    assert "numbered 4, 6, 8, 11, not from 1 on" in problems.loc[0, "message"]
    ratings, problems = read_workbooks(
        workbook({"Goal items": [header, *rows]}), ReadingChoices(instrument="wai-sr")
    )
    assert ratings.forms["item_11"].tolist() == [5] * 9


def test_where_a_sheet_seems_to_differ_but_few_cases_say_so_it_is_asked(workbook):
    """Nine cases with marks above 5 and three without: 1 in 220 by chance."""
    found, ratings, problems = instruments(workbook, {"P01": sheet(9, HIGH), "P02": sheet(3, LOW)})
    assert found == ["wai-s", "wai-sr"]
    assert problems[["sheet", "code"]].to_numpy().tolist() == [["P02", "instrument_to_confirm"]]
    assert len(ratings.questions) == 1


def test_forms_that_name_their_instrument_bear_witness_for_those_that_do_not(workbook):
    header = [*KEYS, "Instrument", *ITEMS]
    named = [header, *([f"C-{c}", n, "client", "wai-s", *LOW] for c in range(3) for n in (1, 2))]
    open_ = [header, *([f"C-{c}", n, "client", None, *LOW] for c in range(3) for n in (1, 2))]
    found, ratings, problems = instruments(workbook, {"P01": named, "P02": open_})
    assert found == ["wai-s", "wai-s"]
    assert len(problems) == 0
    assert "read as wai-s, as other forms with these headers say" in ratings.recognised.loc[1, "reason"]


# -- named by the headers or by the sheet's name -----------------------------------------------------------


def test_headers_that_name_the_instrument_settle_it(workbook):
    for word, wanted in (
        ("WAI-SR item", "wai-sr"),
        ("waisr_", "wai-sr"),
        ("WAI-S", "wai-s"),
        ("WAI-S question", "wai-s"),
    ):
        header = ["Therapist", *KEYS, *(f"{word}{n}" for n in range(1, 13))]
        rows = [["P01", "C-001", n, who, *FEW] for n in (1, 2) for who in ("client", "therapist")]
        ratings, problems = read_workbooks(workbook({"Ratings": [header, *rows]}))
        assert (set(ratings.forms["instrument"]), len(problems)) == ({wanted}, 0)
        assert (
            f"read as {wanted}, as their headers or the sheet's name say"
            in ratings.recognised.loc[0, "reason"]
        )


def test_a_sheet_s_name_may_be_the_instrument_s(workbook):
    rows = [["Therapist", *KEYS, *ITEMS], *(["P01", "C-001", n, "client", *FEW] for n in (1, 2))]
    ratings, problems = read_workbooks(workbook({"WAI-SR client": rows}))
    assert (set(ratings.forms["instrument"]), len(problems)) == ({"wai-sr"}, 0)


def test_headers_that_the_answers_or_their_number_contradict_are_asked_about(workbook):
    header = ["Therapist", *KEYS, *(f"WAI-SR {n}" for n in range(1, 13))]
    for marks, names in ((HIGH, header), (LOW[:10], header[:-2])):
        rows = [["P01", "C-001", n, "client", *marks] for n in range(1, 9)]
        ratings, problems = read_workbooks(workbook({"Ratings": [names, *rows]}))
        assert problems["code"].tolist() == ["instrument_needed"]
        assert "headers or the sheet's name say wai-sr (12 items, 1 to 5)" in problems.loc[0, "message"]
        assert len(ratings.questions) == 1


def test_named_forms_of_both_raters_may_differ(workbook):
    sheets = two_sheets(LOW, HIGH)
    sheets = {"WAI-SR client": sheets["Client forms"], "WAI-S therapist": sheets["Therapist forms"]}
    ratings, problems = read_workbooks(workbook(sheets))
    assert ratings.recognised["instrument"].tolist() == ["wai-sr", "wai-s"]
    assert len(problems) == 0


@pytest.mark.parametrize(("items", "marks"), [(36, LOW * 3), (4, [5, 4, 2, 1])])
def test_the_only_form_of_a_length_is_to_be_confirmed_where_its_upper_marks_are_never_used(
    workbook, items, marks
):
    header = ["Therapist", *KEYS, *(f"Item {n}" for n in range(1, items + 1))]
    rows = [["P01", "C-001", n, "client", *marks] for n in range(1, 20)]
    ratings, problems = read_workbooks(workbook({"Ratings": [header, *rows]}))
    assert problems["code"].tolist() == ["instrument_to_confirm"]
    assert "No answer is above 5" in problems.loc[0, "message"]
    assert len(ratings.forms) == 19


# -- both raters of the same cases ---------------------------------------------------------------------


def paired(client, practitioner, sessions=6):
    header = ["Therapist", "Client", "Session", *(f"{who}{n}" for who in "CT" for n in range(1, 13))]
    return [header, *(["P01", "C-001", n, *client, *practitioner] for n in range(1, sessions + 1))]


def two_sheets(client, practitioner, other="C-001"):
    header = ["Therapist", "Client", "Session", *ITEMS]
    return {
        "Client forms": [header, *(["P01", "C-001", n, *client] for n in range(1, 7))],
        "Therapist forms": [header, *(["P01", other, n, *practitioner] for n in range(1, 7))],
    }


@pytest.mark.parametrize("narrow", ["client", "practitioner"])
def test_two_sides_that_fit_different_forms_are_asked_about(workbook, narrow):
    marks = (LOW, HIGH) if narrow == "client" else (HIGH, LOW)
    for sheets in ({"Ratings": paired(*marks)}, two_sheets(*marks)):
        ratings, problems = read_workbooks(workbook(sheets))
        (one,) = ratings.questions
        assert one.code == "instruments_differ"
        assert set(one.candidates) == {"wai-s", "wai-sr"}
        assert one.examples == ("1", "2", "3", "4", "5")
        assert f"Which form did the {narrow} fill in?" in one.words
        assert "this fits wai-sr and wai-s" in one.words
        assert "answers from 1 to 7 about the same cases are read as wai-s" in one.words
        assert problems["severity"].eq("error").sum() == 1
        assert narrow not in set(ratings.forms["rater"])


def test_sister_sheets_are_doubted_together(workbook):
    """P02's practitioner rated nothing: the client's form is as doubtful there as in P01."""
    header = ["Client", "Session", *(f"{who}{n}" for who in "CT" for n in range(1, 13))]
    sheets = {
        "P01": [header, *(["C-001", n, *LOW, *HIGH] for n in range(1, 7))],
        "P02": [header, *(["C-002", n, *LOW, *[None] * 12] for n in range(1, 7))],
    }
    ratings, problems = read_workbooks(workbook(sheets))
    assert len(ratings.forms) == 0
    assert problems["code"].tolist() == ["instruments_differ"] * 2
    assert len(ratings.questions) == 1


def test_the_answer_about_two_sides_is_used(workbook):
    for chosen in ({"client": "wai-s"}, {"client": "wai-sr"}, "wai-s"):
        ratings, problems = read_workbooks(
            workbook({"Ratings": paired(LOW, HIGH)}), ReadingChoices(instrument=chosen)
        )
        wanted = chosen if isinstance(chosen, str) else chosen["client"]
        assert set(ratings.forms.loc[ratings.forms["rater"] == "client", "instrument"]) == {wanted}
        assert ratings.questions == ()
        assert len(problems) == 0


def test_a_side_whose_form_is_known_does_not_settle_the_other(workbook):
    header = ["Therapist", *KEYS, "Instrument", *ITEMS]
    rows = [
        ["P01", "C-001", n, who, form, *marks]
        for n in range(1, 7)
        for who, form, marks in (("client", None, LOW), ("therapist", "wai-s", HIGH))
    ]
    for sheets, chosen in (
        ({"R": [header, *rows]}, None),
        ({"R": paired(LOW, HIGH)}, {"practitioner": "wai-s"}),
    ):
        ratings, problems = read_workbooks(workbook(sheets), ReadingChoices(instrument=chosen))
        assert [one.code for one in ratings.questions] == ["instruments_differ"]
        assert problems["code"].tolist() == ["instruments_differ"]
        assert "client" not in set(ratings.forms["rater"])


def test_sides_of_other_cases_are_not_compared(workbook):
    ratings, problems = read_workbooks(workbook(two_sheets(LOW, HIGH, other="C-777")))
    assert ratings.recognised["instrument"].tolist() == ["wai-sr", "wai-s"]
    assert len(problems) == 0


def test_words_leave_no_doubt_about_two_sides(workbook):
    words = ["Always", "Very often", "Fairly often", "Sometimes", "Seldom", "Fairly often"] * 2
    ratings, problems = read_workbooks(workbook({"Ratings": paired(words, HIGH)}))
    assert ratings.recognised.loc[0, "instrument"] == "wai-s, wai-sr"
    assert len(problems) == 0


def test_the_other_side_makes_one_form_likelier(workbook):
    ratings, _ = read_workbooks(workbook({"Ratings": paired(FEW, LOW)}))
    (one,) = ratings.questions
    assert (one.code, one.candidates) == ("instrument_needed", ("wai-sr", "wai-s"))
    assert "and one form for both is likelier" in one.words


# -- chance --------------------------------------------------------------------------------------------


def test_chance_of_a_known_table():
    """Fisher's tea: of 8 cups 4 with milk first, all 4 named rightly: 1 in 70 (The Design of Experiments, 1935, ch. 2)."""
    assert _chance(8, 4, 4, 4, more=True) == pytest.approx(1 / 70)
    assert _chance(8, 4, 4, 3, more=True) == pytest.approx(17 / 70)
    assert _chance(8, 4, 4, 0, more=False) == pytest.approx(1 / 70)


@given(st.integers(0, 9), st.integers(0, 9), st.data())
def test_chance_is_the_share_of_draws(above, below, data):
    own = data.draw(st.integers(0, above + below))
    own_above = data.draw(st.integers(max(0, own - below), min(own, above)))
    ways = {n: comb(above, n) * comb(below, own - n) for n in range(max(0, own - below), min(own, above) + 1)}
    every = sum(ways.values())
    fewer, more = (_chance(above + below, above, own, own_above, more=m) for m in (False, True))
    assert fewer == pytest.approx(sum(w for n, w in ways.items() if n <= own_above) / every)
    assert more == pytest.approx(sum(w for n, w in ways.items() if n >= own_above) / every)
