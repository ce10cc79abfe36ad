"""Meeting: what comes up, one card at a time under a name instead of an id, what was agreed, and the record."""

import datetime
import io

import openpyxl
import pytest

from alliance_core.reports.meeting_workbook import meeting_workbook
from alliance_core.review import record
from alliance_core.sample import Design, simulate, write_sample
from pages.parts import sitting, today
from pages.parts.in_use import ON_PAGES

NOW = datetime.datetime(2025, 6, 3, 12, tzinfo=datetime.UTC)
HOSTILE = "![x](http://example.invalid/a.png) **b** :smile:"


class At(datetime.datetime):
    moment = NOW

    @classmethod
    def now(cls, tz=None):
        return cls.moment.astimezone(tz)


class Seconds:
    now = 100.0


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A day and a moment of its own for every test; set `now` to go on to another moment."""
    monkeypatch.setattr(today, "datetime", At)
    monkeypatch.setattr(At, "moment", NOW)
    monkeypatch.setattr(Seconds, "now", 100.0)
    monkeypatch.setattr(sitting, "now", lambda: Seconds.now)
    return Seconds


def on(app):
    """The meeting at hand."""
    return app.at.session_state["sitting"][1]


def name(app, client="C-1", practitioner="P1"):
    return sitting_masks(app).cases[practitioner, client]


def sitting_masks(app):
    _, held = app.at.session_state["last made"]["names"]
    return held


def key(app):
    return next(one.key for one in app.at.radio if one.label == "What do we make of it?").removesuffix(
        " decision"
    )


def decide(app, decision="watch", **fields):
    at = key(app)
    app.at.radio(key=f"{at} decision").set_value(decision)
    for field, value in fields.items():
        kind = app.at.text_area if field == "note" else app.at.text_input
        kind(key=f"{at} {field}").set_value(value)
    return app.click("Save the decision")


def title(app):
    return app.at.title[0].value.replace("\\", "").replace("\u2060", "")


def sent(app):
    """All that goes to the browser, keys of widgets and data of charts among it."""
    charts = [frame.to_json() for chart in app.charts for frame in app.drawn(chart)]
    return "".join([*charts, *(str(node.proto) for node in app.at.main if getattr(node, "proto", None))])


@pytest.fixture
def begun(loaded):
    return loaded.open("meeting").click("Begin the meeting")


# -- what comes up -----------------------------------------------------------------------------------


def test_the_way_through_many_cases_of_one_practitioner_says_their_id_nowhere_but_in_the_picker(
    app, tmp_path
):
    write_sample(simulate(Design(2, 60, 12), seed=3), tmp_path / "many.xlsx", "long-scores")
    app.bring(("many.xlsx", (tmp_path / "many.xlsx").read_bytes())).open("meeting")
    app.at.selectbox[0].set_value(("practitioner", "P01"))
    app.run()
    assert app.at.get("pagination")
    beside = [
        str(node.proto) for node in app.at.main if node.type != "selectbox" and getattr(node, "proto", None)
    ]
    assert len(beside) > 15
    assert not [told for told in beside if "P01" in told]


def test_what_there_is_to_talk_about_stands_in_order_of_need_under_names(loaded):
    loaded.open("meeting")
    assert title(loaded) == "2 cases for the meeting, of 2 to talk about"
    # A box is named to screen readers by its label as it is written, escapes included: the reason stands beside it.
    assert [box.label for box in loaded.at.checkbox] == [name(loaded, "C-2"), name(loaded)]
    reasons = [one.value.replace("\\", "").split(" · ")[0] for one in loaded.at.caption]
    assert reasons[-2:] == [
        "A fall that has not come back",
        "The client's rating fell, the practitioner's did not",
    ]
    assert "fell 50 points below its own level at session 5" in loaded.words


def test_a_case_can_be_left_out_and_taken_in_again(loaded):
    loaded.open("meeting")
    loaded.at.checkbox[0].uncheck()
    loaded.run()
    assert "1 case for the meeting, of 2 to talk about" in loaded.words
    loaded.open("agenda").open("meeting")
    assert [box.value for box in loaded.at.checkbox] == [False, True]
    loaded.click("Begin the meeting")
    assert on(loaded).lines["client"].tolist() == ["C-1"]
    loaded.click("End the meeting").click("Another meeting")
    loaded.at.checkbox[0].check()
    loaded.at.checkbox[1].uncheck()
    loaded.run()
    loaded.at.checkbox[0].uncheck()
    loaded.run()
    assert next(one for one in loaded.at.button if one.label == "Begin the meeting").disabled


def test_a_meeting_may_be_about_one_practitioner(loaded):
    loaded.open("meeting")
    picker = loaded.at.selectbox[0]
    assert picker.options == ["the whole team", "P1", "P2"]
    picker.set_value(("practitioner", "P2"))
    loaded.run()
    assert title(loaded) == "Nothing to talk about with P2"
    assert "That is not proof that all is well" in loaded.words
    assert not loaded.at.checkbox
    loaded.at.selectbox[0].set_value(("practitioner", "P1"))
    loaded.run()
    loaded.click("Begin the meeting")
    assert on(loaded).whom == sitting_masks(loaded).practitioners["P1"]
    loaded.click("End the meeting").click("Another meeting")
    assert loaded.at.selectbox[0].value == ("practitioner", "P1")


def test_a_meeting_may_be_about_one_team(app, workbook):
    teams = b"Therapist,Client,Team\nP1,C-1,North\nP1,C-2,South\nP2,C-3,South"
    app.bring(("team.csv", workbook), ("cases.csv", teams)).open("meeting")
    assert app.at.selectbox[0].options == ["the whole team", "team North", "team South", "P1", "P2"]
    app.at.selectbox[0].set_value(("team", "South"))
    app.run()
    assert [box.label.split(" · ")[0].replace("\\", "") for box in app.at.checkbox] == [name(app, "C-2")]


def test_nothing_to_talk_about_is_said(app, made):
    csv, rows_of = made
    app.bring(("calm.csv", csv(rows_of("P1", "C-1", "Client", [3, 3.25, 3, 3.25])))).open("meeting")
    assert title(app) == "Nothing to talk about in the whole team"
    assert not [one for one in app.at.button if one.label == "Begin the meeting"]


@pytest.mark.parametrize(
    ("whom", "words"),
    [(("", ""), "in the whole team"), (("team", "South"), "team South"), (("practitioner", "P1"), "with P1")],
)
def test_too_few_ratings_are_not_called_nothing_to_talk_about(app, made, whom, words):
    csv, rows_of = made
    teams = b"Therapist,Client,Team\nP1,C-1,South\nP2,C-2,North"
    few = csv(rows_of("P1", "C-1", "Client", [4]), rows_of("P2", "C-2", "Client", [4]))
    app.bring(("few.csv", few), ("cases.csv", teams)).open("meeting")
    app.at.selectbox[0].set_value(whom)
    app.run()
    assert title(app).startswith("Too few ratings")
    assert words in title(app)
    assert "too few so far to say whether anything has changed" in app.words
    assert "asks for a closer look" not in app.words


def test_without_ratings_the_page_says_what_to_do(app):
    assert "No ratings have been brought in yet" in app.open("meeting").words


def test_of_very_many_cases_the_first_come_up(app, made):
    csv, rows_of = made
    falls = [rows_of("P1", f"C-{n:02}", "Client", [4] * 8 + [2]) for n in range(1, 41)]
    app.bring(("crowd.csv", csv(*falls))).open("meeting")
    assert title(app) == "12 cases for the meeting, of 40 to talk about"
    assert [box.value for box in app.at.checkbox] == [True] * 12 + [False] * 3
    assert "Shown: 15 cases of 40." in app.words
    app.at.pagination[0].set_value(3)
    app.run()
    app.at.checkbox[0].check()
    app.run()
    app.at.pagination[0].set_value(1)
    app.run()
    app.click("Begin the meeting")
    assert on(app).lines["client"].tolist() == [*(f"C-{n:02}" for n in range(1, 13)), "C-31"]


def test_a_case_with_an_open_action_comes_up_too(app, workbook):
    review = b"Therapist,Client,Session,Decision,Action,Decided on\nP2,C-3,4,watch,Ask,2025-05-01"
    app.bring(("team.csv", workbook), ("review.csv", review)).open("meeting")
    assert app.at.checkbox[-1].label == name(app, "C-3", "P2")
    assert app.at.caption[-1].value.startswith("An action is still open · ")
    app.click("Begin the meeting").click("Next →").click("Next →")
    assert "An action is still open" in app.words
    assert "1 May 2025: watch. Ask." in app.words
    assert "No fall clearly beyond what ratings vary by" in app.words


# -- names -------------------------------------------------------------------------------------------


def test_the_same_word_gives_the_same_names_and_none_lasts_without(loaded, workbook):
    loaded.open("meeting")
    assert "made up for this sitting" in loaded.words
    once = name(loaded)
    word = loaded.at.text_input(key="word of the names")
    assert word.proto.type == word.proto.PASSWORD
    word.set_value("our own word")
    loaded.run()
    lasting = name(loaded)
    assert lasting != once
    assert f"series {sitting_masks(loaded).series}" in loaded.words
    loaded.open("bring_in").click("Clear my data")
    loaded.bring(("team.csv", workbook)).open("meeting")
    assert name(loaded) not in (once, lasting)
    loaded.at.text_input(key="word of the names").set_value("our own word")
    loaded.run()
    assert name(loaded) == lasting
    assert "our own word" not in loaded.words


def test_a_word_that_is_too_short_changes_nothing_and_that_is_said(loaded):
    loaded.open("meeting")
    before = name(loaded)
    loaded.at.text_input(key="word of the names").set_value("short")
    loaded.run()
    assert "That is too short: it takes 8 characters or more." in loaded.words
    assert name(loaded) == before


def test_no_id_is_sent_while_the_meeting_is_on_or_over(app, made):
    csv, rows_of = made
    marks = [4, 4, 4, 4, 2]
    forms = csv(
        rows_of("PRA-7", "CLI-1", "Client", marks), rows_of("PRA-7", "CLI-1", "Therapist", [3.5] * 5),
        rows_of("PRA-7", "CLI-2", "Client", [*marks, 2, 2]), rows_of("PRA-8", "CLI-3", "Client", [5] * 6),
    )  # fmt: skip
    markers = b"Therapist,Client,Session,Kind,Marker,Significance,Noted by,Note\nPRA-7,CLI-1,5,withdrawal,denial,4,PRA-8,CLI-1 said so"
    review = b"Therapist,Client,Session,Decision,Action,Owner,Note,Decided on\nPRA-7,CLI-1,5,watch,Ask CLI-1 and PRA-7,CLI-3,in confidence,2025-05-01"
    app.bring(("t.csv", forms), ("markers.csv", markers), ("review.csv", review)).open("meeting")
    assert "CLI-" not in sent(app)
    app.click("Begin the meeting")
    assert len(on(app).lines) == 3
    for place in range(3):
        assert name(app, on(app).case[1], on(app).case[0]) in sent(app)
        assert not [word for word in ("CLI-", "PRA-", "in confidence", "said so") if word in sent(app)], place
        app.click("Next →" if place < 2 else "End the meeting")
    assert not [word for word in ("CLI-", "PRA-", "in confidence") if word in sent(app)]


def test_whose_the_names_are_stands_on_the_supervisor_s_own_page(begun):
    begun.open("decisions")
    assert "Who is who in the meeting · 2 names" in begun.words
    (table,) = begun.at.dataframe
    assert set(map(tuple, table.value.to_numpy().tolist())) == {
        (name(begun), "P1", "C-1"),
        (name(begun, "C-2"), "P1", "C-2"),
    }
    assert table.proto.alt


def test_before_a_meeting_the_decisions_page_has_no_names(loaded):
    assert "Who is who" not in loaded.open("decisions").words


# -- one card at a time ------------------------------------------------------------------------------


def test_a_card_tells_the_case_and_the_buttons_lead_from_one_to_the_next(begun):
    assert title(begun) == name(begun, "C-2")
    assert "1 of 2" in begun.words
    assert "A fall that has not come back" in begun.words
    assert "A question to ask" in begun.words
    assert begun.charts[0].proto.alt == "Overall ratings of client and practitioner around sessions 5 to 5"
    buttons = {one.label: one for one in begun.at.button}
    assert buttons["← Previous"].disabled
    begun.click("Next →")
    assert title(begun) == name(begun)
    assert "2 of 2" in begun.words
    assert {one.label: one for one in begun.at.button}["Next →"].disabled
    begun.click("← Previous")
    assert title(begun) == name(begun, "C-2")


def test_a_case_without_an_episode_has_its_whole_timeline(app, made):
    csv, rows_of = made
    app.bring(("top.csv", csv(rows_of("P1", "C-1", "Client", [5] * 6)))).open("meeting").click(
        "Begin the meeting"
    )
    assert "Always the top mark" in app.words
    assert app.charts[0].proto.alt == "Overall ratings of client and practitioner over 6 sessions"
    assert "A question to ask" not in app.words
    decide(app, action="Ask how feedback is invited")
    assert "3 Jun 2025: watch. Ask how feedback is invited." in app.words


def test_a_case_that_nobody_rated_says_so(app, workbook):
    review = b"Therapist,Client,Session,Decision,Action,Decided on\nP9,C-9,4,watch,Ask,2025-05-01"
    app.bring(("team.csv", workbook), ("review.csv", review)).open("meeting").click("Begin the meeting")
    app.click("Next →").click("Next →")
    assert title(app) == name(app, "C-9", "P9")
    assert "No form of this case was read" in app.words
    assert "1 May 2025: watch. Ask." in app.words
    assert "nothing that a decision could be noted at" in app.words


def test_the_time_counts_on_and_can_be_stopped(begun, clock):
    clock.now = 160.0
    begun.click("Next →")
    clock.now = 190.0
    begun.run()
    assert on(begun).timer.total(190.0) == 90.0
    assert on(begun).timer.on_card(190.0) == 30.0
    begun.click("Stop the clock")
    clock.now = 500.0
    begun.click("Start the clock")
    assert on(begun).timer.total(501.0) == 91.0


def test_the_meeting_waits_while_another_page_is_looked_at(begun):
    begun.click("Next →").open("agenda").open("meeting")
    assert title(begun) == name(begun)


def test_other_ratings_end_the_meeting(begun, made):
    csv, rows_of = made
    begun.bring(("other.csv", csv(rows_of("P1", "C-1", "Client", [5] * 6)))).open("meeting")
    assert "1 case for the meeting" in begun.words


def test_another_rule_does_not_end_it(begun):
    begun.open("how_it_works", part="settings")
    begun.open("how_it_works", part="rules")
    rule = next(box for box in begun.at.selectbox if box.key == "rule")
    rule.select("threshold")
    begun.run()
    begun.open("meeting")
    assert title(begun) == name(begun, "C-2")


# -- what was decided --------------------------------------------------------------------------------


def test_what_is_agreed_stands_in_the_running_list(begun):
    assert "Agreed in this meeting · 0 actions" in begun.words
    decide(begun, "confirmed", action="Raise it with C-1", owner="P1", note="gently")
    assert "Agreed in this meeting · 1 action" in begun.words
    assert f"{name(begun, 'C-2')}: Raise it with {name(begun)} (P1)" in begun.words
    assert f"3 Jun 2025: confirmed. Raise it with {name(begun)} (P1). Note: gently" in begun.words
    assert begun.at.text_input(key=f"{key(begun)} action").value == "Raise it with C-1"
    (row,) = begun.at.session_state["decisions"].review.to_dict("records")
    assert (row["client"], row["action"]) == ("C-2", "Raise it with C-1")


EARLIER = b"Therapist,Client,Session,Decision,Action,Owner,Note,Decided on\nP1,C-2,5,watch,Raise it,P1,in confidence,2025-05-01"


@pytest.fixture
def second(app, workbook):
    """A meeting after one in which something was agreed about C-2."""
    return (
        app.bring(("team.csv", workbook), ("review.csv", EARLIER)).open("meeting").click("Begin the meeting")
    )


def test_the_last_meeting_s_decision_is_asked_about(second):
    assert "Last time" in second.words
    assert "1 May 2025: watch. Raise it (P1)." in second.words
    assert "in confidence" not in second.words
    (choice,) = [one for one in second.at.get("button_group") if one.label == "Was it done?"]
    choice.set_value("partly")
    second.run()
    assert "Raise it (P1): partly done." in second.words
    second.click("End the meeting")
    assert "Of 1 action: 1 partly done." in second.words
    assert f"{name(second, 'C-2')}: Raise it (P1): partly done" in second.words


def test_what_was_written_earlier_today_is_kept_and_not_shown(loaded):
    loaded.open("case", practitioner="P1", client="C-2")
    decide(loaded, action="Ask C-1", owner="P1", note="in confidence")
    loaded.open("meeting").click("Begin the meeting")
    assert "Written earlier today, kept, and not shown here: an action and a note." in loaded.words
    assert "in confidence" not in loaded.words
    decide(loaded, "confirmed")
    (row,) = loaded.at.session_state["decisions"].review.to_dict("records")
    assert (row["decision"], row["action"], row["note"]) == ("confirmed", "Ask C-1", "in confidence")


def test_text_of_people_is_shown_as_it_stands(begun):
    decide(begun, action=HOSTILE, owner=HOSTILE, note=HOSTILE)
    for _ in range(2):
        marked = [
            str(one.value)
            for kind in ("caption", "markdown", "title", "subheader")
            for one in begun.at.get(kind)
        ]
        assert not any("![x]" in text or "http:" in text for text in marked)
        assert "![x](http://example.invalid/a.png)" in begun.words
        begun.click("End the meeting") if not on(begun).over else None


# -- the end -----------------------------------------------------------------------------------------


def test_a_meeting_without_decisions_ends_with_words(begun):
    begun.click("End the meeting")
    assert title(begun) == "The meeting is over; nothing was decided"
    assert "3 Jun 2025 · the whole team · 1 of 2 were shown · less than a minute" in begun.words
    labels = [one.label.replace("\\", "").replace("\u2060", "") for one in begun.at.download_button]
    assert labels == [
        "Download the record as workbook ↓",
        "Meeting record (2 cases): PDF, A4 ↓",
        "as HTML ↓",
        "Download the supervision workbook ↓",
    ]
    begun.click("Back to the cards")
    assert "1 of 2" in begun.words
    begun.click("End the meeting").click("Another meeting")
    assert "2 cases for the meeting" in begun.words


def test_the_end_tells_decisions_and_actions_and_the_record_holds_them(begun, clock):
    decide(begun, "confirmed", action="=Raise it", owner="P1")
    begun.click("Next →")
    decide(begun, "not a rupture")
    clock.now = 400.0
    begun.click("End the meeting")
    assert title(begun) == "The meeting is over, with 2 decisions and 1 action"
    assert f"{name(begun, 'C-2')}: =Raise it (P1)" in begun.words
    assert "2 of 2 were shown · 5 min" in begun.words
    decisions = begun.at.session_state["decisions"].review
    made = record(on(begun), [("a", "b"), ("c", "d")], decisions, 400.0)
    book = openpyxl.load_workbook(io.BytesIO(meeting_workbook(made)))
    assert [cell.value for cell in book["Actions"][3]] == [name(begun, "C-2"), "=Raise it", "P1", None]
    begun.open("decisions")
    assert "1 action open" in begun.words


def test_aliases_of_all_pages_and_names_of_the_meeting_stand_beside_each_other(loaded):
    display = ON_PAGES.display.model_copy(update={"masked": True, "alias_key": "ab" * 32})
    loaded.at.session_state["settings in use"] = ON_PAGES.model_copy(update={"display": display})
    loaded.open("meeting")
    assert not {"P1", "P2"} & set(loaded.at.selectbox[0].options)
    loaded.click("Begin the meeting")
    decide(loaded, "confirmed", action="Raise it with C-1")
    assert f"{name(loaded, 'C-2')}: Raise it with {name(loaded)}" in loaded.words
    (row,) = loaded.at.session_state["decisions"].review.to_dict("records")
    assert (row["practitioner"], row["client"]) == ("P1", "C-2")
    loaded.open("decisions")
    (table,) = [one.value for one in loaded.at.dataframe if "Names of the meeting" in one.proto.alt]
    assert set(table["name"]) == {name(loaded), name(loaded, "C-2")}
    assert not {"P1", "C-1", "C-2"} & set(table.to_numpy().ravel())
