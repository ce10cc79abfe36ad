"""The user's own workbook handed back: marked, corrected, and otherwise as it was."""

import datetime
import io
import zipfile

import openpyxl
import pandas as pd
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from alliance_core.reading import read_workbooks
from alliance_core.reading.child.limits import LIMITS
from alliance_core.reading.marking import (
    EMPTY,
    PROBLEMS_TITLE,
    REMOVE_ROW,
    REPLACE,
    Marked,
    corrected,
    marked_workbook,
)
from alliance_core.reading.sheets import Refusal

HEADER = ["Practitioner", "Client", "Session", "Rated by", "Instrument", "Goal", "Task", "Bond"]
ERROR_FILL, WARNING_FILL = "FFF3CFDC", "FFFFEFBF"


def row(session, goal=4, task=3, bond=5, client="C-001"):
    return ["P01", client, session, "client", "wai-sr", goal, task, bond]


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def opened(content, **how):
    return openpyxl.load_workbook(io.BytesIO(content), **how)


def fixes(*lines):
    return pd.DataFrame(lines, columns=["file", "sheet", "cell", "action", "new"])


@pytest.fixture
def dressed():
    """A workbook with a title, formats, a comment, a formula, widths, a drop-down, a merged cell and a second sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Ratings"
    for line in (["Our ratings"], [], HEADER, row(1), row(2, bond=9), row(3, goal="good"), row(4)):
        sheet.append(line)
    sheet["A1"].font = Font(bold=True, color="FF0000FF")
    sheet["J4"], sheet["J4"].number_format = 0.5, "0%"
    sheet["F4"].comment = Comment("asked twice", "P01")
    sheet["F6"].comment = Comment("he said good", "P01")
    sheet["K4"] = "=SUM(F4:H4)"
    sheet["L4"] = "=K4*2"
    sheet["K7"] = "=SUM(F7:H7)"
    sheet.column_dimensions["B"].width = 33
    sheet.freeze_panes = "A4"
    sheet.merge_cells("M1:N2")
    sheet["M1"] = "merged"
    choice = DataValidation(type="list", formula1='"client,practitioner"')
    choice.add("D4:D100")
    sheet.add_data_validation(choice)
    other = book.create_sheet("Rota")
    other["C3"] = "Monday"
    other["C3"].fill = PatternFill("solid", fgColor="FF112233")
    return with_results(saved(book), {"K4": "12", "L4": "24", "K7": "12"})


def with_results(content, results):
    """The workbook with results stored beside its formulas, as a spreadsheet program does."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode("utf-8", "surrogateescape")
            if name == "xl/worksheets/sheet1.xml":
                for address, result in results.items():
                    at = text.index(f'r="{address}"')
                    end = text.index("<v", at)
                    text = text[:end] + f"<v>{result}</v>" + text[text.index("</c>", end) :]
            new.writestr(name, text.encode("utf-8", "surrogateescape"))
    return out.getvalue()


def test_problem_cells_are_coloured_and_say_what_is_wrong(dressed):
    _, problems = read_workbooks([("team.xlsx", dressed)])
    assert problems["cell"].dropna().tolist()[-2:] == ["H5", "F6"]
    made = marked_workbook("team.xlsx", dressed, problems)
    assert made.name == "team.xlsx"
    assert made.notes == ()
    sheet = opened(made.content)["Ratings"]
    assert [sheet[at].fill.fgColor.rgb for at in ("H5", "F6")] == [ERROR_FILL, ERROR_FILL]
    assert "Row left out: Client bond is 9; wai-sr goes from 1 to 5." in sheet["H5"].comment.text
    assert sheet["F6"].comment.text.startswith("he said good\n")
    assert sheet["H5"].value == 9


def test_everything_else_is_as_it_was(dressed):
    _, problems = read_workbooks([("team.xlsx", dressed)])
    made = marked_workbook("team.xlsx", dressed, problems)
    before, after = opened(dressed), opened(made.content)
    assert after.sheetnames == ["Ratings", "Rota", "Problems"]
    for name in before.sheetnames:
        for line in before[name].iter_rows():
            for cell in line:
                other = after[name][cell.coordinate]
                assert other.value == cell.value
                assert repr(other.font) == repr(cell.font)
                assert other.number_format == cell.number_format
    sheet = after["Ratings"]
    assert sheet["F4"].comment.text == "asked twice"
    assert sheet.column_dimensions["B"].width == 33
    assert sheet.freeze_panes == "A4"
    assert [str(area) for area in sheet.merged_cells.ranges] == ["M1:N2"]
    assert sheet.data_validations.dataValidation[0].formula1 == '"client,practitioner"'
    assert after["Rota"]["C3"].fill.fgColor.rgb == "FF112233"
    assert [opened(made.content, data_only=True)["Ratings"][at].value for at in ("K4", "L4", "K7")] == [
        12,
        24,
        12,
    ]


