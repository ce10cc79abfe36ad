"""The agenda as a desk: what has changed since, what is picked, what was talked about, and the card in place."""

import pandas as pd
import pytest

from alliance_core import agenda_sentences, analyse
from alliance_core.measures.agenda import REASONS
from alliance_core.reports.supervision_workbook import supervision_workbook
from alliance_core.settings import AgendaSettings, Settings

CASES = b"Therapist,Client,Team,Approach\nP1,C-1,North,CBT\nP1,C-2,South,CBT\nP2,C-3,South,integrative\n"


def links(app):
    return [link.value.replace("\\", "").replace("\u2060", "") for link in app.at.get("page_link")]


def lines(app):
    """The cases whose lines are drawn, in order."""
    return [link.split(" · ")[0] for link in links(app) if link.endswith(" →") and " · " in link]


@pytest.fixture
def grown(made):
    """The workbook of a month later: C-2 came back, C-3 fell, C-1 as before."""
    csv, rows_of = made
    return csv(
        rows_of("P1", "C-1", "Client", [4, 4, 4, 4, 2, 4, 4]),
        rows_of("P1", "C-1", "Therapist", [3.5, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5]),
        rows_of("P1", "C-2", "Client", [4, 4, 4, 4, 2, 4, 4, 4, 4, 4, 4, 4]),
        rows_of("P1", "C-2", "Therapist", [3.5] * 12),
        rows_of("P2", "C-3", "Client", [3, 3.25, 3, 3.25, 1]),
        rows_of("P2", "C-3", "Therapist", [3, 3.25, 3, 3.25, 3]),
    )


# -- what has changed -------------------------------------------------------------------------------


def test_with_one_upload_there_is_nothing_to_compare_with(loaded):
    loaded.open("agenda")
    assert "Nothing to compare with yet." in loaded.words
    assert not any(box.label.startswith("Only what has changed") for box in loaded.at.checkbox)


def test_a_newer_export_is_compared_with_the_one_before(loaded, grown):
    loaded.bring(("later.csv", grown)).open("agenda")
    assert (
        "Since team.csv, brought in before: 1 case new on the agenda; 1 case not on it any more; 1 new fall; 1 open fall repaired by now; 8 new sessions."
        in loaded.words
    )
    assert (
        "Since the ratings before: new on the agenda; a fall from session 5 that was not there before; 1 new session"
        in loaded.words
    )
    assert "Not on the agenda any more · 1 case" in loaded.words
    assert (
        "Was here for: A fall that has not come back. Since then: the fall from session 5 is repaired by now; 7 new sessions."
        in loaded.words
    )
    loaded.open("agenda", changed="yes")
    assert lines(loaded) == ["C-3", "C-2"]  # C-2 is listed as no longer on the agenda
    assert "1 of 2 cases shown: only what has changed." in loaded.words


def test_of_one_practitioner_only_what_is_the_practitioner_s_is_told(loaded, grown):
    loaded.bring(("later.csv", grown)).open("agenda", **{"for": "P1"})
    assert (
        "Since team.csv, brought in before: 1 case not on it any more; 1 open fall repaired by now; 7 new sessions."
        in loaded.words
    )


def test_the_same_file_again_has_not_changed_and_nobody_is_compared_with_the_sample_team(loaded, workbook):
    loaded.bring(("again.csv", workbook)).open("agenda")
    assert "Nothing has changed since team.csv, brought in before." in loaded.words
    loaded.open("bring_in").click("Look around with the sample team").open("agenda")
    assert "Nothing to compare with yet." in loaded.words


def test_reading_the_same_files_again_compares_with_what_was_before_them(loaded, grown):
    loaded.bring(("later.csv", grown))
    loaded.click("Read again with these answers").open("agenda")
    assert "Since team.csv, brought in before:" in loaded.words


def test_a_file_that_cannot_be_used_in_between_is_not_compared_with(loaded, grown):
    loaded.bring(("broken.csv", b"nothing"))
    loaded.bring(("later.csv", grown)).open("agenda")
    assert "Since team.csv, brought in before:" in loaded.words


def test_other_people_s_ratings_are_said_not_to_be_comparable(loaded, made):
    csv, rows_of = made
    loaded.bring(("others.csv", csv(rows_of("P9", "C-9", "Client", [4, 4, 4, 4, 2])))).open("agenda")
    assert "these files hold no case of team.csv, brought in before." in loaded.words
    assert "Since the ratings before" not in loaded.words


def test_a_new_export_beside_last_time_s_supervision_workbook_is_compared_with_that(loaded, grown):
    found = loaded.at.session_state["loaded"].analysis.ratings
    kept = supervision_workbook(analyse(found), found.review, pd.Timestamp(2025, 3, 4).date())
    loaded.open("bring_in").click("Clear my data")
    loaded.bring(("supervision.xlsx", kept), ("later.csv", grown)).open("agenda")
    assert "Since supervision.xlsx, brought in along with them: 1 case new on the agenda" in loaded.words


