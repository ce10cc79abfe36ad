"""Sheets and files together: sessions numbered by date, duplicates settled, inputs named once, order without effect."""

import datetime

import pytest

from alliance_core.reading import read_workbooks

HEADER = ["Therapist", "Client", "Session", "Rated by", "Instrument", "Goal", "Task", "Bond"]
ROW = ["P01", "C-001", 1, "client", "wai-sr", 4, 3, 5]


def day(number):
    return datetime.date(2025, 3, number)


def text(rows, header=HEADER):
    return "\n".join(",".join("" if v is None else str(v) for v in row) for row in [header, *rows]).encode()


def undated(session, **more):
    row = [*ROW[:2], session, *ROW[3:]]
    for place, value in more.items():
        row[int(place[1:])] = value
    return row


def test_identical_duplicates_are_merged_with_a_note(read):
    ratings, problems = read([HEADER, ROW, undated(2), ROW])
    assert len(ratings.forms) == 2
    assert list(zip(problems["severity"], problems["cell"], problems["code"], strict=True)) == [
        ("note", "F4", "duplicate_merged")
    ]
    assert "F2 of Ratings in ratings.xlsx" in problems.loc[0, "message"]
    assert ratings.recognised.loc[0, ["rows_read", "rows_used", "rows_left_out"]].tolist() == [3, 3, 0]


def test_differing_duplicates_are_both_left_out_and_both_named(read):
    ratings, problems = read([HEADER, ROW, undated(2), undated(1, _7=4)])
    assert ratings.forms["session"].tolist() == [2]
    assert list(zip(problems["severity"], problems["cell"], problems["code"], strict=True)) == [
        ("error", "F2", "duplicate_differs"),
        ("error", "F4", "duplicate_differs"),
    ]
    assert "F4 of Ratings" in problems.loc[0, "message"]
    assert "F2 of Ratings" in problems.loc[1, "message"]
    assert ratings.recognised.loc[0, ["rows_read", "rows_used", "rows_left_out"]].tolist() == [3, 1, 2]


def test_three_that_differ_point_round(read):
    _, problems = read([HEADER, ROW, undated(1, _7=4), undated(1, _7=3)])
    assert problems["code"].tolist() == ["duplicate_differs"] * 3
    assert [
        "F3 of" in problems.loc[0, "message"],
        "F4 of" in problems.loc[1, "message"],
        "F2 of" in problems.loc[2, "message"],
    ] == [True] * 3


def test_an_empty_form_gives_way_to_a_filled_one(read):
    empty = undated(1, _5=None, _6=None, _7=None)
    ratings, problems = read([HEADER, empty, ROW])
    assert ratings.forms["bond"].tolist() == [5]
    assert problems["code"].tolist() == ["duplicate_merged"]
    assert problems["row"].tolist() == [2]


def test_duplicates_across_files_are_named_in_both():
    first, second = ("a.csv", text([ROW])), ("b.csv", text([undated(1, _7=2)]))
    _, problems = read_workbooks([first, second])
    assert problems["file"].tolist() == ["a.csv", "b.csv"]
    assert "F2 of b.csv" in problems.loc[0, "message"]


def test_sessions_without_numbers_are_numbered_by_date_within_the_case(workbook):
    header = [HEADER[0], HEADER[1], "Date", *HEADER[4:]]

    def form(client, date):
        return ["P01", client, date, *ROW[4:]]

    client = [header, form("C-001", day(20)), form("C-001", day(6)), form("C-002", day(13))]
    therapist = [header, form("C-001", day(13)), form("C-001", day(20))]
    ratings, problems = read_workbooks(workbook({"Client": client, "Therapist": therapist}))
    seen = ratings.forms[["client", "session", "rater"]]
    assert [tuple(row) for row in seen.itertuples(index=False)] == [
        ("C-001", 1, "client"),
        ("C-001", 2, "practitioner"),
        ("C-001", 3, "client"),
        ("C-001", 3, "practitioner"),
        ("C-002", 1, "client"),
    ]
    assert len(problems) == 0


def test_without_numbers_and_dates_a_row_is_left_out(read):
    header = [HEADER[0], HEADER[1], "Date", *HEADER[3:]]
    ratings, problems = read([header, ["P01", "C-001", None, *ROW[3:]], ["P01", "C-001", day(5), *ROW[3:]]])
    assert list(zip(problems["severity"], problems["cell"], problems["code"], strict=True)) == [
        ("error", "C2", "date_missing")
    ]
    assert ratings.forms["session"].tolist() == [1]
    _, problems = read([header, ["P01", "C-001", "03/04/2025", *ROW[3:]]])
    assert list(zip(problems["severity"], problems["code"], strict=True)) == [("error", "date_order_needed")]


