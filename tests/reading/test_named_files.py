"""Whose sheets these are: the practitioner of a file may be its name, or each sheet's."""

import pytest

from alliance_core.reading import ReadingChoices, read_workbooks
from alliance_core.reading.choices import SheetChoices

HEADER = ["Client", "Session", "Rated by", "Instrument", "Score"]
ROW = ["C-001", 1, "client", "wai-sr", 4]


@pytest.mark.parametrize(
    ("names", "asked"),
    [
        (("AB", "CD"), True),
        (("Nord", "Süd"), True),
        (("Goal", "Bond"), False),
        (("Spring 2025", "May"), False),
        (("Sheet1", "Tabelle2"), False),
    ],
)
def test_whose_sheets_these_are_is_asked_where_the_file_s_name_and_theirs_may_be_practitioners(
    workbook, names, asked
):
    sheets = {name: [HEADER, [f"C-{n}", 1, "client", "wai-sr", 4]] for n, name in enumerate(names)}
    content = workbook(sheets)[1]
    ratings, problems = read_workbooks(("P07.xlsx", content))
    assert len(ratings.forms) == (0 if asked else 2)
    assert problems["code"].tolist() == ["column_missing"] * 2 * asked
    if not asked:
        assert set(ratings.forms["practitioner"]) == {"P07"}
        return
    assert [one.candidates for one in ratings.questions] == [("P07", name) for name in names]
    assert "the file's name may be the practitioner, P07" in ratings.recognised.loc[0, "reason"]
    for place, codes in (("named_after", set(names)), ("file_named_after", {"P07"})):
        said = ReadingChoices(
            sheets=(SheetChoices.model_validate({"headers": HEADER, place: "practitioner"}),)
        )
        ratings, problems = read_workbooks(("P07.xlsx", content), said)
        assert set(ratings.forms["practitioner"]) == codes
        assert not problems["severity"].eq("error").any()


def test_one_sheet_of_a_practitioner_s_own_file_is_not_asked_about(workbook):
    content = workbook({"Nord": [HEADER, ROW], "Help": [["Some words"]]})[1]
    ratings, _ = read_workbooks(("P07.xlsx", content))
    assert ratings.forms[["practitioner", "client"]].to_numpy().tolist() == [["P07", "C-001"]]
    assert ratings.questions == ()
