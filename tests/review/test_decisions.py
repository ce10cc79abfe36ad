"""The decisions of one sitting: recorded, replaced, settled, carried over, and counted until a file holds them."""

import datetime

import pandas as pd
import pytest

from alliance_core.review import (
    NO_EPISODE,
    RECORDED_MARKER,
    Decisions,
    Subject,
    carded,
    merged,
    subject_of,
    subject_of_session,
)
from alliance_core.tables import REVIEW, Ratings, empty, shaped
from tests.measures.made import marker
from tests.review.conftest import MEETING, analysed, case, review, said

TODAY = pd.Timestamp(MEETING)
SUBJECT = Subject("P01", "C-1", 5, pd.Timestamp(2025, 2, 3), 6, 40.0, "repaired")
PLACED = {"file": "a.xlsx", "sheet": "review", "cell": "D2"}


def of_files(*rows):
    """What reading hands over for these rows of review."""
    found, unsettled = merged(review(*rows))
    return Ratings(forms=pd.DataFrame(), review=found, unsettled=unsettled)


def test_a_subject_holds_what_is_known_now(episode_of):
    (episode,) = carded(episode_of).to_dict("records")
    assert subject_of(episode_of.sessions, episode) == SUBJECT
    found = analysed(case([80] * 6, days=False), markers=[marker("P01", "C-1", 4, "withdrawal", 4)])
    (episode,) = carded(found).to_dict("records")
    subject = subject_of(found.sessions, episode)
    assert (subject.session, subject.until_session, subject.outcome) == (4, 4, RECORDED_MARKER)
    assert pd.isna(subject.session_date)
    assert pd.isna(subject.fall)
    subject = subject_of_session(episode_of.sessions, "P01", "C-1", 3)
    assert (subject.session_date, subject.until_session, subject.outcome) == (
        pd.Timestamp(2025, 1, 20),
        None,
        NO_EPISODE,
    )


def test_a_decision_is_a_row_and_is_counted_until_it_is_downloaded():
    store = Decisions().decided(
        SUBJECT,
        TODAY,
        {"decision": "watch", "action": " Ask ", "owner": "", "due": datetime.date(2025, 4, 1), "note": None},
    )
    about = [pd.Timestamp(2025, 2, 3), 6, 40.0, "repaired"]
    assert said(store.review, *REVIEW.names) == [
        [
            "P01",
            "C-1",
            5,
            "watch",
            "Ask",
            None,
            pd.Timestamp(2025, 4, 1),
            None,
            TODAY,
            None,
            *about,
            None,
            None,
            None,
        ]
    ]
    assert store.unsaved == 1
    assert store.downloaded().unsaved == 0


def test_another_word_on_the_same_day_takes_the_place_of_the_first_and_one_of_another_day_does_not():
    store = (
        Decisions()
        .decided(SUBJECT, TODAY, {"decision": "watch"})
        .decided(SUBJECT, TODAY, {"decision": "confirmed"})
    )
    assert store.review["decision"].tolist() == ["confirmed"]
    store = store.decided(SUBJECT, TODAY + pd.Timedelta(days=1), {"decision": "watch"})
    assert store.review["decision"].tolist() == ["confirmed", "watch"]
    assert store.unsaved == 2


def test_saying_nothing_takes_the_day_s_decision_back():
    store = (
        Decisions().decided(SUBJECT, TODAY, {"decision": "watch"}).decided(SUBJECT, TODAY, {"action": "  "})
    )
    assert len(store.review) == len(store.own) == store.unsaved == 0


def test_what_became_of_an_action_is_noted_and_stays_while_the_action_is_the_same():
    store = Decisions().decided(SUBJECT, TODAY, {"decision": "watch", "action": "Ask"}).downloaded()
    (row,) = store.review.to_dict("records")
    store = store.done(row, "partly")
    assert (store.review["done"].tolist(), store.unsaved) == (["partly"], 1)
    assert store.decided(SUBJECT, TODAY, {"action": "Ask", "note": "soon"}).review["done"].tolist() == [
        "partly"
    ]
    assert store.decided(SUBJECT, TODAY, {"action": "Call"}).review["done"].isna().all()
    assert store.done(row, None).unsaved == 0
    with pytest.raises(KeyError, match="no such decision"):
        store.done({**row, "session": 9}, "yes")


