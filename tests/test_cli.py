"""The command line: what it writes, what it says, and how it ends."""

import csv
import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from alliance_core.__main__ import main
from alliance_core.measures.detectors import DETECTORS
from alliance_core.reports.sheets_out import write_workbook
from alliance_core.sample import LAYOUTS, Design, arranged, simulate, write_sample
from alliance_core.tables import OUTPUTS, PROBLEMS

TABLES = [f"{table.name}.csv" for table in OUTPUTS]
COMPUTED = [name for name in TABLES if name != "problems.csv"]
HEADER = "Therapist,Client,Session,Date,Rated by,Instrument,Goal,Task,Bond\n"


@pytest.fixture
def team(tmp_path):
    """A workbook without problems."""
    write_sample(simulate(Design(), seed=1), tmp_path / "team.xlsx")
    return tmp_path / "team.xlsx"


def written(folder, names=TABLES):
    return {name: (folder / name).read_bytes() for name in names}


def run(*words):
    """The exit status of one command, whether it returns or stops at wrong usage."""
    try:
        return main([str(word) for word in words])
    except SystemExit as stop:
        return stop.code


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def one_line(text):
    assert text.endswith("\n")
    assert text.count("\n") == 1
    assert "Traceback" not in text
    return text


def test_analyse_writes_every_file_and_ends_with_0(team, tmp_path, capsys):
    assert run("analyse", team, "--out", tmp_path / "out") == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted([*TABLES, "run.json"])
    for table in OUTPUTS:
        frame = pd.read_csv(tmp_path / "out" / f"{table.name}.csv")
        assert list(frame.columns) == table.names
        if table.keys:
            assert not frame.duplicated(table.keys).any()
    assert capsys.readouterr().out == ""


def test_run_json_says_which_sessions_we_numbered(tmp_path):
    content = HEADER.replace("Session,", "") + "P1,C-1,2025-04-03,Client,wai-sr,4,4,4\n"
    (tmp_path / "dated.csv").write_text(content)
    assert run("analyse", tmp_path / "dated.csv", "--out", tmp_path / "out") == 0
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert record["sessions_numbered_by_date"] == ["dated.csv, dated"]


def test_run_json_says_what_was_run_on_what(team, tmp_path):
    (tmp_path / "own.toml").write_text("[episodes]\nz_open = 2.0\n")
    assert run("analyse", team, "--out", tmp_path / "out", "--settings", tmp_path / "own.toml") == 0
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert record["version"] == "0.1.0"
    assert record["inputs"] == [
        {"name": "team.xlsx", "sha256": hashlib.sha256(team.read_bytes()).hexdigest()}
    ]
    assert record["settings"]["episodes"]["z_open"] == 2.0
    assert (record["choices"]["method"], record["choices"]["methods"]) == ("baseline", ["baseline"])
    assert record["rows"]["read"] == record["rows"]["used"] + record["rows"]["left_out"]
    assert record["rows"]["left_out"] == 0
    scores = pd.read_csv(tmp_path / "out" / "scores.csv")
    assert record["forms"] == len(scores)
    assert {line["rater"] for line in record["sigma"]} == {"client", "practitioner"}
    assert all(line["source"] for line in record["sigma"])


def methods(folder):
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    found = {row["method"] for row in rows_of(folder / "episodes.csv")}
    return record["choices"]["method"], record["choices"]["methods"], found


def test_the_rule_is_chosen_by_its_name(team, tmp_path):
    assert run("analyse", team, "--out", tmp_path / "step", "--method", "step") == 0
    assert methods(tmp_path / "step") == ("step", ["step"], {"step"})
    assert run("analyse", team, "--out", tmp_path / "default") == 0
    assert methods(tmp_path / "default") == ("baseline", ["baseline"], {"baseline"})
    assert written(tmp_path / "step", ["sessions.csv"]) == written(tmp_path / "default", ["sessions.csv"])
    assert written(tmp_path / "step", ["practitioners.csv"]) != written(
        tmp_path / "default", ["practitioners.csv"]
    )


