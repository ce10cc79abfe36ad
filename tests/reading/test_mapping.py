"""What a mapping can say: sessions as columns, several rows of headers, names of sheets and files; kept as a profile.

Each workbook has headers of no language, is mapped as the screen does it (guesses, changed where needed), and gives
the same scores as the plain long layout.
"""

import pytest

from alliance_core import analyse
from alliance_core.__main__ import main
from alliance_core.reading import ReadingChoices, parse_profile, read_workbooks, to_toml
from alliance_core.reading.guessing import apart, guesses, header_rows, of_session
from alliance_core.reading.previewing import confirmed, open_sheets, preview, settled_raters, sisters
from alliance_core.reports.tables_out import to_csv
from alliance_core.tables import SCORES

NOTHING = ReadingChoices()
CASES = [("P01", "C-001"), ("P01", "C-002"), ("P02", "C-003")]
SIDES = {"zul": "client", "mak": "practitioner"}
MARKS = [5, 4, 3, 1, 5, 2, 4, 4, 3, 5, 1, 2]


def answers(case, session, rater):
    """Twelve marks of 1–5 that differ from form to form."""
    turn = CASES.index(case) + 2 * session + (rater == "mak")
    return MARKS[turn % 12 :] + MARKS[: turn % 12]


def forms():
    return [(case, n, who, answers(case, n, who)) for case in CASES for n in range(1, 5) for who in SIDES]


def mean(marks, items):
    return sum(marks[i - 1] for i in items) / len(items)


def scores(marks):
    """Goal, task and bond of the wai-sr."""
    return [mean(marks, items) for items in ((4, 6, 8, 11), (1, 2, 10, 12), (3, 5, 7, 9))]


def plainly(values, header, *more):
    """The long layout with known headers."""
    keys = ["Therapist", "Client", "Session", "Rated by", "Instrument"]
    rows = [[*case, n, SIDES[who], "wai-sr", *values(marks)] for case, n, who, marks in forms()]
    return {"Ratings": [[*keys, *header], *rows]}


PLAIN = {
    "items": plainly(list, [f"Item {n}" for n in range(1, 13)]),
    "scores": plainly(scores, ["Goal", "Task", "Bond"]),
}


def scores_csv(sources, choices=NOTHING):
    ratings, problems = read_workbooks(sources, choices)
    assert problems.loc[problems["severity"] != "note", "message"].tolist() == []
    return to_csv(analyse(ratings).scores, SCORES)


def mapped(sources, columns=None, at=0, rows=None, **said):
    """A profile as the screen makes it: our guesses, `columns` said otherwise, raters' words settled."""
    sheets = open_sheets(sources)
    sheet = sheets[at]
    row, many = header_rows(sheet, NOTHING)
    proposed = guesses(sheet, row, NOTHING, rows or many)
    meanings = {one.label: one.meaning for one in proposed} | (columns or {})
    own = confirmed(sheet, row, meanings, header_rows=rows or many, instrument="wai-sr", **said)
    choices = settled_raters(NOTHING, SIDES)
    seen = preview(sheet, own, choices, [one for one in sheets if one is not sheet])
    assert seen.left_out == 0
    assert len(seen.rows)
    profile = to_toml(choices.with_sheet(own, sheet.label))
    assert parse_profile(profile.encode()) == choices.with_sheet(own, sheet.label)
    return profile


def matrix(session, above=False):
    """A row a case and rater; for each session its three scores, below the sessions or with them in the header."""
    rows = {}
    for case, _, who, marks in forms():
        rows.setdefault((*case, who), []).extend(scores(marks))
    names = [f"{word} {session(n)}" for n in range(1, 5) for word in ("mol", "opg", "bon")]
    if above:
        upper = [None] * 3 + [text for n in range(1, 5) for text in (session(n), None, None)]
        return [
            upper,
            ["zurv", "plok", "whem", *["mol", "opg", "bon"] * 4],
            *([*k, *v] for k, v in rows.items()),
        ]
    return [["zurv", "plok", "whem", *names], *([*k, *v] for k, v in rows.items())]


