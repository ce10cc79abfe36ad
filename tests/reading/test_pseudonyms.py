"""What is replaced by pseudonyms is replaced wherever it is mentioned, in names of sheets and files too."""

import io
import re

import openpyxl
import pytest

from alliance_core.reading import ReadingChoices, mentions, read_workbooks
from alliance_core.reading.mentions import Mentions
from alliance_core.reading.pseudonyms import pseudonymised

KEY = b"k" * 32
HEADER = ["Practitioner", "Client", "Session", "Rated by", "Instrument", "Goal", "Task", "Bond"]


def form(session, *more, practitioner="P01", client="C-001", rater="client", mark=4):
    return [practitioner, client, session, rater, "wai-sr", mark, 3, 5, *more]


def everything(files):
    """All that stands in the files, their names and their sheets' names included."""
    found = []
    for name, content in files:
        found.append(name)
        for sheet in openpyxl.load_workbook(io.BytesIO(content)):
            found.append(sheet.title)
            found += [str(cell.value) for line in sheet.iter_rows() for cell in line]
    return " | ".join(found)


# -- mentions ----------------------------------------------------------------------------------------

SPOKEN = {
    "Bravo Kilo": "C-1",
    "Bravo Zulu": "C-2",
    "May": "C-3",
    "K-17": "C-4",
    "4711001": "X-5",
    "12": "C-6",
    "AB": "C-7",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("with Bravo Kilo today", "with C-1 today"),
        ("BRAVO  kilo.", "C-1."),
        ("Bravo\nZulu", "C-2"),
        ("Kilo came", "C-1 came"),
        ("Bravo came", "[name] came"),  # two of them are called so
        ("kilo by kilo", "kilo by kilo"),  # a part of a name counts as it is written
        ("in May we may", "in C-3 we may"),
        ("Mayor, Bravos, K-170, xK-17", "Mayor, Bravos, K-170, xK-17"),  # whole words only
        ("k-17's form", "C-4's form"),
        ("number 4711001!", "number X-5!"),
        ("12 of 12 items, AB", "12 of 12 items, AB"),  # in any text
        ("nothing of the kind", "nothing of the kind"),
        ("", ""),
    ],
)
def test_mentions(text, expected):
    assert Mentions(SPOKEN).replaced(text) == expected


def test_titles_are_no_names():
    assert Mentions({"Frau Kilo": "C-1"}).replaced("Frau Zulu, Frau Kilo, Kilo") == "Frau Zulu, C-1, C-1"


def test_a_letter_written_in_two_characters_is_the_same_letter():
    assert Mentions({"Zoë Kilo": "C-1"}).replaced("Zoe\u0308 Kilo") == "C-1"


def test_text_without_a_mention_stays_as_it_is():
    text = "e\u0301  and\ttabs"
    assert Mentions(SPOKEN).replaced(text) is text


# -- in the files ------------------------------------------------------------------------------------


def test_a_text_is_looked_at_alike_however_many_ids_begin_alike(monkeypatch):
    compared, fits = [], mentions._fits
    monkeypatch.setattr(mentions, "_fits", lambda *given: compared.append(1) or fits(*given))
    many = Mentions({f"C-{number:05}": f"RF-{number}" for number in range(1000)})
    told = many.replaced("as with c-00999, C-00001 and C-70000; C-00012-B is another one")
    assert told == "as with RF-999, RF-1 and C-70000; RF-12-B is another one"
    assert len(compared) == 3


def test_of_values_that_begin_alike_the_longest_that_fits_is_meant():
    some = Mentions({"C-001": "X-1", "C-001 B": "X-2", "C-001 B-3": "X-3"})
    assert some.replaced("C-001 B-3, c-001\tb, C-001 C, C-001 B-") == "X-3, X-2, X-1 C, X-2-"


def test_notes_titles_and_headers_that_no_field_uses(workbook):
    rows = [
        ["Ratings of Bravo Kilo and others"],
        [*HEADER, "Notes", "What Kilo said", "Bravo Kilo's room"],
        form(1, "Bravo Kilo was late", "Kilo: fine", "blue", client="Bravo Kilo"),
        form(2, "fine", None, None, client="Bravo Kilo"),
    ]
    markers = [
        ["Practitioner", "Client", "Session", "Kind", "Note"],
        ["P01", "Bravo Kilo", 1, "withdrawal", "Kilo sighed"],
    ]
    files = [workbook({"Ratings": rows, "markers": markers})]
    before, _ = read_workbooks(files)
    made = pseudonymised(files, KEY)
    text = everything(made.files)
    assert "Bravo" not in text
    assert "Kilo" not in text
    after, problems = read_workbooks(made.files)
    (client,) = set(after.forms["client"])
    assert f"Ratings of {client} and others" in text
    assert f"{client} was late" in text
    assert after.markers["note"].tolist() == [f"{client} sighed"]
    assert after.forms["session"].tolist() == before.forms["session"].tolist()
    assert "personal_data" not in set(problems["code"])


def test_a_sheet_for_each_practitioner_whose_name_it_is(workbook):
    def sheet(mark):
        return [HEADER[1:], *(form(n, mark=mark)[1:] for n in (1, 2))]

    files = [workbook({"Therapist Bravo Kilo": sheet(4), "Therapist Tango Zulu": sheet(2)})]
    before, problems = read_workbooks(files)
    assert problems["code"].tolist() == ["personal_data"] * 2
    assert problems["message"].str.startswith("The sheet's or file's name seems to hold names.").all()
    made = pseudonymised(files, KEY)
    assert not re.search("Bravo|Kilo|Tango|Zulu", everything(made.files))
    after, problems = read_workbooks(made.files)
    assert len(problems) == 0
    assert after.forms["practitioner"].nunique() == 2
    assert after.forms.groupby("practitioner")["goal"].unique().map(len).tolist() == [1, 1]
    assert sorted(after.recognised["sheet"]) == sorted(
        f"Therapist {one}" for one in set(after.forms["practitioner"])
    )
    assert len(after.forms) == len(before.forms)