def test_an_action_of_an_unknown_day_can_be_done_too():
    store = Decisions().read(
        of_files({"session": 5, "action": "Ask", "decided_on": None, **PLACED}, {"session": 5})
    )
    store = store.done(store.review.to_dict("records")[0], "yes")
    assert said(store.review, "decided_on", "done") == [[None, "yes"], [TODAY, None]]


def test_decisions_of_this_sitting_stay_when_other_files_are_read():
    store = (
        Decisions().read(of_files({"session": 2, **PLACED})).decided(SUBJECT, TODAY, {"decision": "watch"})
    )
    assert store.unsaved == 1
    store = store.read(of_files({"session": 3, **PLACED}))
    assert store.review["session"].tolist() == [3, 5]
    assert store.downloaded().read(of_files()).review["session"].tolist() == [5]
    assert store.downloaded().read(of_files()).unsaved == 0


def test_what_was_downloaded_and_is_read_again_is_there_once_and_saved():
    store = Decisions().decided(SUBJECT, TODAY, {"decision": "watch"})
    again = store.review.assign(**PLACED)
    store = store.read(Ratings(forms=pd.DataFrame(), review=again))
    assert (len(store.review), len(store.own), store.unsaved) == (1, 0, 0)
    assert said(store.review, "file") == [["a.xlsx"]]


def test_what_was_changed_here_is_not_brought_back_by_reading_its_file_again():
    files = of_files({"session": 5, "action": "Ask", **PLACED})
    store = Decisions().read(files).decided(SUBJECT, TODAY, {"decision": "confirmed"}).read(files)
    assert (store.review["decision"].tolist(), len(store.unsettled)) == (["confirmed"], 0)
    (row,) = store.read(files).review.to_dict("records")
    assert store.done(row, "yes").read(files).review["done"].tolist() == ["yes"]


CONFLICT = [
    {"session": 5, "decision": "watch", **PLACED},
    {"session": 5, "decision": "confirmed", **PLACED, "file": "b.xlsx"},
]


def test_a_conflict_is_kept_until_one_side_is_picked_and_stays_settled():
    store = Decisions().read(of_files(*CONFLICT))
    assert (len(store.review), len(store.unsettled), store.unsaved) == (0, 2, 0)
    assert len(store.everything) == 2
    at = store.unsettled["decision"].tolist().index("watch")
    settled = store.settled(at)
    assert (settled.review["decision"].tolist(), len(settled.unsettled), settled.unsaved) == (["watch"], 0, 1)
    for files in (of_files(*CONFLICT), of_files()):
        again = settled.read(of_files(*CONFLICT)).read(files)
        assert (again.review["decision"].tolist(), len(again.unsettled), again.unsaved) == (["watch"], 0, 1)
    assert len(store.unsettled) == 2  # the earlier record is as it was


def test_a_decision_of_this_sitting_may_contradict_a_file():
    store = Decisions().decided(SUBJECT, TODAY, {"decision": "confirmed"}).read(of_files(CONFLICT[0]))
    assert said(store.unsettled, "decision", "file") == [["confirmed", None], ["watch", "a.xlsx"]]
    assert store.unsaved == 1
    picked = store.settled(0)
    assert (picked.review["decision"].tolist(), picked.unsaved) == (["confirmed"], 1)
    assert store.decided(SUBJECT, TODAY, {"decision": "not a rupture"}).review["decision"].tolist() == [
        "not a rupture"
    ]


def test_nothing_is_decided_at_first():
    assert Decisions().unsaved == 0
    assert Decisions().everything.equals(empty(REVIEW))
    assert shaped(Decisions().unsettled, REVIEW).empty
