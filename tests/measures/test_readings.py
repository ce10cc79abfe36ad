"""Readings that are neither a fall nor a gap, and the agenda that is made of all of them."""

from datetime import datetime, timedelta

import pytest

from alliance_core.analysis import analyse
from tests.measures.made import TEN, form, overall, ratings, records


def flags(forms, notes=()):
    (row,) = records(analyse(ratings(forms, notes=notes), TEN).cases)
    return row["flags"]


@pytest.mark.parametrize(
    ("values", "flat"),
    [
        ([100] * 4, True),
        ([100] * 3, False),
        ([90, 100, 100, 100, 100], True),
        ([100, 100, 100, 100, 99], False),
        ([100, 100, None, 100, 100], True),  # rated sessions count
        ([90] * 8, False),  # flat, but not at the top
    ],
)
def test_flat_at_ceiling(values, flat):
    assert ("flat at ceiling" in (flags(overall("C-1", values)) or "")) == flat


def test_missing_since_the_last_session_that_a_side_rated():
    forms = overall("C-1", [80, 80, 80, None, None])
    assert flags(forms) == "client missing since 3"
    assert flags(forms[:4]) is None
    assert flags(forms + overall("C-1", [70, 70], rater="practitioner")) == (
        "client missing since 3;practitioner missing since 2"
    )


def test_the_first_session_of_all_may_be_the_last_one_that_was_rated():
    assert flags(overall("C-1", [80, None, None])) == "client missing since 1"


def test_a_side_that_never_rates_is_not_missing_in_every_case():
    assert flags(overall("C-1", [80] * 5)) is None


def test_a_side_that_rates_elsewhere_is_missing_from_the_start():
    forms = overall("C-1", [80] * 5) + overall("C-2", [80], rater="practitioner")
    rows = records(analyse(ratings(forms), TEN).cases)
    assert [row["flags"] for row in rows] == ["practitioner missing since the start", None]


def test_an_incomplete_form_is_a_form():
    forms = overall("C-1", [80, 80], instrument="facets")
    for one, given in zip(forms, [{"goal": 80, "task": 80, "bond": 80}, {"goal": 80}], strict=True):
        one["given"] = given
    assert flags([*forms, form("P01", "C-1", 3, "client", given={"bond": 3})]) is None


def test_the_agenda_orders_reasons_within_a_case():
    forms = [
        *overall("C-1", [80, 80, 80, 40, 40]),  # open, not registered, practitioner silent for two sessions
        *overall("C-1", [70, 70, 70, 70, 70], rater="practitioner"),
        *overall("C-1", [None] * 7)[5:],
    ]
    found = analyse(ratings(forms), TEN).agenda
    assert found["reason"].tolist() == ["open episode", "blind spot", "missing ratings", "missing ratings"]
    assert found["order"].tolist() == [0, 1, 3, 3]
    assert found["session"].tolist() == [4, 4, 5, 5]
    assert found["listed"].all()


def test_what_is_over_leaves_the_agenda_and_stays_a_flag():
    day = datetime(2024, 3, 1)
    forms = overall("C-1", [80, 80, 80, 40], date=day)
    notes = [{"practitioner": "P01", "client": "C-1", "closed": day + timedelta(days=1)}]
    result = analyse(ratings(forms, notes=notes), TEN)
    assert result.cases["flags"].tolist() == ["unrepaired"]
    assert result.agenda["listed"].tolist() == [False]


@pytest.mark.parametrize(
    ("values", "reason", "last"),
    [
        ([80, 80, 80, 40, 80], "blind spot", 10),  # back at 5: six sessions are 5 to 10
        ([80, 80, 80, 40, 45, 45, 45], "unrepaired", 12),  # given up with 7
    ],
)
def test_what_is_over_is_talked_about_for_six_sessions(values, reason, last):
    for sessions, told in ((last, True), (last + 1, False)):
        client = values + values[-1:] * (sessions - len(values))
        forms = overall("C-1", client) + overall("C-1", [70] * sessions, rater="practitioner")
        assert (reason in (flags(forms) or "")) == told


def test_a_gap_that_moved_away_from_the_usual_one_is_widening():
    """σ of gaps: one step of 30 among 8: √(900/8/2) = 7.5; three after six earlier ones: 2.3·7.5·√.5 = 12.2 < 30."""
    forms = overall("C-1", [60] * 9) + overall("C-1", [55] * 6 + [85] * 3, rater="practitioner")
    found = analyse(ratings(forms), TEN).agenda
    (line,) = records(found[found["reason"] == "widening gap"])
    assert (line["session"], line["size"]) == (7, 30)
    assert line["error"] == pytest.approx(12.197592, abs=1e-6)


def test_a_gap_that_moves_towards_the_usual_one_is_not():
    forms = overall("C-1", [60] * 9) + overall("C-1", [85] * 6 + [55] * 3, rater="practitioner")
    forms += overall("C-2", [60] * 30) + overall("C-2", [55] * 30, rater="practitioner")
    assert "widening gap" not in analyse(ratings(forms), TEN).agenda["reason"].tolist()
