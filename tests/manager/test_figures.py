"""The figures of a manager summary: by hand, through the end of a closed stretch of time only, the same again later, and nothing more than was settled."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from alliance_core.analysis import analyse
from alliance_core.manager import every_summary, manager_rows, service_figures, words
from alliance_core.manager.cut import as_of, through
from alliance_core.tables import MANAGER
from tests.manager.made_service import BACK, DAY, FALL, FLAT, service, usual
from tests.measures.made import overall


def figure(found, name):
    (row,) = found.service[found.service["figure"] == name].to_dict("records")
    return row


def over_time(found, name):
    rows = found.trend[found.trend["figure"] == name]
    return [(f"{row.last_day:%Y-%m}", row.value) for row in rows.itertuples()]


def group(found, by, name):
    rows = found.groups.groups
    (row,) = rows[(rows["by"] == by) & (rows["group"] == name)].to_dict("records")
    return row


def test_a_service_by_hand():
    found = service_figures(usual(), DAY)
    assert found.last_day() == date(2025, 9, 30)
    assert found.teams == 2
    assert figure(found, "cases")["count"] == 48
    assert figure(found, "sessions")["count"] == 288
    assert (figure(found, "practitioner_forms")["count"], figure(found, "practitioner_forms")["value"]) == (
        48,
        17,
    )
    # Falls: the twelve of FALL and the twelve of BACK, of which these came back. Wilson's interval of 24 of 48: 36.4 to 63.6.
    falls = figure(found, "clients_with_fall")
    assert [falls[name] for name in ("count", "of", "value", "low", "high")] == [24, 48, 50, 36, 64]
    assert [figure(found, name)["count"] for name in ("repaired", "open")] == [12, 12]
    assert [figure(found, name)["value"] for name in ("repaired", "strengthened", "unrepaired", "open")] == [50, 0, 0, 50]  # fmt: skip
    assert over_time(found, "clients") == [("2025-03", 48), ("2025-06", 48), ("2025-09", 24)]
    assert over_time(found, "sessions") == [
        ("2025-03", 24 * 3 + 12 * 2 + 12),
        ("2025-06", 144),
        ("2025-09", 36),
    ]
    assert over_time(found, "falls") == [("2025-03", 0), ("2025-06", 24), ("2025-09", 0)]
    north = group(found, "team", "North")
    assert [north[name] for name in ("cases", "sessions", "episodes")] == [24, 144, 24]
    # Twelve falls of which it is known, all in North: told of all as one, but of no team, as South has none.
    assert [group(found, "all", "all")[name] for name in ("repaired", "followed", "repaired_share")] == [12, 12, 1]  # fmt: skip
    assert pd.isna([north[name] for name in ("repaired", "followed", "repaired_share", "repaired_low")]).all()
    assert found.noise.to_dict("records")[0] == {"instrument": "total", "rater": "client", "sigma": 10.0, "measured": False}  # fmt: skip


def test_where_ratings_and_gaps_lie():
    found = service_figures(usual(), DAY)
    (ratings, gaps) = found.spread.to_dict("records")
    # Latest: twelve of 40, twelve of 80, twenty-four of 72.
    assert [ratings[name] for name in ("figure", "clients", "lower", "middle", "upper")] == ["client_overall", 48, 64, 72, 74]  # fmt: skip
    # Gaps of the first two sessions: twelve of 75 − 80, twelve of 75 − 71; the middle lies at −0.5. Quarters take forty clients.
    assert [gaps["clients"], gaps["middle"]] == [24, 0]
    assert np.isnan(gaps["lower"])
    assert np.isnan(gaps["upper"])


def test_what_came_after_the_last_month_that_is_over_is_not_in_it():
    early = service_figures(usual(), date(2025, 7, 13))  # June is over on 14 July
    assert early.last_day() == date(2025, 3, 31)
    assert figure(early, "sessions")["count"] == 108
    assert figure(early, "falls")["count"] == 0
    late = service_figures(usual(), date(2025, 7, 14))
    assert late.last_day() == date(2025, 6, 30)
    assert words.through(late)[0] == "Told through 30 Jun 2025. What came later is not in it yet."


def test_by_months_it_is_told_earlier():
    found = service_figures(usual(months=1), date(2025, 5, 14))
    assert found.last_day() == date(2025, 4, 30)
    assert [month for month, _ in over_time(found, "clients")] == ["2025-01", "2025-02", "2025-03", "2025-04"]


def test_a_few_who_come_later_wait_for_others():
    analysis = service(("North", "ACT", 24, FLAT, 1), ("North", "ACT", 4, [70, 70], 9))
    found = service_figures(analysis, DAY)
    assert found.last_day() == date(2025, 6, 30)
    assert figure(found, "cases")["count"] == 24
    assert not manager_rows(found)["count"].isin([28]).any()


def test_what_was_told_then_is_told_again():
    analysis = usual(
        more=[
            form | {"date": pd.Timestamp(2025, 11, 3)} for form in overall("C-900", [10], practitioner="P0")
        ]
    )
    every = every_summary(analysis, DAY)
    assert list(every) == [date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30)]
    for end, found in every.items():
        then = as_of(analysis, end)
        assert len(then.sessions) == len(through(analysis.sessions, end)) < len(analysis.sessions)
        if end != date(2025, 9, 30):
            again = service_figures(then, (pd.Timestamp(end) + pd.Timedelta(days=14)).date())
            pd.testing.assert_frame_equal(manager_rows(again), manager_rows(found))
    pd.testing.assert_frame_equal(manager_rows(found), manager_rows(service_figures(analysis, DAY)))


def test_figures_that_few_gave_are_told_through_the_end_before():
    """Practitioners' forms of four clients in the second quarter: gaps are told through the first."""
    some = service(("North", "ACT", 24, FLAT, 1))
    forms = some.ratings.forms
    fifth = (forms["rater"] == "client") & (forms["session"] == 5) & (forms["client"] < "C-004")
    more = forms[fifth].assign(rater="practitioner")
    everything = pd.concat([forms, more], ignore_index=True)
    found = service_figures(analyse(replace(some.ratings, forms=everything), some.settings), DAY)
    assert found.last_day() == date(2025, 6, 30)
    assert found.last_day("gap") == date(2025, 3, 31)
    assert "Gaps: through 31 Mar 2025, as too few gave one since." in words.through(found)
    (gap,) = found.spread[found.spread["figure"] == "gap"].to_dict("records")
    assert gap["clients"] == 12
    assert gap["through"] == pd.Timestamp(2025, 3, 31)


