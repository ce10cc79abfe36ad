"""Many parts give what one would: every table, every rule, whatever the parts are and however the forms came."""

import numpy as np
import pandas as pd
import pytest

from alliance_core.analysis import analyse
from alliance_core.engines import gathering, work
from alliance_core.engines.workers import EngineError, ThisProcess
from alliance_core.measures.detectors import DETECTORS
from alliance_core.reading import read_workbooks
from alliance_core.sample import Design, simulate, write_sample
from alliance_core.tables import Ratings
from tests.engines.made import assert_same, odd_forms, run, write_dataset


@pytest.fixture(scope="module")
def odd():
    return odd_forms()


@pytest.fixture(scope="module")
def alone(odd):
    return analyse(Ratings(odd), methods=[*DETECTORS])


@pytest.fixture
def small_parts(monkeypatch):
    """Parts of a few rows, so that a few forms make many."""
    monkeypatch.setattr(gathering, "ROWS_A_PART", 40)
    monkeypatch.setattr(gathering, "BYTES_A_PART", 2_000)


@pytest.mark.parametrize(("parts", "seed"), [(1, 0), (2, 1), (9, 2), (60, 3)])
def test_a_dataset_of_whole_cases_gives_what_one_process_gives(
    odd, alone, tmp_path, small_parts, parts, seed
):
    folder = write_dataset(tmp_path / "data", odd, parts, seed, empty=seed)
    found = run(folder, tmp_path / "out", methods=[*DETECTORS])
    assert not found.brought_together
    assert found.forms == len(odd)
    assert found.problems.empty
    assert_same(alone, found, tmp_path / "out")


def test_neighbouring_files_share_a_part_until_it_is_full(odd, tmp_path):
    found = run(write_dataset(tmp_path / "data", odd, 9), tmp_path / "out")
    assert found.parts == 1
    assert sorted(one.name for one in (tmp_path / "out" / "scores").iterdir()) == ["part-00000.parquet"]


def test_cases_that_are_spread_over_files_are_brought_together(odd, alone, tmp_path, small_parts):
    folder = tmp_path / "data"
    folder.mkdir()
    for number in range(4):
        odd[odd["session"] % 4 == number].to_parquet(folder / f"{number}.parquet")
    found = run(folder, tmp_path / "out", methods=[*DETECTORS])
    assert found.brought_together
    assert found.parts > 4
    assert_same(alone, found, tmp_path / "out")
    assert [one.name for one in (tmp_path / "out").iterdir() if one.name.startswith(".")] == []


def test_a_file_that_is_too_large_is_brought_apart_by_its_row_groups(
    odd, alone, tmp_path, small_parts, monkeypatch
):
    monkeypatch.setattr(gathering, "MOST_ROWS", 100)
    odd.sample(frac=1, random_state=1).to_parquet(tmp_path / "all.parquet", row_group_size=150)
    found = run(tmp_path / "all.parquet", tmp_path / "out", methods=[*DETECTORS])
    assert found.brought_together
    assert int(found.rest.recognised["rows_read"].sum()) == len(odd)
    assert len(found.rest.inputs) == 1
    assert_same(alone, found, tmp_path / "out")


def test_the_same_run_again_writes_the_same_bytes(odd, tmp_path, small_parts):
    folder = write_dataset(tmp_path / "data", odd, 5)
    for out in ("one", "other", "one"):  # the last one in the place of an earlier run
        run(folder, tmp_path / out)
    for table in work.WRITTEN:
        first, second = (sorted((tmp_path / out / table.name).iterdir()) for out in ("one", "other"))
        assert [one.read_bytes() for one in first] == [one.read_bytes() for one in second]


def test_files_of_an_export_each_month_give_what_reading_them_together_gives(tmp_path, small_parts):
    """Sessions of one case in several workbooks; markers and cases on sheets beside; the same forms twice."""
    made = simulate(Design(4, 6, 12), seed=11)
    write_sample(made, tmp_path / "all.xlsx", "long-scores")
    book, _ = read_workbooks([tmp_path / "all.xlsx"])
    folder = tmp_path / "exports"
    folder.mkdir()
    for number in range(3):
        months = book.forms[(book.forms["session"] % 3 == number) | (book.forms["session"] == 5)]
        _export(months).to_csv(folder / f"{number}.csv", index=False)
    for name, frame in (("markers", book.markers), ("cases", book.cases)):
        frame.drop(columns="ended", errors="ignore").to_csv(folder / f"{name}.csv", index=False)
    (folder / "notes.txt").write_text("left aside")
    together, _ = read_workbooks([folder])
    found = run(folder, tmp_path / "out")
    assert_same(analyse(together, methods=["baseline"]), found, tmp_path / "out")
    codes = found.problems["code"].value_counts()
    assert codes["duplicate_merged"] == 2 * int((book.forms["session"] == 5).sum())
    assert codes["file_left_aside"] == 1


