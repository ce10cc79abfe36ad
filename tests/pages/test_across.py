"""Approaches and teams: the sentence first, every state in which less can be said, and nothing in the browser that was held back."""

import re
from datetime import date

import pytest

from alliance_core import rules_in_words
from alliance_core.manager import manager_rows, service_figures
from alliance_core.measures.explained import measures
from alliance_core.reports.tables_out import to_csv
from alliance_core.settings import Settings
from alliance_core.tables import MANAGER

HEADER = "Therapist,Client,Team,Approach"


def notes(*lines):
    return "\n".join([HEADER, *(",".join(line) for line in lines)]).encode()


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The day on which the summary is asked for; a test may choose another one."""

    def is_(day):
        monkeypatch.setattr("pages.parts.service_view.today", lambda: day)

    is_(date(2026, 3, 31))
    return is_


@pytest.fixture
def service(app, made):
    """A service with so many cases of each approach and team, three practitioners in turn, each case rated in three sessions by both."""
    csv, rows_of = made

    def bring(*groups):
        parts, lines = [], []
        for team, approach, count, mark in groups:
            for _ in range(count):
                practitioner, client = f"P{len(lines) % 3}", f"C-{len(lines):03}"
                marks = [mark, mark + 0.25 * (len(lines) % 2), mark]
                parts += [
                    rows_of(practitioner, client, "Client", marks),
                    rows_of(practitioner, client, "Therapist", [3] * 3),
                ]
                lines.append((practitioner, client, team, approach))
        app.bring(("team.csv", csv(*parts)), ("cases.csv", notes(*lines)))
        return app.open("across")

    return bring


def heading(app):
    """What is said of approaches or teams; the service as a whole has the first one."""
    return app.at.subheader[1].value.replace("\\", "").replace("\u2060", "")


def groups(app):
    """The table of the groups."""
    (table,) = [one for one in app.at.dataframe if "All figures of each" in one.proto.alt]
    return table


THREE = (("North", "ACT", 12, 2), ("North", "CBT", 12, 4), ("South", "EMDR", 12, 3))


def test_three_approaches_side_by_side_in_order_of_their_names(service):
    app = service(*reversed(THREE))
    assert "36 cases · 36 clients who rated · 3 practitioners" in app.words
    assert heading(app).startswith("Clients' overall ratings may differ between approaches: ACT 2")
    assert len(app.charts) == 6  # four means, gap and falls; there is no fall to be repaired or registered
    assert all(chart.proto.alt for chart in app.charts)
    table = groups(app).value
    assert table["approach"].tolist() == ["ACT", "CBT", "EMDR", "all"]
    assert groups(app).proto.alt
    assert "nothing is decided" in app.words
    assert "Counted together" not in app.words


def test_every_figure_opens_to_how_it_is_computed_and_falls_to_the_rule_and_chance(service):
    app = service(*THREE)
    codes = [code.value for code in app.at.code]
    assert "\n".join(rules_in_words.formula("last_three", Settings())) in codes
    for name in (
        "group_mean",
        "group_gap",
        "fall_rate",
        "by_chance",
        "episode",
        "repaired_share",
        "recognition",
    ):
        assert "\n".join(measures()[name].formula) in codes
        assert measures()[name].limits in app.words


def test_teams_are_one_click_away_and_stand_in_the_address(service):
    app = service(*THREE)
    app.at.segmented_control[0].set_value("Teams")
    app.run()
    assert app.at.query_params["by"] == "team"
    assert groups(app).value["team"].tolist() == ["North", "South", "all"]
    app.open("agenda").open("across")
    assert groups(app).value["team"].tolist() == ["North", "South", "all"]
    app.open("across", by="approach")
    assert groups(app).value["approach"].tolist()[-1] == "all"


def test_a_small_group_is_counted_with_another_and_the_reason_is_said(service):
    app = service(*THREE, ("South", "DBT", 3, 1))
    assert groups(app).value["approach"].tolist() == ["CBT", "EMDR", "2 others together", "all"]
    assert (
        "Counted together: ACT and DBT. A group is shown apart from 10 clients who rated, of 3 practitioners"
        in app.words
    )


def sent(app):
    """All figures that go to the browser."""
    charts = [
        chart.proto.spec + "".join(frame.to_json() for frame in app.drawn(chart)) for chart in app.charts
    ]
    return "".join([*charts, *(table.value.to_json() for table in app.at.dataframe)])


def test_nothing_of_a_group_that_was_held_back_travels_to_the_browser(service):
    app = service(*THREE, ("South", "DBT", 3, 1))
    assert "DBT" not in sent(app)
    frames = [frame for chart in app.charts for frame in app.drawn(chart)]
    names = {name for frame in frames if "name" in frame for name in frame["name"]}
    assert names == {"CBT", "EMDR", "2 others together"}
    assert "C-0" not in sent(app)


def test_cases_without_an_approach_are_a_group_of_their_own(service):
    app = service(*THREE, ("South", "", 11, 3))
    assert groups(app).value["approach"].tolist() == ["ACT", "CBT", "EMDR", "not stated", "all"]


def test_without_a_sheet_of_cases_the_page_says_where_they_are_read_from(loaded):
    app = loaded.open("across")
    assert heading(app) == "No approach is stated for any case, so there is nothing to put side by side."
    assert "read from the sheet cases" in app.words
    assert "Get the template, or bring in more" in app.words
    assert not app.charts
    assert not app.at.dataframe


def test_one_approach_and_one_team(service):
    app = service(("North", "CBT", 12, 3))
    assert (
        heading(app)
        == "All cases with ratings are of one approach, CBT, so there is nothing to put beside it."
    )
    app.open("across", by="team")
    assert (
        heading(app) == "All cases with ratings are of one team, North, so there is nothing to put beside it."
    )
    assert not app.charts


def test_approaches_that_are_all_too_small(service):
    app = service(("North", "ACT", 6, 3), ("North", "CBT", 6, 3))
    assert heading(app) == "These 2 approaches are too small to be shown apart."
    assert not app.charts


def test_too_few_in_all(service):
    app = service(("North", "ACT", 5, 3), ("North", "CBT", 4, 3))
    assert (
        heading(app)
        == "Too few to put approaches side by side: that takes 10 clients who rated, of 3 practitioners."
    )
    assert not app.charts


def test_the_sample_team_is_too_small_for_teams_and_says_so(app):
    app.open("bring_in").click("Look around with the sample team")
    assert "too small to be shown apart" in heading(app.open("across", by="team"))


def test_no_difference_is_said_and_drawn_as_none(service):
    app = service(("North", "ACT", 12, 3), ("North", "CBT", 12, 3))
    assert heading(app).startswith(
        "No difference between approaches can be told from chance: clients' overall ratings lie at 5"
    )
    assert "No detectable difference: all are given the mean of all." in app.words


def test_how_it_was_computed_and_why_some_are_not_shown_apart(service):
    app = service(*THREE)
    for words in (
        "Falls per 100 rated sessions",
        "Groups that are not shown apart",
        "Garwood 1936",
        "Needs: 10 clients.",
    ):
        assert words in app.words
    assert "in steady cases with the same noise" in app.words


def test_very_many_groups_are_paged(service):
    app = service(*((f"T{n:02}", f"A{n:02}", 10, 3) for n in range(14)))
    assert "Shown: 12 groups of 14." in app.words
    app.at.pagination[0].set_value(2)
    app.run()
    assert "Shown: 2 groups of 14." in app.words


def test_names_of_groups_are_literal_text(service):
    app = service(("![x](http://a.b)", "**ACT**", 12, 2), ("South", "CBT", 12, 4))
    assert "**ACT**" in heading(app)
    assert r"\*\*ACT\*\*" in app.at.subheader[1].value


def test_several_instruments_are_pointed_out(app, made):
    csv, rows_of = made
    parts = [rows_of(f"P{n % 3}", f"C-{n:02}", "Client", [3, 4]) for n in range(24)]
    more = csv(*parts).replace(b"wai-sr", b"facets", 12)
    lines = [(f"P{n % 3}", f"C-{n:02}", "", "AB"[n % 2]) for n in range(24)]
    app.bring(("team.csv", more), ("cases.csv", notes(*lines)))
    app.at.number_input(key="lowest mark").set_value(1.0)
    app.at.number_input(key="highest mark").set_value(5.0)
    app.click("Read again with these answers")
    assert app.open("across").words.count("Forms of several instruments are in it") == 1


# -- the service as a whole --------------------------------------------------------------------------


def whole(app):
    """The figures on top, by their titles."""
    lines = [line for text in app.at.text for line in text.value.split("\n") if ": " in line]
    return dict(line.split(": ", 1) for line in lines)


def test_the_service_as_a_whole_stands_on_top(service):
    app = service(*THREE)
    assert app.at.subheader[0].value.replace("\\", "") == (
        "36 of 36 clients rated, in 100 % of the sessions known; 0 of the 36 with overall ratings had a possible rupture."
    )
    found = whole(app)
    assert found["Months with a session"] == "Jan 2025"
    assert found["Practitioners with a client who rated"] == "3"
    assert found["Sessions with a form of the practitioner"] == "108 of 108 (100 %)"
    assert found["Clients' latest overall rating, middle"] == "50 % of maximum"
    assert (
        found["Clients' latest overall rating, upper quarter"] == "not shown: too few clients on either side"
    )
    assert found["Clients with a possible rupture"] == "0 of 36 (0 %, 0 to 10 %)"
    assert found["Registered by the practitioner's rating too, of those it could show in"] == "too few falls"
    assert "nobody is compared with anybody" in app.words


def test_it_can_be_taken_as_a_file_without_ids(service):
    app = service(*THREE)
    assert [one for one in app.at.download_button if one.label == "Download these figures ↓"]
    known = service_figures(app.at.session_state["loaded"].analysis, date(2026, 3, 31))
    text = to_csv(manager_rows(known), MANAGER)
    assert text.startswith(
        "part,group,figure,from,through,value,low,high,count,of,unit,shown\n"
        "service,,Practitioners with a client who rated,2025-01,2025-03,,,,3,,practitioners,shown\n"
    )
    assert "approach,ACT,Cases,2025-01,2025-01,,,,12,,cases,shown" in text
    assert "C-0" not in text
    assert "P0" not in text


def test_of_too_few_clients_nothing_is_told_and_there_is_no_file(loaded):
    app = loaded.open("across")
    assert app.at.subheader[0].value.replace("\\", "").replace("\u2060", "") == (
        "Too few for a summary: that takes 10 clients who rated, of 3 practitioners."
    )
    assert not [one for one in app.at.download_button if one.label == "Download these figures ↓"]


def test_the_figures_of_the_service_are_explained(service):
    words = service(*THREE).words
    for name in (
        "Sessions with a form",
        "Where clients' latest ratings lie",
        "Clients with a possible rupture",
    ):
        assert name in words


def test_through_when_it_is_told_stands_beside_it_and_what_came_later_is_not_in_it(service):
    app = service(*THREE)
    assert "Told through 31 Mar 2025. What came later is not in it yet." in app.words
    assert "Told through 31 Jan 2025." in app.words  # groups: nothing came after January


def test_before_the_first_month_is_over_nothing_is_told_and_the_reason_is(service, today):
    today(date(2025, 2, 13))  # January counts as over on the 14th
    app = service(*THREE)
    assert "Nothing is told yet: a summary begins when a month is over" in app.words
    assert heading(app).startswith("Approaches are not told yet")
    assert not app.charts
    assert not app.at.dataframe
    assert not app.at.download_button


def test_groups_that_are_too_small_wait_for_a_year_and_the_service_does_not(service, today):
    today(date(2025, 6, 1))
    app = service(*THREE, ("South", "DBT", 3, 1))
    assert "39 cases · 39 clients who rated" in app.words
    assert heading(app) == (
        "Approaches are not told yet: that takes the end of a quarter at which each of them is large enough, or 12 months."
    )
    assert not app.charts
    assert "DBT" not in app.words


def test_without_dates_all_is_told_as_one_and_only_one_such_summary_may_be_handed_out(app, made):
    csv, rows_of = made
    parts = [rows_of(f"P{n % 3}", f"C-{n:02}", "Client", [3, 4]) for n in range(24)]
    undated = re.sub(rb"2025-\d\d-\d\d", b"", csv(*parts))
    app.bring(("team.csv", undated))
    words = app.open("across").words
    assert "24 of 24 clients rated" in words
    assert "No session has a date, so all of them are in it." in words
    assert whole(app)["Months with a session"] == "no dates"


def test_the_summary_comes_in_three_formats(service):
    app = service(*THREE)
    labels = [one.label for one in app.at.download_button if one.label not in ("PNG", "SVG")]  # of charts
    assert labels == [
        "Download the summary as a workbook ↓",
        "Download the summary as a PDF ↓",
        "Download these figures ↓",
    ]
