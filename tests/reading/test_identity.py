"""Who is who: ids that look alike, clients numbered by each practitioner, personal data and its pseudonyms."""

import datetime
import io
import itertools
import re

import openpyxl
import pytest

from alliance_core.reading import read_workbooks
from alliance_core.reading.alike import folded
from alliance_core.reading.pseudonyms import pseudonymised

HEADER = ["Practitioner", "Client", "Session", "Rated by", "Instrument", "Goal", "Task", "Bond"]
KEY, OTHER_KEY = b"k" * 32, b"o" * 32


def row(client="C-001", session=1, practitioner="P01", bond=5):
    return [practitioner, client, session, "client", "wai-sr", 4, 3, bond]


def told(problems, code):
    return problems[problems["code"] == code]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C-001", "c-001"),
        ("C-001", "C 001".replace(" ", "- ")),
        ("C-10", "C-1O"),  # a letter O
        ("C-1", "C-l"),  # a small L
        ("C-1", "C-I"),  # a capital i
        ("C-001", "С-001"),  # a Cyrillic С
        ("PA-7", "РА-7"),  # two Cyrillic letters
        ("B-2", "Β-2"),  # a Greek capital beta
        ("C-001", "C-01"),
        ("7", "007"),
        ("C-1", "C\u200b-1"),
        ("C-1", "Ｃ-１"),  # full width
        ("C-1", "C–1"),  # a longer dash
    ],
)
def test_ids_that_look_alike_are_pointed_out_side_by_side_and_kept_apart(read, one, other):
    ratings, problems = read([HEADER, row(one), row(other), row("X-55")])
    assert ratings.forms["client"].nunique() == 3
    said = told(problems, "similar_ids")
    assert said["cell"].tolist() == ["B2", "B3"]
    assert all(one in message and other in message for message in said["message"])


@pytest.mark.parametrize(
    ("one", "other"), [("C-1", "C-2"), ("C-1", "C-10"), ("C-11", "C-101"), ("A-5", "S-5")]
)
def test_ids_that_differ_are_not(one, other):
    assert folded(one) != folded(other)


def test_a_letter_of_another_alphabet_is_named(read):
    _, problems = read([HEADER, row("C-001"), row("С-001")])
    assert "С-001 (with a Cyrillic letter)" in told(problems, "similar_ids")["message"].iloc[0]


def test_practitioners_are_compared_too(read):
    _, problems = read([HEADER, row(practitioner="P01"), row(practitioner="PO1", client="C-002")])
    assert told(problems, "similar_ids")["cell"].tolist() == ["A2", "A3"]


def test_clients_numbered_by_each_practitioner_are_kept_apart(read):
    ratings, problems = read(
        [HEADER, row(1, practitioner="P01"), row(1, practitioner="P02", bond=2), row(1, 2, "P01")]
    )
    assert len(problems) == 0
    assert len(ratings.forms) == 3
    assert ratings.forms[["practitioner", "client"]].drop_duplicates().to_numpy().tolist() == [
        ["P01", "1"],
        ["P02", "1"],
    ]


BORN = datetime.date(1981, 5, 17)
PERSONAL = {
    "names": ("Vorname", ["Bravo", "Tango", "Zulu"]),
    "names beside the client": ("Client's surname", ["Kilo", "Oscar-Lima", "Uniform"]),
    "dates of birth": ("geboren am", ["17.5.1981", "3.12.1975", "30.1.1990"]),
    "dates of birth by their years": ("When", [BORN, datetime.date(1990, 1, 2), datetime.date(1969, 7, 3)]),
    "telephone numbers": ("Reached under", ["+49 30 1234567", "0170/7654321", "030 123456"]),
    "telephone numbers by the header": ("Mobile", ["555 1234", "555 9876", "555 4567"]),
    "e-mail addresses": ("Reached at", ["a1@example.org", "b2@example.org", "c3@mail.example.org"]),
    "record numbers": ("Insurance number", [4711001, 4711002, 4711003]),
}


@pytest.mark.parametrize("what", PERSONAL)
def test_columns_that_say_who_somebody_is_are_warned_of(read, what):
    header, values = PERSONAL[what]
    ratings, problems = read(
        [[*HEADER, header], *([*row(session=n), value] for n, value in enumerate(values, 1))]
    )
    said = told(problems, "personal_data")
    assert said[["severity", "cell", "column"]].to_numpy().tolist() == [["warning", "I1", header]]
    kind = re.split(" by| beside", what)[0]
    assert said["message"].iloc[0].startswith(f"Column {header} seems to hold {kind}.")
    assert not any(str(value) in said["message"].iloc[0] for value in values)
    assert len(ratings.forms) == 3


