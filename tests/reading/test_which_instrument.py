"""The key of one instrument on another's answers is plausible nonsense: so it is refused, never guessed."""

from collections import Counter

import pytest

from alliance_core.reading.which_instrument import Tally, from_items, named

HEADER = ["Therapist", "Client", "Session", "Rated by"]


def tally(*texts, **counts):
    return Tally(
        Counter({float(mark[1:]): n for mark, n in counts.items()}), Counter(tuple(t.split()) for t in texts)
    )


@pytest.mark.parametrize(
    ("count", "answers", "instrument"),
    [
        (12, tally(m3=40, m5=60), "wai-sr"),
        (12, tally(m3=40, m6=30, m7=30), "wai-s"),
        (36, tally(m3=40, m7=60), "wai-36"),
        (10, tally(m3=40, m5=60), "wai-srt"),
        (6, tally(m0=40, m5=60), "sai"),
        (4, tally(m0=40, m10=60), "four-lines"),
        (12, tally("seldom", "fairly often"), "wai-sr"),
        (12, tally("never", "occasionally"), "wai-s"),
    ],
)
def test_number_of_items_and_answers_together_tell(count, answers, instrument):
    verdict = from_items(count, answers)
    assert verdict.id == instrument
    assert verdict.reason.endswith(f"read as {instrument}")


@pytest.mark.parametrize(
    ("count", "answers"),
    [
        (12, tally(m2=50, m4=50)),  # the highest mark of neither range
        (12, tally(m3=500, m5=499, m6=1)),  # a slip, or another instrument?
        (12, tally("always", "sometimes")),  # words that both know
        (12, tally(m0=20, m2=40, m6=40)),  # 1–7 coded from 0
        (7, tally(m3=40, m5=60)),
        (12, tally()),
    ],
)
def test_what_is_not_plain_is_asked(count, answers):
    verdict = from_items(count, answers)
    assert verdict.id == ""
    assert verdict.code in ("instrument_needed", "no_answers")


def test_few_answers_are_to_be_confirmed():
    assert from_items(12, tally(m3=7, m5=5)).confirm
    assert not from_items(12, tally(m3=70, m5=50)).confirm
    assert not from_items(12, tally(m3=7, m7=5)).confirm


@pytest.mark.parametrize(
    ("word", "instrument"),
    [
        ("WAI-SR", "wai-sr"),
        ("wai sr", "wai-sr"),
        ("WAISR", "wai-sr"),
        ("WAI-S", "wai-s"),
        ("SAI", "sai"),
        ("WAI-SR client", "wai-sr"),
        ("WAI", None),
        ("PHQ-9", None),
    ],
)
def test_names(word, instrument):
    assert named(word) == instrument


def test_a_stated_instrument_that_the_answers_contradict_is_refused(read):
    rows = [[*HEADER, "Instrument", *(f"Item {i}" for i in range(1, 13))]]
    rows += [
        ["P01", "C-001", n, "client", "wai-sr", *[7, 6, 5, 4, 7, 6, 5, 4, 7, 6, 5, 4]] for n in range(1, 5)
    ]
    ratings, problems = read(rows)
    assert problems["code"].tolist() == ["range_conflict"]
    assert problems.loc[0, "cell"] == "F2"
    assert "wai-sr goes from 1 to 5" in problems.loc[0, "message"]
    assert ratings.recognised.loc[0, ["rows_read", "rows_used", "rows_left_out"]].tolist() == [4, 0, 4]


def test_a_practitioners_shorter_version_in_the_same_columns(read):
    rows = [[*HEADER, *(f"Item {i}" for i in range(1, 13))]]
    for n in range(1, 8):
        rows.append(["P01", "C-001", n, "client", *[5, 4, 3, 4] * 3])
        rows.append(["P01", "C-001", n, "therapist", *[5, 4, 3, 4, 5] * 2, None, None])
    ratings, _ = read(rows)
    by_rater = ratings.forms.groupby("rater")["instrument"].unique().map(list).to_dict()
    assert by_rater == {"client": ["wai-sr"], "practitioner": ["wai-srt"]}