def test_another_rule_is_no_change(loaded, grown):
    loaded.bring(("later.csv", grown)).open("how_it_works")
    loaded.at.selectbox(key="rule").set_value("step")
    loaded.run().open("agenda")
    assert "8 new sessions" in loaded.words
    before, now = (
        loaded.at.session_state["loaded"].earlier.analysis,
        loaded.at.session_state["loaded"].analysis,
    )
    assert before.method == now.method == "step"


# -- filters and order ------------------------------------------------------------------------------


@pytest.fixture
def teams(app, workbook):
    return app.bring(("team.csv", workbook), ("cases.csv", CASES))


@pytest.mark.parametrize(
    ("query", "shown", "words"),
    [
        ({}, ["C-2", "C-1"], ""),
        ({"order": "name"}, ["C-1", "C-2"], ""),
        ({"order": "latest"}, ["C-1", "C-2"], ""),
        ({"order": "longest ago"}, ["C-2", "C-1"], ""),
        ({"reason": "open episode"}, ["C-2"], "1 of 2 cases shown: reason A fall that has not come back."),
        ({"reason": "blind spot"}, ["C-2", "C-1"], "2 of 2 cases shown"),
        ({"team": "North"}, ["C-1"], "1 of 2 cases shown: team North."),
        ({"approach": "CBT"}, ["C-2", "C-1"], "approach CBT."),
        ({"from": "2025-01-07"}, ["C-1"], "last session 7 Jan 2025 or later."),
        (
            {"team": "South", "from": "2025-01-07"},
            [],
            "None of 2 cases fits: team South; last session 7 Jan 2025 or later.",
        ),
        ({"team": "Nowhere", "order": "worst", "from": "soon", "changed": "yes"}, ["C-2", "C-1"], ""),
    ],
)
def test_the_address_says_what_is_shown(teams, query, shown, words):
    teams.open("agenda", **query)
    assert lines(teams) == shown
    assert words in teams.words
    assert ("cases shown" in teams.words or "fits" in teams.words) == bool(words)
    if "Nowhere" in query.values():
        assert not {"team", "order", "from", "changed"} & set(teams.at.query_params)


def test_what_is_picked_changes_the_address_and_survives_other_pages(teams):
    teams.open("agenda")
    teams.at.multiselect(key="agenda team").set_value(["North"])
    teams.run()
    assert teams.at.query_params["team"] == "North"
    teams.at.selectbox(key="agenda order").set_value("name")
    teams.run().open("how_it_works").open("agenda")
    assert lines(teams) == ["C-1"]
    assert teams.at.query_params["team"] == "North"
    assert teams.at.query_params["order"] == "name"
    assert "Filter and sort · 1 on" in [
        b.proto.popover.label.replace("\\", "") for b in teams.at.get("popover")
    ]
    teams.click("Show all")
    assert lines(teams) == ["C-1", "C-2"]
    assert "team" not in teams.at.query_params


def test_which_reasons_there_are_is_not_looked_for_line_by_line_each_time(loaded, monkeypatch):
    loaded.open("agenda")
    gone_through, each = [], pd.Series.__iter__
    monkeypatch.setattr(pd.Series, "__iter__", lambda one: gone_through.append(one.name) or each(one))
    loaded.run()
    (offered,) = [one.options for one in loaded.at.multiselect if one.label == "Reason"]
    assert offered
    assert gone_through.count("reason") < len(REASONS)  # lines that are drawn are told their own


def test_without_a_sheet_of_cases_there_is_no_choice_of_teams(loaded):
    loaded.open("agenda")
    assert [one.key for one in loaded.at.multiselect] == ["agenda reason"]


# -- talked about -----------------------------------------------------------------------------------


def press(app, key):
    app.at.button(key=key).click()
    return app.run()


def test_a_case_that_was_discussed_leaves_the_list_and_is_kept_like_a_decision(loaded):
    press(loaded.open("agenda"), "discussed P1 C-2")
    assert "1 case to talk about in the whole team · about 3 minutes" in loaded.words
    assert "Discussed today · 1 case" in loaded.words
    assert "discussed, nothing decided." in loaded.words
    assert "1 decision not in any file yet" in loaded.words
    (row,) = loaded.at.session_state["decisions"].review.to_dict("records")
    assert (row["client"], row["session"], row["note"]) == ("C-2", 5, "Discussed")
    press(loaded, "not yet P1 C-2")
    assert "2 cases to talk about in the whole team · about 6 minutes" in loaded.words
    assert "not in any file yet" not in loaded.words


def test_when_everything_was_discussed_that_is_said(loaded):
    press(press(loaded.open("agenda"), "discussed P1 C-2"), "discussed P1 C-1")
    assert "Nothing more to talk about in the whole team" in loaded.words
    assert "Each of the 2 cases on the agenda was talked about today." in loaded.words
    assert not loaded.charts