@pytest.mark.parametrize(
    "ids",
    [
        ["Bravo Kilo", "Tango Zulu"],
        ["Kilo, Bravo", "Zulu, Tango"],
        ["Bravo", "Tango"],
        [20231234567, 20231234568],
    ],
)
def test_ids_that_are_names_or_record_numbers_are_warned_of(read, ids):
    _, problems = read([HEADER, *(row(one) for one in ids)])
    assert told(problems, "personal_data")["cell"].tolist() == ["B1"]


@pytest.mark.parametrize(
    "ids",
    [
        ["C-001", "C-002"],
        [1, 2],
        ["007", "008"],
        ["AB", "CD"],
        ["SD", "MAX"],
        ["P01/3", "2025-17"],
        ["a1b2c3", "d4e5f6"],
        ["17", "x9"],
    ],
)
def test_codes_are_not(read, ids):
    _, problems = read([HEADER, *(row(one) for one in ids)])
    assert len(told(problems, "personal_data")) == 0


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Room", ["Blue", "Green"]),
        ("Team name", ["North", "South"]),
        ("Length", [50, 55]),
        ("When seen", [datetime.date(2025, 1, 2), datetime.date(2025, 1, 9)]),
        ("Name", ["K1", "K2"]),
    ],
)
def test_other_columns_are_not(read, header, values):
    _, problems = read([[*HEADER, header], *([*row(session=n), value] for n, value in enumerate(values, 1))])
    assert len(told(problems, "personal_data")) == 0


# -- pseudonyms --------------------------------------------------------------------------------------

IDS = ["Bravo Kilo", "Tango Zulu", "Sierra Quebec"]


@pytest.fixture
def named(workbook):
    """Two files: ratings with names for clients and addresses, and the cases of the same clients."""
    ratings = [
        ["Winter"],
        [*HEADER, "E-mail"],
        *([*row(client, n), f"x{i}@example.org"] for i, client in enumerate(IDS) for n in (1, 2)),
        ["Total", None, None, None, None, 4, 3, 5, None],
    ]
    cases = [["Practitioner", "Client", "Team"], ["P01", IDS[0], "North"], ["P01", f" {IDS[1]} ", "South"]]
    return [
        workbook({"Ratings": ratings, "Minutes": [["Bravo Kilo was late"], ["so was Tango Zulu"]]}, "a.xlsx"),
        workbook({"cases": cases}, "b.xlsx"),
    ]


def everything(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [
        str(cell.value)
        for sheet in book
        for line in sheet.iter_rows()
        for cell in line
        if cell.value is not None
    ]


def test_the_same_in_is_the_same_out_in_all_files(named):
    before, _ = read_workbooks(named)
    made = pseudonymised(named, KEY)
    ratings, problems = read_workbooks(made.files)
    assert len(told(problems, "personal_data")) == 0
    assert made.replaced == 6  # three clients, three addresses
    assert len(ratings.forms) == len(before.forms) == 6
    assert ratings.forms["client"].nunique() == 3
    assert set(ratings.cases["client"]) < set(ratings.forms["client"])
    assert "case_without_ratings" not in set(problems["code"])
    assert all(re.fullmatch("C-[0-9A-F]{8}", one) for one in ratings.forms["client"])
    assert set(ratings.forms["practitioner"]) == {"P01"}


def test_nothing_of_what_was_replaced_is_left(named):
    made = pseudonymised(named, KEY)
    for _, content in made.files:
        text = " ".join(everything(content))
        assert not any(word in text for one in IDS for word in one.split())
        assert "@" not in text
    assert made.left_out == ("Minutes of a.xlsx",)
    assert "total_row" in set(read_workbooks(made.files)[1]["code"])


def test_the_key_decides_and_nothing_else(named):
    assert pseudonymised(named, KEY) == pseudonymised(named[::-1], KEY)
    assert pseudonymised(named, KEY).files != pseudonymised(named, OTHER_KEY).files


def test_the_order_of_pseudonyms_says_nothing_of_the_order_of_values(workbook):
    names = [f"Kilo {one}{two}" for one in "ABCDEFGH" for two in "abcdefgh"]
    file = workbook({"Ratings": [HEADER, *(row(one) for one in names)]})
    ratings, _ = read_workbooks(pseudonymised([file], KEY).files)
    in_the_old_order = ratings.forms.sort_values("row")["client"].tolist()
    assert len(set(in_the_old_order)) == 64
    rising = sum(a < b for a, b in itertools.pairwise(in_the_old_order))
    assert 16 < rising < 48


def test_files_that_cannot_be_read_are_named(named):
    made = pseudonymised([*named, ("broken.xlsx", b"PK\x03\x04broken")], KEY)
    assert "broken.xlsx" in made.left_out
    assert len(made.files) == 2