def test_all_rules_stand_beside_each_other_and_the_summaries_on_the_default(team, tmp_path):
    assert run("analyse", team, "--out", tmp_path / "all", "--method", "all") == 0
    first, every, found = methods(tmp_path / "all")
    assert (first, every) == ("baseline", list(DETECTORS))
    assert found == set(DETECTORS) - {"threshold"}  # no line is stated for this instrument
    assert run("analyse", team, "--out", tmp_path / "default") == 0
    same = [name for name in COMPUTED if name != "episodes.csv"]
    assert written(tmp_path / "all", same) == written(tmp_path / "default", same)


def test_the_settings_may_name_the_rule_and_the_command_line_goes_before_them(team, tmp_path):
    (tmp_path / "own.toml").write_text('[detection]\nmethod = "step"\n[threshold.lines]\nwai-sr = 3.5\n')
    own = ["--settings", tmp_path / "own.toml"]
    assert run("analyse", team, "--out", tmp_path / "a", *own) == 0
    assert methods(tmp_path / "a")[0] == "step"
    assert run("analyse", team, "--out", tmp_path / "b", *own, "--method", "threshold") == 0
    assert methods(tmp_path / "b") == ("threshold", ["threshold"], {"threshold"})
    assert run("analyse", team, "--out", tmp_path / "c", *own, "--method", "all") == 0
    first, every, _ = methods(tmp_path / "c")
    assert (first, sorted(every)) == ("step", sorted(DETECTORS))


def test_a_line_for_an_unknown_instrument_is_one_line(team, tmp_path, capsys):
    (tmp_path / "own.toml").write_text("[threshold.lines]\nwai = 3.5\n")
    assert run("analyse", team, "--out", tmp_path / "out", "--settings", tmp_path / "own.toml") == 2
    assert "threshold.lines: there is no instrument wai" in one_line(capsys.readouterr().err)


def test_all_layouts_give_the_same_tables(tmp_path):
    made = simulate(Design(), seed=5)
    found = {}
    for layout in LAYOUTS:
        write_sample(made, tmp_path / f"{layout}.xlsx", layout)
        assert run("analyse", tmp_path / f"{layout}.xlsx", "--out", tmp_path / layout) == 0
        found[layout] = written(tmp_path / layout, COMPUTED)
    assert all(found[layout] == found["long-items"] for layout in LAYOUTS)


def test_csv_and_workbook_give_the_same_scores(tmp_path):
    made = simulate(Design(), seed=6)
    for ending in ("xlsx", "csv"):
        write_sample(made, tmp_path / f"a.{ending}", "paired")
        assert run("analyse", tmp_path / f"a.{ending}", "--out", tmp_path / ending) == 0
    names = ["scores.csv", "sessions.csv"]
    assert written(tmp_path / "csv", names) == written(tmp_path / "xlsx", names)


def test_row_order_and_file_order_do_not_matter(tmp_path):
    made = simulate(Design(), seed=7)
    (ratings,) = arranged(made, "long-items").values()
    first = ratings["Therapist"].isin(["P01", "P03"])
    write_workbook(tmp_path / "a.xlsx", {"Ratings": ratings[first]})
    write_workbook(tmp_path / "b.xlsx", {"Ratings": ratings[~first]})
    shuffled = tmp_path / "shuffled"
    shuffled.mkdir()
    for name, part in (("a.xlsx", ratings[first]), ("b.xlsx", ratings[~first])):
        write_workbook(shuffled / name, {"Ratings": part.sample(frac=1, random_state=3)})
    orders = {
        "one": [tmp_path / "a.xlsx", tmp_path / "b.xlsx"],
        "two": [tmp_path / "b.xlsx", tmp_path / "a.xlsx"],
        "three": [shuffled / "b.xlsx", shuffled / "a.xlsx"],
    }
    for out, inputs in orders.items():
        assert run("analyse", *inputs, "--out", tmp_path / out) == 0
    assert written(tmp_path / "one") == written(tmp_path / "two")
    assert written(tmp_path / "one", COMPUTED) == written(tmp_path / "three", COMPUTED)
    records = [json.loads((tmp_path / out / "run.json").read_text()) for out in ("one", "two")]
    for record in records:
        record.pop("time")
    assert records[0] == records[1]