def test_the_list_has_the_total_first_and_every_problem(dressed):
    _, problems = read_workbooks([("team.xlsx", dressed)])
    sheet = opened(marked_workbook("team.xlsx", dressed, problems).content)["Problems"]
    assert sheet["A1"].value == PROBLEMS_TITLE
    assert sheet["A2"].value.startswith(f"{len(problems)} problems: 2 × row left out")
    assert [sheet.cell(4, column).value for column in (1, 3, 6)] == ["what happens", "cell", "what is wrong"]
    assert sheet.max_row == 4 + len(problems)


def test_read_again_the_marked_workbook_has_the_same_problems_and_no_others(dressed):
    _, problems = read_workbooks([("team.xlsx", dressed)])
    made = marked_workbook("team.xlsx", dressed, problems)
    ratings, again = read_workbooks([("team.xlsx", made.content)])
    assert again.equals(problems)
    assert len(ratings.forms) == 2
    twice = marked_workbook("team.xlsx", made.content, again)
    assert opened(twice.content).sheetnames == ["Ratings", "Rota", "Problems"]
    assert opened(twice.content)["Ratings"]["H5"].comment.text.count("Client bond is 9") == 1


def test_the_corrected_workbook_read_again_has_no_problems():
    book = openpyxl.Workbook()
    for line in (HEADER, row(1), row(2, bond=9), row(3, goal="good"), row(4), row(4, goal=2)):
        book.active.append(line)
    content = saved(book)
    _, problems = read_workbooks([("team.xlsx", content)])
    assert set(problems["code"]) == {"out_of_range", "not_a_number", "duplicate_differs"}
    marked = marked_workbook("team.xlsx", content, problems).content
    orders = fixes(
        ("team.xlsx", "Sheet", "H3", REPLACE, "4,5"),
        ("team.xlsx", "Sheet", "F4", EMPTY, ""),
        ("team.xlsx", "Sheet", "A6", REMOVE_ROW, ""),
    )
    files = corrected([("team.xlsx", marked)], orders)
    ratings, again = read_workbooks(files)
    assert again.empty
    assert ratings.forms["bond"].tolist() == [5, 4.5, 5, 5]
    sheet = opened(files[0][1])["Sheet"]
    assert sheet["H3"].value == 4.5
    assert sheet["H3"].comment is None
    assert sheet["H3"].fill.fgColor.rgb not in (ERROR_FILL, WARNING_FILL)
    assert [cell.value for cell in sheet[6]] == [None] * 8
    handed_back = marked_workbook("team.xlsx", files[0][1], again)
    assert opened(handed_back.content).sheetnames == ["Sheet"]


def test_results_that_a_correction_changes_are_worked_out_anew_and_others_are_kept(dressed):
    orders = fixes(("team.xlsx", "Ratings", "H4", REPLACE, "4"))
    ((_, content),) = corrected([("team.xlsx", dressed)], orders)
    sheet = opened(content, data_only=True)["Ratings"]
    # K4 adds up 4, 3 and H4, L4 doubles K4: both old results would be wrong now
    assert [sheet[at].value for at in ("K4", "L4", "K7")] == [11, 22, 12]
    assert opened(content)["Ratings"]["L4"].value == "=K4*2"


def test_results_that_a_correction_changes_and_nobody_works_out_are_not_kept(dressed):
    book = opened(dressed)
    book["Ratings"]["K4"] = "=IF(H4>4,12,0)"
    content = with_results(saved(book), {"K4": "12", "L4": "24", "K7": "12"})
    orders = fixes(("team.xlsx", "Ratings", "H4", REPLACE, "4"))
    ((_, content),) = corrected([("team.xlsx", content)], orders)
    sheet = opened(content, data_only=True)["Ratings"]
    assert [sheet[at].value for at in ("K4", "L4", "K7")] == [None, None, 12]


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://x")', "+1", "@SUM(A1)", "-2+3", "\x01=cmd|' /C calc'!A0"]
)
def test_hostile_text_stays_text(text):
    book = openpyxl.Workbook()
    for line in (HEADER, row(1), row(2, bond=9)):
        book.active.append(line)
    book.active["F3"].value = "x" + text.lstrip("\x01")
    content = saved(book)
    _, problems = read_workbooks([("team.xlsx", content)])
    problems = problems.assign(value=text, message=text)
    orders = fixes(("team.xlsx", "Sheet", "B3", REPLACE, text))[["sheet", "cell", "action", "new"]]
    made = opened(marked_workbook("team.xlsx", content, problems, orders).content)
    cells = [cell for name in made.sheetnames for line in made[name].iter_rows() for cell in line]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n"}
    assert all(cell.hyperlink is None for cell in cells)
    assert made["Sheet"]["B3"].value in (text.lstrip("\x01"), int(text) if text == "+1" else None)