def test_a_sheet_without_numbers_takes_them_from_the_day(workbook):
    numbered = [[*HEADER, "Date"], [*undated(4), day(6)], [*undated(5), day(13)]]
    header = [HEADER[0], HEADER[1], "Date", *HEADER[3:]]
    dated = [
        header,
        ["P01", "C-001", day(13), "therapist", *ROW[4:]],
        ["P01", "C-001", day(14), "therapist", *ROW[4:]],
    ]
    ratings, problems = read_workbooks(workbook({"A": numbered, "B": dated}))
    assert ratings.forms.loc[ratings.forms["rater"] == "practitioner", "session"].tolist() == [5]
    assert list(zip(problems["sheet"], problems["row"], problems["code"], strict=True)) == [
        ("B", 3, "session_unknown")
    ]


def test_the_same_bytes_are_read_once_with_a_note():
    ratings, problems = read_workbooks([("b.csv", text([ROW])), ("a.csv", text([ROW]))])
    assert [one.name for one in ratings.inputs] == ["a.csv"]
    assert problems[["severity", "file", "code"]].to_numpy().tolist() == [["note", "b.csv", "file_twice"]]


def test_two_files_of_one_name_are_told_apart():
    ratings, _ = read_workbooks([("x/a.csv", text([ROW])), ("y/a.csv", text([undated(2)]))])
    names = [one.name for one in ratings.inputs]
    assert len(set(names)) == 2
    assert all(name.startswith("a.csv (") for name in names)


def test_a_folder_is_its_workbooks_and_says_what_else_lies_there(tmp_path):
    folder = tmp_path / "exports"
    (folder / "older").mkdir(parents=True)
    for name, row in {"b.csv": undated(2), "a.CSV": ROW, "older/c.csv": undated(3)}.items():
        (folder / name).write_bytes(text([row]))
    for name in ("notes.docx", ".hidden.csv", "~$b.csv"):
        (folder / name).write_bytes(b"x")
    ratings, problems = read_workbooks(folder)
    assert [one.name for one in ratings.inputs] == ["a.CSV", "b.csv"]
    told = problems[["severity", "file", "code"]].to_numpy().tolist()
    assert told == [["note", "notes.docx", "file_left_aside"], ["note", "older", "file_left_aside"]]
    alone, _ = read_workbooks([folder / "a.CSV", folder / "b.csv"])
    assert ratings.forms.equals(alone.forms)


def test_a_folder_without_a_workbook_is_named(tmp_path):
    ratings, problems = read_workbooks(tmp_path)
    assert ratings.forms.empty
    assert problems["code"].tolist() == ["folder_empty"]
    assert "Read are .xlsx" in problems["message"].iloc[0]


class Upload:
    """As an upload arrives: a buffer with a name, already read to its end."""

    def __init__(self, name, content):
        self.name, self._content = name, content

    def getvalue(self):
        return self._content

    def read(self):
        return b""


def test_paths_uploads_and_open_files_are_all_sources(tmp_path):
    path = tmp_path / "one.csv"
    path.write_bytes(text([ROW]))
    with path.open("rb") as opened:
        for source in (
            path,
            str(path),
            [path],
            Upload("one.csv", text([ROW])),
            opened,
            ("one.csv", text([ROW])),
        ):
            ratings, problems = read_workbooks(source)
            assert len(ratings.forms) == 1
            assert len(problems) == 0
    with pytest.raises(TypeError, match="a source is"):
        read_workbooks([3])


def test_a_path_that_is_not_there_is_a_problem(tmp_path):
    ratings, problems = read_workbooks([tmp_path / "nothing.xlsx"])
    assert problems[["severity", "file", "code"]].to_numpy().tolist() == [
        ["error", "nothing.xlsx", "file_not_opened"]
    ]
    assert ratings.inputs == ()


def test_neither_row_nor_file_order_plays_a_part():
    rows = [
        undated(s, _0=p, _1=c, _3=r)
        for p in ("P01", "P02")
        for c in ("C-1", "C-2")
        for s in (1, 2)
        for r in ("client", "therapist")
    ]
    one, two = ("a.csv", text(rows[:9])), ("b.csv", text(rows[9:]))
    place = ["file", "sheet", "row"]
    forward, problems = read_workbooks([one, two])
    backward, _ = read_workbooks([("b.csv", text(rows[9:][::-1])), ("a.csv", text(rows[:9][::-1]))])
    assert len(problems) == 0
    assert forward.forms.drop(columns=place).equals(backward.forms.drop(columns=place))
    again, _ = read_workbooks([two, one])
    assert again.forms.equals(forward.forms)
    assert again.recognised.equals(forward.recognised)
    assert again.inputs == forward.inputs


