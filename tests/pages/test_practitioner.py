"""Practitioner: the caseload in small, the usual gap, recognition with its interval."""

import pytest
import streamlit as st

from pages.parts import glance


def test_a_caseload(loaded):
    loaded.open("practitioner", practitioner="P1")
    assert "P1 · 2 cases · 12 sessions" in loaded.words
    # C-1: repaired; C-2: open.
    assert "2 episodes found in clients' ratings: 1 repaired; 1 not back at the last form." in loaded.words
    # Gaps, points: (3.5 − 4)/4 = −12.5 in ten pairs, (3.5 − 2)/4 = +37.5 in two: mean −4.17.
    assert "Usual gap −4 points" in loaded.words
    assert "Over 12 sessions that both rated." in loaded.words
    # Wilson's interval of 0 of 2 (z = 1.96): upper end z²/(n + z²) = .658.
    assert "registered 0 of 2" in loaded.words
    assert "between 0% and 66%" in loaded.words
    assert all(chart.proto.alt for chart in loaded.charts)
    assert len(loaded.charts) == 3  # two cases, and goal, task and bond


def test_cases_to_talk_about_come_first(loaded):
    loaded.open("practitioner", practitioner="P1")
    assert loaded.words.index("C-2 →") < loaded.words.index("C-1 →")


def test_no_episode_is_no_praise(loaded):
    loaded.open("practitioner", practitioner="P2")
    assert "That is not proof that all is well." in loaded.words
    assert "nothing can be said of recognition" in loaded.words
    assert "None were found." in loaded.words


def test_without_practitioners_forms_there_is_no_usual_gap(app, made):
    csv, rows_of = made
    app.bring(("one.csv", csv(rows_of("P1", "C-1", "Client", [4, 4, 4]))))
    app.open("practitioner")
    assert "there is no usual gap" in app.words


def test_too_few_ratings_to_say_is_said(app, made):
    csv, rows_of = made
    app.bring(("few.csv", csv(rows_of("P1", "C-1", "Client", [4, 4]))))
    app.open("practitioner")
    assert "Too few ratings by the clients to say whether anything changed in these cases." in app.words


def test_a_large_caseload_is_paged(app, made):
    csv, rows_of = made
    app.bring(("many.csv", csv(*(rows_of("P1", f"C-{n:02}", "Client", [4, 4]) for n in range(1, 36)))))
    app.open("practitioner")
    assert "Shown: 30 cases of 35." in app.words
    assert len(app.charts) == 31


def test_without_parts_they_are_unknown(app):
    rows = "\n".join(f"P1,C-1,{n},Client,{mark}" for n, mark in enumerate([30, 31, 29], start=1))
    app.bring(("total.csv", f"Therapist,Client,Session,Rated by,Total\n{rows}".encode()))
    app.at.number_input(key="lowest mark").set_value(0.0)
    app.at.number_input(key="highest mark").set_value(40.0)
    app.click("Read again with these answers")
    app.open("practitioner")
    assert "so they are unknown" in app.words
    app.open("case")
    assert "goal, task and bond are unknown" in app.words


def test_an_unknown_practitioner_in_the_address_is_named_and_the_page_waits(loaded):
    loaded.open("practitioner", practitioner="P99")
    assert "There is no practitioner P99 in the ratings that are loaded." in loaded.words
    assert not loaded.charts
    loaded.at.selectbox(key="pick practitioner").select("P2")
    loaded.run()
    assert "P2 · 1 case · 4 sessions" in loaded.words


def service(app, made, levels, clients=12, look="P01"):
    """One practitioner for each level, with so many clients of two sessions around it."""
    csv, rows_of = made
    parts = []
    for number, level in enumerate(levels, start=1):
        for client in range(1, clients + 1):
            marks = [level + (client % 5 - 2) / 4] * 2
            parts.append(rows_of(f"P{number:02}", f"C-{number:02}{client:02}", "Client", marks))
    app.bring(("service.csv", csv(*parts)))
    return app.open("practitioner", practitioner=look)


def test_few_clients_are_a_reason_not_to_name_a_mean(loaded):
    loaded.open("practitioner", practitioner="P1")
    assert "The mean of these clients is not named. 2 clients; from 10 on." in loaded.words
    assert "No funnel is drawn: 2 practitioners with rated clients; from 10 on." in loaded.words
    assert "Range of single gaps" in "\n".join(
        block.proto.popover.label for block in loaded.at.get("popover")
    )
    assert "12 pairs on versions of one instrument, in 2 cases; from 15 pairs in 2 cases on." in loaded.words


def test_a_mean_that_may_be_named_has_its_interval_and_its_place(app, made):
    service(app, made, [3, 3.25, 3.5, 3.5, 3.5, 3.75, 3.75, 4, 4, 4], look="P03")
    assert "These clients rate at 62 % of the maximum on average" in app.words
    assert "% of the maximum on average (95 % interval " in app.words
    assert "That is within what chance alone allows for 12 clients." in app.words
    funnel = app.charts[-1]
    assert funnel.proto.alt.startswith("Means of 10 practitioners over their number of clients")
    assert funnel.proto.alt.endswith("one of them is picked out")


def test_the_funnel_sends_no_other_identifier_to_the_browser(app, made):
    service(app, made, [3, 3.25, 3.5, 3.5, 3.5, 3.75, 3.75, 4, 4, 4])
    sent = app.charts[-1].proto.spec + "".join(str(data.data.data) for data in app.charts[-1].proto.datasets)
    assert "P01" in sent
    assert not any(f"P{number:02}" in sent for number in range(2, 11))


