"""The same ratings, however they are laid out and written, give the same scores."""

import datetime
import io
import random

import pandas as pd
import pytest

from alliance_core.measures.scores import answered, score
from alliance_core.reading import read_workbooks

WORDS = ["Seldom", "Sometimes", "Fairly often", "Very often", "Always"]
# wai-sr
KEYS = {"Goal": (4, 6, 8, 11), "Task": (1, 2, 10, 12), "Bond": (3, 5, 7, 9)}
IDS = ["Therapist", "Client", "Session", "Date"]


@pytest.fixture(scope="module")
def ratings():
    """(ids, rater, answers): two therapists, three clients, five sessions; some forms are missing, some answers too."""
    rng = random.Random(11)  # noqa: S311
    made = []
    for client in range(3):
        for session in range(1, 6):
            date = datetime.date(2025, 1, 1) + datetime.timedelta(days=7 * session)
            for rater in ("Client", "Therapist"):
                marks = [rng.randint(1, 5) for _ in range(12)]
                if session == 3:
                    marks[rng.randrange(12)] = None
                if not (session == 4 and rater == "Therapist"):
                    made.append(([f"P0{client % 2}", f"C-{client}", session, date], rater, marks))
    return made


def long_items(ratings, write=lambda mark: mark):
    header = [*IDS, "Rated by", *(f"Item {i}" for i in range(1, 13))]
    return {"Ratings": [header, *([*ids, rater, *map(write, marks)] for ids, rater, marks in ratings)]}


def two_sheets(ratings):
    header = [*IDS, *(f"q{i}" for i in range(1, 13))]
    return {
        f"{who} forms": [header, *([*ids, *marks] for ids, rater, marks in ratings if rater == who)]
        for who in ("Client", "Therapist")
    }


def paired_items(ratings):
    header = [*IDS, *(f"{who}{i}" for who in "CT" for i in range(1, 13))]
    rows = {}
    for ids, rater, marks in ratings:
        rows.setdefault(tuple(ids), {})[rater] = marks
    blank = [None] * 12
    return {
        "Ratings": [
            header,
            *(
                [*ids, *sides.get("Client", blank), *sides.get("Therapist", blank)]
                for ids, sides in rows.items()
            ),
        ]
    }


def means(marks):
    def mean(items):
        given = [marks[i - 1] for i in items if marks[i - 1] is not None]
        return sum(given) / len(given)

    count = sum(mark is not None for mark in marks)
    return [*(mean(items) for items in KEYS.values()), mean(range(1, 13)), count]


def long_scores(ratings):
    header = [*IDS, "Rated by", "Instrument", *KEYS, "Overall", "Items answered"]
    return {"Ratings": [header, *([*ids, rater, "wai-sr", *means(marks)] for ids, rater, marks in ratings)]}


def paired(ratings):
    names = (*KEYS, "overall", "items answered")
    header = [*IDS, "Instrument", *(f"{who} {name}" for who in ("Client", "Therapist") for name in names)]
    rows = {}
    for ids, rater, marks in ratings:
        rows.setdefault(tuple(ids), {})[rater] = means(marks)
    blank = [None] * 5
    return {
        "Ratings": [
            header,
            *(
                [*ids, "WAI-SR", *sides.get("Client", blank), *sides.get("Therapist", blank)]
                for ids, sides in rows.items()
            ),
        ]
    }


def scored(source):
    found, problems = read_workbooks(source)
    assert set(problems["severity"]) <= {"warning"}
    every = score(found.forms)
    shown = every.loc[answered(every)].reset_index(drop=True)
    numbers = shown.select_dtypes("number").columns
    return shown.assign(**shown[numbers].round(9))


def as_text(sheets, delimiter=",", comma=False):
    ((_, rows),) = sheets.items()

    def cell(value):
        shown = "" if value is None else str(value)
        return shown.replace(".", ",") if comma and isinstance(value, float) else shown

    return "\r\n".join(delimiter.join(map(cell, row)) for row in rows)


def as_parquet(sheets):
    ((_, (header, *rows)),) = sheets.items()
    out = io.BytesIO()
    pd.DataFrame(rows, columns=header).to_parquet(out, index=False)
    return out.getvalue()


