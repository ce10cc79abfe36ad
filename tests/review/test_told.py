"""Decisions as people read them."""

import pandas as pd
import pytest

from alliance_core.review import matched
from alliance_core.review.told import action, changes, in_words
from tests.review.conftest import analysed, case, review

FULL = {
    "session": 5, "action": "Raise the homework", "owner": "P03", "due": pd.Timestamp(2025, 3, 10), "note": "Gently.", "done": "partly"
}  # fmt: skip


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (FULL, "4 Mar 2025: watch. Raise the homework (P03, until 10 Mar 2025): partly done. Note: Gently."),
        ({"session": 5}, "4 Mar 2025: watch."),
        ({"session": 5, "decision": None, "action": "Ask"}, "4 Mar 2025: Ask."),
        ({"session": 5, "decided_on": None, "note": "Odd"}, "Day not known: watch. Note: Odd"),
        ({"session": 5, "owner": "P03", "done": "no"}, "4 Mar 2025: watch. No action named (P03): not done."),
    ],
)
def test_a_decision_in_one_line(row, words):
    (line,) = review(row).to_dict("records")
    assert in_words(line) == words


def test_an_action_alone():
    (line,) = review({**FULL, "done": "yes", "owner": None}).to_dict("records")
    assert action(line) == "Raise the homework (until 10 Mar 2025): done"


def told(rows, values):
    return [changes(line) for line in matched(review(*rows), analysed(case(values))).to_dict("records")]


def test_what_has_changed_is_said_in_numbers_that_people_know():
    then = {"session": 5, "until_session": 6, "fall_then": 30, "outcome_then": "open"}
    fell = [80, 80, 80, 80, 40, 80]
    assert told([then], fell) == [
        [
            "It has become deeper since: 40 points; 30 points when this was decided.",
            "What followed is known now: repaired.",
        ]
    ]
    assert told([{**then, "fall_then": 55, "outcome_then": "unrepaired"}], fell) == [
        [
            "It is smaller now: 40 points; 55 points when this was decided.",
            "It reads differently now: repaired; when this was decided: not repaired.",
        ]
    ]
    assert told([{"session": 5}], fell) == [[]]


def test_what_moved_or_is_gone_is_said_and_kept():
    then = {"session": 5, "until_session": 6, "fall_then": 40, "outcome_then": "open"}
    assert told([then], [80, 80, 80, 80, 80, 40, 45]) == [["The fall is found from session 6 on now."]]
    assert told(
        [then, {"session": 5}, {"session": 5, "client": "C-9"}, {"session": 5, "outcome_then": "no episode"}],
        [80] * 6,
    ) == [
        [
            "No fall is found at session 5 any more, because the ratings or the rule changed. The decision is kept."
        ],
        ["No fall is found at session 5. The decision is kept."],
        ["No ratings of this case are loaded. The decision is kept."],
        [],
    ]
    assert told([{"session": 6}], [80, 80, 80, 80, 40, 80]) == [
        ["No fall begins at session 6; this is taken to be about the one from session 5 on."]
    ]
    assert told([{"session": 5, "outcome_then": "no episode"}], [80, 80, 80, 80, 40, 80]) == [
        ["A fall is found there now; there was none when this was decided."]
    ]
    monday = pd.Timestamp(2025, 1, 6)
    renumbered = {
        **then,
        "session": 4,
        "session_date": monday + pd.Timedelta(weeks=4),
        "fall_then": 40,
        "outcome_then": "repaired",
    }
    assert told([renumbered], [80, 80, 80, 80, 40, 80]) == [["Session 4 has the number 5 now."]]
    assert told(
        [{**renumbered, "session": 5, "session_date": monday + pd.Timedelta(days=3)}],
        [80, 80, 80, 80, 40, 80],
    ) == [["Session 5 has another day now than when this was decided."]]
