"""LibreOffice opens every workbook that is written, works out every formula anew, and saves it again: nothing is lost, and it is read as before."""

import io
import zipfile

import pytest

from alliance_core import analyse, read_workbooks
from alliance_core.reading import ReadingChoices
from alliance_core.reports.supervision_workbook import supervision_workbook
from alliance_core.reports.tables_out import to_csv
from alliance_core.tables import OUTPUTS, REVIEW
from tests.office import resaved
from tests.reports.books import DAY, all_books, book, differences
from tests.reports.test_injection import hostile_ratings, hostile_reviews
from tests.reports.test_supervision_workbook import ALL_KINDS

NAMES = ["supervision.xlsx", "meeting.xlsx", "template.xlsx", "sample.xlsx", "corrected.xlsx", "kinds.xlsx"]
WRONG, HOSTILE = "wrong.xlsx", "hostile.xlsx"


def all_kinds():
    """Reversed items, answers that are missing, sums, ranges of one's own, ids that look like formulas."""
    sources = [(name, "\n".join(lines).encode()) for name, lines in ALL_KINDS.items()]
    ratings, _ = read_workbooks(sources, ReadingChoices(range=(0, 100)))
    return supervision_workbook(analyse(ratings), ratings.review, DAY)


def with_a_wrong_result(content):
    """The same workbook with another stored result beside each overall of the scores."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, text.replace(b"</f><v>", b"</f><v>1") if b"AVERAGE(" in text else text)
    return made.getvalue()


@pytest.fixture(scope="module")
def before():
    books = all_books()
    hostile = supervision_workbook(analyse(hostile_ratings()), hostile_reviews(), DAY)
    wrong = with_a_wrong_result(books["supervision.xlsx"])
    return {**books, "kinds.xlsx": all_kinds(), WRONG: wrong, HOSTILE: hostile}


@pytest.fixture(scope="module")
def after(before):
    return resaved(before)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_lost_and_every_formula_comes_to_the_result_beside_it(before, after, name):
    assert differences(before[name], after[name]) == []


def test_a_wrong_result_beside_a_formula_would_be_noticed(before, after):
    assert differences(before[WRONG], after[WRONG])
    assert differences(before["supervision.xlsx"], after[WRONG]) == []


@pytest.mark.parametrize("name", NAMES)
def test_it_is_read_as_before(before, after, name):
    (one, found), (other, again) = (read_workbooks((name, content[name])) for content in (before, after))
    assert found["code"].tolist() == again["code"].tolist()
    if len(one.forms):
        first, second = analyse(one), analyse(other)
        for table in (table for table in OUTPUTS if table.name != "problems"):
            assert to_csv(getattr(first, table.name), table) == to_csv(getattr(second, table.name), table)
    assert to_csv(one.review[REVIEW.names[:-3]], REVIEW) == to_csv(other.review[REVIEW.names[:-3]], REVIEW)


def test_text_that_looks_like_a_formula_is_none_afterwards_and_formulas_over_it_come_to_the_same(
    before, after
):
    old, new = before[HOSTILE], after[HOSTILE]
    formulas, again = (
        {(sheet.title, cell.coordinate) for sheet in book(one) for row in sheet for cell in row if cell.data_type == "f"}
        for one in (old, new)
    )  # fmt: skip
    assert formulas == again
    was, now = (book(one, data_only=True) for one in (old, new))
    for sheet, cell in formulas - {("Case", "B5"), ("Case", "B6"), ("Case", "B7"), ("Case", "B8")}:
        assert (now[sheet][cell].value or 0) == pytest.approx(was[sheet][cell].value or 0, abs=1e-9), cell
    assert not [cell for sheet in now for row in sheet for cell in row if cell.hyperlink]


def test_formulas_stand_where_a_reader_follows_a_number(before):
    sheets = book(before["kinds.xlsx"])
    formulas = {
        name: {cell.column for row in sheets[name] for cell in row if cell.data_type == "f"}
        for name in ("scores", "sessions", "episodes", "Overview", "Case")
    }
    headers = [cell.value for cell in sheets["scores"][3]]
    followed = [headers[column - 1] for column in sorted(formulas["scores"])]
    assert followed == ["Goal", "Task", "Bond", "Overall", "Goal (%)", "Task (%)", "Bond (%)", "Overall (%)", "Items answered"]  # fmt: skip
    assert all(formulas[name] for name in ("sessions", "Overview", "Case"))