def test_rows_left_out_end_with_1_and_with_2_when_strict(tmp_path, capsys):
    (tmp_path / "a.csv").write_text(
        HEADER
        + "P01,C-001,1,2025-01-06,Client,wai-sr,4,4,4\n"
        + "P01,C-001,2,2025-01-13,Client,wai-sr,4,4,9\n"
    )
    for strict, status in (([], 1), (["--strict"], 2)):
        assert run("analyse", tmp_path / "a.csv", "--out", tmp_path / "out", *strict) == status
        said = one_line(capsys.readouterr().err)
        assert said.startswith("a.csv")
        assert "I3" in said
        assert "wai-sr goes from 1 to 5" in said
        scores = rows_of(tmp_path / "out" / "scores.csv")
        assert [(row["session"], row["bond"]) for row in scores] == [("1", "4")]


def test_many_errors_of_a_kind_are_one_line(tmp_path, capsys):
    rows = [f"P01,C-001,{n},2025-01-{n:02d},Client,wai-sr,4,4,{9 if n < 4 else 4}\n" for n in range(1, 29)]
    (tmp_path / "a.csv").write_text(HEADER + "".join(rows))
    assert run("analyse", tmp_path / "a.csv", "--out", tmp_path / "out") == 1
    assert "(and 2 more like it)" in one_line(capsys.readouterr().err)


@pytest.mark.parametrize(
    "content",
    [b"", b"nothing,here\n1,2\n", b"%PDF-1.7 no", b"PK\x03\x04 broken"],
    ids=["empty", "other", "pdf", "damaged"],
)
def test_nothing_usable_ends_with_2_and_no_files(tmp_path, capsys, content):
    (tmp_path / "a.xlsx").write_bytes(content)
    assert run("analyse", tmp_path / "a.xlsx", "--out", tmp_path / "out") == 2
    said = capsys.readouterr().err
    assert said.splitlines()[0].count("a.xlsx") == 1
    assert "Traceback" not in said
    assert said.endswith("No ratings could be used.\n")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["analyse", "a.csv"], "--out"),
        (["analyse", "a.csv", "--out", "o", "--method", "steps"], "'step'"),
        (["analyse", "a.csv", "--out", "o", "--instrument", "wai"], "wai-sr"),
        (["analyse", "a.csv", "--out", "o", "--range", "5"], "give the lowest and the highest mark as 1:7"),
        (["analyse", "a.csv", "--out", "o", "--range", "7:1"], "7:1 is not a range"),
        (["analyse", "a.csv", "--out", "o", "--range", "nan:1"], "nan:1 is not a range"),
        (["check"], "INPUT"),
        (["sample", "s.xlsx", "--cases", "0"], "0 is not a whole number from 1 up"),
        (["sample", "s.xlsx", "--seed", "-1"], "-1"),
        (["sample", "s.xlsx", "--layout", "sideways"], "two-sheets"),
        (["report", "a.csv"], "report"),
        ([], "COMMAND"),
    ],
)
def test_wrong_usage_is_one_line_and_ends_with_2(capsys, words, says):
    assert run(*words) == 2
    assert says in one_line(capsys.readouterr().err)


@pytest.mark.parametrize("option", ["--settings", "--profile"])
@pytest.mark.parametrize(
    ("text", "says"), [(None, "cannot be opened"), ("[episodes", "not a TOML file"), ("wrong = 1", "wrong")]
)
def test_a_settings_file_or_profile_that_cannot_be_used_is_one_line(
    team, tmp_path, capsys, option, text, says
):
    if text is not None:
        (tmp_path / "own.toml").write_text(text)
    assert run("analyse", team, "--out", tmp_path / "out", option, tmp_path / "own.toml") == 2
    said = one_line(capsys.readouterr().err)
    assert said.startswith("own.toml: ")
    assert says in said


def test_a_missing_file_is_named(tmp_path, capsys):
    assert run("analyse", tmp_path / "gone.xlsx", "--out", tmp_path / "out") == 2
    assert "gone.xlsx" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_one_line(team, tmp_path, capsys):
    (tmp_path / "taken").write_text("a file")
    assert run("analyse", team, "--out", tmp_path / "taken") == 2
    assert "taken" in one_line(capsys.readouterr().err)