SAID = {"zurv": "practitioner", "plok": "client", "whem": "rater"}
SCALES = {"mol": "goal", "opg": "task", "bon": "bond"}


def by_number(label):
    word, _, rest = label.partition(" ")
    return (
        of_session(SCALES[word], int("".join(filter(str.isdigit, rest)) or 1))
        if word in SCALES
        else SAID[label]
    )


@pytest.mark.parametrize("above", [False, True])
def test_sessions_as_columns(workbook, tmp_path, above):
    made = workbook({"Blad": matrix(lambda n: f"uge {n}", above)})
    (sheet,) = open_sheets(made)
    row, _ = header_rows(sheet, NOTHING)
    columns = {one.label: by_number(one.label) for one in guesses(sheet, row, NOTHING)}
    assert len(columns) == 15
    profile = mapped(made, columns)
    wanted = scores_csv(workbook(PLAIN["scores"]))
    assert scores_csv(made, parse_profile(profile.encode())) == wanted
    book, kept = tmp_path / "r.xlsx", tmp_path / "p.toml"
    book.write_bytes(made[1])
    kept.write_text(profile, encoding="utf-8")
    assert main(["analyse", str(book), "--profile", str(kept), "--out", str(tmp_path)]) == 0
    assert (tmp_path / "scores.csv").read_text(encoding="utf-8") == wanted


def test_one_score_a_session_is_guessed_by_numbered_headers(workbook):
    rows = {}
    for case, _, who, marks in forms():
        rows.setdefault((*case, who), []).append(sum(marks))
    made = workbook(
        {
            "Blad": [
                ["zurv", "plok", "whem", *(f"uge {n}" for n in range(1, 5))],
                *([*k, *v] for k, v in rows.items()),
            ]
        }
    )
    (sheet,) = open_sheets(made)
    found = guesses(sheet, 0, NOTHING)
    assert [one.meaning for one in found] == [
        "practitioner",
        "client",
        "rater",
        *(f"session {n} overall" for n in range(1, 5)),
    ]
    assert [(one.leader, one.number) for one in found[3:]] == [(3, 1), (3, 2), (3, 3), (3, 4)]
    assert "no column tells the session: perhaps one column a session" in found[3].reason
    profile = mapped(made)
    ratings, _ = read_workbooks(made, parse_profile(profile.encode()))
    assert ratings.recognised.loc[0, "layout"] == "session matrix"
    assert ratings.forms["overall"].tolist() == [
        sum(m) for _, _, _, m in sorted(forms(), key=lambda f: (f[0], f[1], f[2] == "mak"))
    ]


def test_numbered_answers_beside_a_column_of_sessions_are_no_sessions(workbook):
    rows = [[*case, n, who, *marks] for case, n, who, marks in forms()]
    made = workbook({"Blad": [["zurv", "plok", "trin", "whem", *(f"g {n}" for n in range(1, 13))], *rows]})
    found = guesses(open_sheets(made)[0], 0, NOTHING)
    assert [one.meaning for one in found[2:6]] == ["session", "rater", "item 1", "item 2"]


@pytest.mark.parametrize("ids", [True, False])
def test_several_rows_of_headers(workbook, ids):
    names = ["zurv", "plok", "trin", "whem", *(f"g{letter}" for letter in "abcdefghijkl")]
    texts = [
        "Hvem er du",
        "Hvem er det",
        "Hvilken gang",
        "Hvis svar",
        *(f"Hvor godt passer {n}" for n in range(12)),
    ]
    rows = [[*case, n, who, *marks] for case, n, who, marks in forms()]
    headers = [names, texts, *([[f'{{"ImportId":"QID{n}"}}' for n in range(16)]] if ids else [])]
    made = workbook({"Blad": [["Export"], *headers, *rows]})
    sheet = open_sheets(made)[0]
    if not ids:
        assert header_rows(sheet, NOTHING) == (1, 2)
        assert guesses(sheet, 1, NOTHING, 2)[4].beneath == "Hvor godt passer 0"
    row = 1
    proposed = guesses(sheet, row, NOTHING, len(headers))
    meanings = {one.label: one.meaning for one in proposed} | {"zurv": "practitioner", "plok": "client"}
    assert meanings["gl"] == "item 12"
    own = confirmed(sheet, row, meanings, header_rows=len(headers), instrument="wai-sr")
    profile = to_toml(settled_raters(NOTHING, SIDES).with_sheet(own))
    assert f"header_rows = {len(headers)}" in profile
    assert scores_csv(made, parse_profile(profile.encode())) == scores_csv(workbook(PLAIN["items"]))


