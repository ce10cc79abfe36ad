"""Scores worked by hand, and every rule for missing items on its boundary."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.measures import scores
from tests.measures import oracle
from tests.measures.made import form, ratings, records
from tests.measures.test_against_oracle import repeatable, same


def scored(*forms):
    return records(scores.score(ratings(forms).forms))


def answers(instrument, marks):
    _, low, high = oracle.KEYS[instrument][:3]
    return form("P01", "C-1", 1, "client", instrument=instrument, low=low, high=high, items=marks)


def without(marks, *items):
    return [None if i in items else mark for i, mark in enumerate(marks, 1)]


WAI_SR = [5, 4, 3, 2, 1, 5, 4, 3, 2, 1, 5, 4]


def test_wai_sr_by_hand():
    """Task 5 4 1 4, bond 3 1 4 2, goal 2 5 3 5 of 1–5."""
    (row,) = scored(answers("wai-sr", WAI_SR))
    assert (row["task"], row["bond"], row["goal"], row["overall"]) == (3.5, 2.5, 3.75, 3.25)
    assert (row["task_pct"], row["bond_pct"], row["goal_pct"]) == (62.5, 37.5, 68.75)
    assert row["overall_pct"] == 56.25
    assert (row["items_answered"], row["items_expected"]) == (12, 12)


def test_wai_s_turns_items_4_and_10_back():
    """All 7, and 4 and 10 answered 1: the best possible form. All 7 throughout: 4 and 10 count as 1."""
    best = without([7] * 12)
    best[3] = best[9] = 1
    assert scored(answers("wai-s", best))[0]["overall_pct"] == 100
    (row,) = scored(answers("wai-s", [7] * 12))
    assert (row["task"], row["bond"], row["goal"]) == (7, 7, 4)
    assert row["overall"] == 6


def test_wai_36_turns_its_fourteen_items_back():
    """All 7: 22 of 36 stand, 14 become 1; task keeps 7 of 12, bond 9, goal 6."""
    (row,) = scored(answers("wai-36", [7] * 36))
    assert row["overall"] == pytest.approx((22 * 7 + 14) / 36)
    assert row["task"] == pytest.approx((7 * 7 + 5) / 12)
    assert row["bond"] == pytest.approx((9 * 7 + 3) / 12)
    assert row["goal"] == pytest.approx((6 * 7 + 6) / 12)


def test_four_lines_are_one_item_each_and_the_fourth_counts_for_the_total_only():
    (row,) = scored(answers("four-lines", [10, 8, 6, 4]))
    assert (row["bond"], row["goal"], row["task"], row["overall"]) == (10, 8, 6, 7)


def test_sai_has_one_score_only():
    (row,) = scored(answers("sai", [0, 1, 2, 3, 4, 5]))
    assert (row["overall"], row["overall_pct"]) == (2.5, 50)
    assert row["goal"] is row["task"] is row["bond"] is None


@pytest.mark.parametrize(
    ("instrument", "missing", "facets", "total"),
    [
        ("wai-sr", [1, 3], "goal task bond", True),  # 10 of 12, 3 of 4 in task and bond
        ("wai-sr", [1, 3, 4], "goal task bond", False),  # 9 of 12
        ("wai-sr", [1, 2], "goal bond", False),  # 10 of 12, but task has 2 of 4
        ("wai-srt", [2], "goal task bond", True),  # 9 of 10, bond 3 of 4
        ("wai-srt", [1], "goal bond", False),  # task needs all of its 3
        ("wai-36", [1, 2, 3, 4, 5, 6], "goal task bond", True),  # 30 of 36, 10 of 12 each
        ("wai-36", [1, 2, 3, 4, 5, 6, 7], "goal task bond", False),  # 29 of 36, task still 9 of 12
        ("wai-36", [2, 4, 7, 11], "goal bond", False),  # task 8 of 12
        ("four-lines", [4], "goal task bond", False),
        ("four-lines", [1], "goal task", False),
        ("sai", [6], "", True),  # five sixths
        ("sai", [5, 6], "", False),
    ],
)
def test_a_score_needs_enough_items(instrument, missing, facets, total):
    count, low = oracle.KEYS[instrument][:2]
    (row,) = scored(answers(instrument, without([low] * count, *missing)))
    assert [f for f in ("goal", "task", "bond") if row[f] is not None] == facets.split()
    assert (row["overall"] is not None) == total
    assert row["items_answered"] == count - len(missing)


def test_zero_is_a_mark_where_the_range_has_it():
    assert scored(answers("four-lines", [0, 0, 0, 0]))[0]["overall_pct"] == 0


def test_the_overall_of_facets_is_their_mean_and_else_the_one_supplied():
    whole = form("P01", "C-1", 1, "client", given={"goal": 1, "task": 3, "bond": 5, "overall": 4})
    part = form("P01", "C-1", 2, "client", given={"goal": 1, "task": 3, "overall": 4})
    bare = form("P01", "C-1", 3, "client", given={"goal": 1, "task": 3})
    first, second, third = scored(whole, part, bare)
    assert (first["overall"], first["overall_pct"], first["goal_pct"]) == (3, 50, 0)
    assert (second["overall"], second["overall_pct"], second["task_pct"]) == (4, 75, 50)
    assert third["overall"] is None
    assert first["items_answered"] is first["items_expected"] is None


def test_a_total_leaves_the_facets_unknown_whatever_stands_beside_it():
    given = {"goal": 10, "task": 20, "bond": 30, "overall": 20}
    (row,) = scored(form("P01", "C-1", 1, "client", instrument="total", low=0, high=40, given=given))
    assert row["goal"] is row["task"] is row["bond"] is None
    assert row["overall_pct"] == 50


@pytest.mark.parametrize(
    ("column", "means"),
    [
        ([1, 5, 3], [1, 5, 3]),  # both ends of the response range: means
        ([12, 60, 36], [1, 5, 3]),  # both ends of twelve answers: sums
        ([11, 36], [None, None]),
        ([36, 61], [None, None]),
        ([0, 3], [None, None]),
        ([3, 6], [None, None]),
        ([5, 12], [None, None]),  # neither scale fits the whole column
    ],
)
def test_a_supplied_total_is_a_mean_or_a_sum_as_the_whole_column_says(column, means):
    forms = [
        form("P01", "C-1", session, "client", instrument="wai-sr", given={"overall": value})
        for session, value in enumerate(column, 1)
    ]
    assert [row["overall"] for row in scored(*forms)] == means


def test_pct_does_not_depend_on_the_response_range():
    marks = {"goal": 0.25, "task": 0.5, "bond": 1.0}
    for low, high in [(1, 5), (0, 100), (-3, 3), (1, 7)]:
        given_scores = {facet: low + share * (high - low) for facet, share in marks.items()}
        (row,) = scored(form("P01", "C-1", 1, "client", low=low, high=high, given=given_scores))
        assert (row["goal_pct"], row["task_pct"], row["bond_pct"]) == pytest.approx((25, 50, 100))


def test_forms_without_any_answer_are_told_apart():
    blank = answers("wai-sr", [None] * 12)
    one = answers("wai-sr", without([3] * 12, *range(2, 13)))
    found = scores.score(ratings([blank, one]).forms)
    assert scores.answered(found).tolist() == [False, True]


def test_scoring_leaves_its_argument_alone_and_keeps_the_index():
    forms = ratings([answers("wai-s", [7] * 12), answers("wai-sr", WAI_SR)]).forms
    forms.index = pd.Index([7, 3])
    before = forms.copy(deep=True)
    assert scores.score(forms).index.tolist() == [7, 3]
    pd.testing.assert_frame_equal(forms, before)


def test_an_unknown_instrument_is_refused():
    with pytest.raises(KeyError, match="wai-99"):
        scores.score(ratings([form("P01", "C-1", 1, "client", instrument="wai-99")]).forms)


@st.composite
def item_forms(draw):
    forms = []
    for session in range(1, draw(st.integers(1, 12)) + 1):
        instrument = draw(st.sampled_from(sorted(oracle.KEYS)))
        count, low, high = oracle.KEYS[instrument][:3]
        random = np.random.default_rng(draw(st.integers(0, 2**32)))
        hidden = random.random(count) < draw(st.sampled_from([0, 0.1, 0.2, 0.4, 1]))
        marks = random.integers(low, high + 1, count).tolist()
        one = answers(instrument, [None if h else m for h, m in zip(hidden, marks, strict=True)])
        forms.append(one | {"session": session})
    return forms


@repeatable(60)
@given(item_forms())
def test_scores_equal_the_oracle(forms):
    frame = scores.score(ratings(forms).forms)
    found = records(frame[scores.answered(frame)])
    wanted = [row for row in map(oracle.score, forms) if row is not None]
    same(found, wanted, ["session"], [*wanted[0]] if wanted else [])
