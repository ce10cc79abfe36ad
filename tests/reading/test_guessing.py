"""Guesses about unknown headers carry their reason, and a preview shows what reading would make of a mapping."""

import pytest

from alliance_core.reading import ReadingChoices, SheetChoices, read_workbooks
from alliance_core.reading.guessing import apart, guesses, header_row, meanings, unknown_raters
from alliance_core.reading.headers import parse_meaning
from alliance_core.reading.previewing import open_sheets, preview

HEADERS = ["zurv", "plok", "trin", "vom", "whem", *(f"g{letter}" for letter in "abcdefghijkl")]
FORMS = [
    ["P01" if c < 2 else "P02", f"C-00{c}", n, f"2025-03-0{n}", who, *[5, 4, 3, 1] * 3]
    for c in range(4)
    for n in range(1, 6)
    for who in ("zul", "mak")
]
NOTHING = ReadingChoices()


@pytest.fixture
def sheet(workbook):
    return open_sheets(workbook({"Blad": [["Export of our tool"], HEADERS, *FORMS]}))[0]


def test_the_header_row_is_the_first_wide_row_of_words(sheet):
    assert header_row(sheet, NOTHING) == 1


def test_columns_are_guessed_by_their_values_with_a_reason(sheet):
    found = guesses(sheet, 1, NOTHING)
    assert [one.meaning for one in found] == [
        *("practitioner", "client", "session", "date", "rater"),
        *(f"item {n}" for n in range(1, 13)),
    ]
    reasons = {one.label: one.reason for one in found}
    assert reasons["ga"] == "columns F–Q hold whole numbers 1 to 5, twelve of them: wai-s or wai-sr"
    assert reasons["zurv"] == "it holds 2 different codes, each in several rows"
    assert reasons["trin"] == "it holds whole numbers 1 to 5"
    assert reasons["vom"] == "it holds dates"
    assert found[1].examples == ("C-000", "C-001", "C-002", "C-003")


def test_a_known_header_goes_before_its_values(workbook):
    rows = [["Session", "Client"], *([f"C-00{n}", n] for n in range(1, 4))]
    found = guesses(open_sheets(workbook({"Blad": rows}))[0], 0, NOTHING)
    assert [(one.meaning, one.reason) for one in found] == [
        ("session", "its header says so"),
        ("client", "its header says so"),
    ]


def test_words_that_do_not_say_whose_rating_it_is_are_found(sheet):
    assert set(unknown_raters(sheet, 1, 4, NOTHING)) == {"zul", "mak"}
    settled = ReadingChoices(raters={"client": ["zul"], "practitioner": ["MAK"]})
    assert unknown_raters(sheet, 1, 4, settled) == ()


def test_numbers_that_stand_for_raters_are_asked_about_too(workbook):
    rows = [["Therapist", "Client", "Session", "Rated by", "Instrument", "Bond"]]
    rows += [["P01", "C-001", n, who, "wai-sr", 4] for n in (1, 2) for who in (1, 2)]
    made = workbook({"Blad": rows})
    assert unknown_raters(open_sheets(made)[0], 0, 3, NOTHING) == ("1", "2")
    settled = ReadingChoices(raters={"client": ["1"], "practitioner": ["2"]})
    ratings, problems = read_workbooks(made, settled)
    assert ratings.forms["rater"].tolist() == ["client", "practitioner"] * 2
    assert len(problems) == 0


def test_every_meaning_on_offer_is_accepted_in_a_profile():
    assert all(parse_meaning(one) for one in meanings())
    assert len(set(meanings())) == len(meanings())


@pytest.mark.parametrize(
    "said",
    ["Client Bond", "noted_by", "observer items answered", "session 4, client", "set by", "client relevance"],
)
def test_every_meaning_that_a_profile_may_hold_is_on_offer(said):
    assert apart(said)[0] in meanings()


def mapping(sheet):
    found = guesses(sheet, 1, NOTHING)
    return SheetChoices(
        headers=tuple(HEADERS), instrument="wai-sr", columns={one.label: one.meaning for one in found}
    )