@pytest.mark.parametrize(
    ("new", "value", "day"),
    [
        ("007", "007", False),
        ("4", 4, False),
        ("3,5", 3.5, False),
        ("2025-11-03", datetime.datetime(2025, 11, 3), True),
        ("2025-02-30", "2025-02-30", False),
    ],
)
def test_a_new_value_is_written_as_what_it_is(dressed, new, value, day):
    orders = fixes(("team.xlsx", "Ratings", "B4", REPLACE, new))
    ((_, content),) = corrected([("team.xlsx", dressed)], orders)
    cell = opened(content)["Ratings"]["B4"]
    assert cell.value == value
    assert cell.is_date is day


def test_a_csv_comes_back_as_a_workbook_and_that_is_said():
    lines = [HEADER, row(1, client="007"), row(2, bond=9, client="=1+1")]
    content = "\n".join(";".join(map(str, line)) for line in lines).encode()
    _, problems = read_workbooks([("team.csv", content)])
    made = marked_workbook("team.csv", content, problems)
    assert made.name == "team.xlsx"
    assert "team.csv comes back as .xlsx" in made.notes[0]
    sheet = opened(made.content)["team"]
    assert [sheet["B2"].value, sheet["B3"].value, sheet["B3"].data_type] == ["007", "=1+1", "s"]
    assert sheet["H3"].fill.fgColor.rgb == ERROR_FILL
    again = read_workbooks([made[:2]])[1]
    assert again[["cell", "code", "message"]].equals(problems[["cell", "code", "message"]])
    files = corrected([("team.csv", content)], fixes(("team.csv", "team", "H3", REPLACE, "4")))
    assert read_workbooks(files)[1].empty


def test_a_sheet_name_that_workbooks_do_not_accept_is_changed():
    content = ",".join(HEADER).encode() + b"\nP01,C-001,1,client,wai-sr,4,3,9"
    name = "client: [ratings] of a very long winter term 2025.csv"
    _, problems = read_workbooks([(name, content)])
    made = marked_workbook(name, content, problems)
    assert opened(made.content).sheetnames == ["client   ratings  of a very lon", "Problems"]


def test_a_sheet_of_the_user_s_called_problems_stays_and_is_read(workbook):
    name, content = workbook({"Problems": [HEADER, row(1), row(2, bond=9)]})
    ratings, problems = read_workbooks([(name, content)])
    assert len(ratings.forms) == 1
    made = marked_workbook(name, content, problems)
    assert opened(made.content).sheetnames == ["Problems", "Problems 2"]


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600]
)
def test_what_cannot_be_written_back_is_refused_with_a_sentence(content):
    nothing = read_workbooks([])[1]
    assert isinstance(marked_workbook("team.xlsx", content, nothing), Refusal)
    refusal = corrected([("team.xlsx", content)], fixes(("team.xlsx", "a", "A1", EMPTY, "")))
    assert isinstance(refusal, Refusal)
    assert refusal.message.startswith("team.xlsx ")


def test_a_file_that_may_be_read_but_not_be_written_back_is_refused_with_what_there_is_instead(monkeypatch):
    content = "\n".join(",".join(map(str, line)) for line in (HEADER, row(1), row(2, bond=9))).encode()
    _, problems = read_workbooks([("team.csv", content)])
    assert isinstance(marked_workbook("team.csv", content, problems), Marked)
    monkeypatch.setattr("alliance_core.reading.marking.UPLOAD", LIMITS._replace(cells=10))
    refused = marked_workbook("team.csv", content, problems)
    assert isinstance(refused, Refusal)
    assert refused.message.endswith("be written back. Take the list of problems (CSV) instead.")


def test_what_openpyxl_cannot_carry_is_said(workbook):
    name, content = workbook({"Ratings": [HEADER, row(1), row(2, bond=9)]})
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as book:
        book.writestr("xl/slicers/slicer1.xml", "<slicers/>")
    _, problems = read_workbooks([(name, out.getvalue())])
    made = marked_workbook(name, out.getvalue(), problems)
    assert isinstance(made, Marked)
    assert made.notes == (f"Not carried over from {name}: slicers. Your own file still has them.",)


def test_macros_stay_in_the_workbook(workbook):
    _, content = workbook({"Ratings": [HEADER, row(1), row(2, bond=9)]})
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.namelist():
            text = old.read(one)
            if one == "[Content_Types].xml":
                text = text.replace(b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main").replace(
                    b"</Types>",
                    b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
                )
                text = text.replace(b"openxmlformats-officedocument.ms-excel", b"ms-excel")
            new.writestr(one, text)
        new.writestr("xl/vbaProject.bin", b"macros")
    _, problems = read_workbooks([("team.xlsm", out.getvalue())])
    made = marked_workbook("team.xlsm", out.getvalue(), problems)
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        assert archive.read("xl/vbaProject.bin") == b"macros"
