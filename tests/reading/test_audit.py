"""Supplied scores beside items are recomputed, and each mismatch is named with its cell."""

# wai-sr: task 1 2 10 12, bond 3 5 7 9, goal 4 6 8 11
ITEMS = [5, 4, 4, 3, 4, 3, 4, 3, 4, 3, 3, 4]  # task 16, bond 16, goal 12, total 44
HEADER = ["Therapist", "Client", "Session", "Rated by", "Instrument", *(f"Item {i}" for i in range(1, 13))]
KEYS = ["P01", "C-001"]


def row(session, *supplied):
    return [*KEYS, session, "client", "wai-sr", *ITEMS, *supplied]


def test_scores_that_agree_are_no_problem(read):
    _, problems = read(
        [[*HEADER, "Goal", "Task", "Bond", "Total"], row(1, 3, 4, 4, 3.67), row(2, 3, 4, 4, 3.6667)]
    )
    assert len(problems) == 0


def test_a_wrong_one_is_named_and_the_form_is_used(read):
    ratings, problems = read([[*HEADER, "Goal", "Task"], row(1, 3, 4), row(2, 3.5, 4), row(3, 3, 4)])
    assert problems[["severity", "cell", "value", "code"]].to_numpy().tolist() == [
        ["warning", "R3", "3.5", "score_mismatch"]
    ]
    assert (
        problems.loc[0, "message"]
        == "Client goal is 3.5, but the answers give 3 (mean); the recomputed value is used."
    )
    assert len(ratings.forms) == 3


def test_the_tolerance_is_five_thousandths(read):
    _, problems = read([[*HEADER, "Goal"], row(1, 3), row(2, 3.005), row(3, 3.006), row(4, 3)])
    assert problems["cell"].tolist() == ["R4"]


def test_a_sum_is_compared_as_a_sum_and_not_kept_as_a_mean(read):
    ratings, problems = read([[*HEADER, "Total", "Bond"], row(1, 44, 16), row(2, 44, 16), row(3, 46, 16)])
    assert problems[["cell", "code"]].to_numpy().tolist() == [["R4", "score_mismatch"]]
    assert "the answers give 44 (sum of 12)" in problems.loc[0, "message"]
    assert ratings.forms["overall"].isna().all()
    assert ratings.forms["bond"].isna().all()


def test_percent_of_the_range_is_compared_as_that(read):
    # (11/3 - 1) / 4 = 66.67 %
    _, problems = read([[*HEADER, "Total"], row(1, 66.67), row(2, 66.67), row(3, 50)])
    assert problems["cell"].tolist() == ["R4"]
    assert "percent of the range" in problems.loc[0, "message"]


def test_a_total_beside_goal_task_and_bond_is_audited_on_its_own_scale(read):
    header = ["Therapist", "Client", "Session", "Rated by", "Goal", "Task", "Bond", "Total"]
    rows = [header, *([*KEYS, n, "client", 4, 3, 5, total] for n, total in ((1, 12), (2, 12), (3, 13)))]
    ratings, problems = read(rows, range=(1, 7))
    assert problems[["severity", "cell", "code"]].to_numpy().tolist() == [["warning", "H4", "score_mismatch"]]
    assert "goal, task and bond give 12 (sum of 3)" in problems.loc[0, "message"]
    assert ratings.forms["overall"].isna().all()


def test_a_total_that_is_a_sum_of_items_is_said_in_words(read):
    header = ["Therapist", "Client", "Session", "Rated by", "Instrument", "Total"]
    rows = [header, *([*KEYS, n, "client", "wai-sr", total] for n, total in ((1, 44), (2, 60), (3, 12)))]
    _, problems = read(rows)
    assert problems[["severity", "code"]].to_numpy().tolist() == [["note", "total_is_a_sum"]]
    assert "sum of 12 items" in problems.loc[0, "message"]


def test_a_total_out_of_range_is_named_with_the_range_that_it_was_judged_on(read):
    header = ["Therapist", "Client", "Session", "Rated by", "Instrument", "Total"]
    totals = [(1, 44), (2, 60), (3, 61), (4, 12)]
    rows = [header, *([*KEYS, n, "client", "wai-sr", total] for n, total in totals)]
    ratings, problems = read(rows)
    assert problems[["severity", "cell", "code"]].to_numpy().tolist() == [
        ["note", "F1", "total_is_a_sum"],
        ["error", "F4", "out_of_range"],
    ]
    assert (
        problems.loc[1, "message"]
        == "Client overall is 61; the sum of 12 items of wai-sr goes from 12 to 60."
    )
    assert ratings.forms["session"].tolist() == [1, 2, 4]


