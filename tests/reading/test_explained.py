"""Where one other key, reversal list or rounding explains every mismatch of a supplied column, that is said."""

import random

import pytest

KEYS = ["Therapist", "Client", "Session", "Rated by", "Instrument"]


def answers(items, low, high, forms=12):
    """Made-up answers, the same each time; neighbouring items differ."""
    dice = random.Random(items)  # noqa: S311
    return [[dice.randint(low, high) for _ in range(items)] for _ in range(forms)]


def sheet(instrument, forms, rater="client", **supplied):
    """A sheet of items with supplied columns: each a function of one form's answers (item numbers from 1)."""
    items = len(forms[0])
    header = [*KEYS, *(f"Item {n}" for n in range(1, items + 1)), *(name.capitalize() for name in supplied)]
    rows = [
        [
            "P01",
            "C-001",
            session,
            rater,
            instrument,
            *form,
            *(score(dict(enumerate(form, 1))) for score in supplied.values()),
        ]
        for session, form in enumerate(forms, 1)
    ]
    return [header, *rows]


def mean(keyed, turned=(), both_ends=0):
    return lambda a: sum(both_ends - a[n] if n in turned else a[n] for n in keyed) / len(keyed)


def total(keyed, turned=(), both_ends=0):
    return lambda a: sum(both_ends - a[n] if n in turned else a[n] for n in keyed)