def test_more_rows_of_headers_than_are_recognised_can_be_said(workbook):
    header = [
        "Therapist",
        "Client",
        "Session",
        "Rated by",
        "Instrument",
        *(f"Item {n}" for n in range(1, 13)),
    ]
    units = ["code", "code", "number", "who", "id", *["1-5"] * 12]
    rows = [[*case, n, SIDES[who], "wai-sr", *marks] for case, n, who, marks in forms()]
    made = workbook({"Blad": [header, units, units, *rows]})
    profile = "[[sheets]]\nheaders = " + str(header).replace("'", '"') + "\nheader_rows = 3\n"
    assert scores_csv(made, parse_profile(profile.encode())) == scores_csv(workbook(PLAIN["items"]))


def each(column, label):
    """A sheet for each value of a key (0 practitioner, 1 client, 3 rater), without that column."""
    header = ["zurv", "plok", "trin", "whem", *(f"g{letter}" for letter in "abcdefghijkl")]
    sheets = {}
    for case, n, who, marks in forms():
        row = [*case, n, who, *marks]
        name = label(row[column])
        sheets.setdefault(name, [header[:column] + header[column + 1 :]]).append(
            row[:column] + row[column + 1 :]
        )
    return sheets


HOUSES = {"P01": "4b (north)", "P02": "7c (south)"}


@pytest.mark.parametrize(
    ("column", "label", "after"),
    [
        (0, HOUSES.get, "practitioner"),
        (0, "Therapist {}".format, "practitioner"),
        (1, "Client {}".format, "client"),
        (3, str, "rater"),
    ],
)
def test_sheets_named_after_somebody(workbook, column, label, after):
    made = workbook(each(column, label))
    sheets = open_sheets(made)
    assert len(sisters(sheets[0], 0, sheets)) == len(sheets) - 1
    keys = {"zurv": "practitioner", "plok": "client", "trin": "session", "whem": "rater"}
    said = {name: meaning for name, meaning in keys.items() if meaning != after}
    profile = mapped(made, said, named_after=after)
    assert f'named_after = "{after}"' in profile
    found = scores_csv(made, parse_profile(profile.encode()))
    for code, house in HOUSES.items():
        found = found.replace(house, code)
    assert found == scores_csv(workbook(PLAIN["items"]))


def test_a_file_named_after_its_practitioner_with_a_sheet_for_each_case(workbook):
    header = ["trin", "whem", *(f"g{letter}" for letter in "abcdefghijkl")]
    files = {}
    for (practitioner, client), n, who, marks in forms():
        files.setdefault(practitioner, {}).setdefault(client, [header]).append([n, who, *marks])
    made = [workbook(sheets, name=f"{practitioner}.xlsx") for practitioner, sheets in files.items()]
    profile = mapped(
        made, {"trin": "session", "whem": "rater"}, named_after="client", file_named_after="practitioner"
    )
    assert scores_csv(made, parse_profile(profile.encode())) == scores_csv(workbook(PLAIN["items"]))


def test_all_rows_can_be_one_practitioner_s(workbook):
    header = ["plok", "trin", "whem", *(f"g{letter}" for letter in "abcdefghijkl")]
    files = {}
    for (practitioner, client), n, who, marks in forms():
        files.setdefault(practitioner, [header]).append([client, n, who, *marks])
    first, second = (
        workbook({"Blad": rows}, name=f"{name}.xlsx")
        for name, rows in zip(("a", "b"), files.values(), strict=True)
    )
    said = {"plok": "client", "trin": "session", "whem": "rater"}
    one, other = (
        scores_csv(made, parse_profile(mapped(made, said, practitioner=f" {code} ").encode()))
        for made, code in ((first, "P01"), (second, "P02"))
    )
    assert one + other.split("\n", 1)[1] == scores_csv(workbook(PLAIN["items"]))
    ratings, _ = read_workbooks(first, parse_profile(mapped(first, said, practitioner="P01").encode()))
    assert "the practitioner is P01, as you said" in ratings.recognised.loc[0, "reason"]


