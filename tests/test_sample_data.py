"""The files of sample_data are what the committed script makes, and show every kind of problem."""

import ast
import importlib.util
import re
import zipfile
from pathlib import Path

import pytest

from alliance_core import analyse, read_workbooks
from alliance_core.work_tables import WORK_READINGS

HOME = Path(__file__).parent.parent
FOLDER = HOME / "sample_data"
READING = HOME / "alliance_core" / "reading"

# Problems of a whole file, of text files only, or of a profile: a workbook that is read cannot have them.
ELSEWHERE = {
    "file_not_opened",
    "file_twice",
    "file_left_aside",
    "folder_empty",
    "encoding",
    "file_name_misleads",
    "profile_header_not_found",
    "sheet_ignored",
}


@pytest.fixture(scope="module")
def remade(tmp_path_factory):
    spec = importlib.util.spec_from_file_location("make_sample_data", FOLDER / "make.py")
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    folder = tmp_path_factory.mktemp("remade")
    make.write_all(folder)
    return folder


def parts(path):
    """What is in a workbook, part by part: compression may differ from machine to machine."""
    with zipfile.ZipFile(path) as archive:
        return {member.filename: (member.date_time, archive.read(member)) for member in archive.infolist()}


def test_every_file_is_what_the_script_makes(remade):
    committed = sorted(path.name for path in FOLDER.glob("*.xlsx"))
    assert committed == sorted(path.name for path in remade.iterdir())
    for name in committed:
        assert parts(FOLDER / name) == parts(remade / name), name


def test_the_readme_names_every_file():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "synthetic" in text
    assert all(f"| {path.name} |" in text for path in FOLDER.glob("*.xlsx"))


@pytest.fixture(scope="module")
def found():
    return read_workbooks([FOLDER / "problems.xlsx"])


def codes_in_the_source():
    """Every code that reading can give to a sheet, a row or a cell: `{field}_missing` for a family of them."""
    place = {"add_file": 2, "add_sheet": 2, "add_cells": 2, "name_cells": 1, "name_rows": 3}
    codes = set()
    for path in READING.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            given = node.args[place[name]] if name in place and len(node.args) > place[name] else None
            stated = [k.value for k in node.keywords if k.arg == "code" and path.name != "guard.py"]
            for code in [given, *stated]:
                for part in ast.walk(code) if code else []:
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        codes.add(part.value)
    return {code for code in codes if re.fullmatch(r"_?[a-z]+(_[a-z]+)*", code)}


def test_the_problem_workbook_has_every_problem_that_a_workbook_can_have(found):
    _, problems = found
    shown = set(problems["code"])
    known = codes_in_the_source() - ELSEWHERE
    assert {"out_of_range", "duplicate_differs", "instrument_needed", "_missing"} <= known
    for code in known:
        if code.startswith("_"):
            fields = {one.removesuffix(code) for one in shown if one.endswith(code)}
            assert {"practitioner", "client", "session", "rater", "kind"} <= fields, code
        else:
            assert code in shown, code
    assert set(problems["severity"]) == {"error", "warning", "note"}


def test_rows_read_are_rows_used_and_rows_left_out(found):
    recognised = found[0].recognised
    assert recognised["rows_read"].eq(recognised["rows_used"] + recognised["rows_left_out"]).all()
    assert recognised["rows_left_out"].sum() > 10
    assert found[0].left_out["rows"].sum() == recognised["rows_left_out"].sum()
    assert recognised["rows_used"].sum() > 10


@pytest.mark.parametrize("name", ["team_long_items.xlsx", "team_paired.xlsx", "team_two_sheets.xlsx"])
def test_the_team_has_no_errors_and_something_of_everything_to_talk_about(name):
    ratings, problems = read_workbooks([FOLDER / name])
    assert set(problems["code"]) <= {"too_few_answers"}
    analysis = analyse(ratings)
    assert analysis.cases.groupby("practitioner").size().tolist() == [6, 6, 6, 6]
    episodes = analysis.episodes[
        analysis.episodes["rater"].eq("client") & analysis.episodes["facet"].eq("overall")
    ]
    assert {"repaired", "strengthened", "unrepaired", "open"} <= set(episodes["outcome"])
    assert {"both", "client only"} <= set(episodes["seen_by"])
    assert {"withdrawal", "confrontation"} <= set(episodes["kind"])
    assert set(analysis.agenda["reason"]) == {
        "open episode",
        "blind spot",
        "unrepaired",
        "missing ratings",
        "widening gap",
        "falling slowly",
        "flat at ceiling",
        *WORK_READINGS,
    }


def test_the_filled_in_template_is_read_and_the_empty_one_has_no_ratings_yet():
    ratings, problems = read_workbooks([FOLDER / "template_filled.xlsx"])
    assert not problems["severity"].eq("error").any()
    assert ratings.forms["client"].nunique() == 6
    assert ratings.forms["session"].max() == 6
    ratings, problems = read_workbooks([FOLDER / "template_empty.xlsx"])
    assert not problems["severity"].eq("error").any()
    assert ratings.forms.empty
