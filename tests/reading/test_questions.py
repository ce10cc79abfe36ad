"""What is unsure becomes a question with its candidates and example values; nothing of it is settled silently."""

from alliance_core.reading import read_workbooks
from alliance_core.reading.asking import in_words

ITEMS = [f"Item {n}" for n in range(1, 13)]
KEYS = ["Therapist", "Client", "Session", "Rated by"]


def asked(ratings):
    return [(one.code, one.column, one.candidates, one.examples) for one in ratings.questions]


def test_what_is_plain_asks_nothing(read, scores_header):
    ratings, _ = read([scores_header, ["P01", "C-001", 1, "client", "wai-sr", 4, 3, 5]])
    assert ratings.questions == ()


def test_two_instruments_that_fit(read):
    ratings, problems = read(
        [[*KEYS, *ITEMS], *(["P01", "C-001", n, "client", *[2, 4] * 6] for n in range(1, 9))]
    )
    assert asked(ratings) == [("instrument_needed", "Item 1", ("wai-s", "wai-sr"), ("2", "4"))]
    assert problems["code"].tolist() == ["instrument_needed"]


def test_few_answers_to_tell_an_instrument_by(read):
    ratings, _ = read([[*KEYS, *ITEMS], ["P01", "C-001", 1, "client", *[5, 4] * 6]])
    assert asked(ratings) == [("instrument_to_confirm", "Item 1", ("wai-s", "wai-sr"), ("4", "5"))]


def test_the_reason_of_an_instrument_says_where_and_what(read):
    rows = [[*KEYS, *ITEMS], *(["P01", "C-001", n, "client", *[5, 4, 1] * 4] for n in range(1, 9))]
    ratings, _ = read(rows)
    assert (
        "columns E–P hold 12 items, answers from 1 to 5: read as wai-sr"
        in ratings.recognised.loc[0, "reason"]
    )


def test_both_orders_of_dates(read):
    rows = [[*KEYS, "Date", "Instrument", "Bond"]]
    rows += [["P01", "C-001", n, "client", f"{n}/4/2025", "wai-sr", 4] for n in range(1, 13)]
    ratings, _ = read(rows)
    (one,) = ratings.questions
    assert (one.code, one.column, one.candidates) == ("date_order_needed", "Date", ("dmy", "mdy"))
    assert len(one.examples) == 10  # of eleven: 4/4/2025 is the same day in both orders
    assert "4/4/2025" not in one.examples


def test_an_unknown_range(read):
    ratings, _ = read([[*KEYS, "Goal", "Task", "Bond"], ["P01", "C-001", 1, "client", 40, 55.5, 70]])
    assert asked(ratings) == [("range_needed", "Goal", (), ("40", "70", "55.5"))]


def test_words_that_do_not_say_whose_rating_it_is(read, scores_header):
    ratings, _ = read(
        [scores_header, *(["P01", "C-001", 1, who, "wai-sr", 4, 3, 5] for who in ("zul", "mak", "client"))]
    )
    assert asked(ratings) == [
        ("rater_unreadable", "Rated by", ("client", "practitioner", "observer"), ("zul", "mak"))
    ]


def test_nothing_that_says_whose_ratings_they_are(read):
    ratings, _ = read(
        [["Therapist", "Client", "Session", "Instrument", "Bond"], ["P01", "C-001", 1, "wai-sr", 4]]
    )
    (one,) = ratings.questions
    assert (one.code, one.candidates) == ("rater_needed", ("client", "practitioner", "observer"))


def test_a_column_that_is_missing_with_those_that_may_be_it(read):
    rows = [["Therapist", "plok", "Session", "Rated by", "Instrument", "Bond"]]
    rows += [["P01", f"C-00{c}", n, "client", "wai-sr", 4] for c in range(3) for n in range(1, 4)]
    ratings, _ = read(rows)
    (one,) = ratings.questions
    assert (one.code, one.candidates) == ("column_missing", ("plok",))
    assert (
        one.words
        == "Which column holds the client? Perhaps plok: it holds 3 different codes, each in several rows."
    )
    assert one.examples == ("C-000", "C-001", "C-002")


def test_two_columns_for_one_thing(read, scores_header):
    rows = [[*scores_header, "Patient"], ["P01", "C-001", 1, "client", "wai-sr", 4, 3, 5, "C-7"]]
    ratings, _ = read(rows)
    assert asked(ratings) == [("column_twice", "Patient", ("Client", "Patient"), ("C-001", "C-7"))]


def test_a_sheet_with_unknown_headers_that_looks_like_ratings(workbook):
    rows = [["zurv", "plok", "trin", "blix"]]
    rows += [[f"P0{c // 2}", f"C-00{c}", n, 4] for c in range(4) for n in range(1, 4)]
    ratings, _ = read_workbooks(workbook({"Blad": rows, "Notes": [["Bring cake"], ["on Monday"]]}))
    (one,) = ratings.questions
    assert (one.code, one.sheet, one.candidates) == ("sheet_not_recognised", "Blad", ("zurv", "plok", "trin"))
    assert "session: trin, it holds whole numbers 1 to 3" in one.words


def test_a_question_in_words(read):
    ratings, _ = read([[*KEYS, "Goal", "Task", "Bond"], ["P01", "C-001", 1, "client", 40, 55.5, 70]])
    assert in_words(ratings.questions[0]) == (
        "ratings.xlsx, Ratings, Goal: From which lowest to which highest mark do the client's scores go (MIN:MAX)? "
        "For example: 40, 70, 55.5."
    )


def test_what_several_sheets_raise_is_asked_once(workbook):
    rows = [[*KEYS, "Goal", "Task", "Bond"], ["P01", "C-001", 1, "client", 40, 55.5, 70]]
    other = [rows[0], ["P02", "C-001", 1, "client", 20, 30, 70]]
    ratings, problems = read_workbooks(workbook({"A": rows, "B": other, "C": other[:1]}))
    (one,) = ratings.questions
    assert one.sheet == "A"
    assert one.words.endswith("(MIN:MAX)? The same of 1 other sheet.")
    assert one.examples == ("40", "70", "55.5", "20", "30")
    assert problems["sheet"].tolist() == ["A", "B"]


def test_the_texts_of_questions_are_no_example_values(workbook):
    names = ["zurv", "plok", "trin", "whem", *(f"g{letter}" for letter in "abcdefghijkl")]
    texts = [
        "Your code",
        "Their code",
        "Which time",
        "Who are you",
        *(f"How well fits {n}" for n in range(12)),
    ]
    ids = [f'{{"ImportId":"QID{n}"}}' for n in range(16)]
    rows = [
        [f"P{c}", f"C{c}{d}", n, who, *[5, 4, 1] * 4]
        for c in range(2)
        for d in range(2)
        for n in range(1, 4)
        for who in ("zul", "mak")
    ]
    ratings, _ = read_workbooks(workbook({"Export": [names, texts, ids, *rows]}))
    (one,) = ratings.questions
    assert one.code == "sheet_not_recognised"
    assert one.examples[:4] == ("P0", "C00", "1", "zul")
