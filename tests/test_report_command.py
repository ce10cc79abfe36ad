"""The command report: every report there is, the same bytes each time, and one sentence for what cannot be made."""

import io

import openpyxl
import pandas as pd
import pypdf
import pytest

from alliance_core import read_workbooks
from alliance_core.__main__ import main
from alliance_core.sample import Design, simulate, write_sample

DAY = ("--day", "2026-03-31")
SUPERVISOR = {"supervision-brief.pdf", "supervision-brief.html", "supervision-workbook.xlsx", "agenda.csv"}
MEETING = {"meeting-pack.pdf", "meeting-pack.html", "meeting-pack.xlsx", "open-actions.csv"}
RECORD = {"meeting-record.pdf", "meeting-record.html", "meeting-record.xlsx", "meeting-record.csv"}
MANAGER = {f"manager-summary.{ending}" for ending in ("pdf", "html", "xlsx", "csv")}
REVIEW = (
    "Therapist,Client,Session,Decision,Action,Owner,Due,Note,Decided on\n"
    "P01,C-001,4,watch,ask about the tasks,P01,2026-04-10,said aloud,2026-03-10\n"
    "P02,C-004,3,confirmed,=1+1,colleague,,,2026-02-10\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Exports of a small team, and what supervision decided."""
    made = tmp_path_factory.mktemp("exports")
    write_sample(simulate(Design(2, 3, 9), seed=5), made / "team.xlsx")
    (made / "decided.csv").write_text(REVIEW, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def made(folder, tmp_path_factory):
    out = tmp_path_factory.mktemp("made")
    assert main(["report", str(folder), "--out", str(out / "all"), *DAY]) == 0
    assert main(["report", str(folder), "--out", str(out / "held"), *DAY, "--held", "2026-03-10"]) == 0
    return {path.name: path.read_bytes() for path in out.rglob("*.*")}


def run(*words):
    try:
        return main([str(word) for word in words])
    except SystemExit as stop:
        return stop.code


def text_of(name, content):
    """All that there is to read in a report."""
    if name.endswith(".pdf"):
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    if name.endswith(".xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(content))
        return "\n".join(
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell
        )
    return content.decode()


def test_a_folder_holds_every_report(made):
    assert {*made} == SUPERVISOR | MEETING | MANAGER | RECORD


@pytest.mark.parametrize("name", sorted(MEETING | RECORD))
def test_no_id_of_a_client_is_in_what_goes_into_a_meeting(made, name):
    assert not any(f"C-00{number}" in text_of(name, made[name]) for number in range(1, 7))


@pytest.mark.parametrize("name", sorted(MANAGER))
def test_a_manager_is_told_why_nothing_is_told_of_a_few(made, name):
    text = text_of(name, made[name])
    assert "C-00" not in text
    assert "P01" not in text
    if not name.endswith(".csv"):
        assert "10 clients" in text


def test_a_folder_of_months_holds_what_could_be_told_then(tmp_path):
    write_sample(simulate(Design(4, 9, 12), seed=77), tmp_path / "team.xlsx")
    assert run("report", tmp_path / "team.xlsx", "--out", tmp_path / "out", "--monthly", *DAY) == 0
    months = sorted({path.stem for path in (tmp_path / "out").iterdir()})
    assert len(months) >= 2
    assert all(
        (tmp_path / "out" / f"{month}{ending}").exists()
        for month in months
        for ending in (".pdf", ".html", ".xlsx", ".csv")
    )
    latest = pd.read_csv(tmp_path / "out" / f"{months[-1]}.csv", dtype="str")
    assert f"manager-{latest['through'].dropna().max()}" == months[-1]
    said = ("report", tmp_path / "team.xlsx", *DAY, "--for", "manager")
    assert run(*said, "--out", tmp_path / "now.csv") == 0
    assert (tmp_path / "now.csv").read_bytes() == (tmp_path / "out" / f"{months[-1]}.csv").read_bytes()
    # What is known later changes nothing about what could be told then.
    first = pd.Timestamp(months[0].removeprefix("manager-")) + pd.DateOffset(months=1, days=14)
    assert run(*said[:2], "--for", "manager", "--out", tmp_path / "then.csv", "--day", str(first.date())) == 0
    assert (tmp_path / "then.csv").read_bytes() == (tmp_path / "out" / f"{months[0]}.csv").read_bytes()


def test_the_record_is_what_was_decided_on_that_day(made):
    for name in RECORD:
        text = text_of(name, made[name])
        assert "ask about the tasks" in text
        assert "1+1" not in text
        if name.endswith((".pdf", ".html")):
            assert "minute" not in text  # how long a card took is not known afterwards


def test_what_is_still_to_be_done_goes_into_the_meeting_as_text(made):
    actions = pd.read_csv(io.BytesIO(made["open-actions.csv"]))
    assert "ask about the tasks" in actions["action"].tolist()
    assert "=1+1" not in made["open-actions.csv"].decode().replace("'=1+1", "")


def test_the_supervision_workbook_is_read_back(made, folder):
    ratings, _ = read_workbooks(folder)
    again, problems = read_workbooks([("w.xlsx", made["supervision-workbook.xlsx"])])
    place = ["file", "sheet", "row"]
    assert again.forms.drop(columns=place).equals(ratings.forms.drop(columns=place))
    assert again.review["action"].tolist() == ratings.review["action"].tolist()
    assert not problems["severity"].eq("error").any()


def test_same_input_and_day_same_bytes_whatever_the_order_of_rows(folder, made, tmp_path):
    turned = tmp_path / "turned"
    turned.mkdir()
    (turned / "team.xlsx").write_bytes((folder / "team.xlsx").read_bytes())
    head, *rows = REVIEW.splitlines(keepends=True)
    (turned / "decided.csv").write_text(head + "".join(reversed(rows)), encoding="utf-8")
    assert run("report", turned, "--out", tmp_path / "out", *DAY) == 0
    again = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    # Paper states the hash of its files, which are other files now.
    named = (".pdf", ".html", "meeting-pack.xlsx", "actions.csv", "manager-summary.xlsx")
    same = [name for name in again if not name.endswith(named)]
    assert {name: again[name] for name in same} == {name: made[name] for name in same}
    assert run("report", folder, "--out", tmp_path / "twice", *DAY) == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "twice").iterdir()} == {
        name: content for name, content in made.items() if name not in RECORD
    }


def test_one_report_goes_into_the_file_that_is_named(folder, tmp_path):
    case = ("--practitioner", "P01", "--client", "C-001")
    assert run("report", folder, "--out", tmp_path / "case.pdf", *DAY, *case) == 0
    assert run("report", folder, "--out", tmp_path / "brief.html", *DAY, "--practitioner", "P02") == 0
    assert "C-001" in text_of("case.pdf", (tmp_path / "case.pdf").read_bytes())
    text = (tmp_path / "brief.html").read_text(encoding="utf-8")
    assert "P02" in text
    assert "C-001" not in text


def test_the_word_gives_the_same_names_to_other_files(folder, tmp_path):
    (tmp_path / "word.txt").write_text("larches in autumn\n", encoding="utf-8")
    said = ("--for", "meeting", "--word", tmp_path / "word.txt", *DAY)
    assert run("report", folder, "--out", tmp_path / "a.csv", *said) == 0
    assert (
        run("report", folder / "team.xlsx", folder / "decided.csv", "--out", tmp_path / "b.csv", *said) == 0
    )
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--out", "x.txt"], "neither a folder nor a report"),
        (["--out", "x.pdf", "--client", "C-001"], "Whose client is C-001?"),
        (["--out", "x.pdf", "--practitioner", "P99"], "no practitioner P99"),
        (["--out", "x.pdf", "--practitioner", "P02", "--client", "C-001"], "no client C-001"),
        (["--out", "x.xlsx", "--practitioner", "P01", "--client", "C-001"], "there is .pdf or .html"),
        (["--out", "x.xlsx", "--practitioner", "P01"], "holds all practitioners"),
        (
            ["--out", "x.pdf", "--for", "meeting", "--held", "2020-01-01"],
            "Nothing that was decided on 2020-01-01",
        ),
        (["--out", "x.pdf", "--held", "2026-03-10"], "no report for the supervisor about a meeting"),
        (["--out", "x.pdf", "--for", "manager", "--practitioner", "P01"], "of the whole service"),
        (["--out", "x.pdf", "--monthly"], "into a folder"),
        (["--out", "x", "--monthly", "--for", "meeting"], "for a manager"),
        (["--out", "x", "--monthly"], "No summary can be told yet"),
        (["--out", "x.pdf", "--held", "spring"], "spring is not a day"),
        (["--out", "x.csv", "--for", "meeting", "--word", "short.txt"], "at least 8 characters"),
        (["--out", "x.csv", "--for", "meeting", "--word", "latin.txt"], "not a text file in UTF-8"),
    ],
)
def test_what_cannot_be_made_is_one_sentence(folder, tmp_path, capsys, monkeypatch, words, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "short.txt").write_text("short")
    (tmp_path / "latin.txt").write_bytes(b"\xe4\xf6\xfc\xff")
    assert run("report", folder, *words) == 2
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1
    assert not list(tmp_path.glob("x.*"))