def test_what_was_decided_today_counts_as_discussed_and_cannot_be_ticked_back(loaded):
    loaded.open("case", practitioner="P1", client="C-2")
    key = next(one.key for one in loaded.at.text_input if one.label == "Action")
    loaded.at.text_input(key=key).set_value("Ask")
    loaded.click("Save the decision").open("agenda")
    assert "Discussed today · 1 case" in loaded.words
    assert not [one for one in loaded.at.button if one.label == "Not yet"]


def test_what_was_decided_before_stands_beside_its_line(app, workbook):
    review = b"Therapist,Client,Session,Decision,Action,Owner,Due,Note,Decided on\nP1,C-2,5,watch,Ask,,,,2025-01-03\n"
    app.bring(("team.csv", workbook), ("review.csv", review)).open("agenda")
    assert "Last time: 3 Jan 2025: watch. Ask." in app.words
    assert "2 cases to talk about in the whole team" in app.words


# -- the card in place ------------------------------------------------------------------------------


def test_a_line_opens_its_card_in_place_and_the_address_says_so(loaded):
    press(loaded.open("agenda"), "open P1 C-2")
    assert "Since session 5: open" in loaded.words
    assert "A question to ask" in loaded.words
    assert (loaded.at.query_params["practitioner"], loaded.at.query_params["client"]) == ("P1", "C-2")
    loaded.open("case")
    assert loaded.at.title[0].value.replace("\\", "") == "C-2 · P1"
    press(loaded.open("agenda"), "open P1 C-2")
    assert "A question to ask" not in loaded.words
    assert "client" not in loaded.at.query_params


def test_a_decision_in_place_stays_in_sight_until_the_card_is_closed(loaded):
    loaded.open("agenda", practitioner="P1", client="C-2")
    loaded.at.text_input(key="decide P1 C-2 5 agenda action").set_value("Ask")
    loaded.click("Save the decision")
    assert "Saved. It is kept once you download the supervision workbook." in loaded.words
    press(loaded, "open P1 C-2")
    assert "Discussed today · 1 case" in loaded.words
    assert "Ask." in loaded.words


def test_a_line_without_an_episode_opens_the_decision_alone(app, made):
    csv, rows_of = made
    app.bring(("top.csv", csv(rows_of("P1", "C-1", "Client", [5] * 5)))).open("agenda")
    press(app, "open P1 C-1")
    assert "A decision about this case is noted at its latest session, 5." in app.words
    press(app, "discussed P1 C-1")
    assert "Nothing more to talk about" in app.words
    assert "The one case on the agenda was talked about today." in app.words


def test_an_address_of_a_line_on_a_later_page_opens_that_page(app, made):
    csv, rows_of = made
    app.bring(
        ("crowd.csv", csv(*(rows_of("P1", f"C-{n:02}", "Client", [4] * 8 + [2]) for n in range(1, 41))))
    )
    app.open("agenda", practitioner="P1", client="C-35")
    assert "C-35" in lines(app)
    assert "A question to ask" in app.words


def test_behind_aliases_the_agenda_works_and_shows_no_id(loaded, grown):
    loaded.bring(("later.csv", grown)).open("agenda")
    used = (
        loaded.at.session_state["settings in use"]
        if "settings in use" in loaded.at.session_state
        else Settings()
    )
    display = used.display.model_copy(update={"masked": True, "alias_key": "ab" * 32})
    loaded.at.session_state["settings in use"] = used.model_copy(update={"display": display})
    loaded.open("agenda", practitioner="P2", client="C-3")
    assert "A question to ask" in loaded.words
    assert not any(one in loaded.words for one in ("C-2", "C-3", "P1", "P2"))
    assert "Since team.csv, brought in before: 1 case new on the agenda" in loaded.words
    assert loaded.at.query_params["client"] not in ("", "C-3")
    (key,) = [one.key.removeprefix("open") for one in loaded.at.button if one.label == "Close card"]
    press(loaded, "discussed" + key)
    assert "1 case to talk about in the whole team" in loaded.words
    assert loaded.at.session_state["decisions"].review["client"].tolist() == ["C-3"]
    press(loaded, "not yet" + key)
    assert "2 cases to talk about in the whole team" in loaded.words


# -- states -----------------------------------------------------------------------------------------


def test_too_few_ratings_are_not_called_nothing_to_discuss(app, made):
    csv, rows_of = made
    app.bring(("few.csv", csv(rows_of("P1", "C-1", "Client", [4])))).open("agenda")
    assert "too few so far to say whether anything has changed" in app.words
    assert "asks for a closer look" not in app.words


@pytest.mark.parametrize(
    ("cases", "each", "words"),
    [
        (1, 1, "about 1 minute"),
        (4, 3, "about 12 minutes"),
        (39, 3, "about 117 minutes"),
        (40, 3, "about 2 hours"),
        (1200, 3, "about 60 hours"),
    ],
)
def test_how_long_it_is_assumed_to_take(cases, each, words):
    assert agenda_sentences.how_long(cases, Settings(agenda=AgendaSettings(minutes_a_case=each))) == words