def test_small_groups_are_counted_together_and_named_as_such():
    found = service_figures(
        service(("North", "ACT", 14, FLAT, 1), ("South", "ACT", 6, FLAT, 1), ("West", "ACT", 14, FLAT, 1)),
        DAY,
    )
    rows = manager_rows(found)
    teams = rows[rows["part"] == "team"]
    assert teams["group"].drop_duplicates().tolist() == ["West", "2 others together", "North", "South"]
    held = teams[teams["group"].isin(["North", "South"])]
    assert held["shown"].tolist() == ["counted with others"] * 2
    assert held[["value", "low", "high", "count", "of"]].isna().all(axis=None)
    assert teams.loc[(teams["figure"] == "Cases").to_numpy(bool), "count"].tolist() == [14, 20]
    assert words.not_apart(found, "team") == "Counted together: North and South."


def test_a_mean_that_is_that_of_all_says_so_and_every_mean_what_it_is():
    alike = service(("North", "ACT", 14, FLAT, 1), ("South", "CBT", 14, FLAT, 1))
    apart = service(("North", "ACT", 14, FLAT, 1), ("South", "CBT", 14, [20, 22, 20, 22, 20, 22], 1))
    title = "Clients' mean rating, drawn towards that of all, overall"
    for analysis, word in (
        (alike, "shown: the mean of all, as no difference is detectable"),
        (apart, "shown"),
    ):
        rows = manager_rows(service_figures(analysis, DAY))
        means = rows[(rows["part"] == "team").to_numpy(bool) & (rows["figure"] == title).to_numpy(bool)]
        assert means["shown"].tolist() == [word] * 2
        assert (len(set(means["value"])) == 1) == (analysis is alike)
        cases = rows[(rows["part"] == "team").to_numpy(bool) & (rows["figure"] == "Cases").to_numpy(bool)]
        assert cases["shown"].tolist() == ["shown"] * 2


def test_until_a_year_is_over_groups_that_are_too_small_wait():
    found = service_figures(
        service(("North", "ACT", 14, FLAT, 1), ("South", "ACT", 6, FLAT, 1)), date(2025, 8, 1)
    )
    assert found.told
    assert found.groups.groups.empty
    assert words.groups_wait(found, "team") == (
        "Teams are not told yet: that takes the end of a quarter at which each of them is large enough, or 12 months."
    )
    rows = manager_rows(found)
    assert set(rows.loc[(rows["part"] == "team").to_numpy(bool), "shown"]) == {"not told yet"}