def test_a_sheet_for_each_case_of_a_practitioner_whose_name_the_file_has(workbook):
    def sheet(mark):
        return [HEADER[2:], *(form(n, mark=mark)[2:] for n in (1, 2))]

    files = [
        workbook({"C-017": sheet(4), "C-018": sheet(2)}, "Therapist Bravo Kilo.xlsx"),
        workbook({"C-017": sheet(3)}, "P07.xlsx"),
    ]
    assert read_workbooks(files)[0].forms["practitioner"].nunique() == 2
    made = pseudonymised(files, KEY)
    names = [name for name, _ in made.files]
    after, problems = read_workbooks(made.files)
    assert after.forms["practitioner"].nunique() == 2
    assert after.forms["client"].nunique() == 2
    assert "personal_data" not in set(problems["code"])
    assert all(re.fullmatch(r"Therapist P-[0-9A-F]{8}\.xlsx", name) for name in names)  # P07 is staff too


def test_ids_that_are_no_names_keep_their_sheets(workbook):
    rows = [
        HEADER[:1] + HEADER[2:],
        *([*form(n, practitioner="Bravo Kilo")[:1], *form(n)[2:]] for n in (1, 2)),
    ]
    made = pseudonymised([workbook({"C-017": rows})], KEY)
    after, _ = read_workbooks(made.files)
    assert set(after.forms["client"]) == {"C-017"}
    assert after.recognised["sheet"].tolist() == ["C-017"]


@pytest.mark.parametrize(
    ("name", "sheet"),
    [
        ("Client ratings 2025.csv", "Client ratings"),
        ("export therapist.csv", "Therapist ratings"),
    ],
)
def test_a_text_file_keeps_what_its_name_says_of_the_rater_and_nothing_else(name, sheet):
    lines = [
        ",".join(HEADER[:3] + HEADER[4:]),
        "P01,Bravo Kilo,1,wai-sr,4,3,5",
        "P01,Tango Zulu,1,wai-sr,4,3,5",
    ]
    files = [(name, "\n".join(lines).encode())]
    before, _ = read_workbooks(files)
    made = pseudonymised(files, KEY)
    after, problems = read_workbooks(made.files)
    assert len(after.forms) == 2
    assert set(after.forms["rater"]) == set(before.forms["rater"])
    assert after.recognised[["file", "sheet"]].to_numpy().tolist() == [["pseudonymised 1.xlsx", sheet]]
    assert len(problems) == 0


def test_a_text_file_whose_name_says_nothing_gets_a_neutral_one():
    lines = [",".join(HEADER), "P01,Bravo Kilo,1,client,wai-sr,4,3,5", "P01,Tango Zulu,1,client,wai-sr,4,3,5"]
    made = pseudonymised([("Bravo Kilo and Tango Zulu.csv", "\n".join(lines).encode())], KEY)
    after, _ = read_workbooks(made.files)
    assert after.recognised["sheet"].tolist() == ["Ratings"]
    assert not re.search("Bravo|Kilo|Tango|Zulu", everything(made.files))


@pytest.mark.parametrize("header", ["Mobile", "Insurance number", "E-mail", "Client's surname"])
def test_pseudonyms_are_no_personal_data_whatever_their_header_says(workbook, header):
    values = {"E-mail": "x{}@example.org", "Client's surname": "Kilo{}"}.get(header, "4711{:03}")
    suffix = "abcdefghijklmnopqrst"
    rows = [form(n, values.format(suffix[n] if "Kilo" in values else n)) for n in range(1, 20)]
    files = [workbook({"Ratings": [[*HEADER, header], *rows]})]
    assert read_workbooks(files)[1]["code"].tolist().count("personal_data") == 1
    assert "personal_data" not in set(read_workbooks(pseudonymised(files, KEY).files)[1]["code"])


def test_names_in_the_name_of_a_sheet(workbook):
    rows = [HEADER, form(1, client="Bravo Kilo"), form(1, client="Tango Zulu")]
    made = pseudonymised([workbook({"Bravo's term": rows, "Notes (kilo)": rows[:2]})], KEY)
    titles = openpyxl.load_workbook(io.BytesIO(made.files[0][1])).sheetnames
    assert re.fullmatch(r"C-[0-9A-F]{8}'s term", titles[0])
    assert titles[1] == "Notes (kilo)"


def test_a_mapping_that_goes_by_a_sheet_s_name_finds_it_again(workbook):
    rows = [
        ["W", "X", "Y", "Z", "A", "B", "C"],
        *(["P01", who, 1, "client", 4, 3, 5] for who in ("Bravo Kilo", "Tango Zulu")),
    ]
    columns = dict(
        zip(rows[0], ["practitioner", "client", "session", "rater", "goal", "task", "bond"], strict=True)
    )
    choices = ReadingChoices.model_validate(
        {"sheets": [{"sheet": "Bravo", "columns": columns, "instrument": "wai-sr", "header_row": 1}]}
    )
    files = [workbook({"Bravo": rows})]
    assert len(read_workbooks(files, choices)[0].forms) == 2
    made = pseudonymised(files, KEY, choices)
    assert "Bravo" not in made.choices.model_dump_json()
    after, _ = read_workbooks(made.files, made.choices)
    assert len(after.forms) == 2
    assert "Bravo" not in everything(made.files)
