"""Profiles: written and read again alike, and applied only to the sheets that they were made for."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.reading import (
    ChoicesError,
    ReadingChoices,
    SheetChoices,
    parse_profile,
    read_workbooks,
    to_toml,
)

# Words of no language: nothing here is recognised by itself.
HEADERS = ["zurv", "plok", "trin", "whem", "gax", "tox", "box"]
MEANINGS = ["practitioner", "client", "session", "rater", "goal", "task", "bond"]
ROWS = [["P01", "C-001", n, "client", 4, 3, 5] for n in (1, 2, 3)]
MAPPING = SheetChoices(
    headers=tuple(HEADERS),
    header_row=1,
    instrument="wai-sr",
    columns=dict(zip(HEADERS, MEANINGS, strict=True)),
)


def read(workbook, sheets, choices):
    return read_workbooks(workbook(sheets), choices)


text = st.text(max_size=12)
meanings = st.sampled_from([*MEANINGS, "client item 3", "session 3 client overall", "ignore"])
named = st.sampled_from([(None, None), ("practitioner", None), ("client", "practitioner"), (None, "rater")])
mappings = st.builds(
    lambda named, **more: SheetChoices(named_after=named[0], file_named_after=named[1], **more),
    named=named,
    headers=st.lists(text, min_size=1, max_size=4).map(tuple),
    sheet=text,
    header_row=st.none() | st.integers(1, 50),
    header_rows=st.none() | st.integers(1, 10),
    rater=st.sampled_from([None, "client", "practitioner"]),
    practitioner=st.sampled_from([None, "P07", "007"]),
    ignore=st.booleans(),
    instrument=st.sampled_from([None, "wai-sr", {"client": "sai", "practitioner": "wai-srt"}]),
    range=st.sampled_from([None, (0.0, 10.0), (-1.5, 1e30)]),
    columns=st.dictionaries(text, meanings, max_size=4),
)


@given(
    st.builds(
        ReadingChoices,
        date_order=st.sampled_from([None, "dmy", "mdy"]),
        columns=st.dictionaries(text, meanings, max_size=4),
        wordings=st.dictionaries(
            st.sampled_from(["client", "item", "client item", "bond"]), st.lists(text).map(tuple)
        ),
        raters=st.dictionaries(st.sampled_from(["client", "practitioner"]), st.lists(text).map(tuple)),
        sheets=st.lists(mappings, max_size=3).map(tuple),
    )
)
def test_a_profile_that_is_written_reads_the_same(choices):
    assert parse_profile(to_toml(choices).encode()) == choices


def test_a_mapping_makes_a_sheet_with_unknown_headers_readable(workbook):
    sheets = {"Blad": [HEADERS, *ROWS]}
    ratings, problems = read(workbook, sheets, ReadingChoices())
    assert len(ratings.forms) == 0
    ratings, problems = read(workbook, sheets, ReadingChoices(sheets=[MAPPING]))
    assert len(problems) == 0
    assert ratings.forms[
        ["practitioner", "client", "session", "rater", "goal", "task", "bond"]
    ].to_numpy().tolist() == [["P01", "C-001", n, "client", 4, 3, 5] for n in (1, 2, 3)]


def test_a_mapping_is_found_by_its_headers_wherever_and_in_whatever_order_they_stand(workbook):
    turned = [HEADERS[::-1], *(row[::-1] for row in ROWS)]
    sheets = {"Blad": [["a title"], [None], *turned]}
    ratings, _ = read(workbook, sheets, ReadingChoices(sheets=[MAPPING]))
    assert len(ratings.forms) == 3
    assert ratings.recognised.loc[0, "header_row"] == 3


def test_a_mapping_leaves_sheets_with_other_headers_alone(workbook):
    other = SheetChoices(headers=("Therapist", "Client"), ignore=True)
    sheets = {"Blad": [[*HEADERS, "more"], *([*row, 1] for row in ROWS)]}
    ratings, problems = read(workbook, sheets, ReadingChoices(sheets=[MAPPING, other]))
    assert len(ratings.forms) == 0
    assert problems["code"].tolist() == ["sheet_not_recognised"]


def test_one_profile_holds_the_mappings_of_several_sheets(workbook):
    client = MAPPING.model_copy(
        update={
            "headers": ("a", "b", "c", "d"),
            "rater": "client",
            "columns": {"a": "practitioner", "b": "client", "c": "session", "d": "overall"},
            "instrument": "total",
            "range": (0, 10),
        }
    )
    skip = SheetChoices(sheet="Notes", ignore=True)
    profile = to_toml(ReadingChoices().with_sheet(MAPPING).with_sheet(client).with_sheet(skip))
    sheets = {
        "Blad": [HEADERS, *ROWS],
        "Other": [["a", "b", "c", "d"], ["P02", "C-009", 1, 7]],
        "Notes": [["Therapist", "Client", "Session", "Rated by", "Total"], ["P03", "C-010", 1, "client", 7]],
    }
    ratings, problems = read(workbook, sheets, parse_profile(profile.encode()))
    assert ratings.forms["client"].tolist() == ["C-001"] * 3 + ["C-009"]
    assert ratings.forms.loc[3, ["rater", "overall", "range_max"]].tolist() == ["client", 7, 10]
    assert problems["code"].tolist() == ["sheet_ignored"]
    assert ratings.recognised["layout"].tolist() == ["long scores", "long scores", "ignored"]


def test_a_second_mapping_for_the_same_headers_replaces_the_first():
    again = MAPPING.model_copy(update={"headers": tuple(h.upper() for h in HEADERS[::-1])})
    assert ReadingChoices().with_sheet(MAPPING).with_sheet(again).sheets == (again,)


def test_columns_that_share_a_header_are_told_apart(workbook):
    headers = ["zurv", "plok", "trin", "gax", "gax"]
    mapping = SheetChoices(
        headers=("zurv", "plok", "trin", "gax", "gax (2)"),
        instrument="total",
        range=(0, 10),
        columns={"zurv": "practitioner", "plok": "client", "trin": "session", "gax": "client overall", "gax (2)": "practitioner overall"},
    )  # fmt: skip
    ratings, problems = read(
        workbook, {"Blad": [headers, ["P01", "C-001", 1, 7, 5]]}, ReadingChoices(sheets=[mapping])
    )
    assert len(problems) == 0
    assert ratings.forms[["rater", "overall"]].to_numpy().tolist() == [["client", 7], ["practitioner", 5]]


def test_the_header_row_that_a_profile_names_counts(workbook):
    rows = [["Therapist", "Client", "Session", "Rated by", "Instrument", "Goal"], HEADERS, *ROWS]
    mapping = MAPPING.model_copy(update={"headers": (), "sheet": "Blad", "header_row": 2})
    ratings, _ = read(workbook, {"Blad": rows}, ReadingChoices(sheets=[mapping]))
    assert ratings.recognised.loc[0, ["header_row", "rows_used"]].tolist() == [2, 3]


def test_a_team_adds_header_wordings_in_its_own_language(workbook):
    """Danish, which the list that is shipped does not have."""
    profile = (
        '[wordings]\npractitioner = ["Behandlerkode"]\nclient = ["Borger"]\nsession = ["Samtale"]\n'
        'rater = ["Udfyldt"]\nitem = ["Spm"]\nbond = ["Bånd"]\n'
        '[raters]\nclient = ["borgeren"]\npractitioner = ["fagpersonen"]\n'
    )
    items = [f"Spm. {n}" for n in range(1, 13)]
    rows = [["Behandlerkode", "Borger", "Samtale", "Udfyldt", *items]]
    rows += [
        ["P01", "C-001", n, who, *[5, 4, 3, 4] * 3]
        for n in range(1, 4)
        for who in ("Borgeren", "fagpersonen")
    ]
    choices = parse_profile(profile.encode())
    ratings, problems = read(workbook, {"Ark1": rows}, choices.model_copy(update={"instrument": "wai-sr"}))
    assert len(problems) == 0
    assert ratings.forms["rater"].tolist() == ["client", "practitioner"] * 3
    assert ratings.forms["item_12"].tolist() == [4] * 6
    paired = [
        ["Behandlerkode", "Borger", "Samtale", "Borgeren bånd", "Fagpersonen: bånd"],
        ["P01", "C-001", 1, 4, 3],
    ]
    ratings, _ = read(workbook, {"Ark1": paired}, choices.model_copy(update={"range": (1, 5)}))
    assert ratings.forms[["rater", "bond"]].to_numpy().tolist() == [["client", 4], ["practitioner", 3]]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[[sheets]]\nignore = true", "sheets.0: headers: say which headers the sheet has, or its name"),
        ('[[sheets]]\nheaders = ["a"]\n[sheets.columns]\na = "height"', "sheets.0.columns: height is no meaning"),
        ('[[sheets]]\nheaders = ["a"]\nheader_row = 0', "sheets.0.header_row"),
        ('[[sheets]]\nheaders = ["a"]\nheader_rows = 11', "sheets.0.header_rows"),
        ('[[sheets]]\nheaders = ["a"]\nnamed_after = "team"', "sheets.0.named_after"),
        (
            '[[sheets]]\nheaders = ["a"]\nnamed_after = "client"\nfile_named_after = "client"',
            "file_named_after: the sheet and its file are not both named after the same",
        ),
        ('[[sheets]]\nheaders = ["a"]\n[sheets.columns]\na = "session 0 goal"', "session 0 goal is no meaning"),
        ('[wordings]\nheight = ["cm"]', "wordings: height is no meaning of a column"),
        ('[raters]\nnobody = ["x"]', "raters.nobody"),
        ("instrumnt = 1", "instrumnt: there is no such key; known are instrument, "),
        ('[[sheets]]\nheaders = ["a"]\nrows = 2', "sheets.0.rows: there is no such key; known are "),
    ],
)  # fmt: skip
def test_a_wrong_mapping_is_one_sentence(content, says):
    with pytest.raises(ChoicesError) as raised:
        parse_profile(content.encode(), "team.toml")
    assert str(raised.value).startswith("team.toml: ")
    assert says in str(raised.value)


def test_the_profile_in_the_readme_can_be_used():
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"```toml\n(.*?)```", readme, re.DOTALL)[1]
    choices = parse_profile(shown.encode())
    assert parse_profile(to_toml(choices).encode()) == choices
    assert [one.ignore for one in choices.sheets] == [False, False, True]
