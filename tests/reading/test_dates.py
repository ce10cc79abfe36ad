import numpy as np
import pytest

from alliance_core.reading import read_workbooks
from alliance_core.reading.cells import BAD, BLANK, GOOD
from alliance_core.reading.dates import AMBIGUOUS, dates
from alliance_core.reading.sheets import Cells


def read(*values, stated=None, from_1904=False):
    kinds = "".join("n" if isinstance(v, float) else "t" for v in values)
    found = dates(Cells(np.arange(len(values)), kinds, list(values)), stated, from_1904)
    days = ["" if np.isnat(d) else str(d)[:10] for d in found.read.values]
    return days, found.read.states.tolist()


@pytest.mark.parametrize(
    "written",
    [
        "2025-11-03",
        "2025/11/03",
        "2025-11-03T09:30:00",
        "3 Nov 2025",
        "November 3, 2025",
        "3. November 2025",
        "3 nov. 2025",
    ],
)
def test_dates_that_need_no_order(written):
    assert read(written) == (["2025-11-03"], [GOOD])


def test_months_in_four_more_languages():
    written = ("3. März 2025", "3 août 2025", "3 de enero de 2025", "3 mei 2025")
    assert read(*written)[0] == ["2025-03-03", "2025-08-03", "2025-01-03", "2025-05-03"]


def test_one_certain_cell_settles_the_whole_column():
    assert read("03/04/2025", "25/04/2025")[0] == ["2025-04-03", "2025-04-25"]
    assert read("03/04/2025", "04/25/2025")[0] == ["2025-03-04", "2025-04-25"]


def test_a_column_that_fits_both_orders_is_asked_about():
    days, states = read("03/04/2025", "05/06/2025", "07/07/2025")
    assert days == ["", "", "2025-07-07"]  # the seventh of the seventh is the same day either way
    assert states == [AMBIGUOUS, AMBIGUOUS, GOOD]


def test_a_column_that_contradicts_itself_keeps_only_what_is_certain():
    days, states = read("25/04/2025", "04/25/2025", "03/04/2025")
    assert days == ["2025-04-25", "2025-04-25", ""]
    assert states == [GOOD, GOOD, AMBIGUOUS]


def test_the_users_word_settles_it():
    assert read("03/04/2025", stated="dmy")[0] == ["2025-04-03"]
    assert read("03/04/2025", stated="mdy")[0] == ["2025-03-04"]
    assert read("25/04/2025", stated="mdy") == ([""], [BAD])


def test_points_are_day_first():
    assert read("03.04.2025", "05.06.25")[0] == ["2025-04-03", "2025-06-05"]


def test_serial_numbers_in_both_date_systems():
    # 45964 days after 1899-12-30, and 1462 days fewer after 1904-01-01, are 3 November 2025
    assert read(45964.0)[0] == ["2025-11-03"]
    assert read(45964.0 - 1462, from_1904=True)[0] == ["2025-11-03"]


def test_what_is_no_date():
    days, states = read("soon", "31/02/2025", 3.0, "n/a", "13/13/2025")
    assert days == [""] * 5
    assert states == [BAD, BAD, BAD, BLANK, BAD]


def test_a_day_number_written_as_text_is_a_day():
    """45658 is the first of January 2025 in the system of 1900; 44196 is the same day in that of 1904."""
    assert read("45658") == (["2025-01-01"], [GOOD])
    assert read("44196", from_1904=True) == (["2025-01-01"], [GOOD])
    assert read("12345678")[1] == [BAD]


def test_columns_with_the_same_headers_settle_the_order_together(workbook):
    def sheet(*days):
        header = ["Session", "Date", "Rated by", "Instrument", "Goal"]
        return [header, *([n, day, "client", "wai-sr", 3] for n, day in enumerate(days, 1))]

    content = workbook({"C-001": sheet("3/4/2025", "10/4/2025"), "C-002": sheet("25/3/2025", "1/4/2025")})[1]
    ratings, problems = read_workbooks(("P07.xlsx", content))
    assert len(problems) == 0
    assert ratings.forms["date"].dt.strftime("%d %m").tolist() == ["03 04", "10 04", "25 03", "01 04"]
    assert (
        "dates are read day first, as in other sheets with the same headers"
        in ratings.recognised.loc[0, "reason"]
    )
    content = workbook(
        {"C-001": sheet("3/4/2025", "10/4/2025"), "C-002": sheet("25/3/2025"), "C-003": sheet("3/25/2025")}
    )[1]
    _, problems = read_workbooks(("P07.xlsx", content))
    assert problems[["sheet", "code"]].to_numpy().tolist() == [["C-001", "date_order_needed"]]


def test_columns_of_dates_for_each_session_settle_the_order_together(workbook):
    header = ["Therapist", "Client", "Rated by", "Instrument", "S1 date", "S1 goal", "S2 date", "S2 goal"]
    row = ["P01", "C-001", "client", "wai-sr", "3/4/2025", 3, "17/4/2025", 4]
    ratings, problems = read_workbooks(workbook({"Ratings": [header, row]}))
    assert len(problems) == 0
    assert ratings.forms["date"].dt.month.tolist() == [4, 4]
    assert "dates are read day first, as in other columns" in ratings.recognised.loc[0, "reason"]