def test_progress_goes_from_nothing_to_done():
    told = []
    read_workbooks(
        [("a.csv", text([ROW])), ("b.csv", text([undated(2)]))],
        progress=lambda share, words: told.append((share, words)),
    )
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    assert told[1][1] == "Reading file 2 of 2"


def test_no_files_at_all():
    ratings, problems = read_workbooks([])
    assert (len(ratings.forms), len(problems), len(ratings.recognised)) == (0, 0, 0)


def test_markers_and_cases(workbook):
    markers = [["Therapist", "Client", "Session", "Kind", "Marker", "Significance", "Noted by"]]
    markers += [
        ["P01", "C-001", 1, "Withdrawal", "denial", 3, "P01"],
        ["P01", "C-001", 1, "sulking", None, 2, None],
    ]
    markers += [
        ["P01", "C-001", 1, "confrontation", None, 6, None],
        ["P01", "C-777", 1, "c", None, None, None],
    ]
    cases = [
        ["Therapist", "Client", "Team", "Approach", "Started", "Closed"],
        ["P01", "C-001", "North", "CBT", day(1), None],
    ]
    ratings, problems = read_workbooks(workbook({"R": [HEADER, ROW], "markers": markers, "cases": cases}))
    assert ratings.markers[["kind", "marker", "significance"]].iloc[0].tolist() == ["withdrawal", "denial", 3]
    assert ratings.markers["kind"].tolist() == ["withdrawal", "confrontation"]
    assert ratings.cases.loc[0, ["team", "approach"]].tolist() == ["North", "CBT"]
    assert str(ratings.cases.loc[0, "started"])[:10] == "2025-03-01"
    assert ratings.cases["closed"].isna().all()
    assert sorted(zip(problems["severity"], problems["cell"], problems["code"], strict=True)) == [
        ("error", "D3", "kind_unreadable"),
        ("error", "F4", "out_of_range"),
        ("warning", "D5", "case_without_ratings"),
    ]
    assert ratings.recognised["layout"].tolist() == ["long scores", "markers", "cases"]
    assert ratings.recognised["rows_left_out"].tolist() == [0, 2, 0]


def test_a_case_said_twice_differently_is_left_out(workbook):
    cases = [["Therapist", "Client", "Team"], ["P01", "C-001", "North"], ["P01", "C-001", "South"]]
    ratings, problems = read_workbooks(workbook({"R": [HEADER, ROW], "cases": cases}))
    assert len(ratings.cases) == 0
    assert problems["code"].tolist() == ["duplicate_differs"] * 2


def test_a_good_form_is_not_merged_into_a_row_that_is_left_out(workbook):
    """The client's forms of session 2 differ, so both rows go; the therapist's good form elsewhere stays."""
    sides = ("Client", "Therapist")
    header = ["Practitioner", "Client", "Session", "Instrument"]
    header += [f"{side} {facet}" for side in sides for facet in ("goal", "task", "bond")]
    key = ["P01", "C-001", 2, "wai-sr"]
    sheets = {
        "A": [header, [*key, 4, 4, 4, 3, 3, 3]],
        "B": [header, [*key, 5, 5, 5, None, None, None]],
        "C": [header, [*key, None, None, None, 3, 3, 3]],
    }
    ratings, problems = read_workbooks(workbook(sheets))
    kept = ratings.forms.dropna(subset=["goal"])
    assert kept[["session", "rater", "goal", "sheet"]].values.tolist() == [[2, "practitioner", 3, "C"]]
    assert "duplicate_merged" not in problems["code"].tolist()
    assert ratings.recognised["rows_left_out"].tolist() == [1, 1, 0]


def test_somebody_whose_code_is_a_total_word_is_no_total(read):
    """SD and Max are codes like others; an unknown day does not turn their ratings into totals."""
    header = ["Practitioner", "Client", "Session", "Date", "Rated by", "Instrument", "Goal", "Task", "Bond"]
    rows = [["SD", "Max", session, None, "client", "wai-sr", 4, 4, 4] for session in (1, 2)]
    ratings, problems = read([header, *rows, ["Mean", None, None, None, None, None, 4, 4, 4]])
    assert ratings.forms["session"].tolist() == [1, 2]
    assert problems["code"].tolist() == ["total_row"]
