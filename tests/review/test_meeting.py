"""A meeting without a screen: what comes up, what is decided in it, what was decided before, and its record."""

import dataclasses

import pandas as pd
import pytest

from alliance_core.review import Decisions, Sitting, Subject, Timer, coming_up, masks, matched, record
from alliance_core.review.meeting import names_in_words
from tests.review.conftest import analysed, case, review, said

DAY = pd.Timestamp(2025, 4, 1)
MOMENT = 1000.0
TODAY = pd.DataFrame({"practitioner": ["P01", "P01"], "client": ["C-1", "C-2"], "reason": ["open episode", "missing ratings"]})  # fmt: skip


@pytest.fixture
def analysis():
    fall = [80, 80, 80, 80, 40, 80]
    return analysed(*(case(fall, client) for client in ("C-1", "C-2", "C-3")))


def sitting(analysis, before, lines=TODAY, lasting=True):
    return Sitting(
        DAY,
        "the whole team",
        lines,
        masks(analysis.cases, bytes(32), lasting),
        matched(before.review, analysis),
        Timer(since=MOMENT),
    )


def held(rows):
    """The decisions of a workbook."""
    return dataclasses.replace(Decisions(), review=rows, kept=rows)


def decided(store, client="C-1", day=DAY, **what):
    return store.decided(Subject("P01", client, 5, pd.NaT), day, {"decision": "watch", **what})


def test_cases_with_an_open_action_come_up_after_the_agenda(analysis):
    rows = review(
        {"client": "C-3", "session": 5, "action": "Ask"},
        {"client": "C-2", "session": 5, "action": "Ask"},
        {"client": "C-9", "session": 5, "action": "Ask"},
    )
    found = coming_up(TODAY, matched(rows, analysis), analysis.cases)
    assert said(found, "client", "reason") == [
        ["C-1", "open episode"],
        ["C-2", "missing ratings"],
        ["C-3", "open action"],
    ]


@pytest.mark.parametrize("what", [{}, {"action": "Ask", "done": "yes"}])
def test_what_is_done_or_asks_for_nothing_does_not_come_up(analysis, what):
    rows = matched(review({"client": "C-3", "session": 5, **what}), analysis)
    assert coming_up(TODAY.iloc[:0], rows, analysis.cases).empty


def test_the_cards_are_gone_through_and_end_at_their_ends(analysis):
    on = sitting(analysis, Decisions())
    assert (on.at, on.last, on.case) == (0, False, ("P01", "C-1"))
    assert on.turned_to(-1, MOMENT).at == 0
    there = on.turned_to(1, MOMENT + 5)
    assert (there.at, there.last, there.case, there.came_to()) == (1, True, ("P01", "C-2"), [True, True])
    assert there.turned_to(2, MOMENT + 9).at == 1
    assert on.came_to() == [True, False]
    over = there.ended(MOMENT + 20)
    assert (over.over, over.timer.total(9e9)) == (True, 20.0)
    back = over.resumed(MOMENT + 100)
    assert (back.over, back.at, back.timer.total(MOMENT + 101)) == (False, 1, 21.0)
    paused = on.paused(MOMENT + 3)
    assert (paused.timer.running, paused.paused(MOMENT + 10).timer.total(MOMENT + 11)) == (False, 4.0)


def test_what_was_decided_in_the_meeting_is_told_from_what_was_there(analysis):
    rows = review(
        {"session": 5, "action": "Before"},
        {"session": 3, "action": "This morning", "decided_on": DAY},
        {"client": "C-2", "session": 5, "action": "Call"},
    )
    store = held(rows)
    on = sitting(analysis, store)
    later = decided(decided(decided(store, action="Ask"), "C-2", action="Write"), "C-3", action="Elsewhere")
    assert on.made(later.review)["action"].tolist() == ["Ask", "Write"]  # in order of the cards
    assert on.made(store.review).empty
    noted = later.done(store.review.iloc[-1].to_dict(), "partly")
    assert said(on.earlier(noted.review), "client", "action", "done") == [
        ["C-1", "Before", None],
        ["C-2", "Call", "partly"],
    ]
    assert on.made(noted.review)["action"].tolist() == ["Ask", "Write"]


