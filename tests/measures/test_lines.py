"""The lines of the rule `threshold`: four-lines below 36 of 40 or any line below 9, others where the settings state one."""

import pytest

from alliance_core.analysis import analyse
from alliance_core.settings import Settings, SettingsError
from tests.measures.made import form, overall, ratings, records

GOOD = (10, 10, 10, 10)


def four_lines(*sessions):
    """Relationship, goals and topics, approach or method, overall."""
    return [
        form("P01", "C-1", number, "client", instrument="four-lines", low=0, high=10, items=list(marks))
        for number, marks in enumerate(sessions, 1)
    ]


def found(forms, lines=None):
    settings = Settings.model_validate({"threshold": {"lines": lines or {}}})
    return records(analyse(ratings(forms), settings, ["threshold"]).episodes)


@pytest.mark.parametrize(
    ("marks", "facets"),
    [
        ((9, 9, 9, 9), []),  # 36 of 40, and no line below 9
        ((9, 9, 9, 8.9), ["overall"]),
        ((10, 10, 10, 8.9), ["overall"]),  # the fourth line, which is no facet, alone
        ((10, 10, 10, 9), []),
        ((8.9, 10, 10, 10), ["bond", "overall"]),
        ((10, 8.9, 10, 10), ["goal", "overall"]),
        ((10, 10, 8.9, 10), ["overall", "task"]),
    ],
)
def test_four_lines_below_36_or_any_line_below_9(marks, facets):
    rows = found(four_lines(GOOD, marks))
    assert sorted(row["facet"] for row in rows) == facets
    assert all((row["start_session"], row["baseline"]) == (2, 90) for row in rows)
    assert all(
        row["facets_fallen"] == (";".join(f for f in facets if f != "overall") or None)
        for row in rows
        if row["facet"] == "overall"
    )


def test_what_is_followed_is_the_total_or_a_line_that_is_farther_below():
    """The lowest line 5 of 10 and the total 35 of 40: 50 pct counts. Back at 90 − .25·40 = 80 pct."""
    rows = found(four_lines(GOOD, (10, 10, 10, 5), (10, 10, 10, 7.9), (10, 10, 10, 8), GOOD))
    row = next(row for row in rows if row["facet"] == "overall")
    assert (row["low"], row["depth_pct"], row["low_session"], row["repair_session"]) == (50, 40, 2, 4)


def test_without_the_lines_the_total_alone_is_held_against_36():
    forms = four_lines(GOOD, GOOD)
    for one, total in zip(forms, (36, 35.9), strict=True):
        one |= {"items": [], "given": {"overall": total}}
    assert [row["start_session"] for row in found(forms)] == [2]


def test_other_instruments_have_a_line_only_where_the_settings_state_it():
    """`total` on 0–100, and on 1–5, where 3.4 is 60 pct."""
    forms = overall("C-1", [80, 60, 80, 59])
    assert found(forms) == []
    assert [(row["start_session"], row["baseline"]) for row in found(forms, {"total": 60})] == [
        (2, 60),
        (4, 60),
    ]
    five = overall("C-1", [4.2, 3.4, 3.5], low=1, high=5)
    assert [(row["start_session"], row["baseline"]) for row in found(five, {"total": 3.4})] == [(2, 60)]


def test_a_line_of_the_settings_replaces_those_of_the_instrument():
    rows = found(four_lines(GOOD, (8, 8, 8, 8), (5, 5, 5, 5)), {"four-lines": 6})
    assert [(row["facet"], row["start_session"], row["baseline"]) for row in rows] == [("overall", 3, 60)]


def test_a_line_for_an_instrument_that_there_is_not_is_refused():
    with pytest.raises(
        SettingsError, match=r"threshold\.lines: there is no instrument wai; there are facets, "
    ):
        found(four_lines(GOOD), {"wai": 3})