def _export(forms):
    names = {"practitioner": "Therapist", "client": "Client", "session": "Session", "date": "Date",
             "rater": "Rated by", "instrument": "Instrument", "goal": "Goal", "task": "Task", "bond": "Bond"}  # fmt: skip
    return forms[[*names]].rename(columns=names)


HEADER = "Therapist,Client,Session,Date,Rated by,Instrument,Lowest mark,Highest mark,Goal,Task,Bond\n"


def exports(folder, *files, header=HEADER):
    folder.mkdir()
    for number, lines in enumerate(files):
        (folder / f"{number}.csv").write_text(header + "".join(f"{line}\n" for line in lines))
    return folder


def line(client, session, goal, day="2025-01-06", rater="client"):
    return f"P01,{client},{session},{day},{rater},facets,1,7,{goal},{goal},{goal}"


def test_sessions_without_a_number_are_numbered_when_all_files_are_together(tmp_path):
    days = ["2025-01-06", "2025-01-13", "2025-01-20", "2025-01-27"]
    own = [
        f"P01,C-1,{day},client,facets,1,7,{goal},5,5" for day, goal in zip(days, (4, 6, 5, 3), strict=True)
    ]
    header = HEADER.replace("Session,", "")
    folder = exports(tmp_path / "in", [own[2], own[0]], [own[1]], [own[3]], header=header)
    found = run(folder, tmp_path / "out")
    assert_same(analyse(read_workbooks([folder])[0]), found, tmp_path / "out")
    assert found.rows["sessions"] == 4


def test_a_form_without_a_number_takes_that_of_its_day_or_is_left_out(tmp_path):
    """Two files have numbers, the third has days only: one of a numbered session, one of no session."""
    folder = exports(tmp_path / "in", [line("C-1", 1, 5)], [line("C-1", 2, 6, "2025-01-13")])
    own = [f"P01,C-1,{day},practitioner,facets,1,7,5,5,5" for day in ("2025-01-13", "2025-02-03")]
    (folder / "2.csv").write_text("\n".join([HEADER.replace("Session,", "").strip(), *own]))
    found = run(folder, tmp_path / "out")
    assert_same(analyse(read_workbooks([folder])[0]), found, tmp_path / "out")
    (lost,) = found.problems.to_dict("records")
    assert (lost["file"], lost["row"], lost["code"]) == ("2.csv", 3, "session_unknown")


def test_forms_that_contradict_each_other_are_used_by_nobody_and_named(tmp_path):
    first = [line("C-1", 1, 5), line("C-1", 2, 5), line("C-2", 1, 4), line("C-3", 1, 4)]
    other = [line("C-1", 1, 6), line("C-2", 1, ""), line("C-3", 1, 4)]
    folder = exports(tmp_path / "in", first, other)
    found = run(folder, tmp_path / "out")
    assert_same(analyse(read_workbooks([folder])[0]), found, tmp_path / "out")
    told = found.problems.set_index(["file", "row"])[["severity", "code"]].agg(" ".join, axis=1).to_dict()
    assert told == {
        ("0.csv", 2): "error duplicate_differs", ("1.csv", 2): "error duplicate_differs",
        ("1.csv", 3): "note duplicate_merged", ("1.csv", 4): "note duplicate_merged",
    }  # fmt: skip
    assert (
        found.problems["message"]
        .iloc[0]
        .endswith("here and in row 2 of 1.csv. Neither is used until one of them is removed.")
    )


def test_optional_sheets_beside_a_dataset_go_to_its_cases_and_leave_it_as_it_stands(
    odd, tmp_path, small_parts
):
    folder = write_dataset(tmp_path / "data", odd, 6)
    notes = (
        odd[["practitioner", "client"]].drop_duplicates().iloc[::3].assign(team="North", closed="2025-02-03")
    )
    stranger = pd.DataFrame(
        {"practitioner": ["P-99"], "client": ["C-none"], "team": ["South"], "closed": [None]}
    )
    pd.concat([notes, stranger]).to_csv(tmp_path / "cases.csv", index=False)
    found = run([folder, tmp_path / "cases.csv"], tmp_path / "out")
    assert not found.brought_together
    assert found.problems["code"].tolist() == ["case_without_ratings"]
    read, _ = read_workbooks([tmp_path / "cases.csv"])
    assert_same(analyse(Ratings(odd, cases=read.cases)), found, tmp_path / "out")