def test_a_choice_per_rater_counts_and_a_column_counts_more(read, scores_header):
    rows = [
        scores_header,
        ["P01", "C-001", 1, "client", None, 4, 3, 5],
        ["P01", "C-001", 1, "therapist", "wai-s", 4, 3, 5],
    ]
    ratings, _ = read(rows, instrument={"client": "wai-sr", "practitioner": "wai-sr"})
    assert ratings.forms["instrument"].tolist() == ["wai-sr", "wai-s"]


def test_scores_given_directly_need_a_stated_range(read):
    rows = [[*HEADER, "Goal", "Task", "Bond"], ["P01", "C-001", 1, "client", 40, 55.5, 70]]
    ratings, problems = read(rows)
    assert problems["code"].tolist() == ["range_needed"]
    assert "from 40 to 70" in problems.loc[0, "message"]
    assert "--range MIN:MAX" in problems.loc[0, "message"]
    assert len(ratings.forms) == 0
    ratings, problems = read(rows, range=(0, 100))
    assert len(problems) == 0
    assert ratings.forms.loc[0, ["instrument", "range_min", "range_max"]].tolist() == ["facets", 0, 100]


def test_rows_may_state_their_range_themselves(read):
    header = [*HEADER, "Goal", "Task", "Bond", "Lowest mark", "Highest mark"]
    who = [["P01", f"C-00{n}", 1, "client"] for n in range(4)]
    given = [[40, 55.5, 70, 0, 100], [4, 3, 5, 1, 5], [4, 3, 5, None, None], [4, 3, 5, 5, 1]]
    ratings, problems = read([header, *(row + marks for row, marks in zip(who, given, strict=True))])
    assert ratings.forms[["range_min", "range_max"]].to_numpy().tolist() == [[0, 100], [1, 5]]
    assert problems["code"].tolist() == ["range_needed"]
    assert "2 rows are left out" in problems.loc[0, "message"]
    ratings, problems = read(
        [header, *(row + marks for row, marks in zip(who, given, strict=True))], range=(1, 7)
    )
    assert ratings.forms["range_max"].tolist() == [100, 5, 7, 7]
    assert len(problems) == 0


def test_one_overall_score_is_total(read):
    ratings, problems = read([[*HEADER, "Total"], ["P01", "C-001", 1, "client", 0]], range=(0, 10))
    assert len(problems) == 0
    assert ratings.forms.loc[0, ["instrument", "overall"]].tolist() == ["total", 0]


def test_an_unknown_instrument_is_an_error_listing_the_known(read, scores_header):
    _, problems = read([scores_header, ["P01", "C-001", 1, "client", "PHQ-9", 4, 3, 5]])
    assert problems["code"].tolist() == ["instrument_unknown"]
    assert "wai-sr" in problems.loc[0, "message"]


def test_answers_one_mark_lower_than_any_form_s_are_asked_about_as_such(read):
    rows = [[*HEADER, *(f"Item {i}" for i in range(1, 13))]]
    rows += [["P01", "C-001", n, "client", *[0, 1, 2, 3, 4, 4] * 2] for n in range(1, 7)]
    _, problems = read(rows)
    assert problems["code"].tolist() == ["instrument_needed"]
    assert (
        "wai-sr goes from 1 to 5, wai-s goes from 1 to 7, so these answers seem to be coded one mark lower"
        in problems.loc[0, "message"]
    )


def test_answers_in_words_that_no_form_has_are_asked_about(read):
    rows = [[*HEADER, *(f"Item {i}" for i in range(1, 13))]]
    rows += [["P01", "C-001", n, "client", *["agree", "disagree"] * 6] for n in range(1, 7)]
    ratings, problems = read(rows)
    assert problems["code"].tolist() == ["instrument_needed"]
    assert (
        "answered in words (agree, disagree) that do not tell wai-sr and wai-s apart"
        in problems.loc[0, "message"]
    )
    assert ratings.questions[0].examples == ("agree", "disagree")
