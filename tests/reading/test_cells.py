import numpy as np
import pytest

from alliance_core.reading import cells
from alliance_core.reading.cells import BAD, BLANK, ERROR_CELL, GOOD, NO_RESULT
from alliance_core.reading.sheets import Cells, address


def column(*values):
    kinds = "".join("n" if isinstance(v, float) else "t" for v in values)
    return Cells(np.arange(len(values)), kinds, list(values))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3", 3),
        ("3,5", 3.5),
        ("3.5", 3.5),
        (" 4\u00a0", 4),
        ("４", 4),
        ("３，５", 3.5),
        ("-1", -1),
        ("−1", -1),
        (",5", 0.5),
    ],
)
def test_numbers_as_people_write_them(written, meant):
    assert cells.to_number(written) == meant


@pytest.mark.parametrize("written", ["3 of 4", "1.234,5", "", "five", "1e5", "nan", "3/5"])
def test_what_is_no_number(written):
    assert cells.to_number(written) is None


def test_words_for_not_answered_are_blank_and_other_words_are_not():
    read = cells.numbers(column("n/a", "-", "DNA", "k. A.", "—", "0", "often"))
    assert read.states.tolist() == [BLANK, BLANK, BLANK, BLANK, BLANK, GOOD, BAD]
    assert read.values[5] == 0


def test_answers_in_words_go_along_the_range():
    answers = ("Seldom", "Sometimes", "Fairly often", "Very often", "Always")
    read = cells.numbers(
        column("seldom", "FAIRLY OFTEN", "always ", "4 = Very often", "2 = Always"), answers, 1
    )
    assert read.values[:4].tolist() == [1, 3, 5, 4]
    assert read.states.tolist() == [GOOD, GOOD, GOOD, GOOD, BAD]


def test_error_cells_and_empty_formulas_keep_their_own_state():
    read = cells.numbers(Cells(np.arange(3), "xfe", [None, None, None]))
    assert read.states.tolist() == [ERROR_CELL, NO_RESULT, BLANK]


def test_ids_keep_zeros_lose_outer_spaces_and_decimal_points():
    read = cells.identifiers(column("007", " C-1\u200b", 7.0, "\u00a0NA ", 7.5, "e\u0301", "-", 1e15))
    assert list(read.values[:6]) == ["007", "C-1", "7", "NA", "7.5", "\u00e9"]
    assert read.states.tolist() == [GOOD] * 6 + [BLANK, BAD]


@pytest.mark.parametrize(
    ("written", "number"),
    [(3.0, 3), ("3", 3), ("Session 3", 3), ("S3", 3), ("#3", 3), ("3.", 3), ("Sitzung 12", 12), ("3.0", 3)],
)
def test_sessions(written, number):
    read = cells.sessions(column(written))
    assert read.states.tolist() == [GOOD]
    assert read.values[0] == number


@pytest.mark.parametrize("written", [0.0, -1.0, 2.5, "intake", "3b", "Week 3"])
def test_what_is_no_session(written):
    assert cells.sessions(column(written)).states.tolist() == [BAD]


@pytest.mark.parametrize(
    ("word", "rater"),
    [
        ("Client", "client"),
        ("PATIENT", "client"),
        ("c", "client"),
        ("Therapist", "practitioner"),
        ("Behandlerin", "practitioner"),
        ("thérapeute", "practitioner"),
        ("Client ratings", "client"),
        ("WAI-SR Therapist 2024", "practitioner"),
        ("Observer", "observer"),
        ("both", None),
        ("Ratings", None),
        ("beside", None),
    ],
)
def test_raters(word, rater):
    assert cells.rater_of(word) == rater


def test_addresses():
    assert [address(0, 0), address(16, 2), address(4, 26), address(1048575, 16383)] == [
        "A1",
        "C17",
        "AA5",
        "XFD1048576",
    ]