def test_a_preview_is_what_reading_gives(sheet, workbook):
    settled = ReadingChoices(raters={"client": ["zul"], "practitioner": ["mak"]})
    seen = preview(sheet, mapping(sheet), settled)
    assert (seen.read, seen.used, seen.left_out) == (40, 40, 0)
    assert seen.rows.loc[0, ["row", "practitioner", "client", "session", "rater", "item_4"]].tolist() == [
        3, "P01", "C-000", 1, "client", 1,
    ]  # fmt: skip
    assert len(seen.rows) == 8
    both = settled.with_sheet(mapping(sheet))
    ratings, problems = read_workbooks(workbook({"Blad": [["Export of our tool"], HEADERS, *FORMS]}), both)
    assert len(problems) == 0
    assert ratings.recognised.loc[0, ["rows_read", "rows_used"]].tolist() == [40, 40]


def test_a_preview_of_what_cannot_be_used_says_why(sheet):
    nothing_said = preview(sheet, mapping(sheet), NOTHING)
    assert (nothing_said.read, nothing_said.used, nothing_said.left_out) == (40, 0, 40)
    assert set(nothing_said.problems["code"]) == {"rater_unreadable"}
    no_client = mapping(sheet).model_copy(
        update={"columns": {"plok": "ignore", "zurv": "practitioner", "trin": "session", "ga": "item 1"}}
    )
    seen = preview(sheet, no_client, NOTHING)
    assert len(seen.rows) == 0
    assert seen.problems["code"].tolist() == ["column_missing"]


def test_a_preview_takes_from_other_sheets_what_reading_does(workbook):
    def sheet(score, day):
        header = ["Therapist", "Client", "Session", "Date", "Rated by", "Instrument", "Total"]
        return [header, *(["P01", "C-001", n, day, "client", "wai-sr", score] for n in (1, 2))]

    here, there = open_sheets(workbook({"Goal": sheet(4, "3/4/2025"), "Bond": sheet(3, "25/3/2025")}))
    own = SheetChoices(headers=("Total",))
    seen = preview(here, own, NOTHING, [there])
    assert len(seen.problems) == 0
    assert seen.rows["goal"].tolist() == [4, 4]
    assert seen.rows["date"].dt.month.tolist() == [4, 4]
    alone = preview(here, own, NOTHING)
    assert alone.problems["code"].tolist() == ["score_needed"]
    assert (alone.read, alone.left_out) == (2, 2)


def test_columns_of_an_instrument_s_words_are_taken_for_its_items(workbook):
    words = ["Seldom", "Always", "Very often"]
    asked = [f"We {letter} things" for letter in "abcdefghijkl"]
    rows = [
        ["P01", f"C-{c}", n, *(words[(c + n + i) % 3] for i in range(12))] for c in (1, 2) for n in (1, 2)
    ]
    found = guesses(open_sheets(workbook({"Blad": [["zurv", "plok", "trin", *asked], *rows]}))[0], 0, NOTHING)
    assert [one.meaning for one in found] == [
        "practitioner",
        "client",
        "session",
        *(f"item {n}" for n in range(1, 13)),
    ]
    assert found[3].reason == "columns D–O hold Always and Seldom, twelve of them: wai-sr"
    rows = [[*row[:4], *row[4:10], "yes", "no"] for row in rows]
    found = guesses(open_sheets(workbook({"Blad": [["zurv", "plok", "trin", *asked], *rows]}))[0], 0, NOTHING)
    assert not any("item" in one.meaning for one in found)


def test_files_that_cannot_be_read_have_no_sheets():
    assert open_sheets(("a.xlsx", b"PK no workbook")) == []


def test_a_single_slip_does_not_hide_the_items(workbook):
    slip = [list(row) for row in FORMS]
    slip[7][9] = 9
    found = guesses(open_sheets(workbook({"Blad": [HEADERS, *slip]}))[0], 0, NOTHING)
    assert found[5].meaning == "item 1"
    assert found[5].reason.startswith(
        "columns F–Q hold whole numbers 1 to 5 (but for 1 of 480 cells), twelve of them"
    )


def test_numbers_may_be_codes_and_marks_are_none(workbook):
    rows = [
        ["zurv", "plok", "blix"],
        *([4711 + c // 2, 20001 + c, 4 + n % 2] for c in range(4) for n in range(3)),
    ]
    found = guesses(open_sheets(workbook({"Blad": rows}))[0], 0, NOTHING)
    assert [one.meaning for one in found] == ["practitioner", "client", "ignore"]