def test_ids_that_look_like_formulas_come_out_quoted(tmp_path, capsys):
    rows = "".join(
        f"=cmd|' /C calc'!A0,@C,{n},2025-01-{n:02d},Client,wai-sr,4,4,{bond}\n"
        for n, bond in ((1, 4), (2, 4), (3, 9))
    )
    (tmp_path / "a.csv").write_text(HEADER + rows)
    assert run("analyse", tmp_path / "a.csv", "--out", tmp_path / "out") == 1
    for name in TABLES:
        for row in rows_of(tmp_path / "out" / name):
            assert not any(cell.lstrip().startswith(("=", "@", "+")) for cell in row.values())
    scores = (tmp_path / "out" / "scores.csv").read_text(encoding="utf-8")
    assert scores.splitlines()[1].startswith("'=cmd|' /C calc'!A0,'@C,1,client,")


def test_negative_numbers_stay_numbers(team, tmp_path):
    assert run("analyse", team, "--out", tmp_path / "out") == 0
    gaps = pd.read_csv(tmp_path / "out" / "sessions.csv")["gap_overall"]
    assert gaps.dtype == float
    assert gaps.min() < 0


def test_check_lists_problems_as_csv_on_stdout(tmp_path, capsys):
    (tmp_path / "a.csv").write_text(
        HEADER
        + "P01,C-001,1,2025-01-06,Client,wai-sr,4,4,4\n"
        + "P01,C-001,2,2025-01-13,Client,wai-sr,4,4,9\n"
    )
    assert run("check", tmp_path / "a.csv") == 1
    said = capsys.readouterr()
    listed = list(csv.DictReader(io.StringIO(said.out)))
    assert said.err == ""
    errors = [row for row in listed if row["severity"] == "error"]
    assert [(row["file"], row["cell"], row["row"], row["column"], row["value"]) for row in errors] == [
        ("a.csv", "I3", "3", "Bond", "9")
    ]


def test_check_says_aloud_that_nothing_is_wrong_and_keeps_the_header(tmp_path, capsys):
    write_sample(simulate(Design(), seed=1), tmp_path / "team.xlsx", "paired")
    assert run("check", tmp_path / "team.xlsx") == 0
    said = capsys.readouterr()
    assert said.out == ",".join(PROBLEMS.names) + "\n"
    assert said.err == "No problems found.\n"


def test_range_and_instrument_are_passed_to_the_reading(tmp_path):
    (tmp_path / "a.csv").write_text(
        "Therapist,Client,Session,Rated by,Goal,Task,Bond\nP01,C-001,1,Client,10,20,30\n"
    )
    assert run("check", tmp_path / "a.csv") == 2
    assert run("analyse", tmp_path / "a.csv", "--out", tmp_path / "out", "--range", "0:40") == 0
    scores = pd.read_csv(tmp_path / "out" / "scores.csv")
    assert scores.loc[0, ["goal_pct", "task_pct", "bond_pct", "overall_pct"]].tolist() == [25, 50, 75, 50]
    assert run("check", tmp_path / "a.csv", "--instrument", "wai-sr") == 2


def test_a_profile_says_what_columns_mean(tmp_path):
    (tmp_path / "a.csv").write_text("Who,Whom,No,W1,W2,W3\nP01,C-001,1,3,4,5\nP01,C-001,2,3,4,5\n")
    (tmp_path / "p.toml").write_text(
        'instrument = "facets"\nrange = [1, 5]\n[columns]\nWho = "practitioner"\nWhom = "client"\nNo = "session"\n'
        'W1 = "client goal"\nW2 = "client task"\nW3 = "client bond"\n'
    )
    assert (
        run("analyse", tmp_path / "a.csv", "--out", tmp_path / "out", "--profile", tmp_path / "p.toml") == 0
    )
    assert pd.read_csv(tmp_path / "out" / "scores.csv")["bond_pct"].tolist() == [100, 100]


