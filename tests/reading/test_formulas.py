"""Formulas that depend on a corrected cell: simple ones are worked out anew, others are left to the spreadsheet program."""

import datetime
import io

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from alliance_core.reading import read_workbooks
from alliance_core.reading.child.formulas import out_of_date, recalculated
from alliance_core.reading.corrections import corrected
from alliance_core.reading.marking import REPLACE


def book(**cells):
    """A workbook whose sheet A has B2:E2 = 1, 2, (empty), "4", with further cells."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "A"
    for address, value in {"B2": 1, "C2": 2, "E2": "4", **cells}.items():
        sheet[address] = value
    made.create_sheet("My sheet")["A1"] = 10
    return made


def result(formula, **cells):
    """What a formula in K9 comes to once B2 has changed; None where it is left alone."""
    made = book(K9=formula, **cells)
    stale = out_of_date(made, {"A": {(2, 2)}})
    assert "K9" in stale["A"]
    return recalculated(made, stale, {}).get("A", {}).get("K9")


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=SUM(B2:E2)", 3),  # text and empty cells do not count
        ("=sum(B2,C2,7)", 10),
        ("=SUM($B$2:C2)/2", 1.5),
        ("=AVERAGE(B2:E2)", 1.5),
        ("=(B2+C2+6-D2)/4", 2.25),  # an empty cell counts as nothing
        ("=-B2*3", -3),
        ("=+B2", 1),
        ("=MAX(B2:C2)-MIN(B2:C2)", 1),
        ("=COUNT(B2:E2)", 2),
        ("=ROUND(AVERAGE(B2:C2),0)", 2),  # half away from zero, as spreadsheets do
        ("=ROUND(-B2/8,2)", -0.13),
        ("=SUM(B2,'My sheet'!A1)", 11),
        ("=SUM(B2:C2)+L9*2", 9),
    ],
)
def test_sums_means_and_arithmetic_are_worked_out(formula, value):
    assert result(formula, L9=3) == pytest.approx(value)


@pytest.mark.parametrize(
    "formula",
    [
        "=B2/D2",  # a division by nothing
        "=AVERAGE(D2:D2)+B2*0",
        "=B2+E2",  # text alone is a number to some programs
        "=B2:C2+1",
        "=IF(B2>1,1,0)",
        '=B2&"x"',
        "=B2^2",
        "=B2%",
        "=SUM(B2,Missing!A1)",
        "=SUM(B:B)",
        "=VLOOKUP(B2,A1:C9,2)",
        "=B2+F2",  # a date
        "=B2+G2",  # true or false
        "=B2+H2",  # another formula, whose result is not stored
        "=K9+B2",  # itself
        "=9**9**9+B2",
        "=B2+a0_",
        "=(B2",
    ],
)
def test_everything_else_is_left_alone(formula):
    assert result(formula, F2=datetime.date(2025, 3, 4), G2=True, H2="=NOW()") is None


def test_formulas_that_lead_to_one_another_are_worked_out_in_order():
    cells = {f"M{row}": f"=M{row - 1}+B2" for row in range(2, 400)}
    made = book(M1=5, **cells)
    stale = out_of_date(made, {"A": {(2, 2)}})
    found = recalculated(made, stale, {})["A"]
    assert found == {f"M{row}": 5 + row - 1 for row in range(2, 400)}


def test_a_stored_result_of_another_formula_is_used():
    made = book(K9="=B2+L9", L9="=C2*100")
    stale = out_of_date(made, {"A": {(2, 2)}})
    assert recalculated(made, stale, {"A": {"L9": 200.0}}) == {"A": {"K9": 201.0}}


ITEMS = [f"Item {n}" for n in range(1, 13)]


def test_a_corrected_answer_brings_its_total_along_and_no_problem_is_left():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet("R")
        sheet.write_row(
            0, 0, ["Therapist", "Client", "Session", "Rated by", "Instrument", *ITEMS, "Total", "Bond"]
        )
        for n in range(1, 5):
            marks = [4, 3, 5, 4, 4, 5, 3, 4, 5, 4, 4, 9 if n == 2 else 3]
            sheet.write_row(n, 0, ["P01", "C-001", n, "client", "wai-sr", *marks])
            sheet.write_formula(n, 17, f"=SUM(F{n + 1}:Q{n + 1})", None, sum(marks))
            sheet.write_formula(n, 18, f"=(H{n + 1}+J{n + 1}+L{n + 1}+N{n + 1})/4", None, 4.25)
    files = [("team.xlsx", out.getvalue())]
    assert read_workbooks(files)[1]["cell"].tolist() == ["Q3"]
    orders = pd.DataFrame(
        [("team.xlsx", "R", "Q3", REPLACE, "3"), ("team.xlsx", "R", "H2", REPLACE, "4")],
        columns=["file", "sheet", "cell", "action", "new"],
    )
    files = corrected(files, orders)
    ratings, problems = read_workbooks(files)
    assert len(problems) == 0
    assert len(ratings.forms) == 4
    sheet = openpyxl.load_workbook(io.BytesIO(files[0][1]), data_only=True)["R"]
    assert [sheet[at].value for at in ("R2", "S2", "R3", "S3", "R4")] == [47, 4, 48, 4.25, 48]
    assert openpyxl.load_workbook(io.BytesIO(files[0][1]))["R"]["R3"].value == "=SUM(F3:Q3)"