@pytest.mark.parametrize(
    ("analysis", "day", "state", "sentence"),
    [
        (lambda: service(("N", "A", 9, FLAT, 1)), DAY, "too few", "Too few for a summary: that takes 10 clients who rated, of 3 practitioners."),
        (lambda: service(("N", "A", 20, FLAT, 1), staff=2), DAY, "too few", "Too few for a summary: that takes 10 clients who rated, of 3 practitioners."),
        (lambda: service(("N", "A", 20, FLAT, 1)), date(2025, 1, 20), "waiting", "Nothing is told yet: a summary begins when a month is over in which, or up to which, 10 clients of 3 practitioners had a session."),
    ],
)  # fmt: skip
def test_nothing_is_told_and_why(analysis, day, state, sentence):
    found = service_figures(analysis(), day)
    assert found.closed.state == state
    assert not found.told
    assert words.so_what(found) == sentence
    assert manager_rows(found).empty
    assert found.groups.groups.empty
    assert found.noise.empty
    assert words.period(found) == "nothing told yet"


def undated(analysis, which=slice(None)):
    forms = analysis.ratings.forms
    dates = forms["date"].mask(forms["client"].isin(sorted(set(forms["client"]))[which]))
    return analyse(replace(analysis.ratings, forms=forms.assign(date=dates)), analysis.settings)


def test_without_dates_all_is_one_stretch_and_that_is_said():
    found = service_figures(undated(usual()), DAY)
    assert figure(found, "sessions")["count"] == 288
    assert found.trend.empty
    assert "hand out one" in words.through(found)[0]
    assert set(manager_rows(found)["through"].isna()) == {True}
    assert len(found.groups.groups) == 5


def test_sessions_without_a_date_are_left_out_and_that_is_said_without_a_number():
    found = service_figures(undated(usual(), slice(0, 2)), DAY)
    assert figure(found, "cases")["count"] == 46
    assert words.through(found)[-1] == "Sessions without a date are left out."


def test_every_number_is_whole_or_has_one_decimal():
    rows = manager_rows(service_figures(usual(), DAY))
    for name in ("value", "low", "high"):
        numbers = rows.loc[rows["shown"].str.startswith("shown"), [name, "unit"]].dropna()
        whole = numbers[~numbers["unit"].isin(["falls", "falls per 100"])][name]
        assert (whole == whole.round()).all()
        assert np.allclose(numbers[name], numbers[name].round(1), atol=0, rtol=0)


def test_no_id_is_in_it_and_groups_are_in_order_of_their_names():
    rows = manager_rows(service_figures(usual(), DAY))
    text = rows.to_csv()
    assert not any(one in text for one in ("C-0", "P0", "P1", "P2"))
    assert rows.columns.tolist() == MANAGER.names
    names = rows.loc[rows["part"] == "approach", "group"].drop_duplicates().tolist()
    assert names == ["ACT", "CBT"]


def test_the_order_of_rows_does_not_matter():
    analysis = usual()
    forms = analysis.ratings.forms.sample(frac=1, random_state=3)
    mixed = analyse(replace(analysis.ratings, forms=forms), analysis.settings)
    pd.testing.assert_frame_equal(
        manager_rows(service_figures(mixed, DAY)), manager_rows(service_figures(analysis, DAY))
    )


def test_every_count_is_one_over_what_was_settled():
    """The counts of the summary are sums over the sets that the recovery test attacks, and over nothing else."""
    analysis = service(
        ("N", "A", 14, FALL, 1), ("S", "B", 13, BACK, 2), ("S", "A", 11, FLAT, 5), ("W", "B", 4, FLAT, 3)
    )
    found = service_figures(analysis, DAY)
    sessions = analysis.sessions.merge(analysis.cases[["client", "team", "approach"]], on="client")
    for stretch, clients, many in zip(found.closed.blocks["sessions"], over_time(found, "clients"), over_time(found, "sessions"), strict=True):  # fmt: skip
        here = sessions[sessions["date"].between(pd.Timestamp(stretch.first), pd.Timestamp(stretch.last))]
        assert (here["client"].nunique(), len(here)) == (clients[1], many[1])
    told = sessions[sessions["date"] <= pd.Timestamp(found.closed.groups["sessions"].last)]
    for way in ("team", "approach"):
        held = found.closed.held["sessions"][way]
        name = told[way].where(~told[way].isin(held), "")
        rows = found.groups.groups[found.groups.groups["by"] == way]
        assert dict(zip(rows["group"], rows["sessions"], strict=True)) == told.groupby(name).size().to_dict()
        assert dict(zip(rows["group"], rows["cases"], strict=True)) == told.groupby(name)["client"].nunique().to_dict()  # fmt: skip
