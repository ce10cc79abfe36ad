"""Decisions find their episodes again, what changed is pointed out, and nothing is lost."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.review import NO_EPISODE, RECORDED_MARKER, carded, matched
from alliance_core.review.matching import MATCHED_COLUMNS
from tests.measures.made import marker, repeatable
from tests.review.conftest import analysed, case, review, said, shuffled


def monday(session):
    """The day of a session of `case`."""
    return pd.Timestamp(2025, 1, 6) + pd.Timedelta(weeks=session - 1)


def about(session, until, fall, outcome, **more):
    """A decision about an episode that began at a session of `case`."""
    then = {
        "session_date": monday(session),
        "until_session": until,
        "fall_then": fall,
        "outcome_then": outcome,
    }
    return {"session": session, **then, **more}


def test_the_same_data_leave_nothing_to_point_out(episode_of):
    found = matched(review(about(5, 6, 40, "repaired")), episode_of)
    assert found.columns.tolist() == MATCHED_COLUMNS
    assert said(found, "session_now", "start_session", "match", "changed", "depth_now", "outcome_now") == [
        [5, 5, "episode", "", 40, "repaired"]
    ]


def test_an_episode_that_deepened_and_whose_outcome_is_known_now():
    (line,) = said(
        matched(review(about(5, 5, 30, "open")), analysed(case([80, 80, 80, 80, 50, 40, 80]))),
        "match",
        "changed",
    )
    assert line == ["episode", "deepened;outcome"]


@pytest.mark.parametrize(("then", "changed"), [(39, "deepened"), (39.1, ""), (40.9, ""), (41, "shallower")])
def test_a_depth_that_differs_by_a_point_or_more(episode_of, then, changed):
    assert said(matched(review(about(5, 6, then, "repaired")), episode_of), "changed") == [[changed]]


def test_the_fall_of_a_corrected_case_begins_elsewhere():
    # session 5 was corrected from 40 to 80; what was an episode from 5 to 7 is one from 6 to 7 now
    found = matched(review(about(5, 7, 40, "open")), analysed(case([80, 80, 80, 80, 80, 40, 42])))
    assert said(found, "start_session", "match", "changed") == [[6, "episode", "moved"]]


def test_an_episode_that_overlaps_with_the_former_one_is_found_however_far_its_beginning():
    # from 5 to 9 then; from 9 on now
    found = matched(review(about(5, 9, 40, "open")), analysed(case([80] * 8 + [40, 42])))
    assert said(found, "start_session", "match") == [[9, "episode"]]
    found = matched(review(about(5, 7, 40, "open")), analysed(case([80] * 8 + [40, 42])))
    assert said(found, "start_session", "match") == [[None, "no episode"]]


def test_an_episode_that_is_gone_keeps_its_decision():
    found = matched(review(about(5, 6, 40, "repaired")), analysed(case([80, 80, 80, 80, 80, 80])))
    assert said(found, "decision", "start_session", "match", "changed") == [["watch", None, "no episode", ""]]


def test_a_case_that_is_gone_keeps_its_decision(episode_of):
    found = matched(review({"session": 5, "client": "C-9"}), episode_of)
    assert said(found, "decision", "match") == [["watch", "no case"]]


def test_a_session_that_has_another_number_now_is_found_by_its_day():
    # an earlier session came to light: what was session 5 is session 6
    values = [80, 80, 80, 80, 80, 40, 80]
    one = case(values)
    for form in one:
        form["date"] -= pd.Timedelta(weeks=1)
    found = matched(review(about(5, 6, 40, "repaired")), analysed(one))
    assert said(found, "session_now", "start_session", "changed") == [[6, 6, "renumbered"]]


def test_a_day_that_was_corrected_is_not_followed():
    one = case([80, 80, 80, 80, 40, 80])
    one[4]["date"] += pd.Timedelta(days=1)
    found = matched(review(about(5, 6, 40, "repaired")), analysed(one))
    assert said(found, "session_now", "start_session", "changed") == [[5, 5, "new day"]]


def test_two_sessions_on_one_day_decide_nothing():
    one = case([80, 80, 80, 80, 40, 80])
    one[4]["date"] = one[5]["date"] = monday(9)
    found = matched(review(about(5, 6, 40, "repaired", session_date=monday(9))), analysed(one))
    assert said(found, "session_now", "changed") == [[5, ""]]
    found = matched(review(about(3, 3, 40, "repaired", session_date=monday(9))), analysed(one))
    assert said(found, "session_now", "changed") == [[3, "new day"]]


def test_days_that_are_not_known_change_nothing(episode_of):
    undated = analysed(case([80, 80, 80, 80, 40, 80], days=False))
    assert said(matched(review(about(5, 6, 40, "repaired")), undated), "session_now", "changed") == [[5, ""]]
    found = matched(review(about(5, 6, 40, "repaired", session_date=None)), episode_of)
    assert said(found, "session_now", "changed") == [[5, ""]]


def test_rows_written_by_hand_are_about_the_episode_that_they_lie_in(episode_of):
    found = matched(review({"session": 5}, {"session": 6}, {"session": 7}, {"session": 9}), episode_of)
    assert said(found, "start_session", "match", "changed") == [
        [5, "episode", ""],
        [5, "episode", "near"],
        [5, "episode", "near"],
        [None, "no episode", ""],
    ]


def test_of_two_episodes_the_nearer_one():
    twice = analysed(case([80, 80, 80, 80, 40, 80, 80, 40, 80]))
    assert carded(twice)["start_session"].tolist() == [5, 8]
    found = matched(review({"session": 6}, {"session": 7}, {"session": 8}), twice)
    assert said(found, "start_session") == [[5], [8], [8]]


def test_a_decision_about_a_session_without_episode_meets_only_one_that_begins_there(episode_of):
    rows = [{"session": number, "outcome_then": NO_EPISODE} for number in (3, 5, 6)]
    assert said(matched(review(*rows), episode_of), "start_session", "match", "changed") == [
        [None, "session", ""],
        [5, "episode", "found"],
        [None, "session", ""],
    ]


def test_a_recorded_marker_is_an_episode_without_a_depth():
    found = analysed(case([80] * 6), markers=[marker("P01", "C-1", 4, "withdrawal", 4)])
    assert said(carded(found), "start_session", "end_session", "source") == [[4, 4, "marker"]]
    decided = matched(review({"session": 4, "outcome_then": RECORDED_MARKER}), found)
    assert said(decided, "match", "changed", "depth_now", "outcome_now") == [
        ["episode", "", None, RECORDED_MARKER]
    ]


def test_the_latest_decision_counts_and_an_unknown_day_is_the_earliest(episode_of):
    rows = review(
        {"session": 5, "decided_on": pd.Timestamp(2025, 3, 4), "action": "Ask"},
        {"session": 5, "decided_on": None, "action": "Ask"},
        {"session": 6, "decided_on": pd.Timestamp(2025, 4, 1), "action": "Ask"},  # of the same episode
        {"session": 2, "decided_on": None, "action": "Ask", "done": "no"},
        {"session": 9, "action": "Ask", "done": "yes"},
        {"session": 10},
    )
    found = matched(rows, episode_of)
    assert found["latest"].tolist() == [False, False, True, True, True, True]
    assert found["open_action"].tolist() == [False, False, True, True, False, False]


ROWS = st.lists(
    st.tuples(
        st.integers(1, 12),
        st.sampled_from([None, 0, 1, 3, 6]),
        st.sampled_from([None, NO_EPISODE, "open", "repaired"]),
        st.booleans(),
    ),
    max_size=8,
)
VALUES = st.lists(st.sampled_from([80.0, 80.0, 80.0, 40.0, None]), min_size=1, max_size=12)


def by_hand(row, episodes, near):
    """The start of the episode that a row is about, one after the other."""
    session, until, then, _ = row
    last = session + (until or 0)
    best = None
    for start, end in episodes:
        begins = start == session
        overlaps = max(start - last, session - end, 0) <= near
        if begins or (then != NO_EPISODE and overlaps):
            key = (abs(start - session), start)
            best = key if best is None else min(best, key)
    return None if best is None else best[1]


@repeatable(60)
@given(VALUES, ROWS, st.integers(0, 9))
def test_a_slow_version_finds_the_same_episodes_and_order_plays_no_part(values, rows, seed):
    found = analysed(case(values))
    lines = [
        {
            "session": session,
            "until_session": None if until is None else session + until,
            "outcome_then": then,
            "session_date": monday(session) if dated else None,
        }
        for session, until, then, dated in rows
    ]
    decided = matched(review(*lines), found)
    episodes = carded(found)[["start_session", "end_session"]].to_numpy().tolist()
    assert said(decided, "start_session") == [[by_hand(row, episodes, 1)] for row in rows]
    order = shuffled(decided.assign(_row=range(len(decided))), seed)["_row"]
    mixed = matched(review(*[lines[at] for at in order]), found)
    about_same = decided.take(order.to_numpy()).reset_index(drop=True)
    pd.testing.assert_frame_equal(
        mixed.drop(columns=["latest", "open_action"]), about_same.drop(columns=["latest", "open_action"])
    )


def test_other_cases_play_no_part():
    alone = analysed(case([80, 80, 80, 80, 40, 80]))
    both = analysed(case([80, 80, 80, 80, 40, 80]), case([80, 80, 40, 80, 80, 40], client="C-2"))
    rows = review(*({"session": number} for number in range(1, 8)))
    pd.testing.assert_frame_equal(matched(rows, alone), matched(rows, both))


def test_without_decisions_there_is_nothing_to_match(episode_of):
    assert matched(review(), episode_of).columns.tolist() == MATCHED_COLUMNS
    assert len(matched(review(), episode_of)) == 0