def test_a_mapping_of_one_sheet_goes_before_one_for_all_with_the_same_headers(workbook):
    made = workbook({"A": each(0, str)["P01"], "B": each(0, str)["P02"]})
    first, second = open_sheets(made)
    columns = {one.label: one.meaning for one in guesses(first, 0, NOTHING)}
    columns |= {"plok": "client", "whem": "rater"}
    general = confirmed(first, 0, columns, named_after="practitioner", instrument="wai-sr")
    alone = confirmed(second, 0, columns, True, named_after="practitioner", instrument="wai-s")
    choices = settled_raters(NOTHING, SIDES).with_sheet(general).with_sheet(alone)
    ratings, _ = read_workbooks(made, choices)
    assert ratings.recognised["instrument"].tolist() == ["wai-sr", "wai-s"]
    for_all = choices.with_sheet(general, on="B")  # said on B, and meant for all
    ratings, _ = read_workbooks(made, for_all)
    assert ratings.recognised["instrument"].tolist() == ["wai-sr", "wai-sr"]


def test_a_column_that_is_said_to_be_nothing_is_no_session(workbook):
    rows = [["Therapist", "Client", "Rated by", "S1", "S2", "S3"], ["P01", "C-001", "client", 4, 3, 2]]
    choices = ReadingChoices(range=(1, 5), sheets=[{"headers": rows[0], "columns": {"S3": "ignore"}}])
    ratings, problems = read_workbooks(workbook({"Blad": rows}), choices)
    assert ratings.forms["session"].tolist() == [1, 2]
    assert len(problems) == 0


def test_what_was_recognised_is_what_the_screen_fills_in(workbook):
    """A recognised matrix, survey export and sheet of four lines, confirmed without a change, read as before."""
    lines = ["Relationship", "Goals and topics", "Approach or method", "Overall"]
    names = ["ResponseId", "Q1", "Q2", "Q3", "Q4", *(f"Q5_{n}" for n in range(1, 13))]
    texts = [
        "Response ID",
        "Therapist code",
        "Client code",
        "Number of the session",
        "Are you the client or the therapist?",
    ]
    texts += [f"How far does this fit? - Statement {n}" for n in range(1, 13)]
    answered = [[f"R_{i}", *case, n, SIDES[who], *marks] for i, (case, n, who, marks) in enumerate(forms())]
    sheets = {
        "Matrix": [
            ["Therapist", "Client", "Rated by", "S1 goal", "S1 bond", "S2 goal", "S2 bond"],
            ["P01", "C-9", "client", 1, 2, 3, 4],
        ],
        "Lines": [["Therapist", "Client", "Session", *lines], ["P01", "C-8", 1, 9, 8, 8, 10]],
        "Export": [names, texts, *answered],
    }
    choices = ReadingChoices(range=(1, 5))
    made = workbook(sheets)
    before, _ = read_workbooks(made, choices)
    kept = choices
    for sheet in open_sheets(made):
        row, rows = header_rows(sheet, choices)
        columns = {one.label: one.meaning for one in guesses(sheet, row, choices, rows)}
        kept = kept.with_sheet(
            confirmed(
                sheet,
                row,
                columns,
                header_rows=rows,
                **({"instrument": "four-lines"} if sheet.label == "Lines" else {}),
            )
        )
    after, problems = read_workbooks(made, parse_profile(to_toml(kept).encode()))
    assert not problems["severity"].eq("error").any()
    assert after.forms.equals(before.forms)


def test_what_a_column_holds_and_its_session_can_be_taken_apart_and_put_together():
    assert apart("session 12 client overall") == ("client overall", 12)
    assert of_session("client overall", 12) == "session 12 client overall"
    assert of_session("practitioner", 12) == "practitioner"
    assert of_session("date", 2) == "session 2 date"
    assert of_session("goal", 0) == "goal"
