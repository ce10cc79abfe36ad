"""The shell: every page opens, says what to do while empty, and none runs without app.py."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.shell import HOME as BARE
from pages.parts.shell import PAGES

HOME = Path(__file__).parents[2]


@pytest.mark.parametrize("page", ["agenda", "practitioner", "case"])
def test_a_page_without_ratings_says_what_to_do(app, page):
    app.open(page)
    assert "No ratings have been brought in yet" in app.words
    assert "Bring in ratings" in app.words
    assert not app.charts


def test_what_the_address_asked_for_is_shown_once_there_are_ratings(app, workbook):
    app.open("case", practitioner="P2", client="C-3")
    app.bring(("team.csv", workbook)).open("case")
    assert app.at.title[0].value.replace("\\", "") == "C-3 · P2"


def test_every_page_of_the_navigation_is_a_file_and_named_once():
    assert len({entry.file for entry in PAGES}) == len({entry.title for entry in PAGES}) == len(PAGES)


@pytest.mark.parametrize("entry", [BARE, *PAGES], ids=lambda entry: entry.title)
def test_a_page_met_without_the_shell_shows_nothing_of_itself(entry):
    def bare(file):
        import streamlit as st

        from pages.parts.shell import require_shell

        require_shell(file)
        st.text("the page itself")

    page = AppTest.from_function(bare, kwargs={"file": entry.file})
    page.query_params["client"] = "C-017"
    page.run()
    assert not page.text
    assert page.session_state["return to"] == (entry.file, {"client": ["C-017"]})


def test_a_deep_link_on_a_fresh_server_goes_through_the_door_and_arrives():
    page = AppTest.from_file(HOME / "app.py").run()
    page.switch_page("pages/case.py")
    page.query_params["client"] = "C-017"
    page.run()
    assert page.title[0].value == "Case"
    assert page.query_params["client"] == "C-017"


def test_a_visitor_who_was_sent_through_the_door_arrives_with_the_address_asked_for(loaded):
    loaded.at.session_state["return to"] = ("pages/case.py", {"practitioner": ["P1"], "client": ["C-2"]})
    loaded.open("bring_in")
    assert loaded.at.title[0].value.replace("\\", "") == "C-2 · P1"


def test_the_bare_address_leads_to_where_ratings_are_brought_in_and_then_to_the_agenda(app, workbook):
    assert app.at.title[0].value == "Bring in ratings"
    app.bring(("team.csv", workbook)).open("home")
    assert "2 cases to talk about in the whole team" in app.words