def test_practitioners_who_do_not_differ_are_said_not_to(app, made):
    service(app, made, [3.5] * 10)
    assert "The mean of these clients is not named. No detectable difference: " in app.words
    assert "All clients together rate at 62 % of the maximum." in app.words
    assert app.charts[-1].proto.alt.endswith("none is picked out")


def test_nine_practitioners_have_no_funnel(app, made):
    service(app, made, [3, 3.25, 3.5, 3.5, 3.5, 3.75, 3.75, 4, 4])
    assert "No funnel is drawn: 9 practitioners with rated clients; from 10 on." in app.words
    assert not app.charts[-1].proto.alt.startswith("Means of")


def test_one_practitioner_alone_is_compared_with_nobody(app, made):
    service(app, made, [3.5])
    assert "it takes two of them, and one with two rated clients" in app.words


def strip(app, shows=None, **query):
    app.open("practitioner", **query)
    app.at.segmented_control(key="way to show cases").set_value("Strip of sessions")
    app.run()
    if shows:
        app.at.segmented_control(key="fields show").set_value(shows)
        app.run()
    return app


@pytest.mark.parametrize(
    ("shows", "read"),
    [
        ("Client's rating", "darker is higher"),
        ("Gap", "white: the usual gap"),
        ("What the rule saw", "▼ an episode begins"),
    ],
)
def test_a_strip_of_sessions_tells_how_to_read_its_fields(loaded, shows, read):
    strip(loaded, shows, practitioner="P1")
    assert read in loaded.words
    assert "Choose a field or a row to see that case over time." in loaded.words
    assert len(loaded.charts) == 2  # the strip, and goal, task and bond
    table = next(table.value for table in loaded.at.dataframe if "mean gap, points" in table.value.columns)
    assert table["client"].tolist() == ["C-2", "C-1"]


def test_the_way_to_show_cases_stays_over_page_changes(loaded):
    strip(loaded, "Gap", practitioner="P1").open("agenda").open("practitioner", practitioner="P1")
    assert "white: the usual gap" in loaded.words


def test_a_long_strip_is_paged(app, made):
    csv, rows_of = made
    app.bring(("many.csv", csv(*(rows_of("P1", f"C-{n:03}", "Client", [4, 4]) for n in range(1, 301)))))
    strip(app)
    assert "Shown: 40 cases of 300." in app.words


@pytest.mark.parametrize(
    ("places", "shown"),
    [
        ([("C-1", None)], "C-1"),
        ([("C-1", None), ("C-1", "C-2")], "C-2"),
        ([("C-1", None), ("C-1", "C-2"), ("C-3", "C-2")], "C-3"),
        ([("C-1", None), ("C-1", "C-2"), ("C-1", "C-2")], "C-2"),
        ([("C-1", None), (None, None)], None),
    ],
)
def test_of_strip_and_table_the_one_used_last_decides(monkeypatch, places, shown):
    monkeypatch.setattr(st, "session_state", {})
    for chosen in places:
        last = glance.latest("P1", *chosen)
    assert last == shown


@pytest.fixture
def two_quarters(app, made):
    """Six clients of P1 with four sessions in each of two quarters; the practitioner rates, too, and five falls are open."""
    csv, rows_of = made
    parts = []
    for number in range(1, 7):
        for rater, marks in (("Client", [4] * 7 + [2 if number < 6 else 4]), ("Therapist", [3.5] * 8)):
            rows = rows_of("P1", f"C-{number}", rater, marks)
            parts.append(
                [row.replace("2025-01-0", "2025-04-0") if at > 3 else row for at, row in enumerate(rows)]
            )
    return app.bring(("two.csv", csv(*parts))).open("practitioner", practitioner="P1")


def test_over_time_stands_what_moved_within_the_same_clients_and_which_part_falls(two_quarters):
    # five of six clients: (75·3 + 25)/4 = 62.5 against 75, so −12.5; one 0: mean −10.4
    assert (
        "The same 6 clients rated 10 points lower on average from Jan–Mar 2025 to Apr–Jun 2025"
        in two_quarters.words
    )
    assert (
        "Of 5 falls with goal, task and bond rated, goal in 5, task in 5 and bond in 5. Goal, task and bond fell most often, equally."
        in two_quarters.words
    )
    assert "never against anybody else's" in two_quarters.words
    labels = [
        block.proto.popover.label.replace("\\", "").replace("\u2060", "")
        for block in two_quarters.at.get("popover")
    ]
    assert {"Movement: −10 points", "Gap over time: +10 points"} <= set(labels)
    assert any(
        chart.proto.alt.startswith("The clients' ratings, within the same clients")
        for chart in two_quarters.charts
    )
    periods = next(
        table.value
        for table in two_quarters.at.dataframe
        if "registered" in table.value.columns and "period" in table.value.columns
    )
    assert periods["period"].tolist() == ["Apr–Jun 2025", "Jan–Mar 2025"]
    assert periods["registered"].tolist()[0] == "0 of 5"


def test_with_one_period_there_is_nothing_to_compare_yet(loaded):
    loaded.open("practitioner", practitioner="P1")
    assert (
        "All sessions with a day lie in Jan–Mar 2025, so there is no earlier period to compare with yet."
        in loaded.words
    )
    assert "Too few" not in loaded.words
    assert "Which falls most often cannot be told: 2 falls; from 5 on." in loaded.words


def test_without_days_nothing_is_said_over_time(app):
    rows = "\n".join(f"P1,C-1,{n},Client,wai-sr,4,4,4" for n in range(1, 4))
    app.bring(
        ("undated.csv", f"Therapist,Client,Session,Rated by,Instrument,Goal,Task,Bond\n{rows}".encode())
    )
    app.open("practitioner")
    assert "None of these sessions has a day, so nothing can be said over time." in app.words
