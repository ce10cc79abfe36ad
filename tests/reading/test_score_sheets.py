"""One score a sheet: the sheet's name says which, the forms are joined, and what is unsure is asked."""

import pytest

from alliance_core.reading import ReadingChoices, SheetChoices, parse_profile, read_workbooks, to_toml

HEADER = ["Therapist", "Client", "Session", "Rated by", "Instrument", "Score"]


def sheet(first, header="Score", sessions=5, instrument="wai-sr"):
    """A client's and a therapist's scores; they go up by one with each session, and begin again at 5."""
    rows = [
        ["P01", "C-001", n, who, instrument, 1 + (first + n) % 5]
        for n in range(sessions)
        for who in ("client", "therapist")
    ]
    return [[*HEADER[:-1], header], *([*row[:2], row[2] + 1, *row[3:]] for row in rows)]


def read(workbook, sheets, **choices):
    return read_workbooks(workbook(sheets), ReadingChoices(**choices))


def values(ratings):
    return ratings.forms[["session", "rater", "goal", "task", "bond"]].head(3).to_numpy().tolist()


@pytest.mark.parametrize(
    "names", [("Goal", "Task", "Bond"), ("Goal scores", "tasks", "BOND"), ("Ziele", "Aufgaben", "Bindung")]
)
@pytest.mark.parametrize("header", ["Score", "Value", "Wert", "Mean score", "Total"])
def test_sheets_named_after_scores_are_joined(workbook, names, header):
    sheets = {name: sheet(number, header) for number, name in enumerate(names)}
    ratings, problems = read(workbook, sheets)
    assert len(problems) == 0
    assert len(ratings.forms) == 10
    assert values(ratings) == [[1, "client", 1, 2, 3], [1, "practitioner", 1, 2, 3], [2, "client", 2, 3, 4]]
    seen = ratings.recognised
    assert seen["layout"].tolist() == ["sheet per score"] * 3
    assert seen[["rows_read", "rows_used", "forms", "sessions"]].to_numpy().tolist() == [[10, 10, 10, 5]] * 3
    assert "it holds the task scores" in seen.loc[1, "reason"]
    assert f"{header}: bond" in seen.loc[2, "columns"]


def test_a_file_for_each_score():
    sources = [
        (f"{name}.csv", "\n".join(",".join(map(str, row)) for row in sheet(n)).encode())
        for n, name in enumerate(("goal", "task", "bond"))
    ]
    ratings, problems = read_workbooks(sources)
    assert len(problems) == 0
    assert values(ratings)[0] == [1, "client", 1, 2, 3]


def test_the_sheet_s_name_may_say_whose_scores_they_are(workbook):
    def of(who, first):
        header, *rows = sheet(first)
        return [[*header[:3], *header[4:]], *([*row[:3], *row[4:]] for row in rows if row[3] == who)]

    sheets = {
        f"{whose} {score}": of(who, n)
        for n, score in enumerate(("goal", "bond"))
        for whose, who in (("Client", "client"), ("Therapist", "therapist"))
    }
    ratings, problems = read(workbook, sheets)
    assert len(problems) == 0
    assert ratings.forms["rater"].tolist() == ["client", "practitioner"] * 5
    assert ratings.forms.loc[0, ["goal", "bond"]].tolist() == [1, 2]


def test_scores_given_directly_are_one_instrument_with_their_overall(workbook):
    sheets = {name: sheet(n, instrument=None) for n, name in enumerate(("Goal", "Task", "Bond", "Overall"))}
    ratings, problems = read(workbook, sheets, range=(1, 5))
    assert len(problems) == 0
    assert set(ratings.forms["instrument"]) == {"facets"}
    assert ratings.forms.loc[0, ["goal", "overall"]].tolist() == [1, 4]


def test_a_score_that_is_left_out_leaves_the_others(workbook):
    task = sheet(1)
    task[1][-1] = 9
    ratings, problems = read(workbook, {"Goal": sheet(0), "Task": task})
    assert problems[["sheet", "cell", "code"]].to_numpy().tolist() == [["Task", "F2", "out_of_range"]]
    assert ratings.forms.loc[0, ["goal"]].tolist() == [1]
    assert ratings.forms["task"].isna().tolist() == [True] + [False] * 9
    assert ratings.recognised[["rows_used", "rows_left_out"]].to_numpy().tolist() == [[10, 0], [9, 1]]