@pytest.mark.parametrize("layout", [long_items, paired_items, long_scores, paired])
def test_parquet(workbook, ratings, layout):
    sheets = layout(ratings)
    assert scored(("export.parquet", as_parquet(sheets))).equals(scored(workbook(sheets)))


def test_problems_of_parquet_and_of_text_stand_where_those_of_a_workbook_do(workbook, ratings):
    sheets = long_items(ratings)
    sheets["Ratings"][3][6], sheets["Ratings"][5][2], sheets["Ratings"][9][7] = 9, None, "seven"
    sheets["Ratings"] = [[None if v is None else str(v) for v in row] for row in sheets["Ratings"]]
    told = []
    for source in (workbook(sheets), ("a.parquet", as_parquet(sheets)), ("a.csv", as_text(sheets).encode())):
        _, problems = read_workbooks(source)
        told.append(problems[["severity", "cell", "row", "column", "value", "code", "message"]])
    assert len(told[0]) >= 3
    assert told[0].equals(told[1])
    assert told[0].equals(told[2])


def test_split_over_sheets_and_files_of_every_kind(workbook, ratings):
    third = len(ratings) // 3
    parts = [long_items(part) for part in (ratings[:third], ratings[third : 2 * third], ratings[2 * third :])]
    whole = scored(workbook(long_items(ratings)))
    over_sheets = {f"Part {n}": part["Ratings"] for n, part in enumerate(parts)}
    assert scored(workbook(over_sheets)).equals(whole)
    over_files = [
        ("1.parquet", as_parquet(parts[0])),
        ("2.csv", as_text(parts[1]).encode()),
        workbook(parts[2]),
    ]
    assert scored(over_files).equals(whole)


@pytest.mark.parametrize("layout", [two_sheets, paired_items, long_scores, paired])
def test_layouts(workbook, ratings, layout):
    assert scored(workbook(layout(ratings))).equals(scored(workbook(long_items(ratings))))


@pytest.mark.parametrize("layout", [long_items, paired_items, long_scores, paired])
def test_text_files(workbook, ratings, layout):
    wanted = scored(workbook(long_items(ratings)))
    assert scored(("r.csv", as_text(layout(ratings)).encode())).equals(wanted)
    assert scored(("r.csv", as_text(layout(ratings), ";", comma=True).encode("utf-8-sig"))).equals(wanted)
    assert scored(("r.txt", as_text(layout(ratings), "\t").encode("utf-16"))).equals(wanted)


def test_row_order(workbook, ratings):
    shuffled = random.Random(3).sample(ratings, len(ratings))  # noqa: S311
    assert scored(workbook(long_items(shuffled))).equals(scored(workbook(long_items(ratings))))


@pytest.mark.parametrize(
    "write",
    [
        lambda mark: None if mark is None else str(mark),
        lambda mark: "n/a" if mark is None else f" {mark},0 ",
        lambda mark: "DNA" if mark is None else "１２３４５"[mark - 1],
        lambda mark: "-" if mark is None else WORDS[mark - 1].upper(),
        lambda mark: None if mark is None else f"{mark} - {WORDS[mark - 1]}",
    ],
    ids=["text", "decimal comma", "full width", "words", "number and word"],
)
def test_how_answers_are_written(workbook, ratings, write):
    assert scored(workbook(long_items(ratings, write))).equals(scored(workbook(long_items(ratings))))


def test_decimal_commas_as_text(workbook, ratings):
    sheets = long_scores(ratings)
    written = {
        name: [[str(v).replace(".", ",") if isinstance(v, float) else v for v in row] for row in rows]
        for name, rows in sheets.items()
    }
    assert scored(workbook(written)).equals(scored(workbook(sheets)))


def test_dates_in_other_forms(workbook, ratings):
    def dated(form):
        return [([*ids[:3], form(ids[3])], rater, marks) for ids, rater, marks in ratings]

    wanted = scored(workbook(long_items(ratings)))
    for form in (
        str,
        lambda d: f"{d.day}.{d.month}.{d.year}",
        lambda d: f"{d.month}/{d.day}/{d.year}",
        lambda d: d.strftime("%d %B %Y"),
    ):
        assert scored(workbook(long_items(dated(form)))).equals(wanted)
