"""What pages make from a visitor's ratings: made once, anew for other ratings or settings, gone with them."""

import gc
import weakref

import pytest

from alliance_core import what_if
from alliance_core.review import masks
from pages.parts.kept import MOST


def made(app, name):
    """The keys under this name."""
    return [key for key in app.at.session_state["made"].keys if key[0] == name]


@pytest.fixture
def counted(monkeypatch):
    """How often what-if was worked out."""
    times, work_out = [], what_if.what_if
    monkeypatch.setattr("alliance_core.what_if.what_if", lambda *given: times.append(1) or work_out(*given))
    return times


def test_a_number_looked_at_again_is_not_worked_out_again(loaded, counted):
    loaded.open("what_if")
    slider = loaded.at.slider[0]
    first, other = slider.value, slider.max
    for value in (other, first, other):
        loaded.at.slider[0].set_value(value)
        loaded.run()
    assert len(counted) == 2
    assert len(made(loaded, "what if")) == 2
    assert 0 < loaded.at.session_state["made"].size <= MOST


def test_the_line_of_thresholds_is_drawn_from_the_same_counts_whichever_is_looked_at(loaded, monkeypatch):
    times, work_out = [], what_if.along
    monkeypatch.setattr("alliance_core.what_if.along", lambda *given: times.append(1) or work_out(*given))
    loaded.open("what_if")
    loaded.at.slider[0].set_value(loaded.at.slider[0].max)
    loaded.run()
    assert len(times) == 1
    loaded.at.selectbox[0].set_value("step")
    loaded.run()
    assert len(times) == 2


def test_other_settings_are_other_content_and_the_first_ones_are_found_again(loaded, counted):
    loaded.open("what_if").open("how_it_works")
    before = loaded.at.selectbox(key="rule").value
    for rule in ("step", before):
        loaded.at.selectbox(key="rule").select(rule)
        loaded.run()
        loaded.open("what_if").open("how_it_works")
    assert (
        len({key[1] for key in made(loaded, "what if")}) == 3
    )  # the reason of each change is noted in the settings


def test_the_same_files_brought_in_again_are_the_same_content_and_others_let_go_of_it(loaded, workbook):
    loaded.open("what_if")
    first = made(loaded, "what if")
    loaded.bring(("team.csv", workbook)).open("what_if")
    assert made(loaded, "what if") == first
    loaded.bring(("team.csv", workbook.replace(b",4,4,4", b",4,4,5"))).open("what_if")
    assert len(made(loaded, "what if")) == 1
    assert made(loaded, "what if") != first


def test_two_visitors_with_the_same_ratings_keep_them_apart(loaded, workbook):
    loaded.open("what_if")
    other = type(loaded)().bring(("team.csv", workbook))
    assert other.at.session_state["loaded"].content == loaded.at.session_state["loaded"].content
    other.open("agenda")
    assert made(other, "what if") == []
    assert other.at.session_state["made"] is not loaded.at.session_state["made"]


def test_clearing_lets_go_of_the_ratings_and_of_all_that_was_made_from_them(loaded):
    for page in ("agenda", "practitioner", "case", "meeting", "across", "what_if", "learn", "decisions"):
        loaded.open(page)
    gone = [weakref.ref(loaded.at.session_state[name]) for name in ("loaded", "brought", "made")]
    gone.append(weakref.ref(loaded.at.session_state["loaded"].analysis.trace))
    loaded.open("bring_in").click("Clear my data")
    loaded.open("agenda")
    assert "made" not in loaded.at.session_state
    gc.collect()
    assert [one() for one in gone] == [None] * len(gone)


def test_clearing_lets_go_of_what_streamlit_keeps_of_widgets_and_uploads(loaded):
    loaded.open("agenda").open("case").open("bring_in")
    state = loaded.at.session_state._state
    state = getattr(state, "_state", state)  # as the runner wraps it
    assert "C-1" in repr(state._new_widget_state.widget_metadata)
    loaded.click("Clear my data")
    loaded.open("agenda")
    assert "C-1" not in repr(state._new_widget_state.widget_metadata)


def test_uploads_go_when_others_take_their_place_and_when_data_are_cleared(loaded, workbook, monkeypatch):
    gone = []
    monkeypatch.setattr("pages.parts.bringing.let_go_of_files", lambda ids: gone.extend(sorted(ids)))
    first = loaded.at.session_state["uploads seen"]
    loaded.bring(("next.csv", workbook.replace(b"C-1", b"C-7")))
    second = loaded.at.session_state["uploads seen"]
    assert gone == first != second
    loaded.click("Clear my data")
    assert gone == [*first, *second]


def test_names_for_a_meeting_are_made_once_however_many_and_go_with_the_ratings(
    loaded, workbook, monkeypatch
):
    monkeypatch.setattr("pages.parts.kept.MOST", 100)  # bytes: nothing has room
    times = []
    monkeypatch.setattr("pages.parts.sitting.masks", lambda *given: times.append(1) or masks(*given))
    loaded.open("meeting").open("agenda").open("meeting")
    assert len(times) == 1
    assert "names" in loaded.at.session_state["last made"]
    loaded.bring(("team.csv", workbook.replace(b",4,4,4", b",4,4,5")))
    assert "last made" not in loaded.at.session_state
    loaded.open("meeting")
    assert len(times) == 2
