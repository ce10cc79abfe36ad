"""Parquet files of tidy forms: what is taken for one, how its columns are read, and which rows are left out and named."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from alliance_core.analysis import analyse
from alliance_core.engines.tidy import DatasetError, Stated, read_tidy, tidy_files
from alliance_core.engines.work import WRITTEN
from alliance_core.engines.writing import whole
from alliance_core.tables import FORMS, SCORES, Ratings
from tests.engines.made import odd_forms, run, write_dataset

NOTHING = Stated()
TWO = {
    "practitioner": ["P01", "P01"],
    "client": ["C-1", "C-1"],
    "session": [1, 2],
    "rater": ["client", "client"],
    "instrument": ["wai-sr", "wai-sr"],
    "goal": [4.0, 3.0],
    "task": [4.0, 3.0],
    "bond": [5.0, 2.0],
}


def read(path, stated=NOTHING):
    (file,) = tidy_files(path)
    return read_tidy(file, stated)


@pytest.fixture
def written(tmp_path):
    """Writes a table of columns, two forms but for what is said otherwise; a column that is None is left out."""

    def write(**columns):
        table = {name: column for name, column in (TWO | columns).items() if column is not None}
        pq.write_table(pa.table(table), tmp_path / "forms.parquet")
        return tmp_path / "forms.parquet"

    return write


def test_columns_are_read_as_forms_and_others_are_left_aside(written):
    forms, problems = read(written(date=[date(2025, 3, 4), None], mood=["x", "y"]))
    assert problems.empty
    assert forms.columns.tolist() == [name for name in FORMS.names if not name.startswith("item_")]
    assert forms["date"].tolist() == [pd.Timestamp("2025-03-04"), pd.NaT]
    assert (forms["range_min"].tolist(), forms["range_max"].tolist()) == ([1, 1], [5, 5])
    assert forms[["file", "row"]].to_numpy().tolist() == [["forms.parquet", 1], ["forms.parquet", 2]]


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        (pa.array(["007", "007"]), "007"),
        (pa.array(["007", "007"], pa.large_string()), "007"),
        (pa.array(["007", "007"]).dictionary_encode(), "007"),
        (pa.array([7, 7]), "7"),
    ],
)
def test_ids_are_text_however_they_are_kept(written, column, shown):
    forms, _ = read(written(client=column))
    assert forms["client"].tolist() == [shown, shown]
    assert forms["client"].dtype == "str"


@pytest.mark.parametrize(
    "days",
    [
        pa.array([date(2025, 3, 4)] * 2),
        pa.array([datetime(2025, 3, 4)] * 2, pa.timestamp("ns")),
        pa.array(["2025-03-04"] * 2),
    ],
)
def test_days_are_days_however_they_are_kept(written, days):
    forms, _ = read(written(date=days))
    assert forms["date"].tolist() == [pd.Timestamp("2025-03-04")] * 2


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"client": [1.5, 2.5]}, "the column client holds double; it should be text."),
        ({"goal": ["4", "5"]}, "the column goal holds string; it should be a number."),
        ({"date": ["4/3/2025", "5/3/2025"]}, "the column date holds string; it should be a day."),
    ],
)
def test_a_column_of_a_wrong_kind_is_named_with_its_file(written, columns, says):
    with pytest.raises(DatasetError, match=f"forms.parquet: {says}"):
        read(written(**columns))


@pytest.mark.parametrize(
    ("columns", "column", "code", "value"),
    [
        ({"client": ["C-1", None]}, "client", "id_missing", None),
        ({"practitioner": ["P01", " "]}, "practitioner", "id_missing", " "),
        ({"session": [1, 0]}, "session", "session_unknown", "0"),
        ({"session": [1.0, 2.5]}, "session", "session_unknown", None),
        ({"session": [1, None]}, "session", "session_unknown", None),
        ({"rater": ["client", "Client"]}, "rater", "rater_unknown", "Client"),
        ({"instrument": ["wai-sr", "wai"]}, "instrument", "instrument_unknown", "wai"),
        ({"instrument": ["wai-sr", "facets"]}, "range_min", "range_needed", None),
        ({"goal": [4.0, 5.25]}, "goal", "out_of_range", "5.25"),
        ({"item_1": [5, 0]}, "item_1", "out_of_range", "0.0"),
    ],
)
def test_a_row_with_an_error_is_left_out_and_named_once(written, columns, column, code, value):
    forms, problems = read(written(**columns))
    assert len(forms) == 1
    (line,) = problems.to_dict("records")
    assert (line["severity"], line["file"], line["row"]) == ("error", "forms.parquet", 2)
    assert (line["column"], line["code"]) == (column, code)
    assert line["value"] == value or (value is None and pd.isna(line["value"]))


def test_what_the_command_states_holds_where_the_file_says_nothing(written):
    path = written(instrument=["facets", None], range_min=[0.0, None], range_max=[10.0, None])
    forms, problems = read(path, Stated("facets", (1.0, 7.0)))
    assert problems.empty
    assert forms["instrument"].tolist() == ["facets", "facets"]
    assert forms[["range_min", "range_max"]].to_numpy().tolist() == [[0, 10], [1, 7]]
    # An instrument's own range is its own, whatever stands beside it.
    own, _ = read(written(range_min=[0.0, 0.0], range_max=[10.0, 10.0]), Stated("facets", (1.0, 7.0)))
    assert own["range_max"].tolist() == [5, 5]


def test_folders_may_name_a_value_of_all_rows_in_them(tmp_path):
    columns = {name: column for name, column in TWO.items() if name != "practitioner"}
    for who in ("P01", "a%20b"):
        home = tmp_path / "data" / f"practitioner={who}"
        home.mkdir(parents=True)
        pq.write_table(pa.table(columns), home / "x.parquet")
    (tmp_path / "data" / "_SUCCESS").touch()
    (tmp_path / "data" / ".hidden").mkdir()
    (tmp_path / "data" / ".hidden" / "x.parquet").touch()
    found = [read_tidy(file, NOTHING)[0] for file in tidy_files(tmp_path / "data")]
    assert [forms["practitioner"].unique().tolist() for forms in found] == [["P01"], ["a b"]]
    assert found[0]["file"].unique().tolist() == ["practitioner=P01/x.parquet"]


def test_what_is_no_dataset_of_tidy_forms_is_for_others_to_read(written, tmp_path):
    assert tidy_files(written(rater=None)) is None
    assert tidy_files(written(goal=None, task=None, bond=None)) is None
    (tmp_path / "ratings.csv").touch()
    assert tidy_files(tmp_path / "ratings.csv") is None
    written()
    assert tidy_files(tmp_path) is None  # a workbook lies beside
    assert tidy_files(tmp_path / "not there.csv") is None


def test_damaged_files_and_mixed_folders_are_named(written, tmp_path):
    home = tmp_path / "data"
    home.mkdir()
    written().rename(home / "a.parquet")
    written(rater=None).rename(home / "b.parquet")
    with pytest.raises(
        DatasetError, match=r"b\.parquet: has no columns practitioner, client, session, rater and scores"
    ):
        tidy_files(home)
    (home / "b.parquet").write_bytes(b"PAR1 and nothing else")
    with pytest.raises(DatasetError, match=r"b\.parquet: is no Parquet file, or is damaged"):
        tidy_files(home)
    with pytest.raises(FileNotFoundError):
        tidy_files(tmp_path / "gone.parquet")


def test_the_scores_that_are_written_can_be_analysed_again(tmp_path):
    """Every session and episode is the same; sessions without an answered form are not among the scores."""
    odd = odd_forms()
    odd = odd[odd["instrument"] == "wai-sr"]
    first, second = tmp_path / "first", tmp_path / "second"
    run(write_dataset(tmp_path / "data", odd, 3), first)
    run(first / "scores", second)
    scores = whole(first, SCORES)
    assert len(scores) > 900
    pd.testing.assert_frame_equal(whole(second, SCORES)[scores.columns], scores, rtol=1e-9, atol=1e-9)
    alone = analyse(Ratings(odd))
    pd.testing.assert_frame_equal(whole(second, WRITTEN[2]), alone.episodes, rtol=1e-9, atol=1e-9)


def test_a_supplied_total_is_settled_where_it_is_read(written):
    """Sums from 12 to 60 become means; beside them a mark that is neither makes the whole column unknown, as in a sheet."""
    path = written(goal=None, task=None, bond=None, overall=[24.0, 60.0])
    assert read(path)[0]["overall"].tolist() == [2, 5]
    path = written(goal=None, task=None, bond=None, overall=[24.0, 70.0])
    assert np.isnan(read(path)[0]["overall"]).all()