def test_totals_that_are_refused_together_are_told_the_same_range(read):
    header = ["Therapist", "Client", "Session", "Rated by", "Instrument", "Total"]
    totals = [*([44] * 15), *range(61, 71)]
    rows = [header, *([*KEYS, n, "client", "wai-sr", total] for n, total in enumerate(totals, 1))]
    _, problems = read(rows)
    said = problems.loc[problems["code"] == "range_conflict", "message"].tolist()
    assert len(said) == 1
    assert "the sum of 12 items of wai-sr goes from 12 to 60; the first is 61." in said[0]


def test_a_total_on_the_scale_of_a_mean_keeps_the_range_of_the_mean(read):
    header = ["Therapist", "Client", "Session", "Rated by", "Instrument", "Total"]
    rows = [
        header,
        *([*KEYS, n, "client", "wai-sr", total] for n, total in ((1, 4), (2, 4.5), (3, 44), (4, 3))),
    ]
    _, problems = read(rows)
    assert problems["message"].tolist() == ["Client overall is 44; wai-sr goes from 1 to 5."]


def with_gaps(session, *gaps, supplied):
    """A form without answers to some items (item numbers from 1)."""
    items = [None if number in gaps else answer for number, answer in enumerate(ITEMS, 1)]
    return [*KEYS, session, "client", "wai-sr", *items, *supplied]


def test_a_sum_over_the_answered_items_is_no_mismatch_and_is_said_once(read):
    # item 7 (bond, 4) is missing: 44 - 4 = 40 over eleven, 16 - 4 = 12 over three
    rows = [[*HEADER, "Total", "Bond"], row(1, 44, 16), with_gaps(2, 7, supplied=(40, 12)), row(3, 44, 16)]
    ratings, problems = read([*rows, with_gaps(4, 7, supplied=(40, 16))])
    assert problems[["severity", "cell", "value", "code"]].to_numpy().tolist() == [
        ["note", "R3", "40", "sum_of_answered"],
        ["note", "S3", "12", "sum_of_answered"],
    ]
    assert problems.loc[0, "message"].startswith(
        "Client overall adds up the answered items only in 2 forms with unanswered ones, this one first"
    )
    assert "in 1 form with" in problems.loc[1, "message"]
    assert len(ratings.forms) == 4
    assert ratings.forms["overall"].isna().all()


def test_a_sum_brought_up_to_all_items_is_no_mismatch_rounded_or_not(read):
    # 40 over eleven items is 43.636 over twelve; 12 over three is 16 over four
    supplied = [(43.64, 16), (44, 16), (43.6, 16)]
    forms = [with_gaps(n, 7, supplied=pair) for n, pair in enumerate(supplied, 2)]
    _, problems = read([[*HEADER, "Total", "Bond"], row(1, 44, 16), *forms])
    assert len(problems) == 0


def test_a_sum_that_is_neither_is_named_with_both(read):
    rows = [[*HEADER, "Total"], row(1, 44), with_gaps(2, 7, supplied=(43,)), row(3, 44)]
    _, problems = read(rows)
    assert problems[["severity", "cell", "code"]].to_numpy().tolist() == [["warning", "R3", "score_mismatch"]]
    assert (
        problems.loc[0, "message"]
        == "Client overall is 43, but the answers give 40 (sum of the 11 answered) or 43.6364 (brought up to 12); the recomputed value is used."
    )


def test_a_whole_form_s_sum_may_not_be_rounded(read):
    rows = [[*HEADER, "Total"], *(row(n, 44) for n in (1, 2, 3)), row(4, 44.4)]
    _, problems = read(rows)
    assert problems["cell"].tolist() == ["R5"]


def test_unanswered_items_counted_as_nothing_in_a_mean_are_a_mismatch(read):
    rows = [[*HEADER, "Total"], row(1, 3.67), with_gaps(2, 7, supplied=(3.33,)), row(3, 3.67)]  # 40 / 12
    _, problems = read(rows)
    assert problems[["cell", "code"]].to_numpy().tolist() == [["R3", "score_mismatch"]]
    assert "the answers give 3.63636 (mean)" in problems.loc[0, "message"]
