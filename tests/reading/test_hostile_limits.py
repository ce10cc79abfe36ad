"""Each limit that a file may meet is met by one, and the sentence names it; others go on working meanwhile."""

import io
import threading
import zipfile

import pytest

from alliance_core.reading import limited, read_workbooks
from alliance_core.reading.child import look
from alliance_core.reading.child.limits import LIMITS, WHY, Limits

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
FEW = '<row r="1"><c r="A1"><v>1</v></c></row>'


def workbook(*sheets, parts=(), before="", overview=""):
    """An .xlsx of sheets (each the text of its rows); `before` stands in front of the first sheet's root."""
    names = "".join(f'<sheet name="S{i}" sheetId="{i}" r:id="r{i}"/>' for i in range(1, len(sheets) + 1))
    targets = parts or [f"worksheets/sheet{i}.xml" for i in range(1, len(sheets) + 1)]
    links = "".join(
        f'<Relationship Id="r{i}" Type="{RELATIONS}/worksheet" Target="{target}"/>'
        for i, target in enumerate(targets, 1)
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{overview}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
    }
    for i, rows in enumerate(sheets, 1):
        text = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        files[f"xl/worksheets/sheet{i}.xml"] = before + text
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in files.items():
            book.writestr(name, text)
    return made.getvalue()


def refused(content, limits=LIMITS, name="x.xlsx"):
    """Code and sentence of the one problem of a file that gives no data."""
    ratings, problems = read_workbooks((name, content), limits=limits)
    assert len(ratings.forms) == 0
    assert len(problems) == 1
    return problems.loc[0, "code"], problems.loc[0, "message"]


def far(address):
    row = "".join(letter for letter in address if letter.isdigit())
    return f'{FEW}<row r="{row}"><c r="{address}"><v>1</v></c></row>'


def test_every_limit_has_a_unit_and_a_reason():
    assert set(WHY) == set(Limits._fields)
    assert all(unit and reason for unit, reason in WHY.values())


@pytest.mark.parametrize("declared", ["<!DOCTYPE x>", "<!-- a --> <?b c?>\n<!DOCTYPE x [<!ENTITY y 'z'>]>"])
def test_declared_entities(declared):
    for content in (workbook(FEW, before=declared), workbook(FEW, overview=declared)):
        code, message = refused(content)
        assert code == "unsafe_archive"
        assert "declares a document type" in message


def test_entities_behind_a_long_comment_or_in_utf_16():
    assert refused(workbook(FEW, before=f"<!--{'x' * 9000}--><!DOCTYPE x>"))[0] == "unsafe_archive"
    assert look.first_element("\ufeff<!DOCTYPE x>".encode("utf-16-le")).startswith(b"<!DOCTYPE")
    assert look.first_element("<!DOCTYPE x>".encode("utf-16-be")).startswith(b"<!DOCTYPE")


def test_too_many_sheets():
    code, message = refused(workbook(*[FEW] * 3), LIMITS._replace(sheets=2))
    assert code == "too_large"
    assert "more than 2 sheets, which is the limit" in message


def test_two_sheets_on_one_part():
    code, message = refused(workbook(FEW, FEW, parts=["worksheets/sheet1.xml"] * 2))
    assert code == "unsafe_archive"
    assert "stand for the same part" in message


def test_too_many_cells_count_empty_ones_too():
    cells = "".join(f'<c r="{letter}1" s="0"/>' for letter in "ABCDEFGH")
    code, message = refused(workbook(f'<row r="1">{cells}</row>{far("A2")}'), LIMITS._replace(cells=8))
    assert code == "too_large"
    assert "more than 8 cells, formatted empty ones included, which is the limit" in message


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ANA1", "Cell ANA1 of its sheet number 1 is more than 1,024 columns from the first"),
        ("T1048576", "Cell T1048576 of its sheet number 1 stands so far from the others"),
        ("XFD1048576", "Cell XFD1048576 of its sheet number 1 is more than 1,024 columns from the first"),
    ],
)
def test_a_cell_far_away_is_named(address, words):
    code, message = refused(workbook(far(address)))
    assert code == "too_large"
    assert words in message
    assert "Delete what stands far away" in message


