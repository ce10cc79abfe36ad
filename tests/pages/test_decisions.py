"""Decisions on the pages: made beside an episode, kept, found again, settled, counted until a file holds them."""

import datetime
import io

import openpyxl
import pandas as pd
import pytest

from alliance_core import analyse, read_workbooks
from alliance_core.reports.supervision_workbook import supervision_workbook
from alliance_core.tables import REVIEW, empty
from pages.parts import today

NOW = datetime.datetime(2025, 6, 3, 12, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(days=28)


class At(datetime.datetime):
    moment = NOW

    @classmethod
    def now(cls, tz=None):
        return cls.moment.astimezone(tz)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A day of its own for every test; set `moment` to go on to another."""
    monkeypatch.setattr(today, "datetime", At)
    monkeypatch.setattr(At, "moment", NOW)
    return At


def of_case(app, client="C-1", practitioner="P1", **query):
    return app.open("case", practitioner=practitioner, client=client, **query)


def decide(app, decision="watch", action="", owner="", due=None, note=""):
    """The form of the one card on the page, filled in and saved."""
    key = next(one.key for one in app.at.radio if one.label == "What do we make of it?").removesuffix(
        " decision"
    )
    app.at.radio(key=f"{key} decision").set_value(decision)
    app.at.text_input(key=f"{key} action").set_value(action)
    app.at.text_input(key=f"{key} owner").set_value(owner)
    app.at.date_input(key=f"{key} due").set_value(due)
    app.at.text_area(key=f"{key} note").set_value(note)
    return app.click("Save the decision")


def store(app):
    return app.at.session_state["decisions"]


def downloads(app):
    return [one for one in app.at.download_button if "supervision workbook" in one.label]


def workbook_of(app):
    """The bytes that the download gives."""
    found = app.at.session_state["brought"]
    return "supervision.xlsx", supervision_workbook(
        analyse(found.ratings), store(app).everything, At.moment.date()
    )


def done_choices(app):
    return [one for one in app.at.get("button_group") if one.label == "Was it done?"]


# -- the card and its box ---------------------------------------------------------------------------


def test_the_card_tells_the_episode_part_by_part(loaded):
    of_case(loaded)
    assert "Session 5–6 repaired" in loaded.words
    assert "Parts: Goal, task and bond fell." in loaded.words
    assert "Size: 50 points: about " in loaded.words
    assert "Seen by: The practitioner's rating did not register it." in loaded.words
    assert "Noted: Nobody recorded a marker near it." in loaded.words
    assert "What the ratings do not tell:" in loaded.words
    assert "A question to ask" in loaded.words


def test_a_decision_is_saved_at_once_and_shown(loaded):
    decide(of_case(loaded), "watch", "Ask", "P1", datetime.date(2025, 6, 10), "Gently")
    assert "3 Jun 2025: watch. Ask (P1, until 10 Jun 2025). Note: Gently" in loaded.words
    assert "Saved. It is kept once you download the supervision workbook." in loaded.words
    assert not done_choices(loaded)  # it was agreed today
    (row,) = store(loaded).review.to_dict("records")
    assert (row["session"], row["until_session"], row["fall_then"], row["outcome_then"]) == (
        5,
        6,
        50.0,
        "repaired",
    )
    assert str(row["session_date"])[:10] == "2025-01-06"


def test_what_was_decided_today_can_be_changed_and_taken_back(loaded):
    decide(of_case(loaded), "watch", "Ask")
    decide(loaded, "confirmed")
    assert store(loaded).review["decision"].tolist() == ["confirmed"]
    of_case(loaded, "C-2")
    of_case(loaded)
    key = next(one for one in loaded.at.radio if one.label == "What do we make of it?")
    assert key.value == "confirmed"
    decide(loaded, "nothing yet")
    assert "Nothing was entered, so there is no decision of today." in loaded.words
    assert len(store(loaded).review) == 0


def test_an_earlier_decision_is_shown_above_and_asked_about(loaded, clock):
    decide(of_case(loaded), "watch", "Ask")
    clock.moment = LATER
    of_case(loaded)
    (choice,) = done_choices(loaded)
    choice.set_value("partly")
    loaded.run()
    assert store(loaded).review["done"].tolist() == ["partly"]
    assert "3 Jun 2025: watch. Ask: partly done." in loaded.words
    decide(loaded, "not a rupture")
    assert "1 Jul 2025: not a rupture." in loaded.words
    assert "3 Jun 2025: watch. Ask: partly done." in loaded.words
    assert not done_choices(loaded)  # the later decision counts


@pytest.fixture
def fallen_twice(app, made):
    csv, rows_of = made
    marks = [4, 4, 4, 4, 2, 4, 4, 4, 2, 2, 2]
    return app.bring(
        ("twice.csv", csv(rows_of("P1", "C-1", "Client", marks), rows_of("P1", "C-1", "Therapist", [4] * 11)))
    )


def test_of_several_episodes_the_one_to_talk_about_is_open_and_the_others_are_one_click_away(fallen_twice):
    of_case(fallen_twice)
    picker = next(one for one in fallen_twice.at.radio if one.label == "Episode")
    assert [one.replace("\\", "").replace("\u2060", "") for one in picker.options] == [
        "Since session 9: open",
        "Session 5–6 repaired",
    ]
    assert picker.value == 0
    decide(fallen_twice, "confirmed")
    assert store(fallen_twice).review["session"].tolist() == [9]
    picker = next(one for one in fallen_twice.at.radio if one.label == "Episode")
    assert picker.value == 0
    picker.set_value(1)
    fallen_twice.run()
    assert fallen_twice.at.query_params["session"] == "5"
    assert "It was back near its former level at session 6" in fallen_twice.words
    decide(fallen_twice, "watch")
    assert store(fallen_twice).review["session"].tolist() == [5, 9]


def test_the_address_may_ask_for_an_episode(fallen_twice):
    of_case(fallen_twice, session="5")
    assert next(one for one in fallen_twice.at.radio if one.label == "Episode").value == 1
    of_case(fallen_twice, session="7")
    assert "episode" in fallen_twice.words


def test_the_card_alone_draws_both_raters_around_the_episode(loaded):
    def card():
        import streamlit as st

        from pages.parts.episode_card import episode_card

        found = st.session_state["loaded"]
        for number, episode in enumerate(found.cards_of("P1", "C-1")):
            episode_card(found, episode, where=str(number))

    from streamlit.testing.v1 import AppTest

    page = AppTest.from_function(card)
    page.session_state["loaded"] = loaded.at.session_state["loaded"]
    page.run()
    assert not page.exception
    (chart,) = page.get("vega_lite_chart")
    assert chart.proto.alt == "Overall ratings of client and practitioner around sessions 5 to 6"


def test_something_can_be_decided_without_an_episode(loaded):
    of_case(loaded, "C-3", "P2")
    assert "Decide something about this case" in loaded.words
    decide(loaded, "watch", "Ask how feedback is invited")
    (row,) = store(loaded).review.to_dict("records")
    assert (row["session"], row["outcome_then"]) == (4, "no episode")
    assert "3 Jun 2025: watch. Ask how feedback is invited." in loaded.words
    of_case(loaded)
    assert "Decide something about this case" not in loaded.words


def test_every_field_has_a_label(loaded):
    of_case(loaded)
    fields = [*loaded.at.radio, *loaded.at.text_input, *loaded.at.text_area, *loaded.at.date_input]
    assert {one.label for one in fields} == {
        "What do we make of it?",
        "Action",
        "Who does it",
        "Until",
        "Note",
    }
    assert all(one.proto.label_visibility.value == 0 for one in fields)


# -- not in any file yet ----------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["bring_in", "agenda", "practitioner", "case", "decisions", "how_it_works"])
def test_every_page_says_that_a_decision_is_in_no_file_yet(loaded, page):
    loaded.open(page)
    assert "not in any file yet" not in loaded.words
    decide(of_case(loaded))
    loaded.open(page)
    assert "1 decision not in any file yet: gone when this tab is closed." in loaded.words
    assert downloads(loaded)


def test_a_download_keeps_them_and_the_line_goes(loaded):
    decide(of_case(loaded))
    downloads(loaded)[0].click()
    loaded.run()
    assert "not in any file yet" not in loaded.words
    decide(of_case(loaded), "confirmed")
    assert "1 decision not in any file yet" in loaded.words


def token(app):
    """What tells the workbook's download from others'."""
    held = app.at.session_state["made"]
    return held.get(next(key for key in reversed(held.keys) if key[0] == "supervision workbook"))[0]


def test_another_content_has_another_name(loaded):
    tokens = []
    for decision in ("watch", "confirmed"):
        decide(of_case(loaded), decision)
        tokens.append(token(loaded))
    assert tokens[0] != tokens[1]
    loaded.open("agenda")
    assert token(loaded) == tokens[1]


def test_clearing_asks_first_while_something_would_be_lost(loaded):
    decide(of_case(loaded))
    loaded.open("bring_in").click("Clear my data")
    assert "1 decision not in any file yet." in loaded.words
    assert "loaded" in loaded.at.session_state
    loaded.click("Leave all as it is")
    assert len(store(loaded).review) == 1
    loaded.click("Clear my data").click("Go on without them")
    assert "Nothing has been brought in yet." in loaded.words
    assert "decisions" not in loaded.at.session_state


def test_after_the_download_clearing_goes_on(loaded):
    decide(of_case(loaded))
    loaded.open("bring_in").click("Clear my data")
    downloads(loaded)[-1].click()
    loaded.run()
    assert "The supervision workbook holds every decision now." in loaded.words
    loaded.click("Go on")
    assert "Nothing has been brought in yet." in loaded.words


def test_the_sample_team_takes_no_decisions_over_and_leaves_none_behind(loaded, workbook):
    decide(of_case(loaded))
    loaded.open("bring_in").click("Look around with the sample team")
    assert "If you go on" in loaded.words
    loaded.click("Go on without them")
    assert loaded.at.session_state["loaded"].name == "the sample team (synthetic)"
    assert len(store(loaded).review) == 0
    decide(of_case(loaded, "C-004", "P01"))
    loaded.open("bring_in").click("Look around with the sample team")
    assert len(store(loaded).review) == 1  # the same people
    loaded.bring(("team.csv", workbook))
    assert len(store(loaded).review) == 0


def test_decisions_of_this_sitting_stay_while_files_are_read_again(loaded, workbook):
    decide(of_case(loaded))
    loaded.bring(("team.csv", workbook + b"\nP2,C-9,1,2025-01-02,Client,wai-sr,4,4,4"))
    assert store(loaded).review["client"].tolist() == ["C-1"]
    assert "1 decision not in any file yet" in loaded.words


# -- next time --------------------------------------------------------------------------------------


def test_next_time_the_decision_is_beside_its_episode_again(loaded, clock):
    decide(of_case(loaded), "watch", "Ask")
    kept = workbook_of(loaded)
    clock.moment = LATER
    loaded.open("bring_in").click("Clear my data").click("Go on without them")
    loaded.bring(kept)
    assert "not in any file yet" not in loaded.words
    of_case(loaded)
    assert "3 Jun 2025: watch. Ask." in loaded.words
    loaded.open("decisions")
    assert "1 action open" in loaded.words


def test_what_has_changed_since_is_said_on_the_card_and_on_the_page(loaded, made, clock):
    csv, rows_of = made
    decide(of_case(loaded, "C-2"), "watch", "Ask")
    kept = workbook_of(loaded)
    clock.moment = LATER
    new = csv(
        rows_of("P1", "C-2", "Client", [4, 4, 4, 4, 2, 1.5, 4, 4]),
        rows_of("P1", "C-2", "Therapist", [3.5] * 8),
    )
    loaded.bring(kept, ("new.csv", new))
    of_case(loaded, "C-2")
    assert "It has become deeper since: " in loaded.words
    assert "What followed is known now: " in loaded.words
    loaded.open("decisions")
    assert "Something has changed since · 1" in loaded.words


def test_a_decision_about_a_case_or_an_episode_that_is_gone_is_kept_and_shown(loaded, made):
    csv, rows_of = made
    decide(of_case(loaded), "watch", "Ask")
    loaded.bring(
        ("other.csv", csv(rows_of("P1", "C-1", "Client", [4] * 7), rows_of("P1", "C-5", "Client", [4] * 7)))
    )
    of_case(loaded)
    assert "Other decisions about this case" in loaded.words
    assert "No fall is found at session 5 any more" in loaded.words
    loaded.bring(("other.csv", csv(rows_of("P1", "C-5", "Client", [4] * 7))))
    loaded.open("decisions")
    assert "No ratings of this case are loaded. The decision is kept." in loaded.words


def test_files_without_the_decisions_of_the_files_before_are_told_so(loaded, workbook):
    decide(of_case(loaded))
    loaded.bring(workbook_of(loaded))
    assert "stand in none of these" not in loaded.words
    loaded.bring(("team.csv", workbook))
    assert "1 decision of the files before stand in none of these." in loaded.words


# -- two people -------------------------------------------------------------------------------------


def with_decision(app, decision, name):
    """A workbook of the loaded ratings in which somebody decided about C-1, session 5."""
    rows = pd.DataFrame(
        [
            {
                "practitioner": "P1",
                "client": "C-1",
                "session": 5,
                "decision": decision,
                "decided_on": pd.Timestamp(2025, 5, 1),
            }
        ],
    )
    ratings = app.at.session_state["brought"].ratings
    return name, supervision_workbook(analyse(ratings), pd.concat([empty(REVIEW), rows]), NOW.date())


def test_decisions_that_contradict_each_other_stand_side_by_side_until_one_is_picked(loaded):
    files = [with_decision(loaded, "watch", "a.xlsx"), with_decision(loaded, "confirmed", "b.xlsx")]
    loaded.bring(*files)
    assert "Decisions contradict each other: pick the ones that count" in loaded.words
    loaded.open("decisions")
    assert "Decisions that contradict each other · 1" in loaded.words
    assert "a.xlsx, sheet review, cell D2" in loaded.words
    assert "b.xlsx, sheet review, cell D2" in loaded.words
    counts = [one for one in loaded.at.button if one.label == "This one counts"]
    assert len(counts) == 2
    sides = loaded.words.index("1 May 2025: confirmed."), loaded.words.index("1 May 2025: watch.")
    assert sides[0] < sides[1]
    counts[1].click()
    loaded.run()
    assert "contradict" not in loaded.words
    assert store(loaded).review["decision"].tolist() == ["watch"]
    assert "1 decision not in any file yet" in loaded.words
    loaded.bring(*files)
    assert store(loaded).review["decision"].tolist() == ["watch"]


def test_the_same_decision_in_two_workbooks_is_one(loaded):
    loaded.bring(with_decision(loaded, "watch", "a.xlsx"), with_decision(loaded, "watch", "b.xlsx"))
    assert store(loaded).review["decision"].tolist() == ["watch"]
    assert len(store(loaded).unsettled) == 0


# -- the page ---------------------------------------------------------------------------------------


def test_a_page_without_decisions_says_where_they_are_made(loaded):
    loaded.open("decisions")
    assert "Nothing has been decided yet" in loaded.words
    assert "beside each episode" in loaded.words
    assert downloads(loaded)


def test_open_actions_stand_in_the_order_of_their_day_and_go_when_they_are_done(loaded, clock):
    decide(of_case(loaded, "C-2"), "watch", "Ask", due=datetime.date(2025, 6, 20))
    decide(of_case(loaded), "watch", "Call", due=datetime.date(2025, 6, 10))
    clock.moment = LATER
    loaded.open("decisions")
    assert "2 actions open, 2 past the day agreed" in loaded.words
    assert loaded.words.index("Call") < loaded.words.index("Ask (until")
    assert "The day agreed has passed." in loaded.words
    done_choices(loaded)[0].set_value("yes")
    loaded.run()
    assert "1 action open, 1 past the day agreed" in loaded.words
    loaded.at.selectbox(key="pick for").select("P2")
    loaded.run()
    assert "Nothing has been decided yet" in loaded.words


def test_the_table_holds_every_decision(loaded):
    decide(of_case(loaded), "confirmed", note="=1+1")
    loaded.open("decisions")
    (table,) = loaded.at.dataframe
    assert table.value[["client", "session", "decision", "note"]].to_numpy().tolist() == [
        ["C-1", 5, "confirmed", "=1+1"]
    ]
    assert table.proto.alt
    assert "1 decision, no action open" in loaded.words


def test_text_of_decisions_is_shown_as_it_stands(loaded):
    hostile = "![x](http://example.invalid/a.png) **b** :smile:"
    decide(of_case(loaded), "watch", hostile, hostile, note=hostile)
    for page in ("case", "decisions"):
        loaded.open(page)
        marked = [
            str(one.value)
            for kind in ("caption", "markdown", "info", "warning")
            for one in loaded.at.get(kind)
        ]
        assert not any("![x]" in text or "http:" in text for text in marked)
    assert "![x](http://example.invalid/a.png)" in loaded.words


def test_many_decisions_are_shown_by_pages(app, made):
    csv, rows_of = made
    cases = [rows_of("P1", f"C-{n:02}", "Client", [4, 4, 4, 4, 2, 4]) for n in range(20)]
    review = "\n".join(
        [
            "Therapist,Client,Session,Decision,Action,Decided on",
            *(f"P1,C-{n:02},5,watch,Ask {n},2025-05-01" for n in range(20)),
        ]
    )
    app.bring(("team.csv", csv(*cases)), ("review.csv", review.encode()))
    app.open("decisions")
    assert "Open actions · 20" in app.words
    assert len(done_choices(app)) == 15


# -- older workbooks, personal data -----------------------------------------------------------------


def test_a_workbook_that_differs_from_the_new_files_gives_its_decisions_alone(loaded, made):
    csv, rows_of = made
    decide(of_case(loaded), "watch", "Ask")
    kept = workbook_of(loaded)
    new = csv(rows_of("P1", "C-1", "Client", [4, 4, 4, 4, 2, 3, 4]))
    loaded.bring(kept, ("new.csv", new))
    assert "A supervision workbook and your other files differ" in loaded.words
    loaded.click("Take the other files, and only the decisions from the supervision workbook")
    assert "A supervision workbook and your other files differ" not in loaded.words
    assert "8 rows read = 8 used + 0 left out" in loaded.words
    of_case(loaded)
    assert "watch. Ask" in loaded.words


def test_pseudonyms_stand_in_the_decisions_of_this_sitting_too(app):
    lines = ["Practitioner,Client,Session,Rated by,Instrument,Goal,Task,Bond"]
    lines += [f"P01,Bravo Kilo,{n},client,wai-sr,{m},{m},{m}" for n, m in enumerate([4, 4, 4, 4, 2], 1)]
    app.bring(("team.csv", "\n".join([*lines, "P01,Tango Zulu,1,client,wai-sr,4,3,5"]).encode()))
    decide(of_case(app, "Bravo Kilo", "P01"), "watch", note="Bravo was tired")
    app.open("bring_in").click("Replace by pseudonyms")
    assert len(store(app).review) == 1
    assert "1 decision not in any file yet" in app.words
    (_, content) = workbook_of(app)
    book = openpyxl.load_workbook(io.BytesIO(content))
    text = " ".join(str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line)
    assert "Bravo" not in text
    assert not read_workbooks(("a.xlsx", content))[0].review.empty