def test_two_files_that_say_different_things_of_a_case_are_both_left_out(odd, tmp_path):
    folder = write_dataset(tmp_path / "data", odd, 2)
    who = odd.iloc[0]
    for name, team in (("a", "North"), ("b", "South")):
        (tmp_path / f"{name}.csv").write_text(
            f"practitioner,client,team,approach\n{who['practitioner']},{who['client']},{team},CBT\n"
        )
    found = run([folder, tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path / "out")
    assert found.rest.cases.empty
    assert found.problems.loc[found.problems["severity"] == "error", "code"].tolist() == ["duplicate_differs"]


def test_a_case_is_missed_only_where_no_file_has_its_forms(tmp_path):
    """The sheet cases of the first workbook names a case of the second, and one that nobody rated."""
    one, other = (simulate(Design(1, 1, 6), seed=seed) for seed in (1, 2))
    folder = tmp_path / "in"
    folder.mkdir()
    moved = other.forms.assign(client="C-other")
    _export(moved).to_csv(folder / "b.csv", index=False)
    notes = pd.concat([one.cases, one.cases.assign(client="C-other"), one.cases.assign(client="C-none")])
    with pd.ExcelWriter(folder / "a.xlsx") as book:
        _export(one.forms).to_excel(book, sheet_name="Ratings", index=False)
        notes[["practitioner", "client", "team", "approach"]].to_excel(book, sheet_name="cases", index=False)
    found = run(folder, tmp_path / "out")
    (missed,) = found.problems.loc[found.problems["code"] == "case_without_ratings", "message"]
    assert "client C-none;" in missed
    alone = run(folder / "a.xlsx", tmp_path / "alone")
    cells = alone.problems.loc[alone.problems["code"] == "case_without_ratings", "cell"]
    assert cells.notna().tolist() == [True, True]


def test_totals_are_told_by_the_whole_of_their_sheet_wherever_its_forms_go(tmp_path, small_parts):
    """Sums from 12 to 60 of wai-sr: the cases of one part alone might pass for means."""
    rows = [
        f"P01,C-{case},{s},client,wai-sr,{12 + 4 * ((case + s) % 12)}"
        for case in range(30)
        for s in range(1, 5)
    ]
    (tmp_path / "sums.csv").write_text(
        "\n".join(["Therapist,Client,Session,Rated by,Instrument,Total", *rows])
    )
    found = run(tmp_path / "sums.csv", tmp_path / "out")
    assert found.parts > 1
    assert_same(analyse(read_workbooks([tmp_path / "sums.csv"])[0]), found, tmp_path / "out")


def test_nothing_usable_leaves_nothing_behind(tmp_path):
    (tmp_path / "in.csv").write_text("Therapist,Client,Session,Rated by,Goal\n")
    found = run(tmp_path / "in.csv", tmp_path / "out")
    assert found.forms == 0
    assert list((tmp_path / "out").iterdir()) == []


def test_what_an_earlier_run_did_not_write_is_not_replaced(odd, tmp_path):
    folder = write_dataset(tmp_path / "data", odd, 1)
    (tmp_path / "out" / "scores").mkdir(parents=True)
    (tmp_path / "out" / "scores" / "mine.parquet").touch()
    with pytest.raises(EngineError, match="choose another folder"):
        run(folder, tmp_path / "out")
    assert (tmp_path / "out" / "scores" / "mine.parquet").exists()


def test_a_run_that_fails_leaves_an_earlier_one_as_it_was(odd, tmp_path):
    folder = write_dataset(tmp_path / "data", odd, 2)
    run(folder, tmp_path / "out")
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*.parquet")}

    class Fails(ThisProcess):
        def each(self, function, items, *same):
            found = super().each(function, items, *same)
            if function is work.measure:
                raise OSError("the disk is full")
            return found

    with pytest.raises(OSError, match="disk"):
        run(folder, tmp_path / "out", workers=Fails())
    assert {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()} == before


def test_a_case_has_the_same_number_wherever_it_is_met():
    forms = odd_forms()
    numbers = work.case_numbers(forms)
    again = work.case_numbers(forms.iloc[::-1].astype({"client": "category"}))[::-1]
    assert (numbers == again).all()
    assert len(np.unique(numbers)) == len(forms[["practitioner", "client"]].drop_duplicates())
    assert len(work.case_numbers(forms.iloc[:0])) == 0