WAI36_BOND = (1, 5, 8, 17, 19, 20, 21, 23, 26, 28, 29, 36)  # of these 1, 20 and 29 are reversed
WAI36_TASK = (2, 4, 7, 11, 13, 15, 16, 18, 24, 31, 33, 35)
PLANTED = {
    "wai-36, one reversal for another": (
        "wai-36",
        "client",
        36,
        1,
        7,
        "bond",
        mean(WAI36_BOND, (1, 20, 28), 8),
        "item 28 was reversed instead of 29",
    ),
    "wai-36, one reversal forgotten, as a sum": (
        "wai-36",
        "client",
        36,
        1,
        7,
        "bond",
        total(WAI36_BOND, (1, 20), 8),
        "item 29 was not reversed",
    ),
    "wai-36, none reversed": (
        "wai-36",
        "practitioner",
        36,
        1,
        7,
        "task",
        mean(WAI36_TASK),
        "no item was reversed",
    ),
    "wai-36, the column of another facet": (
        "wai-36",
        "client",
        36,
        1,
        7,
        "bond",
        mean(WAI36_TASK, (7, 11, 15, 31, 33), 8),
        "it holds the task scores",
    ),
    "wai-s, scored with wai-sr's key": (
        "wai-s",
        "client",
        12,
        1,
        7,
        "task",
        mean((1, 2, 10, 12)),
        "it was scored with the key of wai-sr",
    ),
    "wai-s, a reversal forgotten": (
        "wai-s",
        "client",
        12,
        1,
        7,
        "goal",
        mean((4, 6, 10, 11), (4,), 8),
        "item 10 was not reversed",
    ),
    "wai-s, one too many": (
        "wai-s",
        "practitioner",
        12,
        1,
        7,
        "bond",
        total((3, 5, 7, 9), (9,), 8),
        "item 9 was reversed",
    ),
    "wai-sr, with wai-s's items for goal": (
        "wai-sr",
        "client",
        12,
        1,
        5,
        "goal",
        mean((4, 6, 10, 11), (4, 10), 6),
        "it was scored with the key of wai-s",
    ),
    "wai-sr, one item for another": (
        "wai-sr",
        "client",
        12,
        1,
        5,
        "task",
        mean((1, 2, 8, 12)),
        "item 8 was counted instead of 10",
    ),
    "wai-sr, rounded": (
        "wai-sr",
        "client",
        12,
        1,
        5,
        "bond",
        lambda a: round((a[3] + a[5] + a[7] + a[9]) / 4 + 1e-6, 1),
        "it was rounded to one decimal",
    ),
    "wai-srt, an item left out": (
        "wai-srt",
        "practitioner",
        10,
        1,
        5,
        "bond",
        mean((2, 5, 7)),
        "item 9 was left out",
    ),
    "wai-srt, one reversed": (
        "wai-srt",
        "practitioner",
        10,
        1,
        5,
        "goal",
        mean((3, 6, 8), (6,), 6),
        "item 6 was reversed",
    ),
    "sai, one reversed in the total": (
        "sai",
        "client",
        6,
        0,
        5,
        "overall",
        total(range(1, 7), (2,), 5),
        "item 2 was reversed",
    ),
    "four-lines, one reversed in the total": (
        "four-lines",
        "client",
        4,
        0,
        10,
        "overall",
        total(range(1, 5), (3,), 10),
        "item 3 was reversed",
    ),
    "four-lines, goal and bond exchanged": (
        "four-lines",
        "client",
        4,
        0,
        10,
        "goal",
        lambda a: a[1],
        "item 1 was counted instead of 2",
    ),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_mistake_is_named(read, planted):
    instrument, rater, items, low, high, scale, score, cause = PLANTED[planted]
    forms = answers(items, low, high)
    _, problems = read(sheet(instrument, forms, rater, **{scale: score}))
    said = problems[problems["code"] == "scores_explained"]
    mismatches = int((problems["code"] == "score_mismatch").sum())
    assert mismatches >= 3
    assert len(said) == 1
    message = said["message"].iloc[0]
    assert message.startswith(f"Your {rater} {scale} column fits if {cause}")
    assert f"explain all {mismatches} of its mismatches" in message
    assert said["cell"].iloc[0].endswith("1")
    assert said["column"].iloc[0] == scale.capitalize()


def test_single_slips_have_no_common_cause(read):
    forms = answers(36, 1, 7)
    rows = sheet("wai-36", forms, bond=mean(WAI36_BOND, (1, 20, 29), 8))
    for at, by in ((1, 1), (2, -0.5), (3, 0.25), (4, 2)):
        rows[at][-1] += by
    _, problems = read(rows)
    assert problems["code"].tolist() == ["score_mismatch"] * 4


def test_a_cause_has_to_fit_the_rows_without_a_mismatch_too(read):
    rows = sheet("wai-36", answers(36, 1, 7), bond=mean(WAI36_BOND, (1, 20, 28), 8))
    right = sheet("wai-36", answers(36, 1, 7), bond=mean(WAI36_BOND, (1, 20, 29), 8))
    _, problems = read([*rows[:9], *right[9:]])
    assert "scores_explained" not in set(problems["code"])


def test_two_mismatches_are_too_few_to_say(read):
    form = [4] * 36
    form[27], form[28] = 2, 5  # items 28 and 29
    rows = sheet("wai-36", [form, form], bond=mean(WAI36_BOND, (1, 20, 28), 8))
    _, problems = read(rows)
    assert problems["code"].tolist() == ["score_mismatch"] * 2


def test_missing_answers_do_not_hide_the_cause(read):
    forms = answers(36, 1, 7)

    def without_item_5(a):
        keyed = [n for n in WAI36_BOND if n != 5]
        return mean(keyed, (1, 20, 28), 8)(a)

    rows = sheet("wai-36", forms, bond=mean(WAI36_BOND, (1, 20, 28), 8))
    rows[3][len(KEYS) + 4] = None
    rows[3][-1] = without_item_5(dict(enumerate(forms[2], 1)))
    _, problems = read(rows)
    (message,) = problems.loc[problems["code"] == "scores_explained", "message"]
    assert "item 28 was reversed instead of 29" in message


def test_each_rater_has_a_sentence_of_its_own(read):
    forms = answers(12, 1, 7)
    client = sheet("wai-s", forms, goal=mean((4, 6, 10, 11), (4,), 8))
    other = sheet("wai-s", forms, "practitioner", goal=mean((4, 6, 10, 11), (10,), 8))
    _, problems = read([*client, *other[1:]])
    said = problems.loc[problems["code"] == "scores_explained", "message"].tolist()
    assert [text.split(":")[0] for text in said] == [
        "Your client goal column fits if item 10 was not reversed",
        "Your practitioner goal column fits if item 4 was not reversed",
    ]


def test_sums_over_the_answered_items_do_not_hide_the_cause(read):
    rows = sheet("wai-36", answers(36, 1, 7), bond=total(WAI36_BOND, (1, 20, 28), 8))
    short = {n: a for n, a in enumerate(answers(36, 1, 7)[2], 1) if n != 5}
    rows[3][len(KEYS) + 4] = None
    rows[3][-1] = total([n for n in WAI36_BOND if n != 5], (1, 20, 28), 8)(short)
    _, problems = read(rows)
    (message,) = problems.loc[problems["code"] == "scores_explained", "message"]
    assert "item 28 was reversed instead of 29" in message


def test_unanswered_items_that_were_counted_as_nothing_are_named(read):
    forms = answers(12, 1, 5)
    rows = sheet("wai-sr", forms, bond=mean((3, 5, 7, 9)))
    for at in (1, 4, 7):
        rows[at][len(KEYS) + 6] = None  # item 7
        rows[at][-1] = sum(forms[at - 1][n - 1] for n in (3, 5, 9)) / 4
    _, problems = read(rows)
    (message,) = problems.loc[problems["code"] == "scores_explained", "message"]
    assert message.startswith("Your client bond column fits if unanswered items were counted as 0")