def test_a_filled_in_template_is_read_back(tmp_path):
    assert run("template", tmp_path / "t.xlsx", "--instrument", "wai-s") == 0
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    for session in (1, 2):
        for rater, mark in (("Client", 4), ("Therapist", 3)):
            book["Ratings"].append(["P01", "C-001", session, None, rater, "wai-s", *[mark] * 12])
    book["markers"].append(["P01", "C-001", 2, "withdrawal", "minimal response", 3, 2, "P01", None])
    book["cases"].append(["P01", "C-001", "Team A", "CBT"])
    book.save(tmp_path / "t.xlsx")
    assert run("analyse", tmp_path / "t.xlsx", "--out", tmp_path / "out") == 0
    scores = pd.read_csv(tmp_path / "out" / "scores.csv")
    assert scores["instrument"].unique().tolist() == ["wai-s"]
    assert scores["rater"].tolist() == ["client", "practitioner"] * 2
    # items 4 and 10 of the goal scale are reversed: 4 stays 4, 3 becomes 5
    assert scores["goal"].tolist() == [4, 4, 4, 4]
    assert scores["bond"].tolist() == [4, 3, 4, 3]
    cases = pd.read_csv(tmp_path / "out" / "cases.csv")
    assert cases.loc[0, ["team", "approach"]].tolist() == ["Team A", "CBT"]
    assert (pd.read_csv(tmp_path / "out" / "episodes.csv")["source"] == "marker").tolist() == [True]


@pytest.mark.parametrize("instrument", ["wai-sr", "facets", "total", "four-lines"])
def test_an_empty_template_has_no_ratings_yet_and_nothing_wrong(tmp_path, capsys, instrument):
    assert run("template", tmp_path / "t.xlsx", "--instrument", instrument) == 0
    assert run("check", tmp_path / "t.xlsx") == 2
    said = capsys.readouterr()
    listed = list(csv.DictReader(io.StringIO(said.out)))
    assert listed == []
    assert said.err == "No problems found.\nNo ratings yet: there are headers, but no rows below them.\n"


def test_sample_writes_what_was_asked_for(tmp_path):
    words = ["--practitioners", 2, "--cases", 3, "--sessions", 5, "--seed", 9, "--layout", "paired"]
    assert run("sample", tmp_path / "a.csv", *words) == 0
    frame = pd.read_csv(tmp_path / "a.csv")
    assert frame["Therapist"].nunique() == 2
    assert frame["Client"].nunique() == 6
    assert frame["Session"].max() == 5
    assert "Client goal" in frame.columns
    assert run("sample", tmp_path / "b.csv", *words) == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


@pytest.mark.parametrize(
    ("command", "name"), [("sample", "a.pdf"), ("template", "a.csv"), ("sample", "no/a.xlsx")]
)
def test_a_file_that_cannot_be_written_is_one_line(tmp_path, capsys, command, name):
    assert run(command, tmp_path / name) == 2
    assert Path(name).name in one_line(capsys.readouterr().err)


def test_the_program_itself_ends_with_the_status(tmp_path):
    command = [sys.executable, "-m", "alliance_core", "check", "gone.xlsx"]
    done = subprocess.run(command, cwd=Path(__file__).parent.parent, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"\r" not in done.stdout
    assert b"Traceback" not in done.stderr


def test_the_same_ratings_as_text_as_parquet_and_over_sheets_and_files_give_the_same_tables(tmp_path):
    ratings = arranged(simulate(Design(), seed=8), "long-items")["Ratings"]
    half = len(ratings) // 2
    write_workbook(tmp_path / "one.xlsx", {"Ratings": ratings})
    write_workbook(tmp_path / "two.xlsx", {"A": ratings[:half], "B": ratings[half:]})
    ratings.to_csv(tmp_path / "all.csv", index=False, date_format="%Y-%m-%d")
    ratings.to_parquet(tmp_path / "all.parquet", index=False)
    ratings[:half].to_parquet(tmp_path / "first.parquet", index=False)
    ratings[half:].to_csv(tmp_path / "second.csv", index=False, date_format="%Y-%m-%d")
    tables = []
    for number, names in enumerate(
        (["one.xlsx"], ["two.xlsx"], ["all.csv"], ["all.parquet"], ["first.parquet", "second.csv"])
    ):
        out = tmp_path / str(number)
        assert run("analyse", *(tmp_path / name for name in names), "--out", out) == 0
        tables.append(written(out, COMPUTED))
    assert all(table == tables[0] for table in tables)