def test_the_same_score_twice_is_merged_or_refused_before_it_is_joined(workbook):
    again = [row[:] for row in sheet(0)]
    ratings, problems = read(workbook, {"Goal": sheet(0), "Goals": again, "Task": sheet(1)})
    assert set(problems["code"]) == {"duplicate_merged"}
    assert len(ratings.forms) == 10
    again[1][-1] = 4
    ratings, problems = read(workbook, {"Goal": sheet(0), "Goal scores": again, "Task": sheet(1)})
    assert problems.loc[problems["severity"] == "error", ["sheet", "cell"]].to_numpy().tolist() == [
        ["Goal", "F2"],
        ["Goal scores", "F2"],
    ]
    assert ratings.forms["goal"].isna().sum() == 1
    assert ratings.forms["task"].notna().all()


def test_scores_that_contradict_each_other_otherwise_are_not_joined(workbook):
    other = sheet(1)
    other[1][4] = "wai-s"
    ratings, problems = read(workbook, {"Goal": sheet(0), "Task": other})
    assert problems["code"].tolist() == ["duplicate_differs"] * 2
    assert len(ratings.forms) == 9


def test_a_sheet_whose_name_says_nothing_is_asked_about_and_the_answer_is_used(workbook):
    sheets = {"Goal": sheet(0), "Task": sheet(1), "Blad3": sheet(2)}
    ratings, problems = read(workbook, sheets)
    assert problems[["sheet", "code"]].to_numpy().tolist() == [["Blad3", "score_needed"]]
    (one,) = ratings.questions
    assert (one.sheet, one.column, one.candidates) == ("Blad3", "Score", ("goal", "task", "bond", "overall"))
    assert set(one.examples) == set("12345")
    assert ratings.forms["bond"].isna().all()
    answer = SheetChoices(headers=tuple(HEADER), sheet="Blad3", columns={"Score": "bond"})
    profile = to_toml(ReadingChoices().with_sheet(answer))
    ratings, problems = read_workbooks(workbook(sheets), parse_profile(profile.encode()))
    assert len(problems) == 0
    assert values(ratings)[0] == [1, "client", 1, 2, 3]


def test_sheets_without_telling_names_are_all_asked_about(workbook):
    ratings, problems = read(workbook, {name: sheet(n) for n, name in enumerate("XYZ")})
    assert problems["code"].tolist() == ["score_needed"] * 3
    assert len(ratings.questions) == 3
    assert len(ratings.forms) == 0
    assert ratings.recognised["rows_left_out"].tolist() == [10] * 3


def test_a_single_sheet_named_after_a_score_with_a_total_in_it_is_asked_about(workbook):
    ratings, problems = read(workbook, {"Goal": sheet(0, "Total")})
    assert problems["code"].tolist() == ["score_needed"]
    assert ratings.recognised.loc[0, ["rows_read", "rows_left_out"]].tolist() == [10, 10]
    ratings, problems = read(workbook, {"Goal": sheet(0)})
    assert len(problems) == 0
    assert ratings.forms["goal"].notna().all()


def test_a_second_version_of_a_file_is_not_taken_for_another_score(workbook):
    """Two of ten scores were corrected: these differ, and the others are the same."""
    later = sheet(0)
    later[1][-1], later[2][-1] = 3, 3
    _, problems = read(workbook, {"First": sheet(0), "Second": later})
    assert sorted(set(problems["code"])) == ["duplicate_differs", "duplicate_merged"]


def test_a_team_s_own_word_in_a_sheet_s_name_counts(workbook):
    ratings, problems = read(
        workbook, {"Mål": sheet(0), "Bånd": sheet(1)}, wordings={"goal": ["Mål"], "bond": ["Bånd"]}
    )
    assert len(problems) == 0
    assert ratings.forms.loc[0, ["goal", "bond"]].tolist() == [1, 2]