def test_an_empty_formatted_cell_far_away_is_no_harm():
    content = workbook(f'{FEW}<row r="1048576"><c r="XFD1048576" s="0"/></row>')
    assert (
        refused(content)[0] == "sheet_not_recognised"
    )  # one number alone is no sheet of ratings, but it was read


def test_of_row_and_column_the_one_that_stands_alone_is_named():
    block = [(row, column) for row in range(50) for column in range(5)]
    assert look.far_cell(block, 10, 250) is None
    assert look.far_cell([*block, (60, 2)], 10, 250) == (60, 2, "area")
    assert look.far_cell([*block, (3, 8)], 10, 250) == (3, 8, "area")
    assert look.far_cell([*block, (3, 20)], 10, 250) == (3, 20, "columns")
    assert look.far_cell([], 10, 250) is None


@pytest.mark.parametrize(
    ("limit", "words"), [("columns", "Line 2 is more than 2 columns"), ("cells", "more than 2 cells")]
)
def test_text_has_the_same_limits(limit, words):
    code, message = refused(b"a,b\n1,2,3\n", LIMITS._replace(**{limit: 2}), "x.csv")
    assert code == "too_large"
    assert words in message


# takes about half a second of computing: with a comma within its quotation marks it is read a row at a time
SLOW = b"a,b\n" + b'"1,5",2\n' * 700_000


def test_the_limit_of_computing_time_is_named():
    code, message = refused(SLOW * 5, LIMITS._replace(cpu=1, cpu_small=1, cells=10**8, area=10**9), "x.csv")
    assert code == "too_large_or_damaged"
    assert "more than 1 seconds of computing, which is the limit" in message


def test_the_limit_of_memory_is_named():
    code, message = refused(SLOW, LIMITS._replace(memory=60 << 20), "x.csv")
    assert code == "too_large_or_damaged"
    assert "GB of memory, which is the limit" in message


def test_one_place_is_kept_from_large_files():
    queue, told, order = limited.Queue(2), [], []
    with queue.place(True, lambda: None):

        class GivenUpError(Exception):
            """The user has gone."""

        def waiting():
            told.append("large")
            raise GivenUpError

        with pytest.raises(GivenUpError), queue.place(True, waiting):
            order.append("never")
        with queue.place(False, waiting):
            order.append("small")
        with queue.place(False, waiting):
            order.append("another small")
    with queue.place(True, waiting):
        order.append("large")
    assert order == ["small", "another small", "large"]
    assert told == ["large"]


NORMAL = b"Therapist,Client,Session,Rated by,Instrument,Goal,Task,Bond\nP01,C-001,1,client,wai-sr,4,3,5\n"


def test_while_a_hostile_file_is_read_another_session_goes_on(monkeypatch):
    """A hostile file holds its place until its time is over; the other session's file is read in the meantime."""
    started, let_go = threading.Event(), threading.Event()
    real = limited._started

    def started_by(kind, path, limits, task, seconds):
        if limits["members"] != 77:
            return real(kind, path, limits, task, seconds)
        started.set()
        assert let_go.wait(30)
        return real(kind, path, {**limits, "cpu": 1}, task, 0.01)  # its time is over

    monkeypatch.setattr(limited, "_started", started_by)
    found = []
    hostile = threading.Thread(
        target=lambda: found.append(read_workbooks(("slow.csv", SLOW), limits=LIMITS._replace(members=77)))
    )
    hostile.start()
    assert started.wait(30)
    ratings, _ = read_workbooks(("good.csv", NORMAL))
    assert len(ratings.forms) == 1
    assert found == []  # still at it
    let_go.set()
    hostile.join(60)
    assert "seconds, which is the limit" in found[0][1].loc[0, "message"]


def test_a_file_that_waits_says_so():
    places = [limited.QUEUE.place(False, lambda: None) for _ in range(LIMITS.at_once)]
    for place in places:
        place.__enter__()
    told = []

    def progress(fraction, words):
        told.append(words)
        if words.startswith("Waiting"):
            for place in places:
                place.__exit__(None, None, None)
            places.clear()

    ratings, _ = read_workbooks(("good.csv", NORMAL), progress=progress)
    assert len(ratings.forms) == 1
    assert told[1].startswith("Waiting to read file 1 of 1")
