"""Merging decisions: order plays no part, twice is once, and a slow version by hand finds the same."""

import datetime

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.review import merged, same_decisions
from alliance_core.tables import REVIEW, UNSETTLED, WHAT_IT_WAS_ABOUT, shaped
from tests.measures.made import repeatable
from tests.review.conftest import review, said, shuffled

DAYS = [None, datetime.date(2025, 3, 4), datetime.date(2025, 4, 1)]
SAID = ["decision", "action", "owner", "due", "note", "done"]
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "client": st.sampled_from(["C-1", "C-2"]),
            "session": st.sampled_from([5, 6]),
            "decided_on": st.sampled_from(DAYS),
            "decision": st.sampled_from([None, "watch", "confirmed"]),
            "action": st.sampled_from([None, "Ask"]),
            "due": st.sampled_from([None, datetime.date(2025, 5, 1)]),
            "done": st.sampled_from([None, "yes", "no"]),
            "fall_then": st.sampled_from([None, 18.5, 27.0]),
            "file": st.sampled_from([None, "a.xlsx", "b.xlsx"]),
        }
    ),
    max_size=9,
)


def frames(rows):
    return shaped(
        pd.DataFrame([{"practitioner": "P01", **row} for row in rows], columns=REVIEW.names), REVIEW
    )


def same(one, other):
    for left, right in zip(one, other, strict=True):
        pd.testing.assert_frame_equal(left, right)


def by_hand(frame):
    """One dict a key where no two rows differ in what they say; else the rows that do."""
    groups = {}
    for row in frame.to_dict("records"):
        row = {name: None if pd.isna(value) else value for name, value in row.items()}
        groups.setdefault(tuple(row[name] for name in REVIEW.keys), []).append(row)
    agreed, apart = {}, {}
    for key, rows in groups.items():
        values = {name: {row[name] for row in rows} - {None} for name in SAID}
        if all(len(found) <= 1 for found in values.values()):
            agreed[key] = {name: next(iter(found), None) for name, found in values.items()}
        else:
            apart[key] = {tuple(row.items()) for row in rows}
    return agreed, apart


@repeatable(120)
@given(ROWS)
def test_a_slow_version_finds_the_same(rows):
    frame = frames(rows)
    found, unsettled = merged(frame)
    agreed, apart = by_hand(frame)
    assert {tuple(key): values for *key, values in _keyed(found)} == agreed
    assert unsettled["conflict"].nunique() == len(apart)
    assert len(unsettled) == sum(map(len, apart.values()))
    assert found.columns.tolist() == REVIEW.names
    assert unsettled.columns.tolist() == UNSETTLED.names


def _keyed(found):
    for line in found.to_dict("records"):
        row = {name: None if pd.isna(value) else value for name, value in line.items()}
        yield *(row[name] for name in REVIEW.keys), {name: row[name] for name in SAID}


@repeatable(60)
@given(ROWS, st.integers(0, 9))
def test_the_order_of_rows_plays_no_part(rows, seed):
    frame = frames(rows)
    same(merged(frame), merged(shuffled(frame, seed)))


@repeatable(60)
@given(ROWS)
def test_merging_what_was_merged_with_itself_changes_nothing(rows):
    once = merged(frames(rows))
    every = pd.concat([once[0], shaped(once[1], REVIEW)], ignore_index=True)
    same(merged(every), once)
    same(merged(pd.concat([every, every], ignore_index=True)), once)


@repeatable(60)
@given(ROWS, ROWS)
def test_two_people_s_decisions_merge_in_either_direction(mine, yours):
    one, other = frames(mine), frames(yours)
    same(merged(pd.concat([one, other])), merged(pd.concat([other, one])))


@repeatable(60)
@given(ROWS)
def test_nothing_that_anybody_said_is_lost(rows):
    frame = frames(rows)
    found, unsettled = merged(frame)
    for name in SAID:
        kept = pd.concat([found[[*REVIEW.keys, name]], unsettled[[*REVIEW.keys, name]]])
        before = {
            tuple(map(str, row)) for row in frame.loc[frame[name].notna(), [*REVIEW.keys, name]].to_numpy()
        }
        assert before <= {tuple(map(str, row)) for row in kept.to_numpy()}


def test_a_contradiction_keeps_both_sides_with_their_places():
    found, unsettled = merged(
        review(
            {"session": 5, "decision": "watch", "file": "a.xlsx", "sheet": "review", "cell": "D2"},
            {"session": 5, "decision": "confirmed", "file": "b.xlsx", "sheet": "review", "cell": "D7"},
            {"session": 5, "decision": "watch", "file": "c.xlsx", "sheet": "review", "cell": "D9"},
            {"session": 6},
        )
    )
    assert found["session"].tolist() == [6]
    assert said(unsettled, "conflict", "decision", "file", "cell") == [
        [1, "confirmed", "b.xlsx", "D7"],
        [1, "watch", "a.xlsx", "D2"],
        [1, "watch", "c.xlsx", "D9"],
    ]


def test_what_a_file_holds_stays_at_its_place_there():
    rows = review({"session": 5}, {"session": 5, "file": "a.xlsx", "sheet": "review", "cell": "D2"})
    assert said(merged(rows)[0], "file", "cell") == [["a.xlsx", "D2"]]


def test_the_same_decision_is_told_whatever_its_place():
    rows = review({"session": 5}, {"session": 5, "fall_then": 18.5}, {"session": 6})
    others = review({"session": 5, "file": "a.xlsx"}, {"session": 7})
    assert same_decisions(rows, others).tolist() == [True, False, False]
    assert same_decisions(rows, others.iloc[:0]).tolist() == [False] * 3
    assert same_decisions(rows.iloc[:0], others).tolist() == []


def test_what_it_was_about_makes_no_contradiction():
    found, unsettled = merged(
        review({"session": 5, "fall_then": 18.5}, {"session": 5, "fall_then": 27, "outcome_then": "open"})
    )
    assert len(unsettled) == 0
    assert said(found, *WHAT_IT_WAS_ABOUT) == [[None, None, 18.5, "open"]]