def test_a_meeting_that_goes_past_midnight_keeps_what_it_decided(analysis):
    on = sitting(analysis, Decisions())
    assert len(on.made(decided(Decisions(), day=DAY + pd.Timedelta(days=1)).review)) == 1


def test_what_was_written_before_is_not_for_the_room(analysis):
    rows = review(
        {"session": 5, "note": "said in confidence", "action": "Ask C-2", "decided_on": DAY},
        {"client": "C-2", "session": 5, "action": "Call", "owner": "C-2 and P01"},
    )
    on = sitting(analysis, held(rows))
    first, second = on.before.to_dict("records")
    assert on.kept_back(first) == {"note", "action"}
    assert on.kept_back(second) == {"owner"}
    assert on.in_the_room(first)["note"] is None
    own = decided(held(rows), "C-2", note="C-1 too").review.iloc[-1].to_dict()
    assert on.kept_back(own) == frozenset()
    assert on.in_the_room(own)["note"] == f"{on.masks.cases['P01', 'C-1']} too"


def test_a_decision_without_a_day_keeps_its_note_back_too(analysis):
    on = sitting(analysis, held(review({"session": 5, "note": "x", "decided_on": None})))
    assert on.kept_back(on.before.iloc[0].to_dict()) == {"note"}


WHY = [("A fall", "fell; C-2 too"), ("Forms are missing", "none since session 3")]


def test_the_record_holds_cards_actions_and_what_became_of_the_last(analysis):
    store = held(review({"session": 5, "action": "Before", "done": "no", "note": "secret"}))
    on = sitting(analysis, store)
    later = decided(store, action="Ask C-1", owner="P01", due=pd.Timestamp(2025, 5, 1), note="gently")
    made = record(on, WHY, later.review, MOMENT + 90)
    one, other = (on.masks.cases["P01", client] for client in ("C-1", "C-2"))
    assert said(made.cards, "card", "case", "reason", "said", "shown", "minutes") == [
        [1, one, "A fall", f"fell; {other} too", "yes", 1.5],
        [2, other, "Forms are missing", "none since session 3", "no", None],
    ]
    assert said(made.cards, "decision", "action", "owner", "note") == [
        ["watch", f"Ask {one}", "P01", "gently"],
        [None] * 4,
    ]
    assert said(made.actions, "case", "due") == [[one, pd.Timestamp(2025, 5, 1)]]
    assert said(made.last, "case", "action", "done") == [[one, "Before", "no"]]
    assert dict(made.facts)["Cards"] == "1 of 2 were shown"
    assert dict(made.facts)["Time"] == "2 min"
    assert "secret" not in repr(made)


def test_no_id_of_a_client_is_in_the_record(analysis):
    store = decided(held(review({"session": 5, "action": "Ask C-3", "owner": "C-2"})), action="C-1, C-2")
    made = record(sitting(analysis, store), WHY, store.review, MOMENT)
    told = " ".join(map(str, [made.facts, made.cards.to_csv(), made.last.to_csv()]))
    assert not any(client in told for client in ("C-1", "C-2", "C-3"))


def test_a_note_of_before_stays_out_of_the_record_even_where_its_decision_was_changed(analysis):
    store = held(review({"session": 5, "note": "secret", "decided_on": DAY}))
    on = sitting(analysis, store)
    later = decided(store, action="Ask", note="secret")
    made = record(on, WHY, later.review, MOMENT)
    assert said(made.cards, "action", "note")[0] == ["Ask", None]


def test_how_long_the_names_hold_is_said(analysis):
    lasting, once = (sitting(analysis, Decisions(), lasting=known).masks for known in (True, False))
    assert f"series {lasting.series}" in names_in_words(lasting)
    assert "made up for this sitting" in names_in_words(once)
    assert once.series not in names_in_words(once)