def test_a_table_without_rows_says_why(folder, tmp_path, capsys):
    assert run("report", folder, "--out", tmp_path / "m.csv", "--for", "manager", *DAY) == 0
    assert "10 clients" in capsys.readouterr().err


def test_a_folder_says_what_was_left_aside_and_a_file_makes_no_folder(folder, tmp_path, capsys):
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "readme.txt").write_text("not a workbook")
    (exports / "team.xlsx").write_bytes((folder / "team.xlsx").read_bytes())
    assert run("report", exports, "--out", tmp_path / "a.csv", *DAY) == 0
    assert "readme.txt" in capsys.readouterr().err
    assert run("report", exports, "--out", tmp_path / "nowhere" / "a.csv", *DAY) == 2
    assert capsys.readouterr().err.count("\n") == 2
    assert not (tmp_path / "nowhere").exists()


def test_a_meeting_of_very_many_has_the_first_of_them(tmp_path):
    write_sample(simulate(Design(6, 12, 12), seed=4), tmp_path / "team.xlsx")
    assert run("report", tmp_path / "team.xlsx", "--out", tmp_path / "a.html", "--for", "meeting", *DAY) == 0
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "the first 12 of" in text
    assert text.count("<article") == 12


def test_rows_left_out_end_with_1_and_strictly_with_2(tmp_path):
    lines = ["Therapist,Client,Session,Rated by,Instrument,Goal,Task,Bond"]
    lines += [f"P1,C-1,{session},Client,wai-sr,4,4,{mark}" for session, mark in enumerate((4, 5, 9), 1)]
    (tmp_path / "team.csv").write_text("\n".join(lines))
    said = ("report", tmp_path / "team.csv", "--out", tmp_path / "a.csv", *DAY)
    assert run(*said) == 1
    assert run(*said, "--strict") == 2


def test_nothing_usable_makes_nothing(tmp_path):
    assert run("report", tmp_path, "--out", tmp_path / "out.pdf") == 2
    assert not (tmp_path / "out.pdf").exists()
