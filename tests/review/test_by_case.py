"""One case's rows and decisions, taken by position, are those that a filter over everything gives."""

import pandas as pd
import pytest

from alliance_core import analyse
from alliance_core.measures.agreement import as_seen
from alliance_core.measures.detectors import DETECTORS
from alliance_core.review import Decisions, Subject, matched
from alliance_core.review.by_case import ByCase, records
from alliance_core.review.history import History, history_of
from alliance_core.sample import Design, simulate
from alliance_core.tables import REVIEW, empty
from tests.review.conftest import analysed, case, review

FRAMES = ("sessions", "trace", "episodes", "cards", "cases", "agreement", "agenda", "markers", "bands")


@pytest.fixture(scope="module")
def found():
    return ByCase(analyse(simulate(Design(2, 4, 10), 2).ratings))


@pytest.mark.parametrize("name", FRAMES)
def test_rows_of_a_case_and_of_a_caseload(found, name):
    whole = found._frames[name]
    for practitioner, clients in found.clients.items():
        own = whole[(whole["practitioner"] == practitioner).to_numpy(bool)]
        pd.testing.assert_frame_equal(
            getattr(found.caseload(practitioner), name), own.reset_index(drop=True), check_dtype=False
        )
        for client in clients:
            rows = own[(own["client"] == client).to_numpy(bool)].reset_index(drop=True)
            pd.testing.assert_frame_equal(
                getattr(found.case(practitioner, client), name), rows, check_dtype=False
            )


@pytest.mark.parametrize("method", DETECTORS)
def test_sessions_tell_what_the_rule_in_use_saw(method):
    analysis = analyse(simulate(Design(3, 6, 12), 4).ratings, methods=[method])
    told = ByCase(analysis)._frames["sessions"]
    pd.testing.assert_frame_equal(told, as_seen(analysis.sessions, analysis.trace))


def test_a_case_that_is_not_there_has_no_rows(found):
    assert all(getattr(found.case("nobody", "C"), name).empty for name in FRAMES)
    assert found.work("nobody", "C").case_tasks.empty
    assert found.cards_of("nobody", "C") == []
    with pytest.raises(AttributeError):
        _ = found.case("nobody", "C").something


def test_cards_come_newest_first():
    found = ByCase(analysed(case([80, 80, 80, 80, 40, 80, 80, 80, 80, 40, 80])))
    assert [card["start_session"] for card in found.cards_of("P01", "C-1")] == [10, 5]


def test_records_are_the_rows():
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    assert records(frame) == [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]
    assert records(frame[:0]) == []


def test_a_history_is_latest_first_and_by_what_it_is_about():
    analysis = analysed(case([80, 80, 80, 80, 40, 80]), case([80] * 6, "C-2"))
    rows = review(
        {"session": 5, "decided_on": "2025-03-01"},
        {"session": 5, "decided_on": "2025-04-01"},
        {"session": 2, "decided_on": "2025-05-01", "outcome_then": "no episode"},
        {"client": "C-2", "session": 6, "decided_on": "2025-02-01"},
    )
    history = history_of(rows, analysis)
    days = lambda decisions: [f"{one['decided_on']:%m}" for one in decisions]  # noqa: E731
    (card,) = ByCase(analysis).cards_of("P01", "C-1")
    assert days(history.of_case("P01", "C-1")) == ["05", "04", "03"]
    assert days(history.of_episode(card)) == ["04", "03"]
    assert days(history.of_no_episode("P01", "C-1")) == ["05"]
    assert days(history.of_session(Subject("P01", "C-1", 2, pd.NaT))) == ["05"]
    assert history.of_case("P01", "C-9") == []
    assert History(matched(empty(REVIEW), analysis)).of_case("P01", "C-1") == []


def test_a_row_that_says_nothing_is_no_history():
    analysis = analysed(case([80] * 4))
    silent = Decisions().review.reindex([0]).assign(practitioner="P01", client="C-1", session=1)
    assert history_of(silent, analysis).of_case("P01", "C-1") == []
